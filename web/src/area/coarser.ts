import type { WholeRange } from '../../../core/grid/cell-tree.ts';
import type { CellCounts } from '../map/contract.ts';

/**
 * Incidents whose place is published to a coarser cell that lies in the area only in part.
 * @param counts without the area, at the finest resolution
 */
export function partlyInside(counts: CellCounts, inPart: readonly WholeRange[], finest: number): number {
  if (counts.kind !== 'finest') throw new Error('counts of the finest cells are needed');
  let n = 0;
  for (let i = 0; i < counts.cellId.length; i++) {
    const res = counts.res[i] as number;
    if (res >= finest) continue;
    const cell = counts.cellId[i] as number;
    if (inPart.some((range) => range.res === res && cell >= range.id && cell < range.end)) n += counts.n[i] as number;
  }
  return n;
}
