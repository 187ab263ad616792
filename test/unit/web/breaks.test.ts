import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLASS_QUANTILES, lockedBreaks, quantileBreaks, windowHistogram } from '../../../web/src/query/breaks.ts';

interface Entry {
  readonly cell: number;
  readonly week: number;
  readonly n: number;
}
const entries = fc
  .uniqueArray(
    fc.record({
      cell: fc.integer({ min: 0, max: 6 }),
      week: fc.integer({ min: 0, max: 11 }),
      n: fc.integer({ min: 1, max: 9 }),
    }),
    { selector: (entry) => entry.cell * 100 + entry.week, maxLength: 50 },
  )
  .map((list) => list.sort((a, b) => a.cell - b.cell || a.week - b.week));
const columns = (list: readonly Entry[]) => ({
  cell: list.map((entry) => entry.cell),
  week: list.map((entry) => entry.week),
  n: list.map((entry) => entry.n),
});

describe('class breaks', () => {
  it('count every window of the length once, as adding up each window does', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 12 }), (list, length) => {
        const expected = new Map<number, number>();
        for (let cell = 0; cell <= 6; cell++)
          for (let start = 0; start + length <= 12; start++) {
            const sum = list
              .filter((entry) => entry.cell === cell && entry.week >= start && entry.week < start + length)
              .reduce((total, entry) => total + entry.n, 0);
            if (sum > 0) expected.set(sum, (expected.get(sum) ?? 0) + 1);
          }
        const sorted = (map: ReadonlyMap<number, number>) => [...map].sort((a, b) => a[0] - b[0]);
        expect(sorted(windowHistogram(columns(list), length, 12))).toEqual(sorted(expected));
      }),
    );
  });

  it('ascend strictly from 1, and no more than the quantiles', () => {
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 12 }), (list, length) => {
        const { breaks } = lockedBreaks(columns(list), { resolution: 8, length, weeks: 12 });
        expect(breaks[0]).toBe(1);
        expect(breaks.length).toBeLessThanOrEqual(CLASS_QUANTILES.length + 1);
        expect([...breaks]).toEqual([...new Set(breaks)].sort((a, b) => a - b));
      }),
    );
  });

  it('are the quantiles of a known distribution', () => {
    expect(quantileBreaks(new Map(Array.from({ length: 1000 }, (_, i) => [i + 1, 1])))).toEqual([
      1, 301, 551, 751, 901, 971, 994,
    ]);
    expect(quantileBreaks(new Map([[1, 1000]]))).toEqual([1]);
    expect(quantileBreaks(new Map())).toEqual([1]);
  });
});
