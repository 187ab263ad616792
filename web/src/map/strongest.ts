import type { IdRanges } from '../../../core/grid/rollup.ts';
import { NO_DATA_CLASS, SUPPRESSED_CLASS } from './contract.ts';
import type { GridTable } from './grid-table.ts';

/**
 * Class of a coarser cell from those of the cells in it: the strongest. Finds do not vanish when the reader looks from afar, and
 * nothing is averaged; the legend says that it is the strongest one. Only where every cell inside is unknown (or kept back) is the
 * coarser one so.
 *
 * @param strength by class from 1; of equals the first met is taken
 */
export function strongestClasses(options: {
  readonly classes: Uint32Array;
  readonly strength: readonly number[];
  readonly from: GridTable;
  readonly to: IdRanges;
}): Uint32Array {
  const { classes, strength, from, to } = options;
  const out = new Uint32Array(to.firstId.length);
  const firstIdOf = (row: number) => from.ranges?.firstId[row] ?? row;
  let row = 0;
  for (let coarse = 0; coarse < out.length; coarse++) {
    const end = to.endId[coarse]!;
    while (row < classes.length && firstIdOf(row) < to.firstId[coarse]!) row++;
    let best = 0;
    let bestStrength = Number.NEGATIVE_INFINITY;
    let unknown = 0;
    let kept = 0;
    let cells = 0;
    for (; row < classes.length && firstIdOf(row) < end; row++) {
      const cls = classes[row]!;
      cells++;
      if (cls === NO_DATA_CLASS) unknown++;
      else if (cls === SUPPRESSED_CLASS) kept++;
      else if (cls > 0 && (strength[cls - 1] ?? 0) > bestStrength) {
        best = cls;
        bestStrength = strength[cls - 1] ?? 0; // a class without a strength is the weakest
      }
    }
    if (best === 0 && cells > 0 && unknown + kept === cells) best = kept > 0 ? SUPPRESSED_CLASS : NO_DATA_CLASS;
    out[coarse] = best;
  }
  return out;
}
