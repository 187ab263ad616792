import { negativeBinomialAtMost, negativeBinomialPmf } from './negative-binomial.ts';

/**
 * Proper scores of count forecasts (lower is better) and the non-randomised PIT histogram.
 * @see Czado, Gneiting and Held (2009), Biometrics 65, 1254–1261
 */
export interface CountForecasts {
  /** Whole counts >= 0. */
  readonly observed: ArrayLike<number>;
  /** Predictive means, events per period, > 0. */
  readonly mean: ArrayLike<number>;
  /** Negative binomial sizes (variance mean + mean²/size); null, or Infinity at a place: Poisson. */
  readonly size: ArrayLike<number> | null;
}

export type ScoreReason = 'no-forecasts' | 'unequal-lengths' | 'bad-input';

export type ProperScores =
  | {
      readonly kind: 'assessed';
      /** −ln p(y). A mass below the smallest double counts as that: at most 744.4. */
      readonly logScore: Float64Array;
      /** Ranked probability score Σ_k (F(k) − 1[y <= k])². */
      readonly rankedProbability: Float64Array;
      /** Dawid–Sebastiani ((y − μ)/σ)² + 2 ln σ. */
      readonly dawidSebastiani: Float64Array;
      /** (y − μ)². */
      readonly squaredError: Float64Array;
      readonly mean: {
        readonly logScore: number;
        readonly rankedProbability: number;
        readonly dawidSebastiani: number;
        readonly squaredError: number;
      };
    }
  | { readonly kind: 'not-assessable'; readonly why: ScoreReason };

function fault({ observed, mean, size }: CountForecasts): ScoreReason | null {
  const n = observed.length;
  if (n === 0) return 'no-forecasts';
  if (mean.length !== n || (size !== null && size.length !== n)) return 'unequal-lengths';
  for (let i = 0; i < n; i++) {
    const mu = mean[i] as number;
    if (!(Number.isInteger(observed[i]) && (observed[i] as number) >= 0)) return 'bad-input';
    if (!(mu > 0 && mu < Number.POSITIVE_INFINITY) || !((size?.[i] ?? 1) > 0)) return 'bad-input';
  }
  return null;
}

const average = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;

/** All four scores of every forecast. Cost O(n × counts within the predictive range). */
export function properScores(forecasts: CountForecasts): ProperScores {
  const why = fault(forecasts);
  if (why) return { kind: 'not-assessable', why };
  const n = forecasts.observed.length;
  const logScore = new Float64Array(n);
  const rankedProbability = new Float64Array(n);
  const dawidSebastiani = new Float64Array(n);
  const squaredError = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const count = forecasts.observed[i] as number;
    const mean = forecasts.mean[i] as number;
    const size = forecasts.size?.[i] ?? Number.POSITIVE_INFINITY;
    const variance = mean + (mean * mean) / size;
    logScore[i] = -Math.log(Math.max(Number.MIN_VALUE, negativeBinomialPmf({ count, mean, size })));
    rankedProbability[i] = rankedProbabilityScore({ count, mean, size });
    squaredError[i] = (count - mean) ** 2;
    dawidSebastiani[i] = (squaredError[i] as number) / variance + Math.log(variance);
  }
  const mean = {
    logScore: average(logScore),
    rankedProbability: average(rankedProbability),
    dawidSebastiani: average(dawidSebastiani),
    squaredError: average(squaredError),
  };
  return { kind: 'assessed', logScore, rankedProbability, dawidSebastiani, squaredError, mean };
}

/** Below and above the range walked, F is 0 or 1 to 1e-13 and the terms are summed in closed form. */
function rankedProbabilityScore(law: { readonly count: number; readonly mean: number; readonly size: number }): number {
  const { count, mean, size } = law;
  const sd = Math.sqrt(mean + (mean * mean) / size);
  const first = Math.max(0, Math.floor(mean - 12 * sd) - 10);
  let mass = negativeBinomialPmf({ count: first, mean, size });
  let atMost = negativeBinomialAtMost({ count: first, mean, size });
  const growth = size === Number.POSITIVE_INFINITY ? 1 : size / (size + mean);
  let score = Math.max(0, first - count);
  for (let k = first; ; k++) {
    score += (atMost - (count <= k ? 1 : 0)) ** 2;
    if (1 - atMost < 1e-13 || (mass < 1e-18 && k > mean)) return score + Math.max(0, count - 1 - k);
    // p(k+1) / p(k) = mean (1 + k/size) growth / (k + 1)
    mass *= (mean * (1 + k / size) * growth) / (k + 1);
    atMost += mass;
  }
}

/**
 * Density of the non-randomised PIT in equal bins over 0..1; flat (1) when the forecasts are calibrated. A forecast's PIT given y is
 * uniform between F(y − 1) and F(y); the histogram is the mean over forecasts. Null where scores are not assessable. Cost O(n bins).
 */
export function pitDensity(forecasts: CountForecasts, bins = 10): Float64Array | null {
  if (fault(forecasts) || !(Number.isInteger(bins) && bins > 0)) return null;
  const n = forecasts.observed.length;
  const cumulative = new Float64Array(bins + 1);
  for (let i = 0; i < n; i++) {
    const count = forecasts.observed[i] as number;
    const mean = forecasts.mean[i] as number;
    const size = forecasts.size?.[i] ?? Number.POSITIVE_INFINITY;
    const low = negativeBinomialAtMost({ count: count - 1, mean, size });
    const high = negativeBinomialAtMost({ count, mean, size });
    for (let j = 1; j <= bins; j++) {
      const u = j / bins;
      const share = u >= high ? 1 : u <= low ? 0 : (u - low) / (high - low);
      cumulative[j] = (cumulative[j] as number) + share / n;
    }
  }
  return Float64Array.from(
    { length: bins },
    (_, j) => bins * ((cumulative[j + 1] as number) - (cumulative[j] as number)),
  );
}
