import { atMost } from './count-tail.ts';
import type { FreshnessVerdict } from './freshness.ts';
import { type DayVolume, type OddSpan, THIN_SHARE } from './volume.ts';

/**
 * Source × division × ISO week: was it delivered? Row 0 is the source as a whole, then one row a level-1 division.
 *
 *     delivered     rows came, and not conspicuously few
 *     zero          no row, and that is believable: somebody looked
 *     thin          rows came, but days are missing, or at most half of the division's expectation (P < 0.0001)
 *     missing       no row, and that is not believable, or the source as a whole did not deliver
 *     not-yet       later than the newest record, and the next delivery is not late yet (fresh or due); or no row, and most days still filling
 *     before-first  before the first row of the source; of a division: before its first row, where a zero is not believable,
 *                   and everywhere when no row of it ever came: nothing shows that the source reports this division at all
 *
 * The week of a source misses the days that are silent, that lie in a thin span with at most a fifth of what was expected (`volume.ts`; at
 * least 3 rows), and that follow the newest record of a late or silent source. With rows such a week is thin, and so is one that a thin
 * span covers for 4 days; without a row it is missing.
 *
 * A zero is believed only in a week in which the source as a whole delivered (not thin), and only when the *whole run* of weeks without a row
 * is believable together: the last 26 weeks in which the division was delivered or zero, with S rows over an exposure of A weeks, give for a
 * run of exposure a
 *
 *     P(0) = (A / (A + a))^((S + ½) / φ)  >=  1 %          else the run is missing, and no yardstick for later weeks
 *
 * (gamma–Poisson with Jeffreys prior; φ >= 1 Pearson dispersion of those weeks). So an outage of a small division becomes missing after a
 * few weeks instead of teaching the baseline that zero is normal. Where fewer than 4 weeks lie before, or they brought fewer than 3 rows a
 * week, the 26 weeks after the run count too: a few rows a month say little from one side. Fewer than 4 in all: missing.
 *
 * Exposure of a week: what the source was to bring on the days that are there (holidays and filling allowed for) over a plain week.
 * A division thin for 26 weeks on end has a new level. Cost: divisions × weeks × 26.
 */
export const WEEK_STATES = ['delivered', 'zero', 'thin', 'missing', 'not-yet', 'before-first'] as const;
export type WeekState = (typeof WEEK_STATES)[number];

export interface CoverageWeek {
  readonly state: WeekState;
  readonly n: number;
  /** Rows a full week was to bring; null = no baseline. */
  readonly expected: number | null;
  /** Bit 0 = Monday … bit 6 = Sunday: days that are missing though rows were expected. */
  readonly missingDays: number;
}

export interface CoverageInput {
  /** Days since 1970-01-01 of the Mondays, ascending. */
  readonly weeks: readonly number[];
  /** Days covered, half-open; index 0 of the counts is `firstDay`. */
  readonly window: { readonly firstDay: number; readonly endDay: number };
  /** Verdicts of the source as a whole, one a day of the window. */
  readonly days: readonly DayVolume[];
  readonly spans: readonly OddSpan[];
  /** Null = nothing accepted. */
  readonly asOfDay: number | null;
  readonly freshness: FreshnessVerdict;
  /** Per division, rows per day of the window. */
  readonly divisions: readonly ArrayLike<number>[];
}

const BELIEVABLE = 0.01;
const BASELINE_WEEKS = 26;
const FEWEST_WEEKS = 4;
const THIN_ALPHA = 0.0001;
const NEW_LEVEL_WEEKS = 26;
/** A week of which less is there is no baseline. */
const LEAST_EXPOSURE = 0.6;
/** A day without rows of which fewer were expected is not named as missing: of the source, of a division. */
const NAMED_FROM = { source: 3, division: 7 } as const;
const THIN_WEEK_DAYS = 4;
/** Of a day in a thin span that brought no larger share nothing came but late rows. */
const DRIBBLE_SHARE = 0.2;
/** Fewer rows a week: the weeks after a run without rows are asked too. */
const FEW_ROWS = 3;

/** One array of weeks a row: the source as a whole, then its divisions in the order given. */
export function coverage(input: CoverageInput): CoverageWeek[][] {
  const frames = input.weeks.map((monday) => weekFrame(input, monday));
  const offset = (input.weeks[0] ?? 0) - input.window.firstDay; // no weeks, no frames
  const total = input.days.map((day) => day.n);
  const whole = rowOf({ frames, counts: total, offset, isSource: true });
  // What holds for the source holds for its divisions: a zero of the source says that somebody looked.
  const settled = frames.map((frame, w) => {
    const { state } = whole[w] as CoverageWeek;
    return { ...frame, state: state === 'zero' ? ('delivered' as const) : state };
  });
  return [whole, ...input.divisions.map((counts) => rowOf({ frames: settled, counts, offset, isSource: false }))];
}

