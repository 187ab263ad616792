/**
 * One stream of events for the daily cluster detector: one category (or group) over a closed set of cells.
 * A cell without events is part of the stream and has count 0. Days count from 0 = first day of the stream, city zone.
 */
export interface ClusterStream {
  /** H3 indices of the study cells, one resolution. Disks are clipped to this set. */
  readonly cells: readonly string[];
  /** Number of days; day indices run from 0 to days − 1. */
  readonly days: number;
  /** Events in any order: the day they occurred, … */
  readonly occurredDay: Uint16Array;
  /** … the days until they were reported (known from day `occurredDay + delayDays` on), … */
  readonly delayDays: Uint8Array;
  /** … the index in `cells`, … */
  readonly cell: Uint32Array;
  /** … and how many there were. */
  readonly n: Uint16Array;
  /** Exact place and item of the reports of a row, any numbering; `NO_PLACE` = not known exactly. Left out: of none. See `distinctProblems`. */
  readonly place?: Uint32Array;
  /** Calendar class of each day (workday, weekend, holiday, …), known in advance; length `days`. */
  readonly dayClass: Uint8Array;
}

/** A place and a span outside their own normal, as seen on `day` with the reports received by the end of that day. */
export interface ClusterAlert {
  readonly day: number;
  /** Indices in `stream.cells`, centre first. */
  readonly cells: Uint32Array;
  /** First day of the window; the window ends on `day`. */
  readonly firstDay: number;
  readonly observed: number;
  readonly expected: number;
  /** Score of the detector that made it: the larger the further outside normal. Unit: see the detector. */
  readonly score: number;
  /** Days between two days on which a clean stream of this kind shows such a score anywhere; null = not calibrated. See `recurrenceLaw`. */
  readonly recurrenceDays: number | null;
}
