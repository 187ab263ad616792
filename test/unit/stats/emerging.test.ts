import { gridDisk, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import {
  EMERGING_CATEGORIES,
  EMERGING_DEFAULTS,
  emergingCategory,
  emergingHotSpots,
  spaceTimeGiStar,
  type TrendSign,
} from '../../../core/stats/emerging.ts';
import { exactTrendP, mannKendall } from '../../../core/stats/mann-kendall.ts';
import { diskNeighbours } from '../../../core/stats/neighbours.ts';
import { Random } from '../../../core/stats/random.ts';
import { senSlope } from '../../../core/stats/sen-slope.ts';

const signs = (pattern: string): Int8Array =>
  Int8Array.from(pattern, (step) => (step === 'H' ? 1 : step === 'C' ? -1 : 0));
const named = (pattern: string, trend: TrendSign = 0): string =>
  EMERGING_CATEGORIES[emergingCategory(signs(pattern), trend)]!;
const turned = (pattern: string): string => pattern.replace(/[HC]/g, (step) => (step === 'H' ? 'C' : 'H'));

describe('the 17 categories', () => {
  it.each([
    ['............', 0, 'none'],
    ['...........H', 0, 'new hot'],
    ['..........HH', 0, 'consecutive hot'],
    ['HHHHHHHHHHHH', 1, 'intensifying hot'],
    ['HHHHHHHHHHHH', 0, 'persistent hot'],
    ['HHHHHHHHHHHH', -1, 'diminishing hot'],
    ['H.H........H', 0, 'sporadic hot'],
    ['C.H........H', 0, 'oscillating hot'],
    ['HHHHHHHHHHH.', 0, 'historical hot'],
    ['H.H.........', 0, 'none'],
    ['..HHHHHHHHHH', 0, 'consecutive hot'],
    ['HHHHHHHHH', 0, 'insufficient'],
  ] as const)('%s with trend %i is %s, and turned over its mirror', (pattern, trend, category) => {
    expect(named(pattern, trend)).toBe(category);
    expect(named(turned(pattern), -trend as TrendSign)).toBe(category.replace('hot', 'cold'));
  });
});

const CELLS = gridDisk(latLngToCell(31.3, 120.6, 8), 6);
const LISTS = diskNeighbours(CELLS, { k: 1 });
const cubeOf = (periods: number, mean: (cell: number, t: number) => number): Float64Array => {
  const random = new Random(4);
  return Float64Array.from({ length: periods * CELLS.length }, (_, b) =>
    random.poisson(mean(b % CELLS.length, Math.floor(b / CELLS.length))),
  );
};

describe('emerging hot spots of a cube', () => {
  it('finds a place that is hot throughout, one that became hot, and little else', () => {
    const values = cubeOf(20, (cell, t) => (cell === 0 ? 60 : cell === 100 && t >= 17 ? 90 : 2));
    const found = emergingHotSpots({ values, cells: CELLS.length, neighbours: LISTS }, EMERGING_DEFAULTS);
    expect(found.assessment.kind).toBe('value');
    expect(EMERGING_CATEGORIES[found.category[0]!]).toMatch(/^(persistent|intensifying|diminishing) hot$/);
    expect(EMERGING_CATEGORIES[found.category[100]!]).toBe('consecutive hot');
    expect([...found.category].filter((code) => EMERGING_CATEGORIES[code] !== 'none').length).toBeLessThan(30);
  });

  it('is insufficient below ten steps, and undefined with a reason without spread', () => {
    const short = emergingHotSpots(
      { values: cubeOf(9, () => 2), cells: CELLS.length, neighbours: LISTS },
      EMERGING_DEFAULTS,
    );
    expect([...new Set(short.category)].map((code) => EMERGING_CATEGORIES[code])).toEqual(['insufficient']);
    const flat = { values: new Uint16Array(12 * CELLS.length), cells: CELLS.length, neighbours: LISTS };
    const found = emergingHotSpots(flat, EMERGING_DEFAULTS);
    expect(found.assessment).toEqual({ kind: 'not-assessable', why: 'constant-field' });
    expect([...new Set(found.category)].map((code) => EMERGING_CATEGORIES[code])).toEqual(['undefined']);
    expect(found.trendZ.every(Number.isNaN)).toBe(true);
  });

  it('says that a hole makes the cube not assessable', () => {
    const values = cubeOf(12, () => 2);
    values[5] = Number.NaN;
    const z = new Float64Array(values.length);
    const given = { values, cells: CELLS.length, neighbours: LISTS };
    expect(spaceTimeGiStar(given, EMERGING_DEFAULTS, z)).toEqual({ kind: 'not-assessable', why: 'not-finite' });
    expect(z.every(Number.isNaN)).toBe(true);
  });
});

describe('Mann–Kendall and Sen', () => {
  it('drops missing values and keeps the length of gaps', () => {
    const series = Float64Array.of(1, Number.NaN, 3, 5, Number.NaN, 6);
    expect(mannKendall(series)).toMatchObject({ kind: 'value', n: 4, s: 6 });
    expect(senSlope(Float64Array.of(0, Number.NaN, 4))).toBe(2);
  });

  it('has the exact p of every order counted', () => {
    // 24 orders of 4 values: |S| = 6 in 2, |S| ≥ 4 in 8.
    expect(exactTrendP({ n: 4, s: 6 })).toBeCloseTo(2 / 24, 14);
    expect(exactTrendP({ n: 4, s: -4 })).toBeCloseTo(8 / 24, 14);
    expect(exactTrendP({ n: 4, s: 0 })).toBe(1);
    expect(mannKendall(Float64Array.of(1, 2, 3, 4))).toMatchObject({ pExact: expect.closeTo(2 / 24, 12) });
    expect(mannKendall(Float64Array.of(1, 2, 2, 4))).toMatchObject({ pExact: null });
  });

  it('has no trend in a constant series, and no answer for two values', () => {
    expect(mannKendall(new Float64Array(12).fill(3))).toMatchObject({ s: 0, z: 0, p: 1, tauB: null });
    expect(mannKendall(Float64Array.of(1, 2))).toEqual({ kind: 'not-assessable', why: 'too-few-values' });
    expect(senSlope(Float64Array.of(4))).toBeNull();
  });
});
