import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import type { CategoryEntry, FileEntry } from '../core/contract/manifest.ts';
import type { CoarseGrid } from '../core/grid/study-grid.ts';
import { groupIds } from '../core/incident/category-tree.ts';
import { RowMark } from '../core/quality/row-mark.ts';
import { monthKey } from '../core/time/local-date.ts';
import { CUBE_RESOLUTIONS, type UnitPlan } from './sql/plan.ts';
import { type Period, type TimeFrame, unitsIn } from './steps/aggregate.ts';
import { NONE_U8, NONE_U32 } from './steps/incident-columns.ts';
import { LOCATED } from './steps/locate.ts';
import { monthOfUnit, sourceOfUnit } from './steps/part.ts';
import { METHOD_DIVISION, METHOD_PILE_UP } from './steps/relocate.ts';
import type { Counts, Unit } from './steps/units.ts';

/**
 * Tests of the data itself, on every run, before anything is published: what was counted in different ways must agree. A failed one means
 * that the program (or the machine) is wrong, not the input: the run stops, and the last snapshot stays.
 *
 * Tables are compared by a sum over their rows of n × hash(keys): equal tables give equal sums in any order, and a row that is lost,
 * doubled or moved changes them (but for one chance in 2³²). Cost: about 10 ns a row of counts and published cubes; rows of incidents are
 * not read again. What an earlier run tested is not tested again while the bytes of both sides are those (`tested-store.ts`).
 */
export class DataTestError extends Error {
  /** @param problems `where: what, found, expected` */
  constructor(readonly problems: readonly string[]) {
    super(
      `data tests failed, nothing was published 数据校验未通过，未发布:\n  - ${problems.slice(0, 20).join('\n  - ')}` +
        (problems.length > 20 ? `\n  - … ${problems.length - 20} more` : ''),
    );
  }
}

/** Counts of every unit, as `readCounts` gives them: the units' rows one after the other. */
export type UnitCounts = { readonly [P in UnitPlan | 'overview']: Counts };

export interface DataTestInput {
  readonly units: readonly Unit[];
  readonly counts: UnitCounts;
  readonly categories: readonly CategoryEntry[];
  readonly coarse: readonly CoarseGrid[];
  readonly overview: 7 | 8;
  readonly frame: TimeFrame;
  readonly files: readonly FileEntry[];
  /** `city`: one file of facts a period; `district`: cut by level 1, whose codes by id are `codes`; else cut below, where counts do not reach. */
  readonly factsBy: 'city' | 'district' | 'below';
  readonly codes: readonly string[];
  /** Columns of a published cube: keys and n. Null is NONE_U32. */
  readonly cube: (file: FileEntry) => { readonly length: number; readonly column: (name: string) => ArrayLike<number> };
  readonly totals: {
    readonly read: number;
    readonly accepted: number;
    readonly rejected: number;
    readonly located: number;
    readonly divisionOnly: number;
    readonly unlocated: number;
  };
  /** What an earlier run tested in the very same bytes; absent = nothing. */
  readonly tested?: Tested;
}

export interface Tested {
  readonly unit: (unit: Unit) => boolean;
  readonly period: (period: Period) => boolean;
}

/** Reads cubes of a snapshot folder, one at a time. */
export const cubeReader =
  (out: string): DataTestInput['cube'] =>
  (file) => {
    const table = tableFromIPC(readFileSync(join(out, file.file)));
    return {
      length: table.numRows,
      column: (name) => {
        const child = table.getChild(name);
        if (!child) throw new Error(`${file.path} has no column ${name}`);
        if (child.nullCount === 0) return child.toArray() as ArrayLike<number>;
        return Uint32Array.from({ length: child.length }, (_, i) => (child.get(i) as number | null) ?? NONE_U32);
      },
    };
  };

/** @throws DataTestError naming units, periods and files whose numbers do not agree */
export function testData(input: DataTestInput): void {
  const problems = [...unitProblems(input), ...publishedProblems(input)];
  if (problems.length > 0) throw new DataTestError(problems);
}

const firstWeekOf = (frame: TimeFrame): number => Math.floor(((frame.weeks[0]?.firstDay ?? 0) + 3) / 7); // no weeks, no rows
const weekOf = (day: number): number => Math.floor((day + 3) / 7);

