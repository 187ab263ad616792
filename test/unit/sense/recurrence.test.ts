import { describe, expect, it } from 'vitest';
import {
  type ClosedReports,
  type RecurrenceOptions,
  recurringPlaces,
  reportsByPlace,
  SPREAD_PARTS,
  standingOut,
} from '../../../core/sense/recurrence.ts';
import { slowGrowth } from '../../../core/sense/slow-growth.ts';
import { Random } from '../../../core/stats/random.ts';

const OPTIONS = { endDay: 1000, withinDays: 90, populationDays: 365 };
const recurring = (reports: ClosedReports, options: RecurrenceOptions) =>
  recurringPlaces(reportsByPlace(reports), options);

/** 200 cells with about two reports a quarter, each closed after five days. */
function city(seed: number): { cell: number[]; category: number[]; day: number[]; closedDay: number[] } {
  const random = new Random(seed);
  const reports = { cell: [] as number[], category: [] as number[], day: [] as number[], closedDay: [] as number[] };
  for (let cell = 0; cell < 200; cell++)
    for (let day = 635; day < 1000; day++)
      if (random.uniform() < 2 / 90) {
        reports.cell.push(cell);
        reports.category.push(7);
        reports.day.push(day);
        reports.closedDay.push(day + 5);
      }
  return reports;
}
const add = (reports: ReturnType<typeof city>, cell: number, days: readonly number[], closedAfter: number): void => {
  for (const day of days) {
    reports.cell.push(cell);
    reports.category.push(7);
    reports.day.push(day);
    reports.closedDay.push(closedAfter < 0 ? -1 : day + closedAfter);
  }
};

