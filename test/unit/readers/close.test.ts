import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCsvRecords } from '../../../pipelines/io/readers/csv-records.ts';
import { readGeoJsonRecords, readJsonRecords, readNdjsonRecords } from '../../../pipelines/io/readers/json-records.ts';
import { readParquetRecords } from '../../../pipelines/io/readers/parquet-records.ts';
import type { RecordReader } from '../../../pipelines/io/readers/records.ts';
import { readXlsxRecords } from '../../../pipelines/io/readers/xlsx-records.ts';
import { book, rowsXml, sheetXml } from '../../golden/malformed-workbooks/tiny-xlsx.ts';

const ROWS = 60_000;
let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hexsight-close-'));
  const numbers = Array.from({ length: ROWS }, (_, i) => i);
  const csv = `id,name\n${numbers.map((i) => `${i},${'noise '.repeat(8)}${i}\n`).join('')}`;
  const features = numbers.slice(0, 5000).map((i) => `{"type":"Feature","properties":{"id":${i}},"geometry":null}`);
  const files: Record<string, string | Uint8Array> = {
    'a.csv': csv,
    'a.csv.gz': gzipSync(csv),
    'a.ndjson': numbers.map((i) => `{"id":${i},"name":"${'noise '.repeat(8)}"}\n`).join(''),
    'a.json': `{"rows":[${numbers.map((i) => `{"id":${i}}`).join()}]}`,
    'a.geojson': `{"type":"FeatureCollection","features":[${features.join()}]}`,
    'a.xlsx': book(sheetXml(rowsXml([['id'], ...numbers.slice(0, 20_000).map((i) => [i])]))),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT i AS id FROM range(${ROWS}) r(i)) TO '${join(folder, 'a.parquet')}' (FORMAT parquet, ROW_GROUP_SIZE 10000)`,
  );
  connection.closeSync();
  instance.closeSync();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OPEN: Readonly<Record<string, (path: string) => Promise<RecordReader>>> = {
  'a.csv': (path) => readCsvRecords(path, { type: 'csv', encoding: 'utf-8', delimiter: ',' }),
  'a.csv.gz': (path) => readCsvRecords(path, { type: 'csv', encoding: 'utf-8', delimiter: ',' }),
  'a.ndjson': (path) => readNdjsonRecords(path, { type: 'ndjson', encoding: 'utf-8' }, ['id']),
  'a.json': (path) => readJsonRecords(path, { type: 'json', rows: 'rows.*' }, ['rows.*.id']),
  'a.geojson': (path) => readGeoJsonRecords(path, ['id']),
  'a.xlsx': (path) => readXlsxRecords(path, { type: 'xlsx', headerRow: 1, headerRows: 1 }),
  'a.parquet': (path) => readParquetRecords(path, ['id']),
};

/** Descriptors of this process that are open on the file, in whatever thread. */
function openOn(path: string): number {
  let open = 0;
  for (const number of readdirSync('/proc/self/fd')) {
    try {
      if (readlinkSync(`/proc/self/fd/${number}`) === path) open++;
    } catch {
      // Of the list itself, gone by now.
    }
  }
  return open;
}

describe.skipIf(process.platform !== 'linux').each(Object.keys(OPEN))('a reader of %s', (name) => {
  const open = async (): Promise<{ path: string; reader: RecordReader }> => {
    const path = join(folder, name);
    return { path, reader: await (OPEN[name] as (path: string) => Promise<RecordReader>)(path) };
  };

  it('lets go of the file when nothing is read', async () => {
    const { path, reader } = await open();
    await reader.close();
    expect(openOn(path)).toBe(0);
  });

  it('lets go of the file after its first block, and has no more', async () => {
    const { path, reader } = await open();
    const blocks = reader.blocks[Symbol.asyncIterator]();
    const first = await blocks.next();
    expect(first.done).toBe(false);
    await reader.close();
    expect(openOn(path)).toBe(0);
    expect((await blocks.next()).done).toBe(true);
    await reader.close();
  });
});

it('a file that is being read is open until then', async () => {
  const path = join(folder, 'a.csv');
  const reader = await (OPEN['a.csv'] as (path: string) => Promise<RecordReader>)(path);
  await reader.blocks[Symbol.asyncIterator]().next();
  expect(openOn(path)).toBe(1);
  await reader.close();
});
