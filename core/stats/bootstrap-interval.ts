import type { Random } from './random.ts';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile bootstrap interval of a statistic of independent items (95 %: quantiles 0.025 and 0.975, nearest rank), drawn with
 * replacement. `statistic` gets, per item, how many times it was drawn. Draws for which it is null are left out.
 * Null with fewer than 2 items or when no draw is defined. Cost O(draws × items) plus the statistic.
 * @see Efron & Tibshirani (1993), An Introduction to the Bootstrap, section 13.3
 */
export function bootstrapInterval(given: {
  readonly items: number;
  readonly draws: number;
  readonly random: Random;
  readonly statistic: (times: Uint16Array) => number | null;
}): Interval | null {
  const { items, draws, random, statistic } = given;
  if (items < 2) return null;
  const values: number[] = [];
  const times = new Uint16Array(items);
  for (let draw = 0; draw < draws; draw++) {
    times.fill(0);
    for (let i = 0; i < items; i++) times[random.below(items)]!++;
    const value = statistic(times);
    if (value !== null) values.push(value);
  }
  if (values.length === 0) return null;
  values.sort((a, b) => a - b);
  const rank = (p: number): number =>
    values[Math.min(values.length - 1, Math.max(0, Math.ceil(p * values.length) - 1))]!;
  return { low: rank(0.025), high: rank(0.975) };
}
