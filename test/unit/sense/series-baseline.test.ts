import { describe, expect, it } from 'vitest';
import { type SeriesAssessment, seriesBaseline } from '../../../core/sense/series-baseline.ts';
import { Random } from '../../../core/stats/random.ts';
import { farringtonSkill } from '../../bench/stats-farrington.ts';
import { stableSeries, WEEKLY_SCENARIOS } from '../../support/outbreak-series.ts';

const weekly = (length: number, of: (t: number) => number) => Float64Array.from({ length }, (_, t) => of(t));
const noisy = (seed: number, mean = 6) => {
  const random = new Random(seed);
  return () => random.poisson(mean);
};
const last = (counts: Float64Array, more: object = {}): SeriesAssessment =>
  seriesBaseline({ period: 'week', counts, ...more }, { from: counts.length - 1, to: counts.length })[0]!;
const why = (one: SeriesAssessment) => (one.kind === 'assessed' ? one.model : one.why);

describe('which model a weekly series gets', () => {
  it.each([
    [190, 'farrington-flexible'],
    [156, 'quasi-poisson-calendar'],
    [100, 'quasi-poisson-calendar'],
    [20, 'gamma-poisson'],
    [9, 'too-few-periods'],
    [1, 'too-few-periods'],
  ])('%d weeks: %s', (weeks, model) => expect(why(last(weekly(weeks, noisy(3))))).toBe(model));
});

describe('what cannot be assessed says why', () => {
  it('constant, all zero, all missing', () => {
    expect(why(last(weekly(156, () => 5)))).toBe('constant');
    expect(why(last(weekly(156, () => 0)))).toBe('all-zero');
    expect(why(last(weekly(156, (t) => (t === 155 ? 3 : Number.NaN))))).toBe('all-missing');
  });
  it('a hole, a negative count, a period of which too little is in', () => {
    const draw = noisy(5);
    expect(why(last(weekly(156, (t) => (t === 155 ? Number.NaN : draw()))))).toBe('missing');
    expect(why(last(weekly(156, (t) => (t === 155 ? -1 : draw()))))).toBe('negative-count');
    const completeness = weekly(156, (t) => (t === 155 ? 0.29 : 1));
    expect(why(last(weekly(156, draw), { completeness }))).toBe('incomplete');
  });
  it('a break five weeks back, and a class never seen', () => {
    expect(why(last(weekly(156, noisy(7)), { breaks: [150] }))).toBe('break');
    const festivalClass = Uint8Array.from({ length: 156 }, (_, t) => (t === 155 ? 4 : 0));
    expect(why(last(weekly(156, noisy(7)), { festivalClass }))).toBe('class-unseen');
  });
});

describe('what the figures mean', () => {
  it('only the past counts: what comes later changes nothing', () => {
    const all = stableSeries(WEEKLY_SCENARIOS[4]!, 200, new Random(11));
    const short = all.slice(0, 170);
    const range = { from: 130, to: 170 };
    expect(seriesBaseline({ period: 'week', counts: all }, range)).toEqual(
      seriesBaseline({ period: 'week', counts: short }, range),
    );
  });
  it('does not depend on the range that is asked for', () => {
    const counts = stableSeries(WEEKLY_SCENARIOS[3]!, 120, new Random(12));
    const whole = seriesBaseline({ period: 'week', counts }, { from: 60, to: 120 });
    expect(seriesBaseline({ period: 'week', counts }, { from: 101, to: 120 })).toEqual(whole.slice(41));
  });
  it('half reported: half expected, and no longer unusual', () => {
    const counts = weekly(156, noisy(13, 40));
    counts[155] = 20;
    const completeness = weekly(156, (t) => (t === 155 ? 0.5 : 1));
    const full = last(counts);
    const half = last(counts, { completeness });
    if (full.kind !== 'assessed' || half.kind !== 'assessed') throw new Error('not assessed');
    expect(half.expected).toBeCloseTo(full.expected / 2, 9);
    expect(full.exceedanceProbability).toBeGreaterThan(0.98);
    expect(half.exceedanceProbability).toBeLessThan(0.9);
  });
  it('a break cuts off the level before it', () => {
    const [low, high] = [noisy(14, 5), noisy(15, 50)];
    const counts = weekly(156, (t) => (t < 100 ? low() : high()));
    const one = last(counts, { breaks: [100] });
    if (one.kind !== 'assessed') throw new Error(one.why);
    expect(Math.abs(one.expected - 50)).toBeLessThan(10);
    expect(one.references).toBeLessThanOrEqual(53);
  });
  it('a weekday class is learned by daily series', () => {
    const random = new Random(16);
    const calendarClass = Uint8Array.from({ length: 400 }, (_, t) => (t % 7 === 6 ? 1 : 0));
    const counts = Float64Array.from(calendarClass, (weekend) => random.poisson(weekend ? 4 : 20));
    const week = seriesBaseline({ period: 'day', counts, calendarClass }, { from: 390, to: 397 });
    const expected = week.map((one) => (one.kind === 'assessed' ? one.expected : Number.NaN));
    expect(expected).toHaveLength(7);
    expect(Math.min(...expected)).toBeLessThan(7);
    expect(Math.max(...expected)).toBeGreaterThan(15);
  });
});

