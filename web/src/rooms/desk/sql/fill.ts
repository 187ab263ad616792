import { bool, type DataType, float64, int32, tableFromArrays, tableToIPC, utf8 } from '@uwdata/flechette';
import type { FileEntry, Manifest } from '../../../../../core/contract/manifest.ts';
import { Sense } from '../../../../../core/contract/sense.ts';
import { factsInOrder } from '../../../query/facts-loader.ts';
import type { Divisions } from '../../../snapshot/model.ts';
import { pathOf } from '../../../snapshot/model.ts';
import { type ConsoleTable, consoleTables, createStatements, levelColumns } from './tables.ts';

/** The database as the console sees it: in the browser a worker, in tests the same engine without one. */
export interface ConsoleConnection {
  readonly run: (sql: string) => Promise<Uint8Array>;
  /** Prepares, then runs: the text must be one statement. */
  readonly runPrepared: (sql: string) => Promise<Uint8Array>;
  readonly insert: (table: string, bytes: Uint8Array, how: 'create' | 'append') => Promise<void>;
}

/** What the published files give. */
export interface ConsoleInput {
  readonly manifest: Manifest;
  readonly divisions: Divisions;
  readonly bytes: (path: string) => Promise<Uint8Array>;
}

export interface FillProgress {
  readonly loaded: number;
  readonly total: number;
}

/** After these nothing reaches outside the instance, and nothing can be set again. */
export const LOCK: readonly string[] = [
  'SET perfect_ht_threshold=20',
  'SET enable_external_access=false',
  'SET autoinstall_known_extensions=false',
  'SET autoload_known_extensions=false',
  'SET allow_community_extensions=false',
  'SET lock_configuration=true',
];

const IN = 'arriving';
/** Files on their way at once. */
const AT_ONCE = 6;
const BATCH_ROWS = 500_000;

/** Fills the tables of the schema `raw` from the files, and makes the readable views. @returns the views */
export async function fillConsole(
  db: ConsoleConnection,
  input: ConsoleInput,
  onProgress: (progress: FillProgress) => void,
): Promise<readonly ConsoleTable[]> {
  const { manifest, divisions, bytes } = input;
  for (const setting of LOCK) await db.run(setting);
  await db.run('CREATE SCHEMA raw');
  const make = async (table: string, content: Uint8Array, select: string) => {
    await db.insert(IN, content, 'create');
    await db.run(`CREATE TABLE raw.${table} AS ${select}`);
    await db.run(`DROP TABLE ${IN}`);
  };
  for (const [table, content] of dictionaries(manifest, divisions)) await make(table, content, `SELECT * FROM ${IN}`);
  const { coarsest, finest } = manifest.grid;
  for (let r = coarsest; r < finest; r++)
    await make(
      `grid_${r}`,
      await bytes(`grid/r${r}.arrow`),
      `SELECT rowid::UINTEGER AS id, h3, lng_e6, lat_e6 FROM ${IN}`,
    );
  await make('grid', await bytes('grid.arrow'), `SELECT rowid::UINTEGER AS id, h3, division, straddles FROM ${IN}`);

  const files = factsInOrder(manifest);
  const total = files.reduce((sum, file) => sum + (file.rows ?? 0), 0);
  let loaded = 0;
  await db.run(`CREATE TABLE raw.fact (h3 UBIGINT, res UTINYINT, day USMALLINT, hour UTINYINT, source UTINYINT, category USMALLINT,
  severity UTINYINT, stage UTINYINT, close_hours USMALLINT, division UINTEGER)`);
  // The join with the grid costs the same for few rows as for many: files are gathered before it.
  for (let at = 0; at < files.length; ) {
    const batch: FileEntry[] = [];
    for (let rows = 0; at < files.length && rows < BATCH_ROWS; at++) {
      batch.push(files[at] as FileEntry);
      rows += files[at]?.rows ?? 0;
    }
    for (let from = 0; from < batch.length; from += AT_ONCE) {
      const arrived = await Promise.all(batch.slice(from, from + AT_ONCE).map((file) => bytes(file.path)));
      for (const [i, content] of arrived.entries()) await db.insert(IN, content, from + i === 0 ? 'create' : 'append');
      loaded += batch.slice(from, from + AT_ONCE).reduce((sum, file) => sum + (file.rows ?? 0), 0);
      onProgress({ loaded, total });
    }
    await db.run(`INSERT INTO raw.fact
SELECT grid.h3, f.res, f.day, f.hour, f.source, f.category, f.severity, f.stage, f.close_hours, f.division
FROM ${IN} f LEFT JOIN raw.grid ON grid.id = f.cell_id`);
    await db.run(`DROP TABLE ${IN}`);
  }
  const sense = await fillSense(make, input);
  const tables = consoleTables(manifest, sense);
  for (const table of tables) for (const statement of createStatements(table)) await db.run(statement);
  return tables;
}

