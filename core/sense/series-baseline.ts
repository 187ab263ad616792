import { FARRINGTON_FLEXIBLE, farringtonFit } from '../stats/farrington.ts';
import { type CountForecast, countForecast, type Expectation } from './count-forecast.ts';
import { type RegressionBaseline, regressionBaseline, regressionExpectation } from './regression-baseline.ts';

/**
 * Expected count of each period of one series, from its own past (METHODS d): what the series rooms draw and the alert engine compares with.
 *
 * Weekly with 3.5 years or more: Farrington Flexible with as many years as there are (3-5). From 26 weeks, and always for days and for weeks of
 * a special class: quasi-Poisson regression with trend, harmonics and calendar classes, for weeks at the level of the last 12. From 8 weeks: gamma-Poisson with the dispersion of the
 * reference. Shorter: not assessable. Only the past is used, less a guard band; a break cuts it off.
 */
export interface CountSeries {
  readonly period: 'day' | 'week';
  /** Reports per period in order of time, no period left out; NaN = hole (nobody looked), never 0. */
  readonly counts: Float64Array;
  /** Class of the period, 0-255, own choice of the caller (weekday or kind of holiday); 0 = the ordinary one. Left out: one class. */
  readonly calendarClass?: Uint8Array | undefined;
  /** Festival-relative class (before, in, after the festival), 0 = none. */
  readonly festivalClass?: Uint8Array | undefined;
  /** First period of each new regime: nothing before it is compared with what follows. */
  readonly breaks?: ArrayLike<number> | undefined;
  /** F of each period: share of its reports that has come in, 0-1. Left out: all complete. */
  readonly completeness?: Float64Array | undefined;
}

export interface SeriesBaselineOptions {
  /** Assessed periods [from, to). */
  readonly from: number;
  readonly to: number;
  /** Level of the alert bound; 0.01. */
  readonly alpha?: number;
  /** Periods before the assessed one that are no reference; 2 weeks, 14 days. Farrington Flexible leaves out 26 weeks whatever is given. */
  readonly guard?: number;
}

export type SeriesModel = 'farrington-flexible' | 'quasi-poisson-calendar' | 'gamma-poisson';

export type SeriesWhy =
  /** The assessed period itself is a hole. */
  | 'missing'
  | 'negative-count'
  /** Fewer than 30 % of its reports have come in. */
  | 'incomplete'
  /** A break lies less than 8 weeks back. */
  | 'break'
  | 'too-few-periods'
  | 'all-missing'
  | 'all-zero'
  | 'constant'
  /** Its calendar or festival class has not been seen often enough before. */
  | 'class-unseen';

export interface SeriesAssessed extends CountForecast {
  readonly kind: 'assessed';
  readonly index: number;
  readonly observed: number;
  readonly references: number;
  /** φ >= 1 of the fit. */
  readonly dispersion: number;
  readonly model: SeriesModel;
}
export interface SeriesUnassessed {
  readonly kind: 'not-assessable';
  readonly index: number;
  /** null = hole. */
  readonly observed: number | null;
  readonly why: SeriesWhy;
}
export type SeriesAssessment = SeriesAssessed | SeriesUnassessed;

const LEAST_COMPLETE = 0.3;
const FEWEST_WEEKS = 8;
const REGRESSION_WEEKS = 26;
/**
 * Three years of reference and the half year left out. With two years the ten seasonal levels and the trend overfit: on the last 52 weeks of
 * Chicago (130–164 weeks of history) 95 % intervals of weeks with 20–100 reports covered 91 %, those of the regression 94 %.
 */
const FARRINGTON_WEEKS = 182;
const LONGEST_REGRESSION_WEEKS = 157;
/** Gamma-Poisson knows no season: it looks back no further than this. */
const GAMMA_POISSON_WEEKS = 26;
const FARRINGTON_YEARS = { fewest: 3, most: FARRINGTON_FLEXIBLE.yearsBack } as const;
const WEEKS_A_YEAR = 52;
/** On the last 52 weeks of Tainan, whose parking tickets had fallen by a quarter, 95 % intervals of 20–100 expected cover 93 % instead of 80 %. */
const LEVEL_WEEKS = 12;
const LEVEL_EVENTS = 20;
/** From so many expected on the errors of past forecasts are looked at; below, counting noise rules. */
const LEAST_FORECAST = 20;
/** A week further off than this, in standard deviations of the fit, was an event and no error of forecasting. */
const LARGEST_ERROR = 5;

