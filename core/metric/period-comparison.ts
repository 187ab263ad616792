import { completenessAfter } from '../quality/reporting-delay.ts';
import { type Comparison, compareCounts } from './comparison.ts';

/**
 * Two periods of one daily series. Days that are still filling (learned completeness F below 0.95) and days without data do not enter the
 * verdict; in periods of equal length the day at the same place of the other period is left out with them, so that weekdays still match.
 */
export interface DailySeries {
  /** Day of `counts[0]`, days since 1970-01-01. */
  readonly firstDay: number;
  /** Incidents a day; NaN = not collected, which is not zero. */
  readonly counts: ArrayLike<number>;
  /** Last day of which anything could be known. */
  readonly asOfDay: number;
  /** F(d), d = 0..D, of `core/quality/reporting-delay.ts`; null when it could not be learned: then `fillingDays` counts. */
  readonly completeness: readonly number[] | null;
  /** So many last days are taken as still filling when F is unknown; default 0. */
  readonly fillingDays?: number | undefined;
  /**
   * Known breaks (`breaksOf`). One with an end is an outage: its days count as missing. One without parts the series: periods on its two
   * sides are not comparable.
   */
  readonly breaks?: readonly { readonly day: number; readonly endDay: number | null }[] | undefined;
  /** φ of the series. */
  readonly dispersion?: number | undefined;
}

/** Half-open days since 1970-01-01. */
export interface Period {
  readonly firstDay: number;
  readonly endDay: number;
}

export interface PeriodComparison {
  readonly comparison: Comparison;
  /** Days of the later period left out because they are still filling: shown as 数据未齐. */
  readonly fillingDays: number;
  /** Days of either period without data. */
  readonly missingDays: number;
  /** First parting break after the earlier period began and not after the end of the later one; null when there is none. */
  readonly breakDay: number | null;
}

const FILLED = 0.95;
/** With less than this share of its days a period is not itself any more. */
const LEAST_SHARE = 0.5;

type DayState = 'used' | 'filling' | 'missing';

function stateOf(series: DailySeries, day: number): DayState {
  const n = series.counts[day - series.firstDay];
  if (series.breaks?.some((one) => one.endDay !== null && day >= one.day && day < one.endDay)) return 'missing';
  if (day > series.asOfDay) return 'filling';
  const elapsed = series.asOfDay - day;
  const filled = series.completeness
    ? completenessAfter(series.completeness, elapsed) >= FILLED - 1e-12
    : elapsed >= (series.fillingDays ?? 0);
  if (!filled) return 'filling';
  return n === undefined || Number.isNaN(n) ? 'missing' : 'used';
}

const statesOf = (series: DailySeries, { firstDay, endDay }: Period): DayState[] =>
  Array.from({ length: Math.max(0, endDay - firstDay) }, (_, i) => stateOf(series, firstDay + i));

/** Compares the later period with the earlier one. Cost O(days × breaks). */
export function comparePeriods(
  series: DailySeries,
  periods: { readonly before: Period; readonly after: Period },
): PeriodComparison {
  const { before, after } = periods;
  const [early, late] = [statesOf(series, before), statesOf(series, after)];
  const paired = early.length === late.length;
  const uses = (own: DayState | undefined, other: DayState | undefined): boolean =>
    own === 'used' && (!paired || other === 'used');
  const count = (states: readonly DayState[], others: readonly DayState[], period: Period) => {
    let [n, days] = [0, 0];
    states.forEach((state, i) => {
      if (!uses(state, others[i])) return;
      n += series.counts[period.firstDay + i - series.firstDay] as number;
      days++;
    });
    return { n, days };
  };
  const [first, second] = [count(early, late, before), count(late, early, after)];
  const fillingDays = late.filter((state) => state === 'filling').length;
  const missingDays = [...early, ...late].filter((state) => state === 'missing').length;
  const parting = (series.breaks ?? []).flatMap(({ day, endDay }) =>
    endDay === null && day > before.firstDay && day < after.endDay ? [day] : [],
  );
  const breakDay = parting.length > 0 ? Math.min(...parting) : null;
  const enough = (used: number, all: number): boolean => used > 0 && used >= LEAST_SHARE * all;
  const filledLate = late.length - fillingDays;
  const comparison = ((): Comparison => {
    if (breakDay !== null) return { kind: 'not-comparable', why: 'break' };
    if (filledLate === 0) return { kind: 'not-comparable', why: 'still-filling' };
    // The days that are in: a week of which three days are in may still be compared over these three.
    if (!enough(first.days, paired ? filledLate : early.length) || !enough(second.days, filledLate))
      return { kind: 'not-comparable', why: 'missing-days' };
    return compareCounts({ before: first, after: second, dispersion: series.dispersion });
  })();
  return { comparison, fillingDays, missingDays, breakDay };
}

/** The period just before, of the same length (环比). */
export const previousPeriod = ({ firstDay, endDay }: Period): Period => ({
  firstDay: firstDay - (endDay - firstDay),
  endDay: firstDay,
});
