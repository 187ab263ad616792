import type { RejectReason, Warning } from '../../core/incident/reasons.ts';

export interface Rejection {
  readonly row: number;
  readonly column: string;
  readonly reason: RejectReason;
  readonly raw: string;
}

export interface UnmappedCode {
  /** Its number: `unmapped_code` of a row. */
  readonly id: number;
  readonly firstRow: number;
  rows: number;
}

export interface FileTally {
  read: number;
  /** Over all rows read, also those set aside later: what the thresholds look at. */
  readonly unlocated: Record<string, number>;
  readonly warnings: Record<string, number>;
  /** Values of a mapped column that could not be read under its declared type. */
  readonly unreadable: Record<string, number>;
  /** Values that were there to be read. */
  readonly filled: { revision: number; occurred: number; reported: number; closed: number; coordinate: number };
  /** Unmapped codes in the order in which they were met, with the rows that carry them and the first of these. */
  readonly unmapped: Map<string, UnmappedCode>;
  readonly personLike: Record<string, number>;
  /** Rows whose own division names none of ours. */
  readonly unknownDivisions: Record<string, number>;
  withCoordinates: number;
}

export const newTally = (): FileTally => ({
  read: 0,
  unlocated: {},
  warnings: {},
  unreadable: {},
  filled: { revision: 0, occurred: 0, reported: 0, closed: 0, coordinate: 0 },
  unmapped: new Map(),
  personLike: {},
  unknownDivisions: {},
  withCoordinates: 0,
});

export const warn = (tally: FileTally, warning: Warning): void => bump(tally.warnings, warning);
export function bump(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1; // a tally starts at nothing seen
}
