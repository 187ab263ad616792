import {
  type NegativeBinomial,
  negativeBinomialAtLeast,
  negativeBinomialPmf,
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
  /** Size of the negative binomial the interval is of; its mean is `expected`. Infinity = Poisson. */
  readonly size: number;
  /** Smallest count reached with probability 1 - alpha. */
  readonly alertUpper: number;
  /** P(Y >= observed). */
  readonly exceedanceProbability: number;
  /** P(Y > observed) + P(Y = observed)/2: takes the discreteness of small counts off, so that alpha comes nearer to what it says. */
  readonly midExceedance: number;
}

/**
 * Predictive distribution of a count of which the share F has come in. Interval: negative binomial with variance φμ + (μ·se)² for the whole
 * period, its own mean uncertain. Alert bound and exceedance probability: mean and φ plugged in (nbPlugin, Noufaily et al. 2013). Thinning keeps the size, so the reported part has mean Fμ and the same size (METHODS d, reporting delay).
 */
export function countForecast(
  of: Expectation,
  at: { readonly observed: number; readonly completeness: number; readonly alpha: number },
): CountForecast {
  const { expected, dispersion, linkError } = of;
  const own = expected * linkError;
  const size = sizeOf({ mean: expected, variance: dispersion * expected + own * own });
  const model: NegativeBinomial = { mean: expected * at.completeness, size };
  const plugged = { mean: model.mean, size: sizeOf({ mean: expected, variance: dispersion * expected }) };
  const reached = negativeBinomialAtLeast({ ...plugged, count: Math.ceil(at.observed) });
  const here = Number.isInteger(at.observed) ? negativeBinomialPmf({ ...plugged, count: at.observed }) : 0;
  return {
    expected: model.mean,
    lower: negativeBinomialQuantile({ ...model, probability: 0.025 }),
    upper: negativeBinomialQuantile({ ...model, probability: 0.975 }),
    size,
    alertUpper: negativeBinomialQuantile({ ...plugged, probability: 1 - at.alpha }),
    exceedanceProbability: reached,
    midExceedance: Math.max(0, reached - here / 2),
  };
}