/** @returns what the views of sensing need to know; null = the snapshot has no sensing */
async function fillSense(
  make: (table: string, content: Uint8Array, select: string) => Promise<void>,
  { manifest, bytes }: ConsoleInput,
) {
  const has = (path: string) => manifest.files.some((file) => file.path === path);
  if (!has('sense.json')) return null;
  const parsed = Sense.safeParse(JSON.parse(new TextDecoder().decode(await bytes('sense.json'))));
  if (!parsed.success) return null;
  const { hotspots, risk } = parsed.data;
  await make(
    'hot_window',
    ipc({ id: Int32Array.from(hotspots.windows, (_, id) => id), key: hotspots.windows.map(({ key }) => key) }),
    `SELECT * FROM ${IN}`,
  );
  if (has('sense/hotspots.arrow')) await make('hotspots', await bytes('sense/hotspots.arrow'), `SELECT * FROM ${IN}`);
  if (has('sense/risk.arrow')) await make('risk', await bytes('sense/risk.arrow'), `SELECT * FROM ${IN}`);
  if (has('sense/series.arrow') && has('sense/series-index.arrow')) {
    await make(
      'series_index',
      await bytes('sense/series-index.arrow'),
      `SELECT rowid::UINTEGER AS series, * FROM ${IN} WHERE end_row > first_row`,
    );
    await make(
      'series',
      await bytes('sense/series.arrow'),
      `SELECT s.rowid::UINTEGER AS row, x.series, s.* FROM ${IN} s ASOF JOIN raw.series_index x ON s.rowid >= x.first_row`,
    );
  }
  return { resolution: hotspots.resolution, risk: risk.resolution, parts: risk.indicators.map(({ key }) => key) };
}

/** Small tables made from the manifest and the divisions, as Arrow streams: names never become SQL text. */
function dictionaries(manifest: Manifest, divisions: Divisions): readonly (readonly [string, Uint8Array])[] {
  const { sources, categories } = manifest.dictionaries;
  const { weeks, window } = manifest;
  const groupOf = (code: string) => categories.find((entry) => entry.code === code.split('.')[0]);
  const levels = levelColumns(manifest);
  const paths = Array.from({ length: divisions.count }, (_, id) => pathOf(divisions, id));
  const above = (id: number, level: number) => paths[id]?.find((at) => divisions.level[at] === level);
  const place: Record<string, unknown[]> = {
    id: paths.map((_, id) => id),
    code: [...divisions.code],
    name_zh: [...divisions.name],
    name_en: [...divisions.nameEn],
    level: [...divisions.level],
    parent: divisions.parent.map((id) => (id === null ? null : (divisions.code[id] ?? null))),
    area_km2: [...divisions.areaKm2],
    population: [...divisions.population],
    made: [...divisions.made],
  };
  for (const { level, column } of levels) {
    const ids = paths.map((_, id) => above(id, level));
    place[column] = ids.map((id) => (id === undefined ? null : (divisions.code[id] ?? null)));
    place[`${column}_zh`] = ids.map((id) => (id === undefined ? null : (divisions.name[id] ?? null)));
  }
  return [
    [
      'source',
      ipc({
        id: sources.map(({ id }) => id),
        source: sources.map(({ key }) => key),
        name_zh: sources.map(({ name }) => name.zh),
        name_en: sources.map(({ name }) => name.en),
        kind: sources.map(({ kind }) => kind),
        cadence_days: sources.map(({ cadenceDays }) => cadenceDays),
        as_of: sources.map(({ asOf }) => asOf),
        accepted: sources.map(({ accepted }) => accepted),
        rejected: sources.map(({ rejected }) => Object.values(rejected).reduce((sum, n) => sum + n, 0)),
      }),
    ],
    [
      'category',
      ipc({
        id: categories.map(({ id }) => id),
        code: categories.map(({ code }) => code),
        name_zh: categories.map(({ name }) => name.zh),
        name_en: categories.map(({ name }) => name.en),
        level: categories.map(({ level }) => level),
        parent: categories.map(({ parent }) => (parent === null ? null : (categories[parent]?.code ?? null))),
        group_code: categories.map(({ code }) => groupOf(code)?.code ?? code),
        group_zh: categories.map(({ code, name }) => groupOf(code)?.name.zh ?? name.zh),
        group_en: categories.map(({ code, name }) => groupOf(code)?.name.en ?? name.en),
        severity: categories.map(({ severity }) => severity),
        sensitive: categories.map(({ sensitive }) => sensitive),
      }),
    ],
    [
      'week',
      ipc({
        id: weeks.map((_, id) => id),
        iso: weeks.map(({ iso }) => iso),
        first_day: weeks.map(({ firstDay }) => firstDay),
        days: weeks.map(({ firstDay }) => Math.min(firstDay + 7, window.endDay) - Math.max(firstDay, window.firstDay)),
      }),
    ],
    // Nobody may know the population of any division: the column is a number all the same.
    ['place', ipc(place, { population: int32() })],
  ];
}

function ipc(
  columns: Readonly<Record<string, readonly unknown[] | Int32Array>>,
  known: Readonly<Record<string, DataType>> = {},
): Uint8Array {
  const types = Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [name, known[name] ?? typeOf(values)]),
  );
  const bytes = tableToIPC(tableFromArrays(columns as Record<string, unknown[]>, { types }), { format: 'stream' });
  if (!bytes) throw new Error('a table of the console could not be encoded');
  return bytes;
}

/** One kind of value a column; nothing but nulls is text. */
function typeOf(values: readonly unknown[] | Int32Array): DataType {
  const known = Array.from(values).filter((value) => value !== null);
  if (known.length === 0 || known.some((value) => typeof value === 'string')) return utf8();
  if (known.every((value) => typeof value === 'boolean')) return bool();
  return known.every(Number.isInteger) ? int32() : float64();
}
