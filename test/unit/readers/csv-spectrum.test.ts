import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { csvRecords } from '../../../pipelines/io/readers/csv-records.ts';
import { chunked, rowsOf } from './support.ts';

const folder = dirname(createRequire(import.meta.url).resolve('csv-spectrum'));
const names = readdirSync(join(folder, 'csvs')).map((file) => file.replace(/\.csv$/, ''));

/** Its JSON is one object where the others are lists, and has another telephone number than the CSV: made for another file. */
const NOT_ITS_OWN = 'location_coordinates';

it('there are twelve files', () => {
  expect(names).toHaveLength(12);
  expect(names).toContain(NOT_ITS_OWN);
});

it.each(names)('%s', async (name) => {
  const bytes = readFileSync(join(folder, 'csvs', `${name}.csv`));
  const stored: unknown = JSON.parse(readFileSync(join(folder, 'json', `${name}.json`), 'utf8'));
  const expected =
    name === NOT_ITS_OWN ? [{ ...(stored as object), 'Contact Phone Number': '2095257564' }] : (stored as object[]);
  for (const sizes of [[1], [2, 3], [1 << 16]]) {
    const reader = await csvRecords(name, chunked(bytes, sizes), { type: 'csv', delimiter: ',', encoding: 'utf-8' });
    const rows = await rowsOf(reader);
    expect(rows.map((row) => Object.fromEntries(reader.columns.map((column, i) => [column, row?.[i]])))).toEqual(
      expected,
    );
  }
});

it('the one expectation that belongs to another file still does', () => {
  const stored = JSON.parse(readFileSync(join(folder, 'json', `${NOT_ITS_OWN}.json`), 'utf8')) as Record<
    string,
    string
  >;
  expect(Array.isArray(stored)).toBe(false);
  expect(readFileSync(join(folder, 'csvs', `${NOT_ITS_OWN}.csv`), 'utf8')).not.toContain(
    stored['Contact Phone Number'],
  );
});