/** Unit by unit: every way of counting it agrees with its rows and with the others. */
export function unitProblems({ units, counts, categories, coarse, overview, tested }: DataTestInput): string[] {
  const problems: string[] = [];
  const groups = groupIds(categories);
  const r7 = parentRows(coarse, 8, 7);
  const column = (plan: keyof UnitCounts, name: string) => counts[plan].column(name);
  const of = {
    extent: { first: column('extent', 'first_day'), last: column('extent', 'last_day') },
    daily: { district: column('daily', 'district'), day: column('daily', 'day') },
    delay: { day: column('delay', 'day'), delay: column('delay', 'delay') },
    week: { district: column('week', 'district'), week: column('week', 'week'), group: column('week', 'group') },
    category: { category: column('category', 'category'), res: column('category', 'res') },
    wall: {
      cell: column('wall', 'r8'),
      district: column('wall', 'district'),
      week: column('wall', 'week'),
      group: column('wall', 'group'),
      sensitive: column('wall', 'sensitive'),
      res: column('wall', 'res'),
    },
    place: { unlocated: column('place', 'unlocated'), method: column('place', 'method') },
    overview: { cell: column('overview', `r${overview}`), group: column('overview', 'group') },
  };
  const at = { extent: 0, place: 0, category: 0, week: 0, daily: 0, delay: 0, wall: 0, overview: 0 };
  for (const unit of units) {
    if (tested?.unit(unit)) {
      for (const plan of Object.keys(at) as (keyof typeof at)[]) {
        const table = counts[plan];
        while (at[plan] < table.length && isOf(table, at[plan], unit)) at[plan]++;
      }
      continue;
    }
    const name = `unit ${sourceOfUnit(unit.id)}/${monthOfUnit(unit.id)}`;
    const equal = (what: string, found: number, expected: number): void => {
      if (found !== expected) problems.push(`${name}: ${what}: found ${found}, expected ${expected}`);
    };
    /** Rows of one plan of this unit; checks that every count is a positive whole number and no key stands twice. */
    const each = (plan: keyof typeof at, keys: readonly string[], visit: (i: number, n: number) => void): number => {
      const table = counts[plan];
      const n = table.column('n');
      const columns = keys.map((key) => table.column(key));
      let total = 0;
      let [bad, twice] = [0, 0];
      let i = at[plan];
      for (const first = i; i < table.length && isOf(table, i, unit); i++) {
        const rows = n[i] as number;
        if (!(rows >= 1) || !Number.isInteger(rows)) bad++;
        if (i > first && !isAfter(columns, i)) twice++;
        total += rows;
        visit(i, rows);
      }
      at[plan] = i;
      equal(`${plan}: counts that are no positive whole numbers`, bad, 0);
      equal(`${plan}: rows that repeat a key or break the order`, twice, 0);
      return total;
    };
    let [first, last, month] = [Number.NaN, Number.NaN, true];
    const extent = each('extent', [], (i) => {
      first = of.extent.first[i] as number;
      last = of.extent.last[i] as number;
      month = monthNumber(first) === monthOfUnit(unit.id) && monthNumber(last) === monthOfUnit(unit.id);
    });
    equal('rows of its parts, and counted', extent, unit.rows);
    equal('days outside its month', month ? 0 : 1, 0);
    const [dayWeek, days, weeks, weekGroup, wallWeekGroup] = marks();
    const [delayDays, groupRes, wallGroupRes, overviewCells, wallOverview] = marks();
    let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const dailyRows = each('daily', ['district', 'day'], (i, n) => {
      const day = of.daily.day[i] as number;
      min = Math.min(min, day);
      max = Math.max(max, day);
      dayWeek.add(n, of.daily.district[i] as number, weekOf(day));
      days.add(n, day);
    });
    equal('daily: rows', dailyRows, unit.rows);
    equal('daily: first day', min, first);
    equal('daily: last day', max, last);
    let late = 0;
    const delay = each('delay', ['day', 'delay'], (i, n) => {
      delayDays.add(n, of.delay.day[i] as number);
      const value = of.delay.delay[i] as number;
      if (value > 61 && value !== NONE_U8) late++;
    });
    equal('delay: rows', delay, unit.rows);
    equal('delay: days, against daily', delayDays.sum, days.sum);
    equal('delay: values above 61', late, 0);
    const week = each('week', ['district', 'week', 'group'], (i, n) => {
      const [district, number] = [of.week.district[i] as number, of.week.week[i] as number];
      weeks.add(n, district, number);
      weekGroup.add(n, district, number, of.week.group[i] as number);
    });
    equal('week: rows', week, unit.rows);
    equal('week: divisions and weeks, against daily', weeks.sum, dayWeek.sum);
    let noCell = 0;
    let fromOverview = 0;
    const category = each('category', ['category', 'res'], (i, n) => {
      const id = of.category.category[i] as number;
      const res = of.category.res[i] as number;
      if (res === 0) noCell += n;
      if (res >= overview) fromOverview += n;
      groupRes.add(n, groups[id] as number, categories[id]?.sensitive ? 1 : 0, res);
    });
    equal('category: rows', category, unit.rows);
    let withoutCell = 0;
    const wallRows = each('wall', ['r8', 'district', 'week', 'group', 'sensitive', 'res'], (i, n) => {
      const res = of.wall.res[i] as number;
      const group = of.wall.group[i] as number;
      const cell = of.wall.cell[i] as number;
      wallWeekGroup.add(n, of.wall.district[i] as number, of.wall.week[i] as number, group);
      wallGroupRes.add(n, group, of.wall.sensitive[i] as number, res);
      if (cell === NONE_U32) withoutCell += n;
      if (res >= overview) wallOverview.add(n, overview === 8 ? cell : (r7[cell] as number), group);
    });
    equal('wall: rows', wallRows, unit.rows);
    equal('wall: divisions, weeks and groups, against week', wallWeekGroup.sum, weekGroup.sum);
    equal('wall: groups and resolutions, against category', wallGroupRes.sum, groupRes.sum);
    equal('wall: rows without a cell, against category', withoutCell, noCell);
    let unplaced = 0;
    const place = each('place', ['unlocated', 'method'], (i, n) => {
      const method = of.place.method[i] as number;
      const located = of.place.unlocated[i] === LOCATED;
      if (!located || method === METHOD_DIVISION || method === METHOD_PILE_UP) unplaced += n;
    });
    equal('place: rows', place, unit.rows);
    equal('place: rows without a cell, against category', unplaced, noCell);
    const seen = each('overview', [`r${overview}`, 'group'], (i, n) =>
      overviewCells.add(n, of.overview.cell[i] as number, of.overview.group[i] as number),
    );
    equal('overview: rows, against category', seen, fromOverview);
    equal('overview: cells and groups, against wall', overviewCells.sum, wallOverview.sum);
  }
  for (const [plan, end] of Object.entries(at))
    if (end !== counts[plan as keyof typeof at].length)
      problems.push(`${plan}: ${counts[plan as keyof typeof at].length - end} counts of no unit`);
  return problems;
}

