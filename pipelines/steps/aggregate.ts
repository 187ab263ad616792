import { UINTEGER, USMALLINT, UTINYINT } from '@duckdb/node-api';
import type { CategoryEntry, FileEntry } from '../../core/contract/manifest.ts';
import type { Profile } from '../../core/contract/profile.ts';
import { CUBE_CELL_WEEK, CUBE_OVERVIEW, CUBE_WEEK, FACTS } from '../../core/contract/tables.ts';
import { groupIds } from '../../core/incident/category-tree.ts';
import { civilOf, dayOf, isoWeek, weekStart } from '../../core/time/local-date.ts';
import { arrowBytes, type ColumnValues } from '../io/arrow.ts';
import { type ColumnBlock, columnAppender, type Duck } from '../io/duck.ts';
import { CUBE_RESOLUTIONS, cubePlan, toSql } from '../sql/plan.ts';
import type { ArtifactWriter } from './artifact-writer.ts';
import type { Division } from './divisions.ts';
import { NONE_U8, NONE_U16, NONE_U32 } from './incident-columns.ts';
import { monthOfUnit } from './part.ts';
import { sumBy } from './sum-by.ts';
import { type Counts, type Unit, unitTable } from './units.ts';

export interface Period {
  readonly key: string;
  readonly firstDay: number;
  readonly endDay: number;
}
export interface TimeFrame {
  readonly firstDay: number;
  readonly endDay: number;
  readonly weeks: readonly { readonly iso: string; readonly firstDay: number }[];
  readonly periods: readonly Period[];
}

/** Window (profile, or from the first to the last accepted day), ISO weeks and publication periods. */
export function timeFrame(
  extent: Counts,
  profile: Profile,
  declared: { firstDay: number; endDay: number } | null,
): TimeFrame {
  let { firstDay, endDay } = declared ?? { firstDay: Number.POSITIVE_INFINITY, endDay: 0 };
  if (!declared) {
    const first = extent.column('first_day');
    const last = extent.column('last_day');
    for (let i = 0; i < extent.length; i++) {
      firstDay = Math.min(firstDay, first[i] as number);
      endDay = Math.max(endDay, (last[i] as number) + 1);
    }
    if (extent.length === 0) return { firstDay: 0, endDay: 0, weeks: [], periods: [] };
  }
  const weeks = [];
  for (let monday = weekStart(firstDay); monday < endDay; monday += 7)
    weeks.push({ iso: isoWeek(monday), firstDay: monday });
  return { firstDay, endDay, weeks, periods: periodsOf(firstDay, endDay, profile.publish.factsPeriod) };
}

/** Months at the end of the window that have files of their own, so that one more day makes only small files anew. */
const OPEN_MONTHS = 3;

/** Calendar periods of the declared length up to the open months, then months. A period that the open months begin in ends there. */
export function periodsOf(firstDay: number, endDay: number, kind: Profile['publish']['factsPeriod']): Period[] {
  const last = civilOf(endDay - 1);
  const openFrom = monthStart(last.year, last.month - OPEN_MONTHS + 1);
  const months = kind === 'month' ? 1 : kind === 'quarter' ? 3 : 12;
  const periods: Period[] = [];
  const start = civilOf(firstDay);
  for (let from = monthStart(start.year, start.month - ((start.month - 1) % months)); from < endDay; ) {
    const { year, month } = civilOf(from);
    const isOpen = from >= openFrom;
    const length = isOpen ? 1 : months;
    const key =
      length === 12
        ? `${year}`
        : length === 3
          ? `${year}-Q${Math.floor((month - 1) / 3) + 1}`
          : `${year}-${String(month).padStart(2, '0')}`;
    const end = monthStart(year, month + length);
    const to = isOpen ? end : Math.min(end, Math.max(openFrom, from + 1));
    periods.push({ key, firstDay: from, endDay: to });
    from = to;
  }
  return periods;
}

/** First day of a month; months below 1 and above 12 run into the neighbouring years. */
function monthStart(year: number, month: number): number {
  const index = year * 12 + month - 1;
  return dayOf(Math.floor(index / 12), (((index % 12) + 12) % 12) + 1, 1);
}

