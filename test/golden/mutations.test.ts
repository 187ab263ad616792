import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PartRows } from '../../pipelines/steps/part.ts';
import type { Settled } from '../../pipelines/steps/settle-feeds.ts';
import type { Counts } from '../../pipelines/steps/units.ts';
import { type Mutant, mutationBench, type Verdict } from '../support/mutants.ts';
import { csvOf, generator, randomRow, runCity, setInputs, threeFeeds } from '../support/three-feeds.ts';
import type { SmallCity } from './bad-input/small-city.ts';

/** R13: every data test is able to fail. Each mutant is one plausible mistake of the aggregation. */
const isCube = (resolution: number) => (sql: string) =>
  sql.includes(`AS by_r${resolution}, incident.week`) || sql.includes(`AS by_r${resolution},\n`);
const inCube = (resolution: number, from: string, to: string) => (sql: string) =>
  isCube(resolution)(sql) ? sql.replaceAll(from, to) : sql;
/** Statements of one plan, told by its columns. */
const inPlan = (mark: string, from: string, to: string) => (sql: string) =>
  sql.includes(mark) ? sql.replaceAll(from, to) : sql;
const facts = (from: string | RegExp, to: string) => (sql: string) =>
  sql.includes('p.facts_division') ? sql.replace(from, to) : sql;
const view = (change: (files: string[]) => string[]) => (sql: string) =>
  sql.replace(
    /read_parquet\(\[(.*)\]\)/,
    (_, list: string) => `read_parquet([${change(list.split(', ')).join(', ')}])`,
  );
const NONE = 4294967295;
const neighbour = (row: number): number => (row === 0 ? 1 : row - 1);
const oneOn = (rows: Uint32Array): Uint32Array => rows.map((row, cell) => rows[cell - 1] ?? row);

/** A part whose first segment ends one row early. */
function shortened(rows: PartRows): PartRows {
  const segments = rows.segments.map((count, i) => (i === 0 ? count - 1 : count));
  return {
    segments,
    unmapped: rows.unmapped,
    column: (s: number, name: never) => rows.column(s, name),
  } as unknown as PartRows;
}
const withColumn = (table: Counts, name: string, change: (values: Uint32Array) => Uint32Array): Counts => ({
  ...table,
  column: (asked) => (asked === name ? change(table.column(asked) as Uint32Array) : table.column(asked)),
});

