/**
 * The rows of a file in columns, as they travel from a worker through the store into DuckDB. Every column has a value in every row;
 * "missing" has its own code, which becomes a null when published.
 */
export const NONE_U8 = 255;
export const NONE_U16 = 65535;
export const NONE_U32 = 4294967295;

export const INCIDENT_COLUMNS = [
  ['id_high', 'UBIGINT', BigUint64Array],
  ['id_low', 'UBIGINT', BigUint64Array],
  ['cell_id', 'UINTEGER', Uint32Array],
  ['res', 'UTINYINT', Uint8Array],
  ['day', 'USMALLINT', Uint16Array],
  ['hour', 'UTINYINT', Uint8Array],
  ['source', 'UTINYINT', Uint8Array],
  ['category', 'USMALLINT', Uint16Array],
  ['severity', 'UTINYINT', Uint8Array],
  ['stage', 'UTINYINT', Uint8Array],
  ['close_hours', 'USMALLINT', Uint16Array],
  ['division', 'UINTEGER', Uint32Array],
  /** Index into UNLOCATED_REASONS, 255 = located to a cell or to a division. */
  ['unlocated', 'UTINYINT', Uint8Array],
  /** LOCATE_METHODS; 0 = unlocated. */
  ['method', 'UTINYINT', Uint8Array],
  /** First seen: minutes since 1970-01-01 00:00 on the city's clock. */
  ['reported_minute', 'INTEGER', Int32Array],
] as const;

/** What settling needs beside the incident itself; stays in the part. */
export const PART_ONLY_COLUMNS = [
  ['revision', 'DOUBLE', Float64Array],
  /** Record number in the file. */
  ['row', 'UINTEGER', Uint32Array],
  /** 0 = an incident; else 1 + position in REJECT_KEYS: a known record that stands for no incident and withdraws earlier revisions. */
  ['status', 'UTINYINT', Uint8Array],
  /** Position of the source's code among the unmapped codes of its file; NONE_U32 = mapped. */
  ['unmapped_code', 'UINTEGER', Uint32Array],
  /** Coordinates as written, NaN = none; hash of the place text, 0 = none; the source's own division, NONE_U32 = none. For pile-ups. */
  ['x', 'DOUBLE', Float64Array],
  ['y', 'DOUBLE', Float64Array],
  ['place_hash', 'UINTEGER', Uint32Array],
  ['own', 'UINTEGER', Uint32Array],
] as const;

export const PART_COLUMNS = [...INCIDENT_COLUMNS, ...PART_ONLY_COLUMNS] as const;

type Entry = (typeof PART_COLUMNS)[number];
export type PartColumn = Entry[0];
type ArrayOf<N extends PartColumn> = InstanceType<Extract<Entry, readonly [N, ...unknown[]]>[2]>;
export type PartColumns = { readonly [N in PartColumn]: ArrayOf<N> };

/** A part is cut into segments of at most this many rows, so that a file of any length needs bounded memory. */
export const SEGMENT_ROWS = 1 << 19;

export function newColumns(rows: number): PartColumns {
  return Object.fromEntries(PART_COLUMNS.map(([name, , Type]) => [name, new Type(rows)])) as unknown as PartColumns;
}
