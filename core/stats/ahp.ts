/**
 * Analytic hierarchy process: weights from pairwise judgements a_ij = "i matters a_ij times as much as j", a_ji = 1 / a_ij.
 *
 *     A w = λ_max w, Σ w = 1       CI = (λ_max − n) / (n − 1)       CR = CI / RI
 *
 * Principal eigenvector by power iteration. CR < 0.1 is required before the weights are used. RI: mean CI of random matrices, Saaty's
 * table for n = 1..10. CR is null for n < 3 (always consistent) and for n beyond the table.
 * @see Saaty (1990), European Journal of Operational Research 48, 9–26
 */
export const RANDOM_INDEX: readonly number[] = [0, 0, 0.58, 0.9, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49];
export const LARGEST_CONSISTENCY_RATIO = 0.1;

export type Ahp =
  | {
      readonly kind: 'assessed';
      readonly weights: Float64Array;
      /** Row geometric means scaled to sum 1: a check on the eigenvector. */
      readonly geometricMeanWeights: Float64Array;
      readonly lambdaMax: number;
      readonly consistencyIndex: number;
      readonly consistencyRatio: number | null;
      /** CR below 0.1, or fewer than three items. */
      readonly consistent: boolean;
    }
  | {
      readonly kind: 'not-assessable';
      readonly why: 'empty' | 'not-square' | 'not-positive' | 'not-reciprocal' | 'no-convergence';
    };

const MOST_STEPS = 10_000;

/** `matrix` row by row. Judgements rounded to 3 decimals count as reciprocal. Cost O(n²) a step, about 50 steps. */
export function ahp(matrix: readonly (readonly number[])[], randomIndex: readonly number[] = RANDOM_INDEX): Ahp {
  const n = matrix.length;
  if (n === 0) return { kind: 'not-assessable', why: 'empty' };
  if (matrix.some((row) => row.length !== n)) return { kind: 'not-assessable', why: 'not-square' };
  const a = Float64Array.from(matrix.flat());
  if (a.some((value) => !(value > 0 && Number.isFinite(value)))) return { kind: 'not-assessable', why: 'not-positive' };
  for (let i = 0; i < n; i++)
    for (let j = i; j < n; j++)
      if (Math.abs((a[i * n + j] as number) * (a[j * n + i] as number) - 1) > 0.005)
        return { kind: 'not-assessable', why: 'not-reciprocal' };
  const principal = powerIteration(a, n);
  if (!principal) return { kind: 'not-assessable', why: 'no-convergence' };
  const { weights, lambdaMax } = principal;
  const consistencyIndex = n > 1 ? (lambdaMax - n) / (n - 1) : 0;
  const index = randomIndex[n - 1];
  const consistencyRatio = n > 2 && index !== undefined && index > 0 ? consistencyIndex / index : null;
  return {
    kind: 'assessed',
    weights,
    geometricMeanWeights: geometricMeans(a, n),
    lambdaMax,
    consistencyIndex,
    consistencyRatio,
    consistent: n < 3 || (consistencyRatio !== null && consistencyRatio < LARGEST_CONSISTENCY_RATIO),
  };
}

function powerIteration(a: Float64Array, n: number): { weights: Float64Array; lambdaMax: number } | null {
  let weights = new Float64Array(n).fill(1 / n);
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = new Float64Array(n);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      let product = 0;
      for (let j = 0; j < n; j++) product += (a[i * n + j] as number) * (weights[j] as number);
      next[i] = product;
      sum += product;
    }
    let change = 0;
    for (let i = 0; i < n; i++) {
      next[i] = (next[i] as number) / sum;
      change = Math.max(change, Math.abs((next[i] as number) - (weights[i] as number)));
    }
    weights = next;
    // The weights sum to 1, so the sum of A w is λ.
    if (change < 1e-15) return { weights, lambdaMax: sum };
  }
  return null;
}

function geometricMeans(a: Float64Array, n: number): Float64Array {
  const means = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let logs = 0;
    for (let j = 0; j < n; j++) logs += Math.log(a[i * n + j] as number);
    means[i] = Math.exp(logs / n);
  }
  const sum = means.reduce((x, y) => x + y, 0);
  return means.map((value) => value / sum);
}
