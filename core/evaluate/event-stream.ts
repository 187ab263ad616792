import type { ClusterStream } from '../sense/cluster-stream.ts';

/** Kind of day, for calendar factors. Weekdays that work are told apart; the festival block overrides the rest. */
export const DAY_CLASSES = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'make-up workday',
  'weekend',
  'holiday',
  'before Spring Festival',
  'Spring Festival',
  'after Spring Festival',
] as const;

export interface DaySpan {
  /** Both inside, counted from the first day of the stream. */
  readonly firstDay: number;
  readonly lastDay: number;
}

/**
 * A cluster stream (events of one category in a fixed set of cells, with the day each became known) that is to be scored:
 * thresholds may look at the calibration span only, scores are taken on the test span. Days before are for learning.
 * `dayClass` holds indexes into DAY_CLASSES; it is known in advance, so it is no leak.
 */
export interface EventStream extends ClusterStream {
  readonly name: string;
  /** Days since 1970-01-01 of day 0, in the city's zone. */
  readonly epochDay: number;
  readonly calibration: DaySpan;
  readonly test: DaySpan;
}

export type Knowledge = 'as-reported' | 'no-delay';

/** What is known at the end of `today`: row `day * cellCount + cell` holds the events of that day reported so far. */
export interface KnownCounts {
  readonly counts: Uint16Array;
  /** Known events of each day in the whole city. */
  readonly cityCounts: Float64Array;
  readonly cellCount: number;
  readonly today: number;
}

/**
 * Replays a stream: after `advance(day)` the counts hold exactly the rows reported by the end of that day, nothing later.
 * A detector that is given only this view cannot see the future. `no-delay` treats every report as made on the day of the event.
 * Memory days × cells × 2 bytes; cost O(rows) over the whole replay.
 */
export function replay(stream: ClusterStream, knowledge: Knowledge): { advance: (day: number) => KnownCounts } {
  const cellCount = stream.cells.length;
  const counts = new Uint16Array(stream.days * cellCount);
  const cityCounts = new Float64Array(stream.days);
  const rows = stream.occurredDay.length;
  const known = new Uint32Array(rows);
  for (let i = 0; i < rows; i++)
    known[i] = stream.occurredDay[i]! + (knowledge === 'as-reported' ? stream.delayDays[i]! : 0);
  const order = countingOrder(known, stream.days + 256);
  let next = 0;
  let last = -1;
  return {
    advance: (day) => {
      if (day < last) throw new RangeError(`the replay is at day ${last} and cannot go back to ${day}`);
      last = day;
      while (next < rows && known[order[next]!]! <= day) {
        const row = order[next++]!;
        const at = stream.occurredDay[row]!;
        const events = stream.n[row]!;
        counts[at * cellCount + stream.cell[row]!]! += events;
        cityCounts[at]! += events;
      }
      return { counts, cityCounts, cellCount, today: day };
    },
  };
}

function countingOrder(keys: Uint32Array, bound: number): Uint32Array {
  const starts = new Uint32Array(bound + 1);
  for (const key of keys) starts[key + 1]!++;
  for (let i = 1; i <= bound; i++) starts[i]! += starts[i - 1]!;
  const order = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) order[starts[keys[i]!]!++] = i;
  return order;
}

/** Share of the events of a span that are reported within d days, d = 0..`maxDelay`; from rows whose full delay lies before `today`. */
export function completeness(stream: ClusterStream, given: DaySpan & { readonly maxDelay: number }): Float64Array {
  const share = new Float64Array(given.maxDelay + 1);
  let total = 0;
  for (let i = 0; i < stream.occurredDay.length; i++) {
    const day = stream.occurredDay[i]!;
    if (day < given.firstDay || day > given.lastDay) continue;
    total += stream.n[i]!;
    if (stream.delayDays[i]! <= given.maxDelay) share[stream.delayDays[i]!]! += stream.n[i]!;
  }
  for (let d = 1; d <= given.maxDelay; d++) share[d]! += share[d - 1]!;
  for (let d = 0; d <= given.maxDelay; d++) share[d] = total > 0 ? share[d]! / total : Number.NaN;
  return share;
}
