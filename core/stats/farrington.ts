import { anscombeWeights } from './anscombe-weights.ts';
import { negativeBinomialAtLeast, negativeBinomialQuantile, sizeOf } from './negative-binomial.ts';
import { normalCdf, normalQuantile } from './normal.ts';
import { studentTwoSided } from './student-t.ts';
import { type TrendFactorFit, type TrendFactorRows, trendFactorFit } from './trend-factor-fit.ts';

/**
 * Farrington (Farrington et al. 1996, JRSS A 159:547) and Farrington Flexible (Noufaily et al. 2013, Stat Med 32:1206).
 *
 * Quasi-Poisson log-linear model of the reference periods: those within ±`halfWindow` of the assessed one in `yearsBack` earlier years;
 * with more than one season level, also all periods between, cut into `seasonLevels` - 1 equal blocks (left-over periods go to the first
 * blocks). The last `excludedRecent` periods and the assessed one take no part. Past exceedances are downweighted by Anscombe residuals.
 */
export interface FarringtonOptions {
  readonly periodsPerYear: number;
  /** b. */
  readonly yearsBack: number;
  /** w, periods. */
  readonly halfWindow: number;
  /** Levels of the seasonal factor, the assessed window's own included; 1 = no factor. */
  readonly seasonLevels: number;
  readonly excludedRecent: number;
  readonly reweight: boolean;
  /** Anscombe residuals above this are downweighted. */
  readonly weightsThreshold: number;
  /** The trend is kept where its two-sided p is below this; 1 keeps it always. */
  readonly trendThreshold: number;
  readonly alpha: number;
  /** nbPlugin: negative binomial with the fitted mean and φ; muan: with the upper limit of the mean; delta: 2/3 power. */
  readonly bound: 'nbPlugin' | 'muan' | 'delta';
  /** Fewer than `cases` in the last `periods`, the assessed one included: no alarm. null switches it off. */
  readonly limit: { readonly cases: number; readonly periods: number } | null;
  /**
   * pearson: standard errors with the Pearson dispersion. surveillance: with Σω((y-μ)/μ)²/df in its place, as the R package does to
   * 1.26.0 - a known defect, here only to compare bounds with that package.
   */
  readonly standardError?: 'pearson' | 'surveillance';
}

export const FARRINGTON_FLEXIBLE: FarringtonOptions = {
  periodsPerYear: 52,
  yearsBack: 5,
  halfWindow: 3,
  seasonLevels: 10,
  excludedRecent: 26,
  reweight: true,
  weightsThreshold: 2.58,
  trendThreshold: 1,
  alpha: 0.01,
  bound: 'nbPlugin',
  limit: { cases: 5, periods: 4 },
};

export const FARRINGTON_CLASSIC: FarringtonOptions = {
  ...FARRINGTON_FLEXIBLE,
  seasonLevels: 1,
  excludedRecent: 3,
  weightsThreshold: 1,
  trendThreshold: 0.05,
  bound: 'delta',
};

export interface FarringtonFit {
  readonly kind: 'fitted';
  /** Expected count of the assessed period. */
  readonly expected: number;
  /** φ, at least 1. */
  readonly dispersion: number;
  /** Slope of log μ per period; null where the trend was dropped. */
  readonly trend: number | null;
  /** Standard error of log expected, φ included. */
  readonly linkError: number;
  readonly references: number;
  /** References downweighted as past exceedances. */
  readonly downweighted: number;
}

export type FarringtonWhy = 'history-too-short' | 'too-few-periods' | 'all-zero' | 'window-all-zero' | 'missing';

export interface FarringtonUnassessed {
  readonly kind: 'not-assessable';
  readonly why: FarringtonWhy;
}

export interface FarringtonAssessed extends Omit<FarringtonFit, 'kind'> {
  readonly kind: 'assessed';
  readonly observed: number;
  /** Mean the quantile is taken from: expected, or its upper limit with `muan`; null with `delta`. */
  readonly quantileMean: number | null;
  readonly upper: number;
  /** P(Y >= observed); with `delta` the upper normal tail on the 2/3 scale. */
  readonly exceedanceProbability: number;
  /** Too few cases lately (`limit`): figures are given, but there is no alarm, and the bound is not to be shown. */
  readonly tooFewCases: boolean;
  readonly alarm: boolean;
}

