import { type Column, tableFromIPC } from '@uwdata/flechette';
import type { IdRanges } from '../../../core/grid/rollup.ts';
import type { Outlines } from '../layers/outlines.ts';

/** Cells of one resolution, ascending H3 index. */
export interface GridTable {
  readonly resolution: number;
  readonly h3: BigUint64Array;
  /** Null at the finest resolution: there the row number is the cell id. */
  readonly ranges: IdRanges | null;
  /** Centres, lng and lat in millionths of a degree; null at the finest resolution. */
  readonly lngE6: Int32Array | null;
  readonly latE6: Int32Array | null;
  /** Null where outlines are made in the worker. */
  readonly outlines: Outlines | null;
}

/** Logical path of the table of a resolution. */
export const gridPath = (resolution: number, finest: number): string =>
  resolution === finest ? 'grid.arrow' : `grid/r${resolution}.arrow`;

export function readGrid(bytes: Uint8Array, resolution: number): GridTable {
  const table = tableFromIPC(bytes, { useBigInt: true });
  const column = (name: string) => table.getChild(name) as Column<unknown> | undefined;
  const array = <T>(name: string) => (column(name)?.toArray() as T | undefined) ?? null;
  const firstId = array<Uint32Array>('first_id');
  const endId = array<Uint32Array>('end_id');
  return {
    resolution,
    h3: array<BigUint64Array>('h3') ?? new BigUint64Array(),
    ranges: firstId && endId ? { firstId, endId } : null,
    lngE6: array<Int32Array>('lng_e6'),
    latE6: array<Int32Array>('lat_e6'),
    outlines: readOutlines(column('outline_e6')),
  };
}

/** One record batch a file (core/contract/tables.ts): offsets and values are taken as they lie. */
function readOutlines(column: Column<unknown> | undefined): Outlines | null {
  if (!column || column.length === 0 || column.nullCount > 0) return null;
  if (column.data.length !== 1) throw new Error('a grid file has more than one record batch');
  const batch = column.data[0] as unknown as { offsets: Int32Array; children: { values: Int32Array }[] };
  const starts = Uint32Array.from(batch.offsets.subarray(0, column.length + 1), (value) => value / 2);
  return { starts, lngLatE6: batch.children[0]!.values };
}

/** Row of a cell, −1 when the table has none. */
export function rowOf(table: GridTable, h3: string): number {
  const wanted = BigInt(`0x${h3}`);
  let low = 0;
  let high = table.h3.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const at = table.h3[middle]!;
    if (at === wanted) return middle;
    if (at < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

export const h3At = (table: GridTable, row: number): string => table.h3[row]!.toString(16);

/** Row that holds a finest cell; −1 when none does. */
export function rowAtId({ ranges, h3 }: GridTable, id: number): number {
  if (!ranges) return id < h3.length ? id : -1;
  const { firstId, endId } = ranges;
  let low = 0;
  let high = firstId.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (id < firstId[middle]!) high = middle - 1;
    else if (id >= endId[middle]!) low = middle + 1;
    else return middle;
  }
  return -1;
}
