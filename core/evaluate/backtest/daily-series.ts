import type { AssessedPeriod } from '../../alert/candidates/from-series.ts';
import { assessChunk, type SeriesQuestion } from '../../sense/series-chunk.ts';
import { breaksOf, type CityCalendar } from '../../time/city-calendar.ts';
import { ALL_GROUPS, type CityFacts, sourceShares } from './city-facts.ts';
import { holeWeeks, TOLERATED_SHARE } from './delivery.ts';

/** Daily series of the city and its districts, by group and all together, each day against its own past: what `series-daily` looks at. */

const FOLLOW_DAYS = 7;

interface DailySeries {
  readonly district: number;
  readonly group: number;
  readonly question: SeriesQuestion;
}

const known = new WeakMap<CityFacts, { readonly firstDay: number; readonly periods: readonly AssessedPeriod[] }>();

/** Days from `firstDay` on; the same for every threshold, so worked out once a city. Cost: a fit a series and fortnight. */
export function dailyPeriods(facts: CityFacts, calendar: CityCalendar, firstDay: number): readonly AssessedPeriod[] {
  const before = known.get(facts);
  if (before?.firstDay === firstDay) return before.periods;
  const start = facts.window.firstDay;
  const series = dailySeries(facts, calendar, Math.max(0, firstDay - start));
  const { series: assessed } = assessChunk({
    step: 'day',
    firstDay: start,
    calendar,
    series: series.map(({ question }) => question),
  });
  const severity = new Map(facts.groups.map((group) => [group.id, group.severity]));
  const periods = series.flatMap(({ district, group, question }, s): AssessedPeriod[] => {
    const found = assessed[s];
    const { born, assessFrom, baseline } = question;
    if (!found) return [];
    const from = Math.max(assessFrom, born);
    return Array.from(found.p, (p, i) => ({ p, i, at: from + i })).flatMap(({ p, i, at }) => {
      if (!(p >= 0)) return [];
      return [
        {
          division: district < 0 ? 0 : (facts.districts[district] as { id: number }).id,
          category: group,
          severity: severity.get(group) ?? 0, // all categories together have no severity of their own
          firstDay: start + at,
          endDay: start + at + 1,
          observed: baseline[at - born] as number,
          expected: found.expected[i] as number,
          lower: found.lower[i] as number,
          upper: found.upper[i] as number,
          p,
          quality: [],
          follow: weekAfter(baseline.subarray(at - born + 1), found.expected.subarray(i + 1)),
        },
      ];
    });
  });
  known.set(facts, { firstDay, periods });
  return periods;
}

function weekAfter(observed: Float64Array, expected: Float64Array): AssessedPeriod['follow'] {
  if (observed.length < FOLLOW_DAYS || expected.length < FOLLOW_DAYS) return null;
  const sum = (values: Float64Array): number => values.subarray(0, FOLLOW_DAYS).reduce((total, n) => total + n, 0);
  const [seen, usual] = [sum(observed), sum(expected)];
  return seen >= 0 && usual >= 0 ? { observed: seen, expected: usual } : null;
}

function dailySeries(facts: CityFacts, calendar: CityCalendar, assessFrom: number): DailySeries[] {
  const { firstDay, endDay } = facts.window;
  const days = endDay - firstDay;
  const groups = [...facts.groups.map(({ id }) => id), ALL_GROUPS];
  const groupAt = new Map(groups.map((id, at) => [id, at]));
  const all = groups.length - 1;
  const sums = Array.from({ length: (facts.districts.length + 1) * groups.length }, () => new Float64Array(days));
  const add = (row: number, group: number, day: number): void => {
    const counts = sums[row * groups.length + group] as Float64Array;
    counts[day] = (counts[day] as number) + 1;
  };
  for (let i = 0; i < facts.day.length; i++) {
    const day = (facts.day[i] as number) - firstDay;
    const group = groupAt.get(facts.group[i] as number);
    const district = facts.district[i] as number;
    for (const row of district < 0 ? [0] : [0, district + 1]) {
      if (group !== undefined) add(row, group, day);
      add(row, all, day);
    }
  }
  const monday = facts.weeks[0] ?? firstDay; // no weeks, no days
  return groups.flatMap((group, g) => {
    const shares = sourceShares(facts, { group });
    const born = (sums[g] as Float64Array).findIndex((n) => n > 0);
    if (born < 0) return [];
    const breaks = breakDays(facts, calendar, group, shares);
    return Array.from({ length: facts.districts.length + 1 }, (_, row) => row).flatMap((row) => {
      const counts = sums[row * groups.length + g] as Float64Array;
      if (!counts.some((n) => n > 0)) return [];
      const holes = holeWeeks(facts.delivered, shares, { district: row - 1, weeks: facts.weeks.length });
      const baseline = counts
        .subarray(born)
        .map((n, i) => (holes[Math.floor((firstDay + born + i - monday) / 7)] === 1 ? Number.NaN : n));
      const question = {
        born,
        assessFrom: Math.max(assessFrom, born),
        baseline,
        completeness: new Float64Array(baseline.length).fill(1),
        breaks,
      };
      return [{ district: row - 1, group, question }];
    });
  });
}

/** Positions of the days on which a new regime begins for a source that makes up more than a tenth of the series. */
function breakDays(facts: CityFacts, calendar: CityCalendar, group: number, shares: Float64Array): number[] {
  const code = facts.groups.find(({ id }) => id === group)?.code;
  const found = facts.sources.flatMap(({ key }, s) =>
    (shares[s] as number) > TOLERATED_SHARE
      ? breaksOf(calendar, { source: key, category: code }).flatMap((one) =>
          one.kind === 'outage' || one.endDay !== null ? [] : [one.day - facts.window.firstDay],
        )
      : [],
  );
  return [...new Set(found)].sort((a, b) => a - b);
}
