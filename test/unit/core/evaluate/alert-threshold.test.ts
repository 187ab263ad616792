import { describe, expect, it } from 'vitest';
import {
  allowedEpisodes,
  calibratedThreshold,
  frozenAlerts,
  raised,
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
