import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divisionIndex, packShapes } from '../../../core/geo/division-index.ts';
import { shapeTest } from '../../../core/geo/edge-bands.ts';
import { contains, type MultiPolygon } from '../../../core/geo/polygon.ts';
import { generator } from '../../support/three-feeds.ts';

/** A ring that winds through itself, with corners on a coarse lattice or off it: shared parallels, level edges, repeated corners. */
function ring(random: () => number, corners: number, lattice: boolean): Float64Array {
  const at = (): number => (lattice ? Math.floor(random() * 12) : random() * 12);
  const out = Float64Array.from({ length: corners * 2 }, at);
  if (random() < 0.5) out.set(out.subarray(0, 2), out.length - 2);
  return out;
}

describe('edges in bands', () => {
  it('agree with the plain test on lattice points, corners and elsewhere', () => {
    const random = generator(77);
    let [inside, asked] = [0, 0];
    for (let i = 0; i < 150; i++) {
      const shape: MultiPolygon = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
        Array.from({ length: 1 + Math.floor(random() * 2) }, () =>
          ring(random, 3 + Math.floor(random() * 120), random() < 0.5),
        ),
      );
      const test = shapeTest(shape);
      const ask = (lng: number, lat: number): void => {
        const expected = contains(shape, lng, lat);
        if (test(lng, lat) !== expected) throw new Error(`shape ${i}: ${lng}, ${lat}: expected ${expected}`);
        asked++;
        if (expected) inside++;
      };
      for (let p = 0; p < 60; p++) ask(random() * 14 - 1, random() * 14 - 1);
      for (let p = 0; p < 60; p++) ask(Math.floor(random() * 14) - 1, Math.floor(random() * 14) - 1);
      for (const polygon of shape)
        for (const corners of polygon)
          for (let c = 0; c < corners.length; c += 2) ask(corners[c] as number, corners[c + 1] as number);
    }
    expect(asked).toBeGreaterThan(20_000);
    expect(inside / asked).toBeGreaterThan(0.2);
    expect(inside / asked).toBeLessThan(0.8);
  });

  it('agrees where rounding is coarsest: rings of a few steps of a double', () => {
    const lattice = fc.integer({ min: 0, max: 6 });
    fc.assert(
      fc.property(fc.array(fc.tuple(lattice, lattice), { minLength: 3, maxLength: 40 }), (corners) => {
        const step = 2 ** -46; // of degrees near 120
        const place = (n: number): number => 120 + n * step;
        const shape = [[Float64Array.from(corners.flatMap(([x, y]) => [place(x), place(y)]))]];
        const test = shapeTest(shape);
        for (let x = -1; x <= 7; x++)
          for (let y = -1; y <= 7; y++) expect(test(place(x), place(y))).toBe(contains(shape, place(x), place(y)));
      }),
      { numRuns: 60 },
    );
  });

  it('has no point in a shape of no height', () => {
    expect(shapeTest([[Float64Array.from([0, 1, 2, 1, 5, 1])]])(1, 1)).toBe(false);
  });
});

describe('the index of divisions', () => {
  it('agrees with asking every shape, deepest first, across buckets and borders', () => {
    const random = generator(79);
    // Wild outlines of a few buckets (0.005° each) that overlap, with gaps; parents below them.
    const outline = (size: number): MultiPolygon => {
      const [west, south] = [120 + random() * 0.05, 31 + random() * 0.05];
      const corners = 3 + Math.floor(random() * 30);
      return [[Float64Array.from({ length: corners * 2 }, (_, i) => (i % 2 === 0 ? west : south) + random() * size)]];
    };
    const shapes = Array.from({ length: 30 }, (_, id) => ({
      id,
      level: id < 3 ? 1 : 2,
      polygons: outline(id < 3 ? 0.06 : 0.03),
    }));
    const index = divisionIndex(packShapes(shapes));
    const deepest = [...shapes].sort((a, b) => b.level - a.level || a.id - b.id);
    const found = new Set<number | null>();
    for (let i = 0; i < 20_000; i++) {
      const [lng, lat] = [119.99 + random() * 0.13, 30.99 + random() * 0.13];
      const expected = deepest.find(({ polygons }) => contains(polygons, lng, lat))?.id ?? null;
      if (index.at(lng, lat) !== expected) throw new Error(`${lng}, ${lat}: ${index.at(lng, lat)}, not ${expected}`);
      found.add(expected);
    }
    expect(found.size).toBeGreaterThan(15);
  });

  it('agrees on the lines between its buckets, where borders and level edges run along them', () => {
    const random = generator(80);
    const step = 0.00125; // four of them a bucket
    const shapes = Array.from({ length: 40 }, (_, id) => {
      const [west, south] = [Math.floor(random() * 40), Math.floor(random() * 40)];
      const corners = 4 + Math.floor(random() * 12);
      const ring = Array.from(
        { length: corners * 2 },
        (_, i) => (i % 2 === 0 ? west : south) + Math.floor(random() * 12),
      );
      return { id, level: 1, polygons: [[Float64Array.from(ring, (n, i) => (i % 2 === 0 ? 120 : 31) + n * step)]] };
    });
    const index = divisionIndex(packShapes(shapes));
    const found = new Set<number | null>();
    for (let x = -1; x <= 53; x++) {
      for (let y = -1; y <= 53; y++) {
        for (const off of [-1e-12, 0, 1e-12, step / 2]) {
          const [lng, lat] = [120 + x * step + off, 31 + y * step + off];
          const expected = shapes.find(({ polygons }) => contains(polygons, lng, lat))?.id ?? null;
          if (index.at(lng, lat) !== expected)
            throw new Error(`${lng}, ${lat}: ${index.at(lng, lat)}, not ${expected}`);
          found.add(expected);
        }
      }
    }
    expect(found.size).toBeGreaterThan(15);
  });
});