describe('calibration on stable series (seeded)', () => {
  it.each([60, 110, 260])(
    '95 %% intervals after %d weeks hold 93 to 97 %%',
    (weeks) => {
      let inside = 0;
      let all = 0;
      for (const [s, scenario] of WEEKLY_SCENARIOS.entries()) {
        // Small counts cannot be held at 95 %: their intervals are wider by discreteness.
        if (Math.exp(scenario.theta) < 5) continue;
        for (let i = 0; i < 60; i++) {
          const counts = stableSeries(
            { ...scenario, harmonics: weeks < 104 ? 0 : scenario.harmonics },
            weeks,
            new Random(900 + 1000 * s + i),
          );
          for (const one of seriesBaseline({ period: 'week', counts }, { from: weeks - 20, to: weeks })) {
            if (one.kind !== 'assessed') continue;
            all++;
            if (one.observed >= one.lower && one.observed <= one.upper) inside++;
          }
        }
      }
      expect(all).toBeGreaterThan(3000);
      expect(inside / all).toBeGreaterThan(0.93);
      expect(inside / all).toBeLessThan(0.97);
    },
    60_000,
  );

  it('false alarms a week at most 0.015 in the seven scenarios, detection well above chance', () => {
    const mean = farringtonSkill(12, 364, ['baseline mid-p 0.01']).filter(({ scenario }) => scenario === 'mean');
    const own = mean.find(({ detector }) => detector === 'baseline mid-p 0.01')!;
    expect(own.falsePositiveRate).toBeLessThanOrEqual(0.015);
    expect(own.probabilityOfDetection).toBeGreaterThan(0.4);
  }, 60_000);
});

it('expects nothing wild in a season it has never seen', () => {
  // 17 reports in three years, most weeks not delivered: the harmonics alone once gave 10^15 there.
  const counts = new Float64Array(155).fill(Number.NaN);
  const put = (from: number, values: readonly number[]): void => counts.set(values, from);
  put(0, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  put(44, [2, 1, 0, 0, 0, 3, 2, 2, 0, 0, 0, 0, 0, 0, 0, 1]);
  put(91, [1, 1, 1, 0, 2]);
  put(121, new Array<number>(17).fill(0));
  const found = seriesBaseline({ period: 'week', counts }, { from: 121, to: 138 });
  const expected = found.flatMap((one) => (one.kind === 'assessed' ? [one.expected] : []));
  expect(expected.length).toBeGreaterThan(0);
  for (const value of expected) expect(value).toBeLessThan(5);
});

it('comes down to a lower level after years of growth', () => {
  const random = new Random(4);
  const counts = weekly(150, (t) => random.poisson(t < 100 ? 150 + 3 * t : 280));
  const one = last(counts);
  expect(one.kind === 'assessed' && one.expected).toBeLessThan(330);
  expect(one.kind === 'assessed' && one.expected).toBeGreaterThan(250);
});

describe('intervals of large counts', () => {
  it('cover where the level drifts: 91.3 % by the dispersion of the fit alone, 93.6 % with the errors of past forecasts', () => {
    const random = new Random(12);
    let [inside, n] = [0, 0];
    for (let series = 0; series < 12; series++) {
      let drift = 0;
      const counts = weekly(156, () => {
        drift = 0.85 * drift + 0.04 * random.normal();
        return random.poisson(300 * Math.exp(drift));
      });
      for (const one of seriesBaseline({ period: 'week', counts }, { from: 104, to: 156 })) {
        if (one.kind !== 'assessed') continue;
        n++;
        if (one.observed >= one.lower && one.observed <= one.upper) inside++;
      }
    }
    expect(n).toBe(12 * 52);
    expect(inside / n).toBeGreaterThan(0.925);
    expect(inside / n).toBeLessThan(0.985);
  });
});