/** Look-up tables for SQL: categories and divisions. Small integers only. */
export async function loadDimensions(
  duck: Duck,
  categories: readonly CategoryEntry[],
  divisions: readonly Division[],
  factsLevel: number,
): Promise<void> {
  await duck.run(
    'CREATE TABLE category_group (category USMALLINT NOT NULL, category_group USMALLINT NOT NULL, is_sensitive UTINYINT NOT NULL)',
  );
  await fill(
    duck,
    'category_group',
    [USMALLINT, USMALLINT, UTINYINT],
    [
      Uint16Array.from(categories, (entry) => entry.id),
      groupIds(categories),
      Uint8Array.from(categories, (entry) => (entry.sensitive ? 1 : 0)),
    ],
  );
  await duck.run(
    'CREATE TABLE division_parent (division UINTEGER NOT NULL, district UINTEGER NOT NULL, street UINTEGER NOT NULL, facts_division UINTEGER NOT NULL)',
  );
  const ids = Uint32Array.from([...divisions.map((division) => division.id), NONE_U32]);
  const facts = Uint32Array.from([
    ...divisions.map((division) => ancestorAt(divisions, division, factsLevel)),
    factsLevel === 0 ? 0 : NONE_U32,
  ]);
  await fill(
    duck,
    'division_parent',
    [UINTEGER, UINTEGER, UINTEGER, UINTEGER],
    [
      ids,
      ...[1, 2].map((level) =>
        Uint32Array.from([...divisions.map((division) => ancestorAt(divisions, division, level)), NONE_U32]),
      ),
      facts,
    ],
  );
}

/** Id of the ancestor at a level; 0, the city, when there is none. */
export function ancestorAt(divisions: readonly Division[], division: Division, level: number): number {
  let at: Division | undefined = division;
  while (at && at.level > level) at = at.parent === null ? undefined : divisions[at.parent];
  return at?.id ?? 0; // 0 is the city itself
}

type DuckTypes = Parameters<typeof columnAppender>[2];
async function fill(
  duck: Duck,
  table: string,
  types: DuckTypes,
  columns: readonly (Uint8Array | Uint16Array | Uint32Array)[],
): Promise<void> {
  const appender = await columnAppender(duck, table, types);
  appender.append(columns, columns[0]?.length ?? 0); // a table without columns has no rows
  appender.close();
}

/** Units whose month lies in a period. */
export function unitsIn(period: Period, units: readonly Unit[]): Unit[] {
  const month = (day: number): number => {
    const civil = civilOf(day);
    return civil.year * 100 + civil.month;
  };
  const first = month(period.firstDay);
  const last = month(period.endDay - 1);
  return units.filter((unit) => monthOfUnit(unit.id) >= first && monthOfUnit(unit.id) <= last);
}

/** The view `incident`: all rows of these units. */
export async function viewIncidents(duck: Duck, store: string, units: readonly Unit[]): Promise<void> {
  const files = units.map((unit) => `'${unitTable(store, unit).replaceAll("'", "''")}'`);
  await duck.run(`CREATE OR REPLACE TEMP VIEW incident AS SELECT * FROM read_parquet([${files.join(', ')}])`);
}

/** Facts and cell cubes of one period, from the rows of its units. */
export async function publishPeriod(
  duck: Duck,
  store: string,
  period: Period,
  units: readonly Unit[],
  frame: TimeFrame,
  divisions: readonly Division[],
  writer: ArtifactWriter,
): Promise<FileEntry[]> {
  await viewIncidents(duck, store, units);
  const jobs: Promise<FileEntry>[] = [];
  try {
    await publishFacts(duck, period, divisions, writer, jobs);
    const firstWeek = Math.floor(((frame.weeks[0]?.firstDay ?? 0) + 3) / 7); // no weeks, no units
    for (const resolution of CUBE_RESOLUTIONS) {
      const cube = await readAll(duck, toSql(cubePlan(resolution)), 5);
      const [cell, week, source, group, n] = cube as [Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array];
      jobs.push(
        writer.write(
          {
            path: `cube/r${resolution}/${period.key}.arrow`,
            rows: n.length,
            kind: 'cube',
            grade: 'desk',
            period: { ...period },
          },
          arrowBytes(CUBE_CELL_WEEK, n.length, {
            cell: { values: cell },
            week: { values: Uint16Array.from(week, (value) => value - firstWeek) },
            source: { values: source },
            group: { values: group },
            n: { values: n },
          }),
        ),
      );
    }
    return await Promise.all(jobs);
  } finally {
    // Also when the engine fails: no file is under way behind the end of this.
    await Promise.allSettled(jobs);
  }
}