const MUTANTS: readonly Mutant[] = [
  { name: 'cube r9 counts what is known only to r8', sql: inCube(9, 'WHERE incident.res >= 9\n', '') },
  { name: 'cube r8 counts what has no cell', sql: inCube(8, '>= 8', '>= 0') },
  { name: 'cube r8 leaves out what is known exactly to r8', sql: inCube(8, '>= 8', '>= 9') },
  { name: 'cube r7 leaves out what is known no finer than r8', sql: inCube(7, '>= 7', '>= 9') },
  { name: 'cube r8 takes the cells of r9', sql: inCube(8, 'incident.r8', 'incident.r9') },
  { name: 'cube r7 takes the cells of r8', sql: inCube(7, 'incident.r7', 'incident.r8') },
  {
    name: 'cube r9 counts weeks from Sunday',
    sql: inCube(9, 'incident.week', 'CAST((incident.day + 4) // 7 AS INTEGER)'),
  },
  { name: 'cube r8 one week late', sql: inCube(8, 'incident.week', '(incident.week + 1)') },
  {
    name: 'cube r9 by category instead of group',
    sql: inCube(9, 'category_group.category_group', 'incident.category'),
  },
  { name: 'cube r7 counts days, not incidents', sql: inCube(7, 'count(*)', 'count(DISTINCT incident.day)') },
  {
    name: 'overview without its condition',
    sql: inPlan('AS by_r8, category_group.category_group AS by_group, CAST', 'WHERE incident.res >= 8\n', ''),
  },
  {
    name: 'week plan one week early',
    sql: inPlan('AS by_district, incident.week', 'incident.week', '(incident.week - 1)'),
  },
  { name: 'week plan counts one too many', sql: inPlan('AS by_district, incident.week', 'count(*)', 'count(*) + 1') },
  {
    name: 'daily plan loses the first of the month',
    sql: inPlan('AS by_district, incident.day', 'GROUP BY', 'WHERE incident.day % 30 <> 7 GROUP BY'),
  },
  { name: 'delay plan by another day', sql: inPlan('incident.delay', 'incident.day', '(incident.day + 1)') },
  { name: 'category plan by severity', sql: inPlan('AS by_category', 'incident.category', 'incident.severity') },
  {
    name: 'place plan without the unlocated',
    sql: inPlan('AS by_unlocated', 'GROUP BY', 'WHERE incident.unlocated = 255 GROUP BY'),
  },
  { name: 'extent: last day is the first', sql: inPlan('AS first_day', 'max(incident.day)', 'min(incident.day)') },
  { name: 'wall plan without resolution', sql: inPlan('AS by_sensitive', 'incident.res', '(incident.res * 0 + 10)') },
  {
    name: 'wall plan mixes sensitive and open',
    sql: inPlan('AS by_sensitive', 'category_group.is_sensitive', '(category_group.is_sensitive * 0)'),
  },
  { name: 'joining divisions loses what has none', dimensions: `DELETE FROM division_parent WHERE division = ${NONE}` },
  {
    name: 'a division twice in the look-up table',
    dimensions: 'INSERT INTO division_parent SELECT * FROM division_parent WHERE division % 3 = 1',
  },
  {
    name: 'wrong parent in r7',
    ancestors: ({ r7, ...rest }) => ({
      ...rest,
      r7: r7.map((row, cell) => (row < 2 || cell % 2 === 0 ? (row === 0 ? 1 : 0) : row)),
    }),
  },
  { name: 'wrong parent in r8', ancestors: ({ r8, ...rest }) => ({ ...rest, r8: r8.map(neighbour) }) },
  { name: 'wrong parent in r9', ancestors: ({ r9, ...rest }) => ({ ...rest, r9: r9.map(neighbour) }) },
  {
    name: 'cells counted from one',
    ancestors: ({ r7, r8, r9 }) => ({ r7: oneOn(r7), r8: oneOn(r8), r9: oneOn(r9) }),
  },
  {
    name: 'what has no cell is counted in the first one',
    rows: `UPDATE incident SET r7 = 0, r8 = 0, r9 = 0 WHERE cell_id = ${NONE}`,
  },
  {
    name: 'wrong group of a category',
    dimensions: 'UPDATE category_group SET category_group = 0',
  },
  { name: 'wrong district of a division', dimensions: 'UPDATE division_parent SET district = 1 WHERE district = 2' },
  { name: 'weeks derived one too late', rows: 'UPDATE incident SET week = week + 1' },
  { name: 'weeks derived from Sunday', rows: 'UPDATE incident SET week = (day + 4) // 7' },
  { name: 'months derived one too late', rows: 'UPDATE incident SET month = month + 1 WHERE month < 202406' },
  { name: 'a row gathered twice', rows: 'INSERT INTO incident SELECT * FROM incident WHERE reported_minute % 7 = 0' },
  { name: 'rows without a place not gathered', rows: `DELETE FROM incident WHERE cell_id = ${NONE}` },
  {
    name: 'the last row of a segment is lost',
    settled: (parts) => parts.map((part): Settled => ({ ...part, rows: shortened(part.rows) })),
  },
  {
    name: 'superseded records are counted',
    settled: (parts) =>
      parts.map((part): Settled => ({ ...part, lost: { ...part.lost, position: new Uint32Array(0) } })),
  },
  {
    name: 'a unit keeps the rows of other months',
    sql: (sql) => (sql.startsWith('COPY (') ? sql.replace(/ AND month = \d+/, '') : sql),
  },
  { name: 'a period loses a unit', sql: view((files) => (files.length > 1 ? files.slice(1) : files)) },
  { name: 'a period reads a unit twice', sql: view((files) => [...files, files[0] as string]) },
  {
    name: 'the border week counts in both periods',
    members: (members, period, all) => [
      ...members,
      ...all.filter((unit) => unit.id % 1_000_000 === 202404 && period.key === '2024-Q1'),
    ],
  },
  { name: 'cubes number their weeks from the second', frame: (frame) => ({ ...frame, weeks: frame.weeks.slice(1) }) },
  {
    name: 'window cubes lose their last row',
    windowCounts: (table) => ({
      ...table,
      length: table.length - 1,
      column: (name) => table.column(name).slice(0, -1),
    }),
  },
  {
    name: 'window cubes count everything double',
    windowCounts: (table) => withColumn(table, 'n', (n) => n.map((value) => value * 2)),
  },
  {
    name: 'window cubes one week late',
    windowCounts: (table) => withColumn(table, 'week', (week) => week.map((value) => value + 1)),
  },
  { name: 'facts leave out what has no cell', sql: facts('ORDER BY', `WHERE i.cell_id <> ${NONE} ORDER BY`) },
  { name: 'facts take the source for the category', sql: facts('i.category', 'i.source') },
  { name: 'facts one day late', sql: facts('i.day', '(i.day + 1) AS day') },
  {
    name: 'facts of another division',
    sql: facts(
      'SELECT p.facts_division',
      `SELECT CASE WHEN p.facts_division = ${NONE} THEN 1 ELSE p.facts_division END`,
    ),
  },
  {
    name: 'facts in the cell beside',
    sql: facts('i.cell_id', `CASE WHEN i.cell_id < 40 THEN i.cell_id + 40 ELSE i.cell_id END AS cell_id`),
  },
  { name: 'facts without their hour', sql: facts('i.hour', 'CAST(255 AS UTINYINT) AS hour') },
  { name: 'facts with one stage', sql: facts('i.stage', 'CAST(0 AS UTINYINT) AS stage') },
];

