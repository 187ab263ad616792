import { DEFAULT_SCALE, jenksBreaks, type ScaleChoice } from '../layers/class-breaks.ts';
import type { StepScale } from '../map/contract.ts';
import type { Columns } from './coordinator.ts';

/**
 * Shares of the non-empty (cell, window) pairs that lie below each class after the first. Not equal steps: counts per cell are
 * so skewed that the upper half of the classes would otherwise say nothing.
 */
export const CLASS_QUANTILES = [0.3, 0.55, 0.75, 0.9, 0.97, 0.993] as const;

/**
 * Class breaks of one resolution, locked over the period: quantiles of the counts above 0, over all cells and all windows of
 * `length` consecutive weeks inside the snapshot. Sliding the window does not move them.
 *
 * Per cell the count of a sliding window changes only where a week with incidents enters or leaves it; between two changes
 * one value stands for several windows. Cost: linear in the non-empty (cell, week) pairs.
 *
 * @param series cell, week, n; ascending by cell, then week
 */
export function lockedBreaks(
  series: Columns,
  { resolution, length, weeks }: { readonly resolution: number; readonly length: number; readonly weeks: number },
  choice: ScaleChoice = DEFAULT_SCALE,
): StepScale {
  return { resolution, breaks: chosenBreaks(windowHistogram(series, length, weeks), choice) };
}

/** @param windows how many (cell, window) pairs hold each count above 0 */
export function chosenBreaks(windows: ReadonlyMap<number, number>, choice: ScaleChoice): readonly number[] {
  switch (choice.method) {
    case 'quantile':
      return quantileBreaks(windows);
    case 'jenks':
      return jenksBreaks(windows, CLASS_QUANTILES.length + 1);
    case 'fixed':
      return choice.breaks;
    default:
      return choice satisfies never;
  }
}

/** How many (cell, window) pairs hold each count above 0. */
export function windowHistogram(series: Columns, length: number, weeks: number): Map<number, number> {
  const { cell = [], week = [], n = [] } = series;
  const histogram = new Map<number, number>();
  const lastStart = weeks - length;
  let begin = 0;
  while (begin < cell.length) {
    let end = begin;
    while (end < cell.length && cell[end] === cell[begin]) end++;
    // `start` = first week of the window; week w is inside for start in (w - length, w].
    let entering = begin;
    let leaving = begin;
    let start = 0;
    let sum = 0;
    while (start <= lastStart) {
      while (entering < end && (week[entering] as number) < start + length) sum += n[entering++] as number;
      while (leaving < entering && (week[leaving] as number) < start) sum -= n[leaving++] as number;
      const enters = entering < end ? (week[entering] as number) - length + 1 : Number.POSITIVE_INFINITY;
      const leaves = leaving < entering ? (week[leaving] as number) + 1 : Number.POSITIVE_INFINITY;
      const until = Math.min(enters, leaves, lastStart + 1);
      if (sum > 0) histogram.set(sum, (histogram.get(sum) ?? 0) + until - start);
      start = until;
    }
    begin = end;
  }
  return histogram;
}

/** Ascending whole numbers, the first 1; equal breaks fall together. */
export function quantileBreaks(histogram: ReadonlyMap<number, number>): readonly number[] {
  const values = [...histogram.entries()].sort((a, b) => a[0] - b[0]);
  const total = values.reduce((sum, [, times]) => sum + times, 0);
  const breaks = [1];
  let below = 0;
  let wanted = 0;
  for (const [value, times] of values) {
    below += times;
    while (wanted < CLASS_QUANTILES.length && below > (CLASS_QUANTILES[wanted] as number) * total) {
      if (value > (breaks.at(-1) as number)) breaks.push(value);
      wanted++;
    }
  }
  return breaks;
}
