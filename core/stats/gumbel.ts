/** Gumbel law of simulated maxima, fitted by moments (Abrams, Kleinman and Kulldorff 2010, Int J Health Geogr 9:61). */
export interface Gumbel {
  /** Location (mode) mu = mean − 0.57722 beta, unit of the score. */
  readonly mode: number;
  /** Scale beta = sd √6 / π, unit of the score. */
  readonly scale: number;
}

const EULER = 0.5772156649015329;

/** Fit by mean and sample standard deviation (n − 1). Null with fewer than 2 values or no spread. Cost O(n). */
export function fitGumbel(maxima: Float64Array): Gumbel | null {
  const n = maxima.length;
  if (n < 2) return null;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (maxima[i] as number) / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += ((maxima[i] as number) - mean) ** 2;
  const sd = Math.sqrt(squares / (n - 1));
  if (!(sd > 0 && sd < Number.POSITIVE_INFINITY)) return null;
  const scale = (sd * Math.sqrt(6)) / Math.PI;
  return { mode: mean - EULER * scale, scale };
}

/** p = 1 − exp(−exp(−(x − mu) / beta)), precise far in the tail (expm1). */
export function gumbelP(law: Gumbel, score: number): number {
  return -Math.expm1(-Math.exp(-(score - law.mode) / law.scale));
}

/**
 * Recurrence interval in days = analysis interval / p: how rarely a clean stream shows such a score.
 * It counts for one stream; several streams or resolutions shorten it in proportion. Null when p is 0 (beyond doubles).
 */
export function recurrenceIntervalDays(run: {
  readonly p: number;
  readonly analysisIntervalDays: number;
}): number | null {
  return run.p > 0 ? run.analysisIntervalDays / run.p : null;
}