interface Prepared {
  readonly counts: Float64Array;
  readonly completeness: Float64Array;
  readonly usable: Uint8Array;
  readonly calendarClass: Uint8Array;
  readonly festivalClass: Uint8Array;
  readonly special: Uint8Array;
  readonly perWeek: number;
  readonly periodsPerYear: number;
  /** Periods one regression serves. */
  readonly refitEvery: number;
  readonly guard: number;
}

function prepare(series: CountSeries, options: SeriesBaselineOptions): Prepared {
  const { counts, period } = series;
  const n = counts.length;
  const completeness = series.completeness ?? new Float64Array(n).fill(1);
  const calendarClass = series.calendarClass ?? new Uint8Array(n);
  const festivalClass = series.festivalClass ?? new Uint8Array(n);
  const usable = new Uint8Array(n);
  const special = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    usable[i] = counts[i]! >= 0 && counts[i]! < Infinity && completeness[i]! >= LEAST_COMPLETE ? 1 : 0;
    special[i] = calendarClass[i] !== 0 || festivalClass[i] !== 0 ? 1 : 0;
  }
  const day = period === 'day';
  return {
    counts,
    completeness,
    usable,
    calendarClass,
    festivalClass,
    special,
    perWeek: day ? 7 : 1,
    periodsPerYear: day ? 365.25 : 365.25 / 7,
    refitEvery: day ? 14 : 4,
    guard: options.guard ?? (day ? 14 : 2),
  };
}

interface Reference {
  readonly first: number;
  readonly last: number;
  /** Known periods. */
  readonly known: number;
  readonly sum: number;
  readonly constant: boolean;
  /** From the first known period to the end of the reference. */
  readonly weeks: number;
}

function reference({ counts, usable, perWeek, guard }: Prepared, start: number, at: number): Reference {
  const last = at - guard - 1;
  let first = -1;
  let known = 0;
  let sum = 0;
  let low = Infinity;
  let high = -Infinity;
  for (let i = start; i <= last; i++) {
    if (usable[i] !== 1) continue;
    const y = counts[i]!;
    if (first < 0) first = i;
    known++;
    sum += y;
    if (y < low) low = y;
    if (y > high) high = y;
  }
  return { first, last, known, sum, constant: low === high, weeks: first < 0 ? 0 : (last - first + 1) / perWeek };
}

/** Mean and dispersion of the recent reference periods of the same class; null where fewer than eight are known. */
function gammaPoissonExpectation(
  data: Prepared,
  { first, last }: Reference,
  at: number,
): (Expectation & { readonly references: number }) | null {
  const { counts, completeness, usable, calendarClass, festivalClass, perWeek } = data;
  const from = Math.max(first, last - GAMMA_POISSON_WEEKS * perWeek + 1);
  let sum = 0;
  let exposure = 0;
  let n = 0;
  const like = (i: number): boolean =>
    usable[i] === 1 && calendarClass[i] === calendarClass[at] && festivalClass[i] === festivalClass[at];
  for (let i = from; i <= last; i++)
    if (like(i)) {
      sum += counts[i]!;
      exposure += completeness[i]!;
      n++;
    }
  if (n < FEWEST_WEEKS) return null;
  // Jeffreys prior: with φ = 1 the forecast is exactly the negative binomial of size 1/2 + sum.
  const expected = (0.5 + sum) / exposure;
  let pearson = 0;
  for (let i = from; i <= last; i++)
    if (like(i)) {
      const mu = expected * completeness[i]!;
      pearson += (counts[i]! - mu) ** 2 / mu;
    }
  const dispersion = Math.max(1, pearson / (n - 1));
  return { expected, dispersion, linkError: Math.sqrt(dispersion / (expected * exposure)), references: n };
}

/**
 * Squared errors ahead over squared errors on the weeks a fit knew, (n + p) / (n − p): the coefficients were drawn towards those weeks, by p of
 * their n, and are off by as much on a new one (final prediction error, Akaike 1969).
 */
function optimism({ fit, references }: RegressionBaseline): number {
  const columns = fit.coefficients.length;
  return (references + columns) / (references - columns);
}

type Model = Expectation & { readonly model: SeriesModel; readonly references: number };

/** The regression that serves a period: one per `refitEvery` periods since the break, whatever range is asked for. */
class Regressions {
  private anchor = -1;
  private kept: RegressionBaseline | null = null;
  /** Of the kept regression; null = not asked for yet. */
  private forecast: number | null = null;
  private readonly data: Prepared;
  constructor(data: Prepared) {
    this.data = data;
  }

