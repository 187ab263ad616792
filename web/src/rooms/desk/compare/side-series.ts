import { type CellSeries, WindowCounts } from '../../../query/cell-series.ts';
import { DAYS_OF, type UnitRange } from '../../../time/clock.ts';
import type { DayRange } from '../../../time/week.ts';

/** Days as units of a series that begins on `monday`; null = not whole units of it, or outside of it. */
export function unitsOf({ unit, units }: CellSeries, monday: number, days: DayRange): UnitRange | null {
  const first = (days.firstDay - monday) / DAYS_OF[unit];
  const end = (days.endDay - monday) / DAYS_OF[unit];
  return Number.isInteger(first) && Number.isInteger(end) && first >= 0 && end <= units ? { first, end } : null;
}

/** Incidents by week that pass the filters, with or without a place; null = the series does not know those without. */
export function weeklyTotals({ sums, unit, units }: CellSeries): Uint32Array | null {
  const { total } = sums;
  if (!total) return null;
  const perWeek = 7 / DAYS_OF[unit];
  return Uint32Array.from(
    { length: units / perWeek },
    (_, week) => (total[(week + 1) * perWeek] as number) - (total[week * perWeek] as number),
  );
}

/** The same by day; null where only weeks are known. */
export function dailyTotals({ sums, unit, units }: CellSeries): Float64Array | null {
  const { total } = sums;
  if (!total || unit !== 'day') return null;
  return Float64Array.from({ length: units }, (_, day) => (total[day + 1] as number) - (total[day] as number));
}

/** By row of the grid of the series. */
export const cellsIn = (series: CellSeries, window: UnitRange): Uint32Array => new WindowCounts(series).moveTo(window);
