import { describe, expect, it } from 'vitest';
import { NO_FILTERS } from '../../../web/src/query/filters.ts';
import { NO_ID } from '../../../web/src/query/table-queries.ts';
import { groupingName, levelBelow, readPane } from '../../../web/src/rooms/desk/pane/pane-name.ts';
import { comparisonOf, type TwinCity, twinOf } from '../../../web/src/rooms/desk/table/twin.ts';
import { moved } from '../../../web/src/rooms/desk/table/virtual-grid.tsx';
import type { CoarseGrid, Divisions } from '../../../web/src/snapshot/model.ts';

/** City 0; districts 1 (with streets 2, 3) and 4 (with street 5). */
const divisions: Divisions = {
  count: 6,
  code: ['c', 'd1', 's2', 's3', 'd4', 's5'],
  name: ['城', '一区', '二街', '三街', '四区', '五街'],
  nameEn: [null, null, null, null, null, null],
  level: Uint8Array.from([0, 1, 2, 2, 1, 2]),
  parent: [null, 0, 1, 1, 0, 4],
  end: Uint32Array.from([6, 4, 3, 4, 6, 6]),
  areaKm2: new Float64Array(6),
  population: [null, null, null, null, null, null],
  made: [false, false, false, false, false, false],
};
/** 0 unmapped; group 1 (class 2 (item 3), class 4); group 5 without classes. */
const categories = [
  { id: 0, end: 1, level: 0 },
  { id: 1, end: 5, level: 1 },
  { id: 2, end: 4, level: 2 },
  { id: 3, end: 4, level: 3 },
  { id: 4, end: 5, level: 2 },
  { id: 5, end: 6, level: 1 },
];
const city: TwinCity = { divisions, categories, sources: [{ id: 0 }, { id: 1 }, { id: 2 }], weeks: 4, finest: 10 };
const columns = (rows: readonly (readonly [id: number, n: number, res?: number])[]) => ({
  id: rows.map(([id]) => id),
  n: rows.map(([, n]) => n),
  after: rows.map(([, n]) => 2 * n),
  before: rows.map(() => 1),
  res: rows.map(([, , res]) => res ?? 0),
});
const twin = (
  name: string,
  rows: Parameters<typeof columns>[0],
  filters = NO_FILTERS,
  grid: CoarseGrid | null = null,
) => {
  const pane = readPane(name);
  if (pane?.kind !== 'table') throw new Error(name);
  const made = twinOf(pane.grouping, columns(rows), { city, filters, grid });
  if (!made) throw new Error('nothing');
  const sum = [...made.groups, ...made.others].reduce((total, { n }) => total + n, 0);
  expect(sum).toBe(made.total.n);
  return {
    groups: made.groups.map(({ id, n }) => [id, n]),
    others: made.others.map(({ kind, n }) => [kind, n]),
    total: made.total,
  };
};

