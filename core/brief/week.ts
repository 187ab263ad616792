import type { Manifest } from '../contract/manifest.ts';
import { sameWeeksLastYear } from '../metric/year-on-year.ts';
import { civilOf, weekStart } from '../time/local-date.ts';

/** The week of a brief and the weeks it is compared with, as indices into `manifest.weeks`; null = the snapshot does not have it. */
export interface BriefWeek {
  readonly index: number;
  readonly iso: string;
  /** Half-open days. */
  readonly firstDay: number;
  readonly endDay: number;
  readonly previous: number | null;
  /** Same ISO week of the year before. */
  readonly lastYear: number | null;
  /** All seven days lie inside the window of the snapshot. */
  readonly whole: boolean;
  /** 期数: a brief a week, numbered within its ISO year. */
  readonly issue: { readonly year: number; readonly number: number };
}

export function briefWeek(manifest: Pick<Manifest, 'weeks' | 'window'>, index: number): BriefWeek {
  const week = manifest.weeks[index];
  if (!week) throw new RangeError(`the snapshot has no week ${index}`);
  const firstDay = weekStart(week.firstDay);
  const period = { firstDay, endDay: firstDay + 7 };
  const before = sameWeeksLastYear(period);
  const at = (day: number): number | null => {
    const found = manifest.weeks.findIndex((one) => weekStart(one.firstDay) === day);
    return found < 0 ? null : found;
  };
  const { year } = civilOf(firstDay + 3);
  return {
    index,
    iso: week.iso,
    ...period,
    previous: at(firstDay - 7),
    lastYear: before ? at(before.firstDay) : null,
    whole: period.firstDay >= manifest.window.firstDay && period.endDay <= manifest.window.endDay,
    issue: { year, number: Number(week.iso.slice(-2)) },
  };
}

/** Last week whose seven days lie inside the window; else the last there is; null = no week at all. */
export function lastCompleteWeek(manifest: Pick<Manifest, 'weeks' | 'window'>): number | null {
  const { weeks, window } = manifest;
  for (let i = weeks.length - 1; i >= 0; i--) {
    const monday = weekStart((weeks[i] as { firstDay: number }).firstDay);
    if (monday >= window.firstDay && monday + 7 <= window.endDay) return i;
  }
  return weeks.length > 0 ? weeks.length - 1 : null;
}
