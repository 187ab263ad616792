import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { tableFromArrays, tableToIPC, uint8, uint16, uint32 } from '@uwdata/flechette';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockedBreaks, quantileBreaks } from '../../web/src/query/breaks.ts';
import type { Columns } from '../../web/src/query/columns.ts';
import { type Filters, without } from '../../web/src/query/filters.ts';
import { HOUR_SLOTS } from '../../web/src/query/hour-slots.ts';
import * as queries from '../../web/src/query/queries.ts';
import { denseCounts, finestCounts } from '../../web/src/query/roll-up.ts';
import type { GroupBy } from '../../web/src/query/scan/groups.ts';
import type { ScanSizes } from '../../web/src/query/scan/layout.ts';
import type { ScanQuestion } from '../../web/src/query/scan/messages.ts';
import { ShareStore } from '../../web/src/query/scan/share-store.ts';
import { joined, type Views } from '../../web/src/query/scan/views.ts';
import type { Sql } from '../../web/src/query/sql.ts';
import { summaryCounts } from '../../web/src/query/summary.ts';
import { cellGroupCounts, groupCounts, weekCounts } from '../../web/src/query/table-queries.ts';
import { appendIncoming, COMPACT_SUMMARY, CREATE_TABLES } from '../../web/src/query/tables.ts';

/** A Monday. */
const MONDAY = 20_003 - ((20_003 + 3) % 7);
const SIZES: ScanSizes = {
  weeks: 12,
  monday: MONDAY,
  sources: 3,
  categories: 12,
  divisions: 20,
  cells: 60,
  finest: 10,
};
/** Coarser grids: five finest cells a cell of 9, ten of 8, twenty of 7. */
const CELLS_BELOW = { 7: 20, 8: 10, 9: 5 } as const;
const ROWS = 4000;

interface Fact {
  readonly cell_id: number | null;
  readonly res: number;
  readonly day: number;
  readonly hour: number | null;
  readonly source: number;
  readonly category: number;
  readonly division: number | null;
}

function madeFacts(): readonly Fact[] {
  let seed = 5;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  return Array.from({ length: ROWS }, () => {
    const located = random(10) > 0;
    const divisionOnly = !located && random(3) > 0;
    return {
      cell_id: located ? random(60) : null,
      res: located ? (random(6) === 0 ? 8 : 10) : 0,
      day: MONDAY + random(12 * 7),
      hour: random(5) === 0 ? null : random(24),
      source: random(3),
      category: random(12),
      division: located || divisionOnly ? random(20) : null,
    };
  });
}

function arrow(rows: readonly Fact[]): Uint8Array {
  const column = <K extends keyof Fact>(name: K) => rows.map((row) => row[name]);
  const types = {
    cell_id: uint32(),
    res: uint8(),
    day: uint16(),
    hour: uint8(),
    source: uint8(),
    category: uint16(),
    division: uint32(),
  };
  const columns = {
    cell_id: column('cell_id'),
    res: column('res'),
    day: column('day'),
    hour: column('hour'),
    source: column('source'),
    category: column('category'),
    division: column('division'),
  };
  const bytes = tableToIPC(tableFromArrays(columns, { types }), { format: 'stream' });
  if (!bytes) throw new Error('not encoded');
  return bytes;
}

const facts = madeFacts();
/** Two periods that share a week, the second one in two files. */
const [older, newer, newest] = [
  facts.filter(({ day }) => day < MONDAY + 38),
  facts.filter(({ day, source }) => day >= MONDAY + 38 && source === 0),
  facts.filter(({ day, source }) => day >= MONDAY + 38 && source > 0),
] as const;
const shares = [
  { firstCell: 0, endCell: 20, unlocated: false },
  { firstCell: 20, endCell: 60, unlocated: true },
];
const stores = shares.map((share) => new ShareStore(SIZES, share));
for (const store of stores) {
  store.addPeriod([arrow(newer), arrow(newest)]);
  store.addPeriod([arrow(older)]);
  for (const [resolution, below] of Object.entries(CELLS_BELOW))
    store.setGrid(
      Number(resolution),
      Uint32Array.from({ length: 60 / below }, (_, row) => (row + 1) * below),
    );
}
const ask = (question: ScanQuestion) =>
  joined(
    question,
    stores.map((store) => store.answer(question)),
    SIZES,
    (resolution) => (resolution === 10 ? 60 : 60 / CELLS_BELOW[resolution as 7 | 8 | 9]),
  );
