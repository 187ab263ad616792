import type { KnownCounts } from './event-stream.ts';

/**
 * A place a detector finds unusual on a day; whether it is raised is decided by a threshold. Most detectors name one a day; of several,
 * the most unusual comes first and they share no cell.
 */
export interface DailyCandidate {
  readonly day: number;
  readonly score: number;
  readonly cells: readonly number[];
}

/** Looks at what is known on a day and names its best candidate; null when it has none. Called once a day, in order. */
export interface DailyDetector {
  readonly name: string;
  readonly step: (known: KnownCounts) => DailyCandidate | null;
}
