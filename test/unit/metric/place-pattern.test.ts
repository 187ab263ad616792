import { describe, expect, it } from 'vitest';
import { leastStrength, placePatterns, similarPlaces } from '../../../core/metric/place-pattern.ts';

const city = [1000, 1000, 1000, 1000];
const table = (rows: readonly (readonly number[])[]) => ({ counts: rows.flat(), places: rows.length, classes: 4 });

describe('places with the same pattern', () => {
  const rows = [
    [60, 20, 10, 10], // 0: much of class 0
    [300, 100, 50, 50], // 1: the same mix, five times as many
    [10, 60, 20, 10], // 2: much of class 1
    [25, 25, 25, 25], // 3: the city's mix
    [9, 3, 1, 1], // 4: too few
    [55, 10, 25, 10], // 5: also much of class 0
  ];
  const patterns = placePatterns(table(rows), city);

  it('compares mixes, not volumes', () => {
    const found = similarPlaces(patterns, 0, 5)!;
    expect(found.places.map(({ place }) => place)).toEqual([1, 5]);
    expect(found.places[0]).toMatchObject({ n: 500, shared: [0] });
    expect(found.places[0]!.similarity).toBeGreaterThan(0.999);
    expect(found.places[1]!.similarity).toBeLessThan(found.places[0]!.similarity);
  });

  it('leaves out places with few reports, and those that are as the city is', () => {
    expect(patterns.map(({ own }) => own)).toEqual([true, true, true, false, false, true]);
    expect(similarPlaces(patterns, 0, 5)!.compared).toBe(3);
    expect(similarPlaces(patterns, 3, 5)).toBeNull();
    expect(similarPlaces(patterns, 4, 5)).toBeNull();
  });

  it('is symmetric, and a place with the opposite mix is never named', () => {
    const of = (a: number, b: number) =>
      similarPlaces(patterns, a, 9)!.places.find(({ place }) => place === b)?.similarity;
    expect(of(0, 5)).toBeCloseTo(of(5, 0)!, 12);
    expect(of(0, 2)).toBeUndefined();
  });

  it('the residual is 2 (√n − √e), and its bound is the 99 % point of χ²', () => {
    expect(patterns[0]!.residuals[0]).toBeCloseTo(2 * (Math.sqrt(60) - 5), 12);
    expect(leastStrength(4)).toBeCloseTo(11.345, 3);
    expect(leastStrength(1)).toBeNull();
  });

  it('an empty city or place has no pattern', () => {
    expect(placePatterns(table([[0, 0, 0, 0]]), city)[0]).toMatchObject({ n: 0, strength: 0, own: false });
    expect(placePatterns(table([[40, 0, 0, 0]]), [0, 0, 0, 0])[0]).toMatchObject({ own: false });
  });
});
