import { DAY_CLASSES } from '../../core/evaluate/event-stream.ts';
import { parseIsoDate } from '../../core/time/local-date.ts';

/** Days off and make-up workdays (调休) of mainland China by the yearly State Council notices; first and last day inside. */
const HOLIDAYS: readonly (readonly [string, string])[] = [
  ['2020-01-01', '2020-01-01'],
  ['2020-01-24', '2020-02-02'], // extended that year
  ['2020-04-04', '2020-04-06'],
  ['2020-05-01', '2020-05-05'],
  ['2020-06-25', '2020-06-27'],
  ['2020-10-01', '2020-10-08'],
  ['2021-01-01', '2021-01-03'],
  ['2021-02-11', '2021-02-17'],
  ['2021-04-03', '2021-04-05'],
  ['2021-05-01', '2021-05-05'],
  ['2021-06-12', '2021-06-14'],
  ['2021-09-19', '2021-09-21'],
  ['2021-10-01', '2021-10-07'],
  ['2022-01-01', '2022-01-03'],
  ['2022-01-31', '2022-02-06'],
  ['2022-04-03', '2022-04-05'],
  ['2022-04-30', '2022-05-04'],
  ['2022-06-03', '2022-06-05'],
  ['2022-09-10', '2022-09-12'],
  ['2022-10-01', '2022-10-07'],
  ['2022-12-31', '2023-01-02'],
  ['2023-01-21', '2023-01-27'],
  ['2023-04-05', '2023-04-05'],
  ['2023-04-29', '2023-05-03'],
  ['2023-06-22', '2023-06-24'],
  ['2023-09-29', '2023-10-06'],
  ['2023-12-30', '2024-01-01'],
];
const MAKE_UP_WORKDAYS: readonly string[] = [
  ...['2020-01-19', '2020-04-26', '2020-05-09', '2020-06-28', '2020-09-27', '2020-10-10'],
  ...['2021-02-07', '2021-02-20', '2021-04-25', '2021-05-08', '2021-09-18', '2021-09-26', '2021-10-09'],
  ...['2022-01-29', '2022-01-30', '2022-04-02', '2022-04-24', '2022-05-07', '2022-10-08', '2022-10-09'],
  ...['2023-01-28', '2023-01-29', '2023-04-23', '2023-05-06', '2023-06-25', '2023-10-07', '2023-10-08'],
];
const LUNAR_NEW_YEARS: readonly string[] = ['2020-01-25', '2021-02-12', '2022-02-01', '2023-01-22', '2024-02-10'];
/** Years the lists above cover. */
export const BENCHMARK_YEARS = { first: '2020-01-01', last: '2023-12-31' } as const;

const classNumber = (name: (typeof DAY_CLASSES)[number]): number => DAY_CLASSES.indexOf(name);

export interface BenchmarkCalendar {
  /** Index into DAY_CLASSES per day. */
  readonly dayClass: Uint8Array;
  /** 0 Monday .. 6 Sunday. */
  readonly weekday: Uint8Array;
  /** 1 = offices work: Monday to Friday without holidays, and make-up workdays. */
  readonly working: Uint8Array;
  readonly holiday: Uint8Array;
  /** Days since the nearest lunar new year, negative before it. */
  readonly festivalDay: Int16Array;
}

/** Day classes of a span inside 2020–2023; throws outside, where nobody has entered the notices. */
export function benchmarkCalendar(given: { readonly epochDay: number; readonly days: number }): BenchmarkCalendar {
  const { epochDay, days } = given;
  if (epochDay < parseIsoDate(BENCHMARK_YEARS.first) || epochDay + days - 1 > parseIsoDate(BENCHMARK_YEARS.last))
    throw new RangeError(`the benchmark calendar covers ${BENCHMARK_YEARS.first} to ${BENCHMARK_YEARS.last}`);
  const spans = HOLIDAYS.map(([first, last]) => ({ first: parseIsoDate(first), last: parseIsoDate(last) }));
  const makeUp = new Set(MAKE_UP_WORKDAYS.map(parseIsoDate));
  const newYears = LUNAR_NEW_YEARS.map(parseIsoDate);
  const calendar = {
    dayClass: new Uint8Array(days),
    weekday: new Uint8Array(days),
    working: new Uint8Array(days),
    holiday: new Uint8Array(days),
    festivalDay: new Int16Array(days),
  };
  for (let i = 0; i < days; i++) {
    const day = epochDay + i;
    const weekday = (day + 3) % 7;
    const holiday = spans.some(({ first, last }) => day >= first && day <= last);
    const works = !holiday && (weekday < 5 || makeUp.has(day));
    const festival = newYears.map((newYear) => day - newYear).reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a));
    calendar.weekday[i] = weekday;
    calendar.holiday[i] = holiday ? 1 : 0;
    calendar.working[i] = works ? 1 : 0;
    calendar.festivalDay[i] = festival;
    calendar.dayClass[i] = classOf({ weekday, holiday, works, festival });
  }
  return calendar;
}

function classOf(day: { weekday: number; holiday: boolean; works: boolean; festival: number }): number {
  if (day.festival >= -7 && day.festival <= -2) return classNumber('before Spring Festival');
  if (day.festival >= -1 && day.festival <= 6) return classNumber('Spring Festival');
  if (day.festival >= 7 && day.festival <= 14) return classNumber('after Spring Festival');
  if (day.holiday) return classNumber('holiday');
  if (!day.works) return classNumber('weekend');
  return day.weekday < 5 ? day.weekday : classNumber('make-up workday');
}
