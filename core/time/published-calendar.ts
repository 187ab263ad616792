import { type HolidaySpan, isPublished, type Named, statutoryDays } from './china-calendar.ts';
import type { CityCalendar, KnownBreak } from './city-calendar.ts';
import { civilOf } from './local-date.ts';
import { type LunarFestival, lunarFestivals } from './lunar-festivals.ts';

/** A city's calendar over the days of a snapshot, for charts: what was known about these days when it was made. Days half-open, since 1970-01-01. */
export interface PublishedCalendar {
  readonly firstDay: number;
  readonly endDay: number;
  /** `provisional`: by the law alone, the notice of that year was not published yet. */
  readonly holidays: readonly (HolidaySpan & { readonly provisional: boolean })[];
  readonly makeUpWorkdays: readonly number[];
  /** Lunar festivals by their day, for a city that follows Spring Festival; a holiday too or not. */
  readonly festivals: readonly { readonly day: number; readonly name: Named }[];
  readonly schoolTerms: readonly HolidaySpan[];
  /** Breaks of which a day lies in the span; a change that stayed is told by its first day. */
  readonly breaks: readonly KnownBreak[];
}

const FESTIVAL_NAMES: Readonly<Record<LunarFestival, Named>> = {
  newYearsEve: { zh: '除夕', en: 'New Year’s Eve' },
  springFestival: { zh: '春节', en: 'Spring Festival' },
  lanternFestival: { zh: '元宵节', en: 'Lantern Festival' },
  dragonBoat: { zh: '端午节', en: 'Dragon Boat Festival' },
  ghostFestival: { zh: '中元节', en: 'Ghost Festival' },
  midAutumn: { zh: '中秋节', en: 'Mid-Autumn Festival' },
  doubleNinth: { zh: '重阳节', en: 'Double Ninth Festival' },
};

/** What of the calendar touches the days [firstDay, endDay). Cost: the years of the span. */
export function publishedCalendar(
  calendar: CityCalendar,
  span: { readonly firstDay: number; readonly endDay: number },
): PublishedCalendar {
  const { firstDay, endDay } = span;
  const touches = (one: { readonly firstDay: number; readonly endDay: number }): boolean =>
    one.firstDay < endDay && one.endDay > firstDay;
  const isIn = (day: number): boolean => day >= firstDay && day < endDay;
  const years: number[] = [];
  for (let year = civilOf(firstDay).year; year <= civilOf(Math.max(firstDay, endDay - 1)).year; year++)
    years.push(year);
  const { publishedYears } = calendar;
  const byLaw =
    publishedYears === null
      ? []
      : years.flatMap((year) => statutoryDays(year).filter((one) => !isPublished({ publishedYears }, one.firstDay)));
  return {
    firstDay,
    endDay,
    holidays: [
      ...calendar.holidays.map((one) => ({ ...one, provisional: false })),
      ...byLaw.map((one) => ({ ...one, provisional: true })),
    ]
      .filter(touches)
      .sort((a, b) => a.firstDay - b.firstDay),
    makeUpWorkdays: [...calendar.makeUpWorkdays].filter(isIn).sort((a, b) => a - b),
    festivals: calendar.springFestival
      ? years.flatMap((year) =>
          Object.entries(lunarFestivals(year))
            .map(([festival, day]) => ({ day, name: FESTIVAL_NAMES[festival as LunarFestival] }))
            .filter(({ day }) => isIn(day))
            .sort((a, b) => a.day - b.day),
        )
      : [],
    schoolTerms: calendar.schoolTerms.filter(touches),
    breaks: calendar.breaks.filter(({ day, endDay: end }) => day < endDay && (end ?? day + 1) > firstDay),
  };
}
