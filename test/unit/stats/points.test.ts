import { describe, expect, it } from 'vitest';
import { globalG } from '../../../core/stats/global-g.ts';
import { globalMoran } from '../../../core/stats/global-moran.ts';
import { fitHawkes, hawkesCompensator, hawkesIntensity, hawkesLogLikelihood } from '../../../core/stats/hawkes.ts';
import { kernelIntensity, massInside } from '../../../core/stats/kde.ts';
import { bandwidthDiggle, bandwidthScott } from '../../../core/stats/kde-bandwidth.ts';
import { knox } from '../../../core/stats/knox.ts';
import { localMoran, localMoranPermutation, MORAN_QUADRANTS } from '../../../core/stats/local-moran.ts';
import { neighboursOf } from '../../../core/stats/neighbours.ts';
import { decayedCount, placeForecast } from '../../../core/stats/place-forecast.ts';
import { Random } from '../../../core/stats/random.ts';

const LINE = neighboursOf([[1], [0, 2], [1, 3], [2, 4], [3], []]);

describe('Moran and general G', () => {
  it('labels the four kinds of place and leaves an island without a value', () => {
    const found = localMoran({ values: Float64Array.of(9, 9, 0, 9, 0, 4), neighbours: LINE });
    if (found.kind !== 'value') throw new Error(found.why);
    const named = Array.from(found.columns.quadrant, (code) => MORAN_QUADRANTS[code]);
    expect(named).toEqual(['high-high', 'high-low', 'low-high', 'high-low', 'low-high', 'undefined']);
    expect(found.columns.i[5]).toBeNaN();
  });

  it('draws without replacement with the variance of the formula', () => {
    const values = Float64Array.of(9, 9, 0, 9, 0, 4);
    const analytic = localMoran({ values, neighbours: LINE });
    const options = { replicates: 40_000, replacement: false };
    const permuted = localMoranPermutation({ values, neighbours: LINE }, options, new Random(2));
    if (analytic.kind !== 'value' || permuted.kind !== 'value') throw new Error('not assessable');
    for (let i = 0; i < 5; i++) {
      expect(permuted.columns.variance[i]! / analytic.columns.varianceConditional[i]!).toBeCloseTo(1, 1);
      expect(permuted.columns.mean[i]).toBeCloseTo(analytic.columns.meanConditional[i]!, 1);
    }
    expect(permuted.columns.pFolded[5]).toBeNaN();
  });

  it('says why a map has none', () => {
    const flat = { values: new Float64Array(6), neighbours: LINE };
    const options = { weighting: 'row-standardised' } as const;
    expect(localMoran(flat)).toEqual({ kind: 'not-assessable', why: 'constant-field' });
    expect(globalMoran(flat, options)).toEqual({ kind: 'not-assessable', why: 'constant-field' });
    expect(globalG(flat)).toEqual({ kind: 'not-assessable', why: 'constant-field' });
    expect(globalG({ values: Float64Array.of(1, 2, -1, 4, 5, 6), neighbours: LINE })).toMatchObject({
      why: 'negative-value',
    });
    const holed = { values: Float64Array.of(1, Number.NaN, 3, 4, 5, 6), neighbours: LINE };
    expect(localMoran(holed)).toMatchObject({ why: 'missing-value' });
    expect(globalMoran(holed, options)).toMatchObject({ why: 'missing-value' });
  });
});

describe('Knox', () => {
  const bands = { spatialBreaks: [0, 10], temporalBreaks: [0, 2], distance: 'euclidean' } as const;
  it('counts pairs in half-open bands', () => {
    const events = { x: Float64Array.of(0, 10, 3), y: Float64Array.of(0, 0, 0), day: Int32Array.of(0, 1, 2) };
    const found = knox(events, { ...bands, replicates: 99 }, new Random(1));
    if (found.kind !== 'value') throw new Error(found.why);
    // Distances 10 (not below 10), 3, 7; gaps 1, 2 (not below 2), 1.
    expect([...found.table.observed]).toEqual([1, 1, 1, 0]);
  });

  it('finds near repeats, and none without events', () => {
    const random = new Random(3);
    const base = Array.from(
      { length: 60 },
      () => [random.uniform() * 1000, random.uniform() * 1000, random.below(300)] as const,
    );
    const all = [...base, ...base.slice(0, 20).map(([x, y, d]) => [x + 1, y, d + 1] as const)];
    const events = {
      x: Float64Array.from(all, ([x]) => x),
      y: Float64Array.from(all, ([, y]) => y),
      day: Int32Array.from(all, ([, , d]) => d),
    };
    const found = knox(events, { ...bands, replicates: 199 }, random);
    if (found.kind !== 'value') throw new Error(found.why);
    expect(found.table.p[0]).toBe(1 / 200);
    expect(found.table.ratio[0]).toBeGreaterThan(5);
    const none = { x: new Float64Array(0), y: new Float64Array(0), day: new Int32Array(0) };
    expect(knox(none, { ...bands, replicates: 9 }, random)).toEqual({ kind: 'not-assessable', why: 'too-few-events' });
  });
});

