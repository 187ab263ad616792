/**
 * `npm run bench -- pipeline --incidents 600000 --json`: raw files → snapshot against DuckDB reading CSV of the same rows into
 * Parquet, in one run. DuckDB cannot decode GB18030 offline, so its input is the hotline feed rewritten as UTF-8 (not timed) and the ratio is per row.
 * Last line: one JSON object with every figure.
 */
import { spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { Manifest } from '../../core/contract/manifest.ts';
import { runGenerate } from '../../pipelines/commands/generate.ts';

export async function benchPipeline(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      incidents: { type: 'string', default: '600000' },
      weeks: { type: 'string', default: '156' },
      folder: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  const incidents = Number(values.incidents);
  const root = values.folder ?? join(tmpdir(), `hexsight-bench-${incidents}`);
  mkdirSync(root, { recursive: true });
  const raw = join(root, 'raw');
  const generated = existsSync(join(raw, 'city.json'))
    ? null
    : await runGenerate({ out: raw, incidents, weeks: Number(values.weeks), seed: 7 });
  const out = join(root, 'snapshot');
  rmSync(out, { recursive: true, force: true });
  rmSync(`${out}.store`, { recursive: true, force: true });
  const cold = run(raw, out);
  const warm = run(raw, out, '--force');
  const baseline = await duckBaseline(raw, root);
  const manifest = Manifest.parse(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')));
  const facts = manifest.files.filter((file) => file.kind === 'facts');
  const perIncident = (suffix: 'br' | 'zst' | 'gz'): number =>
    facts.reduce((sum, file) => sum + (file.encoded[suffix] ?? Number.NaN), 0) / manifest.totals.accepted;
  const figures = {
    incidents,
    generateSeconds: generated?.seconds ?? null,
    rows: cold.read,
    accepted: cold.accepted,
    firstRunSeconds: cold.seconds,
    laterRunSeconds: warm.seconds,
    rowsPerSecond: Math.round(warm.read / warm.seconds),
    duckdbRowsPerSecond: Math.round(baseline.rows / baseline.seconds),
    ratioToDuckdb: round(warm.seconds / warm.read / (baseline.seconds / baseline.rows)),
    ratioToDuckdbFirstRun: round(cold.seconds / cold.read / (baseline.seconds / baseline.rows)),
    peakRssBytes: Math.max(cold.peakRssBytes, warm.peakRssBytes),
    factsBytesPerIncident: {
      br: round(perIncident('br')),
      zst: round(perIncident('zst')),
      gz: round(perIncident('gz')),
    },
    snapshotBytes: cold.bytes,
  };
  process.stdout.write(`${JSON.stringify(figures, null, values.json ? 0 : 2)}\n`);
}

interface RunFigures {
  readonly read: number;
  readonly accepted: number;
  readonly seconds: number;
  readonly peakRssBytes: number;
  readonly bytes: number;
}

function run(raw: string, out: string, ...more: string[]): RunFigures {
  const child = spawnSync(
    process.execPath,
    [
      'pipelines/bin/hexsight.mjs',
      'run',
      '--profile',
      'suzhou',
      '--input',
      raw,
      '--out',
      out,
      '--json',
      '--quiet',
      ...more,
    ],
    { encoding: 'utf8' },
  );
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout.trim().split('\n').pop() as string) as RunFigures;
}

async function duckBaseline(raw: string, root: string): Promise<{ rows: number; seconds: number }> {
  const utf8 = join(root, 'complaints-utf8.csv');
  const names = readdirSync(raw)
    .filter((name) => name.startsWith('complaints-'))
    .sort();
  if (!existsSync(utf8)) {
    const stream = createWriteStream(utf8);
    const decoder = new TextDecoder('gb18030', { fatal: true });
    names.forEach((name, i) => {
      const text = decoder.decode(readFileSync(join(raw, name)));
      stream.write(i === 0 ? text : text.slice(text.indexOf('\n') + 1));
    });
    await new Promise((resolve) => stream.end(resolve));
  }
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const target = join(root, 'baseline.parquet');
  const started = performance.now();
  await connection.run(
    `COPY (SELECT * FROM read_csv('${utf8}', header = true, delim = ',', quote = '"', all_varchar = true, strict_mode = false, null_padding = true)) TO '${target}' (FORMAT parquet)`,
  );
  const seconds = (performance.now() - started) / 1000;
  const reader = await connection.runAndReadAll(`SELECT count(*)::INTEGER AS n FROM '${target}'`);
  const rows = reader.getRowObjectsJS()[0]?.n as number;
  connection.closeSync();
  return { rows, seconds };
}

const round = (value: number): number => Math.round(value * 100) / 100;
