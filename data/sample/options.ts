/** What a sample city is made from; equal options give equal bytes. */
export interface CityOptions {
  /** Expected incidents of the background, all sources; plants come on top (about 6 %, most of it the channel change). */
  readonly incidents: number;
  readonly weeks: number;
  readonly seed: number;
  /** Folder to make; replaced only when it is empty or holds an earlier city. */
  readonly out: string;
  /** Last day of the data, in it. Fixed, so that no wall clock is asked; a Sunday keeps ISO weeks whole. */
  readonly lastDay: string;
}

export const DEFAULTS = { incidents: 600_000, weeks: 156, seed: 7, lastDay: '2026-11-15' } as const;

export interface Progress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

export interface Effects {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}
