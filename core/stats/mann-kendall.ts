import { normalCdf } from './normal.ts';

export type TrendReason = 'too-few-values';

/** Mann–Kendall S over the values that are there, its tie-corrected variance and normal Z. */
export interface MannKendallScore {
  readonly n: number;
  readonly s: number;
  readonly variance: number;
  /** (S − sign S)/√variance; 0 for a constant series. */
  readonly z: number;
}

export type MannKendall =
  | (MannKendallScore & {
      readonly kind: 'value';
      /** S over all pairs. */
      readonly tauA: number;
      /** S over √(untied pairs × all pairs); null for a constant series (0/0). */
      readonly tauB: number | null;
      /** Two-sided, normal with continuity correction; 1 for a constant series. */
      readonly p: number;
      /** Two-sided, exact; null with ties or above `EXACT_LIMIT` values. */
      readonly pExact: number | null;
    })
  | { readonly kind: 'not-assessable'; readonly why: TrendReason };

export const EXACT_LIMIT = 50;

/**
 * S, variance and Z for the hot path; `sorted` is scratch of at least the same length. NaN values are dropped.
 *
 *     S = Σ_{i<j} sign(x_j − x_i),   Var = [n(n−1)(2n+5) − Σ t(t−1)(2t+5)] / 18 over groups of t equal values
 *     Z = (S − sign S)/√Var, 0 when Var = 0
 *
 * Cost O(n²) comparisons. Definitions, source: see `mannKendall`.
 */
export function mannKendallScore(series: Float64Array, sorted: Float64Array): MannKendallScore {
  let n = 0;
  for (let i = 0; i < series.length; i++) {
    const x = series[i]!;
    if (!Number.isNaN(x)) sorted[n++] = x;
  }
  let s = 0;
  for (let j = 1; j < n; j++) {
    const x = sorted[j]!;
    for (let i = 0; i < j; i++) {
      const before = sorted[i]!;
      s += x > before ? 1 : x < before ? -1 : 0;
    }
  }
  const values = sorted.subarray(0, n).sort();
  let sum = n * (n - 1) * (2 * n + 5);
  for (let i = 0; i < n; ) {
    let end = i + 1;
    while (end < n && values[end] === values[i]) end++;
    const t = end - i;
    sum -= t * (t - 1) * (2 * t + 5);
    i = end;
  }
  const variance = sum / 18;
  return { n, s, variance, z: variance > 0 ? (s - Math.sign(s)) / Math.sqrt(variance) : 0 };
}

/** P(|S| ≥ |s|) of n distinct values in random order: counts of permutations by inversions (Kendall 1975). Cost O(n³). */
export function exactTrendP({ n, s }: { readonly n: number; readonly s: number }): number {
  const pairs = (n * (n - 1)) / 2;
  let share = new Float64Array(pairs + 1);
  share[0] = 1;
  for (let m = 2; m <= n; m++) {
    const next = new Float64Array(pairs + 1);
    let window = 0;
    for (let inversions = 0; inversions <= (m * (m - 1)) / 2; inversions++) {
      window += share[inversions]!;
      if (inversions >= m) window -= share[inversions - m]!;
      next[inversions] = window / m;
    }
    share = next;
  }
  // S = pairs − 2 inversions.
  let tail = 0;
  for (let inversions = 0; inversions <= (pairs - Math.abs(s)) / 2; inversions++) tail += share[inversions]!;
  return Math.min(1, s === 0 ? 1 : 2 * tail);
}

/**
 * Mann–Kendall test for a monotone trend; two-sided, tie-corrected, normal with continuity correction, exact p beside it for short
 * series without ties. NaN (missing) is dropped, the rest keeps its order. It assumes independent steps: Gi* series are not, so there
 * p is too small and the result is a label, not a test.
 * Unit: S in pairs. A constant series has S = 0, Z = 0, p = 1 (no trend is seen) and no tau-b. Not assessable below 3 values.
 * Cost O(n²). Compare: R Kendall::MannKendall (its tau is tau-b; it prints tau 1 for a constant series: not matched).
 * Source: Mann (1945), Econometrica 13, 245–259; Kendall (1975), Rank Correlation Methods, 4th ed.
 */
export function mannKendall(series: Float64Array): MannKendall {
  const sorted = new Float64Array(series.length);
  const score = mannKendallScore(series, sorted);
  const { n, s, variance, z } = score;
  if (n < 3) return { kind: 'not-assessable', why: 'too-few-values' };
  const pairs = (n * (n - 1)) / 2;
  let tied = 0;
  for (let i = 0; i < n; ) {
    let end = i + 1;
    while (end < n && sorted[end] === sorted[i]) end++;
    tied += ((end - i) * (end - i - 1)) / 2;
    i = end;
  }
  return {
    kind: 'value',
    ...score,
    tauA: s / pairs,
    tauB: tied < pairs ? s / Math.sqrt((pairs - tied) * pairs) : null,
    p: variance > 0 ? 2 * normalCdf(-Math.abs(z)) : 1,
    pExact: tied === 0 && n <= EXACT_LIMIT ? exactTrendP({ n, s }) : null,
  };
}