interface WeekFrame {
  readonly state: Exclude<WeekState, 'zero'>;
  /** Bit 0 = Monday. */
  readonly missingDays: number;
  /** Share of a plain week that the source was to bring, per day that is there; 0 = the day is not there. */
  readonly due: readonly number[];
  /** Sum of `due`. */
  readonly exposure: number;
  /** The same with the missing days. */
  readonly full: number;
  /** Most of its days are still filling: no row says nothing yet. */
  readonly filling: boolean;
}

function weekFrame({ days, spans, asOfDay, freshness, window }: CoverageInput, monday: number): WeekFrame {
  const first = days.findIndex((day) => day.n > 0);
  const overdue = freshness === 'late' || freshness === 'silent';
  const week = [0, 1, 2, 3, 4, 5, 6].map((i) => {
    const t = monday + i - window.firstDay;
    return first < 0 || t < first ? undefined : days[t];
  });
  const known = week.flatMap((day) => day?.plain ?? []);
  const usual = known.reduce((sum, n) => sum + n, 0) / known.length;
  const due = [0, 0, 0, 0, 0, 0, 0];
  let [missingDays, missing, there, inThin, full, filling] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < 7; i++) {
    const day = week[i];
    if (!day) continue;
    const later = asOfDay === null || day.day > asOfDay;
    const inSpan = spans.some((span) => span.kind !== 'high' && day.day >= span.firstDay && day.day < span.endDay);
    const lost = later ? overdue : day.verdict === 'silent' || (inSpan && isDribble(day));
    const share = shareOfWeek(day, usual);
    full += later ? 1 / 7 : share;
    if (inSpan) inThin++;
    if (lost) {
      missingDays |= 1 << i;
      missing++;
    } else if (!later) {
      due[i] = share;
      there++;
      if (day.why === 'still-filling') filling++;
    }
  }
  const exposure = due.reduce((sum, share) => sum + share, 0);
  const none = missing === 0 && there === 0;
  const state = none
    ? week.some((day) => day)
      ? 'not-yet'
      : 'before-first'
    : there === 0
      ? 'missing'
      : missing > 0 || inThin >= THIN_WEEK_DAYS
        ? 'thin'
        : 'delivered';
  return { state, missingDays, due, exposure, full, filling: filling > there / 2 };
}

function isDribble({ n, expected }: DayVolume): boolean {
  return expected !== null && expected >= NAMED_FROM.source && n <= DRIBBLE_SHARE * expected;
}

/** What a day was to bring of a plain week; without a baseline a seventh, nothing while nobody knows how far it is filled. */
function shareOfWeek(day: DayVolume, usual: number): number {
  if (day.why === 'still-filling') return 0;
  if (day.plain === null || !(usual > 0)) return 1 / 7;
  return (day.expected ?? day.plain) / usual / 7; // cut by a break: the plain day
}

interface RowInput {
  readonly frames: readonly WeekFrame[];
  /** Rows per day of the window. */
  readonly counts: ArrayLike<number>;
  /** Index of the first Monday in `counts`; negative when the window begins within a week. */
  readonly offset: number;
  readonly isSource: boolean;
}

interface Yardstick {
  readonly rows: number;
  readonly exposure: number;
  readonly weeks: number;
  readonly dispersion: number;
}

interface BaselineWeek {
  readonly n: number;
  readonly exposure: number;
}

