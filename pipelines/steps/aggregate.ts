import { UINTEGER, USMALLINT } from '@duckdb/node-api';
import type { CategoryEntry } from '../../core/contract/manifest.ts';
import type { Profile } from '../../core/contract/profile.ts';
import { CUBE_CELL_WEEK, CUBE_OVERVIEW, CUBE_WEEK, FACTS } from '../../core/contract/tables.ts';
import type { CoarseGrid } from '../../core/grid/study-grid.ts';
import { groupIds } from '../../core/incident/category-tree.ts';
import { civilOf, dayOf, isoWeek, weekStart } from '../../core/time/local-date.ts';
import { arrowBytes, type ColumnValues } from '../io/arrow.ts';
import { type ColumnBlock, columnAppender, type Duck } from '../io/duck.ts';
import type { Progress } from '../progress.ts';
import type { ArtifactWriter } from './artifact-writer.ts';
import type { Division } from './divisions.ts';
import { NONE_U8, NONE_U16, NONE_U32 } from './incident-batch.ts';

export interface TimeFrame {
  readonly firstDay: number;
  readonly endDay: number;
  readonly weeks: readonly { readonly iso: string; readonly firstDay: number }[];
  readonly periods: readonly { readonly key: string; readonly firstDay: number; readonly endDay: number }[];
}

/** Window (profile, or from the first to the last accepted day), ISO weeks and publication periods. */
export async function timeFrame(
  duck: Duck,
  profile: Profile,
  declared: { firstDay: number; endDay: number } | null,
): Promise<TimeFrame> {
  let { firstDay, endDay } = declared ?? { firstDay: 0, endDay: 0 };
  if (!declared) {
    const [row] = await duck.rows<{ first: number | null; last: number | null }>(
      'SELECT min(day)::INTEGER AS first, max(day)::INTEGER AS last FROM incident',
    );
    if (row?.first == null || row.last == null) return { firstDay: 0, endDay: 0, weeks: [], periods: [] };
    firstDay = row.first;
    endDay = row.last + 1;
  }
  const weeks = [];
  for (let monday = weekStart(firstDay); monday < endDay; monday += 7)
    weeks.push({ iso: isoWeek(monday), firstDay: monday });
  return { firstDay, endDay, weeks, periods: periodsOf(firstDay, endDay, profile.publish.factsPeriod) };
}

function periodsOf(firstDay: number, endDay: number, kind: Profile['publish']['factsPeriod']): TimeFrame['periods'] {
  const months = kind === 'month' ? 1 : kind === 'quarter' ? 3 : 12;
  const periods = [];
  const start = civilOf(firstDay);
  let year = start.year;
  let month = start.month - ((start.month - 1) % months);
  for (let from = dayOf(year, month, 1); from < endDay; ) {
    const key =
      kind === 'year'
        ? `${year}`
        : kind === 'quarter'
          ? `${year}-Q${(month - 1) / 3 + 1}`
          : `${year}-${String(month).padStart(2, '0')}`;
    month += months;
    if (month > 12) {
      year++;
      month -= 12;
    }
    const to = dayOf(year, month, 1);
    periods.push({ key, firstDay: from, endDay: to });
    from = to;
  }
  return periods;
}

/** Look-up tables for SQL: days, categories, divisions. Small integers only; the statements stay in the portable subset. */
export async function loadDimensions(
  duck: Duck,
  frame: TimeFrame,
  categories: readonly CategoryEntry[],
  divisions: readonly Division[],
  factsLevel: number,
): Promise<void> {
  await duck.run(
    `CREATE TABLE calendar (day USMALLINT NOT NULL, week USMALLINT NOT NULL, period USMALLINT NOT NULL, month UINTEGER NOT NULL)`,
  );
  const days = frame.endDay - frame.firstDay;
  const day = Uint16Array.from({ length: days }, (_, i) => frame.firstDay + i);
  const firstMonday = frame.weeks[0]?.firstDay ?? 0; // no weeks, no days
  const week = day.map((d) => Math.floor((d - firstMonday) / 7));
  const period = day.map((d) => frame.periods.findIndex((p) => d >= p.firstDay && d < p.endDay));
  const month = Uint32Array.from(day, (d) => {
    const civil = civilOf(d);
    return civil.year * 100 + civil.month;
  });
  await fill(duck, 'calendar', [USMALLINT, USMALLINT, USMALLINT, UINTEGER], [day, week, period, month]);
  await duck.run('CREATE TABLE category_group (category USMALLINT NOT NULL, category_group USMALLINT NOT NULL)');
  await fill(
    duck,
    'category_group',
    [USMALLINT, USMALLINT],
    [Uint16Array.from(categories, (entry) => entry.id), groupIds(categories)],
  );
  await duck.run(
    'CREATE TABLE division_parent (division UINTEGER NOT NULL, district UINTEGER NOT NULL, facts_division UINTEGER NOT NULL)',
  );
  const ancestor = (division: Division, level: number): number => {
    let at: Division | undefined = division;
    while (at && at.level > level) at = at.parent === null ? undefined : divisions[at.parent];
    return at?.id ?? 0; // 0 is the city itself
  };
  const ids = Uint32Array.from([...divisions.map((division) => division.id), NONE_U32]);
  const district = Uint32Array.from([...divisions.map((division) => ancestor(division, 1)), NONE_U32]);
  const facts = Uint32Array.from([
    ...divisions.map((division) => ancestor(division, factsLevel)),
    factsLevel === 0 ? 0 : NONE_U32,
  ]);
  await fill(duck, 'division_parent', [UINTEGER, UINTEGER, UINTEGER], [ids, district, facts]);
}

