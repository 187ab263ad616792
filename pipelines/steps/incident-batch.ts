/**
 * Accepted rows of a file in columns, as they travel from a worker to the store. Every column has a value in every row;
 * "missing" has its own code, which the store turns into NULL.
 */
export const NONE_U8 = 255;
export const NONE_U16 = 65535;
export const NONE_U32 = 4294967295;

export const INCIDENT_COLUMNS = [
  ['feed', 'UTINYINT', Uint8Array],
  ['source', 'UTINYINT', Uint8Array],
  ['id_high', 'UBIGINT', BigUint64Array],
  ['id_low', 'UBIGINT', BigUint64Array],
  ['revision', 'DOUBLE', Float64Array],
  /** Position in the run: number of the file × 2³² + record in the file. */
  ['seq', 'UBIGINT', BigUint64Array],
  ['cell_id', 'UINTEGER', Uint32Array],
  ['res', 'UTINYINT', Uint8Array],
  ['day', 'USMALLINT', Uint16Array],
  ['hour', 'UTINYINT', Uint8Array],
  ['category', 'USMALLINT', Uint16Array],
  ['severity', 'UTINYINT', Uint8Array],
  ['stage', 'UTINYINT', Uint8Array],
  ['close_hours', 'USMALLINT', Uint16Array],
  ['division', 'UINTEGER', Uint32Array],
  /** Index into UNLOCATED_REASONS, 255 = located. */
  ['unlocated', 'UTINYINT', Uint8Array],
  /** Minutes since 1970-01-01 00:00 on the city's clock. */
  ['reported_minute', 'INTEGER', Int32Array],
  ['deleted', 'UTINYINT', Uint8Array],
  /** Position of the source's code among the unmapped codes of its file; NONE_U32 = mapped. */
  ['unmapped_code', 'UINTEGER', Uint32Array],
] as const;

type Name = (typeof INCIDENT_COLUMNS)[number][0];
type ArrayOf<N extends Name> = InstanceType<Extract<(typeof INCIDENT_COLUMNS)[number], readonly [N, ...unknown[]]>[2]>;
export type IncidentColumns = { readonly [N in Name]: ArrayOf<N> };
export interface IncidentBatch {
  readonly length: number;
  readonly columns: IncidentColumns;
}

export const BATCH_CAPACITY = 32_768;

export function newColumns(): IncidentColumns {
  return Object.fromEntries(
    INCIDENT_COLUMNS.map(([name, , Type]) => [name, new Type(BATCH_CAPACITY)]),
  ) as unknown as IncidentColumns;
}
