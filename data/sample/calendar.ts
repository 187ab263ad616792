import { readFileSync } from 'node:fs';
import { Calendar } from '../../core/contract/profile.ts';
import { isoDate, parseIsoDate } from '../../core/time/local-date.ts';

/**
 * Weekends on which people worked to make up for a holiday (调休), by the yearly notices of the State Council.
 * `calendar.json` of the profile lists the holidays; its schema has no place for these yet.
 */
const MAKE_UP_WORKDAYS = new Set([
  ...['2023-01-28', '2023-01-29', '2023-04-23', '2023-05-06', '2023-06-25', '2023-10-07', '2023-10-08'],
  ...['2024-02-04', '2024-02-18', '2024-04-07', '2024-04-28', '2024-05-11', '2024-09-14', '2024-09-29', '2024-10-12'],
  ...['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
  ...['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
]);
/** First day of the lunar year. */
const LUNAR_NEW_YEAR = ['2023-01-22', '2024-02-10', '2025-01-29', '2026-02-17', '2027-02-06'].map(parseIsoDate);

export interface CalendarDay {
  /** 0 Monday .. 6 Sunday. */
  readonly weekday: number;
  readonly working: boolean;
  readonly holiday: boolean;
  /** Days since the nearest lunar new year; negative before it. */
  readonly springFestival: number;
}

export function calendarDays(firstDay: number, days: number): CalendarDay[] {
  const file = new URL('../profiles/suzhou/calendar.json', import.meta.url);
  const { holidays } = Calendar.parse(JSON.parse(readFileSync(file, 'utf8')));
  const spans = holidays.map((holiday) => [parseIsoDate(holiday.firstDay), parseIsoDate(holiday.endDay)] as const);
  return Array.from({ length: days }, (_, i) => {
    const day = firstDay + i;
    const weekday = (day + 3) % 7;
    const holiday = spans.some(([first, end]) => day >= first && day < end);
    const springFestival = LUNAR_NEW_YEAR.map((newYear) => day - newYear).sort((a, b) => Math.abs(a) - Math.abs(b))[0]!;
    const working = !holiday && (weekday < 5 || MAKE_UP_WORKDAYS.has(isoDate(day)));
    return { weekday, working, holiday, springFestival };
  });
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