/** Cells of a resolution as rows of its grid, for SQL. */
export async function loadCells(
  duck: Duck,
  coarse: readonly CoarseGrid[],
  resolutions: readonly number[],
  cells: number,
): Promise<void> {
  const columns = resolutions.map((resolution) => {
    const grid = coarse.find((candidate) => candidate.resolution === resolution) as CoarseGrid;
    const rowOf = new Uint32Array(cells);
    for (let row = 0; row < grid.h3.length; row++)
      rowOf.fill(row, grid.firstId[row] as number, grid.endId[row] as number);
    return rowOf;
  });
  await duck.run(
    `CREATE TABLE cell_parent (cell_id UINTEGER NOT NULL, ${resolutions.map((r) => `r${r} UINTEGER NOT NULL`).join(', ')})`,
  );
  await fill(
    duck,
    'cell_parent',
    [UINTEGER, ...resolutions.map(() => UINTEGER)],
    [Uint32Array.from({ length: cells }, (_, i) => i), ...columns],
  );
}

type DuckTypes = Parameters<typeof columnAppender>[2];
async function fill(
  duck: Duck,
  table: string,
  types: DuckTypes,
  columns: readonly (Uint16Array | Uint32Array)[],
): Promise<void> {
  const appender = await columnAppender(duck, table, types);
  appender.append(columns, columns[0]?.length ?? 0); // a table without columns has no rows
  appender.close();
}

/** `facts/<division>/<period>.arrow`, cut by (division, period), ordered by every published column. */
export async function publishFacts(
  duck: Duck,
  frame: TimeFrame,
  divisions: readonly Division[],
  writer: ArtifactWriter,
  total: number,
  progress: Progress,
): Promise<void> {
  const columns = FACTS.map((column) => column.name);
  const stream = duck.blocks(`
    SELECT p.facts_division, d.period, ${columns.map((name) => `i.${name}`).join(', ')}
    FROM incident i
    JOIN calendar d ON d.day = i.day
    JOIN division_parent p ON p.division = i.division
    ORDER BY p.facts_division, d.period, i.cell_id, i.division, i.source, i.category, i.day, i.hour, i.severity, i.stage, i.close_hours, i.res`);
  let done = 0;
  for await (const part of cut(stream, 2)) {
    const [division, period] = part.key as [number, number];
    const span = frame.periods[period] as TimeFrame['periods'][number];
    const code = division === NONE_U32 ? 'none' : (divisions[division] as Division).code;
    const values = Object.fromEntries(
      FACTS.map((column, i) => [column.name, withNulls(part.columns[i + 2] as Uint32Array, column.nullable)]),
    );
    await writer.write(
      {
        path: `facts/${code}/${span.key}.arrow`,
        rows: part.length,
        kind: 'facts',
        grade: 'desk',
        division: code,
        period: { ...span },
      },
      arrowBytes(FACTS, part.length, values),
    );
    done += part.length;
    progress({ stage: 'publish', done, total, unit: 'incidents' });
  }
}