/** What is published against the units: facts and cubes of every period, the cubes of the window, the totals. */
export function publishedProblems(input: DataTestInput): string[] {
  const { units, counts, coarse, frame, files, totals } = input;
  const problems: string[] = [];
  const equal = (where: string, what: string, found: number, expected: number): void => {
    if (found !== expected) problems.push(`${where}: ${what}: found ${found}, expected ${expected}`);
  };
  const accepted = units.reduce((sum, unit) => sum + unit.rows, 0);
  equal('totals', 'accepted, against units', totals.accepted, accepted);
  equal('totals', 'accepted + rejected, against read', totals.accepted + totals.rejected, totals.read);
  equal(
    'totals',
    'located + division only + unlocated',
    totals.located + totals.divisionOnly + totals.unlocated,
    accepted,
  );
  const firstWeek = firstWeekOf(frame);
  const parents = { 9: parentRows(coarse, 9, 8), 8: parentRows(coarse, 8, 7) };
  let placed = 0;
  for (const period of frame.periods) {
    const members = unitsIn(period, units);
    const rows = members.reduce((sum, unit) => sum + unit.rows, 0);
    placed += rows;
    const facts = files.filter((file) => file.kind === 'facts' && file.period?.key === period.key);
    equal(
      `facts ${period.key}`,
      'rows, against units',
      facts.reduce((sum, file) => sum + (file.rows ?? 0), 0),
      rows,
    );
    if (input.tested?.period(period)) continue;
    if (input.factsBy !== 'below') factsByDistrict(input, period, facts, equal);
    cubesOfPeriod(input, period, { firstWeek, parents }, equal);
  }
  equal('periods', 'rows of units that lie in one, against all', placed, accepted);
  const [weekCube, weekCounts, overviewCube, overviewCounts] = marks();
  const cube = published(input, 'cube/week.arrow');
  equal(
    'cube/week',
    'rows that repeat a key or break the order',
    cube ? disorder(cube, ['division', 'week', 'source', 'group']) : 1,
    0,
  );
  const { week, overview } = counts;
  let sum = 0;
  eachRow(cube, ['division', 'week', 'source', 'group'], (n, division, number, source, group) => {
    sum += n;
    weekCube.add(n, division, number, source, group);
  });
  for (let i = 0; i < week.length; i++) {
    weekCounts.add(
      week.column('n')[i] as number,
      week.column('district')[i] as number,
      (week.column('week')[i] as number) - firstWeek,
      week.source[i] as number,
      week.column('group')[i] as number,
    );
  }
  equal('cube/week', 'sum over divisions, against the total', sum, accepted);
  equal('cube/week', 'divisions, weeks, sources, groups, against units', weekCube.sum, weekCounts.sum);
  eachRow(published(input, 'cube/overview.arrow'), ['cell', 'source', 'group'], (n, cell, source, group) =>
    overviewCube.add(n, cell, source, group),
  );
  for (let i = 0; i < overview.length; i++)
    overviewCounts.add(
      overview.column('n')[i] as number,
      overview.column(`r${input.overview}`)[i] as number,
      overview.source[i] as number,
      overview.column('group')[i] as number,
    );
  equal('cube/overview', 'cells, sources, groups, against units', overviewCube.sum, overviewCounts.sum);
  return problems;
}