/** NaN in `counts` is a hole. `exposure` (> 0) multiplies the mean; NaN or 0 there makes a hole too. */
export interface FarringtonSeries {
  readonly counts: Float64Array;
  readonly exposure?: Float64Array | undefined;
  /** 1 = not to be used as reference (festival week, flagged interval). */
  readonly excluded?: Uint8Array | undefined;
}

/** Level of each period of [first, at]; -1 outside the reference. Returns null where the history does not reach back far enough. */
function seasonLevels(at: number, options: FarringtonOptions): { first: number; level: Int32Array } | null {
  const { periodsPerYear, yearsBack, halfWindow, seasonLevels: levels, excludedRecent } = options;
  const first = at - yearsBack * periodsPerYear - halfWindow;
  if (first < 0) return null;
  const level = new Int32Array(at - first + 1).fill(-1);
  for (let year = 1; year <= yearsBack; year++) {
    const centre = at - year * periodsPerYear - first;
    for (let i = centre - halfWindow; i <= centre + halfWindow; i++) level[i] = levels - 1;
    const between = periodsPerYear - (2 * halfWindow + 1);
    if (levels === 1) continue;
    const size = Math.floor(between / (levels - 1));
    const longer = between % (levels - 1);
    let i = centre + halfWindow + 1;
    for (let block = 0; block < levels - 1; block++) {
      const length = size + (block < longer ? 1 : 0);
      for (let n = 0; n < length; n++) level[i++] = block;
    }
  }
  for (let i = Math.max(0, at - first - excludedRecent); i < level.length; i++) level[i] = -1;
  return { first, level };
}

interface Fitted {
  readonly fit: TrendFactorFit;
  readonly dispersion: number;
  readonly downweighted: number;
}

/** Both passes: plain, then with past exceedances downweighted. */
function fitTwice(data: TrendFactorRows, options: FarringtonOptions, trend: boolean): Fitted | null {
  data.weight.fill(1);
  const plain = trendFactorFit(data, { trend });
  if (plain === null || plain.dispersion === null) return null;
  const dispersion = Math.max(1, plain.dispersion);
  if (!options.reweight) return { fit: plain, dispersion, downweighted: 0 };
  const residuals = { ...plain, count: data.count, rows: data.rows, dispersion };
  const downweighted = anscombeWeights(residuals, options.weightsThreshold, data.weight);
  if (downweighted === 0) return { fit: plain, dispersion, downweighted };
  const again = trendFactorFit(data, { trend, start: plain.trend ?? 0 });
  if (again === null || again.dispersion === null) return null;
  return { fit: again, dispersion: Math.max(1, again.dispersion), downweighted };
}

/** Dispersion the standard errors are taken with. */
function errorDispersion(data: TrendFactorRows, { fit }: Fitted, options: FarringtonOptions): number {
  if (options.standardError !== 'surveillance') return Math.max(1, fit.dispersion ?? 1);
  let sum = 0;
  for (let i = 0; i < data.rows; i++) {
    const mu = fit.fitted[i]!;
    if (mu > 0) sum += data.weight[i]! * ((data.count[i]! - mu) / mu) ** 2;
  }
  return sum / fit.residualDegrees;
}

const FEWEST_IN_WINDOW = 3;