describe('again after closure', () => {
  it('finds the one place that comes back every week, and no other', () => {
    const reports = city(1);
    add(
      reports,
      500,
      Array.from({ length: 12 }, (_, i) => 912 + i * 7),
      3,
    );
    const found = recurring(reports, OPTIONS).filter(({ q, repeats }) => q <= 0.001 && repeats >= 4);
    expect(found.map(({ cell, observed, repeats }) => [cell, observed, repeats])).toEqual([[500, 12, 11]]);
    expect(found[0]?.expected).toBeLessThan(4);
  });

  it('does not call a burst that nobody has closed a recurrence', () => {
    const reports = city(2);
    add(
      reports,
      500,
      Array.from({ length: 12 }, () => 990),
      -1,
    );
    expect(recurring(reports, OPTIONS).some(({ cell }) => cell === 500)).toBe(false);
  });

  it('reads nothing from the end day on and does not depend on the order of rows', () => {
    const reports = city(3);
    const before = recurring(reports, OPTIONS);
    add(reports, 1, [1000, 1001, 1002, 1003, 1004], 0);
    const order = reports.day.map((_, i) => i).reverse();
    const reversed = {
      cell: order.map((i) => reports.cell[i] as number),
      category: order.map((i) => reports.category[i] as number),
      day: order.map((i) => reports.day[i] as number),
      closedDay: order.map((i) => reports.closedDay[i] as number),
    };
    expect(recurring(reversed, OPTIONS)).toEqual(before);
  });

  it('finds in a year the place that a quarter is too short for, and no single bad month', () => {
    const reports = city(4);
    for (let cell = 1000; cell < 2000; cell++) add(reports, cell, [640 + ((cell * 37) % 360)], 5);
    const every13Days = Array.from({ length: 28 }, (_, i) => 636 + i * 13);
    const badMonth = Array.from({ length: 28 }, (_, i) => 800 + i);
    add(reports, 500, every13Days, 3);
    add(reports, 501, badMonth, 1);
    const year = { ...OPTIONS, windowDays: 364, populationDays: 364, leastSpread: 6 };
    const sure = ({ q, repeats }: { readonly q: number; readonly repeats: number }): boolean =>
      q <= 0.001 && repeats >= 8;
    expect(
      recurring(reports, year)
        .filter(sure)
        .map(({ cell, observed, spread }) => [cell, observed, spread]),
    ).toEqual([[500, 28, SPREAD_PARTS]]);
    expect(recurring(reports, OPTIONS).filter(sure)).toEqual([]);
    expect(
      recurring(reports, { ...year, leastSpread: 1 })
        .filter(sure)
        .map(({ cell }) => cell),
    ).toContain(501);
  });

  it('a chronic place stands out from the cells around it; a cell of a busy quarter does not', () => {
    const reports = { cell: [] as number[], category: [] as number[], day: [] as number[], closedDay: [] as number[] };
    const days = (n: number): number[] => Array.from({ length: n }, (_, i) => 640 + Math.floor((i * 360) / n));
    for (let cell = 0; cell < 18; cell++) add(reports, cell, days(cell % 2), 1);
    add(reports, 100, days(20), 1);
    for (let cell = 200; cell < 218; cell++) add(reports, cell, days(11 + (cell % 4)), 1);
    add(reports, 300, days(20), 1);
    const byPlace = reportsByPlace(reports);
    const span = { firstDay: 636, endDay: 1000 };
    const range = (first: number): number[] => Array.from({ length: 18 }, (_, i) => first + i);
    const alone = standingOut(byPlace, { category: 7, cell: 100 }, { ...span, around: range(0) });
    const busy = standingOut(byPlace, { category: 7, cell: 300 }, { ...span, around: range(200) });
    expect(alone?.around).toBeCloseTo(0.5, 12);
    expect(alone?.p).toBeLessThan(1e-15);
    expect(busy?.around).toBeGreaterThan(12);
    expect(busy?.p).toBeGreaterThan(0.02);
    // All 20 of 20 in one of two equal cells: 2^-20.
    const pair = standingOut(byPlace, { category: 7, cell: 100 }, { ...span, around: [999] });
    expect(pair?.p).toBeCloseTo(2 ** -20, 12);
    expect(standingOut(byPlace, { category: 7, cell: 100 }, { ...span, around: [] })).toBeNull();
  });

  it('has nothing to compare an item of a few cells with', () => {
    const reports = { cell: [] as number[], category: [] as number[], day: [] as number[], closedDay: [] as number[] };
    add(reports, 1, [990, 992, 994, 996, 998], 1);
    expect(recurring(reports, OPTIONS)).toEqual([]);
  });
});

describe('slow growth', () => {
  const rule = { weeks: 26, theta: Math.log(1.3), limit: 5, trendAlpha: 0.01 };
  const series = (seed: number, growth: number): Float64Array => {
    const random = new Random(seed);
    return Float64Array.from({ length: 156 }, (_, t) =>
      random.poisson(40 * (1 + 0.2 * Math.sin((2 * Math.PI * t) / 52.18)) * (t < 130 ? 1 : 1 + growth * (t - 129))),
    );
  };
  const share = (growth: number): number => {
    let grown = 0;
    for (let seed = 0; seed < 200; seed++) {
      const result = slowGrowth(series(seed, growth), rule);
      if (result.kind === 'assessed' && result.grows) grown++;
    }
    return grown / 200;
  };

  it('sees a rise of 3 % a week nearly always, of 2 % mostly, and rarely one where there is none', () => {
    expect(share(0.03)).toBeGreaterThan(0.9);
    expect(share(0.02)).toBeGreaterThan(0.65);
    expect(share(0)).toBeLessThanOrEqual(0.02);
  });

  it('says why it cannot tell', () => {
    expect(slowGrowth(new Float64Array(40).fill(3), rule)).toEqual({ kind: 'not-assessable', why: 'too-few-periods' });
    expect(slowGrowth(new Float64Array(156), rule)).toEqual({ kind: 'not-assessable', why: 'all-zero' });
    expect(slowGrowth(new Float64Array(156).fill(Number.NaN), rule).kind).toBe('not-assessable');
  });
});