type Equal = (where: string, what: string, found: number, expected: number) => void;

function factsByDistrict(
  { counts, codes, factsBy }: DataTestInput,
  period: Period,
  facts: readonly FileEntry[],
  equal: Equal,
): void {
  const rows = new Map<string, number>();
  const { daily } = counts;
  for (let i = 0; i < daily.length; i++) {
    const day = daily.column('day')[i] as number;
    if (day < period.firstDay || day >= period.endDay) continue;
    const district = daily.column('district')[i] as number;
    const code =
      factsBy === 'city' ? (codes[0] as string) : district === NONE_U32 ? 'none' : (codes[district] as string);
    rows.set(code, (rows.get(code) ?? 0) + (daily.column('n')[i] as number)); // a sum starts at nothing
  }
  for (const file of facts) {
    equal(file.path, 'rows, against the days of its division', file.rows ?? -1, rows.get(file.division ?? '') ?? 0);
    rows.delete(file.division ?? '');
  }
  for (const [code, n] of rows) equal(`facts ${period.key}`, `rows of division ${code} that are in no file`, n, 0);
}

/** Every cell cube against the counts of the wall tables, and against the cube one resolution finer. */
function cubesOfPeriod(
  input: DataTestInput,
  period: Period,
  { firstWeek, parents }: { firstWeek: number; parents: { readonly 9: Uint32Array; readonly 8: Uint32Array } },
  equal: Equal,
): void {
  const { wall } = input.counts;
  const keys = ['cell', 'week', 'source', 'group'];
  const cubes = CUBE_RESOLUTIONS.map((resolution) => published(input, `cube/r${resolution}/${period.key}.arrow`));
  const [r7, r8, r8FromFiner, wall7, wall8] = marks();
  eachRow(cubes[0] ?? null, keys, (n, cell, week, source, group) => r7.add(n, cell, week, source, group));
  eachRow(cubes[1] ?? null, keys, (n, cell, week, source, group) => r8.add(n, cell, week, source, group));
  eachRow(cubes[2] ?? null, keys, (n, cell, week, source, group) =>
    r8FromFiner.add(n, parents[9][cell] as number, week, source, group),
  );
  const first = monthNumber(period.firstDay);
  const last = monthNumber(period.endDay - 1);
  const [cell, res, week, group, n] = ['r8', 'res', 'week', 'group', 'n'].map((name) => wall.column(name)) as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  for (let i = 0; i < wall.length; i++) {
    const month = wall.month[i] as number;
    const known = res[i] as number;
    if (month < first || month > last || known < 7) continue;
    const at = (week[i] as number) - firstWeek;
    const parent = parents[8][cell[i] as number] as number;
    wall7.add(n[i] as number, parent, at, wall.source[i] as number, group[i] as number);
    if (known < 8) continue;
    wall8.add(n[i] as number, cell[i] as number, at, wall.source[i] as number, group[i] as number);
    // Known no finer than this cell: in none of its children.
    if (known === 8)
      r8FromFiner.add(n[i] as number, cell[i] as number, at, wall.source[i] as number, group[i] as number);
  }
  CUBE_RESOLUTIONS.forEach((resolution, i) => {
    const cube = cubes[i];
    if (cube)
      equal(`cube/r${resolution} ${period.key}`, 'rows that repeat a key or break the order', disorder(cube, keys), 0);
  });
  equal(`cube/r7 ${period.key}`, 'cells, weeks, sources, groups, against units', r7.sum, wall7.sum);
  equal(`cube/r8 ${period.key}`, 'cells, weeks, sources, groups, against units', r8.sum, wall8.sum);
  equal(`cube/r9 ${period.key}`, 'children and what is known no finer, against r8', r8FromFiner.sum, r8.sum);
}

