import type { SenseCalendar } from '../../../core/contract/sense.ts';
import { statutoryDays } from '../../../core/time/china-calendar.ts';
import { civilOf } from '../../../core/time/local-date.ts';
import type { Week } from '../time/week.ts';

/** Zones of mainland China, whose statutory days are certain by rule. A snapshot does not publish its calendar. */
const MAINLAND: ReadonlySet<string> = new Set(['Asia/Shanghai', 'Asia/Chongqing', 'Asia/Harbin', 'Asia/Urumqi']);

/** Weeks to be marked on a weekly chart, index = week. */
export interface CalendarMarks {
  /** Name of the first statutory holiday in the week; null = none, or not known for this city. */
  readonly holidays: readonly ({ readonly zh: string; readonly en: string } | null)[];
  /** A declared break of a source falls into the week. */
  readonly breaks: readonly boolean[];
}

export function calendarMarks(
  weeks: readonly Week[],
  city: { readonly zone: string; readonly breakDays: readonly number[] },
): CalendarMarks {
  const years = MAINLAND.has(city.zone)
    ? new Set(weeks.flatMap(({ firstDay }) => [civilOf(firstDay).year, civilOf(firstDay + 6).year]))
    : new Set<number>();
  const spans = [...years].flatMap(statutoryDays);
  return {
    holidays: weeks.map(
      ({ firstDay }) => spans.find((span) => span.firstDay < firstDay + 7 && span.endDay > firstDay)?.name ?? null,
    ),
    breaks: weeks.map(({ firstDay }) => city.breakDays.some((day) => day >= firstDay && day < firstDay + 7)),
  };
}

/** From the calendar that the snapshot publishes: the one its normals were estimated with. */
export function publishedMarks(
  weeks: readonly Week[],
  { holidays, breaks }: Pick<SenseCalendar, 'holidays' | 'breaks'>,
): CalendarMarks {
  return {
    holidays: weeks.map(
      ({ firstDay }) => holidays.find((span) => span.firstDay < firstDay + 7 && span.endDay > firstDay)?.name ?? null,
    ),
    breaks: weeks.map(({ firstDay }) => breaks.some(({ day }) => day >= firstDay && day < firstDay + 7)),
  };
}
