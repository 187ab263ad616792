import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { InputError } from '../../../pipelines/errors.ts';
import { readCsvRecords } from '../../../pipelines/io/readers/csv-records.ts';
import { readGeoJsonRecords, readJsonRecords, readNdjsonRecords } from '../../../pipelines/io/readers/json-records.ts';
import type { RecordReader } from '../../../pipelines/io/readers/records.ts';
import { recordsOf } from '../../unit/readers/support.ts';
import { type Fate, MALFORMED, type MalformedCase } from './cases.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hexsight-malformed-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function open(path: string, { format, wanted }: MalformedCase): Promise<RecordReader> {
  if (format.type === 'csv') return readCsvRecords(path, format);
  if (format.type === 'ndjson') return readNdjsonRecords(path, format, wanted);
  if (format.type === 'json') return readJsonRecords(path, format, wanted);
  return readGeoJsonRecords(path, wanted);
}

function fate(cells: number, width: number): Fate {
  if (cells === width) return 'kept';
  return cells === 0
    ? 'blank'
    : cells === -1
      ? 'nul-byte'
      : cells === -2
        ? 'too-long'
        : cells === -3
          ? 'not-json'
          : 'ragged';
}

it('there are at least 120 files, each with a name of its own', () => {
  expect(MALFORMED.length).toBeGreaterThanOrEqual(120);
  expect(new Set(MALFORMED.map(({ name, format }) => `${format.type} ${name}`)).size).toBe(MALFORMED.length);
});

it.each(MALFORMED.map((entry) => [`${entry.format.type}: ${entry.name}`, entry] as const))('%s', async (_, entry) => {
  const path = join(folder, `file.${entry.ending}`);
  writeFileSync(path, entry.bytes);
  const counts: { [fate in Fate]?: number } = {};
  let first: readonly string[] | null = null;
  try {
    const reader = await open(path, entry);
    let row = 0;
    for (const record of await recordsOf(reader)) {
      // Records are numbered without a gap: none is lost between blocks.
      if (row > 0) expect(record.row).toBe(row + 1);
      row = record.row;
      const is = fate(record.cells, reader.columns.length);
      counts[is] = (counts[is] ?? 0) + 1;
      first ??= record.text;
    }
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message.startsWith(`${path}: `)).toBe(true);
    expect('error' in entry.expected, (error as Error).message).toBe(true);
    expect((error as Error).message).toContain((entry.expected as { error: string }).error);
    return;
  }
  expect(counts).toEqual(entry.expected);
  if (entry.first) expect(first).toEqual(entry.first);
});
