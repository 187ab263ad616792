import type { Alert, SenseCalendar } from '../../../../../core/contract/sense.ts';
import type { CalendarMarks } from '../../../sense/calendar-marks.ts';
import type { DayRange, Week } from '../../../time/week.ts';

interface Label {
  readonly zh: string;
  readonly en: string;
}
export interface CalendarSpan extends DayRange {
  readonly name: Label;
}
/** What stands on the time line beside the counts. */
export interface TrackMarks {
  readonly holidays: readonly CalendarSpan[];
  readonly festivals: readonly { readonly day: number; readonly name: Label }[];
  /** Name null = the source says only that there is one. */
  readonly breaks: readonly { readonly day: number; readonly name: Label | null }[];
}

/** The city's own calendar where the snapshot has it, else what is certain by rule, a week wide. */
export function trackMarks(calendar: SenseCalendar | null, marks: CalendarMarks, weeks: readonly Week[]): TrackMarks {
  if (calendar) {
    const { holidays, festivals, breaks } = calendar;
    return { holidays, festivals, breaks };
  }
  const day = (week: number) => (weeks[week] as Week).firstDay;
  return {
    holidays: marks.holidays.flatMap((name, week) =>
      name ? [{ name, firstDay: day(week), endDay: day(week) + 7 }] : [],
    ),
    festivals: [],
    breaks: marks.breaks.flatMap((there, week) => (there ? [{ day: day(week), name: null }] : [])),
  };
}

/** Names of what falls into some days, each once. */
export function namesIn({ firstDay, endDay }: DayRange, { holidays, festivals }: TrackMarks): readonly Label[] {
  const inside = [
    ...holidays.filter((span) => span.firstDay < endDay && span.endDay > firstDay),
    ...festivals.filter(({ day }) => day >= firstDay && day < endDay),
  ].map(({ name }) => name);
  return inside.filter(({ zh }, i) => inside.findIndex((other) => other.zh === zh) === i);
}

export interface AlertWeek {
  readonly week: number;
  readonly alerts: number;
  /** Highest: 1 = Ⅰ. */
  readonly level: number;
}

/** Alerts by the week in which the days under test end. */
export function alertWeeks(alerts: readonly Alert[], weeks: readonly Week[]): readonly AlertWeek[] {
  return weeks.flatMap(({ firstDay }, week) => {
    const levels = alerts
      .filter(({ period }) => period.endDay - 1 >= firstDay && period.endDay - 1 < firstDay + 7)
      .map(({ level }) => level);
    return levels.length > 0 ? [{ week, alerts: levels.length, level: Math.min(...levels) }] : [];
  });
}
