import { adjustedP, twoSidedP } from '../../../core/stats/benjamini-hochberg.ts';
import { giStar } from '../../../core/stats/getis-ord.ts';
import { diskNeighbours, type NeighbourLists } from '../../../core/stats/neighbours.ts';
import { hotClass } from './hotspots.ts';

/** Rings of neighbours in the live computation. */
export const LIVE_RING = 1;

export type LiveResult =
  | {
      readonly kind: 'value';
      /** By row of the grid: `HOT_CLASSES` + 1, 0 = not significant. */
      readonly classes: Uint32Array;
      readonly cells: number;
      /** Milliseconds for z, p, q and classes; neighbours are kept. */
      readonly ms: number;
    }
  | { readonly kind: 'not-assessed'; readonly why: 'too-few-cells' | 'constant' };

export function liveNeighbours(h3: BigUint64Array): NeighbourLists {
  return diskNeighbours(
    Array.from(h3, (cell) => cell.toString(16)),
    { k: LIVE_RING },
  );
}

/**
 * Gi* of the counts of every cell of the grid, zeros included; Benjamini–Hochberg over all of them.
 *
 * @param n by row of the grid; NaN = outside the area that is looked at, which is in no disk
 */
export function liveHotspots(n: Float64Array, neighbours: NeighbourLists): LiveResult {
  const before = performance.now();
  const z = new Float64Array(n.length);
  const assessed = giStar({ values: n, neighbours }, z);
  if (assessed.kind !== 'value')
    return { kind: 'not-assessed', why: assessed.why === 'too-few-cells' ? 'too-few-cells' : 'constant' };
  const p = new Float64Array(n.length);
  twoSidedP(z, p);
  const q = new Float64Array(n.length);
  const cells = adjustedP(p, q);
  const classes = new Uint32Array(n.length);
  for (let i = 0; i < n.length; i++) if (q[i]! <= 0.1) classes[i] = hotClass({ z: z[i]!, q: q[i]! });
  return { kind: 'value', classes, cells, ms: performance.now() - before };
}