describe('mutants of the aggregation', () => {
  let city: SmallCity;
  let bench: (mutant: Mutant) => Promise<Verdict>;
  const verdicts = new Map<string, Verdict>();
  beforeAll(async () => {
    city = threeFeeds();
    const random = generator(13);
    const rows = (prefix: string, n: number) => Array.from({ length: n }, (_, i) => randomRow(`${prefix}${i}`, random));
    const orders = rows('O', 120);
    setInputs(city, {
      'orders-1.csv': csvOf(orders),
      'orders-2.csv': csvOf(orders.slice(0, 20).map((row) => ({ ...randomRow(row.id, random), rev: 2 }))),
      'police.csv': csvOf(rows('P', 80)),
      'disputes-20240801.csv': csvOf(rows('D', 60)),
    });
    await runCity(city);
    process.env.HEXSIGHT_THREADS = '0';
    bench = await mutationBench(city);
  });
  afterAll(() => {
    delete process.env.HEXSIGHT_THREADS;
    city.remove();
  });

  it('leave the aggregation itself alone: without a fault every test passes', async () => {
    expect(await bench({ name: 'none' })).toEqual({ killedBy: null, problems: [], touched: true });
  });

  it('are found, at least nine of ten, before anything is published or when it is verified', async () => {
    for (const mutant of MUTANTS) {
      const verdict = await bench(mutant);
      expect(verdict.touched, `${mutant.name}: changes nothing`).toBe(true);
      verdicts.set(mutant.name, verdict);
    }
    const survivors = [...verdicts].filter(([, { killedBy }]) => killedBy === null).map(([name]) => name);
    const byDataTests = [...verdicts.values()].filter(({ killedBy }) => killedBy === 'data tests').length;
    const byError = [...verdicts].filter(([, { killedBy }]) => killedBy === 'an error');
    console.log(
      `${MUTANTS.length} mutants: ${byDataTests} found by the data tests, ${[...verdicts.values()].filter(({ killedBy }) => killedBy === 'verify').length} by verify; survivors: ${survivors.join('; ')}`,
    );
    expect(byError, 'a mutant that only breaks the SQL says nothing about the tests').toEqual([]);
    expect(MUTANTS.length).toBeGreaterThanOrEqual(20);
    expect(MUTANTS.length - survivors.length).toBeGreaterThanOrEqual(Math.ceil(MUTANTS.length * 0.9));
  });

  it('are named by unit, period or file', () => {
    for (const [name, { problems, killedBy }] of verdicts)
      if (killedBy === 'data tests')
        for (const problem of problems)
          expect(problem, name).toMatch(/^(unit \d+\/\d{6}|(facts|cube)[ /]|totals|periods|[a-z]+: \d+ counts)/);
  });
});
