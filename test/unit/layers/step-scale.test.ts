import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classOf, quantileBreaks } from '../../../web/src/layers/step-scale.ts';

/** Small counts as a rule, some beyond what is tallied in a table. */
const counts = fc.array(fc.oneof({ weight: 5, arbitrary: fc.nat(5000) }, fc.integer({ min: 60_000, max: 70_000 })), {
  maxLength: 300,
});
const classes = fc.integer({ min: 1, max: 7 });

describe('class breaks', () => {
  it('start at 1 and rise strictly, in whole numbers', () => {
    fc.assert(
      fc.property(counts, classes, (values, k) => {
        const breaks = quantileBreaks(values, k);
        expect(breaks[0]).toBe(1);
        expect(breaks.length).toBeLessThanOrEqual(k);
        for (let i = 1; i < breaks.length; i++) expect(breaks[i]!).toBeGreaterThan(breaks[i - 1]!);
        expect(breaks.every(Number.isInteger)).toBe(true);
      }),
    );
  });

  it('put every cell with incidents into a class, and 0 into none', () => {
    fc.assert(
      fc.property(counts, classes, (values, k) => {
        const breaks = quantileBreaks(values, k);
        for (const n of values) {
          const found = classOf(n, breaks);
          if (n === 0) expect(found).toBe(-1);
          else {
            expect(n).toBeGreaterThanOrEqual(breaks[found]!);
            expect(n).toBeLessThan(breaks[found + 1] ?? Number.POSITIVE_INFINITY);
          }
        }
      }),
    );
  });

  it('leave no class empty', () => {
    fc.assert(
      fc.property(
        counts.filter((values) => values.some((n) => n > 0)),
        classes,
        (values, k) => {
          const breaks = quantileBreaks(values, k);
          const used = new Set(values.filter((n) => n > 0).map((n) => classOf(n, breaks)));
          // Class 0 may be empty: it begins at 1 by rule, and the least count may already lie in the next.
          for (let i = 1; i < breaks.length; i++) expect(used.has(i)).toBe(true);
        },
      ),
    );
  });

  it('do not depend on the order of the cells', () => {
    fc.assert(
      fc.property(counts, classes, (values, k) => {
        expect(quantileBreaks([...values].reverse(), k)).toEqual(quantileBreaks(Uint32Array.from(values), k));
      }),
    );
  });

  it('split even counts evenly', () => {
    const values = Array.from({ length: 100 }, (_, i) => i + 1);
    expect(quantileBreaks(values, 5)).toEqual([1, 21, 41, 61, 81]);
  });
});
