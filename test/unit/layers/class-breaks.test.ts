import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedBreaks, jenksBreaks } from '../../../web/src/layers/class-breaks.ts';

/** Squared distances from the class means. */
function spread(histogram: ReadonlyMap<number, number>, breaks: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < breaks.length; i++) {
    const members = [...histogram].filter(([v]) => v >= breaks[i]! && v < (breaks[i + 1] ?? Number.POSITIVE_INFINITY));
    const weight = members.reduce((sum, [, times]) => sum + times, 0);
    const mean = members.reduce((sum, [v, times]) => sum + v * times, 0) / weight;
    for (const [v, times] of members) total += times * (v - mean) ** 2;
  }
  return total;
}

function everyChoice(values: readonly number[], classes: number): number[][] {
  if (classes === 1) return [[]];
  return values.flatMap((value, i) =>
    i === 0 ? [] : everyChoice(values.slice(i), classes - 1).map((rest) => [value, ...rest]),
  );
}

describe('natural breaks', () => {
  it('are as good as the best of all possible ones', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 7 }),
        (values, classes, times) => {
          const sorted = [...values].sort((a, b) => a - b);
          const histogram = new Map(sorted.map((value, i) => [value, 1 + ((i * times) % 5)]));
          const found = jenksBreaks(histogram, classes);
          const k = Math.min(classes, sorted.length);
          expect(found).toHaveLength(k);
          const best = Math.min(...everyChoice(sorted, k).map((rest) => spread(histogram, [1, ...rest])));
          expect(spread(histogram, found)).toBeLessThanOrEqual(best + 1e-6 * (1 + best));
        },
      ),
      { numRuns: 200, seed: 5 },
    );
  });

  it('find three heaps', () => {
    const histogram = new Map([
      [1, 900],
      [2, 300],
      [3, 100],
      [40, 30],
      [44, 20],
      [400, 2],
      [420, 1],
    ]);
    expect(jenksBreaks(histogram, 3)).toEqual([1, 40, 400]);
  });

  it('stay ascending and quick for very many distinct counts', () => {
    const histogram = new Map(Array.from({ length: 60_000 }, (_, i) => [i + 1, 1 + (i % 3)]));
    const breaks = jenksBreaks(histogram, 6);
    expect(breaks).toHaveLength(6);
    expect(breaks).toEqual([...breaks].sort((a, b) => a - b));
    // Even weights: classes are nearly as wide as each other.
    const widths = breaks.map((from, i) => (breaks[i + 1] ?? 60_001) - from);
    expect(Math.max(...widths) / Math.min(...widths)).toBeLessThan(1.6);
  });

  it('of nothing is one class', () => {
    expect(jenksBreaks(new Map(), 5)).toEqual([1]);
  });
});

describe('fixed breaks', () => {
  it('are ascending whole numbers, seven at most', () => {
    expect(fixedBreaks('1, 5,20')).toEqual([1, 5, 20]);
    for (const bad of ['', '0,5', '5,5', '9,2', '1,2,3,4,5,6,7,8', '1.5', 'a', '-1'])
      expect(fixedBreaks(bad), bad).toBeNull();
  });
});
