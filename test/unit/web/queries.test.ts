import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Column, FACTS } from '../../../core/contract/tables.ts';
import { type CellTree, partRanges, type WholeRange, wholeRanges } from '../../../core/grid/cell-tree.ts';
import { idsOfRanges, rangesOfIds } from '../../../core/grid/id-range.ts';
import { partlyInArea } from '../../../web/src/query/area-sql.ts';
import type { Columns } from '../../../web/src/query/coordinator.ts';
import { type Filters, inRanges } from '../../../web/src/query/filters.ts';
import * as queries from '../../../web/src/query/queries.ts';
import { finestCounts } from '../../../web/src/query/roll-up.ts';
import { id, type Sql, sql, uint16 } from '../../../web/src/query/sql.ts';
import { type SummaryCounts, summaryCounts } from '../../../web/src/query/summary.ts';
import { appendIncoming, COMPACT_SUMMARY, CREATE_TABLES } from '../../../web/src/query/tables.ts';

const MONDAY = 20_002;
const WEEKS = 10;
const FINEST = 10;

const TYPES: Record<string, string> = {
  uint8: 'UTINYINT',
  uint16: 'USMALLINT',
  uint32: 'UINTEGER',
};

interface Fact {
  readonly cell_id: number | null;
  readonly res: number;
  readonly day: number;
  readonly source: number;
  readonly category: number;
  readonly division: number | null;
}

/** A small fixed city: 60 finest cells, 20 divisions, 12 categories, 3 sources. */
function madeFacts(): readonly Fact[] {
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  return Array.from({ length: 3000 }, () => {
    const located = random(10) > 0;
    // In a division, in no cell: placed by the division its source names.
    const divisionOnly = !located && random(3) > 0;
    return {
      cell_id: located ? random(60) : null,
      res: located ? (random(6) === 0 ? 8 : FINEST) : 0,
      day: MONDAY + random(WEEKS * 7),
      source: random(3),
      category: random(12),
      division: located || divisionOnly ? random(20) : null,
    };
  });
}

let connection: DuckDBConnection;
const facts = madeFacts();

async function run(query: Sql): Promise<Columns> {
  const statement = await connection.prepare(query.text);
  query.params.forEach((value, i) => {
    if (typeof value === 'number') statement.bindDouble(i + 1, value);
    else statement.bindVarchar(i + 1, value);
  });
  const reader = await statement.runAndReadAll();
  return Object.fromEntries(
    reader.columnNames().map((name, i) => [name, reader.getColumns()[i]?.map(Number) ?? []]),
  ) as Columns;
}

function ddl(columns: readonly Column[]): string {
  return columns
    .map((column) => `${column.name} ${TYPES[column.type]}${column.nullable ? '' : ' NOT NULL'}`)
    .join(', ');
}

async function deliver(rows: readonly Fact[]): Promise<void> {
  await connection.run(`CREATE TABLE incoming (${ddl(FACTS)})`);
  for (const row of rows) {
    const value = (v: number | null) => (v === null ? 'NULL' : String(v));
    await connection.run(
      `INSERT INTO incoming VALUES (${value(row.cell_id)}, ${row.res}, ${row.day}, NULL, ${row.source}, ${row.category}, 1, 0, NULL, ${value(row.division)})`,
    );
  }
  for (const statement of appendIncoming(MONDAY)) await run(statement);
}

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  for (const statement of CREATE_TABLES) await run(statement);
  await deliver(facts.slice(0, 1700));
  await deliver(facts.slice(1700));
  for (const statement of COMPACT_SUMMARY) await run(statement);
  await connection.run(
    'CREATE TABLE cell AS SELECT i::UINTEGER AS cell_id, 0::UINTEGER AS r5, 0::UINTEGER AS r6, (i // 20)::UINTEGER AS r7, (i // 10)::UINTEGER AS r8, (i // 5)::UINTEGER AS r9 FROM range(60) t(i)',
  );
}, 60_000);
afterAll(() => connection.closeSync());