describe('kernel intensity', () => {
  it('keeps the total with the correction of Diggle', () => {
    const points = { x: Float64Array.of(0.02, 0.5), y: Float64Array.of(0.03, 0.5) };
    const window = { x: [0, 1], y: [0, 1] } as const;
    const side = 200;
    const at = { x: new Float64Array(side * side), y: new Float64Array(side * side) };
    for (let k = 0; k < side * side; k++) {
      at.x[k] = ((k % side) + 0.5) / side;
      at.y[k] = (Math.floor(k / side) + 0.5) / side;
    }
    const intensity = new Float64Array(side * side);
    kernelIntensity(points, { sigmas: Float64Array.of(0.1), edge: { kind: 'diggle', window } }, at, intensity);
    expect(intensity.reduce((a, b) => a + b) / (side * side)).toBeCloseTo(2, 3);
    expect(massInside({ x: 0, y: 0, sigma: 0.1 }, window)).toBeCloseTo(0.25, 10);
  });

  it('has no bandwidth for points without spread or too few', () => {
    expect(bandwidthScott({ x: Float64Array.of(1, 1), y: Float64Array.of(0, 2) })).toBeNull();
    expect(bandwidthDiggle({ x: Float64Array.of(1), y: Float64Array.of(1) }, { x: [0, 2], y: [0, 2] })).toBeNull();
  });
});

describe('Hawkes', () => {
  it('agrees with the double sum', () => {
    const events = { times: Float64Array.of(1, 2, 2.5), end: 4 };
    const parameters = { mu: 0.3, alpha: 0.5, beta: 2 };
    const at = 0.3 + Math.exp(-3) + Math.exp(-1);
    expect(hawkesIntensity(events, parameters)[2]).toBeCloseTo(at, 14);
    const total = 1.2 + 0.5 * (3 - Math.exp(-6) - Math.exp(-4) - Math.exp(-3));
    expect(hawkesCompensator(events, parameters)[3]).toBeCloseTo(total, 14);
    const logs = Math.log(0.3) + Math.log(0.3 + Math.exp(-2)) + Math.log(at);
    expect(hawkesLogLikelihood(events, parameters)).toBeCloseTo(logs - total, 13);
  });

  it('says why there is no fit', () => {
    expect(fitHawkes({ times: Float64Array.of(1, 2), end: 4 })).toMatchObject({ why: 'too-few-events' });
    const back = Float64Array.from({ length: 12 }, (_, i) => 12 - i);
    expect(fitHawkes({ times: back, end: 20 })).toMatchObject({ why: 'not-ascending' });
    const even = Float64Array.from({ length: 40 }, (_, i) => i + 1);
    expect(fitHawkes({ times: even, end: 40.5 })).toMatchObject({ why: 'no-maximum' });
  });
});

describe('place forecast', () => {
  const history = { counts: Uint16Array.of(4, 0, 0, 2, 1, 0), cells: 3, periods: 2 };
  const lists = neighboursOf([[1], [0, 2], [1]]);
  it('is the decayed count plus a share of the ring', () => {
    const decayed = new Float64Array(3);
    decayedCount(history, { scalePeriods: 12 }, decayed);
    const old = Math.exp(-1 / 12);
    expect(decayed[0]).toBeCloseTo(4 * old + 2, 14);
    const forecast = new Float64Array(3);
    placeForecast(history, lists, { scalePeriods: 12, neighbourShare: 0.25 }, forecast);
    expect(forecast[1]).toBeCloseTo(1 + (0.25 * (4 * old + 2)) / 2, 14);
    expect(forecast[2]).toBeCloseTo(0.25, 14);
  });

  it('does not take a hole for a quiet period', () => {
    const decayed = new Float64Array(2);
    decayedCount(
      { counts: Float64Array.of(Number.NaN, Number.NaN, 3, Number.NaN), cells: 2, periods: 2 },
      { scalePeriods: 12 },
      decayed,
    );
    expect(decayed[0]).toBeCloseTo(3 * (1 + Math.exp(-1 / 12)), 14);
    expect(decayed[1]).toBeNaN();
  });
});
