import { type CalendarDesign, designColumns, designRow } from '../stats/calendar-design.ts';
import { lrCusum } from '../stats/lr-cusum.ts';
import { mannKendall } from '../stats/mann-kendall.ts';
import { quasiPoisson } from '../stats/quasi-poisson.ts';

/**
 * Slow growth (灰犀牛): a weekly series that has drifted above its own normal without a jump. The normal is frozen at the weeks before the
 * span (log-linear with one yearly harmonic where a year is known), so that it cannot drift along; the span is followed by the
 * likelihood-ratio CUSUM and must have a rising trend as well.
 */
export interface SlowGrowthOptions {
  /** Last weeks looked at, e.g. 26. */
  readonly weeks: number;
  /** ln of the ratio the CUSUM is tuned to. */
  readonly theta: number;
  readonly limit: number;
  /** Two-sided level of the trend test. */
  readonly trendAlpha: number;
}

export type SlowGrowth =
  | {
      readonly kind: 'assessed';
      readonly grows: boolean;
      /** Of the last four weeks. */
      readonly observed: number;
      readonly expected: number;
      readonly dispersion: number;
      /** Highest CUSUM of the span, and the trend's p. */
      readonly cusum: number;
      readonly trendP: number;
      /** Expected by week of the span. */
      readonly normal: Float64Array;
    }
  | { readonly kind: 'not-assessable'; readonly why: 'too-few-periods' | 'all-zero' | 'no-model' };

/** Weeks before the span: at least so many known, and no more than two years. */
const FEWEST_REFERENCE = 40;
const MOST_REFERENCE = 104;
const WEEKS_A_YEAR = 365.25 / 7;
const LAST = 4;

/** `counts` by week, oldest first, NaN = not delivered; the last one is the newest complete week. Cost: one fit. */
export function slowGrowth(counts: Float64Array, options: SlowGrowthOptions): SlowGrowth {
  const from = counts.length - options.weeks;
  const first = Math.max(0, from - MOST_REFERENCE);
  const rows: number[] = [];
  for (let t = first; t < from; t++) if (counts[t]! >= 0) rows.push(t);
  if (rows.length < FEWEST_REFERENCE) return { kind: 'not-assessable', why: 'too-few-periods' };
  const design: CalendarDesign = {
    periodsPerYear: WEEKS_A_YEAR,
    trend: false,
    harmonics: rows.length >= 78 ? 1 : 0,
    origin: 0,
    phase: 0,
    factors: [],
  };
  const columns = designColumns(design);
  const matrix = new Float64Array(rows.length * columns);
  for (const [i, t] of rows.entries()) designRow(design, t, matrix, i * columns);
  const fit = quasiPoisson({ design: matrix, columns, count: Float64Array.from(rows, (t) => counts[t]!) });
  if (fit.kind === 'not-assessable')
    return { kind: 'not-assessable', why: fit.why === 'all-zero' ? 'all-zero' : 'no-model' };
  const normal = predict(fit.coefficients, design, { from, end: counts.length });
  const span = counts.subarray(from);
  const dispersion = Math.max(1, fit.dispersion ?? 1); // no residual degrees of freedom: Poisson
  const mean = normal.reduce((sum, value) => sum + value, 0) / normal.length;
  const { statistic } = lrCusum(span, normal, {
    theta: options.theta,
    overdispersion: (dispersion - 1) / mean,
    limit: options.limit,
    reset: false,
  });
  const ratios = Array.from(span, (y, i) => y / normal[i]!).filter((ratio) => ratio >= 0);
  const trend = mannKendall(Float64Array.from(ratios));
  if (trend.kind === 'not-assessable') return { kind: 'not-assessable', why: 'too-few-periods' };
  let cusum = 0;
  for (const value of statistic) if (value > cusum) cusum = value; // a hole is NaN and no maximum
  const last = { observed: 0, expected: 0 };
  for (let i = Math.max(0, span.length - LAST); i < span.length; i++) {
    if (!(span[i]! >= 0)) continue;
    last.observed += span[i]!;
    last.expected += normal[i]!;
  }
  const grows = cusum > options.limit && trend.p <= options.trendAlpha && trend.s > 0 && last.observed > last.expected;
  return { kind: 'assessed', grows, ...last, dispersion, cusum, trendP: trend.p, normal };
}

function predict(
  coefficients: Float64Array,
  design: CalendarDesign,
  span: { readonly from: number; readonly end: number },
): Float64Array {
  const row = new Float64Array(coefficients.length);
  return Float64Array.from({ length: span.end - span.from }, (_, i) => {
    designRow(design, span.from + i, row, 0);
    let eta = 0;
    for (let c = 0; c < row.length; c++) eta += row[c]! * coefficients[c]!;
    return Math.exp(eta);
  });
}
