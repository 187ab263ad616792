import { averageRanks } from './ranks.ts';

/**
 * Spearman's rank correlation: Pearson correlation of average ranks, so ties need no correction. Pairs with a NaN are left out.
 * Null for fewer than two pairs or a constant side. Cost O(n log n). @see Spearman (1904)
 */
export function spearman(columns: { readonly a: ArrayLike<number>; readonly b: ArrayLike<number> }): number | null {
  const { a, b } = columns;
  if (a.length !== b.length) return null;
  const pairs = Array.from({ length: a.length }, (_, i) => i).filter((i) => !Number.isNaN(a[i]) && !Number.isNaN(b[i]));
  const x = averageRanks(Float64Array.from(pairs, (i) => a[i] as number));
  const y = averageRanks(Float64Array.from(pairs, (i) => b[i] as number));
  const n = pairs.length;
  const mean = (n + 1) / 2;
  let [xx, yy, xy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const dx = (x[i] as number) - mean;
    const dy = (y[i] as number) - mean;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : null;
}
