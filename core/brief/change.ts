import type { NotComparable } from '../metric/comparison.ts';
import {
  comparePeriods,
  type DailySeries,
  type PeriodComparison,
  previousPeriod,
} from '../metric/period-comparison.ts';
import { weekDispersion } from '../metric/week-dispersion.ts';
import { sameWeeksLastYear, type YearOnYear, yearOnYear } from '../metric/year-on-year.ts';
import { daysFromSpringFestival } from '../time/lunar-festivals.ts';
import { bandAt, weeklyCounts } from './counts.ts';
import type { BriefInput } from './input.ts';
import type { BriefWeek } from './week.ts';

/**
 * 环比 and 同比 of one week of some sources, by `core/metric`. Days that are not filled, not delivered or before the first delivery do not
 * enter; a week that is still filling is compared over its filled days only, and `days` says how many.
 */
export interface WeekChange {
  readonly previous: PeriodComparison;
  readonly yearAgo: YearOnYear;
  /** Where φ came from: the published series, the changes of the past weeks, or 1 because neither could tell. */
  readonly dispersionFrom: 'series' | 'weeks' | 'none';
}

/** Zones whose cities keep Spring Festival: there the ISO week of last year is no counterpart around it. */
const SPRING_FESTIVAL = /^Asia\/(Shanghai|Chongqing|Harbin|Urumqi|Taipei|Hong_Kong|Macau|Singapore)$/;
export const keepsSpringFestival = (zone: string): boolean => SPRING_FESTIVAL.test(zone);

/** Days whose counts a brief compares: what `DailyCounts` must hold. Half-open spans, ascending. */
export function comparedDays(week: BriefWeek, zone: string): { readonly firstDay: number; readonly endDay: number }[] {
  const spans = [{ firstDay: week.firstDay - 7, endDay: week.endDay }];
  const before = sameWeeksLastYear(week);
  if (before) {
    // The festival moves by less than five weeks.
    const slack = keepsSpringFestival(zone) && nearFestival(before.firstDay - 35, week.endDay) ? 35 : 0;
    spans.unshift({ firstDay: before.firstDay - slack, endDay: before.endDay + slack });
  }
  return spans;
}

function nearFestival(firstDay: number, endDay: number): boolean {
  for (const from of [firstDay, endDay - 7])
    for (let day = from; day < from + 77; day++) if (Math.abs(daysFromSpringFestival(day)) <= 20) return true;
  return false;
}

/** Null = the daily counts are not read yet. */
export function weekChange(input: BriefInput, week: BriefWeek, sources: readonly number[]): WeekChange | null {
  if (!input.daily) return null;
  const all = sources.length === 0;
  const entries = input.manifest.dictionaries.sources.filter(({ id }) => all || sources.includes(id));
  const { series, dispersionFrom } = dailySeries(
    input,
    week,
    entries.map(({ id }) => id),
    all,
  );
  return {
    previous: comparePeriods(series, { before: previousPeriod(week), after: week }),
    yearAgo: yearOnYear(series, week, { springFestival: keepsSpringFestival(input.manifest.zone) }),
    dispersionFrom,
  };
}

function dailySeries(
  input: BriefInput,
  week: BriefWeek,
  sources: readonly number[],
  all: boolean,
): { readonly series: DailySeries; readonly dispersionFrom: WeekChange['dispersionFrom'] } {
  const { manifest, coverage } = input;
  const { firstDay, endDay } = manifest.window;
  const counts = new Float64Array(endDay - firstDay).fill(Number.NaN);
  for (const span of input.daily?.spans ?? [])
    for (let day = Math.max(firstDay, span.firstDay); day < Math.min(endDay, span.endDay); day++)
      counts[day - firstDay] = sources.reduce((n, id) => n + (input.daily?.counts.get(id)?.get(day) ?? 0), 0); // a day that was read and has no row is 0
  const gaps = deliveryGaps(input, sources);
  manifest.weeks.forEach((one, index) => {
    if (!gaps[index]) return;
    for (let day = Math.max(firstDay, one.firstDay); day < Math.min(endDay, one.firstDay + 7); day++)
      counts[day - firstDay] = Number.NaN;
  });
  const keys = keysOf(input, sources);
  const covered = coverage?.sources.filter(({ key }) => keys.has(key)) ?? [];
  const fillingDays = Math.max(0, ...covered.map((source) => source.fillingDays));
  const asOfDay = endDay - 1;
  const weekly = weeklyCounts(input, { sources: all ? [] : sources, category: null, division: null });
  const known = manifest.weeks.map(
    (one, index) =>
      one.firstDay >= firstDay && one.firstDay + 7 <= Math.min(endDay, asOfDay + 1 - fillingDays) && !gaps[index],
  );
  const published = all
    ? (bandAt(input, { division: 0, category: 65_535, week: week.index })?.dispersion ?? null)
    : null;
  const estimated = weekly ? weekDispersion(weekly, known, week.index) : null;
  return {
    series: { firstDay, counts, asOfDay, completeness: null, fillingDays, dispersion: published ?? estimated ?? 1 }, // not known: as Poisson, and said so
    dispersionFrom: published !== null ? 'series' : estimated !== null ? 'weeks' : 'none',
  };
}

function keysOf(input: BriefInput, sources: readonly number[]): ReadonlySet<string> {
  return new Set(input.manifest.dictionaries.sources.filter(({ id }) => sources.includes(id)).map(({ key }) => key));
}

/** Weeks in which one of the sources delivered nothing, part, or nothing yet at all: their counts say nothing. */
export function deliveryGaps(input: BriefInput, sources: readonly number[]): readonly boolean[] {
  const keys = keysOf(input, sources);
  const covered = input.coverage?.sources.filter(({ key }) => keys.has(key)) ?? [];
  return input.manifest.weeks.map((_, week) => covered.some(({ states }) => 'tmb'.includes(states[0]?.[week] ?? 'd')));
}

/** Days over which a comparison was made; null = none was made. */
export function comparedOver({ comparison }: PeriodComparison): number | null {
  return comparison.kind === 'compared' ? comparison.after.days : null;
}

export type { NotComparable };
