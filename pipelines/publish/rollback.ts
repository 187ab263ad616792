import { readFileSync } from 'node:fs';
import type { Manifest } from '../../core/contract/manifest.ts';
import { EXIT, HexsightError } from '../errors.ts';
import { writeAtomic } from '../io/atomic.ts';
import { takeLock } from '../io/lock.ts';
import { readHistory } from './history.ts';
import { record } from './publish-manifest.ts';
import { keptManifestPath, keptManifests, manifestPath, publishedManifest } from './snapshot-folder.ts';
import { keptManifest } from './snapshots.ts';
import { fileProblems } from './verify-files.ts';

export interface Rollback {
  /** null = what was current could not be read. */
  readonly from: string | null;
  readonly to: string;
  readonly changed: boolean;
  /** What nobody sees until the next publish; null = what was current could not be read. */
  readonly lost: {
    readonly incidents: number;
    /** Days at the end of the window that the other does not have. */
    readonly days: number;
    /** Per source whose newest record is older now: from, to, local minutes. */
    readonly sources: readonly { readonly key: string; readonly from: string | null; readonly to: string | null }[];
    /** Names of inputs that the other was not made from, or from another version of. */
    readonly inputs: readonly string[];
  } | null;
}

/**
 * Makes a kept snapshot the current one again: every file and variant is read and checked first, then the manifest is swapped by
 * rename. It stays until a run whose inputs, configuration or code differ from those of the snapshot taken back (`standing`).
 *
 * @throws InputError for an unknown snapshot; HexsightError (verify) with every damaged file, (locked) while a run publishes
 */
export async function rollback(out: string, id: string, nowMs: number): Promise<Rollback> {
  keptManifest(out, id); // before a store is made beside a folder that is none
  const release = takeLock(`${out}.store/lock`);
  try {
    const target = keptManifest(out, id);
    const problems = await fileProblems(out, target.files);
    if (problems.length > 0) throw new HexsightError(EXIT.verify, `snapshot ${target.snapshot}`, problems);
    const before = publishedManifest(out);
    if (before?.snapshot === target.snapshot)
      return { from: before.snapshot, to: target.snapshot, changed: false, lost: lostBetween(before, target) };
    const from = before?.snapshot ?? null; // not readable
    // The history first: a rollback that is on record and did not happen is seen as such, as the manifest says otherwise.
    record(out, { atMs: nowMs, action: 'rollback', snapshot: target.snapshot, from });
    writeAtomic(manifestPath(out), readFileSync(keptManifestPath(out, target.snapshot)));
    return { from, to: target.snapshot, changed: true, lost: before && lostBetween(before, target) };
  } finally {
    release();
  }
}

function lostBetween(from: Manifest, to: Manifest): Rollback['lost'] {
  const had = new Set(to.from.inputs.map(({ name, sha256 }) => `${name}\0${sha256}`));
  const sources = from.dictionaries.sources.flatMap(({ key, asOf }) => {
    const now = to.dictionaries.sources.find((source) => source.key === key)?.asOf ?? null; // not there: no records
    return asOf !== null && (now === null || now < asOf) ? [{ key, from: asOf, to: now }] : [];
  });
  return {
    incidents: from.totals.accepted - to.totals.accepted,
    days: Math.max(0, from.window.endDay - to.window.endDay),
    sources,
    inputs: from.from.inputs.filter(({ name, sha256 }) => !had.has(`${name}\0${sha256}`)).map(({ name }) => name),
  };
}

/**
 * The current manifest, when a run that would make `snapshot` has nothing to do: it is that one, or somebody rolled back from it.
 * null = the run goes on.
 */
export function standing(out: string, snapshot: string): Manifest | null {
  const current = publishedManifest(out);
  if (current === null || current.snapshot === snapshot) return current;
  const { events } = readHistory(out, keptManifests(out));
  if (events.at(-1)?.snapshot !== current.snapshot) return null;
  for (let i = events.length - 1; events[i]?.action === 'rollback'; i--)
    if (events[i]?.from === snapshot) return current;
  return null;
}
