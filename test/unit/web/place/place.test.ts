import { cellToChildren, gridDisk, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { alertsAt } from '../../../../web/src/place/alert-history.ts';
import { borderingDivisions, ringRows } from '../../../../web/src/place/bordering.ts';
import { mixesOf, placeByCell, placeByDivision } from '../../../../web/src/place/class-mix.ts';
import { districtWeeks } from '../../../../web/src/place/district-weeks.ts';
import { judgedByOwn, judgedBySeries, ownBand, spokenWeeks } from '../../../../web/src/place/judged.ts';
import { NO_FILTERS } from '../../../../web/src/query/filters.ts';
import { weeksOfRows } from '../../../../web/src/query/place-panel.ts';
import type { HandledFacts } from '../../../../web/src/snapshot/handled-facts.ts';
import { type Divisions, NO_DIVISION } from '../../../../web/src/snapshot/model.ts';

/** City 0 › districts 1 (streets 2, 3) and 4 (street 5). */
const divisions: Divisions = {
  count: 6,
  code: ['c', 'a', 'a1', 'a2', 'b', 'b1'],
  name: ['城', '甲', '甲一', '甲二', '乙', '乙一'],
  nameEn: [null, null, null, null, null, null],
  level: Uint8Array.from([0, 1, 2, 2, 1, 2]),
  parent: [null, 0, 1, 1, 0, 4],
  end: Uint32Array.from([6, 4, 3, 4, 6, 6]),
  areaKm2: new Float64Array(6),
  population: [],
  made: [],
};
const all = (weeks: number, but: readonly number[] = []) => Array.from({ length: weeks }, (_, w) => !but.includes(w));

describe('the weeks a card speaks of', () => {
  it('are the chosen ones up to the last usable, else the last four', () => {
    const usable = all(10, [8, 9]);
    expect(spokenWeeks(null, usable)).toEqual({ first: 4, end: 8 });
    expect(spokenWeeks({ first: 2, end: 10 }, usable)).toEqual({ first: 2, end: 8 });
    expect(spokenWeeks({ first: 8, end: 10 }, usable)).toBeNull();
    expect(spokenWeeks(null, all(2, [0, 1]))).toBeNull();
  });

  it('a gap is left out of the normal, and the band of a week stands on the weeks before it', () => {
    const counts = Uint32Array.from({ length: 60 }, (_, w) => (w === 59 ? 30 : 5));
    const states = { usable: all(60), gaps: all(60).map((_, w) => w === 20) };
    expect(judgedByOwn(counts, states, { first: 59, end: 60 })).toMatchObject({
      observed: 30,
      verdict: 'above',
      references: 51,
      basis: 'own',
    });
    const band = ownBand(counts, states, { first: 10, end: 60 });
    expect(band.upper[15]).toBeNaN();
    expect(band.upper[20]).toBeNaN();
    expect(band.expected[40]).toBeCloseTo((0.5 + 5 * 39) / 39, 10);
  });

  it('a series that does not know the week says nothing', () => {
    const band = (expected: number) => ({
      observed: Float64Array.from([3, 9]),
      expected: Float64Array.from([3, expected]),
      lower: Float64Array.from([1, 1]),
      upper: Float64Array.from([6, 6]),
      exceeds: [false, true],
      filling: [false, false],
      missing: [false, false],
    });
    expect(judgedBySeries(band(3), { first: 0, end: 2 })).toMatchObject({ observed: 9, weeks: 1, verdict: 'above' });
    expect(judgedBySeries(band(Number.NaN), { first: 0, end: 2 })).toBeNull();
  });
});

describe('who lies beside', () => {
  const middle = latLngToCell(31, 120, 9);
  const fine = gridDisk(middle, 3)
    .flatMap((cell) => cellToChildren(cell, 10))
    .map((h3) => BigInt(`0x${h3}`))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

  it('divisions of the same level that share an edge cell', () => {
    // By parent: the middle is street 2, its ring street 3, the second ring district 4, the third in none.
    const ring = (k: number) => new Set(gridDisk(middle, k).flatMap((cell) => cellToChildren(cell, 10)));
    const [r0, r1, r2] = [ring(0), ring(1), ring(2)];
    const of = (h3: string) => (r0.has(h3) ? 2 : r1.has(h3) ? 3 : r2.has(h3) ? 5 : NO_DIVISION);
    const grid = {
      h3: BigUint64Array.from(fine),
      division: Uint32Array.from(fine, (h3) => of(h3.toString(16))),
      straddles: new Uint8Array(fine.length).fill(1),
    };
    expect(borderingDivisions(1, grid, divisions)).toEqual([4]);
    expect(borderingDivisions(2, grid, divisions)).toEqual([3]);
    expect(borderingDivisions(3, grid, divisions)).toEqual([2, 5]);
    expect(borderingDivisions(5, grid, divisions)).toEqual([3]);
  });

  it('the cells around one, those of the study area only', () => {
    const h3 = BigUint64Array.from(
      [middle, ...gridDisk(middle, 1).slice(1, 4)].map((cell) => BigInt(`0x${cell}`)).sort((a, b) => (a < b ? -1 : 1)),
    );
    expect(ringRows(middle, { h3 })).toHaveLength(3);
  });
});

const facts = (
  rows: readonly { cell: number; res: number; division: number; category: number; day: number }[],
): HandledFacts => ({
  day: Uint16Array.from(rows, ({ day }) => day),
  source: Uint8Array.from(rows, () => 0),
  stage: new Uint8Array(rows.length),
  closeHours: new Float64Array(rows.length).fill(Number.NaN),
  division: Uint32Array.from(rows, ({ division }) => division),
  category: Uint16Array.from(rows, ({ category }) => category),
  cell: Uint32Array.from(rows, ({ cell }) => cell),
  res: Uint8Array.from(rows, ({ res }) => res),
});

describe('the mix of classes', () => {
  const file = facts([
    { cell: 0, res: 10, division: 2, category: 1, day: 5 },
    { cell: 6, res: 10, division: 3, category: 1, day: 5 },
    { cell: 6, res: 8, division: 5, category: 0, day: 5 },
    { cell: 0, res: 0, division: NO_DIVISION, category: 0, day: 5 },
    { cell: 0, res: 10, division: 2, category: 1, day: 9 },
  ]);
  const question = { days: { firstDay: 0, endDay: 8 }, sources: [], classOf: [0, 1], classes: 2 };

  it('a report counts in a cell only as fine as it is published, and in the city always', () => {
    const endId = Uint32Array.from([4, 8]);
    const mixes = mixesOf([file], { ...question, places: 2, placeOf: placeByCell(9, endId) });
    expect([...mixes.city]).toEqual([2, 2]);
    expect(mixes.patterns.map(({ n }) => n)).toEqual([1, 1]);
    const coarse = mixesOf([file], { ...question, places: 2, placeOf: placeByCell(8, endId) });
    expect(coarse.patterns.map(({ n }) => n)).toEqual([1, 2]);
  });

  it('by division of a level, whatever lies below it', () => {
    const mixes = mixesOf([file], { ...question, places: 2, placeOf: placeByDivision([1, 4], divisions.end) });
    expect(mixes.patterns.map(({ n }) => n)).toEqual([2, 1]);
  });
});

describe('weekly counts', () => {
  it('of some rows, over all parts', () => {
    const part = (row: number[], n: number[]) => ({
      start: Uint32Array.from([0, 2, 3]),
      row: Uint32Array.from(row),
      n: Uint32Array.from(n),
    });
    const series = {
      unit: 'week' as const,
      units: 2,
      resolution: 8,
      rows: 9,
      parts: [part([1, 2, 1], [5, 7, 1]), part([2, 3, 3], [1, 1, 4])],
      sums: { shown: new Float64Array(3), withheld: new Float64Array(3), total: null },
    };
    expect(weeksOfRows(series, [2, 3, 8]).map((counts) => [...counts])).toEqual([
      [8, 0],
      [1, 4],
      [0, 0],
    ]);
  });

  it('of a district from the cube, as far as the cube can tell', () => {
    const cube = {
      division: Uint32Array.from([1, 1, 4, NO_DIVISION]),
      week: Uint16Array.from([0, 1, 1, 1]),
      source: Uint8Array.from([0, 1, 0, 0]),
      group: Uint16Array.from([0, 1, 1, 1]),
      n: Uint32Array.from([2, 3, 5, 7]),
    };
    const entry = (id: number, level: number) => ({
      id,
      end: id + 1,
      level,
      code: `c${id}`,
      parent: null,
      name: { zh: 'x', en: 'x' },
      severity: 0,
      sensitive: false,
    });
    const of = { id: 1, weeks: 2, categories: [entry(0, 0), entry(1, 1), entry(2, 2)] };
    expect([...(districtWeeks(cube, of, NO_FILTERS) ?? [])]).toEqual([2, 3]);
    expect([...(districtWeeks(cube, of, { ...NO_FILTERS, sources: [1] }) ?? [])]).toEqual([0, 3]);
    expect([...(districtWeeks(cube, of, { ...NO_FILTERS, categories: [{ id: 0, end: 1 }] }) ?? [])]).toEqual([2, 0]);
    expect(districtWeeks(cube, of, { ...NO_FILTERS, categories: [{ id: 2, end: 3 }] })).toBeNull();
    const hours = { firstDay: 0, endDay: 1, firstHour: 0, endHour: 5 };
    expect(districtWeeks(cube, of, { ...NO_FILTERS, hours })).toBeNull();
  });
});

describe('alerts about a place', () => {
  const past = (id: string, over: object) => ({
    id,
    kind: 'cluster' as const,
    category: 1,
    level: 3,
    since: 10,
    lastDay: 20,
    admittedDay: null,
    cells: [],
    resolution: null,
    division: null,
    observed: 9,
    expected: 2,
    ...over,
  });
  const alerts = {
    alerts: [],
    rest: [],
    ended: [],
    history: [
      past('city', { division: 0 }),
      past('district', { division: 1 }),
      past('street', { division: 3, lastDay: 30 }),
      past('cells', { cells: [1], resolution: 9 }),
      past('elsewhere', { cells: [0], resolution: 9 }),
    ],
  };
  const grounds = {
    rangeOf: (_: number, row: number) => ({ id: row * 4, end: row * 4 + 4 }),
    divisionOf: (cell: number) => (cell >= 4 ? 5 : 2),
  };
  const ids = (place: Parameters<typeof alertsAt>[1]) => alertsAt(alerts, place, grounds).map(({ id }) => id);

  it('of a cell: those whose cells meet it, finer and coarser', () => {
    expect(ids({ cells: { id: 5, end: 6 }, division: null })).toEqual(['cells']);
    expect(ids({ cells: { id: 0, end: 8 }, division: null })).toEqual(['cells', 'elsewhere']);
  });

  it('of a division: about it or a part of it, never about what holds it, newest first', () => {
    expect(ids({ cells: null, division: { id: 1, end: 4 } })).toEqual(['street', 'district', 'elsewhere']);
    expect(ids({ cells: null, division: { id: 3, end: 4 } })).toEqual(['street']);
    expect(ids({ cells: null, division: { id: 4, end: 6 } })).toEqual(['cells']);
  });
});
