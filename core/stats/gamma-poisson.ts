import { type NegativeBinomial, negativeBinomialQuantile } from './negative-binomial.ts';

/**
 * Gamma-Poisson predictive bound ("Bayes"; Höhle 2007, CompStat 22:571): counts Poisson with one rate, Jeffreys prior Gamma(1/2, 0).
 * After n reference periods with sum Σ a new count is negative binomial with size 1/2 + Σ and probability n/(n + 1), that is mean
 * (1/2 + Σ)/n. Exact for small counts; no trend, no season.
 */
export interface ReferenceSum {
  readonly sum: number;
  /** Sum of the exposures (periods, 1 each where complete), above 0. */
  readonly periods: number;
}

/** Predictive distribution of a period of exposure 1; null without reference. */
export function gammaPoissonPredictive({ sum, periods }: ReferenceSum): NegativeBinomial | null {
  if (!(periods > 0) || !(sum >= 0)) return null;
  const size = 0.5 + sum;
  return { mean: size / periods, size };
}

export interface BayesWindow {
  /** Recent periods used (0 = none) and half window in earlier years. */
  readonly halfWindow: number;
  /** Whether the `halfWindow` periods before the assessed one take part. */
  readonly currentYear: boolean;
  readonly yearsBack: number;
  readonly periodsPerYear: number;
}

/** Reference of period `at`: the window above, holes (NaN) left out. Cost: periods of the window. */
export function bayesReference(counts: Float64Array, at: number, window: BayesWindow): ReferenceSum {
  const { halfWindow, currentYear, yearsBack, periodsPerYear } = window;
  let sum = 0;
  let periods = 0;
  const add = (from: number, to: number): void => {
    for (let i = Math.max(0, from); i <= to; i++) {
      const y = counts[i]!;
      if (!(y >= 0)) continue;
      sum += y;
      periods++;
    }
  };
  if (currentYear) add(at - halfWindow, at - 1);
  for (let year = 1; year <= yearsBack; year++) {
    const centre = at - year * periodsPerYear;
    add(centre - halfWindow, centre + halfWindow);
  }
  return { sum, periods };
}

/** Smallest count reached with probability 1 - alpha; null without reference. An alarm is a count above it. Cost: one quantile. */
export function gammaPoissonUpper(reference: ReferenceSum, alpha: number): number | null {
  const predictive = gammaPoissonPredictive(reference);
  return predictive === null ? null : negativeBinomialQuantile({ ...predictive, probability: 1 - alpha });
}
