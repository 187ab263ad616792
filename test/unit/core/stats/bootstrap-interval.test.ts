import { expect, it } from 'vitest';
import { bootstrapInterval } from '../../../../core/stats/bootstrap-interval.ts';
import { Random } from '../../../../core/stats/random.ts';

const shareOf = (hits: number, items: number) =>
  bootstrapInterval({
    items,
    draws: 4000,
    random: new Random(1),
    statistic: (times) => times.subarray(0, hits).reduce((sum, n) => sum + n, 0) / items,
  });

it('40 clusters at one half have about ±0.15, 200 about ±0.07', () => {
  const forty = shareOf(20, 40)!;
  expect((forty.high - forty.low) / 2).toBeCloseTo(0.155, 1);
  const more = shareOf(100, 200)!;
  expect(Math.abs((more.high - more.low) / 2 - 0.069)).toBeLessThan(0.01);
});

it('one item has no interval, nor has a statistic that is never defined', () => {
  expect(shareOf(1, 1)).toBeNull();
  expect(bootstrapInterval({ items: 5, draws: 10, random: new Random(1), statistic: () => null })).toBeNull();
});
