import { describe, expect, it } from 'vitest';
import {
  allowedEpisodes,
  calibratedThreshold,
  frozenAlerts,
  raised,
  tailThreshold,
} from '../../../../core/evaluate/alert-threshold.ts';
import type { DailyCandidate } from '../../../../core/evaluate/daily-detector.ts';
import { alertEpisodes } from '../../../../core/stats/event-metrics.ts';
import { Random } from '../../../../core/stats/random.ts';

const random = new Random(5);
const candidates: DailyCandidate[] = Array.from({ length: 400 }, (_, day) => ({
  day,
  score: random.exponential(),
  cells: [random.below(300)],
}));
const SPANS = { calibration: { firstDay: 0, lastDay: 199 }, test: { firstDay: 200, lastDay: 399 } };

describe('thresholds', () => {
  it('a year has 12 episodes at one per 30 days, 52 at one per 7, 2 at one per 182', () => {
    expect([30, 7, 182].map((perDays) => allowedEpisodes({ days: 365, perDays }))).toEqual([12, 52, 2]);
  });

  it('the threshold keeps to the limit, and the next lower score would pass it', () => {
    const clean = candidates.slice(0, 200);
    const threshold = calibratedThreshold(clean, 6)!;
    expect(alertEpisodes(raised(clean, threshold)).length).toBeLessThanOrEqual(6);
    const lower = Math.max(...clean.map(({ score }) => score).filter((score) => score < threshold));
    expect(alertEpisodes(raised(clean, lower)).length).toBeGreaterThan(6);
  });

  it('no candidate gives no threshold and no alert', () => {
    expect(calibratedThreshold([], 6)).toBeNull();
    expect(frozenAlerts([], { ...SPANS, perDays: 30 })).toMatchObject({ threshold: null, alerts: [] });
  });

  it('the fitted tail of exponential peaks lies near the true quantile, and varies less than the second largest value', () => {
    const draws = Array.from({ length: 60 }, (_, k) => {
      const year = new Random(100 + k);
      // One place never seen before each day: every alert is an episode of its own.
      const clean = Array.from({ length: 365 }, (_, day) => ({ day, score: year.exponential(), cells: [day] }));
      return { tail: tailThreshold(clean, { days: 365, episodes: 2 })!, plain: calibratedThreshold(clean, 2)! };
    });
    const moments = (values: readonly number[]) => {
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      return { mean, sd: Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) };
    };
    const tail = moments(draws.map((draw) => draw.tail));
    expect(Math.abs(tail.mean - Math.log(365 / 2))).toBeLessThan(0.25);
    expect(tail.sd).toBeLessThan(moments(draws.map((draw) => draw.plain)).sd);
  });

  it('without a tail the plain threshold holds; without candidates there is none', () => {
    expect(tailThreshold([], { days: 365, episodes: 2 })).toBeNull();
    const two = candidates.slice(0, 2);
    expect(tailThreshold(two, { days: 365, episodes: 2 })).toBe(Number.NEGATIVE_INFINITY);
  });

  it('several candidates of a day keep apart', () => {
    const day = [
      { day: 3, score: 5, cells: [1] },
      { day: 3, score: 4, cells: [2] },
    ];
    expect(raised(day, 1).map(({ id }) => id)).toEqual([0, 1]);
    expect(alertEpisodes(raised(day, 1))).toHaveLength(2);
  });

  it('test days never move the threshold', () => {
    const other = candidates.map((candidate) =>
      candidate.day < 200 ? candidate : { ...candidate, score: candidate.score * 10 },
    );
    const a = frozenAlerts(candidates, { ...SPANS, perDays: 30 });
    const b = frozenAlerts(other, { ...SPANS, perDays: 30 });
    expect(b.threshold).toBe(a.threshold);
    expect(b.alerts.length).toBeGreaterThan(a.alerts.length);
    expect(a.alerts.every(({ day }) => day >= 200)).toBe(true);
  });
});