  expectation(start: number, at: number): Model | null | 'class-unseen' {
    const { data } = this;
    const anchor = Math.max(start, at - ((at - start) % data.refitEvery));
    if (anchor !== this.anchor) {
      this.anchor = anchor;
      this.forecast = null;
      const span = reference(data, start, anchor);
      const first = Math.max(span.first, span.last - LONGEST_REGRESSION_WEEKS * data.perWeek + 1);
      const all = { ...data, periodsPerWeek: data.perWeek, first, last: span.last };
      this.kept = span.known === 0 ? null : this.best(all, anchor);
    }
    if (this.kept === null) return null;
    const expectation = regressionExpectation(this.kept, at);
    if (expectation === null) return 'class-unseen';
    const own =
      data.perWeek === 1
        ? this.asForecast(this.atLevel(expectation, this.kept, { start, at }), { kept: this.kept, start, anchor })
        : expectation;
    return { ...own, model: 'quasi-poisson-calendar', references: this.kept.references };
  }

  /**
   * At the level of the last 12 known weeks before the guard: a trend over years follows a step too slowly. Shrunk by `LEVEL_EVENTS` × φ reports
   * at factor 1. Weeks only: for days it would cost 84 predictions each, and they are fitted anew every two weeks.
   */
  private atLevel(
    { expected, dispersion, linkError }: Expectation,
    kept: RegressionBaseline,
    { start, at }: { readonly start: number; readonly at: number },
  ): Expectation {
    const { counts, completeness, usable, guard } = this.data;
    let [seen, meant, weeks] = [0, 0, 0];
    for (let i = at - guard - 1; i >= start && weeks < LEVEL_WEEKS; i--) {
      const before = usable[i] === 1 ? regressionExpectation(kept, i) : null;
      if (before === null) continue;
      seen += counts[i]!;
      meant += before.expected * completeness[i]!;
      weeks++;
    }
    const prior = LEVEL_EVENTS * dispersion;
    return {
      expected: (expected * (seen + prior)) / (meant + prior),
      dispersion,
      linkError: Math.max(linkError, Math.sqrt(dispersion / (meant + prior))),
    };
  }

  /**
   * Adds to the error of the mean what forecasts of the reference itself were off by: each of its weeks at the level of the 12 weeks before the
   * guard, as this one is. The dispersion of a fit is that around a curve which knew these weeks, without the weeks it weighed down, and levels drift. The
   * alert bound stays at the fit's dispersion: only the interval widens. Where few are expected counting noise is nearly all there is.
   */
  private asForecast(
    expectation: Expectation,
    of: { readonly kept: RegressionBaseline; readonly start: number; readonly anchor: number },
  ): Expectation {
    const { expected, dispersion, linkError } = expectation;
    if (!(expected >= LEAST_FORECAST)) return expectation;
    this.forecast ??= this.forecastDispersion(of) * optimism(of.kept);
    const wider = this.forecast - dispersion;
    if (!(wider > 0)) return expectation;
    // The fit's own error is added, not compared: on weeks it knew, its season and trend were off by less than ahead.
    return { expected, dispersion, linkError: Math.sqrt(linkError * linkError + wider / expected) };
  }

  /** Mean squared Pearson error of such forecasts, single weeks cut off at `LARGEST_ERROR` standard deviations; 1 where fewer than 26 can be made. */
  private forecastDispersion({
    kept,
    start,
    anchor,
  }: {
    readonly kept: RegressionBaseline;
    readonly start: number;
    readonly anchor: number;
  }): number {
    const { counts, completeness, usable, guard } = this.data;
    const first = Math.max(start, anchor - LONGEST_REGRESSION_WEEKS);
    const meant = new Float64Array(anchor - first).fill(Number.NaN);
    let own = 1;
    for (let i = first; i < anchor; i++) {
      const found = usable[i] === 1 ? regressionExpectation(kept, i) : null;
      if (found === null) continue;
      meant[i - first] = found.expected * completeness[i]!;
      own = found.dispersion;
    }
    const prior = LEVEL_EVENTS * own;
    let [errors, n] = [0, 0];
    for (let i = Math.max(LEVEL_WEEKS + guard, meant.length - guard - WEEKS_A_YEAR); i < meant.length - guard; i++) {
      if (!(meant[i]! > 0)) continue;
      let [seen, expected, weeks] = [0, 0, 0];
      for (let k = i - guard - 1; k >= 0 && weeks < LEVEL_WEEKS; k--) {
        if (!(meant[k]! > 0)) continue;
        seen += counts[first + k]!;
        expected += meant[k]!;
        weeks++;
      }
      const mean = (meant[i]! * (seen + prior)) / (expected + prior);
      errors += Math.min((counts[first + i]! - mean) ** 2 / mean, LARGEST_ERROR ** 2 * own);
      n++;
    }
    return n >= REGRESSION_WEEKS ? errors / n : 1;
  }

