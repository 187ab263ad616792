import { describe, expect, it } from 'vitest';
import { ALL_CATEGORIES } from '../../../core/contract/sense.ts';
import { DAILY_RULES, seriesPlan, WEEKLY_RULES } from '../../../core/sense/series-plan.ts';
import { rollUp, seriesAt, seriesTree } from '../../../core/sense/series-set.ts';

/** City 0 > district 1 > streets 2, 3; district 4 > street 5 > community 6. Categories: 0 unmapped, group 1 > class 2 > item 3; group 4. */
const DIVISIONS = [
  { id: 0, level: 0, parent: null },
  { id: 1, level: 1, parent: 0 },
  { id: 2, level: 2, parent: 1 },
  { id: 3, level: 2, parent: 1 },
  { id: 4, level: 1, parent: 0 },
  { id: 5, level: 2, parent: 4 },
  { id: 6, level: 3, parent: 5 },
];
const CATEGORIES = [
  { id: 0, level: 0, parent: null },
  { id: 1, level: 1, parent: null },
  { id: 2, level: 2, parent: 1 },
  { id: 3, level: 3, parent: 2 },
  { id: 4, level: 1, parent: null },
];
const NOWHERE = 4294967295;
const tree = seriesTree(DIVISIONS, CATEGORIES);
const at = (division: number, category: number) => ({
  division: tree.divisions.indexOf(division),
  category: tree.categories.indexOf(category),
});
const rolled = (rows: readonly (readonly [number, number, number, number])[], periods = 3) =>
  rollUp(
    tree,
    {
      division: rows.map((row) => row[0]),
      period: rows.map((row) => row[1]),
      category: rows.map((row) => row[2]),
      n: rows.map((row) => row[3]),
    },
    { firstPeriod: 10, periods },
  );

describe('rolling up', () => {
  it('keeps divisions up to streets and categories up to classes', () => {
    expect([...tree.divisions]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...tree.categories]).toEqual([1, 2, 4, ALL_CATEGORIES]);
  });

  it('counts an item in its class, its group and all, in its street, district and city', () => {
    const counts = rolled([[2, 11, 3, 5]]);
    for (const division of [0, 1, 2])
      for (const category of [1, 2, ALL_CATEGORIES])
        expect([...seriesAt(counts, at(division, category))], `${division} ${category}`).toEqual([0, 5, 0]);
    expect([...seriesAt(counts, at(3, 1))]).toEqual([0, 0, 0]);
    expect([...seriesAt(counts, at(0, 4))]).toEqual([0, 0, 0]);
  });

  it('counts what has no place for the city only, what has no category in all only, and nothing outside the window', () => {
    const counts = rolled([
      [NOWHERE, 10, 4, 2],
      [0, 10, 4, 1],
      [5, 12, 0, 7],
      [5, 9, 4, 100],
      [5, 13, 4, 100],
    ]);
    expect([...seriesAt(counts, at(0, 4))]).toEqual([3, 0, 0]);
    expect([...seriesAt(counts, at(4, 4))]).toEqual([0, 0, 0]);
    expect([...seriesAt(counts, at(0, ALL_CATEGORIES))]).toEqual([3, 0, 7]);
    expect([...seriesAt(counts, at(4, ALL_CATEGORIES))]).toEqual([0, 0, 7]);
  });

  it('adds districts and what has none up to the city', () => {
    const rows = Array.from(
      { length: 200 },
      (_, i) => [[0, 1, 2, 3, 5, NOWHERE][i % 6] as number, 10 + (i % 3), i % 5, 1 + (i % 4)] as const,
    );
    const counts = rolled(rows);
    for (const category of tree.categories)
      for (let t = 0; t < 3; t++) {
        const below = [1, 4].reduce((sum, id) => sum + (seriesAt(counts, at(id, category))[t] as number), 0);
        const none = rows.reduce((sum, [division, period, own, n]) => {
          const inCategory =
            category === ALL_CATEGORIES ||
            own === category ||
            (category === 1 && (own === 2 || own === 3)) ||
            (category === 2 && own === 3);
          return sum + ((division === 0 || division === NOWHERE) && period === 10 + t && inCategory ? n : 0);
        }, 0);
        expect(seriesAt(counts, at(0, category))[t]).toBe(below + none);
      }
  });
});

describe('which series there are', () => {
  it('begins a category born mid-series with its first report in the city, in every division', () => {
    const counts = rolled([
      [2, 10, 4, 1],
      [2, 12, 3, 1],
      [5, 11, 3, 2],
    ]);
    const { specs } = seriesPlan(counts, { ...WEEKLY_RULES, leastInYear: 0 });
    const of = (division: number, category: number) =>
      specs.find(
        (spec) =>
          spec.division === at(division, category).division && spec.category === at(division, category).category,
      );
    expect(of(0, 1)?.born).toBe(1);
    expect(of(2, 1)?.born).toBe(1);
    expect(of(0, 4)?.born).toBe(0);
    expect(of(5, 4)).toBeUndefined();
  });

  it('leaves a class of a street out below one report a week, and says how many', () => {
    const counts = rolled([[2, 12, 3, 51]]);
    const { specs, leftOut } = seriesPlan(counts, WEEKLY_RULES);
    expect(leftOut).toBe(1);
    expect(specs.some((spec) => tree.levels[spec.division] === 2 && tree.categoryLevels[spec.category] === 2)).toBe(
      false,
    );
    expect(specs.some((spec) => tree.levels[spec.division] === 1 && tree.categoryLevels[spec.category] === 2)).toBe(
      true,
    );
    expect(seriesPlan(rolled([[2, 12, 3, 52]]), WEEKLY_RULES).leftOut).toBe(0);
  });

  it('has no daily series of streets or classes, and publishes the newest days only', () => {
    const counts = rolled([[2, 10, 3, 9]], 500);
    const { specs } = seriesPlan(counts, DAILY_RULES);
    expect(
      specs.every(
        (spec) => (tree.levels[spec.division] as number) <= 1 && (tree.categoryLevels[spec.category] as number) <= 1,
      ),
    ).toBe(true);
    expect(specs.every((spec) => spec.born === 0 && spec.first === 100 && spec.assessFrom === 440)).toBe(true);
  });

  it('has no series where nothing was ever reported', () => {
    expect(seriesPlan(rolled([]), WEEKLY_RULES).specs).toEqual([]);
  });
});
