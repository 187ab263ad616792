import type { KnownCounts } from './event-stream.ts';

/** The place a detector finds most unusual on a day. At most one a day; whether it is raised is decided by a threshold. */
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
