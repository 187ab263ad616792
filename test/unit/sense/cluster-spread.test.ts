import { gridDisk, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { learnSpread } from '../../../core/sense/cluster-spread.ts';
import { Random } from '../../../core/stats/random.ts';
import { diskZones } from '../../../core/stats/scan-zones.ts';

const zones = diskZones(gridDisk(latLngToCell(31.3, 120.6, 8), 4), 2);
const OPTIONS = { rings: 2, maxDuration: 2, halfLife: 100, largest: 0.5 };
const MEAN = 20;

/** 200 days of independent windows with mean 20 (1 + 0.6 lean) and, when given, gamma-mixed rates of variance phi. */
function learned(phi: number, wild = 0) {
  const random = new Random(4);
  const spread = learnSpread(zones, OPTIONS);
  const size = zones.zoneEnd.length * OPTIONS.maxDuration;
  for (let day = 0; day < 200; day++) {
    const lean = Float64Array.from({ length: size }, () => 0.2 * random.normal());
    const expected = lean.map((x) => MEAN * (1 + 0.6 * Math.max(-0.5, Math.min(0.5, x))));
    const observed = Int32Array.from(expected, (mean) =>
      random.uniform() < wild ? 500 : random.poisson(phi > 0 ? (mean * random.gamma(1 / phi)) / (1 / phi) : mean),
    );
    spread.learn({ observed, plain: new Float64Array(size).fill(MEAN), expected, lean });
  }
  return spread;
}

describe('normal spread of windows', () => {
  it('knows nothing before the first day', () => {
    const { gain, phi } = learnSpread(zones, OPTIONS);
    expect([...gain, ...phi].every((value) => value === 0)).toBe(true);
  });

  it('finds the gain and no extra variance in Poisson windows', () => {
    const { gain, phi } = learned(0);
    for (const value of gain) expect(value).toBeCloseTo(0.6, 1);
    for (const value of phi) expect(value).toBeLessThan(0.003);
  });

  it('finds the extra variance of mixed rates, in every ring and duration', () => {
    for (const value of learned(0.05).phi) expect(Math.abs(value - 0.05)).toBeLessThan(0.01);
  });

  it('is not taught by windows that are news', () => {
    const { gain, phi } = learned(0.05, 0.02);
    for (const value of phi) expect(Math.abs(value - 0.05)).toBeLessThan(0.01);
    for (const value of gain) expect(value).toBeCloseTo(0.6, 1);
  });
});
