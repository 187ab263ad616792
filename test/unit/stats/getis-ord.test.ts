import { gridDisk, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { adjustedP, giBinFdr, significantSigns, twoSidedP } from '../../../core/stats/benjamini-hochberg.ts';
import { gi, giStar, giStarCube, giWeighted } from '../../../core/stats/getis-ord.ts';
import { giPermutationP } from '../../../core/stats/getis-ord-permutation.ts';
import { bandNeighbours, diskNeighbours, neighboursOf } from '../../../core/stats/neighbours.ts';
import { Random } from '../../../core/stats/random.ts';

const CELLS = gridDisk(latLngToCell(31.3, 120.6, 8), 6);
const LISTS = diskNeighbours(CELLS, { k: 1 });
const counts = (seed: number, mean = 1): Float64Array => {
  const random = new Random(seed);
  return Float64Array.from(CELLS, () => random.poisson(mean));
};
const zOf = (values: Float64Array, neighbours = LISTS): Float64Array => {
  const z = new Float64Array(values.length);
  giStar({ values, neighbours }, z);
  return z;
};

describe('neighbours of a closed study area', () => {
  it('has six neighbours inside, fewer at the edge, and each pair on both sides', () => {
    const degrees = CELLS.map((_, i) => LISTS.offsets[i + 1]! - LISTS.offsets[i]!);
    expect(degrees.filter((degree) => degree === 6)).toHaveLength(gridDisk(CELLS[0]!, 5).length);
    expect(Math.min(...degrees)).toBe(3);
    for (let i = 0; i < CELLS.length; i++)
      for (const j of LISTS.neighbours.subarray(LISTS.offsets[i], LISTS.offsets[i + 1]))
        expect(LISTS.neighbours.subarray(LISTS.offsets[j], LISTS.offsets[j + 1])).toContain(i);
  });

  it('has five neighbours round a pentagon', () => {
    const pentagon = '8808000001fffff';
    const lists = diskNeighbours(gridDisk(pentagon, 2), { k: 1 });
    const at = gridDisk(pentagon, 2).indexOf(pentagon);
    expect(lists.offsets[at + 1]! - lists.offsets[at]!).toBe(5);
  });

  it('reaches a cell of the disk although the cells between are not in the area', () => {
    const ring = gridDisk(CELLS[0]!, 2).filter((cell) => !gridDisk(CELLS[0]!, 1).includes(cell) || cell === CELLS[0]);
    const lists = diskNeighbours(ring, { k: 2 });
    const at = ring.indexOf(CELLS[0]!);
    expect(lists.offsets[at + 1]! - lists.offsets[at]!).toBe(12);
  });

  it('refuses a cell twice, mixed resolutions and what is no cell', () => {
    expect(() => diskNeighbours([CELLS[0]!, CELLS[0]!], { k: 1 })).toThrow(/listed twice/);
    expect(() => diskNeighbours([CELLS[0]!, latLngToCell(31, 120, 9)], { k: 1 })).toThrow(/resolution/);
    expect(() => diskNeighbours(['zzzzzzzzzzzzzzz'], { k: 1 })).toThrow(RangeError);
    expect(() => diskNeighbours(CELLS, { k: 0 })).toThrow(/k is 0/);
    expect(() => neighboursOf([[1], [1]])).toThrow(/cell itself/);
    expect(() => neighboursOf([[2], []])).toThrow(/outside/);
  });

  it('lists points in a band', () => {
    const lists = bandNeighbours({ x: Float64Array.of(0, 3, 9), y: Float64Array.of(0, 4, 0) }, { radius: 5 });
    expect([...lists.offsets]).toEqual([0, 1, 2, 2]);
    expect([...lists.neighbours]).toEqual([1, 0]);
  });
});

describe('Gi and Gi*', () => {
  it('agrees with the formula on a cell, weighted and binary', () => {
    const values = counts(3);
    const z = zOf(values);
    const n = values.length;
    const mean = values.reduce((a, b) => a + b) / n;
    const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n);
    const disk = [9, ...LISTS.neighbours.subarray(LISTS.offsets[9], LISTS.offsets[10])];
    const sum = disk.reduce((total, j) => total + values[j]!, 0);
    const m = disk.length;
    expect(z[9]).toBeCloseTo((sum - m * mean) / (sd * Math.sqrt((n * m - m * m) / (n - 1))), 12);
    const weighted = new Float64Array(n);
    const weights = new Float64Array(LISTS.neighbours.length).fill(3);
    giWeighted({ values, neighbours: LISTS, weights, selfWeights: new Float64Array(n).fill(3) }, weighted);
    for (let i = 0; i < n; i++) expect(weighted[i]).toBeCloseTo(z[i]!, 10);
  });

  it.each([
    ['constant-field', new Float64Array(CELLS.length).fill(0.1)],
    ['constant-field', new Float64Array(CELLS.length)],
    ['too-few-cells', new Float64Array(CELLS.length).fill(Number.NaN)],
    ['not-finite', counts(1).fill(Number.POSITIVE_INFINITY, 0, 1)],
  ])('says %s and leaves every z undefined', (why, values) => {
    for (const run of [giStar, gi]) {
      const z = new Float64Array(values.length);
      expect(run({ values, neighbours: LISTS }, z)).toEqual({ kind: 'not-assessable', why });
      expect(z.every(Number.isNaN)).toBe(true);
    }
  });

  it('says that one cell is too few', () => {
    expect(giStar({ values: Float64Array.of(4), neighbours: neighboursOf([[]]) }, new Float64Array(1))).toEqual({
      kind: 'not-assessable',
      why: 'too-few-cells',
    });
  });

  it('leaves a missing cell out of n and of every disk: the same z as on the area without it', () => {
    const values = counts(5);
    values[20] = Number.NaN;
    const kept = CELLS.filter((_, i) => i !== 20);
    const without = zOf(
      values.filter((_, i) => i !== 20),
      diskNeighbours(kept, { k: 1 }),
    );
    const z = zOf(values);
    expect(z[20]).toBeNaN();
    [...z.filter((_, i) => i !== 20)].forEach((value, i) => {
      expect(value).toBeCloseTo(without[i]!, 12);
    });
  });

  it('gives Gi of an island and of a cell whose others are constant no value', () => {
    const values = Float64Array.of(9, 1, 1, 1, 1);
    const z = new Float64Array(5);
    gi({ values, neighbours: neighboursOf([[1], [0, 2], [1, 3], [2], []]) }, z);
    expect(z[0]).toBeNaN();
    expect(z[4]).toBeNaN();
    expect(z[1]).toBeGreaterThan(0);
  });

  it('has in a cube the z of every single map, from integers too', () => {
    const maps = [counts(1), counts(2), new Float64Array(CELLS.length), counts(4)];
    const cube = Uint16Array.from(maps.flatMap((map) => [...map]));
    const z = new Float64Array(cube.length);
    const found = giStarCube({ values: cube, cells: CELLS.length, neighbours: LISTS }, z);
    expect(found.map(({ kind }) => kind)).toEqual(['value', 'value', 'not-assessable', 'value']);
    maps.forEach((map, t) => {
      expect([...z.subarray(t * CELLS.length, (t + 1) * CELLS.length)]).toEqual([...zOf(map)]);
    });
  });
});

