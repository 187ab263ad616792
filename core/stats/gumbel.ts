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

/** −ln(−ln q) of the quartiles. */
const LOWER = -Math.log(-Math.log(0.25));
const UPPER = -Math.log(-Math.log(0.75));

/**
 * Gumbel law by the quartiles of the maxima: scale = (q75 − q25)/1.5725, mode = q25 + 0.3266·scale. For maxima of days that nobody has cleared:
 * up to a quarter of them may hold something real without making everything else look ordinary, as the moments would. Null below 20
 * maxima or without spread. Cost: a sort. Source: quantiles of the Gumbel distribution.
 */
export function fitGumbelQuartiles(maxima: ArrayLike<number>): Gumbel | null {
  if (maxima.length < 20) return null;
  const sorted = Float64Array.from(maxima).sort();
  const at = (share: number): number => {
    const position = share * (sorted.length - 1);
    const below = Math.floor(position);
    const low = sorted[below] as number;
    return low + (position - below) * ((sorted[Math.min(below + 1, sorted.length - 1)] as number) - low);
  };
  const scale = (at(0.75) - at(0.25)) / (UPPER - LOWER);
  return scale > 0 ? { scale, mode: at(0.25) - LOWER * scale } : null;
}

/** Score that the law exceeds with probability p, 0 < p < 1. */
export function gumbelScore({ mode, scale }: Gumbel, p: number): number {
  return mode - scale * Math.log(-Math.log1p(-p));
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
