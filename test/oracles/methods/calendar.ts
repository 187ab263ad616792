import { readdirSync, readFileSync } from 'node:fs';
import { HolidayNotice } from '../../../core/contract/profile.ts';
import { noticeDays } from '../../../core/time/china-calendar.ts';
import { type CityCalendar, cityCalendar, type DayType, dayKind } from '../../../core/time/city-calendar.ts';
import { isoDate, parseIsoDate } from '../../../core/time/local-date.ts';
import { daysFromSpringFestival, lunarFestivals } from '../../../core/time/lunar-festivals.ts';
import type { OracleMethod } from '../oracle-case.ts';

interface Year {
  readonly noticeYear: number;
  readonly offDays: readonly { readonly date: string; readonly name: string }[];
  readonly shiftedWorkdays: readonly { readonly date: string }[];
  readonly lunarFestivals: Readonly<Record<string, string>>;
}
interface CalendarCase {
  readonly years: readonly Year[];
  readonly dayTypes: readonly {
    readonly date: string;
    readonly type: string;
    readonly daysFromSpringFestival: number;
  }[];
}
const EMPTY = { holidaysFrom: 'cn', holidays: [], makeUpWorkdays: [], schoolTerms: [], breaks: [] } as const;
const WORDS: Readonly<Record<DayType, string>> = {
  workday: 'workday',
  'make-up-workday': 'shifted_workday',
  weekend: 'weekend',
  holiday: 'holiday',
};

/** The case's own facts in the form of our files. */
const noticeOf = ({ noticeYear, offDays, shiftedWorkdays }: Year) => ({
  year: noticeYear,
  holidays: offDays.map(({ date, name }) => ({
    firstDay: date,
    endDay: isoDate(parseIsoDate(date) + 1),
    name: { zh: name, en: name },
  })),
  makeUpWorkdays: shiftedWorkdays.map(({ date }) => date),
});

const CN = new URL('../../../data/calendars/cn/', import.meta.url);
const ourNotices = (): HolidayNotice[] =>
  readdirSync(CN).map((name) => HolidayNotice.parse(JSON.parse(readFileSync(new URL(name, CN), 'utf8'))));

/** Every day of the notice with its name, as `date name`. */
function listed(notice: Parameters<typeof noticeDays>[0][number]): { off: string[]; working: string[] } {
  const { holidays, makeUpWorkdays } = noticeDays([notice]);
  const off = holidays.flatMap(({ firstDay, endDay, name }) =>
    Array.from({ length: endDay - firstDay }, (_, i) => `${isoDate(firstDay + i)} ${name.zh}`),
  );
  return { off, working: makeUpWorkdays.map(isoDate) };
}

function checkDays(calendar: CityCalendar, days: CalendarCase['dayTypes']) {
  return days.map(({ date }) => {
    const day = parseIsoDate(date);
    return { date, type: WORDS[dayKind(calendar, day).type], daysFromSpringFestival: daysFromSpringFestival(day) };
  });
}

const CALENDAR: OracleMethod = {
  name: 'holidays and festivals of China',
  takes: (data) => 'dayTypes' in data && 'years' in data,
  run: ({ data }, findings) => {
    const { years, dayTypes } = data as unknown as CalendarCase;
    const ours = ourNotices();
    for (const year of years) {
      const { noticeYear } = year;
      const festivals = Object.entries(lunarFestivals(noticeYear)).map(([name, day]) => [name, isoDate(day)]);
      findings.same(`${noticeYear} festivals`, Object.fromEntries(festivals), year.lunarFestivals);
      // A year outside our files is "not published" there; its facts are then only used for the kinds of days below.
      const own = ours.find((notice) => notice.year === noticeYear);
      if (own) findings.same(`${noticeYear} notice`, listed(own), listed(noticeOf(year)));
    }
    findings.same('dayTypes', checkDays(cityCalendar(EMPTY, years.map(noticeOf)), dayTypes), dayTypes);
    const covered = dayTypes.filter(({ date }) => ours.some(({ year }) => date.startsWith(String(year))));
    if (covered.length > 0)
      findings.same('dayTypes by our files', checkDays(cityCalendar(EMPTY, ours), covered), covered);
  },
};

export const CALENDAR_METHODS: readonly OracleMethod[] = [CALENDAR];
