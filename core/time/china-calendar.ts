import { civilOf, dayOf, parseIsoDate } from './local-date.ts';
import { lunarFestivals, qingming } from './lunar-festivals.ts';

/**
 * Statutory holidays and make-up working days (调休) of mainland China from the yearly notices of the State Council, which are data:
 * `data/calendars/cn/<year>.json`. A year without a file is "not published": its holidays then are the statutory days alone, by rule, and
 * every answer for it is provisional.
 */
export interface Named {
  readonly zh: string;
  readonly en: string;
}

/** Half-open days since 1970-01-01. */
export interface HolidaySpan {
  readonly firstDay: number;
  readonly endDay: number;
  readonly name: Named;
}

/** One notice, as its file states it (dates `yyyy-MM-dd`). */
export interface HolidayNotice {
  readonly year: number;
  readonly holidays: readonly { readonly firstDay: string; readonly endDay: string; readonly name: Named }[];
  readonly makeUpWorkdays: readonly string[];
}

export interface NoticeDays {
  readonly holidays: readonly HolidaySpan[];
  readonly makeUpWorkdays: readonly number[];
  /** Years a notice was published for. */
  readonly publishedYears: readonly number[];
}

/** Notices of several years as one table, in order of days. A notice may rule on the last days of the year before it. */
export function noticeDays(notices: readonly HolidayNotice[]): NoticeDays {
  const holidays = notices.flatMap((notice) =>
    notice.holidays.map(({ firstDay, endDay, name }) => ({
      firstDay: parseIsoDate(firstDay),
      endDay: parseIsoDate(endDay),
      name,
    })),
  );
  return {
    holidays: holidays.sort((a, b) => a.firstDay - b.firstDay),
    makeUpWorkdays: [...new Set(notices.flatMap((notice) => notice.makeUpWorkdays.map(parseIsoDate)))].sort(
      (a, b) => a - b,
    ),
    publishedYears: [...new Set(notices.map(({ year }) => year))].sort((a, b) => a - b),
  };
}

const span = (firstDay: number, days: number, name: Named): HolidaySpan => ({
  firstDay,
  endDay: firstDay + days,
  name,
});

/**
 * The statutory days of a year by the regulation in force since 2025 (全国年节及纪念日放假办法, 13 days), without 调休: what is certain
 * before the notice appears.
 */
export function statutoryDays(year: number): HolidaySpan[] {
  const lunar = lunarFestivals(year);
  return [
    span(dayOf(year, 1, 1), 1, { zh: '元旦', en: 'New Year' }),
    span(lunar.newYearsEve, 4, { zh: '春节', en: 'Spring Festival' }),
    span(qingming(year), 1, { zh: '清明节', en: 'Qingming' }),
    span(dayOf(year, 5, 1), 2, { zh: '劳动节', en: 'Labour Day' }),
    span(lunar.dragonBoat, 1, { zh: '端午节', en: 'Dragon Boat Festival' }),
    span(lunar.midAutumn, 1, { zh: '中秋节', en: 'Mid-Autumn Festival' }),
    span(dayOf(year, 10, 1), 3, { zh: '国庆节', en: 'National Day' }),
  ].sort((a, b) => a.firstDay - b.firstDay);
}

/** Whether the notice of the day's year is known. */
export const isPublished = (days: Pick<NoticeDays, 'publishedYears'>, day: number): boolean =>
  days.publishedYears.includes(civilOf(day).year);
