import {
  type HolidayNotice,
  type HolidaySpan,
  isPublished,
  type Named,
  noticeDays,
  statutoryDays,
} from './china-calendar.ts';
import { civilOf, parseIsoDate, weekStart } from './local-date.ts';
import { daysFromSpringFestival, lunarFestivals } from './lunar-festivals.ts';

/**
 * What a city knows about its own time: kind of every day, class of days and weeks for baselines, school terms, known breaks.
 * All days are days since 1970-01-01 in the city's zone; spans are half-open.
 */
export type BreakKind = 'channel-opened' | 'recode' | 'outage' | 'policy';

/** A known break: before and after it counts do not mean the same. It is drawn on charts and cuts baselines. */
export interface KnownBreak {
  readonly day: number;
  /** End of an outage; null when the change stayed. */
  readonly endDay: number | null;
  /** Null: all sources. */
  readonly source: string | null;
  /** Null: all categories. A code also stands for the categories below it. */
  readonly category: string | null;
  readonly kind: BreakKind;
  readonly name: Named;
}

export interface CityCalendar {
  readonly holidays: readonly HolidaySpan[];
  readonly makeUpWorkdays: ReadonlySet<number>;
  /** Years of published notices where days come from them; null for a city that lists its own days. */
  readonly publishedYears: readonly number[] | null;
  /** Whether life follows Spring Festival: its blocks are classes of their own. */
  readonly springFestival: boolean;
  readonly schoolTerms: readonly HolidaySpan[];
  readonly breaks: readonly KnownBreak[];
}

/** The calendar as files state it (dates `yyyy-MM-dd`). */
export interface CalendarSource {
  readonly holidaysFrom?: 'cn' | undefined;
  readonly springFestival?: boolean | undefined;
  readonly holidays: readonly { readonly firstDay: string; readonly endDay: string; readonly name: Named }[];
  readonly makeUpWorkdays: readonly string[];
  readonly schoolTerms: readonly { readonly firstDay: string; readonly endDay: string; readonly name: Named }[];
  readonly breaks: readonly {
    readonly day: string;
    readonly endDay?: string | undefined;
    readonly source?: string | undefined;
    readonly category?: string | undefined;
    readonly kind: BreakKind;
    readonly what: Named;
  }[];
}

const spans = (listed: CalendarSource['holidays']): HolidaySpan[] =>
  listed.map(({ firstDay, endDay, name }) => ({
    firstDay: parseIsoDate(firstDay),
    endDay: parseIsoDate(endDay),
    name,
  }));

/** The city's own days and, where it follows them, those of the notices. */
export function cityCalendar(source: CalendarSource, notices: readonly HolidayNotice[]): CityCalendar {
  const national = source.holidaysFrom ? noticeDays(notices) : null;
  return {
    holidays: [...spans(source.holidays), ...(national?.holidays ?? [])].sort((a, b) => a.firstDay - b.firstDay),
    makeUpWorkdays: new Set([...source.makeUpWorkdays.map(parseIsoDate), ...(national?.makeUpWorkdays ?? [])]),
    publishedYears: national?.publishedYears ?? null,
    springFestival: source.springFestival ?? source.holidaysFrom !== undefined,
    schoolTerms: spans(source.schoolTerms),
    breaks: source.breaks
      .map((one) => ({
        day: parseIsoDate(one.day),
        endDay: one.endDay === undefined ? null : parseIsoDate(one.endDay),
        source: one.source ?? null,
        category: one.category ?? null,
        kind: one.kind,
        name: one.what,
      }))
      .sort((a, b) => a.day - b.day),
  };
}

export type DayType = 'workday' | 'make-up-workday' | 'weekend' | 'holiday';

export interface DayKind {
  readonly type: DayType;
  readonly holiday: Named | null;
  /** The notice of that year is not published: no 调休 known, holidays by rule only. */
  readonly provisional: boolean;
}

/** Saturday or Sunday. 1970-01-01 was a Thursday. */
export const isWeekend = (day: number): boolean => day - weekStart(day) >= 5;

const spanAt = (list: readonly HolidaySpan[], day: number): HolidaySpan | undefined =>
  list.find(({ firstDay, endDay }) => day >= firstDay && day < endDay);

/** Kind of one day. A listed holiday wins over a make-up day, both over the weekday. Cost: a walk over the listed spans. */
export function dayKind(calendar: CityCalendar, day: number): DayKind {
  const { publishedYears } = calendar;
  const provisional = publishedYears !== null && !isPublished({ publishedYears }, day);
  const holiday =
    spanAt(calendar.holidays, day) ?? (provisional ? spanAt(statutoryDays(civilOf(day).year), day) : undefined);
  const type = holiday
    ? 'holiday'
    : calendar.makeUpWorkdays.has(day)
      ? 'make-up-workday'
      : isWeekend(day)
        ? 'weekend'
        : 'workday';
  return { type, holiday: holiday?.name ?? null, provisional };
}

