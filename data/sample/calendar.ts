import { readFileSync } from 'node:fs';
import { Calendar, HolidayNotice } from '../../core/contract/profile.ts';
import { cityCalendar, dayKind } from '../../core/time/city-calendar.ts';
import { civilOf, weekStart } from '../../core/time/local-date.ts';
import { daysFromSpringFestival } from '../../core/time/lunar-festivals.ts';

const parsed = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));

export interface CalendarDay {
  /** 0 Monday .. 6 Sunday. */
  readonly weekday: number;
  readonly working: boolean;
  readonly holiday: boolean;
  /** Days since the nearest lunar new year; negative before it. */
  readonly springFestival: number;
}

/** Days of the Suzhou profile's calendar. A year whose notice is not published has the statutory days alone. */
export function calendarDays(firstDay: number, days: number): CalendarDay[] {
  const calendar = Calendar.parse(parsed('../profiles/suzhou/calendar.json'));
  const { year } = civilOf(firstDay);
  const notices = Array.from({ length: civilOf(firstDay + days).year - year + 1 }, (_, i) => noticeOf(year + i));
  const city = cityCalendar(
    calendar,
    notices.filter((notice) => notice !== null),
  );
  return Array.from({ length: days }, (_, i) => {
    const day = firstDay + i;
    const { type } = dayKind(city, day);
    return {
      weekday: day - weekStart(day),
      working: type === 'workday' || type === 'make-up-workday',
      holiday: type === 'holiday',
      springFestival: daysFromSpringFestival(day),
    };
  });
}

function noticeOf(year: number): HolidayNotice | null {
  try {
    return HolidayNotice.parse(parsed(`../calendars/cn/${year}.json`));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw cause;
  }
}

export type CalendarKind = 'office' | 'leisure' | 'street' | 'wages' | 'crime' | 'family' | 'registry';

/** Factor of a day on the rate of a category of this kind; METHODS.md part 2 section 1. */
export function calendarFactor(kind: CalendarKind, day: CalendarDay): number {
  const weekday = Math.min(day.weekday, 4);
  switch (kind) {
    case 'office':
      return (day.working ? [1.1, 1.05, 1.02, 1, 0.98][weekday]! : day.holiday ? 0.7 : 0.82) * aroundSpring(day, 0.65);
    case 'leisure':
      return (day.working ? (day.weekday === 4 ? 1.1 : 0.95) : day.holiday ? 1.3 : 1.25) * aroundSpring(day, 0.9);
    case 'street':
      return (day.working ? 1.02 : day.holiday ? 1.1 : 0.92) * aroundSpring(day, 0.75);
    case 'wages':
      return (day.working ? 1.08 : 0.7) * wageSeason(day.springFestival);
    case 'crime':
      return (day.working ? 1 : 1.04) * aroundSpring(day, 0.8);
    case 'family':
      return (day.working ? 0.95 : 1.2) * aroundSpring(day, 1.1);
    case 'registry':
      return (day.working ? 1.15 : day.holiday ? 0.15 : 0.4) * aroundSpring(day, 0.5);
    default:
      return kind satisfies never;
  }
}

function aroundSpring({ springFestival: d }: CalendarDay, during: number): number {
  if (d >= -1 && d <= 6) return during;
  if (d >= -7 && d <= -2) return 0.9;
  if (d >= 7 && d <= 14) return 1.1;
  return 1;
}

/** Wages are settled before the new year: complaints climb over six weeks, then stop. */
function wageSeason(d: number): number {
  if (d >= -42 && d < -2) return 1 + (1.4 * (d + 42)) / 40;
  if (d >= -2 && d <= 8) return 0.3;
  return 1;
}
