import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fileAt } from '../../../core/contract/manifest.ts';
import { sha256 } from '../../../pipelines/io/atomic.ts';
import { keptManifestPath, manifestPath, readManifest } from '../../../pipelines/publish/snapshot-folder.ts';
import { fileProblems, originalProblems } from '../../../pipelines/publish/verify-files.ts';
import { csv, type SmallCity, smallCity } from '../bad-input/small-city.ts';

const CLI = fileURLToPath(new URL('../../../pipelines/bin/hexsight.mjs', import.meta.url));
const FAULT = new URL('./fault.mjs', import.meta.url).href;

/** The n-th call of the file layer below the published folder and the store fails once (`sticky`: and all later ones), or kills. */
export interface Fault {
  readonly at: number;
  readonly code: 'ENOSPC' | 'EIO' | 'EACCES' | 'EMFILE' | 'KILL';
  readonly thread?: 'main' | 'worker';
  readonly sticky?: boolean;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
  /** Calls of the file layer seen on the main thread; null = killed before it could tell. */
  readonly calls: number | null;
  readonly workerCalls: number;
  /** `operation path` of the call that failed; null = the run was over before. */
  readonly hit: string | null;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** A small city that is published again and again from two sets of inputs, `a` and `b`, by child processes. */
export interface Victim {
  readonly city: SmallCity;
  readonly out: string;
  readonly store: string;
  use(inputs: 'a' | 'b'): void;
  start(options?: { readonly fault?: Fault; readonly args?: readonly string[]; readonly out?: string }): Running;
  run(options?: { readonly fault?: Fault; readonly args?: readonly string[]; readonly out?: string }): Promise<Ended>;
  remove(): void;
}

const INPUTS = {
  a: csv(),
  b: csv('B1,2024-04-02 08:00:00,120.005,31.01,noise,closed', 'B2,2024-04-03 09:00:00,120.015,31.01,parking,closed'),
};

export const makeVictim = (change?: (profile: Record<string, unknown>) => void): Victim => victimOf(smallCity(change));

export function victimOf(city: SmallCity): Victim {
  const report = join(city.profile, '..', 'calls');
  const start: Victim['start'] = ({ fault, args = [], out = city.out } = {}) => {
    for (const name of ['', '.hit', '.worker']) rmSync(`${report}${name}`, { force: true });
    const env = { ...process.env, NODE_OPTIONS: '', HEXSIGHT_THREADS: '2' };
    const setting = { roots: [out, `${out}.store`], report, at: 0, code: 'EIO', thread: 'main', ...fault };
    const startedMs = performance.now();
    const child = spawn(
      process.execPath,
      [
        ...['--import', FAULT, CLI, 'run', '--profile', city.profile, '--input', city.input, '--out', out],
        ...['--quiet', '--json', ...args],
      ],
      { env: { ...env, HEXSIGHT_FAULT: JSON.stringify(setting) }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (part: Buffer) => {
      stdout += part;
    });
    child.stderr.on('data', (part: Buffer) => {
      stderr += part;
    });
    const ended = new Promise<Ended>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) =>
        resolve({
          ...{ code, signal, stdout, stderr, ms: performance.now() - startedMs },
          calls: existsSync(report) ? Number(readFileSync(report, 'utf8')) : null,
          workerCalls: existsSync(`${report}.worker`) ? readFileSync(`${report}.worker`).length : 0, // none made
          hit: existsSync(`${report}.hit`) ? readFileSync(`${report}.hit`, 'utf8') : null,
        }),
      );
    });
    return { child, ended };
  };
  return {
    city,
    out: city.out,
    store: `${city.out}.store`,
    use: (inputs) => city.file('orders.csv', INPUTS[inputs]),
    start,
    run: (options) => start(options).ended,
    remove: city.remove,
  };
}

/** Problems of what is published right now; `quick` leaves the compressed variants out. Empty = whole. */
export async function faultsOf(out: string, quick = false): Promise<string[]> {
  const bytes = readFileSync(manifestPath(out));
  const read = readManifest(manifestPath(out));
  if (read.kind !== 'read') return [`manifest: ${read.kind}`];
  const { manifest } = read;
  // Published anew between the two readings: look at that one.
  if ((JSON.parse(bytes.toString('utf8')) as { snapshot: string }).snapshot !== manifest.snapshot)
    return faultsOf(out, quick);
  if (!bytes.equals(readFileSync(keptManifestPath(out, manifest.snapshot))))
    return ['manifest.json is not the one kept'];
  fileAt(manifest, 'quality.json');
  return (quick ? originalProblems : fileProblems)(out, manifest.files);
}

/** Which snapshot is published, and the hash of its manifest's bytes. */
export function publishedMark(out: string): string {
  const bytes = readFileSync(manifestPath(out));
  return `${(JSON.parse(bytes.toString('utf8')) as { snapshot: string }).snapshot} ${sha256(bytes)}`;
}

/** Temporary and moved-aside files and folders anywhere below. */
export function strays(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    existsSync(folder)
      ? readdirSync(folder, { recursive: true })
          .map(String)
          .filter((name) => /\.(tmp|old)-/.test(name))
          .map((name) => join(folder, name))
      : [],
  );
}

/** Marks of `a` and `b` as undisturbed runs make them, in a folder of their own. */
export async function undisturbed(
  victim: Victim,
): Promise<{ readonly a: string; readonly b: string; readonly run: Ended }> {
  const out = `${victim.out}-undisturbed`;
  mkdirSync(out, { recursive: true });
  const texts: string[] = [];
  let run: Ended | null = null;
  for (const inputs of ['a', 'b'] as const) {
    victim.use(inputs);
    run = await victim.run({ out });
    if (run.code !== 0) throw new Error(`an undisturbed run fails: ${run.stderr}`);
    texts.push(publishedMark(out));
  }
  return { a: texts[0] as string, b: texts[1] as string, run: run as Ended };
}