type Table = ReturnType<DataTestInput['cube']>;

function published({ files, cube }: DataTestInput, path: string): Table | null {
  const file = files.find((candidate) => candidate.path === path);
  return file ? cube(file) : null;
}

function eachRow(
  table: Table | null,
  keys: readonly string[],
  visit: (n: number, a: number, b: number, c: number, d: number) => void,
): void {
  if (!table) return; // no units in the period: no file
  const [a, b, c, d] = keys.map((key) => table.column(key)) as [ArrayLike<number>, ...ArrayLike<number>[]];
  const n = table.column('n');
  for (let i = 0; i < table.length; i++) visit(n[i] as number, a[i] as number, b?.[i] ?? 0, c?.[i] ?? 0, d?.[i] ?? 0); // fewer keys
}

/** Rows that do not come after the row before them (a repeated key), and counts of none. */
function disorder(table: Table, keys: readonly string[]): number {
  const columns = keys.map((key) => table.column(key));
  const n = table.column('n');
  let faults = 0;
  for (let i = 0; i < table.length; i++) {
    if (!((n[i] as number) >= 1)) faults++;
    if (i > 0 && !isAfter(columns, i)) faults++;
  }
  return faults;
}

function isAfter(columns: readonly ArrayLike<number>[], i: number): boolean {
  for (const column of columns) {
    const difference = (column[i] as number) - (column[i - 1] as number);
    if (difference !== 0) return difference > 0;
  }
  return false;
}

const isOf = (table: Counts, i: number, unit: Unit): boolean =>
  table.source[i] === sourceOfUnit(unit.id) && table.month[i] === monthOfUnit(unit.id);

const monthNumber = (day: number): number =>
  Number.isFinite(day) ? Number(monthKey(day).replace('-', '')) : Number.NaN;

const marks = (): [RowMark, RowMark, RowMark, RowMark, RowMark] => [
  new RowMark(),
  new RowMark(),
  new RowMark(),
  new RowMark(),
  new RowMark(),
];

/** Per row of a resolution, the row of the coarser one that holds it. */
function parentRows(coarse: readonly CoarseGrid[], fine: number, parent: number): Uint32Array {
  const at = (resolution: number): CoarseGrid => coarse.find((grid) => grid.resolution === resolution) as CoarseGrid;
  const [children, parents] = [at(fine), at(parent)];
  const rows = new Uint32Array(children.h3.length);
  let row = 0;
  for (let i = 0; i < rows.length; i++) {
    while ((parents.endId[row] as number) <= (children.firstId[i] as number)) row++;
    rows[i] = row;
  }
  return rows;
}
