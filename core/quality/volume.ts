import { atLeast, atMost, type ExpectedCount } from './count-tail.ts';
import { completenessAfter, LEAST_COMPLETE } from './reporting-delay.ts';

/**
 * Rows of one source and day against the same weekday of its last weeks, and the spans in which a source hardly delivered.
 *
 * Baseline of a day: the last 8 usable days of the same weekday, at most 26 weeks back; fewer than 4 give no verdict. Usable is a day
 * that was itself normal: a gap does not become the yardstick of the weeks behind it. What stays changed for 26 weeks is the new level.
 * With m days and a sum of S rows the next day has (Jeffreys prior)
 *
 *     mean μ = (S + ½) / m        variance = φ μ (1 + 1/m)        negative binomial
 *
 * φ >= 1 is the Pearson dispersion around the weekday means of the same weeks (at least 12 degrees of freedom). With φ = 1 this is the
 * exact predictive distribution of a Poisson count, so small counts are safe: no verdict rests on a normal approximation.
 *
 *     low     P(X <= n) < 0.001 and n <= 0.8 μ          high    P(X >= n) < 0.001 and n >= 1.25 μ
 *     silent  n = 0 and P(X = 0) < 0.001
 *
 * Calendar: on a holiday, and within 7 days of one of 3 days or more (make-up working days, journeys home), there is no low or high;
 * silence is judged against the least such a day leaves: 0.6 μ near, on the holiday 0.15 μ, or a Sunday's mean if that is smaller. A declared break of the source cuts
 * the baseline. Days still filling are compared with μ F(d) (`reporting-delay.ts`), below F = 0.3 with nothing; low and silent
 * with μ F(d − 2), because what waits for a working day fills later than the mean day.
 *
 * Thin spans: every run of 1, 7 or 28 days with at most half of what was expected before the run, and P < 0.0001. It is cut to
 * the part where rows are lacking. Here breaks do not cut: a fall to less than half at a declared break is thin *and* says which break it follows.
 *
 * Cost: days × 4 × 56. Source of the method: METHODS.md a (EARS, Farrington: own past, excluded outliers, negative-binomial bounds).
 */
export type VolumeVerdict = 'normal' | 'low' | 'high' | 'silent' | 'not-assessable';
export type NotAssessable =
  | 'before-first'
  | 'not-yet'
  | 'still-filling'
  | 'no-baseline'
  | 'after-break'
  | 'holiday'
  | 'near-holiday';

export interface DayVolume {
  readonly day: number;
  readonly n: number;
  /** Rows to expect by now, holiday and filling allowed for; null = no baseline. */
  readonly expected: number | null;
  /** Rows of a plain, filled day of this weekday; null = no baseline. Breaks do not cut it. */
  readonly plain: number | null;
  readonly verdict: VolumeVerdict;
  /** Null when there is a verdict. */
  readonly why: NotAssessable | null;
}

export interface OddSpan {
  readonly kind: 'silent' | 'thin' | 'high';
  /** Days since 1970-01-01, half-open. */
  readonly firstDay: number;
  readonly endDay: number;
  readonly n: number;
  /** Rows expected over the span from what came before it. */
  readonly expected: number;
  /** Declared break of the source at most 7 days before the span begins, or inside it; null = none known. */
  readonly breakDay: number | null;
}

export interface VolumeInput {
  /** Rows per day from `firstDay` on; 0 = no row, which says nothing yet about why. */
  readonly firstDay: number;
  readonly counts: ArrayLike<number>;
  /** Newest day of which rows can be there: the as-of day of the source. Later days are `not-yet`. */
  readonly asOfDay: number;
  /** F(d); null = not known: then the last `fillingDays` days get no verdict. */
  readonly completeness: readonly number[] | null;
  /** Used where completeness is not known: the cadence. */
  readonly fillingDays: number;
  readonly breaks: readonly number[];
  /** Half-open days. */
  readonly holidays: readonly { readonly firstDay: number; readonly endDay: number }[];
}

export interface Volume {
  /** One entry a day of the input. */
  readonly days: readonly DayVolume[];
  readonly spans: readonly OddSpan[];
}

