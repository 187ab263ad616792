import { negativeBinomialQuantile, sizeOf } from '../stats/negative-binomial.ts';
import { weekDispersion } from './week-dispersion.ts';

/**
 * What a small place would count if it went on as before: for places that have no published series (cells, small divisions).
 * Weekly counts y, reference = the usable weeks among the 52 before the window, N of them with sum Σ; window of L usable weeks.
 *
 *     μ  = L (½ + Σ) / N                        gamma–Poisson, Jeffreys prior
 *     V  = φ (μ + μ² / (½ + Σ))                 its own mean is uncertain; φ >= 1 from `week-dispersion.ts`, 1 where that is not known
 *     95 % interval: quantiles 2.5 % and 97.5 % of the negative binomial with mean μ and variance V
 *
 * No season and no trend: it says "against its own last year on average". Above / below = outside of the interval, so about one stable
 * place in 40 is above by chance alone; with many places beside each other some always are. `too-short`: N < 26. `too-few`: neither
 * observed nor expected reaches 3, so that a single report is no finding.
 */
export const REFERENCE_WEEKS = 52;
export const LEAST_REFERENCES = 26;
export const LEAST_CASES = 3;

export interface WeeklyCounts {
  readonly counts: ArrayLike<number>;
  /** By week: seven days, filled, delivered. */
  readonly known: readonly boolean[];
}

export type NormalVerdict = 'above' | 'below' | 'within' | 'too-few';

export interface OwnNormal {
  readonly kind: 'normal';
  readonly observed: number;
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
  readonly verdict: NormalVerdict;
  /** Usable weeks inside the window; the others are left out of both sides. */
  readonly weeks: number;
  /** Usable weeks before it, and what they counted. */
  readonly references: number;
  readonly past: number;
  readonly dispersion: number;
}
export type OwnNormalAnswer =
  | OwnNormal
  | { readonly kind: 'not-assessed'; readonly why: 'too-short' | 'no-usable-week' };

/** Cost: 52 additions and two quantiles. */
export function ownNormal(
  { counts, known }: WeeklyCounts,
  window: { readonly first: number; readonly end: number },
): OwnNormalAnswer {
  let [observed, weeks] = [0, 0];
  for (let week = window.first; week < window.end; week++) {
    if (!known[week]) continue;
    observed += counts[week] as number;
    weeks++;
  }
  if (weeks === 0) return { kind: 'not-assessed', why: 'no-usable-week' };
  let [past, references] = [0, 0];
  for (let week = Math.max(0, window.first - REFERENCE_WEEKS); week < window.first; week++) {
    if (!known[week]) continue;
    past += counts[week] as number;
    references++;
  }
  if (references < LEAST_REFERENCES) return { kind: 'not-assessed', why: 'too-short' };
  const dispersion = weekDispersion(counts, known, window.first) ?? 1; // not known: as Poisson
  const expected = (weeks * (0.5 + past)) / references;
  const size = sizeOf({ mean: expected, variance: dispersion * (expected + expected ** 2 / (0.5 + past)) });
  const lower = negativeBinomialQuantile({ mean: expected, size, probability: 0.025 });
  const upper = negativeBinomialQuantile({ mean: expected, size, probability: 0.975 });
  const verdict = verdictOf({ observed, expected, lower, upper });
  return { kind: 'normal', observed, expected, lower, upper, verdict, weeks, references, past, dispersion };
}

/** The same words for a published interval. */
export function verdictOf(of: {
  readonly observed: number;
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
}): NormalVerdict {
  const { observed, expected, lower, upper } = of;
  if (observed < LEAST_CASES && expected < LEAST_CASES) return 'too-few';
  if (observed > upper) return 'above';
  return observed < lower ? 'below' : 'within';
}

export type Confidence = 'high' | 'medium' | 'low';

/** How much the normal stands on: high from 100 reports in 46 usable weeks, low below 20 reports. */
export function confidenceOf({ past, references }: Pick<OwnNormal, 'past' | 'references'>): Confidence {
  if (past < 20) return 'low';
  return past >= 100 && references >= 46 ? 'high' : 'medium';
}
