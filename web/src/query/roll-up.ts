import type { CoarseGrid } from '../snapshot/model.ts';
import type { Columns } from './coordinator.ts';

/** Counts by id, dense: index = id. Ids without a row are 0: the query looked at every incident. */
export function denseCounts(columns: Columns, length: number): Uint32Array {
  const counts = new Uint32Array(length);
  const { id = [], n = [] } = columns;
  for (let i = 0; i < id.length; i++) counts[id[i] as number] = n[i] as number;
  return counts;
}

/** Running sums: the total of the pre-order subtree [id, end) is `sums[end] - sums[id]`. */
export function prefixSums(counts: Uint32Array): Float64Array {
  const sums = new Float64Array(counts.length + 1);
  for (let i = 0; i < counts.length; i++) sums[i + 1] = (sums[i] as number) + (counts[i] as number);
  return sums;
}

export function rangeSum(sums: Float64Array, range: { readonly id: number; readonly end: number }): number {
  return (sums[range.end] as number) - (sums[range.id] as number);
}

/** Counts per finest cell, ascending; `res` = finest resolution at which the row may be shown. */
export interface FinestCounts {
  readonly cellId: Uint32Array;
  readonly res: Uint8Array;
  readonly n: Uint32Array;
}

/** The answer to `cellCounts`, in whatever order, as ascending (cell, res). */
export function finestCounts(
  columns: Columns,
  grid: { readonly finest: number; readonly cells: Readonly<Record<string, number>> },
): FinestCounts {
  const { cell_id = [], res = [], n = [] } = columns;
  const rows = cell_id.length;
  // Nearly every row is known to the finest cell: those are put at their address, the few others sorted.
  const dense = new Uint32Array(grid.cells[String(grid.finest)] ?? 0);
  const others: { readonly cell: number; readonly res: number; readonly n: number }[] = [];
  for (let i = 0; i < rows; i++) {
    if (res[i] === grid.finest) dense[cell_id[i] as number] = n[i] as number;
    else others.push({ cell: cell_id[i] as number, res: res[i] as number, n: n[i] as number });
  }
  others.sort((a, b) => a.cell - b.cell || a.res - b.res);
  const counts = { cellId: new Uint32Array(rows), res: new Uint8Array(rows), n: new Uint32Array(rows) };
  let at = 0;
  let other = 0;
  const put = (cell: number, resolution: number, count: number) => {
    counts.cellId[at] = cell;
    counts.res[at] = resolution;
    counts.n[at++] = count;
  };
  for (let cell = 0; cell < dense.length; cell++) {
    for (let next = others[other]; next?.cell === cell; next = others[++other]) put(cell, next.res, next.n);
    if (dense[cell] !== 0) put(cell, grid.finest, dense[cell] as number);
  }
  return counts;
}

export interface CellTotals {
  readonly resolution: number;
  /** Index = row of the grid of that resolution. */
  readonly n: Uint32Array;
  /** Incidents left out because their place is published only to a coarser cell. */
  readonly withheld: number;
}

/** By index parent: a cell's descendants are one range of ids, so children always sum to the parent. */
export function coarseTotals(counts: FinestCounts, grid: Pick<CoarseGrid, 'resolution' | 'endId'>): CellTotals {
  const n = new Uint32Array(grid.endId.length);
  let withheld = 0;
  for (let i = 0, cell = 0; i < counts.cellId.length; i++) {
    if ((counts.res[i] as number) < grid.resolution) {
      withheld += counts.n[i] as number;
      continue;
    }
    while ((counts.cellId[i] as number) >= (grid.endId[cell] as number)) cell++;
    n[cell] = (n[cell] as number) + (counts.n[i] as number);
  }
  return { resolution: grid.resolution, n, withheld };
}

export function finestTotals(counts: FinestCounts, finest: number, cells: number): CellTotals {
  const n = new Uint32Array(cells);
  let withheld = 0;
  for (let i = 0; i < counts.cellId.length; i++) {
    if ((counts.res[i] as number) < finest) withheld += counts.n[i] as number;
    else n[counts.cellId[i] as number] = counts.n[i] as number;
  }
  return { resolution: finest, n, withheld };
}

export interface Rank {
  /** 1 = most; equal counts share the better rank. */
  readonly rank: number;
  /** Other cells with the same count. */
  readonly tied: number;
  /** Cells of the resolution with at least one incident: an empty cell is no competitor. */
  readonly of: number;
}

export function rankOf(totals: CellTotals, cell: number): Rank {
  const own = totals.n[cell] as number;
  let above = 0;
  let equal = 0;
  let of = 0;
  for (const n of totals.n) {
    if (n > 0) of++;
    if (n > own) above++;
    else if (n === own) equal++;
  }
  return { rank: above + 1, tied: equal - 1, of };
}

/** Rows of the `count` largest totals above 0, largest first; equal totals in grid order. */
export function topCells(totals: CellTotals, count: number): readonly number[] {
  const top: number[] = [];
  totals.n.forEach((n, cell) => {
    if (n === 0 || (top.length === count && n <= (totals.n[top[count - 1] as number] as number))) return;
    let at = top.length;
    while (at > 0 && n > (totals.n[top[at - 1] as number] as number)) at--;
    top.splice(at, 0, cell);
    if (top.length > count) top.pop();
  });
  return top;
}
