import type { HourBlock } from '../../query/filters.ts';
import { KNOWN_HOURS } from '../../query/hour-slots.ts';

/** A cell of the matrix. Weekday 0 = Monday. */
export interface HourCell {
  readonly day: number;
  readonly hour: number;
}

export const cellAt = (slot: number): HourCell => ({ day: Math.floor(slot / 24), hour: slot % 24 });

/** The rectangle with these two cells as corners. */
export function blockBetween(a: HourCell, b: HourCell): HourBlock {
  return {
    firstDay: Math.min(a.day, b.day),
    endDay: Math.max(a.day, b.day) + 1,
    firstHour: Math.min(a.hour, b.hour),
    endHour: Math.max(a.hour, b.hour) + 1,
  };
}

/** The whole matrix is no filter: it would only leave out who has no time of day. */
export function isWhole({ firstDay, endDay, firstHour, endHour }: HourBlock): boolean {
  return firstDay === 0 && endDay === 7 && firstHour === 0 && endHour === 24;
}

export function inBlock(block: HourBlock, { day, hour }: HourCell): boolean {
  return day >= block.firstDay && day < block.endDay && hour >= block.firstHour && hour < block.endHour;
}

const STEPS: Readonly<Record<string, HourCell>> = {
  ArrowUp: { day: -1, hour: 0 },
  ArrowDown: { day: 1, hour: 0 },
  ArrowLeft: { day: 0, hour: -1 },
  ArrowRight: { day: 0, hour: 1 },
};

/** Where an arrow key leads; null = no arrow key. Stops at the edges. */
export function stepped(from: HourCell, key: string): HourCell | null {
  const step = STEPS[key];
  if (!step) return null;
  return {
    day: Math.min(6, Math.max(0, from.day + step.day)),
    hour: Math.min(23, Math.max(0, from.hour + step.hour)),
  };
}

/** Shades above "none". */
export const SHADES = 6;

export interface HourReading {
  /** By slot: 0 = none, 1 … SHADES; even steps up to the largest. */
  readonly shade: Uint8Array;
  /** Slot of the largest count; null = no incident with a time of day. */
  readonly peak: number | null;
  readonly largest: number;
  /** Incidents of which no time of day is known. */
  readonly unknown: number;
}

export function readHours(counts: Uint32Array): HourReading {
  let peak: number | null = null;
  let largest = 0;
  for (let slot = 0; slot < KNOWN_HOURS; slot++)
    if ((counts[slot] as number) > largest) {
      largest = counts[slot] as number;
      peak = slot;
    }
  const shade = Uint8Array.from({ length: KNOWN_HOURS }, (_, slot) =>
    largest === 0 ? 0 : Math.ceil(((counts[slot] as number) / largest) * SHADES),
  );
  let unknown = 0;
  for (let slot = KNOWN_HOURS; slot < counts.length; slot++) unknown += counts[slot] as number;
  return { shade, peak, largest, unknown };
}