const BASELINE_DAYS = 8;
const FEWEST_DAYS = 4;
const REACH_DAYS = 182;
const FEWEST_DF = 12;
const ALPHA = 0.001;
const LOW_SHARE = 0.8;
const HIGH_SHARE = 1.25;
const THIN_ALPHA = 0.0001;
export const THIN_SHARE = 0.5;
const THIN_RUNS = [1, 7, 28] as const;
/** Between half and all, nearer to half: what a day must bring not to belong to a gap beside it. */
const LACKING_SHARE = 0.6;
/** Rows expected: of fewer a span of its own says nothing. */
const LEAST_LACKING = 7;
const HOLIDAY_SHARE = 0.15;
const NEAR_HOLIDAY_SHARE = 0.6;
const LONG_HOLIDAY_DAYS = 3;
const NEAR_HOLIDAY_DAYS = 7;
const NEAR_BREAK_DAYS = 7;
const HIGH_RUN_DAYS = 3;
/** Of a weekend. */
const FREE_DAYS = 2;
/** Of a day that is at least so complete n may serve as baseline. */
const FILLED = 0.95;

/** Verdict of every day and the odd spans, by the rules at the head of the file. */
export function assessVolume(input: VolumeInput): Volume {
  const length = input.counts.length;
  const first = firstDelivered(input.counts);
  const past: Past = { input, kinds: dayKinds(input), usable: new Uint8Array(length), first };
  const thin = new Uint8Array(length);
  const days: DayVolume[] = [];
  let cutAt = first;
  for (let t = 0; t < length; t++) {
    const day = input.firstDay + t;
    const n = input.counts[t] as number;
    if (t < first || day > input.asOfDay) {
      const why = t < first ? 'before-first' : 'not-yet';
      days.push({ day, n, expected: null, plain: null, verdict: 'not-assessable', why });
      continue;
    }
    if (input.breaks.includes(day)) cutAt = t;
    const kind = past.kinds[t] as number;
    const filled = filledShare(input, day);
    const ahead = baselineAt(profileBefore(past, t, first), t);
    const own = cutAt > t - REACH_DAYS && cutAt > first ? baselineAt(profileBefore(past, t, cutAt), t) : ahead;
    const assessed = verdictOf(n, own, { kind, filled, afterBreak: own === null && ahead !== null });
    days.push({ day, n, plain: ahead?.mean ?? null, ...assessed });
    const odd = assessed.verdict === 'low' || assessed.verdict === 'high' || assessed.verdict === 'silent';
    past.usable[t] = !odd && kind === PLAIN && filled.share >= FILLED ? 1 : 0;
    for (const run of THIN_RUNS) if (isThin(past, t - run + 1, t + 1)) markThin(past, thin, t - run + 1, t + 1);
  }
  const spans = thinSpans(past, thin, days);
  return { days, spans: [...spans, ...highSpans(input, days)].sort((a, b) => a.firstDay - b.firstDay) };
}

const PLAIN = 0;
const HOLIDAY = 1;
const NEAR_HOLIDAY = 2;

/** What is known of the days so far; index 0 is the first day of the input. */
interface Past {
  readonly input: VolumeInput;
  readonly kinds: Uint8Array;
  /** 1 = may serve as baseline. */
  readonly usable: Uint8Array;
  readonly first: number;
}

function dayKinds({ firstDay, counts, holidays }: VolumeInput): Uint8Array {
  const kinds = new Uint8Array(counts.length);
  for (const { firstDay: from, endDay: to } of holidays) {
    const around = to - from >= LONG_HOLIDAY_DAYS ? NEAR_HOLIDAY_DAYS : 0;
    for (let day = from - around; day < to + around; day++) {
      const t = day - firstDay;
      if (t < 0 || t >= counts.length) continue;
      if (day >= from && day < to) kinds[t] = HOLIDAY;
      else if (kinds[t] === PLAIN) kinds[t] = NEAR_HOLIDAY;
    }
  }
  return kinds;
}

function firstDelivered(counts: ArrayLike<number>): number {
  for (let t = 0; t < counts.length; t++) if ((counts[t] as number) > 0) return t;
  return counts.length;
}

interface Filled {
  readonly share: number;
  /** The least share by now: what waits for a working day fills two days later than the mean day. */
  readonly least: number;
  readonly known: boolean;
}

function filledShare({ completeness, asOfDay, fillingDays }: VolumeInput, day: number): Filled {
  const elapsed = asOfDay - day;
  if (!completeness) {
    const share = elapsed < fillingDays ? 0 : 1;
    return { share, least: share, known: share === 1 };
  }
  const least = completenessAfter(completeness, elapsed - FREE_DAYS);
  return { share: completenessAfter(completeness, elapsed), least, known: true };
}

/** Means of the seven weekdays, by `index mod 7`, and what they rest on. */
interface WeekProfile {
  readonly mean: Float64Array;
  readonly days: Uint8Array;
  readonly dispersion: number;
  /** Index mod 7 of a Sunday. */
  readonly sunday: number;
}

