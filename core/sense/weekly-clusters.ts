import { CLUSTER_OPTIONS, type ClusterOptions } from './cluster-options.ts';
import type { ClusterStream } from './cluster-stream.ts';

const WEEK = 7;

/**
 * The stream in weeks, for windows of 1 to 8 weeks: give it to the daily detector with `WEEKLY_CLUSTER_OPTIONS` and read "day" as "week".
 * Weeks end on the last day of the stream; days before the first whole week are left out. An event counts as known in the week its
 * report came in, so the replay stays as-of. The class of a week is the most frequent of its days (ties: the higher number).
 * Cost O(events + days).
 */
export function weeklyStream(stream: ClusterStream): ClusterStream {
  const skipped = stream.days % WEEK;
  const weeks = (stream.days - skipped) / WEEK;
  const kept = stream.occurredDay.reduce<number[]>((rows, day, i) => {
    if (day >= skipped) rows.push(i);
    return rows;
  }, []);
  const week = (day: number): number => Math.floor((day - skipped) / WEEK);
  const occurred = (i: number): number => stream.occurredDay[i] as number;
  return {
    cells: stream.cells,
    days: weeks,
    occurredDay: Uint16Array.from(kept, (i) => week(occurred(i))),
    delayDays: Uint8Array.from(kept, (i) => week(occurred(i) + (stream.delayDays[i] as number)) - week(occurred(i))),
    cell: Uint32Array.from(kept, (i) => stream.cell[i] as number),
    n: Uint16Array.from(kept, (i) => stream.n[i] as number),
    dayClass: Uint8Array.from({ length: weeks }, (_, w) =>
      commonest(stream.dayClass.subarray(skipped + w * WEEK, skipped + (w + 1) * WEEK)),
    ),
  };
}

function commonest(classes: Uint8Array): number {
  const times = new Uint8Array(256);
  let best = 0;
  for (const k of classes) {
    times[k] = (times[k] as number) + 1;
    const [mine, theirs] = [times[k] as number, times[best] as number];
    if (mine > theirs || (mine === theirs && k > best)) best = k;
  }
  return best;
}

/** Settings for `weeklyStream`: all "days" are weeks. For slow rises the daily windows of at most 14 days miss. */
export const WEEKLY_CLUSTER_OPTIONS: ClusterOptions = {
  ...CLUSTER_OPTIONS,
  maxDuration: 8,
  shareDays: 52,
  guardDays: 8,
  levelFrom: 16,
  levelTo: 2,
  calendarDays: 104,
  pseudoDays: 1,
  local: { levelMemory: 0.7, levelEvents: 25, largest: 0.5, learnEvery: 1, learnHalfLife: 32 },
};