function views(filters: Filters, resolution: number | null): Views {
  const answer = ask({ kind: 'tally', filters, resolution });
  if (answer.kind !== 'tally') throw new Error('no tally');
  return answer.views;
}

let connection: DuckDBConnection;
async function run({ text, params }: Sql): Promise<Columns> {
  const statement = await connection.prepare(text);
  params.forEach((value, i) => {
    if (typeof value === 'number') statement.bindDouble(i + 1, value);
    else statement.bindVarchar(i + 1, value);
  });
  const reader = await statement.runAndReadAll();
  return Object.fromEntries(
    reader.columnNames().map((name, i) => [name, reader.getColumns()[i]?.map(Number) ?? []]),
  ) as Columns;
}

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  const value = (v: number | null) => (v === null ? 'NULL' : String(v));
  const rows = facts.map(
    (f) =>
      `(${value(f.cell_id)}, ${f.res}, ${f.day}, ${value(f.hour)}, ${f.source}, ${f.category}, ${value(f.division)})`,
  );
  await connection.run(
    `CREATE TABLE raw AS SELECT cell_id::UINTEGER AS cell_id, res::UTINYINT AS res, day::USMALLINT AS day, hour::UTINYINT AS hour,
       source::UTINYINT AS source, category::USMALLINT AS category, division::UINTEGER AS division
     FROM (VALUES ${rows.join(', ')}) t(cell_id, res, day, hour, source, category, division)`,
  );
  for (const statement of CREATE_TABLES) await run(statement);
  await connection.run('CREATE TABLE incoming AS SELECT * FROM raw');
  for (const statement of appendIncoming(MONDAY)) await run(statement);
  for (const statement of COMPACT_SUMMARY) await run(statement);
  await connection.run(
    'CREATE TABLE cell AS SELECT i::UINTEGER AS cell_id, 0::UINTEGER AS r5, 0::UINTEGER AS r6, (i // 20)::UINTEGER AS r7, (i // 10)::UINTEGER AS r8, (i // 5)::UINTEGER AS r9 FROM range(60) t(i)',
  );
}, 60_000);
afterAll(() => connection.closeSync());

const span = (below: number, longest = below) =>
  fc
    .tuple(fc.nat(below - 1), fc.integer({ min: 1, max: longest }))
    .map(([first, length]) => ({ first, end: Math.min(below, first + length) }));
const filtersArbitrary: fc.Arbitrary<Filters> = fc.record({
  weeks: fc.option(span(12)),
  sources: fc.uniqueArray(fc.nat(2), { maxLength: 2 }),
  categories: fc.array(
    span(12, 4).map(({ first, end }) => ({ id: first, end })),
    { maxLength: 3 },
  ),
  division: fc.option(
    span(20, 8).map(({ first, end }) => ({ id: first, end })),
    { freq: 1 },
  ),
  area: fc.option(
    fc
      .uniqueArray(fc.nat(59), { maxLength: 12 })
      // Every other range lets places that are published to resolution 8 in.
      .map((cells) => ranges(cells.sort((a, b) => a - b)).map((range, i) => ({ ...range, res: i % 2 === 0 ? 8 : 10 }))),
    { freq: 1 },
  ),
  hours: fc.option(
    fc.tuple(span(7), span(24)).map(([days, hours]) => ({
      firstDay: days.first,
      endDay: days.end,
      firstHour: hours.first,
      endHour: hours.end,
    })),
    { freq: 1 },
  ),
});
/** Sorted disjoint half-open ranges. */
function ranges(cells: readonly number[]) {
  const made: { id: number; end: number }[] = [];
  for (const cell of cells) {
    const last = made.at(-1);
    if (last?.end === cell) last.end = cell + 1;
    else made.push({ id: cell, end: cell + 1 });
  }
  return made;
}

