import { COMPLETE, dayCompleteness, type Filling } from '../../core/sense/delivery.ts';
import type { TimeFrame } from '../steps/aggregate.ts';

/** Spans of sensing over a window. Weeks are positions in `weeks` of the frame. */
export interface SenseFrame extends TimeFrame {
  /** Newest day of the window any source has reported about. */
  readonly asOfDay: number;
  /** Monday-first weeks since 1970 of position 0. */
  readonly firstWeek: number;
  /** Weeks before this one are over and at least 95 % filled: maps and the index look at these only. */
  readonly settledEnd: number;
}

/** @param shares of the sources in all reports */
export function senseFrame(frame: TimeFrame, filling: readonly Filling[], shares: readonly number[]): SenseFrame {
  const asOf = filling.flatMap(({ asOfDay }) => asOfDay ?? []);
  let settledEnd = frame.weeks.length;
  const complete = (monday: number): boolean => {
    if (monday + 7 > frame.endDay) return false;
    let sum = 0;
    for (let s = 0; s < filling.length; s++) {
      if ((shares[s] as number) === 0) continue;
      for (let d = 0; d < 7; d++)
        sum += ((shares[s] as number) * dayCompleteness(filling[s] as Filling, monday + d)) / 7;
    }
    return sum >= COMPLETE;
  };
  while (settledEnd > 0 && !complete((frame.weeks[settledEnd - 1] as { firstDay: number }).firstDay)) settledEnd--;
  return {
    ...frame,
    // A delivery after the window says nothing about days that are not in it.
    asOfDay: Math.min(frame.endDay - 1, ...(asOf.length > 0 ? [Math.max(...asOf)] : [])),
    firstWeek: Math.floor(((frame.weeks[0]?.firstDay ?? 0) + 3) / 7), // no weeks, no positions
    settledEnd,
  };
}
