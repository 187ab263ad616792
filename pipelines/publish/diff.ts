import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import type { Manifest } from '../../core/contract/manifest.ts';
import { Quality } from '../../core/contract/quality.ts';
import { EXIT, HexsightError } from '../errors.ts';
import { keptManifest } from './snapshots.ts';
import { fileProblem } from './verify-files.ts';

/** A number before and after; null = the snapshot does not have it (not delivered, no such source), which is not 0. */
export interface Change {
  readonly a: number | null;
  readonly b: number | null;
}

export interface SnapshotDiff {
  readonly a: string;
  readonly b: string;
  readonly same: boolean;
  /** Why the two differ. */
  readonly why: {
    readonly inputsAdded: readonly string[];
    readonly inputsRemoved: readonly string[];
    readonly inputsChanged: readonly string[];
    readonly configChanged: boolean;
    readonly codeChanged: boolean;
  };
  /** Days since 1970-01-01 in the city's zone, half-open. */
  readonly window: { readonly a: Manifest['window']; readonly b: Manifest['window']; readonly changed: boolean };
  /** Only what differs, from here on. */
  readonly totals: readonly ({ readonly name: string } & Change)[];
  /** Accepted incidents by source key and month (`2025-07`). */
  readonly months: readonly ({ readonly source: string; readonly month: string } & Change)[];
  readonly rejected: readonly ({ readonly source: string; readonly reason: string } & Change)[];
  /** Incidents by level-1 division; code `city` = in the city and in none of them, `unlocated` = without a place. */
  readonly divisions: readonly ({ readonly code: string; readonly name: string } & Change)[];
  readonly files: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
    readonly same: number;
  };
}

/**
 * What changed from snapshot `a` to snapshot `b` of one folder, and why. The few files it reads are checked by hash first.
 *
 * @throws InputError for an unknown snapshot; HexsightError (verify) for a damaged file
 */
export async function diffSnapshots(out: string, a: string, b: string): Promise<SnapshotDiff> {
  const [from, to] = [await facts(out, keptManifest(out, a)), await facts(out, keptManifest(out, b))];
  const inputs = compareKeys(from.inputs, to.inputs);
  const files = compareKeys(from.files, to.files);
  const names = new Map([...from.names, ...to.names]);
  return {
    a: from.manifest.snapshot,
    b: to.manifest.snapshot,
    same: from.manifest.snapshot === to.manifest.snapshot,
    why: {
      inputsAdded: inputs.added,
      inputsRemoved: inputs.removed,
      inputsChanged: inputs.changed,
      configChanged: from.manifest.from.config !== to.manifest.from.config,
      codeChanged: from.manifest.from.code !== to.manifest.from.code,
    },
    window: {
      a: from.manifest.window,
      b: to.manifest.window,
      changed: JSON.stringify(from.manifest.window) !== JSON.stringify(to.manifest.window),
    },
    totals: changes(from.totals, to.totals).map(({ key, ...change }) => ({ name: key, ...change })),
    months: changes(from.months, to.months).map(({ key, ...change }) => {
      const [source = '', month = ''] = key.split('\0');
      return { source, month, ...change };
    }),
    rejected: changes(from.rejected, to.rejected).map(({ key, ...change }) => {
      const [source = '', reason = ''] = key.split('\0');
      return { source, reason, ...change };
    }),
    divisions: changes(from.divisions, to.divisions).map(({ key, ...change }) => ({
      code: key,
      name: names.get(key) ?? key,
      ...change,
    })),
    files: { added: files.added, removed: files.removed, changed: files.changed, same: files.same },
  };
}

type Numbers = ReadonlyMap<string, number | null>;

/** Two-part keys are joined by NUL, which no name holds. */
interface Facts {
  readonly manifest: Manifest;
  readonly inputs: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, string>;
  readonly totals: Numbers;
  readonly months: Numbers;
  readonly rejected: Numbers;
  readonly divisions: Numbers;
  readonly names: ReadonlyMap<string, string>;
}

async function facts(out: string, manifest: Manifest): Promise<Facts> {
  const { sources } = manifest.dictionaries;
  const bytes = (path: string) => checkedBytes(out, manifest, path);
  const quality = Quality.parse(JSON.parse((await bytes('quality.json')).toString('utf8')));
  const divisions = tableFromIPC(await bytes('divisions.arrow'));
  const text = (name: string, id: number): string => String(divisions.getChild(name)?.get(id));
  const week = tableFromIPC(await bytes('cube/week.arrow'));
  const [division, n] = [week.getChild('division'), week.getChild('n')];
  const byDivision = new Map<string, number>();
  const names = new Map([
    ['city', '市域内、不属任何区划 in no division'],
    ['unlocated', '未定位 unlocated'],
  ]);
  for (let i = 0; i < week.numRows; i++) {
    const id = division?.get(i) as number | null;
    const code = id === null ? 'unlocated' : id === 0 ? 'city' : text('code', id);
    if (id !== null && id > 0) names.set(code, text('name', id));
    byDivision.set(code, (byDivision.get(code) ?? 0) + (n?.get(i) as number)); // a sum starts at nothing
  }
  return {
    manifest,
    inputs: new Map(manifest.from.inputs.map(({ feed, name, sha256 }) => [`${feed}/${name}`, sha256])),
    files: new Map(manifest.files.map(({ path, sha256 }) => [path, sha256])),
    totals: new Map(Object.entries(manifest.totals)),
    months: new Map(quality.months.map(({ source, month, rows }) => [`${source}\0${month}`, rows])),
    rejected: new Map(
      sources.flatMap(({ key, rejected }) => Object.entries(rejected).map(([why, rows]) => [`${key}\0${why}`, rows])),
    ),
    divisions: byDivision,
    names,
  };
}

async function checkedBytes(out: string, manifest: Manifest, path: string): Promise<Buffer> {
  const entry = manifest.files.find((file) => file.path === path);
  const name = `snapshot ${manifest.snapshot}`;
  if (!entry) throw new HexsightError(EXIT.verify, name, [`has no file ${path}`]);
  const problem = await fileProblem(join(out, entry.file), entry);
  if (problem) throw new HexsightError(EXIT.verify, name, [`${path} (${entry.file}): ${problem}`]);
  return readFileSync(join(out, entry.file));
}

function compareKeys(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>) {
  const both = [...a.keys()].filter((key) => b.has(key));
  return {
    added: [...b.keys()].filter((key) => !a.has(key)).sort(),
    removed: [...a.keys()].filter((key) => !b.has(key)).sort(),
    changed: both.filter((key) => a.get(key) !== b.get(key)).sort(),
    same: both.filter((key) => a.get(key) === b.get(key)).length,
  };
}

function changes(a: Numbers, b: Numbers): ({ readonly key: string } & Change)[] {
  const keys = [...new Set([...a.keys(), ...b.keys()])].sort();
  return keys
    .map((key) => ({ key, a: a.get(key) ?? null, b: b.get(key) ?? null })) // not there at all: missing as well
    .filter((change) => change.a !== change.b);
}
