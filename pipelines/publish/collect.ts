import { existsSync, readdirSync, renameSync, rmSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolder } from '../io/atomic.ts';
import { type History, type KeepPolicy, readHistory, timesOf } from './history.ts';
import { type KeptManifest, keptManifestPath, keptManifests, publishedManifest } from './snapshot-folder.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * Which of the kept snapshots may go. One stays while it is current, or among the newest `keep.snapshots` and younger than
 * `keep.days` (the one before the current one at any age, so that a rollback is possible unless `snapshots` is 1), or was current
 * within the last `keep.graceMinutes`: somebody may still be reading it.
 */
export function collectable(
  kept: readonly KeptManifest[],
  history: History,
  policy: { readonly keep: KeepPolicy; readonly current: string | null; readonly nowMs: number },
): Set<string> {
  const { keep, current, nowMs } = policy;
  const timed = kept
    .map((manifest) => ({ manifest, ...timesOf(manifest, current, history) }))
    .sort((a, b) => lastCurrent(b) - lastCurrent(a) || b.publishedMs - a.publishedMs);
  const gone = new Set<string>();
  timed.forEach(({ manifest, publishedMs, supersededMs }, place) => {
    if (supersededMs === null) return;
    if (nowMs - supersededMs < keep.graceMinutes * MINUTE_MS) return;
    const young = nowMs - publishedMs < keep.days * DAY_MS || place === 1;
    if (manifest.files === null || place >= keep.snapshots || !young) gone.add(manifest.snapshot);
  });
  return gone;
}

function lastCurrent({ supersededMs }: { readonly supersededMs: number | null }): number {
  return supersededMs ?? Number.POSITIVE_INFINITY;
}

export interface Collected {
  readonly snapshots: readonly string[];
  readonly files: number;
  readonly bytes: number;
}

/**
 * Removes snapshots that may go, then files that no kept manifest names and that are older than the grace time. The lock is held.
 * A kill in between leaves files without a manifest, which the next collection removes. The current manifest's files never go; when
 * it cannot be read, nothing does.
 *
 * @throws the error of the file system
 */
export function collect(out: string, keep: KeepPolicy, nowMs: number): Collected {
  const current = publishedManifest(out);
  if (current === null) return { snapshots: [], files: 0, bytes: 0 };
  const kept = keptManifests(out);
  const gone = collectable(kept, readHistory(out, kept), { keep, current: current.snapshot, nowMs });
  for (const snapshot of gone) unlinkSync(keptManifestPath(out, snapshot));
  if (gone.size > 0) syncFolder(join(out, 'manifests'));
  const named = new Set(current.files.map(({ file }) => file.replace(/^files\//, '')));
  for (const { snapshot, files } of kept) if (!gone.has(snapshot)) for (const name of files ?? []) named.add(name); // damaged: names none
  let [files, bytes] = [0, 0];
  const folder = join(out, 'files');
  for (const name of readdirSync(folder)) {
    if (named.has(name.replace(/\.(br|gz|zst)$/, ''))) continue;
    const path = join(folder, name);
    const { size, mtimeMs } = statSync(path);
    // Of a snapshot just collected: its own grace is over. Else left by a run that failed, or put there by somebody.
    if (!isOfGone(name, kept, gone) && nowMs - mtimeMs < keep.graceMinutes * MINUTE_MS) continue;
    unlinkSync(path);
    files++;
    bytes += size;
  }
  return { snapshots: [...gone], files, bytes };
}

function isOfGone(name: string, kept: readonly KeptManifest[], gone: ReadonlySet<string>): boolean {
  const original = name.replace(/\.(br|gz|zst)$/, '');
  return kept.some(({ snapshot, files }) => gone.has(snapshot) && files?.includes(original));
}

const STRAY = /\.(tmp|old)-\d+$/;

/**
 * Left-overs of runs that were killed, anywhere below the folders. The lock is held and this run has not begun to write: whoever made
 * them is dead. A folder that was moved aside and not replaced is put back.
 */
export function sweepStrays(...folders: readonly string[]): number {
  let swept = 0;
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (!STRAY.test(entry.name)) {
        if (entry.isDirectory()) swept += sweepStrays(path);
        continue;
      }
      const original = path.replace(STRAY, '');
      if (/\.old-\d+$/.test(path) && !existsSync(original)) renameSync(path, original);
      else rmSync(path, { recursive: true, force: true });
      swept++;
    }
  }
  return swept;
}
