import { afterEach, describe, expect, it } from 'vitest';
import { Random } from '../../../core/stats/random.ts';
import { cityCalendar } from '../../../core/time/city-calendar.ts';
import type { SenseJob } from '../../../pipelines/sense/jobs.ts';
import { runSenseJobs } from '../../../pipelines/sense/run-jobs.ts';

const before = process.env.HEXSIGHT_THREADS;
afterEach(() => {
  if (before === undefined) delete process.env.HEXSIGHT_THREADS;
  else process.env.HEXSIGHT_THREADS = before;
});

const calendar = cityCalendar(
  { springFestival: true, holidays: [], makeUpWorkdays: [], schoolTerms: [], breaks: [] },
  [],
);

/** Series of every kind of bad input beside good ones. */
function jobs(): SenseJob[] {
  const random = new Random(21);
  const series = (counts: Float64Array, breaks: number[] = []) => ({
    born: 0,
    assessFrom: counts.length - 4,
    baseline: counts,
    completeness: new Float64Array(counts.length).fill(1),
    breaks,
  });
  const noise = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.poisson(20));
  const holes = noise(150).map((n, t) => (t % 5 === 0 ? Number.NaN : n));
  return [
    {
      kind: 'series',
      chunk: { step: 'week', firstDay: 18_998, calendar, series: [series(noise(150)), series(holes)] },
    },
    {
      kind: 'series',
      chunk: {
        step: 'week',
        firstDay: 18_998,
        calendar,
        series: [
          series(new Float64Array(150)),
          series(new Float64Array(150).fill(7)),
          series(noise(5)),
          series(noise(150), [147]),
          series(noise(150).map((n, t) => (t === 149 ? Number.NaN : n))),
        ],
      },
    },
    { kind: 'series', chunk: { step: 'day', firstDay: 18_998, calendar, series: [series(noise(300))] } },
  ];
}

describe('jobs of sensing', () => {
  it('give the same on threads and without', { timeout: 60_000 }, async () => {
    process.env.HEXSIGHT_THREADS = '0';
    const plain = await runSenseJobs(jobs(), { here: false });
    process.env.HEXSIGHT_THREADS = '2';
    const threaded = await runSenseJobs(jobs(), { here: false });
    expect(threaded).toEqual(plain);
  });

  it('say why a series is not compared with a normal, and never a 0', async () => {
    const [good, bad] = await runSenseJobs(jobs(), { here: true });
    if (good?.kind !== 'series' || bad?.kind !== 'series') throw new Error('no series');
    expect(good.assessed.series.map((one) => one.reason)).toEqual(['assessed', 'assessed']);
    expect(good.assessed.series[0]?.expected[3]).toBeGreaterThan(15);
    expect(good.assessed.series[0]?.dispersion).toBeGreaterThanOrEqual(1);
    expect(bad.assessed.series.map((one) => one.reason)).toEqual([
      'all-zero',
      'constant',
      'too-few-periods',
      'break',
      'not-delivered',
    ]);
    for (const one of bad.assessed.series) {
      expect(one.expected[3]).toBeNaN();
      expect(one.p[3]).toBeNaN();
      expect(one.model).toBe(0);
    }
  });
});
