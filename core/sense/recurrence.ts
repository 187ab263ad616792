import { adjustedP } from '../stats/benjamini-hochberg.ts';
import { gammaPoissonMl } from '../stats/empirical-bayes.ts';
import { logGamma } from '../stats/gamma.ts';
import { negativeBinomialAtLeast, negativeBinomialQuantile } from '../stats/negative-binomial.ts';
import { poissonAtLeast, poissonQuantile } from '../stats/poisson.ts';

/**
 * Again at the same place after closure: reports of one item in one cell that came after an earlier one there had been closed.
 * A busy cell has repeats by volume alone; so a place counts only when its number of reports is also far above what the item's other
 * places have (gamma-Poisson over the cells with the item in the last year without the highest hundredth, negative binomial tail, Benjamini–Hochberg).
 *
 * Two questions with one answer: a short window finds what flared up lately, one of a year what never went away (同一地点常年反复): a report
 * every ten days is nothing special in a quarter and unlike any other place in a year. There `leastSpread` asks that it is spread over the
 * window: a single bad month is not chronic.
 */
export interface ClosedReports {
  /** Columns of equal length, rows in any order. Cell ids of one resolution; item ids; days since 1970-01-01. */
  readonly cell: ArrayLike<number>;
  readonly category: ArrayLike<number>;
  readonly day: ArrayLike<number>;
  /** Day of closure; negative = not closed, or nobody said. */
  readonly closedDay: ArrayLike<number>;
}

export interface RecurrenceOptions {
  /** Half-open end of the span looked at; reports from that day on are not read. */
  readonly endDay: number;
  /** A report counts as a repeat when an earlier one there was closed at most so many days before it. */
  readonly withinDays: number;
  /** Days before `endDay` whose reports are counted; left out: `withinDays`. */
  readonly windowDays?: number | undefined;
  /** Of `SPREAD_PARTS` equal parts of the window, those with at least one report of the place; left out: 1. */
  readonly leastSpread?: number | undefined;
  /** Days whose cells make up the population compared with; at least the window. */
  readonly populationDays: number;
}

/** Parts of the window that `leastSpread` counts. */
export const SPREAD_PARTS = 8;

export interface RecurringPlace {
  readonly cell: number;
  readonly category: number;
  /** Reports in the window, and those of them that came after a closure. */
  readonly observed: number;
  readonly repeats: number;
  /** Parts of the window, of `SPREAD_PARTS`, with a report. */
  readonly spread: number;
  /** Mean of the item's cells over the same days, and the 97.5 % quantile of one such cell. */
  readonly expected: number;
  readonly upper: number;
  readonly p: number;
  /** Adjusted over all cell × item pairs with a report in the last year. */
  readonly q: number;
}

/** Reports by item, cell and day: made once, asked as of many days. */
export interface ReportsByPlace {
  /** Pair k = an item and a cell; its reports are rows `start[k] … start[k + 1] − 1`, by day. Pairs by item, then cell. */
  readonly category: Uint32Array;
  readonly cell: Uint32Array;
  readonly start: Uint32Array;
  readonly day: Int32Array;
  readonly closedDay: Int32Array;
}

/** Cost: a sort of the rows. */
export function reportsByPlace({ cell, category, day, closedDay }: ClosedReports): ReportsByPlace {
  const order = Uint32Array.from({ length: day.length }, (_, i) => i).sort(
    (a, b) =>
      (category[a] as number) - (category[b] as number) ||
      (cell[a] as number) - (cell[b] as number) ||
      (day[a] as number) - (day[b] as number) ||
      (closedDay[a] as number) - (closedDay[b] as number),
  );
  const firsts: number[] = [];
  order.forEach((i, k) => {
    const before = order[k - 1];
    if (before === undefined || cell[i] !== cell[before] || category[i] !== category[before]) firsts.push(k);
  });
  const row = (k: number): number => order[k] as number;
  return {
    category: Uint32Array.from(firsts, (k) => category[row(k)] as number),
    cell: Uint32Array.from(firsts, (k) => cell[row(k)] as number),
    start: Uint32Array.from([...firsts, order.length]),
    day: Int32Array.from(order, (i) => day[i] as number),
    closedDay: Int32Array.from(order, (i) => closedDay[i] as number),
  };
}

/**
 * Pairs of cell × item with at least one repeat, most certain first. Items with fewer than ten cells have no population to compare with
 * and are left out. Cost: the rows, one fit an item.
 */