/** `facts/<division>/<period>.arrow`, cut by division, ordered by every published column. */
async function publishFacts(
  duck: Duck,
  period: Period,
  divisions: readonly Division[],
  writer: ArtifactWriter,
  jobs: Promise<FileEntry>[],
): Promise<void> {
  const columns = FACTS.map((column) => column.name);
  const stream = duck.blocks(`
    SELECT p.facts_division, ${columns.map((name) => `i.${name}`).join(', ')}
    FROM incident i
    JOIN division_parent p ON p.division = i.division
    ORDER BY p.facts_division, i.cell_id, i.division, i.source, i.category, i.day, i.hour, i.severity, i.stage, i.close_hours, i.res`);
  for await (const part of cut(stream, 1)) {
    const [division] = part.key as [number];
    const code = division === NONE_U32 ? 'none' : (divisions[division] as Division).code;
    const values = Object.fromEntries(
      FACTS.map((column, i) => [column.name, withNulls(part.columns[i + 1] as Uint32Array, column.nullable)]),
    );
    jobs.push(
      writer.write(
        {
          path: `facts/${code}/${period.key}.arrow`,
          rows: part.length,
          kind: 'facts',
          grade: 'desk',
          division: code,
          period: { ...period },
        },
        arrowBytes(FACTS, part.length, values),
      ),
    );
    await writer.room();
  }
}

/** Whole-window cubes: sums of the units' counts. */
export async function publishWindowCubes(
  counts: { readonly overview: Counts; readonly week: Counts },
  overview: 7 | 8,
  frame: TimeFrame,
  writer: ArtifactWriter,
): Promise<FileEntry[]> {
  const cells = sumBy(
    [counts.overview.column(`r${overview}`), counts.overview.source, counts.overview.column('group')],
    counts.overview.column('n'),
  );
  const firstWeek = Math.floor(((frame.weeks[0]?.firstDay ?? 0) + 3) / 7); // no weeks, no rows
  const weeks = sumBy(
    [
      counts.week.column('district'),
      Uint32Array.from(counts.week.column('week'), (week) => week - firstWeek),
      counts.week.source,
      counts.week.column('group'),
    ],
    counts.week.column('n'),
  );
  const [cell, source, group] = cells.keys as [Uint32Array, Uint32Array, Uint32Array];
  const [division, week, weekSource, weekGroup] = weeks.keys as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  return Promise.all([
    writer.write(
      { path: 'cube/overview.arrow', rows: cells.n.length, kind: 'cube', grade: 'desk' },
      arrowBytes(CUBE_OVERVIEW, cells.n.length, {
        cell: { values: cell },
        source: { values: source },
        group: { values: group },
        n: { values: cells.n },
      }),
    ),
    writer.write(
      { path: 'cube/week.arrow', rows: weeks.n.length, kind: 'cube', grade: 'desk' },
      arrowBytes(CUBE_WEEK, weeks.n.length, {
        division: withNulls(division, true),
        week: { values: week },
        source: { values: weekSource },
        group: { values: weekGroup },
        n: { values: weeks.n },
      }),
    ),
  ]);
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

/** A whole result in columns, also when it is empty. */
export async function readAll(duck: Duck, sql: string, width: number): Promise<Uint32Array[]> {
  for await (const part of cut(duck.blocks(sql), 0))
    return part.columns.length > 0
      ? (part.columns as Uint32Array[])
      : Array.from({ length: width }, () => new Uint32Array(0));
  return Array.from({ length: width }, () => new Uint32Array(0));
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
