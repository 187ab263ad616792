import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../../pipelines/errors.ts';
import { readParquetRecords } from '../../../pipelines/io/readers/parquet-records.ts';

let folder = '';
let odd = '';
let large = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hexsight-parquet-'));
  odd = join(folder, "od[d] 'file'*.parquet");
  large = join(folder, 'large.parquet');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`;
  await connection.run(`COPY (
    SELECT * FROM (VALUES
      ('甲', 1::BIGINT, 0.1::DOUBLE, true, TIMESTAMP '2024-01-05 09:30:15.5', DATE '2024-01-05', 12.50::DECIMAL(8,2), [1, 2], {'a': 1}, 'x'::BLOB, make_timestamp(1704447015000000)::TIMESTAMP_NS),
      (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
      ('', 9007199254740993, 1e21, false, TIMESTAMP '1900-01-01', DATE '9999-12-31', -0.01, [], NULL, NULL, NULL)
    ) AS t("文本", "whole", "real", "yes", "at", "day", "money", "list", "pair", "by""tes", "nano")) TO ${quoted(odd)} (FORMAT parquet)`);
  await connection.run(
    `COPY (SELECT 99999 - i AS n FROM range(100000) r(i)) TO ${quoted(large)} (FORMAT parquet, ROW_GROUP_SIZE 10000)`,
  );
  connection.closeSync();
  instance.closeSync();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function rowsOf(
  path: string,
  wanted: readonly string[],
): Promise<{ rows: string[][]; firstRows: number[]; others: readonly string[] }> {
  const reader = await readParquetRecords(path, wanted);
  const width = reader.columns.length;
  const rows: string[][] = [];
  const firstRows: number[] = [];
  for await (const { firstRow, count, bytes, start, end, cells } of reader.blocks) {
    firstRows.push(firstRow);
    for (let r = 0; r < count; r++) {
      if (cells[r] !== width) throw new Error(`record ${firstRow + r} has ${cells[r]} cells`);
      rows.push(
        Array.from({ length: width }, (_, c) =>
          new TextDecoder().decode(bytes.subarray(start[r * width + c], end[r * width + c])),
        ),
      );
    }
  }
  return { rows, firstRows, others: reader.otherColumns() };
}

describe('records of a Parquet file', () => {
  test('are text in the wanted order, null is empty, the path is no pattern', async () => {
    const { rows, others } = await rowsOf(odd, ['at', 'day', '文本', 'whole', 'real', 'yes', 'money', 'nano']);
    expect(rows).toEqual([
      ['2024-01-05 09:30:15', '2024-01-05', '甲', '1', '0.1', 'true', '12.50', '2024-01-05 09:30:15'],
      ['', '', '', '', '', '', '', ''],
      ['1900-01-01 00:00:00', '9999-12-31', '', '9007199254740993', '1e+21', 'false', '-0.01', ''],
    ]);
    expect(others).toEqual(['list', 'pair', 'by"tes']);
  });

  test('come in the order of the file, over row groups', async () => {
    const { rows, firstRows } = await rowsOf(large, ['n']);
    expect(rows).toHaveLength(100_000);
    expect(rows.every(([n], i) => n === String(99_999 - i))).toBe(true);
    expect(firstRows[0]).toBe(1);
    expect(firstRows.length).toBeGreaterThan(5);
  });

  test('leave out columns that the file does not have', async () => {
    const reader = await readParquetRecords(large, ['n', 'absent']);
    expect(reader.columns).toEqual(['n']);
    await reader.close();
    await reader.close();
  });

  test('nested and binary columns are refused by name, all of them', async () => {
    const error = await readParquetRecords(odd, ['list', 'whole', 'pair', 'by"tes']).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).problems).toHaveLength(3);
    expect((error as Error).message).toMatch(/"list"[\s\S]*"pair"[\s\S]*"by"tes"/);
  });

  test.each([
    ['empty', (_: Buffer) => Buffer.alloc(0), /is empty/],
    ['text', (_: Buffer) => Buffer.from('id,time\nA,2024-01-01\n'), /is not a Parquet file/],
    ['short', (_: Buffer) => Buffer.from('PAR1'), /is not a Parquet file/],
    ['cut', (good: Buffer) => good.subarray(0, good.length - 100), /its end is missing/],
    [
      'encrypted',
      (good: Buffer) => Buffer.concat([good.subarray(0, good.length - 4), Buffer.from('PARE')]),
      /encrypted/,
    ],
    [
      'metadata',
      (good: Buffer) =>
        Buffer.concat([good.subarray(0, good.length - 400), Buffer.alloc(392, 0xff), good.subarray(good.length - 8)]),
      /damaged/,
    ],
  ])('a damaged file (%s) is an InputError', async (name, damage, message) => {
    const path = join(folder, `${name}.parquet`);
    writeFileSync(path, damage(readFileSync(large)));
    const error = await rowsOf(path, ['n']).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toMatch(message);
  });

  test('a file that is not there', async () => {
    await expect(readParquetRecords(join(folder, 'none.parquet'), [])).rejects.toThrow(InputError);
  });

  test('bytes changed anywhere give rows or an InputError', async () => {
    const good = readFileSync(odd);
    const path = join(folder, 'changed.parquet');
    let refused = 0;
    for (let i = 0; i < 60; i++) {
      const bytes = Buffer.from(good);
      bytes[(i * 37) % bytes.length] = (bytes[(i * 37) % bytes.length] as number) ^ 0xff;
      writeFileSync(path, bytes);
      await rowsOf(path, ['文本', 'at', 'whole']).catch((cause: unknown) => {
        refused++;
        expect(cause).toBeInstanceOf(InputError);
      });
    }
    expect(refused).toBeGreaterThan(5);
  });
});
