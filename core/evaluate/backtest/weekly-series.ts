import { type SeriesAssessment, seriesBaseline } from '../../sense/series-baseline.ts';
import { weekCodes } from '../../sense/week-codes.ts';
import { breaksOf, type CityCalendar } from '../../time/city-calendar.ts';
import { ALL_GROUPS, type CityFacts, sourceShares } from './city-facts.ts';
import { holeWeeks, TOLERATED_SHARE } from './delivery.ts';

/** A weekly series: city (−1) or district × group or all groups. */
export interface WeeklySeries {
  readonly district: number;
  readonly group: number;
  /** NaN = not delivered: a hole, no quiet week. */
  readonly counts: Float64Array;
  /** Weeks with a new regime: nothing before is compared with what follows. */
  readonly breaks: readonly number[];
}

/** Every series with a report, city first, then districts; groups in the order of the dictionary, then all. Cost O(rows + series × weeks). */
export function weeklySeries(facts: CityFacts, calendar: CityCalendar): WeeklySeries[] {
  const weeks = facts.weeks.length;
  const groups = [...facts.groups.map(({ id }) => id), ALL_GROUPS];
  const groupAt = new Map(facts.groups.map(({ id }, at) => [id, at]));
  const rows = facts.districts.length + 1;
  const width = groups.length;
  const sums = new Float64Array(rows * width * weeks);
  const monday = facts.weeks[0] ?? 0; // no weeks, no rows to place
  const all = width - 1;
  for (let i = 0; i < facts.day.length; i++) {
    const week = Math.floor(((facts.day[i] as number) - monday) / 7);
    if (week < 0 || week >= weeks) continue;
    const group = groupAt.get(facts.group[i] as number);
    const district = facts.district[i] as number;
    for (let row = 0; row >= 0; row = row === 0 && district >= 0 ? district + 1 : -1) {
      if (group !== undefined) {
        const at = (row * width + group) * weeks + week;
        sums[at] = (sums[at] as number) + 1;
      }
      const at = (row * width + all) * weeks + week;
      sums[at] = (sums[at] as number) + 1;
    }
  }
  const shares = groups.map((group) => sourceShares(facts, { group }));
  const breaks = groups.map((group, g) => breakWeeks(facts, calendar, group, shares[g] as Float64Array));
  const out: WeeklySeries[] = [];
  for (let row = 0; row < rows; row++)
    for (let g = 0; g < width; g++) {
      const from = (row * width + g) * weeks;
      const counts = sums.slice(from, from + weeks);
      if (!counts.some((n) => n > 0)) continue;
      const holes = holeWeeks(facts.delivered, shares[g] as Float64Array, { district: row - 1, weeks });
      for (let w = 0; w < weeks; w++) if (holes[w] === 1 || isCut(facts, w)) counts[w] = Number.NaN;
      out.push({ district: row - 1, group: groups[g] as number, counts, breaks: breaks[g] as number[] });
    }
  return out;
}

/** A first or last week that the window cuts. */
function isCut({ weeks, window }: CityFacts, w: number): boolean {
  const monday = weeks[w] as number;
  return monday < window.firstDay || monday + 7 > window.endDay;
}

/** First whole week of each new regime of the sources that make up more than a tenth of the series. Outages are holes, no regimes. */
function breakWeeks(facts: CityFacts, calendar: CityCalendar, group: number, shares: Float64Array): number[] {
  const code = facts.groups.find(({ id }) => id === group)?.code;
  const found = new Set<number>();
  facts.sources.forEach(({ key }, s) => {
    if (!((shares[s] as number) > TOLERATED_SHARE)) return;
    for (const one of breaksOf(calendar, { source: key, category: code })) {
      if (one.kind === 'outage' || one.endDay !== null) continue;
      const week = facts.weeks.findIndex((monday) => monday >= one.day);
      if (week > 0) found.add(week);
    }
  });
  return [...found].sort((a, b) => a - b);
}

/** Assessments of the weeks [from, end) of every series, each from its own past only. Cost: see `seriesBaseline`. */
export function assessedSeries(
  facts: CityFacts,
  calendar: CityCalendar,
  series: readonly WeeklySeries[],
  span: { readonly from: number; readonly to: number; readonly alpha: number },
): (readonly SeriesAssessment[])[] {
  const codes = weekCodes(calendar, facts.weeks);
  return series.map(({ counts, breaks }) =>
    seriesBaseline(
      { period: 'week', counts, breaks, calendarClass: codes.calendar, festivalClass: codes.festival },
      span,
    ),
  );
}
