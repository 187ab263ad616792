/**
 * Civil dates in a city's zone. A day is the number of days since 1970-01-01; a local minute is day × 1440 + minute of the day.
 * Nothing here reads the machine's zone: the same text gives the same day everywhere.
 */

/** Days since 1970-01-01 of a proleptic Gregorian date. @see Hinnant, days_from_civil */
export function dayOf(year: number, month: number, date: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + date - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly date: number;
}

export function civilOf(day: number): CivilDate {
  const z = day + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const mp = Math.floor((5 * dayOfYear + 2) / 153);
  const month = mp < 10 ? mp + 3 : mp - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    date: dayOfYear - Math.floor((153 * mp + 2) / 5) + 1,
  };
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `2026-11-22` */
export function isoDate(day: number): string {
  const { year, month, date } = civilOf(day);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}`;
}

/** `2026-11-22 23:40` */
export function isoMinute(localMinute: number): string {
  const minute = ((localMinute % 1440) + 1440) % 1440;
  return `${isoDate(Math.floor(localMinute / 1440))} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

/** `2026-11` */
export function monthKey(day: number): string {
  return isoDate(day).slice(0, 7);
}

/** @throws Error on anything but a real date `yyyy-MM-dd`. */
export function parseIsoDate(text: string): number {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const day = match ? checkedDay(Number(match[1]), Number(match[2]), Number(match[3])) : null;
  if (day === null) throw new Error(`"${text}" is not a date yyyy-MM-dd`);
  return day;
}

/** Monday of the ISO week that holds the day. 1970-01-01 was a Thursday. */
export function weekStart(day: number): number {
  return day - ((((day + 3) % 7) + 7) % 7);
}

/** `2026-W47` of a day, after ISO 8601: the week belongs to the year that holds its Thursday. */
export function isoWeek(day: number): string {
  const monday = weekStart(day);
  const { year } = civilOf(monday + 3);
  const firstMonday = weekStart(dayOf(year, 1, 4));
  return `${year}-W${two((monday - firstMonday) / 7 + 1)}`;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Null when no such date exists. */
export function checkedDay(year: number, month: number, date: number): number | null {
  if (month < 1 || month > 12 || date < 1 || year < 1000 || year > 9999) return null;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && leap ? 29 : (MONTH_DAYS[month - 1] as number);
  return date <= days ? dayOf(year, month, date) : null;
}
