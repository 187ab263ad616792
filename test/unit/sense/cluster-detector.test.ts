import { gridDisk, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { dailyBest, dailyClusters, recurrenceLaw } from '../../../core/sense/cluster-detector.ts';
import { CLUSTER_OPTIONS, REFERENCE_CLUSTER_OPTIONS } from '../../../core/sense/cluster-options.ts';
import type { ClusterStream } from '../../../core/sense/cluster-stream.ts';
import { Random } from '../../../core/stats/random.ts';

const DAYS = 140;
const ONSET = 120;
const cells = gridDisk(latLngToCell(31.3, 120.6, 8), 3);

/** 0.4 events a cell-day, a third of them one to three days late; from ONSET on three more a day in cells 0, 1 and 2. */
function made(plant: boolean, keep: (day: number, delay: number) => boolean = () => true): ClusterStream {
  const random = new Random(9);
  const rows: { day: number; delay: number; cell: number; n: number }[] = [];
  for (let day = 0; day < DAYS; day++)
    for (let cell = 0; cell < cells.length; cell++) {
      const n = random.poisson(0.4);
      const delay = random.uniform() < 1 / 3 ? 1 + random.below(3) : 0;
      if (n > 0) rows.push({ day, delay, cell, n });
      if (plant && day >= ONSET && cell < 3) rows.push({ day, delay: 0, cell, n: 3 });
    }
  const kept = rows.filter(({ day, delay }) => keep(day, delay));
  return {
    cells,
    days: DAYS,
    occurredDay: Uint16Array.from(kept, ({ day }) => day),
    delayDays: Uint8Array.from(kept, ({ delay }) => delay),
    cell: Uint32Array.from(kept, ({ cell }) => cell),
    n: Uint16Array.from(kept, ({ n }) => n),
    dayClass: new Uint8Array(DAYS),
  };
}
const span = { firstDay: 100, endDay: DAYS };

describe('cluster detector', () => {
  it('finds a planted cluster within days and stays quiet without it', () => {
    const quiet = Math.max(...dailyBest(made(false), CLUSTER_OPTIONS, span).map(({ score }) => score));
    const best = dailyBest(made(true), CLUSTER_OPTIONS, span);
    const first = best.find(({ score }) => score > quiet);
    expect(first?.day).toBeLessThanOrEqual(ONSET + 2);
    expect([...(first?.cells ?? [])].some((cell) => cell < 3)).toBe(true);
    const late = best.find(({ day }) => day === ONSET + 5);
    // Some events of the days before the onset may make the window a day or two longer.
    expect(late?.firstDay).toBeGreaterThanOrEqual(ONSET - 2);
    expect(late?.firstDay).toBeLessThanOrEqual(ONSET);
  });

  it('sees nothing that was reported later', () => {
    const today = 125;
    const full = dailyBest(made(true), CLUSTER_OPTIONS, { firstDay: 100, endDay: today + 1 });
    const cut = made(true, (day, delay) => day + delay <= today);
    expect(dailyBest(cut, CLUSTER_OPTIONS, { firstDay: 100, endDay: today + 1 })).toEqual(full);
  });

  it('gives the same alert from any first day', () => {
    const stream = made(true);
    const late = dailyBest(stream, CLUSTER_OPTIONS, { firstDay: 130, endDay: DAYS });
    expect(dailyBest(stream, CLUSTER_OPTIONS, span).filter(({ day }) => day >= 130)).toEqual(late);
  });

  it('raises alerts of one day that share no cell, the best of the day first', () => {
    const stream = made(true);
    const alerts = dailyClusters(stream, CLUSTER_OPTIONS, { ...span, threshold: 1, maxAlerts: 3 });
    const best = new Map(dailyBest(stream, CLUSTER_OPTIONS, span).map((alert) => [alert.day, alert]));
    for (let day = 100; day < DAYS; day++) {
      const today = alerts.filter((alert) => alert.day === day);
      const touched = today.flatMap(({ cells: list }) => [...list]);
      expect(new Set(touched).size).toBe(touched.length);
      if (today.length > 0) expect(today[0]).toEqual(best.get(day));
    }
    expect(alerts.length).toBeGreaterThan(DAYS - 100);
  });

  it('alerts carry the recurrence interval of their score on clean days, rarer for higher scores', () => {
    const clean = dailyBest(made(false), CLUSTER_OPTIONS, { firstDay: 60, endDay: DAYS });
    const law = recurrenceLaw(clean);
    expect(law).not.toBeNull();
    const run = { ...span, threshold: 3, maxAlerts: 1 };
    const alerts = dailyClusters(made(true), CLUSTER_OPTIONS, { ...run, law });
    const byScore = [...alerts].sort((a, b) => a.score - b.score);
    const days = byScore.map(({ recurrenceDays }) => recurrenceDays ?? Number.NaN);
    expect(days.every((value, i) => value >= 1 && (i === 0 || value >= days[i - 1]!))).toBe(true);
    expect(days.at(-1)).toBeGreaterThan(365);
    // About as often as stated: a clean stream's median day comes about every second day.
    const middle = [...clean].sort((a, b) => a.score - b.score)[clean.length >> 1]!;
    const atMiddle = 1 / -Math.expm1(-Math.exp(-(middle.score - law!.mode) / law!.scale));
    expect(atMiddle).toBeGreaterThan(1.6);
    expect(atMiddle).toBeLessThan(2.5);
    expect(dailyClusters(made(true), CLUSTER_OPTIONS, run).every((alert) => alert.recurrenceDays === null)).toBe(true);
    expect(recurrenceLaw(clean.slice(0, 59))).toBeNull();
  });

  it("a place's own level needs the rings it is made for", () => {
    expect(() => dailyBest(made(true), { ...CLUSTER_OPTIONS, rings: 1 }, span)).toThrow(RangeError);
    expect(dailyBest(made(true), { ...REFERENCE_CLUSTER_OPTIONS, rings: 1 }, span).length).toBeGreaterThan(0);
  });

  it('is silent while history is too short', () => {
    expect(dailyBest(made(true), CLUSTER_OPTIONS, { firstDay: 0, endDay: 30 })).toEqual([]);
  });
});
