import fc from 'fast-check';
import { gridDisk, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { adjustedP } from '../../core/stats/benjamini-hochberg.ts';
import { giStar } from '../../core/stats/getis-ord.ts';
import { mannKendall } from '../../core/stats/mann-kendall.ts';
import { diskNeighbours } from '../../core/stats/neighbours.ts';
import { Random } from '../../core/stats/random.ts';
import { senSlope } from '../../core/stats/sen-slope.ts';

const CELLS = gridDisk(latLngToCell(31.3, 120.6, 8), 4);
const LISTS = diskNeighbours(CELLS, { k: 1 });
const zOf = (values: Float64Array, neighbours = LISTS): Float64Array => {
  const z = new Float64Array(values.length);
  giStar({ values, neighbours }, z);
  return z;
};
const field = fc
  .array(fc.nat(40), { minLength: CELLS.length, maxLength: CELLS.length })
  .map((x) => Float64Array.from(x));
const close = (a: Float64Array, b: Float64Array, digits: number): void => {
  a.forEach((value, i) => {
    if (Number.isNaN(value)) expect(b[i]).toBeNaN();
    else expect(b[i]).toBeCloseTo(value, digits);
  });
};

describe('Gi*', () => {
  it('does not depend on the order of the cells', () => {
    fc.assert(
      fc.property(field, fc.nat(), (values, seed) => {
        const order = Int32Array.from(CELLS, (_, i) => i);
        new Random(seed).shuffle(order);
        const lists = diskNeighbours(
          [...order].map((i) => CELLS[i]!),
          { k: 1 },
        );
        const z = zOf(values);
        close(
          Float64Array.from(order, (i) => z[i]!),
          zOf(
            Float64Array.from(order, (i) => values[i]!),
            lists,
          ),
          10,
        );
      }),
      { numRuns: 50 },
    );
  });

  it('does not change when values are scaled or shifted', () => {
    fc.assert(
      fc.property(field, fc.integer({ min: 1, max: 1000 }), fc.integer({ min: -1000, max: 1000 }), (values, a, b) => {
        const z = zOf(values);
        close(z, zOf(values.map((x) => x * a + b)), 8);
      }),
    );
  });

  it('changes when cells without incidents are dropped', () => {
    fc.assert(
      fc.property(field, (given) => {
        const values = given.map((x) => (x < 25 ? 0 : x - 20));
        const kept = CELLS.map((_, i) => i).filter((i) => values[i]! > 0);
        fc.pre(kept.length > 8 && kept.length < CELLS.length && new Set(kept.map((i) => values[i])).size > 2);
        const dropped = zOf(
          Float64Array.from(kept, (i) => values[i]!),
          diskNeighbours(
            kept.map((i) => CELLS[i]!),
            { k: 1 },
          ),
        );
        const z = zOf(values);
        expect(kept.some((i, k) => !(Math.abs(z[i]! - dropped[k]!) < 1e-6))).toBe(true);
      }),
    );
  });
});

describe('Benjamini–Hochberg', () => {
  it('is what sorting by comparison gives', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 200 }), (given) => {
        const q = new Float64Array(given.length);
        adjustedP(Float64Array.from(given), q);
        given.forEach((p, i) => {
          const larger = given.filter((other) => other >= p);
          const least = Math.min(
            1,
            ...larger.map((other) => (other * given.length) / given.filter((x) => x <= other).length),
          );
          expect(q[i]).toBeCloseTo(least, 12);
        });
      }),
    );
  });
});

describe('Mann–Kendall and Sen', () => {
  it('turn their sign with the series, and keep p', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 3, maxLength: 40 }), (given) => {
        const up = mannKendall(Float64Array.from(given));
        const down = mannKendall(Float64Array.from(given.toReversed()));
        if (up.kind !== 'value' || down.kind !== 'value') throw new Error('not assessable');
        expect(up.s + down.s).toBe(0);
        expect(down.p).toBeCloseTo(up.p, 14);
        const sum = senSlope(Float64Array.from(given))! + senSlope(Float64Array.from(given.toReversed()))!;
        expect(Math.abs(sum)).toBeLessThan(1e-12);
      }),
    );
  });
});