function rowOf({ frames, counts, offset, isSource }: RowInput): CoverageWeek[] {
  const n = frames.map((_, w) => weekSum(counts, offset + 7 * w));
  const out: CoverageWeek[] = [];
  const past: BaselineWeek[] = [];
  let run: number[] = [];
  let begun = false;
  let thinWeeks = 0;
  const put = (w: number, state: WeekState, by: Yardstick | null, missingDays: number): void => {
    const expected = by ? (by.rows / by.exposure) * (frames[w] as WeekFrame).full : null;
    out[w] = { state, n: n[w] as number, expected, missingDays };
  };
  const endRun = (next: number): void => {
    if (run.length === 0) return;
    const before = yardstick(past);
    const fewer = before === null || before.rows / before.exposure < FEW_ROWS;
    const by = fewer ? yardstick([...past, ...following(frames, n, next)]) : before;
    const exposure = run.reduce((sum, w) => sum + (frames[w] as WeekFrame).exposure, 0);
    const isZero = by !== null && chanceOfNone(by, exposure) >= BELIEVABLE;
    for (const w of run) put(w, isZero ? 'zero' : begun ? 'missing' : 'before-first', by, 0);
    if (isZero) for (const w of run) remember(past, { n: 0, exposure: (frames[w] as WeekFrame).exposure });
    run = [];
  };
  const never = n.every((rows) => rows === 0);
  for (let w = 0; w < frames.length; w++) {
    const frame = frames[w] as WeekFrame;
    const rows = n[w] as number;
    if (frame.state === 'before-first' || frame.state === 'not-yet') put(w, frame.state, yardstick(past), 0);
    else if (rows === 0 && frame.state !== 'delivered') put(w, 'missing', yardstick(past), frame.missingDays);
    else if (never) put(w, 'before-first', null, 0);
    else if (rows === 0 && frame.filling) put(w, 'not-yet', yardstick(past), 0);
    else if (rows === 0) run.push(w);
    else {
      endRun(w);
      begun = true;
      const by = yardstick(past);
      if (frame.state !== 'delivered') {
        put(w, 'thin', by, frame.missingDays);
        continue;
      }
      const thin = !isSource && by !== null && isConspicuouslyFew(rows, by, frame.exposure);
      thinWeeks = thin ? thinWeeks + 1 : 0;
      if (thinWeeks >= NEW_LEVEL_WEEKS) past.length = 0;
      put(w, thin ? 'thin' : 'delivered', by, thin ? daysWithout(counts, offset + 7 * w, frame, by) : 0);
      if (!thin) remember(past, { n: rows, exposure: frame.exposure });
    }
  }
  endRun(frames.length);
  return out;
}

function weekSum(counts: ArrayLike<number>, from: number): number {
  let sum = 0;
  for (let t = Math.max(0, from); t < Math.min(counts.length, from + 7); t++) sum += counts[t] as number;
  return sum;
}

function remember(past: BaselineWeek[], week: BaselineWeek): void {
  if (week.exposure < LEAST_EXPOSURE) return;
  past.push(week);
  if (past.length > BASELINE_WEEKS) past.shift();
}

/** The weeks from `from` on in which the source delivered: the yardstick where nothing lies before. */
function following(frames: readonly WeekFrame[], n: readonly number[], from: number): BaselineWeek[] {
  const weeks: BaselineWeek[] = [];
  for (let w = from; w < frames.length && weeks.length < BASELINE_WEEKS; w++) {
    const { state, exposure } = frames[w] as WeekFrame;
    if (state === 'delivered') remember(weeks, { n: n[w] as number, exposure });
  }
  return weeks;
}

function yardstick(weeks: readonly BaselineWeek[]): Yardstick | null {
  if (weeks.length < FEWEST_WEEKS) return null;
  let rows = 0.5;
  let exposure = 0;
  for (const week of weeks) {
    rows += week.n;
    exposure += week.exposure;
  }
  let pearson = 0;
  for (const week of weeks) {
    const mean = (rows / exposure) * week.exposure;
    pearson += (week.n - mean) ** 2 / mean;
  }
  return { rows, exposure, weeks: weeks.length, dispersion: Math.max(1, pearson / (weeks.length - 1)) };
}

function chanceOfNone({ rows, exposure, dispersion }: Yardstick, ahead: number): number {
  return (exposure / (exposure + ahead)) ** (rows / dispersion);
}

function isConspicuouslyFew(n: number, by: Yardstick, exposure: number): boolean {
  const mean = (by.rows / by.exposure) * exposure;
  if (n > THIN_SHARE * mean) return false;
  return atMost(n, { mean, variance: by.dispersion * mean * (1 + exposure / by.exposure) }) < THIN_ALPHA;
}

/** Days of a thin week of a division that brought nothing though 7 rows or more were to be expected. */
function daysWithout(counts: ArrayLike<number>, from: number, frame: WeekFrame, by: Yardstick): number {
  let days = 0;
  for (let i = 0; i < 7; i++) {
    const expected = (by.rows / by.exposure) * (frame.due[i] as number);
    if (counts[from + i] === 0 && expected >= NAMED_FROM.division) days |= 1 << i;
  }
  return days;
}