export function recurringPlaces(reports: ReportsByPlace, options: RecurrenceOptions): RecurringPlace[] {
  const { endDay, withinDays, populationDays } = options;
  const window = { firstDay: endDay - (options.windowDays ?? withinDays), endDay };
  const pairs = pairsIn(reports, { firstDay: endDay - populationDays, endDay });
  /** Those with a repeat; the others only count as tests. */
  const found: (Omit<RecurringPlace, 'q'> & { readonly test: number })[] = [];
  const tests: number[] = [];
  for (let from = 0, to = 0; from < pairs.length; from = to) {
    const category = reports.category[(pairs[from] as Rows).pair] as number;
    while (to < pairs.length && reports.category[(pairs[to] as Rows).pair] === category) to++;
    const ofItem = pairs.slice(from, to);
    const tail = tailOf(
      ofItem.map((rows) => rows.to - Math.max(rows.from, firstSince(reports, rows, window.firstDay))),
    );
    if (tail === null) continue;
    for (const rows of ofItem) {
      const { observed, repeats, spread } = countRepeats(reports, rows, { window, withinDays });
      const p = observed === 0 ? 1 : tail.atLeast(observed);
      const test = tests.push(p) - 1;
      if (repeats === 0 || spread < (options.leastSpread ?? 1)) continue;
      const cell = reports.cell[rows.pair] as number;
      found.push({ cell, category, observed, repeats, spread, expected: tail.mean, upper: tail.upper, p, test });
    }
  }
  const q = new Float64Array(tests.length);
  adjustedP(Float64Array.from(tests), q);
  return found
    .map(({ test, ...place }) => ({ ...place, q: q[test] as number }))
    .sort((a, b) => a.p - b.p || b.repeats - a.repeats || a.cell - b.cell || a.category - b.category);
}

/** How a place differs from the cells around it, same item and days. */
export interface StandingOut {
  /** Reports of the place. */
  readonly own: number;
  /** Reports of a cell around, on average. */
  readonly around: number;
  /** P(at least so many of all reports of the place and around lie in it), if it were a cell like them: Binomial(n, 1 / cells). */
  readonly p: number;
}

/**
 * A busy quarter has repeats of everything in each of its cells; a chronic place has far more than the cells around it. Null without cells
 * around. Cost: a search for each cell.
 */
export function standingOut(
  reports: ReportsByPlace,
  place: { readonly category: number; readonly cell: number },
  span: { readonly firstDay: number; readonly endDay: number; readonly around: readonly number[] },
): StandingOut | null {
  if (span.around.length === 0) return null;
  const own = countAt(reports, place, span);
  let others = 0;
  for (const cell of span.around) others += countAt(reports, { category: place.category, cell }, span);
  const share = 1 / (1 + span.around.length);
  return { own, around: others / span.around.length, p: binomialAtLeast({ count: own, trials: own + others, share }) };
}

export interface ChronicRule {
  readonly windowDays: number;
  /** Least multiple of the mean of the cells around, and the level of the binomial test against them. */
  readonly leastAround: number;
  readonly alphaAround: number;
  /** Last days in which the place must still stand out; what no longer does has ended. */
  readonly latelyDays: number;
}

/** In the last days the place must have more than chance gives a cell like those around, though far fewer reports tell it than in the whole window. */
const LATELY_P = 0.1;

/** Does a place of `recurringPlaces` stand out from the cells around it, all the time and lately? Reports of a cell around in the window; null = no. */
export function chronicAround(
  reports: ReportsByPlace,
  place: RecurringPlace,
  { endDay, around }: { readonly endDay: number; readonly around: readonly number[] },
  rule: ChronicRule,
): number | null {
  const span = { firstDay: endDay - rule.windowDays, endDay, around };
  const all = standingOut(reports, place, span);
  if (!all || all.p > rule.alphaAround || place.observed < rule.leastAround * all.around) return null;
  const lately = standingOut(reports, place, { ...span, firstDay: endDay - rule.latelyDays });
  return lately && lately.p <= LATELY_P ? all.around : null;
}

/** Σ_{k ≥ count} C(n, k) s^k (1 − s)^(n − k), summed from its largest terms down. */
function binomialAtLeast({
  count,
  trials,
  share,
}: {
  readonly count: number;
  readonly trials: number;
  readonly share: number;
}): number {
  if (count <= 0) return 1;
  let term = Math.exp(
    logGamma(trials + 1) -
      logGamma(count + 1) -
      logGamma(trials - count + 1) +
      count * Math.log(share) +
      (trials - count) * Math.log1p(-share),
  );
  let sum = 0;
  for (let k = count; k <= trials; k++) {
    sum += term;
    term *= ((trials - k) / (k + 1)) * (share / (1 - share));
  }
  return Math.min(1, sum);
}