/** Of the usable days from `from` on, before `before`; null = too little for a dispersion. */
function profileBefore(past: Past, before: number, from: number): WeekProfile | null {
  const { counts, firstDay } = past.input;
  const oldest = Math.max(from, before - REACH_DAYS);
  const mean = new Float64Array(7);
  const days = new Uint8Array(7);
  let pearson = 0;
  let df = 0;
  for (let back = 1; back <= 7; back++) {
    let sum = 0;
    let squares = 0;
    let m = 0;
    for (let t = before - back; t >= oldest && m < BASELINE_DAYS; t -= 7) {
      if (past.usable[t] === 0) continue;
      const n = counts[t] as number;
      sum += n;
      squares += n * n;
      m++;
    }
    const weekday = (before - back + 7) % 7;
    mean[weekday] = m > 0 ? (sum + 0.5) / m : Number.NaN;
    days[weekday] = m;
    if (m < 2 || sum === 0) continue;
    pearson += (squares - (sum * sum) / m) / (sum / m);
    df += m - 1;
  }
  if (df < FEWEST_DF) return null;
  // 1970-01-01 was a Thursday: day 3 was the first Sunday.
  return { mean, days, dispersion: Math.max(1, pearson / df), sunday: (((3 - firstDay) % 7) + 7) % 7 };
}

interface Baseline {
  readonly mean: number;
  readonly days: number;
  readonly dispersion: number;
  readonly sunday: number;
}

function baselineAt(profile: WeekProfile | null, t: number): Baseline | null {
  const days = profile?.days[t % 7] ?? 0;
  if (!profile || days < FEWEST_DAYS) return null;
  const { dispersion, mean, sunday } = profile;
  return { mean: mean[t % 7] as number, days, dispersion, sunday: mean[sunday] as number };
}

/** The least a day of this kind leaves of a plain day. */
function leastOf({ mean, sunday }: Baseline, kind: number): number {
  if (kind === NEAR_HOLIDAY) return NEAR_HOLIDAY_SHARE * mean;
  if (kind === HOLIDAY) return Math.min(HOLIDAY_SHARE * mean, Number.isNaN(sunday) ? mean : sunday);
  return mean;
}

interface DayCase {
  readonly kind: number;
  readonly filled: Filled;
  readonly afterBreak: boolean;
}

function verdictOf(n: number, own: Baseline | null, day: DayCase): Pick<DayVolume, 'expected' | 'verdict' | 'why'> {
  const none = (expected: number | null, why: NotAssessable) => ({ expected, verdict: 'not-assessable', why }) as const;
  if (!day.filled.known || day.filled.share < LEAST_COMPLETE) return none(null, 'still-filling');
  if (own === null) return none(null, day.afterBreak ? 'after-break' : 'no-baseline');
  const plain = leastOf(own, day.kind);
  const expected = plain * day.filled.share;
  const least = plain * day.filled.least;
  const lower = atMost(n, next(own, least));
  if (n === 0 && lower < ALPHA) return { expected, verdict: 'silent', why: null };
  if (day.kind !== PLAIN) return none(expected, day.kind === HOLIDAY ? 'holiday' : 'near-holiday');
  if (lower < ALPHA && n <= LOW_SHARE * least) return { expected, verdict: 'low', why: null };
  if (n >= HIGH_SHARE * expected && atLeast(n, next(own, expected)) < ALPHA)
    return { expected, verdict: 'high', why: null };
  if (day.filled.least < LEAST_COMPLETE) return none(expected, 'still-filling');
  return { expected, verdict: 'normal', why: null };
}

/** A new day of which `mean` rows are expected; the error of the baseline mean scales with it. */
function next({ mean: plain, days, dispersion }: Baseline, mean: number): ExpectedCount {
  return { mean, variance: dispersion * mean * (1 + mean / plain / days) };
}

/** Rows of the days [start, end) from what came before `start`; null where a weekday has no baseline or a day is not known to be filled. */
function expectedRun(past: Past, start: number, end: number): ExpectedCount | null {
  const profile = profileBefore(past, start, past.first);
  if (!profile) return null;
  let mean = 0;
  let variance = 0;
  for (let weekday = start; weekday < Math.min(end, start + 7); weekday++) {
    const own = baselineAt(profile, weekday);
    if (!own) return null;
    // Days of one weekday share the error of their mean: it is added once, with the square of their number.
    let sum = 0;
    for (let t = weekday; t < end; t += 7) {
      const filled = filledShare(past.input, past.input.firstDay + t);
      if (!filled.known) return null;
      sum += leastOf(own, past.kinds[t] as number) * filled.least;
    }
    mean += sum;
    variance += own.dispersion * (sum + (sum * sum) / own.mean / own.days);
  }
  return { mean, variance };
}

