import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { latLngToCell } from 'h3-js';
import { PROFILES } from './real-data.ts';

/**
 * What the raw files say, worked out by SQL and turf alone: nothing here imports the pipeline or `core`.
 * One row per row of an input file.
 */
export interface TruthRow {
  readonly feed: string;
  /** 1 = first data row of the file. */
  readonly row: number;
  /** Null = accepted. */
  readonly reason: string | null;
  readonly source: string;
  /** `unmapped` = no mapping. */
  readonly category: string;
  /** Days since 1970-01-01; null = unreadable. */
  readonly day: number | null;
  readonly hour: number | null;
  readonly stage: string;
  /** Days from occurred to closed; null = not closed. */
  readonly closeDays: number | null;
  readonly lng: number | null;
  readonly lat: number | null;
  /** Codes of the division the row names itself, outermost first, joined with `/`; null = it names none of ours. */
  readonly own: string | null;
}

/** An accepted row with its place. */
export interface TruthIncident extends TruthRow {
  readonly day: number;
  /** Codes, outermost first; null = outside of every division, or no coordinate and no division of its own. */
  readonly divisions: readonly string[] | null;
  readonly unlocated: 'coordinate-missing' | 'coordinate-outside' | 'coordinate-default' | null;
  /** Finest cell of the coordinate; null = none: unlocated, or placed by its own division alone. */
  readonly cell: string | null;
}

export interface Truth {
  readonly rows: readonly TruthRow[];
  readonly accepted: readonly TruthIncident[];
}

/** `[outermost code, …]` of a point; null = outside. */
export type PlaceOf = (lng: number, lat: number) => readonly string[] | null;

/** Runs the statements, reads the columns of `TruthRow` from the table `truth`, and places the accepted rows. */
export async function truthBySql(
  statements: readonly string[],
  placeOf: PlaceOf,
  isDefaultPoint: (lng: number, lat: number) => boolean = () => false,
): Promise<Truth> {
  const rows = await rowsBySql<TruthRow>(
    `SELECT feed, "row"::INTEGER AS "row", reason, source, category, date_diff('day', DATE '1970-01-01', date)::INTEGER AS day,
       hour::INTEGER AS hour, stage, date_diff('day', date, closed)::INTEGER AS "closeDays", lng, lat, own
     FROM truth
     ORDER BY feed, "row"`,
    statements,
  );
  return {
    rows,
    accepted: rows.filter((row) => row.reason === null).map((row) => located(row, placeOf, isDefaultPoint)),
  };
}

/** Rows of a query on a fresh engine with one thread, so that `row_number() OVER ()` is the order of the file. */
export async function rowsBySql<T>(query: string, statements: readonly string[] = []): Promise<T[]> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1', preserve_insertion_order: 'true' });
  const connection = await instance.connect();
  try {
    for (const statement of statements) await connection.run(statement);
    return (await connection.runAndReadAll(query)).getRowObjectsJS() as unknown as T[];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function located(
  row: TruthRow,
  placeOf: PlaceOf,
  isDefaultPoint: (lng: number, lat: number) => boolean,
): TruthIncident {
  if (row.day === null) throw new Error(`${row.feed} row ${row.row} is accepted without a day`);
  const { day, lng, lat } = row;
  if (lng === null || lat === null) {
    const divisions = row.own?.split('/') ?? null; // no division of its own
    return { ...row, day, divisions, unlocated: divisions ? null : 'coordinate-missing', cell: null };
  }
  if (isDefaultPoint(lng, lat)) return { ...row, day, divisions: null, unlocated: 'coordinate-default', cell: null };
  const divisions = placeOf(lng, lat);
  if (divisions === null) return { ...row, day, divisions, unlocated: 'coordinate-outside', cell: null };
  return { ...row, day, divisions, unlocated: null, cell: latLngToCell(lat, lng, 10) };
}

/** A text as an SQL literal. */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** Every column as text, an empty field as an empty text, in the order of the file. */
export const rawCsv = (file: string): string => `
  SELECT row_number() OVER () AS "row", *
  FROM read_csv(${text(file)}, header = true, all_varchar = true, delim = ',', quote = '"', escape = '"', nullstr = '@no such text@',
    strict_mode = true)`;

/** Table `mapping(scheme, code, target, prefix)`: the mapping file of a profile, read by the engine. `A/*` has the prefix `A/`. */
export const mappingTable = (city: string): string => `
  CREATE TABLE mapping AS
  SELECT scheme.key AS scheme, entry.key AS code, entry.value->>'$' AS target,
    CASE WHEN entry.key LIKE '%/*' THEN left(entry.key, -1) END AS prefix
  FROM read_text(${text(join(PROFILES, city, 'mapping.json'))}) AS file, json_each(file.content) AS scheme, json_each(scheme.value) AS entry`;

/** Adds `category` to a table with the column `code`: the exact code, else the longest prefix, else `unmapped`. */
export const withCategory = (table: string, scheme: string): string => `
  SELECT raw.*, coalesce(
    (SELECT min(target) FROM mapping WHERE scheme = ${text(scheme)} AND prefix IS NULL AND mapping.code = raw.code),
    (SELECT arg_max(target, length(prefix)) FROM mapping WHERE scheme = ${text(scheme)} AND starts_with(raw.code, prefix)),
    'unmapped') AS category
  FROM ${table} AS raw`;