/** Written out again, from the raw columns, so that an error in `queries.ts` is not compared with itself. */
function condition({ weeks, sources, categories, division, area, hours }: Filters): string {
  const any = (of: readonly { id: number; end: number }[], name: string) =>
    of.length === 0 ? 'FALSE' : `(${of.map(({ id, end }) => `(${name} BETWEEN ${id} AND ${end - 1})`).join(' OR ')})`;
  const parts = ['TRUE'];
  if (weeks) parts.push(`day BETWEEN ${MONDAY + weeks.first * 7} AND ${MONDAY + weeks.end * 7 - 1}`);
  if (sources.length > 0) parts.push(`source IN (${sources.join()})`);
  if (categories.length > 0) parts.push(any(categories, 'category'));
  if (division) parts.push(any([division], 'division'));
  if (area) {
    const within = area.map(({ id, end, res }) => `(cell_id BETWEEN ${id} AND ${end - 1} AND res >= ${res})`);
    parts.push(within.length === 0 ? 'FALSE' : `(${within.join(' OR ')})`);
  }
  if (hours)
    parts.push(
      `isodow(DATE '1970-01-01' + day::INTEGER) - 1 BETWEEN ${hours.firstDay} AND ${hours.endDay - 1} AND hour BETWEEN ${hours.firstHour} AND ${hours.endHour - 1}`,
    );
  return parts.join(' AND ');
}
const HOUR_KEY = `CASE WHEN hour IS NULL THEN 167 + isodow(DATE '1970-01-01' + day::INTEGER)
  ELSE (isodow(DATE '1970-01-01' + day::INTEGER) - 1) * 24 + hour END`;

/** Counts by view and id, of one statement: a view is a key under its own conditions. */
async function rawCounts(
  asked: Readonly<Record<string, { readonly key: string; readonly length: number; readonly under: Filters }>>,
): Promise<Record<string, Uint32Array>> {
  const parts = Object.entries(asked).map(
    ([view, { key, under }]) =>
      `SELECT '${view}' AS view, (${key})::INTEGER AS id, count(*)::INTEGER AS n FROM raw WHERE ${condition(under)} GROUP BY 2 HAVING id IS NOT NULL`,
  );
  const reader = await connection.runAndReadAll(parts.join(' UNION ALL '));
  const counts = Object.fromEntries(Object.entries(asked).map(([view, { length }]) => [view, new Uint32Array(length)]));
  for (const [view, id, n] of reader.getRows()) (counts[String(view)] as Uint32Array)[Number(id)] = Number(n);
  return counts;
}
/** 0 in a cell, 1 in no cell and no division, 2 in a division only; + 3 when not mapped. */
const TOTALS_KEY = `CASE WHEN cell_id IS NOT NULL THEN 0 WHEN division IS NULL THEN 1 ELSE 2 END + CASE WHEN category = 0 THEN 3 ELSE 0 END`;
function totalsOf(counts: Uint32Array | undefined) {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = counts ?? [];
  return { n: a + b + c + d + e + f, unlocated: b + e, divisionOnly: c + f, unmapped: d + e + f };
}

