/**
 * Days are whole numbers since 1970-01-01 in the city's zone; weeks are ISO weeks (Monday first). Nothing here reads the
 * browser's zone: `Date.UTC` is used as arithmetic on the civil calendar only.
 */
export interface Week {
  /** `2026-W47`. */
  readonly iso: string;
  /** Its Monday. */
  readonly firstDay: number;
}

/** Half-open range of indices into the snapshot's weeks. */
export interface WeekRange {
  readonly first: number;
  readonly end: number;
}

/** Half-open. */
export interface DayRange {
  readonly firstDay: number;
  readonly endDay: number;
}

const MS_PER_DAY = 86_400_000;
const MONTHS_EN = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

export interface CivilDate {
  readonly year: number;
  /** 1..12 */
  readonly month: number;
  /** 1..31 */
  readonly date: number;
}

export function civilDate(day: number): CivilDate {
  const at = new Date(day * MS_PER_DAY);
  return { year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, date: at.getUTCDate() };
}

export function dayNumber({ year, month, date }: CivilDate): number {
  return Date.UTC(year, month - 1, date) / MS_PER_DAY;
}

/** `2026-11-22` */
export function isoDate(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

/** `2026-11` */
export function isoMonth(day: number): string {
  return isoDate(day).slice(0, 7);
}

/** ISO week of a day: the year and number of the week holding its Thursday. */
export function isoWeek(day: number): string {
  const monday = day - ((((day + 3) % 7) + 7) % 7);
  const { year } = civilDate(monday + 3);
  const firstThursdayWeek = dayNumber({ year, month: 1, date: 4 });
  const firstMonday = firstThursdayWeek - ((((firstThursdayWeek + 3) % 7) + 7) % 7);
  const number = (monday - firstMonday) / 7 + 1;
  return `${year}-W${String(number).padStart(2, '0')}`;
}

/** zh `2026 第47周（11.16–11.22）`, en `2026 week 47 (16 Nov – 22 Nov)`. */
export function weekLabel(week: Week, locale: string): string {
  return `${weekName(week.iso, locale)}${daySpan(week.firstDay, week.firstDay + 6, locale)}`;
}

/** zh `2026 第47周`, en `2026 week 47`. */
export function weekName(iso: string, locale: string): string {
  const [year = iso, number = ''] = iso.split('-W');
  return locale === 'en' ? `${year} week ${Number(number)}` : `${year} 第${Number(number)}周`;
}

function daySpan(firstDay: number, lastDay: number, locale: string): string {
  const first = civilDate(firstDay);
  const last = civilDate(lastDay);
  if (locale !== 'en') return `（${first.month}.${first.date}–${last.month}.${last.date}）`;
  return ` (${first.date} ${MONTHS_EN[first.month - 1]} – ${last.date} ${MONTHS_EN[last.month - 1]})`;
}

/** Days of a range of weeks, cut to the days the snapshot covers. */
export function daysOf(range: WeekRange, weeks: readonly Week[], covered: DayRange): DayRange {
  const first = weeks[range.first];
  const last = weeks[range.end - 1];
  if (!first || !last) return covered;
  return {
    firstDay: Math.max(first.firstDay, covered.firstDay),
    endDay: Math.min(last.firstDay + 7, covered.endDay),
  };
}

/** A week of which fewer than seven days lie inside the days covered. */
export function isPartial(week: Week, covered: DayRange): boolean {
  return week.firstDay < covered.firstDay || week.firstDay + 7 > covered.endDay;
}

/** The last `count` weeks; fewer when there are not so many. */
export function lastWeeks(count: number, total: number): WeekRange {
  return { first: Math.max(0, total - count), end: total };
}

/** The same length moved by `steps` of its own length, kept inside [0, total). */
export function shifted(range: WeekRange, steps: number, total: number): WeekRange {
  const length = range.end - range.first;
  const first = Math.min(Math.max(0, range.first + steps * length), total - length);
  return { first, end: first + length };
}
