/**
 * Moving percentile of CIDARS, the early-warning system of China CDC (Li et al. 2011, Chin J Epidemiol 32:436; Yang et al. 2011): the
 * percentile of the periods within ±`halfWindow` of the assessed one in `yearsBack` earlier years (default: P80 of 5 weeks in 3-5 years).
 */
export interface MovingPercentileOptions {
  readonly periodsPerYear: number;
  readonly halfWindow: number;
  readonly yearsBack: number;
  /** In (0, 1). */
  readonly percentile: number;
}

export const CIDARS_P80: MovingPercentileOptions = { periodsPerYear: 52, halfWindow: 2, yearsBack: 3, percentile: 0.8 };

export type MovingPercentile =
  | { readonly kind: 'value'; readonly upper: number; readonly references: number }
  | { readonly kind: 'not-assessable'; readonly why: 'too-few-periods' };

/**
 * Percentile by linear interpolation between order statistics (Hyndman and Fan type 7). Holes (NaN) are left out; fewer than two thirds of
 * the window is not assessable. A signal is a count above it. Cost: window, sorted.
 */
export function movingPercentile(
  counts: Float64Array,
  at: number,
  options: MovingPercentileOptions = CIDARS_P80,
): MovingPercentile {
  const { periodsPerYear, halfWindow, yearsBack, percentile } = options;
  const window = new Float64Array(yearsBack * (2 * halfWindow + 1));
  let n = 0;
  for (let year = 1; year <= yearsBack; year++)
    for (let i = at - year * periodsPerYear - halfWindow; i <= at - year * periodsPerYear + halfWindow; i++) {
      const y = i >= 0 && i < counts.length ? counts[i]! : Number.NaN;
      if (y >= 0) window[n++] = y;
    }
  if (n === 0 || n * 3 < window.length * 2) return { kind: 'not-assessable', why: 'too-few-periods' };
  const sorted = window.subarray(0, n).sort();
  const place = (n - 1) * percentile;
  const low = Math.floor(place);
  const upper = sorted[low]! + (place - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
  return { kind: 'value', upper, references: n };
}
