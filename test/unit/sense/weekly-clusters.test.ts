import { gridDisk, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { dailyBest } from '../../../core/sense/cluster-detector.ts';
import type { ClusterStream } from '../../../core/sense/cluster-stream.ts';
import { WEEKLY_CLUSTER_OPTIONS, weeklyStream } from '../../../core/sense/weekly-clusters.ts';
import { Random } from '../../../core/stats/random.ts';

const cells = gridDisk(latLngToCell(31.3, 120.6, 8), 3);
const DAYS = 7 * 60 + 3;

function stream(rows: readonly { day: number; delay: number; cell: number; n: number }[], days = DAYS): ClusterStream {
  return {
    cells,
    days,
    occurredDay: Uint16Array.from(rows, ({ day }) => day),
    delayDays: Uint8Array.from(rows, ({ delay }) => delay),
    cell: Uint32Array.from(rows, ({ cell }) => cell),
    n: Uint16Array.from(rows, ({ n }) => n),
    dayClass: Uint8Array.from({ length: days }, (_, day) => (day % 7 < 4 ? 2 : 6)),
  };
}

describe('clusters by week', () => {
  it('weeks end on the last day, keep the week of the report, and drop the days before the first', () => {
    const weekly = weeklyStream(
      stream([
        { day: 2, delay: 0, cell: 0, n: 9 },
        { day: 3, delay: 6, cell: 1, n: 2 },
        { day: 9, delay: 1, cell: 2, n: 3 },
        { day: DAYS - 1, delay: 8, cell: 3, n: 4 },
      ]),
    );
    expect(weekly.days).toBe(60);
    expect([...weekly.occurredDay]).toEqual([0, 0, 59]);
    expect([...weekly.delayDays]).toEqual([0, 1, 2]);
    expect([...weekly.n]).toEqual([2, 3, 4]);
    expect([...weekly.dayClass]).toEqual(new Array(60).fill(2));
  });

  it('names a place that has risen slowly for weeks', () => {
    const random = new Random(12);
    const rows: { day: number; delay: number; cell: number; n: number }[] = [];
    for (let day = 0; day < DAYS; day++)
      for (let cell = 0; cell < cells.length; cell++) {
        const mean = 0.3 * (cell === 5 && day >= DAYS - 42 ? 2.6 : 1);
        const n = random.poisson(mean);
        if (n > 0) rows.push({ day, delay: 0, cell, n });
      }
    const best = dailyBest(weeklyStream(stream(rows)), WEEKLY_CLUSTER_OPTIONS, { firstDay: 59, endDay: 60 });
    expect(best).toHaveLength(1);
    expect([...best[0]!.cells]).toContain(5);
    expect(best[0]!.firstDay).toBeLessThanOrEqual(56);
  });
});