/** The cells of the made city as its table `cell` tells them: 5 to a cell of resolution 9, 10 to one of 8, 20 to one of 7. */
const TREE: CellTree = {
  finest: FINEST,
  coarsest: 7,
  starts: (resolution) => {
    const size = { 7: 20, 8: 10, 9: 5, 10: 1 }[resolution] ?? 60;
    return Uint32Array.from({ length: 60 / size + 1 }, (_, row) => row * size);
  },
};
const areas: fc.Arbitrary<readonly WholeRange[]> = fc
  .uniqueArray(fc.tuple(fc.nat(59), fc.integer({ min: 1, max: 25 })), { maxLength: 4 })
  .map((spans) =>
    wholeRanges(
      rangesOfIds(
        Array.from({ length: 60 }, (_, id) => id).filter((id) =>
          spans.some(([from, n]) => id >= from && id < from + n),
        ),
      ),
      TREE,
    ),
  );
/** Said anew: all finest cells of the cell the place is published to are chosen. */
function liesIn(fact: Fact, area: readonly WholeRange[]): boolean {
  if (fact.cell_id === null) return false;
  const chosen = new Set(idsOfRanges(area));
  const size = { 8: 10, 10: 1 }[fact.res] ?? 60;
  const first = Math.floor(fact.cell_id / size) * size;
  return Array.from({ length: size }, (_, i) => first + i).every((id) => chosen.has(id));
}

const filters: fc.Arbitrary<Filters> = fc.record({
  hours: fc.constant(null),
  weeks: fc.option(
    fc
      .tuple(fc.nat(WEEKS - 1), fc.nat(WEEKS - 1))
      .map(([a, b]) => ({ first: Math.min(a, b), end: Math.max(a, b) + 1 })),
  ),
  sources: fc.uniqueArray(fc.nat(2), { maxLength: 2 }),
  categories: fc.array(
    fc.tuple(fc.nat(11), fc.integer({ min: 1, max: 4 })).map(([start, length]) => ({ id: start, end: start + length })),
    { maxLength: 3 },
  ),
  area: fc.option(areas),
  division: fc.option(
    fc.tuple(fc.integer({ min: 1, max: 19 }), fc.integer({ min: 1, max: 8 })).map(([start, length]) => ({
      id: start,
      end: start + length,
    })),
  ),
});

const weekOf = (fact: Fact) => Math.floor((fact.day - MONDAY) / 7);
function obeys(fact: Fact, { weeks, sources, categories, division, area }: Filters): boolean {
  return (
    (!weeks || (weekOf(fact) >= weeks.first && weekOf(fact) < weeks.end)) &&
    (sources.length === 0 || sources.includes(fact.source)) &&
    inRanges(categories, fact.category) &&
    (!area || liesIn(fact, area)) &&
    (!division || (fact.division !== null && fact.division >= division.id && fact.division < division.end))
  );
}
function counted(rows: readonly Fact[], key: (fact: Fact) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of rows) counts[key(row)] = (counts[key(row)] ?? 0) + 1;
  return counts;
}
function answered(columns: Columns, ...keys: readonly string[]): Record<string, number> {
  const n = Array.from(columns.n ?? []);
  return Object.fromEntries(n.map((count, i) => [keys.map((key) => columns[key]?.[i]).join('/'), count]));
}

