/**
 * `npm run bench -- pipeline --rows 600000 --json`: raw files → snapshot against DuckDB reading the very same CSV files into Parquet,
 * before and after it in the same run; then one more day, and another (of the sample city a Saturday, within a week, and the Sunday that
 * completes it), and a full rebuild that must give the same bytes. Sensing is apart.
 * The last line is one JSON object with every figure.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { Manifest } from '../../core/contract/manifest.ts';
import { runGenerate } from '../../pipelines/commands/generate.ts';
import { type CsvCity, csvCity, splitLastDay, thinCity } from './csv-city.ts';

export async function benchPipeline(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      /** Rows asked for; the generator adds revisions, duplicates and dirt. */
      rows: { type: 'string', default: '600000' },
      weeks: { type: 'string', default: '156' },
      folder: { type: 'string' },
      /** Folder of a larger bench city to take every k-th record of, instead of making one. */
      thinFrom: { type: 'string' },
      every: { type: 'string', default: '10' },
      json: { type: 'boolean' },
    },
  });
  const rows = Number(values.rows);
  const root = values.folder ?? join(tmpdir(), `hexsight-bench-${rows}`);
  mkdirSync(root, { recursive: true });
  const raw = join(root, 'raw');
  if (values.thinFrom && !existsSync(join(root, 'csv.done'))) thinCity(values.thinFrom, root, Number(values.every));
  const city = existsSync(join(root, 'csv.done')) ? null : raw;
  if (city && !existsSync(join(raw, 'city.json')))
    await runGenerate({ out: raw, incidents: Math.round(rows / 1.137), weeks: Number(values.weeks), seed: 7 });
  const csv = await csvCity(raw, root);
  const input = join(root, 'input');
  rmSync(input, { recursive: true, force: true });
  cpSync(csv.input, input, { recursive: true });
  const dayBefore = join(root, 'day-before');
  rmSync(dayBefore, { recursive: true, force: true });
  mkdirSync(dayBefore);
  splitLastDay(input, dayBefore, 'day-before');
  const out = join(root, 'snapshot');
  for (const folder of [out, `${out}.store`]) rmSync(folder, { recursive: true, force: true });

  const before = await duckBaseline(csv, root);
  const full = apart(run(csv.profile, input, out));
  const after = await duckBaseline(csv, root);
  const days = [dayBefore, csv.day].map((folder) => {
    cpSync(folder, input, { recursive: true });
    const figures = apart(run(csv.profile, input, out));
    return { weekday: weekdayOf(lastDay(readManifest(out))), ...figures };
  });
  const fresh = join(root, 'rebuilt');
  for (const folder of [fresh, `${fresh}.store`]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(`${fresh}.store`);
  for (const name of ['grid', 'id.key'])
    cpSync(join(`${out}.store`, name), join(`${fresh}.store`, name), { recursive: true });
  const rebuilt = apart(run(csv.profile, input, fresh));

  const duckSeconds = (before + after) / 2;
  const withoutGrid = full.seconds - (full.stages.grid ?? 0);
  const manifest = readManifest(out);
  const facts = manifest.files.filter((file) => file.kind === 'facts');
  const perIncident = (suffix: 'br' | 'gz'): number =>
    facts.reduce((sum, file) => sum + (file.encoded[suffix] ?? Number.NaN), 0) / manifest.totals.accepted;
  const csvBytes = readdirSync(csv.input).reduce(
    (sum, name) => sum + (name.endsWith('.csv') ? statSync(join(csv.input, name)).size : 0),
    0,
  );
  const figures = {
    rows: full.read,
    accepted: full.accepted,
    csvBytes,
    duckdbSeconds: { before: round(before), after: round(after) },
    seconds: {
      full: full.seconds,
      withoutGrid: round(withoutGrid),
      oneMoreDay: days.map(({ weekday, seconds }) => ({ weekday, seconds })),
      rebuilt: rebuilt.seconds,
    },
    senseSeconds: {
      full: full.senseSeconds,
      oneMoreDay: days.map((day) => day.senseSeconds),
      rebuilt: rebuilt.senseSeconds,
    },
    ratioToDuckdb: round(withoutGrid / duckSeconds),
    ratioToDuckdbWithFirstGrid: round(full.seconds / duckSeconds),
    ratioRebuilt: round(rebuilt.seconds / duckSeconds),
    oneMoreDayShare: days.map((day) => round(day.seconds / rebuilt.seconds)),
    oneMoreDaySameBytes: sameFiles(readManifest(out), readManifest(fresh)),
    peakRssBytes: Math.max(...[full, ...days, rebuilt].map((figures) => figures.peakRssBytes)),
    stages: { full: full.stages, oneMoreDay: days.map((day) => day.stages), rebuilt: rebuilt.stages },
    microsecondsPerRow: Object.fromEntries(
      Object.entries(rebuilt.stages).map(([stage, seconds]) => [stage, round((seconds / rebuilt.read) * 1e6)]),
    ),
    factsBytesPerIncident: { br: round(perIncident('br')), gz: round(perIncident('gz')) },
    snapshotBytes: full.bytes,
  };
  process.stdout.write(`${JSON.stringify(figures, null, values.json ? 0 : 2)}\n`);
}