/** Cubes are sums of incidents by index parent; every cell row adds up to its parent's row by construction. */
export async function publishCubes(duck: Duck, profile: Profile, writer: ArtifactWriter): Promise<void> {
  const overview = profile.grid.overview;
  await publishCube(
    duck,
    writer,
    'cube/overview.arrow',
    CUBE_OVERVIEW,
    `
    SELECT c.r${overview} AS cell, i.source AS source, g.category_group AS category_group, count(*)::UINTEGER AS n
    FROM incident i
    JOIN cell_parent c ON c.cell_id = i.cell_id
    JOIN category_group g ON g.category = i.category
    WHERE i.res >= ${overview}
    GROUP BY c.r${overview}, i.source, g.category_group
    ORDER BY cell, source, category_group`,
  );
  await publishCube(
    duck,
    writer,
    'cube/week.arrow',
    CUBE_WEEK,
    `
    SELECT p.district AS division, d.week AS week, i.source AS source, g.category_group AS category_group, count(*)::UINTEGER AS n
    FROM incident i
    JOIN calendar d ON d.day = i.day
    JOIN division_parent p ON p.division = i.division
    JOIN category_group g ON g.category = i.category
    GROUP BY p.district, d.week, i.source, g.category_group
    ORDER BY division, week, source, category_group`,
  );
  for (const resolution of CUBE_RESOLUTIONS) {
    await publishCube(
      duck,
      writer,
      `cube/r${resolution}.arrow`,
      CUBE_CELL_WEEK,
      `
      SELECT c.r${resolution} AS cell, d.week AS week, i.source AS source, g.category_group AS category_group, count(*)::UINTEGER AS n
      FROM incident i
      JOIN cell_parent c ON c.cell_id = i.cell_id
      JOIN calendar d ON d.day = i.day
      JOIN category_group g ON g.category = i.category
      WHERE i.res >= ${resolution}
      GROUP BY c.r${resolution}, d.week, i.source, g.category_group
      ORDER BY cell, week, source, category_group`,
    );
  }
}

export const CUBE_RESOLUTIONS = [7, 8, 9] as const;

async function publishCube(
  duck: Duck,
  writer: ArtifactWriter,
  path: string,
  contract: typeof FACTS,
  sql: string,
): Promise<void> {
  for await (const part of cut(duck.blocks(sql), 0)) {
    const values = Object.fromEntries(
      contract.map((column, i) => [column.name, withNulls(part.columns[i] ?? new Uint32Array(0), column.nullable)]),
    );
    await writer.write(
      { path, rows: part.length, kind: 'cube', grade: 'desk' },
      arrowBytes(contract, part.length, values),
    );
  }
}

/** The code for "missing" of each width becomes a null. */
function withNulls(values: Uint8Array | Uint16Array | Uint32Array, nullable: boolean): ColumnValues {
  if (!nullable) return { values };
  const none = values instanceof Uint8Array ? NONE_U8 : values instanceof Uint16Array ? NONE_U16 : NONE_U32;
  const nulls = new Uint8Array(values.length);
  const shown = values.slice();
  for (let i = 0; i < values.length; i++) {
    if (values[i] === none) {
      nulls[i] = 1;
      shown[i] = 0; // the value under a null; a fixed one, so that equal data give equal bytes
    }
  }
  return { values: shown, nulls };
}

interface Part {
  readonly key: readonly number[];
  readonly length: number;
  readonly columns: readonly (Uint8Array | Uint16Array | Uint32Array)[];
}

/** Joins blocks and cuts them where the first `keys` columns change; with 0 keys gives everything as one part, also when empty. */
async function* cut(stream: AsyncGenerator<ColumnBlock>, keys: number): AsyncGenerator<Part> {
  let pending: Uint32Array[][] = [];
  let key: number[] = [];
  const flush = (): Part => {
    const width = pending[0]?.length ?? 0; // nothing was read: a part without columns
    const columns = Array.from({ length: width }, (_, c) => concat(pending.map((slices) => slices[c] as Uint32Array)));
    const part = { key, length: columns[0]?.length ?? 0, columns }; // idem
    pending = [];
    return part;
  };
  for await (const block of stream) {
    const columns = block.columns as readonly Uint32Array[];
    let from = 0;
    const keyColumns = columns.slice(0, keys);
    for (let i = 0; i < block.length; i++) {
      let k = 0;
      while (k < keys && (keyColumns[k] as Uint32Array)[i] === key[k]) k++;
      if (k === keys) continue;
      if (i > from) pending.push(columns.map((column) => column.subarray(from, i)));
      if (pending.length > 0) yield flush();
      key = keyColumns.map((column) => column[i] as number);
      from = i;
    }
    pending.push(columns.map((column) => column.subarray(from)));
  }
  if (pending.length > 0 || keys === 0) yield flush();
}

function concat(slices: readonly Uint32Array[]): Uint32Array {
  const first = slices[0] as Uint32Array;
  const all = new (first.constructor as Uint32ArrayConstructor)(slices.reduce((n, slice) => n + slice.length, 0));
  let at = 0;
  for (const slice of slices) {
    all.set(slice, at);
    at += slice.length;
  }
  return all;
}
