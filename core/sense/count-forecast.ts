import {
  type NegativeBinomial,
  negativeBinomialAtLeast,
  negativeBinomialQuantile,
  sizeOf,
} from '../stats/negative-binomial.ts';

/** What a model says of one complete period: expected count, dispersion φ >= 1, standard error of log expected. */
export interface Expectation {
  readonly expected: number;
  readonly dispersion: number;
  readonly linkError: number;
}

export interface CountForecast {
  /** Of what has been reported so far: expected × F. */
  readonly expected: number;
  /** Equal-tailed 95 % interval of the count, exact quantiles. */
  readonly lower: number;
  readonly upper: number;
  /** Smallest count reached with probability 1 - alpha. */
  readonly alertUpper: number;
  /** P(Y >= observed). */
  readonly exceedanceProbability: number;
}

/**
 * Predictive distribution of a count of which the share F has come in: negative binomial with variance φμ + (μ·se)² for the whole period, its
 * own mean uncertain. Thinning keeps the size, so the reported part has mean Fμ and the same size (METHODS d, reporting delay).
 */
export function countForecast(
  of: Expectation,
  at: { readonly observed: number; readonly completeness: number; readonly alpha: number },
): CountForecast {
  const { expected, dispersion, linkError } = of;
  const own = expected * linkError;
  const size = sizeOf({ mean: expected, variance: dispersion * expected + own * own });
  const model: NegativeBinomial = { mean: expected * at.completeness, size };
  return {
    expected: model.mean,
    lower: negativeBinomialQuantile({ ...model, probability: 0.025 }),
    upper: negativeBinomialQuantile({ ...model, probability: 0.975 }),
    alertUpper: negativeBinomialQuantile({ ...model, probability: 1 - at.alpha }),
    exceedanceProbability: negativeBinomialAtLeast({ ...model, count: Math.ceil(at.observed) }),
  };
}