/** Newest day of any source, days since 1970. */
function lastDay(manifest: Manifest): number {
  return Math.max(...manifest.dictionaries.sources.map((source) => source.lastDay ?? Number.NEGATIVE_INFINITY)); // none: never
}

const weekdayOf = (day: number): string => ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][(day + 3) % 7] as string;

interface RunFigures {
  readonly read: number;
  readonly accepted: number;
  readonly seconds: number;
  readonly stages: Readonly<Record<string, number>>;
  readonly peakRssBytes: number;
  readonly bytes: number;
}

/** Seconds from raw files to snapshot without sensing, which is named beside them: it is another product's work than DuckDB's. */
function apart(figures: RunFigures): RunFigures & { readonly senseSeconds: number } {
  const senseSeconds = figures.stages.sense ?? Number.NaN; // no such stage: nothing can be said
  return { ...figures, seconds: round(figures.seconds - senseSeconds), senseSeconds };
}

function run(profile: string, input: string, out: string): RunFigures {
  const child = spawnSync(
    process.execPath,
    ['pipelines/bin/hexsight.mjs', 'run', '--profile', profile, '--input', input, '--out', out, '--json', '--quiet'],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  );
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout.trim().split('\n').pop() as string) as RunFigures;
}

/** Seconds for all files of all three sources, one source after the other, both cores. */
async function duckBaseline(city: CsvCity, root: string): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const started = performance.now();
  for (const [feed, files] of Object.entries(city.files)) {
    const list = files.filter((file) => file.startsWith(city.input)).map((file) => `'${file.replaceAll("'", "''")}'`);
    const header = readFileSync(files[0] as string, 'utf8').split('\r\n', 1)[0] as string;
    const columns = header.split(',').map((name) => `'${name}': 'VARCHAR'`);
    // Ragged rows are left out by DuckDB (ignore_errors), which makes it faster rather than slower.
    await connection.run(
      `COPY (SELECT * FROM read_csv([${list.join(', ')}], auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', columns = {${columns.join(', ')}}, strict_mode = false, ignore_errors = true))
       TO '${join(root, `baseline-${feed}.parquet`)}' (FORMAT parquet)`,
    );
  }
  const seconds = (performance.now() - started) / 1000;
  connection.closeSync();
  instance.closeSync();
  return seconds;
}

const readManifest = (out: string): Manifest =>
  Manifest.parse(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')));

function sameFiles(a: Manifest, b: Manifest): boolean {
  const list = (manifest: Manifest): string =>
    manifest.files
      .map((file) => `${file.path} ${file.sha256}`)
      .sort()
      .join('\n');
  return list(a) === list(b) && a.snapshot === b.snapshot;
}

const round = (value: number): number => Math.round(value * 1000) / 1000;
