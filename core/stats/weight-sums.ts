import type { NeighbourLists } from './neighbours.ts';

/** How a list of neighbours is weighted: 1 each, or 1/m for each of m. */
export type Weighting = 'binary' | 'row-standardised';

/** Sums over all weights: S0 = Σ w, S1 = ½ Σ (w_ij + w_ji)², S2 = Σ (row sum + column sum)². */
export interface WeightSums {
  readonly s0: number;
  readonly s1: number;
  readonly s2: number;
}

/** Weight of each neighbour of cell i; 0 for an island. */
export function rowWeight({ offsets }: NeighbourLists, weighting: Weighting, cell: number): number {
  const degree = offsets[cell + 1]! - offsets[cell]!;
  return degree === 0 ? 0 : weighting === 'binary' ? 1 : 1 / degree;
}

/** Whether i is in j's ascending list, by halving. */
function names(
  { offsets, neighbours }: NeighbourLists,
  of: { readonly cell: number; readonly other: number },
): boolean {
  let low = offsets[of.cell]!;
  let high = offsets[of.cell + 1]! - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const value = neighbours[middle]!;
    if (value === of.other) return true;
    if (value < of.other) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** S0, S1, S2 (Cliff and Ord 1981, 1.2.2). Lists may be one-sided. Cost O(neighbours × log degree). */
export function weightSums(lists: NeighbourLists, weighting: Weighting): WeightSums {
  const { offsets, neighbours } = lists;
  const n = offsets.length - 1;
  const columns = new Float64Array(n);
  const rows = new Float64Array(n);
  let s0 = 0;
  let s1 = 0;
  for (let i = 0; i < n; i++) {
    const w = rowWeight(lists, weighting, i);
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      const j = neighbours[k]!;
      s0 += w;
      rows[i]! += w;
      columns[j]! += w;
      // Σ (w_ij + w_ji)² over ordered pairs: a pair named on both sides is met twice, one named once stands for both orders.
      if (names(lists, { cell: j, other: i })) {
        const both = w + rowWeight(lists, weighting, j);
        s1 += (both * both) / 2;
      } else s1 += w * w;
    }
  }
  let s2 = 0;
  for (let i = 0; i < n; i++) s2 += (rows[i]! + columns[i]!) ** 2;
  return { s0, s1, s2 };
}
