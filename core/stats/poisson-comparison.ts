import { betaRatio } from './beta.ts';
import { binomialInterval } from './binomial-interval.ts';

/**
 * Exact comparison of two Poisson counts from windows of any length. Given their sum the later count is binomial:
 *
 *     n₂ | n₁ + n₂ ~ Bin(n₁ + n₂, r w₂ / (w₁ + r w₂))      r = ratio of the rates, 1 under no change
 *     p = min(1, 2 min(P(X >= n₂), P(X <= n₂)))             central two-sided; agrees with the interval
 *     interval of r: Clopper–Pearson of the share n₂ / (n₁ + n₂), turned into odds × w₁ / w₂
 *
 * With a dispersion φ > 1 (variance φ × mean) both counts are divided by φ first: n/φ has its mean as its variance, so it is the
 * Poisson count that carries as much information. The tails then are those of the continuous binomial (incomplete beta).
 * @see Przyborowski and Wilenski (1940), Biometrika 31, 313–323
 */
export interface TwoCounts {
  readonly before: { readonly n: number; readonly days: number };
  readonly after: { readonly n: number; readonly days: number };
  /** φ >= 1; default 1. */
  readonly dispersion?: number;
}

export type PoissonComparison =
  | {
      readonly kind: 'assessed';
      /** Rate after over rate before; null when nothing happened before. */
      readonly ratio: number | null;
      readonly pTwoSided: number;
      /** Smallest p any split of the same sum could give: above the level wanted, there is nothing to see. */
      readonly leastP: number;
    }
  | { readonly kind: 'not-assessable'; readonly why: 'no-events' | 'bad-input' };

const isCount = (n: number): boolean => n >= 0 && n < Number.POSITIVE_INFINITY;

const isSound = ({ before, after, dispersion = 1 }: TwoCounts): boolean =>
  isCount(before.n) &&
  isCount(after.n) &&
  before.days > 0 &&
  after.days > 0 &&
  Number.isFinite(before.days + after.days) &&
  dispersion >= 1 &&
  Number.isFinite(dispersion);

/** The test above. Not assessable when both counts are 0. Cost: four incomplete betas. */
export function comparePoisson(counts: TwoCounts): PoissonComparison {
  if (!isSound(counts)) return { kind: 'not-assessable', why: 'bad-input' };
  const { before, after, dispersion = 1 } = counts;
  const n1 = before.n / dispersion;
  const n2 = after.n / dispersion;
  if (n1 + n2 === 0) return { kind: 'not-assessable', why: 'no-events' };
  const share = after.days / (before.days + after.days);
  return {
    kind: 'assessed',
    ratio: before.n > 0 ? (after.n / before.n) * (before.days / after.days) : null,
    pTwoSided: twoSided(n1, n2, share),
    leastP: Math.min(twoSided(0, n1 + n2, share), twoSided(n1 + n2, 0, share)),
  };
}

/** Interval of the ratio r of the rates; `upper` null = without bound. Null where the test is not assessable. Cost: about 120 incomplete betas. */
export function rateRatioInterval(
  counts: TwoCounts,
  level = 0.95,
): { readonly lower: number; readonly upper: number | null } | null {
  if (!isSound(counts)) return null;
  const { before, after, dispersion = 1 } = counts;
  const successes = after.n / dispersion;
  const interval = binomialInterval({ successes, trials: successes + before.n / dispersion }, level);
  if (!interval) return null;
  const odds = (p: number): number => (p / (1 - p)) * (before.days / after.days);
  return { lower: odds(interval.lower), upper: interval.upper < 1 ? odds(interval.upper) : null };
}

function twoSided(n1: number, n2: number, share: number): number {
  const atLeast = n2 > 0 ? betaRatio({ a: n2, b: n1 + 1, x: share }) : 1;
  const atMost = n1 > 0 ? betaRatio({ a: n1, b: n2 + 1, x: 1 - share }) : 1;
  return Math.min(1, 2 * Math.min(atLeast, atMost));
}