describe('queries equal counting row by row', () => {
  const check = (test: (value: Filters, rows: readonly Fact[]) => Promise<void>) =>
    fc.assert(
      fc.asyncProperty(filters, (value) =>
        test(
          value,
          facts.filter((fact) => obeys(fact, value)),
        ),
      ),
      { numRuns: 60 },
    );

  const sizes = { weeks: WEEKS, sources: 3, categories: 12 };
  const dense = (length: number, rows: readonly Fact[], key: (fact: Fact) => number) => {
    const counts = new Uint32Array(length);
    for (const row of rows) counts[key(row)] = (counts[key(row)] ?? 0) + 1;
    return counts;
  };
  const expectCounts = (counts: SummaryCounts, rows: readonly Fact[]) => {
    expect(counts.bySource).toEqual(dense(3, rows, (f) => f.source));
    expect(counts.byCategory).toEqual(dense(12, rows, (f) => f.category));
    expect(counts.byWeek).toEqual(dense(WEEKS, rows, weekOf));
    expect(counts.totals).toEqual({
      n: rows.length,
      unlocated: rows.filter((fact) => fact.division === null).length,
      divisionOnly: rows.filter((fact) => fact.cell_id === null && fact.division !== null).length,
      unmapped: rows.filter((fact) => fact.category === 0).length,
    });
  };

  it('per source, category and week and in all, with the incidents that have no place', () =>
    check(async (value, rows) => {
      expectCounts(summaryCounts(await run(queries.summary(value)), sizes, value), rows);
    }));

  it('per finest cell, and per division also what is in no cell', () =>
    check(async (value, rows) => {
      const located = rows.filter((fact) => fact.cell_id !== null);
      const { cellId, res, n } = finestCounts(await run(queries.cellCounts(value)), {
        finest: FINEST,
        cells: { 10: 60 },
      });
      const cells = { cell_id: cellId, res, n };
      expect(answered(cells, 'cell_id', 'res')).toEqual(counted(located, (f) => `${f.cell_id}/${f.res}`));
      expect([...cellId]).toEqual([...cellId].sort((a, b) => a - b));
      expect(answered(await run(queries.divisionCounts(value)), 'id')).toEqual(
        counted(
          rows.filter((fact) => fact.division !== null),
          (f) => `${f.division}`,
        ),
      );
    }));

  it('a cell card counts only what may be shown at its resolution', () =>
    check(async (value, rows) => {
      for (const cell of [
        { id: 20, end: 30, resolution: 8 },
        { id: 20, end: 25, resolution: 9 },
      ]) {
        const inside = rows.filter(
          (f) => f.cell_id !== null && f.cell_id >= cell.id && f.cell_id < cell.end && f.res >= cell.resolution,
        );
        expectCounts(summaryCounts(await run(queries.cellSummary(cell, value)), sizes, value), inside);
      }
    }));

  it('weekly series per cell at the finest and at a coarser resolution', () =>
    check(async (value, rows) => {
      const shown = (resolution: number) => rows.filter((f) => f.cell_id !== null && f.res >= resolution);
      const fine = await run(queries.cellWeekSeries(10, FINEST, value));
      expect(answered(fine, 'cell', 'week')).toEqual(counted(shown(10), (f) => `${f.cell_id}/${weekOf(f)}`));
      const coarse = await run(queries.cellWeekSeries(8, FINEST, value));
      expect(answered(coarse, 'cell', 'week')).toEqual(
        counted(shown(8), (f) => `${Math.floor((f.cell_id ?? 0) / 10)}/${weekOf(f)}`),
      );
    }));
});

it('what is known to a cell that lies in the area in part is told apart from what lies outside', () =>
  fc.assert(
    fc.asyncProperty(areas, async (area) => {
      const chosen = new Set(idsOfRanges(area));
      const part = facts.filter((fact) => {
        if (fact.cell_id === null || fact.res === FINEST || liesIn(fact, area)) return false;
        const first = Math.floor(fact.cell_id / 10) * 10;
        return Array.from({ length: 10 }, (_, i) => first + i).some((id) => chosen.has(id));
      });
      const columns = await run(
        sql`SELECT count(*)::UINTEGER AS n FROM facts WHERE ${partlyInArea(partRanges(area, TREE))}`,
      );
      expect(columns.n?.[0]).toBe(part.length);
    }),
    { numRuns: 60 },
  ));

describe('sql', () => {
  it('binds what stands in the template and never pastes it', async () => {
    const query = sql`SELECT ${"'; DROP TABLE facts; --"} AS text, ${uint16(7)} AS number`;
    expect(query.text).toBe('SELECT ? AS text, CAST(? AS USMALLINT) AS number');
    expect((await run(query)).number).toEqual([7]);
  });

  it('refuses identifiers that are not listed and integers that do not fit', () => {
    expect(() => id('facts; DROP')).toThrow('not allowed');
    for (const value of [-1, 0.5, 65_536, Number.NaN]) expect(() => uint16(value)).toThrow(RangeError);
  });
});
