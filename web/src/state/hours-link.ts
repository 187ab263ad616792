import type { HourBlock } from '../query/filters.ts';

const HOURS = /^([1-7])-([1-7])\.(\d{1,2})-(\d{1,2})$/;

/** `1-5.8-17`: Monday to Friday, 8:00 to 17:59; both ends inside, as a person says it. */
export function formatHours({ firstDay, endDay, firstHour, endHour }: HourBlock): string {
  return `${firstDay + 1}-${endDay}.${firstHour}-${endHour - 1}`;
}

export function parseHours(text: string | null): HourBlock | null {
  const parts = HOURS.exec(text ?? '');
  if (!parts) return null;
  const [fromDay, toDay, fromHour, toHour] = parts.slice(1).map(Number) as [number, number, number, number];
  if (fromDay > toDay || fromHour > toHour || toHour > 23) return null;
  return { firstDay: fromDay - 1, endDay: toDay, firstHour: fromHour, endHour: toHour + 1 };
}
