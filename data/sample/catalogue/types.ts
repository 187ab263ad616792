import type { CalendarKind } from '../calendar.ts';
import type { Field } from '../geography/places.ts';

export type SourceKey = 'hotline' | 'police' | 'dispute';
export type HourKind = 'office' | 'day' | 'evening' | 'night' | 'rush' | 'crime' | 'registry';

/** A category as its source writes it, and how it behaves. */
export interface SourceCategory {
  readonly source: SourceKey;
  /** Words or code of the source; several columns joined with `/`. */
  readonly key: string;
  /** Code of `data/categories.json`. */
  readonly ours: string;
  /** Relative share within its source. */
  readonly share: number;
  readonly field: Field;
  readonly calendar: CalendarKind;
  readonly hours: HourKind;
  /** Annual cosine: amplitude and day of the year of its peak; second harmonic for noise and water. */
  readonly season: readonly [amplitude: number, peakDay: number, second?: number];
  /** Growth a year. */
  readonly trend: number;
  /** Mean number of followers of one event within days and metres (theft). */
  readonly nearRepeat?: number;
  /** What the source calls it from a given day on. */
  readonly renamed?: { readonly from: string; readonly key: string };
  readonly text: string;
}

/** Weights of the 24 hours. */
export const HOURS: Record<HourKind, readonly number[]> = {
  office: [1, 0.6, 0.4, 0.3, 0.3, 0.6, 2, 5, 10, 13, 12, 9, 6, 8, 11, 11, 10, 8, 6, 5, 4, 3, 2.5, 1.6],
  day: [1, 0.6, 0.5, 0.4, 0.5, 1.5, 4, 8, 10, 10, 9, 8, 7, 7, 8, 9, 9, 9, 8, 6, 5, 4, 2.5, 1.5],
  evening: [4, 2, 1, 0.7, 0.5, 0.7, 2, 3, 4, 4, 4, 4, 5, 4, 4, 4, 5, 6, 8, 12, 14, 13, 10, 7],
  night: [12, 10, 8, 6, 4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 5, 8, 11, 14, 14],
  rush: [1, 0.6, 0.4, 0.4, 0.6, 2, 6, 13, 13, 8, 6, 6, 7, 6, 6, 7, 10, 14, 11, 7, 5, 4, 2.5, 1.6],
  crime: [6, 5, 5, 4, 3, 2, 2, 3, 4, 4, 4, 4, 4, 4, 4, 5, 5, 6, 7, 8, 9, 10, 9, 8],
  registry: [0, 0, 0, 0, 0, 0, 0.2, 1, 8, 14, 14, 9, 3, 8, 13, 13, 9, 4, 1.5, 1, 0.5, 0.2, 0, 0],
};
