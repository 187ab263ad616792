import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../core/contract/manifest.ts';
import { EXIT, HexsightError } from '../errors.ts';
import { syncFolder, writeAtomic } from '../io/atomic.ts';
import { type Collected, collect } from './collect.ts';
import { type KeepPolicy, type PublishEvent, readHistory, writeHistory } from './history.ts';
import { keptManifestPath, keptManifests, manifestPath, publishedManifest } from './snapshot-folder.ts';
import { originalProblems } from './verify-files.ts';

export interface Publishing {
  readonly keep: KeepPolicy;
  /** Epoch milliseconds; decides ages, never a published byte of the snapshot. */
  readonly nowMs: number;
}

/**
 * Publishes what lies in `files/`: every file is read again and checked by size and hash, the folder is synced, the manifest is kept
 * under its snapshot's name, and then takes the place of `manifest.json` by rename. Whoever reads sees the old snapshot or the new one.
 * Then the history is written and what the keep policy lets go is collected. The lock is held by the caller.
 *
 * @throws HexsightError (disk) that names the file; until the rename the old snapshot stays
 */
export async function publish(out: string, manifest: Manifest, { keep, nowMs }: Publishing): Promise<Collected> {
  const problems = await originalProblems(out, manifest.files);
  if (problems.length > 0) throw new HexsightError(EXIT.disk, join(out, 'files'), problems);
  syncFolder(join(out, 'files'));
  const before = publishedManifest(out);
  mkdirSync(join(out, 'manifests'), { recursive: true });
  const text = JSON.stringify(manifest);
  writeAtomic(keptManifestPath(out, manifest.snapshot), text);
  writeAtomic(manifestPath(out), text);
  record(out, { atMs: nowMs, action: 'publish', snapshot: manifest.snapshot, from: before?.snapshot ?? null }, keep); // none before
  return collect(out, keep, nowMs);
}

/** Adds an event to the history; of snapshots that are gone only what happened since the oldest kept one was published stays. */
export function record(out: string, event: PublishEvent, keep?: KeepPolicy): void {
  const kept = keptManifests(out);
  const history = readHistory(
    out,
    kept.filter(({ snapshot }) => snapshot !== event.snapshot),
  );
  const known = new Set([...kept.map(({ snapshot }) => snapshot), event.snapshot]);
  const first = history.events.findIndex(({ snapshot }) => known.has(snapshot));
  const events = [...(first < 0 ? [] : history.events.slice(first)), event];
  writeHistory(out, { keep: keep ?? history.keep, events });
}