/** Expected count and dispersion of period `at` from the periods before it, or why there are none. Cost: O(reference periods). */
export function farringtonFit(
  series: FarringtonSeries,
  at: number,
  options: FarringtonOptions,
): FarringtonFit | FarringtonUnassessed {
  const seasons = seasonLevels(at, options);
  if (seasons === null) return { kind: 'not-assessable', why: 'history-too-short' };
  const { first, level } = seasons;
  const { counts, exposure, excluded } = series;
  const most = level.length;
  const data = {
    count: new Float64Array(most),
    time: new Float64Array(most),
    level: new Int32Array(most),
    exposure: new Float64Array(most),
    weight: new Float64Array(most).fill(1),
    rows: 0,
    levels: options.seasonLevels,
  };
  let sum = 0;
  let largest = 0;
  let inWindow = 0;
  let rows = 0;
  const window = options.seasonLevels - 1;
  for (let i = 0; i < most; i++) {
    const l = level[i]!;
    if (l < 0 || excluded?.[first + i] === 1) continue;
    const y = counts[first + i]!;
    const share = exposure === undefined ? 1 : exposure[first + i]!;
    if (!(y >= 0) || !(share > 0)) continue;
    data.count[rows] = y;
    data.time[rows] = (first + i - at) / options.periodsPerYear;
    data.level[rows] = l;
    data.exposure[rows] = share;
    rows++;
    sum += y;
    if (y / share > largest) largest = y / share;
    if (l === window) inWindow++;
  }
  data.rows = rows;
  if (inWindow < FEWEST_IN_WINDOW || rows < options.seasonLevels + 3)
    return { kind: 'not-assessable', why: 'too-few-periods' };
  if (sum === 0) return { kind: 'not-assessable', why: 'all-zero' };

  let trend = true;
  let fitted = fitTwice(data, options, true);
  if (fitted !== null) {
    const { fit } = fitted;
    const scale = errorDispersion(data, fitted, options);
    const p =
      options.trendThreshold >= 1
        ? 0
        : studentTwoSided({ t: fit.trend! / Math.sqrt(scale * fit.trendVariance), degrees: fit.residualDegrees });
    if (p >= options.trendThreshold || options.yearsBack < 3 || fit.levelMean[window]! > largest) trend = false;
  } else trend = false;
  if (!trend) fitted = fitTwice(data, options, false);
  if (fitted === null) return { kind: 'not-assessable', why: 'too-few-periods' };
  const expected = fitted.fit.levelMean[window]!;
  if (!(expected > 0)) return { kind: 'not-assessable', why: 'window-all-zero' };
  const scale = errorDispersion(data, fitted, options);
  return {
    kind: 'fitted',
    expected,
    dispersion: fitted.dispersion,
    trend: fitted.fit.trend === null ? null : fitted.fit.trend / options.periodsPerYear,
    linkError: Math.sqrt(scale * fitted.fit.linkVariance({ level: window, time: 0 })),
    references: rows,
    downweighted: fitted.downweighted,
  };
}

/** Variance over (2/3)² on the 2/3-power scale: μ^(1/3)(φ + se²/μ), se that of μ. */
function powerDeviation({ expected, dispersion, linkError }: FarringtonFit): number {
  return (2 / 3) * Math.sqrt(Math.cbrt(expected) * (dispersion + linkError * linkError * expected));
}

/** Bound and exceedance probability of period `at`. Undefined cases as typed reasons. Cost: O(reference periods) and one quantile. */
export function farrington(
  series: FarringtonSeries,
  at: number,
  options: FarringtonOptions = FARRINGTON_FLEXIBLE,
): FarringtonAssessed | FarringtonUnassessed {
  const observed = series.counts[at];
  if (observed === undefined || !(observed >= 0)) return { kind: 'not-assessable', why: 'missing' };
  let tooFewCases = false;
  if (options.limit !== null) {
    let recent = 0;
    for (let i = Math.max(0, at - options.limit.periods + 1); i <= at; i++) {
      const y = series.counts[i]!;
      if (y >= 0) recent += y;
    }
    tooFewCases = recent < options.limit.cases;
  }
  const fit = farringtonFit(series, at, options);
  if (fit.kind === 'not-assessable') return fit;
  const share = series.exposure?.[at] ?? 1;
  const z = normalQuantile(1 - options.alpha);
  if (options.bound === 'delta') {
    const centre = Math.cbrt(fit.expected * fit.expected);
    const deviation = powerDeviation(fit);
    const upper = Math.max(0, centre + z * deviation) ** 1.5 * share;
    const y = observed / share;
    const exceedanceProbability = normalCdf((centre - Math.cbrt(y * y)) / deviation);
    return {
      ...fit,
      kind: 'assessed',
      observed,
      expected: fit.expected * share,
      quantileMean: null,
      upper,
      exceedanceProbability,
      tooFewCases,
      alarm: !tooFewCases && observed > upper,
    };
  }
  const full = options.bound === 'muan' ? fit.expected * Math.exp(z * fit.linkError) : fit.expected;
  const size = sizeOf({ mean: full, variance: full * fit.dispersion });
  const mean = full * share;
  const upper = negativeBinomialQuantile({ mean, size, probability: 1 - options.alpha });
  return {
    ...fit,
    kind: 'assessed',
    observed,
    expected: fit.expected * share,
    quantileMean: mean,
    upper,
    // A fractional count (weighted reports) is at least reached by the next whole one only.
    exceedanceProbability: negativeBinomialAtLeast({ count: Math.ceil(observed), mean, size }),
    tooFewCases,
    alarm: !tooFewCases && observed > upper,
  };
}