describe('the scan', () => {
  it(
    'answers every standing view as SQL over the raw facts does, for 1,000 random filters in a row',
    { timeout: 600_000 },
    () =>
      // In a row: most answers are moved on from the one before, as a brush does.
      fc.assert(
        fc.asyncProperty(filtersArbitrary, span(12), async (filters, brush) => {
          for (const value of [filters, { ...filters, weeks: brush }]) {
            const made = views(value, 10);
            const raw = await rawCounts({
              week: { key: `(day - ${MONDAY}) // 7`, length: 12, under: { ...value, weeks: null } },
              source: { key: 'source', length: 3, under: { ...value, sources: [] } },
              category: { key: 'category', length: 12, under: { ...value, categories: [] } },
              division: { key: 'division', length: 20, under: value },
              hour: { key: HOUR_KEY, length: HOUR_SLOTS, under: { ...value, hours: null } },
              totals: { key: TOTALS_KEY, length: 6, under: value },
              city: { key: TOTALS_KEY, length: 6, under: { ...value, division: null } },
              cell: { key: 'cell_id * 16 + res', length: 1000, under: value },
            });
            const { cells } = made;
            if (cells?.kind !== 'finest') throw new Error('no cells');
            const own = new Uint32Array(1000);
            cells.cellId.forEach((cell, i) => {
              own[cell * 16 + (cells.res[i] as number)] = cells.n[i] as number;
            });
            expect(own).toEqual(raw.cell);
            expect(made.byWeek).toEqual(raw.week);
            expect(made.bySource).toEqual(raw.source);
            expect(made.byCategory).toEqual(raw.category);
            expect(made.byDivision).toEqual(raw.division);
            expect(made.byHour).toEqual(raw.hour);
            expect(made.totals).toEqual(totalsOf(raw.totals));
            expect(made.cityTotals).toEqual(totalsOf(raw.city));
            expect([...cells.cellId]).toEqual([...cells.cellId].sort((a, b) => a - b));
          }
        }),
        { numRuns: 500 },
      ),
  );

  it('answers as the panels do in SQL', { timeout: 120_000 }, () =>
    fc.assert(
      fc.asyncProperty(filtersArbitrary, fc.constantFrom(7, 8, 9), async (filters, resolution) => {
        const made = views(filters, resolution);
        const sizes = { weeks: 12, sources: 3, categories: 12 };
        const summary = summaryCounts(await run(queries.summary(filters)), sizes, filters);
        expect(made.totals).toEqual(summary.totals);
        expect(made.byDivision).toEqual(denseCounts(await run(queries.divisionCounts(filters)), 20));
        const hours = await run(queries.hourCounts(without(filters, 'hours')));
        expect(made.byHour).toEqual(denseCounts(hours, HOUR_SLOTS));
        const fine = finestCounts(await run(queries.cellCounts(filters)), { finest: 10, cells: { 10: 60 } });
        const below = CELLS_BELOW[resolution];
        const n = new Uint32Array(60 / below);
        let withheld = 0;
        fine.cellId.forEach((cell, i) => {
          const count = fine.n[i] as number;
          const row = Math.floor(cell / below);
          if ((fine.res[i] as number) < resolution) withheld += count;
          else n[row] = (n[row] as number) + count;
        });
        expect(made.cells).toEqual({ kind: 'coarse', resolution, n, withheld });
        expect(views(filters, null).byDivision).toEqual(made.byDivision);

        const cell = { id: 20, end: 20 + below, resolution };
        const card = ask({ kind: 'cell', filters, cell });
        if (card.kind !== 'cell') throw new Error('no cell');
        expect(summaryCounts(card.columns, sizes, filters)).toEqual(
          summaryCounts(await run(queries.cellSummary(cell, filters)), sizes, filters),
        );
      }),
      { numRuns: 60 },
    ),
  );

  it('finds the class breaks of sliding windows that the weekly series give', () =>
    fc.assert(
      fc.asyncProperty(
        filtersArbitrary,
        fc.constantFrom(7, 8, 9, 10),
        fc.integer({ min: 1, max: 12 }),
        async (any, resolution, length) => {
          const filters = { ...any, weeks: null };
          const answer = ask({ kind: 'windows', filters, resolution, length });
          if (answer.kind !== 'windows') throw new Error('no windows');
          const series = await run(queries.cellWeekSeries(resolution, 10, filters));
          expect(quantileBreaks(answer.histogram)).toEqual(
            lockedBreaks(series, { resolution, length, weeks: 12 }).breaks,
          );
        },
      ),
      { numRuns: 60 },
    ));

  it('gives the rows of the table as its SQL does: the same groups in the same order, with the same counts', () =>
    fc.assert(
      fc.asyncProperty(
        filtersArbitrary,
        fc.constantFrom<GroupBy>('division', 'category', 'source', 'week', 'hours', 'cell'),
        fc.option(fc.record({ after: span(12), before: span(12) })),
        async (filters, by, windows) => {
          const within = { ...filters, weeks: null };
          const week = by === 'week';
          const answer = ask({
            kind: 'groups',
            by,
            filters: within,
            windows: {
              n: week ? null : filters.weeks,
              after: week ? null : (windows?.after ?? null),
              before: week ? null : (windows?.before ?? null),
            },
          });
          if (answer.kind !== 'groups') throw new Error('no groups');
          const raw = await run(
            by === 'week'
              ? weekCounts(filters)
              : by === 'cell'
                ? cellGroupCounts(windows, filters)
                : groupCounts(by, windows, filters),
          );
          for (const [name, values] of Object.entries(raw))
            expect([name, Array.from(answer.columns[name] ?? [])]).toEqual([name, Array.from(values)]);
        },
      ),
      { numRuns: 200 },
    ));

  it('refuses a file without a column of the contract', () => {
    const store = new ShareStore(SIZES, { firstCell: 0, endCell: 60, unlocated: true });
    const bytes = tableToIPC(tableFromArrays({ cell_id: [1] }, { types: { cell_id: uint32() } }), { format: 'stream' });
    expect(() => store.addPeriod([bytes ?? new Uint8Array()])).toThrow('facts lack column');
  });
});
