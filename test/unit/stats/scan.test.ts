import { gridDisk, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { fitGumbel, gumbelP, recurrenceIntervalDays } from '../../../core/stats/gumbel.ts';
import { monteCarloP } from '../../../core/stats/monte-carlo.ts';
import { Random } from '../../../core/stats/random.ts';
import { scanExpectation } from '../../../core/stats/scan-expectation.ts';
import { scanPermutation } from '../../../core/stats/scan-permutation.ts';
import { scanPoisson } from '../../../core/stats/scan-poisson.ts';
import { diskZones, listedZones, zoneMembers } from '../../../core/stats/scan-zones.ts';

const cells = gridDisk(latLngToCell(31.3, 120.6, 8), 3);
const zones = diskZones(cells, 2);
const periods = 10;
const size = cells.length * periods;
const options = { maxDuration: 7, minCount: 2, replicates: 199, maxClusters: 3 };
const expected = new Float64Array(size).fill(0.3);

function planted(): Float64Array {
  const random = new Random(1);
  const count = expected.map((mean) => random.poisson(mean));
  for (const cell of [0, 1, 2]) for (let p = 7; p < 10; p++) count[cell * periods + p] = 4;
  return count;
}
const given = (count: Float64Array) => ({ locations: cells.length, periods, count });

describe('scan', () => {
  it('clips disks to the study cells', () => {
    expect([...zoneMembers(zones, 0)]).toEqual([0]);
    expect([...zoneMembers(zones, 1)].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const edge = cells.length - 1;
    const z = zones.zoneStart[edge] as number;
    expect(zoneMembers(zones, z + 1).length).toBeLessThan(7);
    expect(() => diskZones([cells[0] as string, cells[0] as string], 1)).toThrow(RangeError);
  });

  it('finds a planted cluster by each of the three tests, and clusters share no location', () => {
    const data = given(planted());
    for (const result of [
      scanExpectation(data, expected, zones, options, new Random(2)),
      scanPoisson(data, expected, zones, options, new Random(2)),
      scanPermutation(data, zones, options, new Random(2)),
    ]) {
      if (result.kind !== 'assessed') throw new Error(result.why);
      expect(result.clusters[0]?.duration).toBe(3);
      expect([...(result.clusters[0]?.locations ?? [])]).toEqual(expect.arrayContaining([0, 1, 2]));
      expect(result.clusters[0]?.pMonteCarlo).toBeLessThanOrEqual(0.05);
      const all = result.clusters.flatMap(({ locations }) => [...locations]);
      expect(new Set(all).size).toBe(all.length);
    }
  });

  it('gives a uniform rank p under its own null', () => {
    const random = new Random(3);
    let below = 0;
    for (let k = 0; k < 100; k++) {
      const data = given(expected.map((mean) => random.poisson(mean)));
      const result = scanExpectation(data, expected, zones, { ...options, replicates: 39 }, random);
      if (result.kind !== 'assessed') throw new Error(result.why);
      if ((result.clusters[0]?.pMonteCarlo ?? 1) <= 0.25) below++;
    }
    // Binomial(100, 0.25): 25 ± 4.3.
    expect(below).toBeGreaterThan(8);
    expect(below).toBeLessThan(43);
  });

  it('says why bad input cannot be scanned', () => {
    const why = (count: Float64Array, mean = expected) => {
      const result = scanExpectation(given(count), mean, zones, options, new Random(4));
      return result.kind === 'assessed' ? null : result.why;
    };
    expect(why(new Float64Array(size))).toBe('no-events');
    expect(why(new Float64Array(size).fill(0.5))).toBe('count-not-whole');
    expect(why(new Float64Array(size).fill(-1))).toBe('count-not-whole');
    expect(why(new Float64Array(3))).toBe('sizes-differ');
    expect(why(new Float64Array(size).fill(1), new Float64Array(size))).toBe('no-expectation');
    const one = scanPermutation(
      { locations: 1, periods: 2, count: Float64Array.of(1, 2) },
      listedZones(1, [[0]]),
      { ...options, maxDuration: 3 },
      new Random(4),
    );
    expect(one).toEqual({ kind: 'not-assessable', why: 'too-few-periods' });
  });

  it('has no p without replicates, and no Gumbel law without spread', () => {
    const result = scanExpectation(given(planted()), expected, zones, { ...options, replicates: 0 }, new Random(5));
    if (result.kind !== 'assessed') throw new Error(result.why);
    expect(result.clusters[0]?.pMonteCarlo).toBeNull();
    expect(result.clusters[0]?.pGumbel).toBeNull();
    expect(fitGumbel(Float64Array.of(2, 2, 2))).toBeNull();
    expect(monteCarloP(Float64Array.of(1, 2, 3), 2)).toBe(3 / 4);
    expect(gumbelP({ mode: 0, scale: 1 }, 40)).toBeCloseTo(Math.exp(-40), 25);
    expect(recurrenceIntervalDays({ p: 0.001, analysisIntervalDays: 1 })).toBeCloseTo(1000, 9);
    expect(recurrenceIntervalDays({ p: 0, analysisIntervalDays: 1 })).toBeNull();
  });
});
