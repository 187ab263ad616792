import type { Random } from './random.ts';

/**
 * Two-sided geometric (discrete Laplace) noise for counts under differential privacy.
 *
 *     a = exp(−ε / sensitivity)      P(X = k) = (1 − a) / (1 + a) · a^|k|      variance 2a / (1 − a)²
 *
 * Integers only: floating Laplace noise leaks the count through its low bits. `epsilon` > 0; `sensitivity` = most events of one
 * contributor (cap at 3–5). Disjoint cells compose in parallel; releases over time and levels add up.
 * @see Ghosh, Roughgarden and Sundararajan (2012), SIAM Journal on Computing 41, 1673–1693
 */
export interface DiscreteLaplace {
  /** a, between 0 and 1. */
  readonly alpha: number;
  readonly variance: number;
  readonly probabilityNonZero: number;
}

/** Null unless epsilon and sensitivity are positive and finite. Cost O(1). */
export function discreteLaplace(budget: {
  readonly epsilon: number;
  readonly sensitivity: number;
}): DiscreteLaplace | null {
  const rate = budget.epsilon / budget.sensitivity;
  if (!(budget.epsilon > 0 && budget.sensitivity > 0 && rate > 0 && Number.isFinite(rate))) return null;
  const alpha = Math.exp(-rate);
  const gap = -Math.expm1(-rate); // 1 − a without cancellation
  return { alpha, variance: (2 * alpha) / gap ** 2, probabilityNonZero: (2 * alpha) / (1 + alpha) };
}

/** P(X = k), k whole. Cost O(1). */
export const discreteLaplacePmf = ({ alpha }: DiscreteLaplace, k: number): number =>
  ((1 - alpha) / (1 + alpha)) * alpha ** Math.abs(k);

/** Smallest m with P(|X| <= m) >= level: P(|X| > m) = 2 a^(m+1) / (1 + a). Null unless level is in 0..1, 1 excluded. Cost O(1). */
export function symmetricHalfWidth({ alpha }: DiscreteLaplace, level: number): number | null {
  if (!(level >= 0 && level < 1)) return null;
  const outside = (m: number): number => (2 * alpha ** (m + 1)) / (1 + alpha);
  let m = Math.max(0, Math.floor(Math.log(((1 - level) * (1 + alpha)) / 2) / Math.log(alpha)) - 2);
  while (outside(m) > 1 - level) m++;
  return m;
}

/**
 * One draw: the difference of two geometric counts of successes with probability a, each by single trials, so no logarithm of a random
 * number is rounded. Cost about 2a / (1 − a) trials. The generator is seeded and not secret: for publication the caller must pass one
 * that is.
 */
export function drawDiscreteLaplace({ alpha }: DiscreteLaplace, random: Pick<Random, 'uniform'>): number {
  let value = 0;
  while (random.uniform() < alpha) value++;
  while (random.uniform() < alpha) value--;
  return value;
}