  /** Without its trend where that would lead above all that was ever seen. */
  private best(data: Parameters<typeof regressionBaseline>[0], anchor: number): RegressionBaseline | null {
    const withTrend = regressionBaseline(data, { trend: true });
    if (withTrend === null) return regressionBaseline(data, { trend: false });
    let largest = 0;
    for (let i = data.first; i <= data.last; i++)
      if (data.usable[i] === 1) largest = Math.max(largest, data.counts[i]! / data.completeness[i]!);
    const ahead = regressionExpectation(withTrend, anchor);
    if (ahead !== null && ahead.expected > largest) return regressionBaseline(data, { trend: false }) ?? withTrend;
    return withTrend;
  }
}

function farringtonExpectation(data: Prepared, start: number, at: number): Model | null {
  const years = Math.floor((at - start - FARRINGTON_FLEXIBLE.halfWindow) / WEEKS_A_YEAR);
  if (years < FARRINGTON_YEARS.fewest) return null;
  const fit = farringtonFit({ counts: data.counts, exposure: data.completeness, excluded: data.special }, at, {
    ...FARRINGTON_FLEXIBLE,
    yearsBack: Math.min(FARRINGTON_YEARS.most, years),
  });
  if (fit.kind === 'not-assessable') return null;
  const { expected, dispersion, linkError, references } = fit;
  return { expected, dispersion, linkError, references, model: 'farrington-flexible' };
}

function startOf(breaks: ArrayLike<number> | undefined, at: number): number {
  let start = 0;
  if (breaks !== undefined)
    for (let i = 0; i < breaks.length; i++) if (breaks[i]! <= at && breaks[i]! > start) start = breaks[i]!;
  return start;
}

function assess(
  data: Prepared,
  regressions: Regressions,
  at: number,
  { start, alpha, weekly }: { readonly start: number; readonly alpha: number; readonly weekly: boolean },
): SeriesAssessment {
  const observed = data.counts[at]!;
  const no = (why: SeriesWhy): SeriesUnassessed => ({
    kind: 'not-assessable',
    index: at,
    observed: Number.isFinite(observed) ? observed : null,
    why,
  });
  if (!Number.isFinite(observed)) return no('missing');
  if (observed < 0) return no('negative-count');
  const completeness = data.completeness[at]!;
  if (!(completeness >= LEAST_COMPLETE)) return no('incomplete');
  const span = reference(data, start, at);
  const short = span.known < FEWEST_WEEKS * data.perWeek * 0.75 || span.weeks < FEWEST_WEEKS;
  if (short) {
    if (start > 0 && at - start < (FEWEST_WEEKS + 1) * data.perWeek + data.guard) return no('break');
    return no(span.known === 0 && span.last >= start ? 'all-missing' : 'too-few-periods');
  }
  if (span.sum === 0) return no('all-zero');
  if (span.constant) return no('constant');

  let model: Model | null = null;
  let unseen = false;
  if (weekly && span.weeks >= FARRINGTON_WEEKS && data.special[at] === 0)
    model = farringtonExpectation(data, start, at);
  if (model === null && span.weeks >= REGRESSION_WEEKS) {
    const found = regressions.expectation(start, at);
    if (found === 'class-unseen') unseen = true;
    else model = found;
  }
  if (model === null && !unseen) {
    const found = gammaPoissonExpectation(data, span, at);
    if (found !== null) model = { ...found, model: 'gamma-poisson' };
    else unseen = true;
  }
  if (model === null) return no(unseen ? 'class-unseen' : 'too-few-periods');
  const forecast = countForecast(model, { observed, completeness: Math.min(1, completeness), alpha });
  return {
    kind: 'assessed',
    index: at,
    observed,
    ...forecast,
    references: model.references,
    dispersion: model.dispersion,
    model: model.model,
  };
}

/** One assessment a period of [from, to). Cost: a fit of the reference a week (Farrington) or every 4 weeks or 14 days (regression). */
export function seriesBaseline(series: CountSeries, options: SeriesBaselineOptions): readonly SeriesAssessment[] {
  const data = prepare(series, options);
  const regressions = new Regressions(data);
  const weekly = series.period === 'week';
  const out: SeriesAssessment[] = [];
  for (let at = Math.max(0, options.from); at < Math.min(options.to, series.counts.length); at++)
    out.push(
      assess(data, regressions, at, { start: startOf(series.breaks, at), alpha: options.alpha ?? 0.01, weekly }),
    );
  return out;
}
