import { normalQuantile } from './normal.ts';

/**
 * EARS C1, C2, C3 (Hutwagner et al. 2003; Fricker et al. 2008): mean and sample standard deviation of the last `baseline` periods, lagged
 * by 0 (C1) or 2 (C2, C3). Bound = mean + z·sd with z the normal quantile of 1 - alpha. C3(t) = Σ max(0, C2 - 1) over t, t-1, t-2 with
 * C2 = (y - mean)/max(sd, floor).
 */
export interface EarsOptions {
  /** Periods of the baseline; 7. */
  readonly baseline: number;
  /** Floor of the standard deviation, events; 0 = none. */
  readonly leastDeviation: number;
  readonly alpha: number;
}

export const EARS_DEFAULT: EarsOptions = { baseline: 7, leastDeviation: 0.5, alpha: 0.001 };

/** One entry per period; NaN where the baseline does not fit or has a hole. */
export interface EarsBound {
  readonly expected: Float64Array;
  readonly deviation: Float64Array;
  readonly upper: Float64Array;
}

/** C1 (`lag` 0) or C2 (`lag` 2). NaN in `counts` is a hole. Cost: periods × baseline. */
export function earsBound(counts: Float64Array, options: EarsOptions, lag: 0 | 2): EarsBound {
  const n = counts.length;
  const expected = new Float64Array(n).fill(Number.NaN);
  const deviation = new Float64Array(n).fill(Number.NaN);
  const upper = new Float64Array(n).fill(Number.NaN);
  const z = normalQuantile(1 - options.alpha);
  const { baseline, leastDeviation } = options;
  for (let t = baseline + lag; t < n; t++) {
    const end = t - lag;
    let sum = 0;
    for (let i = end - baseline; i < end; i++) sum += counts[i]!;
    const mean = sum / baseline;
    let squares = 0;
    for (let i = end - baseline; i < end; i++) squares += (counts[i]! - mean) ** 2;
    if (Number.isNaN(squares)) continue;
    const sd = Math.max(leastDeviation, Math.sqrt(squares / (baseline - 1)));
    expected[t] = mean;
    deviation[t] = sd;
    upper[t] = mean + z * sd;
  }
  return { expected, deviation, upper };
}

export interface EarsC3 {
  /** Standardised residual with the lag-two baseline; NaN where undefined, also where sd is 0. */
  readonly c2: Float64Array;
  /** Alarm in the original rule: above 2. NaN where one of the three is undefined. */
  readonly c3: Float64Array;
  /** mean + sd(z - positive parts at t-1 and t-2). */
  readonly upper: Float64Array;
}

/** C3. Cost as `earsBound`. */
export function earsC3(counts: Float64Array, options: EarsOptions): EarsC3 {
  const n = counts.length;
  const { expected, deviation } = earsBound(counts, options, 2);
  const z = normalQuantile(1 - options.alpha);
  const c2 = new Float64Array(n).fill(Number.NaN);
  const c3 = new Float64Array(n).fill(Number.NaN);
  const upper = new Float64Array(n).fill(Number.NaN);
  for (let t = 0; t < n; t++) if (deviation[t]! > 0) c2[t] = (counts[t]! - expected[t]!) / deviation[t]!;
  for (let t = 2; t < n; t++) {
    const before = Math.max(0, c2[t - 1]! - 1) + Math.max(0, c2[t - 2]! - 1);
    c3[t] = before + Math.max(0, c2[t]! - 1);
    upper[t] = expected[t]! + deviation[t]! * (z - before);
  }
  return { c2, c3, upper };
}
