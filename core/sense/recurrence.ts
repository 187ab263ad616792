import { adjustedP } from '../stats/benjamini-hochberg.ts';
import { gammaPoissonMl } from '../stats/empirical-bayes.ts';
import { negativeBinomialAtLeast, negativeBinomialQuantile } from '../stats/negative-binomial.ts';
import { poissonAtLeast, poissonQuantile } from '../stats/poisson.ts';

/**
 * Again at the same place after closure: reports of one item in one cell that came after an earlier one there had been closed.
 * A busy cell has repeats by volume alone; so a place counts only when its number of reports is also far above what the item's other
 * places have (gamma-Poisson over the cells with the item in the last year without the highest hundredth, negative binomial tail, Benjamini–Hochberg).
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
  /** Days whose cells make up the population compared with; at least `withinDays`. */
  readonly populationDays: number;
}

export interface RecurringPlace {
  readonly cell: number;
  readonly category: number;
  /** Reports in the last `withinDays`, and those of them that came after a closure. */
  readonly observed: number;
  readonly repeats: number;
  /** Mean of the item's cells over the same days, and the 97.5 % quantile of one such cell. */
  readonly expected: number;
  readonly upper: number;
  readonly p: number;
  /** Adjusted over all cell × item pairs with a report in the last year. */
  readonly q: number;
}

/**
 * Pairs of cell × item with at least one repeat, most certain first. Items with fewer than ten cells have no population to compare with
 * and are left out. Cost: sorting the rows, one fit an item.
 */
export function recurringPlaces(reports: ClosedReports, options: RecurrenceOptions): RecurringPlace[] {
  const { endDay, withinDays, populationDays } = options;
  const pairs = pairsOf(reports, { firstDay: endDay - populationDays, endDay });
  const found: Omit<RecurringPlace, 'q'>[] = [];
  const tests: number[] = [];
  for (const [category, cells] of pairs) {
    const tail = tailOf(cells, endDay - withinDays);
    if (tail === null) continue;
    for (const [cell, rows] of cells) {
      const { observed, repeats } = countRepeats(rows, endDay - withinDays, withinDays);
      const p = observed === 0 ? 1 : tail.atLeast(observed);
      tests.push(p);
      found.push({ cell, category, observed, repeats, expected: tail.mean, upper: tail.upper, p });
    }
  }
  const q = new Float64Array(tests.length);
  adjustedP(Float64Array.from(tests), q);
  return found
    .map((place, i) => ({ ...place, q: q[i] as number }))
    .filter((place) => place.repeats > 0)
    .sort((a, b) => a.p - b.p || b.repeats - a.repeats || a.cell - b.cell || a.category - b.category);
}

interface Row {
  readonly day: number;
  readonly closedDay: number;
}

/** category → cell → rows of the span by day. */
function pairsOf(
  { cell, category, day, closedDay }: ClosedReports,
  span: { readonly firstDay: number; readonly endDay: number },
): Map<number, Map<number, Row[]>> {
  const pairs = new Map<number, Map<number, Row[]>>();
  for (let i = 0; i < day.length; i++) {
    const at = day[i] as number;
    if (at < span.firstDay || at >= span.endDay) continue;
    const ofCategory = pairs.get(category[i] as number) ?? new Map<number, Row[]>();
    if (ofCategory.size === 0) pairs.set(category[i] as number, ofCategory);
    const row = { day: at, closedDay: closedDay[i] as number };
    const rows = ofCategory.get(cell[i] as number);
    if (rows) rows.push(row);
    else ofCategory.set(cell[i] as number, [row]);
  }
  for (const cells of pairs.values())
    for (const rows of cells.values()) rows.sort((a, b) => a.day - b.day || a.closedDay - b.closedDay);
  return pairs;
}

/** Reports since `firstDay`, and those with a closure before them that is at most `withinDays` old. Rows by day. */
function countRepeats(
  rows: readonly Row[],
  firstDay: number,
  withinDays: number,
): { readonly observed: number; readonly repeats: number } {
  let observed = 0;
  let repeats = 0;
  for (const row of rows) {
    if (row.day < firstDay) continue;
    observed++;
    const after = rows.some(
      (earlier) =>
        earlier.day <= row.day &&
        earlier.closedDay >= 0 &&
        earlier.closedDay < row.day &&
        row.day - earlier.closedDay <= withinDays,
    );
    if (after) repeats++;
  }
  return { observed, repeats };
}

const FEWEST_CELLS = 10;
/** The highest cells are what is looked for: they do not say what is normal. At least one is left out. */
const HIGHEST_LEFT_OUT = 0.01;

interface Tail {
  readonly mean: number;
  readonly upper: number;
  readonly atLeast: (count: number) => number;
}

/** Predictive distribution of one cell of the item; null with too few cells or no reports. */
function tailOf(cells: ReadonlyMap<number, readonly Row[]>, firstDay: number): Tail | null {
  if (cells.size < FEWEST_CELLS) return null;
  const sorted = Float64Array.from(cells.values(), (rows) => rows.filter((row) => row.day >= firstDay).length).sort();
  const events = sorted.subarray(0, sorted.length - Math.max(1, Math.round(sorted.length * HIGHEST_LEFT_OUT)));
  const fit = gammaPoissonMl({ events, exposure: new Float64Array(events.length).fill(1) });
  switch (fit.kind) {
    case 'fitted': {
      const mean = fit.shape / fit.rate;
      const of = { mean, size: fit.shape };
      return {
        mean,
        upper: negativeBinomialQuantile({ ...of, probability: 0.975 }),
        atLeast: (count) => negativeBinomialAtLeast({ ...of, count }),
      };
    }
    case 'no-excess-variance':
      return {
        mean: fit.mean,
        upper: poissonQuantile({ probability: 0.975, mean: fit.mean }),
        atLeast: (count) => poissonAtLeast({ count, mean: fit.mean }),
      };
    case 'not-assessable':
      return null;
    default:
      return fit satisfies never;
  }
}
