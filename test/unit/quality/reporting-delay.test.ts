import { describe, expect, it } from 'vitest';
import { delayCurve, nowcast, reportingDelay } from '../../../core/quality/reporting-delay.ts';
import { poisson, uniform } from './made-counts.ts';

const SHARES = [0.55, 0.2, 0.1, 0.05, 0.03, 0.02, 0.02, 0.01, 0.01, 0.01];

/** Poisson days; only what is seen by `lastSeen` is there. */
function seen(options: { days: number; mean: number; lastSeen: number; seed: number }) {
  const random = uniform(options.seed);
  const [occurredDay, delayDays, n]: number[][] = [[], [], []];
  for (let t = 0; t < options.days; t++)
    SHARES.forEach((share, delay) => {
      const count = poisson(options.mean * share, random);
      if (t + delay > options.lastSeen) return;
      occurredDay?.push(20_000 + t);
      delayDays?.push(delay);
      n?.push(count);
    });
  return { occurredDay: occurredDay as number[], delayDays: delayDays as number[], n: n as number[] };
}

describe('reporting delay', () => {
  it('is learned although the last days are cut off', () => {
    const delay = reportingDelay(seen({ days: 40, mean: 300, lastSeen: 39, seed: 1 }));
    if (delay.kind !== 'learned') throw new Error(delay.why);
    let expected = 0;
    SHARES.forEach((share, d) => {
      expected += share;
      expect(Math.abs((delay.completeness[d] as number) - expected)).toBeLessThan(0.02);
    });
    // 0.95 itself is reached after 5 days: 4 or 5 by chance of the draw, as F(4) = 0.93 and F(5) = 0.95.
    expect([5, 6]).toContain(delay.daysTo95);
    expect(delay.completeness).toHaveLength(61);
    expect(delay.rowsBeyond).toBe(0);
  });

  it('counting the cut-off days as if they were complete would say otherwise', () => {
    const counts = seen({ days: 12, mean: 1000, lastSeen: 11, seed: 2 });
    const all = counts.n.reduce((sum, n) => sum + n, 0);
    const naive = counts.n.reduce((sum, n, i) => sum + (counts.delayDays[i] === 0 ? n : 0), 0) / all;
    const { completeness } = delayCurve(counts, { firstDay: 20_000, lastSeenDay: 20_011 });
    expect(Math.abs((completeness[0] as number) - 0.55)).toBeLessThan(0.02);
    expect(naive - 0.55).toBeGreaterThan(0.03);
  });

  it('leaves out what came with the first delivery', () => {
    const counts = seen({ days: 120, mean: 50, lastSeen: 119, seed: 3 });
    // The first 60 days arrive in one load on day 60.
    const bulk = counts.occurredDay.map((day, i) => (day < 20_060 ? 20_060 - day : (counts.delayDays[i] as number)));
    const delay = reportingDelay({ ...counts, delayDays: bulk });
    if (delay.kind !== 'learned') throw new Error(delay.why);
    expect(Math.abs((delay.completeness[0] as number) - 0.55)).toBeLessThan(0.05);
  });

  it('says why there is none', () => {
    expect(reportingDelay({ occurredDay: [], delayDays: [], n: [] })).toMatchObject({ why: 'no-first-seen' });
    expect(reportingDelay({ occurredDay: [5], delayDays: [-2], n: [9] })).toMatchObject({ why: 'no-first-seen' });
    expect(reportingDelay(seen({ days: 20, mean: 300, lastSeen: 19, seed: 4 }))).toMatchObject({ why: 'too-short' });
    expect(reportingDelay(seen({ days: 60, mean: 1, lastSeen: 59, seed: 5 }))).toMatchObject({ why: 'too-few-rows' });
  });

  it('gives no estimate of a day of which less than 30 % are in', () => {
    expect(nowcast(10, 0, [0.29, 1])).toBeNull();
    expect(nowcast(10, 0, [0.5, 1])).toBe(20);
    expect(nowcast(10, 9, [0.5, 1])).toBe(10);
    expect(nowcast(0, -1, [0.5, 1])).toBeNull();
  });
});
