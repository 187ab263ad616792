import { gridDisk } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { CLUSTER_OPTIONS } from '../../../core/sense/cluster-options.ts';
import { type ClusterJob, clusterReplay, episodes, episodeThreshold } from '../../../core/sense/cluster-replay.ts';
import type { ClusterAlert } from '../../../core/sense/cluster-stream.ts';
import { Random } from '../../../core/stats/random.ts';

const alert = (day: number, score: number, ...cells: number[]): ClusterAlert => ({
  day,
  cells: Uint32Array.from(cells),
  firstDay: day,
  observed: 5,
  expected: 1,
  score,
  recurrenceDays: null,
});

describe('episodes', () => {
  it('join alerts that share a cell within 7 days', () => {
    expect(episodes([alert(1, 9, 1, 2), alert(8, 9, 2, 3), alert(15, 9, 3)])).toBe(1);
    expect(episodes([alert(1, 9, 1), alert(9, 9, 1)])).toBe(2);
    expect(episodes([alert(1, 9, 1), alert(2, 9, 2)])).toBe(2);
  });

  it('set the threshold: above it one per 30 days, at it one more', () => {
    const alerts = [alert(1, 20, 1), alert(20, 15, 2), alert(40, 12, 3), alert(60, 10, 4)];
    expect(episodeThreshold(alerts, 60)).toBe(12);
    expect(episodeThreshold(alerts, 90)).toBe(10);
    expect(episodeThreshold(alerts, 120)).toBe(0);
    expect(episodeThreshold(alerts, 29)).toBe(20);
    expect(episodeThreshold([], 90)).toBe(0);
  });
});

describe('replaying a stream', () => {
  const cells = gridDisk('87309d8a2ffffff', 6).sort();
  const days = 500;
  const made = (extra: (cell: number, day: number) => number): ClusterJob => {
    const random = new Random(8);
    const rows: [number, number, number][] = [];
    for (let day = 0; day < days; day++)
      for (let cell = 0; cell < cells.length; cell++) {
        const n = random.poisson(0.1) + extra(cell, day);
        if (n > 0) rows.push([day, cell, n]);
      }
    return {
      stream: {
        cells,
        days,
        occurredDay: Uint16Array.from(rows, (row) => row[0]),
        delayDays: new Uint8Array(rows.length),
        cell: Uint32Array.from(rows, (row) => row[1]),
        n: Uint16Array.from(rows, (row) => row[2]),
        dayClass: new Uint8Array(days),
      },
      options: CLUSTER_OPTIONS,
      episodeDays: 30,
      calibration: { firstDay: 234, endDay: 416 },
      replay: { firstDay: 416, endDay: days },
    };
  };

  it('speaks of a planted cluster while it lasts, by its own cells', () => {
    const where = cells.indexOf('87309d8a2ffffff');
    const found = clusterReplay(made((cell, day) => (cell === where && day >= 480 && day < 490 ? 3 : 0)));
    expect(found.why).toBe('assessed');
    const during = found.alerts.filter((one) => one.day >= 480 && one.day < 492);
    expect(during.length).toBeGreaterThan(5);
    expect(during.some((one) => one.cells.includes(where))).toBe(true);
    const before = found.alerts.filter((one) => one.day < 480);
    expect(episodes(before)).toBeLessThanOrEqual(6);
  });

  it('without an event, with few, or with a short past says why', () => {
    const job = made(() => 0);
    const empty = {
      ...job.stream,
      occurredDay: new Uint16Array(0),
      delayDays: new Uint8Array(0),
      cell: new Uint32Array(0),
      n: new Uint16Array(0),
    };
    expect(clusterReplay({ ...job, stream: empty }).why).toBe('all-zero');
    const few = {
      ...empty,
      occurredDay: Uint16Array.of(3),
      delayDays: Uint8Array.of(0),
      cell: Uint32Array.of(0),
      n: Uint16Array.of(2),
    };
    expect(clusterReplay({ ...job, stream: few }).why).toBe('too-few-cases');
    expect(clusterReplay({ ...job, calibration: { firstDay: 400, endDay: 416 } }).why).toBe('too-few-periods');
  });
});