function sumOf(counts: ArrayLike<number>, start: number, end: number): number {
  let sum = 0;
  for (let t = start; t < end; t++) sum += counts[t] as number;
  return sum;
}

function isThin(past: Past, start: number, end: number): boolean {
  if (start <= past.first) return false;
  const expected = expectedRun(past, start, end);
  if (!expected) return false;
  const n = sumOf(past.input.counts, start, end);
  return n <= THIN_SHARE * expected.mean && atMost(n, expected) < THIN_ALPHA;
}

function markThin(past: Past, thin: Uint8Array, start: number, end: number): void {
  thin.fill(1, start, end);
  past.usable.fill(0, start, end);
}

/** Runs of marked days, cut to where the rows are lacking; their days get the baseline from before the run. */
function thinSpans(past: Past, thin: Uint8Array, days: DayVolume[]): OddSpan[] {
  const { input } = past;
  const spans: OddSpan[] = [];
  for (let start = 0; start < thin.length; start++) {
    if (thin[start] === 0) continue;
    let end = start;
    while (end < thin.length && thin[end] === 1) end++;
    const profile = profileBefore(past, start, past.first);
    for (let t = start; t < end; t++) {
      const own = baselineAt(profile, t);
      const day = days[t] as DayVolume;
      if (!own || day.why === 'not-yet') continue;
      const expected = leastOf(own, past.kinds[t] as number) * filledShare(input, day.day).share;
      days[t] = { ...day, plain: own.mean, expected };
    }
    addLacking(input, days, { start, end }, spans);
    start = end;
  }
  return spans;
}

/**
 * The part of [start, end) with the largest sum of (0.6 × expected − n), then the same left and right of it: the windows that found a gap
 * reach into the good days around it, and a chance low day there must not stretch it.
 */
function addLacking(
  input: VolumeInput,
  days: readonly DayVolume[],
  run: { readonly start: number; readonly end: number },
  into: OddSpan[],
): void {
  let best = 0;
  let part = { start: run.start, end: run.start };
  let sum = 0;
  let from = run.start;
  for (let t = run.start; t < run.end; t++) {
    const { n, expected } = days[t] as DayVolume;
    sum += expected === null ? 0 : LACKING_SHARE * expected - n;
    if (sum > best) {
      best = sum;
      part = { start: from, end: t + 1 };
    }
    if (sum <= 0) {
      sum = 0;
      from = t + 1;
    }
  }
  if (part.start === part.end) return;
  const n = sumOf(input.counts, part.start, part.end);
  let expected = 0;
  for (let t = part.start; t < part.end; t++) expected += days[t]?.expected ?? 0; // no baseline: nothing is lacking
  if (n > THIN_SHARE * expected || expected < LEAST_LACKING) return;
  addLacking(input, days, { start: run.start, end: part.start }, into);
  const span = { firstDay: input.firstDay + part.start, endDay: input.firstDay + part.end };
  into.push({ kind: n === 0 ? 'silent' : 'thin', ...span, n, expected, breakDay: breakOf(input, span) });
  addLacking(input, days, { start: part.end, end: run.end }, into);
}

function highSpans(input: VolumeInput, days: readonly DayVolume[]): OddSpan[] {
  const spans: OddSpan[] = [];
  for (let start = 0; start < days.length; start++) {
    if (days[start]?.verdict !== 'high') continue;
    let end = start;
    while (days[end]?.verdict === 'high') end++;
    if (end - start >= HIGH_RUN_DAYS) {
      const span = { firstDay: input.firstDay + start, endDay: input.firstDay + end };
      let expected = 0;
      for (let t = start; t < end; t++) expected += days[t]?.expected ?? 0; // a high day has an expectation
      const n = sumOf(input.counts, start, end);
      spans.push({ kind: 'high', ...span, n, expected, breakDay: breakOf(input, span) });
    }
    start = end;
  }
  return spans;
}

function breakOf({ breaks }: VolumeInput, span: { firstDay: number; endDay: number }): number | null {
  const near = breaks.filter((day) => day >= span.firstDay - NEAR_BREAK_DAYS && day < span.endDay);
  return near.length > 0 ? Math.min(...near) : null;
}