describe('rows of the table', () => {
  const places = [
    [0, 1],
    [1, 2],
    [2, 4],
    [3, 8],
    [4, 16],
    [5, 32],
    [NO_ID, 64],
  ] as const;

  it('roll divisions up to the level, and name what belongs to none', () => {
    expect(twin('table-division-1', places)).toEqual({
      groups: [
        [1, 14],
        [4, 48],
      ],
      others: [
        ['elsewhere', 1],
        ['unlocated', 64],
      ],
      total: { n: 127, after: 254, before: 7 },
    });
    expect(twin('table-division-2', places)).toMatchObject({
      groups: [
        [2, 4],
        [3, 8],
        [5, 32],
      ],
      others: [
        ['elsewhere', 1],
        ['above', 18],
        ['unlocated', 64],
      ],
    });
  });

  it('show a division without incidents as 0, and only those in focus', () => {
    expect(twin('table-division-2', [[2, 4]]).groups).toEqual([
      [2, 4],
      [3, 0],
      [5, 0],
    ]);
    const filters = { ...NO_FILTERS, division: { id: 1, end: 4 } };
    expect(twin('table-division-2', [[2, 4]], filters).groups).toEqual([
      [2, 4],
      [3, 0],
    ]);
  });

  it('roll categories up; what ends above the level stands for itself', () => {
    const rows = [
      [0, 1],
      [1, 2],
      [2, 4],
      [3, 8],
      [4, 16],
      [5, 32],
    ] as const;
    expect(twin('table-category-1', rows).groups).toEqual([
      [0, 1],
      [1, 30],
      [5, 32],
    ]);
    expect(twin('table-category-2', rows).groups).toEqual([
      [0, 1],
      [1, 2],
      [2, 12],
      [4, 16],
      [5, 32],
    ]);
    expect(twin('table-category-3', rows).groups).toEqual([
      [0, 1],
      [1, 2],
      [2, 4],
      [3, 8],
      [4, 16],
      [5, 32],
    ]);
  });

  it('put cells into coarser ones and withheld incidents into a row of their own', () => {
    const grid: CoarseGrid = {
      resolution: 9,
      h3: new BigUint64Array(3),
      firstId: Uint32Array.from([0, 7, 14]),
      endId: Uint32Array.from([7, 14, 21]),
      lngE6: new Int32Array(3),
      latE6: new Int32Array(3),
    };
    const rows = [
      [0, 1, 10],
      [3, 2, 8],
      [8, 4, 10],
      [13, 8, 9],
      [NO_ID, 16, 1],
      [NO_ID, 32, 0],
    ] as const;
    expect(twin('table-cell-9', rows, NO_FILTERS, grid)).toMatchObject({
      groups: [
        [0, 1],
        [1, 12],
      ],
      others: [
        ['withheld', 2],
        ['division-only', 16],
        ['unlocated', 32],
      ],
    });
  });

  it('show every chosen source and week, and compare a week with the one before it', () => {
    expect(twin('table-source', [[1, 5]]).groups).toEqual([
      [0, 0],
      [1, 5],
      [2, 0],
    ]);
    expect(twin('table-source', [[1, 5]], { ...NO_FILTERS, sources: [1] }).groups).toEqual([[1, 5]]);
    const made = twinOf(
      { by: 'week' },
      columns([
        [0, 3],
        [1, 5],
        [3, 7],
      ]),
      {
        city,
        filters: { ...NO_FILTERS, weeks: { first: 1, end: 4 } },
        grid: null,
      },
    );
    expect(made?.groups.map(({ id, n, before }) => [id, n, before])).toEqual([
      [1, 5, 3],
      [2, 0, 5],
      [3, 7, 0],
    ]);
    expect(made?.total.n).toBe(12);
  });

  it('keep incidents without an hour apart', () => {
    expect(
      twin('table-hour', [
        [0, 2],
        [167, 3],
        [170, 4],
        [174, 1],
      ]),
    ).toMatchObject({
      groups: [
        [0, 2],
        [167, 3],
      ],
      others: [['no-hour', 5]],
    });
  });
});

describe('names of panes', () => {
  it.each(['table-division-1', 'table-category-3', 'table-cell-10', 'table-source', 'table-week', 'table-hour'])(
    '%s reads back',
    (name) => {
      const pane = readPane(name);
      expect(pane?.kind === 'table' && groupingName(pane.grouping)).toBe(name);
    },
  );
  it('anything else is nothing', () => {
    expect(readPane('sql')).toEqual({ kind: 'sql' });
    for (const name of [null, '', 'table', 'table-x', 'sql2']) expect(readPane(name)).toBeNull();
  });
  it('the first table is of the level below the focus', () => {
    expect(levelBelow(divisions, 0, 2)).toBe(1);
    expect(levelBelow(divisions, 1, 2)).toBe(2);
    expect(levelBelow(divisions, 5, 2)).toBe(2);
  });
});

it('a group is judged by core/metric, with the windows of the desk', () => {
  const windows = { after: { first: 2, end: 4 }, before: { first: 0, end: 2 } };
  const compared = { kind: 'windows', windows, days: 14 } as const;
  expect(comparisonOf({ n: 0, after: 400, before: 100 }, compared, 1)).toMatchObject({
    verdict: 'clear-rise',
    percent: 300,
  });
  // The same numbers in a series that varies thirty times as much as chance say nothing.
  expect(comparisonOf({ n: 0, after: 130, before: 100 }, compared, 30)).toMatchObject({ verdict: 'normal' });
  expect(comparisonOf({ n: 0, after: 1, before: 1 }, { kind: 'not-comparable', why: 'break' }, 1)).toEqual({
    kind: 'not-comparable',
    why: 'break',
  });
});

it('keys move the active cell of the grid', () => {
  const size = { far: false, page: 10, rows: 100, columns: 5 };
  expect(moved({ row: 3, column: 2 }, { ...size, key: 'ArrowDown' })).toEqual({ row: 4, column: 2 });
  expect(moved({ row: 3, column: 2 }, { ...size, key: 'PageDown' })).toEqual({ row: 13, column: 2 });
  expect(moved({ row: 3, column: 2 }, { ...size, key: 'End', far: true })).toEqual({ row: 99, column: 4 });
  expect(moved({ row: 3, column: 2 }, { ...size, key: 'Home' })).toEqual({ row: 3, column: 0 });
  expect(moved({ row: 3, column: 2 }, { ...size, key: 'x' })).toBeNull();
});
