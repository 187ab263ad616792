import type { HourBlock } from './filters.ts';

/**
 * Hour of the week as one small integer: weekday × 24 + hour (Monday = 0), and 168 + weekday where the time of day is not known
 * (the source gives none, or it is withheld).
 */
export const KNOWN_HOURS = 7 * 24;
export const HOUR_SLOTS = KNOWN_HOURS + 7;

/** @param day days since 1970-01-01, which was a Thursday */
export function weekdayOf(day: number): number {
  return (day + 3) % 7;
}

export function hourSlot(day: number, hour: number | null): number {
  return hour === null ? KNOWN_HOURS + weekdayOf(day) : weekdayOf(day) * 24 + hour;
}

/** Whoever asks for hours asks for known ones. */
export function inHours(block: HourBlock, slot: number): boolean {
  if (slot >= KNOWN_HOURS) return false;
  const day = Math.floor(slot / 24);
  const hour = slot % 24;
  return day >= block.firstDay && day < block.endDay && hour >= block.firstHour && hour < block.endHour;
}
