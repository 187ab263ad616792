/**
 * Likelihood-ratio CUSUM with a mean that moves with time: in control μ0_t, out of control μ0_t·e^θ.
 * Poisson: l = yθ - μ0(e^θ - 1). Negative binomial with variance μ + aμ²: l = yθ - (y + 1/a) ln((1 + aμ0e^θ)/(1 + aμ0)).
 * S_t = max(0, S_{t-1} + l_t); alarm when S_t > limit, then back to 0 (Höhle and Paul 2008, CSDA 52:4357).
 */
export interface LrCusumOptions {
  /** ln of the ratio of means that shall be found; above 0. */
  readonly theta: number;
  /** a; 0 = Poisson. */
  readonly overdispersion: number;
  readonly limit: number;
  /** false: S runs on after an alarm. */
  readonly reset?: boolean;
}

export interface LrCusum {
  /** S_t before any reset; a hole is NaN and leaves S as it was. */
  readonly statistic: Float64Array;
  readonly alarm: Uint8Array;
}

/** `mean`: μ0_t in events, from a model of the past. Cost: one pass. */
export function lrCusum(counts: Float64Array, mean: Float64Array, options: LrCusumOptions): LrCusum {
  const { theta, overdispersion: a, limit, reset = true } = options;
  const n = counts.length;
  const statistic = new Float64Array(n).fill(Number.NaN);
  const alarm = new Uint8Array(n);
  const grow = Math.exp(theta);
  let s = 0;
  for (let t = 0; t < n; t++) {
    const y = counts[t]!;
    const m = mean[t]!;
    if (!(y >= 0) || !(m > 0)) continue;
    const ratio =
      a === 0 ? y * theta - m * (grow - 1) : y * theta - (y + 1 / a) * Math.log((1 + a * m * grow) / (1 + a * m));
    s = Math.max(0, s + ratio);
    statistic[t] = s;
    if (s > limit) {
      alarm[t] = 1;
      if (reset) s = 0;
    }
  }
  return { statistic, alarm };
}
