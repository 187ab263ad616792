import { civilOf, dayOf, weekStart } from '../time/local-date.ts';
import { daysFromSpringFestival, lunarFestivals } from '../time/lunar-festivals.ts';
import { directionOf } from './comparison.ts';
import { comparePeriods, type DailySeries, type Period, type PeriodComparison } from './period-comparison.ts';
import type { Words } from './verdict-words.ts';

/**
 * The same weeks of last year (同比), twice where Spring Festival is near: by ISO week, and by days from the festival. The festival moves
 * by up to four weeks, so the two can differ; then both are shown and one plain sentence says so.
 */
export interface YearOnYear {
  /** Same ISO weeks of the year before; `no-counterpart` for a week 53 that year did not have. */
  readonly byWeek: PeriodComparison;
  /** Same days from Spring Festival; null where no day of the period is near one, or the city does not keep it. */
  readonly byFestival: PeriodComparison | null;
  /** Days by which Spring Festival is earlier than last year (negative: later); null with `byFestival`. */
  readonly festivalEarlierByDays: number | null;
  /** Both were compared and do not say the same direction. */
  readonly disagree: boolean;
  /** Said when they disagree. */
  readonly note: Words | null;
}

/** Affected days around Spring Festival by the statistics bureau: 5 before to 20 after (the comparison rules). */
const AFFECTED = { before: -5, after: 20 } as const;

/** Monday-to-Sunday weeks: the period of the same ISO weeks a year before; null for a week 53 without counterpart. */
export function sameWeeksLastYear({ firstDay, endDay }: Period): Period | null {
  const monday = weekStart(firstDay);
  const { year } = civilOf(monday + 3);
  const firstMonday = weekStart(dayOf(year, 1, 4));
  const lastYears = weekStart(dayOf(year - 1, 1, 4));
  const start = lastYears + (monday - firstMonday);
  if (start >= firstMonday) return null;
  const shift = start - monday;
  return { firstDay: firstDay + shift, endDay: endDay + shift };
}

export interface FestivalShift {
  readonly period: Period;
  readonly earlierByDays: number;
}

/** The period at the same distance from last year's Spring Festival; null when no day of either year's period is affected. */
export function sameFestivalDaysLastYear(
  period: Period,
  byWeek: Period | null = sameWeeksLastYear(period),
): FestivalShift | null {
  const near = ({ firstDay, endDay }: Period): number | null => {
    for (let day = firstDay; day < endDay; day++) {
      const distance = daysFromSpringFestival(day);
      if (distance >= AFFECTED.before && distance <= AFFECTED.after) return day;
    }
    return null;
  };
  if (near(period) === null && (byWeek === null || near(byWeek) === null)) return null;
  const { year } = civilOf(period.firstDay + Math.floor((period.endDay - period.firstDay - 1) / 2));
  const [now, last] = [lunarFestivals(year).springFestival, lunarFestivals(year - 1).springFestival];
  const shift = last - now;
  const calendarShift = dayOf(year - 1, 1, 1) - dayOf(year, 1, 1);
  return {
    period: { firstDay: period.firstDay + shift, endDay: period.endDay + shift },
    earlierByDays: shift - calendarShift,
  };
}

/** Both comparisons of a period of whole weeks, and whether they disagree. */
export function yearOnYear(
  series: DailySeries,
  period: Period,
  city: { readonly springFestival: boolean },
): YearOnYear {
  const weeks = sameWeeksLastYear(period);
  const byWeek: PeriodComparison = weeks
    ? comparePeriods(series, { before: weeks, after: period })
    : {
        comparison: { kind: 'not-comparable', why: 'no-counterpart' },
        fillingDays: 0,
        missingDays: 0,
        breakDay: null,
      };
  const festival = city.springFestival ? sameFestivalDaysLastYear(period, weeks) : null;
  if (!festival) return { byWeek, byFestival: null, festivalEarlierByDays: null, disagree: false, note: null };
  const byFestival = comparePeriods(series, { before: festival.period, after: period });
  const [a, b] = [byWeek.comparison, byFestival.comparison];
  const disagree = a.kind === 'compared' && b.kind === 'compared' && directionOf(a.verdict) !== directionOf(b.verdict);
  const days = festival.earlierByDays;
  return { byWeek, byFestival, festivalEarlierByDays: days, disagree, note: disagree ? noteOf(days) : null };
}

const noteOf = (earlierByDays: number): Words => {
  const n = Math.abs(earlierByDays);
  const [zh, en] = earlierByDays >= 0 ? ['早', 'earlier'] : ['晚', 'later'];
  return {
    zh: `今年春节较去年${zh} ${n} 天，两种口径结论不同`,
    en: `Spring Festival is ${n} days ${en} than last year; the two ways of comparing do not agree`,
  };
};
