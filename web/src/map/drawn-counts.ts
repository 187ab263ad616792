import { type DenseCounts, rollUp, rollUpDense, spread } from '../../../core/grid/rollup.ts';
import type { CellCounts } from './contract.ts';
import type { GridTable } from './grid-table.ts';

/**
 * Counts at the resolution of `target`, one per row.
 *
 * @param given table of the resolution of coarse counts
 * @returns null when these counts cannot be shown so fine, or the tables for it are not there yet
 */
export function countsAt(counts: CellCounts, target: GridTable, given: GridTable | undefined): DenseCounts | null {
  if (counts.kind === 'finest') {
    if (!target.ranges) return spread(counts, target.h3.length, target.resolution);
    return rollUp(counts, target.ranges, target.resolution);
  }
  if (counts.resolution === target.resolution) return { n: counts.n, withheld: counts.withheld ?? 0 };
  if (counts.resolution < target.resolution || !target.ranges || !given) return null;
  const from = given.ranges ?? finestRanges(given.h3.length);
  return { n: rollUpDense(counts.n, from, target.ranges), withheld: 0 };
}

/** Every finest cell is its own only descendant. */
function finestRanges(cells: number) {
  const firstId = Uint32Array.from({ length: cells }, (_, id) => id);
  return { firstId, endId: firstId.map((id) => id + 1) };
}