describe('permutation p of small neighbourhoods', () => {
  it('is given where little is expected, and small for a planted cluster', () => {
    const values = new Float64Array(CELLS.length);
    for (const i of [0, ...LISTS.neighbours.subarray(0, LISTS.offsets[1])]) values[i] = 2;
    values[100] = 1;
    const p = new Float64Array(values.length);
    expect(giPermutationP({ values, neighbours: LISTS }, { replicates: 999 }, new Random(1), p)).toBe(CELLS.length);
    expect(p[0]).toBe(2 / 1000);
    expect(p[100]).toBeGreaterThan(0.1);
  });

  it('leaves cells with enough expected to the normal p, and refuses a hole', () => {
    const p = new Float64Array(CELLS.length);
    expect(giPermutationP({ values: counts(1, 30), neighbours: LISTS }, { replicates: 99 }, new Random(1), p)).toBe(0);
    expect(p.every(Number.isNaN)).toBe(true);
    const holed = counts(1);
    holed[3] = Number.NaN;
    expect(() => giPermutationP({ values: holed, neighbours: LISTS }, { replicates: 9 }, new Random(1), p)).toThrow(
      /value 3/,
    );
  });

  it('rejects about as often as it says when nothing is there', () => {
    const p = new Float64Array(CELLS.length);
    let [small, all] = [0, 0];
    for (let seed = 1; seed <= 30; seed++) {
      giPermutationP({ values: counts(seed, 0.6), neighbours: LISTS }, { replicates: 199 }, new Random(seed), p);
      small += p.filter((value) => value <= 0.1).length;
      all += p.filter((value) => !Number.isNaN(value)).length;
    }
    expect(small / all).toBeLessThan(0.12);
    expect(small / all).toBeGreaterThan(0.03);
  });
});

describe('Benjamini–Hochberg', () => {
  it('adjusts as R does: p.adjust(c(.01, .02, .03, .04, .05, NA), "BH")', () => {
    const q = new Float64Array(6);
    expect(adjustedP(Float64Array.of(0.01, 0.02, 0.03, 0.04, 0.05, Number.NaN), q)).toBe(5);
    for (let i = 0; i < 5; i++) expect(q[i]).toBeCloseTo(0.05, 15);
    expect(q[5]).toBeNaN();
  });

  it('refuses what is no probability', () => {
    expect(() => adjustedP(Float64Array.of(0.5, 1.5), new Float64Array(2))).toThrow(/p\[1\] is 1.5/);
  });

  it('gives the bins and signs that the adjusted p give', () => {
    const random = new Random(9);
    const z = Float64Array.from({ length: 5000 }, (_, i) => random.normal() + (i < 300 ? 3 : i < 400 ? -3 : 0));
    z[17] = Number.NaN;
    const [p, q] = [new Float64Array(z.length), new Float64Array(z.length)];
    twoSidedP(z, p);
    adjustedP(p, q);
    const bins = new Int8Array(z.length);
    expect(giBinFdr(z, bins)).toBe(4999);
    const signs = new Int8Array(z.length);
    const rejected = significantSigns(z, { level: 0.05 }, signs);
    expect(rejected).toBe(q.filter((value) => value <= 0.05).length);
    z.forEach((value, i) => {
      const size = q[i]! <= 0.01 ? 3 : q[i]! <= 0.05 ? 2 : q[i]! <= 0.1 ? 1 : 0;
      expect(bins[i]).toBe(size === 0 ? 0 : Math.sign(value) * size);
      expect(signs[i]).toBe(size >= 2 ? Math.sign(value) : 0);
    });
  });
});
