import { describe, expect, it } from 'vitest';
import {
  apartFromBetter,
  levelChanges,
  levelRises,
  levelSpan,
  placeLevels,
  stillStanding,
} from '../../../core/sense/level-change.ts';
import { Random } from '../../../core/stats/random.ts';

const PLACES = 300;
const OPTIONS = { leastExpected: 2 };

/** Two groups over 300 places, a year and twelve weeks; `times` = how the city, and how single places, differ in the last weeks. */
function city(seed: number, times: { readonly city: number; readonly place?: ReadonlyMap<number, number> }) {
  const random = new Random(seed);
  const rates = Array.from({ length: PLACES }, (_, i) => (times.place?.has(i) ? 2 : 0.2 + 3 * random.uniform()));
  const counts = (weeks: number, of: (place: number) => number): Float64Array =>
    Float64Array.from(rates, (rate, place) => random.poisson(rate * weeks * of(place)));
  const group = (rise: number) => ({
    reference: counts(52, () => 1),
    last: counts(12, (place) => rise * (times.place?.get(place) ?? 1)),
  });
  const [a, b] = [group(1), group(times.city)];
  return { last: [a.last, b.last], reference: [a.reference, b.reference] };
}
const certain = (counts: ReturnType<typeof city>): number[] => {
  const changes = levelChanges(placeLevels(counts), OPTIONS);
  return Array.from(changes?.q ?? [], (q, i) => [q, i] as const).flatMap(([q, i]) => (q <= 0.001 ? [i] : []));
};

describe('new levels', () => {
  it('finds the places that rise beyond the city, and hardly another', () => {
    let others = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const found = certain(city(seed, { city: 1.35, place: new Map([[7, 4], [200, 3.5]]) })); // biome-ignore format: one line
      expect(found).toContain(7);
      expect(found).toContain(200);
      others += found.length - 2;
    }
    expect(others).toBeLessThanOrEqual(1);
  });

  it('is silent when only the city rises, in one group or in all', () => {
    let found = 0;
    for (let seed = 1; seed <= 20; seed++) found += certain(city(seed, { city: 1.35 })).length;
    expect(found).toBeLessThanOrEqual(1);
  });

  it('expects the share of the reference at the rise of each group', () => {
    const levels = placeLevels({
      reference: [Float64Array.of(30, 10), Float64Array.of(10, 10), Float64Array.of(0, 0)],
      last: [Float64Array.of(6, 4), Float64Array.of(20, 20), Float64Array.of(5, 0)],
    });
    // 40 → 10: a quarter; 20 → 40: twice; the new group of 5 takes no part.
    expect([...levels.expected]).toEqual([30 / 4 + 20, 10 / 4 + 20]);
    expect([...levels.observed]).toEqual([26, 24]);
    expect(levels.weight).toBeCloseTo(50 / 60, 12);
  });

  it('compares z with how far the places of this city stray', () => {
    const random = new Random(3);
    const expected = new Float64Array(PLACES).fill(100);
    const wild = Float64Array.from(expected, (n) => random.poisson(n * Math.exp(random.normal() * 0.4)));
    const changes = levelChanges({ observed: wild, expected, weight: 0.2 }, OPTIONS);
    expect(changes?.spread).toBeGreaterThan(2.5);
    expect([...(changes?.q ?? [])].filter((q) => q <= 0.001).length).toBeLessThanOrEqual(1);
  });

  it('says nothing with too few places, and nothing of a place with too little to expect', () => {
    const few = { observed: new Float64Array(7).fill(9), expected: new Float64Array(7).fill(5), weight: 0.2 };
    expect(levelChanges(few, OPTIONS)).toBeNull();
    const expected = Float64Array.from({ length: 40 }, (_, i) => (i === 0 ? 1.9 : 10));
    const changes = levelChanges({ observed: new Float64Array(40).fill(50), expected, weight: 0.2 }, OPTIONS);
    expect(changes?.p[0]).toBeNaN();
    expect(changes?.compared).toBe(39);
  });

  it('keeps the clearer of places that share a part', () => {
    const p = Float64Array.of(0.01, 0.001, 0.02, 0.5);
    const parts = (place: number): number[] => [place, place + 1];
    expect(apartFromBetter([0, 1, 2, 3], { p, parts })).toEqual([1, 3]);
  });

  it('keeps what stood until it has been inside for as many weeks as the rule says', () => {
    const one = (isInside: boolean) => [{ key: 'd3-1', isInside }];
    let inside: ReadonlyMap<string, number> = new Map();
    const look = (is: boolean): boolean => {
      const now = stillStanding(one(is), inside, 8);
      inside = now.inside;
      return now.standing.length > 0;
    };
    // Above, one look inside, above again: the weeks inside are counted anew; two looks inside are eight weeks.
    expect([false, true, false, true, true].map(look)).toEqual([true, true, true, true, false]);
    expect(inside.size).toBe(0);
  });

  it('finds a place that rose and stays, and one that stood before although it has fallen back', () => {
    const random = new Random(5);
    const reference = Float64Array.from({ length: 60 }, () => 200 + random.poisson(20));
    const part = (at: number, n: number) => reference.map((usual, i) => Math.round((usual / 13) * (i === at ? n : 1)));
    const look = { reference: [reference], parts: [[part(4, 2)], [part(4, 2)], [part(4, 2)]], next: [part(4, 1.9)] };
    const rule = { alpha: 0.001, leastRatio: 1.3, leastExcess: 20 };
    const found = levelRises(look, rule, (place) => place === 9);
    expect(found.map(({ place, rises, isInside }) => [place, rises, isInside])).toEqual([
      [4, true, false],
      [9, false, true],
    ]);
    expect(found[0]?.follow?.observed).toBeGreaterThan(1.7 * (found[0]?.follow?.expected ?? 0));
    // One high month is no level.
    const month = { ...look, parts: [[part(4, 4)], [part(4, 1)], [part(4, 1)]] };
    expect(levelRises(month, rule, () => false)).toEqual([]);
  });

  it('compares with a year that ended half a year ago, and only with enough of it', () => {
    const rule = { weeks: 12, referenceEndsWeeks: 26, referenceWeeks: 52 };
    const span = levelSpan(104, rule, 106);
    expect([span?.reference[0], span?.reference.length, span?.parts.flat().length]).toEqual([26, 52, 12]);
    expect([span?.parts[0]?.[0], span?.next]).toEqual([92, null]);
    expect(levelSpan(104, rule, 108)?.next).toEqual([104, 105, 106, 107]);
    expect(levelSpan(51, rule, 60)).toBeNull();
  });
});