/** Reports of an item in a cell in these days; pairs are in order of item and cell. */
export function countAt(
  reports: ReportsByPlace,
  { category, cell }: { readonly category: number; readonly cell: number },
  { firstDay, endDay }: { readonly firstDay: number; readonly endDay: number },
): number {
  let [low, high] = [0, reports.cell.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = reports.category[middle] as number;
    if (item < category || (item === category && (reports.cell[middle] as number) < cell)) low = middle + 1;
    else high = middle;
  }
  if (reports.category[low] !== category || reports.cell[low] !== cell) return 0;
  const rows = { pair: low, from: reports.start[low] as number, to: reports.start[low + 1] as number };
  return firstSince(reports, rows, endDay) - firstSince(reports, rows, firstDay);
}

/** Rows `from … to − 1` of a pair. */
interface Rows {
  readonly pair: number;
  readonly from: number;
  readonly to: number;
}

/** Pairs with a report in the span, and their rows of it. */
function pairsIn(reports: ReportsByPlace, span: { readonly firstDay: number; readonly endDay: number }): Rows[] {
  const pairs: Rows[] = [];
  for (let pair = 0; pair < reports.cell.length; pair++) {
    const all = { pair, from: reports.start[pair] as number, to: reports.start[pair + 1] as number };
    const rows = {
      pair,
      from: firstSince(reports, all, span.firstDay),
      to: firstSince(reports, all, span.endDay),
    };
    if (rows.to > rows.from) pairs.push(rows);
  }
  return pairs;
}

/** First row of a day or later. Cost: the logarithm of the rows. */
function firstSince({ day }: ReportsByPlace, { from, to }: Pick<Rows, 'from' | 'to'>, firstDay: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((day[middle] as number) < firstDay) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Reports of the window, and those with a closure before them that is at most `withinDays` old. */
function countRepeats(
  reports: ReportsByPlace,
  rows: Rows,
  {
    window: { firstDay, endDay },
    withinDays,
  }: {
    readonly window: { readonly firstDay: number; readonly endDay: number };
    readonly withinDays: number;
  },
): { readonly observed: number; readonly repeats: number; readonly spread: number } {
  const { day, closedDay } = reports;
  const isAfterClosure = (row: number): boolean => {
    for (let earlier = rows.from; earlier < rows.to; earlier++) {
      if ((day[earlier] as number) > (day[row] as number)) return false;
      const closed = closedDay[earlier] as number;
      const since = (day[row] as number) - closed;
      if (closed >= 0 && since > 0 && since <= withinDays) return true;
    }
    return false;
  };
  let repeats = 0;
  const first = firstSince(reports, rows, firstDay);
  let [spread, newest] = [0, -1];
  for (let row = first; row < rows.to; row++) {
    // Rows are by day, so their parts ascend.
    const part = Math.floor((((day[row] as number) - firstDay) * SPREAD_PARTS) / (endDay - firstDay));
    if (part !== newest) spread++;
    newest = part;
    if (isAfterClosure(row)) repeats++;
  }
  return { observed: rows.to - first, repeats, spread };
}

const FEWEST_CELLS = 10;
/** The highest cells are what is looked for: they do not say what is normal. At least one is left out. */
const HIGHEST_LEFT_OUT = 0.01;

interface Tail {
  readonly mean: number;
  readonly upper: number;
  readonly atLeast: (count: number) => number;
}

/** Thousands of cells have the same few counts. */
function remembered(tail: (count: number) => number): (count: number) => number {
  const known = new Map<number, number>();
  return (count) => {
    const p = known.get(count) ?? tail(count);
    known.set(count, p);
    return p;
  };
}

/** Predictive distribution of one cell of the item, from the counts of all of them; null with too few cells or no reports. */
function tailOf(counts: readonly number[]): Tail | null {
  if (counts.length < FEWEST_CELLS) return null;
  const sorted = Float64Array.from(counts).sort();
  const events = sorted.subarray(0, sorted.length - Math.max(1, Math.round(sorted.length * HIGHEST_LEFT_OUT)));
  const fit = gammaPoissonMl({ events, exposure: new Float64Array(events.length).fill(1) });
  switch (fit.kind) {
    case 'fitted': {
      const mean = fit.shape / fit.rate;
      const of = { mean, size: fit.shape };
      return {
        mean,
        upper: negativeBinomialQuantile({ ...of, probability: 0.975 }),
        atLeast: remembered((count) => negativeBinomialAtLeast({ ...of, count })),
      };
    }
    case 'no-excess-variance':
      return {
        mean: fit.mean,
        upper: poissonQuantile({ probability: 0.975, mean: fit.mean }),
        atLeast: remembered((count) => poissonAtLeast({ count, mean: fit.mean })),
      };
    case 'not-assessable':
      return null;
    default:
      return fit satisfies never;
  }
}