/** Classes of days that share a factor in baselines (METHODS.md d, Calendar). The order is the code in columns. */
export const DAY_CLASSES = [
  'workday',
  'make-up-workday',
  'weekend',
  'holiday',
  'before-spring-festival',
  'spring-festival',
  'after-spring-festival',
] as const;
export type DayClass = (typeof DAY_CLASSES)[number];

/** Days from Spring Festival, both ends inside. */
const SPRING_BLOCKS: readonly { readonly first: number; readonly last: number; readonly dayClass: DayClass }[] = [
  { first: -7, last: -2, dayClass: 'before-spring-festival' },
  { first: -1, last: 6, dayClass: 'spring-festival' },
  { first: 7, last: 15, dayClass: 'after-spring-festival' },
];

/** Class of one day: a block around Spring Festival where the city keeps it, else the kind of the day. */
export function dayClass(calendar: CityCalendar, day: number): DayClass {
  if (calendar.springFestival) {
    const distance = daysFromSpringFestival(day);
    const block = SPRING_BLOCKS.find(({ first, last }) => distance >= first && distance <= last);
    if (block) return block.dayClass;
  }
  return dayKind(calendar, day).type;
}

/** Classes of consecutive days, as indices into `DAY_CLASSES`. Cost O(days × spans). */
export function dayClasses(
  calendar: CityCalendar,
  window: { readonly firstDay: number; readonly endDay: number },
): Uint8Array {
  const classes = new Uint8Array(Math.max(0, window.endDay - window.firstDay));
  for (let i = 0; i < classes.length; i++) classes[i] = DAY_CLASSES.indexOf(dayClass(calendar, window.firstDay + i));
  return classes;
}

/** Share of a period's days by class, in the order of `DAY_CLASSES`; sums to 1. For baselines of weeks. All NaN for an empty period. */
export function classShares(
  calendar: CityCalendar,
  period: { readonly firstDay: number; readonly endDay: number },
): Float64Array {
  const shares = new Float64Array(DAY_CLASSES.length);
  const classes = dayClasses(calendar, period);
  for (const code of classes) shares[code] = (shares[code] as number) + 1;
  return shares.map((n) => n / classes.length);
}

export type WeekClass =
  | 'ordinary'
  | 'spring-festival-week-before'
  | 'spring-festival-week'
  | 'spring-festival-week-after'
  | 'national-day-week'
  | 'holiday-week';

/** At least so many of the five weekdays are 1–7 October holidays: National Day week. */
const NATIONAL_DAY_WEEKDAYS = 3;

/**
 * Class of the week that holds the day. Spring Festival week is the one with most of the eight days [−1, 6] (the earlier of equals);
 * the weeks beside it are −1 and +1. `holiday-week`: another statutory holiday on a Monday to Friday.
 */
export function weekClass(calendar: CityCalendar, day: number): WeekClass {
  const monday = weekStart(day);
  if (calendar.springFestival) {
    // The middle day of the block: the week that holds it holds at least four of the eight.
    const festival = weekStart(lunarFestivals(civilOf(monday + 3).year).springFestival + 2);
    if (monday === festival - 7) return 'spring-festival-week-before';
    if (monday === festival) return 'spring-festival-week';
    if (monday === festival + 7) return 'spring-festival-week-after';
  }
  let [holidays, national] = [0, 0];
  for (let d = monday; d < monday + 5; d++) {
    if (dayKind(calendar, d).type !== 'holiday') continue;
    holidays++;
    const { month, date } = civilOf(d);
    if (calendar.publishedYears !== null && month === 10 && date <= 8) national++;
  }
  return national >= NATIONAL_DAY_WEEKDAYS ? 'national-day-week' : holidays > 0 ? 'holiday-week' : 'ordinary';
}

/** Name of the school term the day is in; null in the holidays, and where no terms are listed. */
export const schoolTerm = (calendar: CityCalendar, day: number): Named | null =>
  spanAt(calendar.schoolTerms, day)?.name ?? null;

/** Breaks that touch a series: of its source or of all, of its category, one above it, or all. A series of all categories is touched by breaks of all. */
export function breaksOf(
  calendar: Pick<CityCalendar, 'breaks'>,
  series: { readonly source: string; readonly category?: string | undefined },
): KnownBreak[] {
  return calendar.breaks.filter(
    ({ source, category }) =>
      (source === null || source === series.source) &&
      (category === null ||
        (series.category !== undefined &&
          (series.category === category || series.category.startsWith(`${category}.`)))),
  );
}
