import { join } from 'node:path';
import type { Manifest } from '../../core/contract/manifest.ts';
import { InputError } from '../errors.ts';
import { collectable } from './collect.ts';
import { type KeepPolicy, readHistory, timesOf } from './history.ts';
import { keptManifestPath, keptManifests, publishedManifest, readManifest, rebuildMessage } from './snapshot-folder.ts';

/** One line of `hexsight snapshots`. */
export interface SnapshotLine {
  readonly snapshot: string;
  /** Epoch milliseconds. */
  readonly publishedMs: number;
  /** When another became current instead; null = it is current. */
  readonly supersededMs: number | null;
  readonly current: boolean;
  /** The next publish will remove it. */
  readonly collectable: boolean;
  readonly state: 'complete' | 'other-version' | 'damaged';
  /** Days since 1970-01-01 in the city's zone, half-open; null = this version cannot read it. */
  readonly window: Manifest['window'] | null;
  readonly zone: string | null;
  readonly incidents: number | null;
  /** Of its files with their compressed variants, also those it shares with others. */
  readonly bytes: number | null;
}

export interface SnapshotList {
  readonly current: string | null;
  /** null = published before there was a history. */
  readonly keep: KeepPolicy | null;
  /** Newest first. */
  readonly snapshots: readonly SnapshotLine[];
}

/** All snapshots of a published folder. Reads manifests only; `hexsight verify` reads the files. */
export function listSnapshots(out: string, nowMs: number): SnapshotList {
  const kept = keptManifests(out);
  const history = readHistory(out, kept);
  const current = publishedManifest(out)?.snapshot ?? null; // none, or none that this version reads
  const gone = history.keep ? collectable(kept, history, { keep: history.keep, current, nowMs }) : new Set<string>();
  const snapshots = kept.map((manifest): SnapshotLine => {
    const read = readManifest(keptManifestPath(out, manifest.snapshot));
    const readable = read.kind === 'read' ? read.manifest : null;
    return {
      snapshot: manifest.snapshot,
      ...timesOf(manifest, current, history),
      current: manifest.snapshot === current,
      collectable: gone.has(manifest.snapshot),
      state: read.kind === 'read' ? 'complete' : read.kind === 'other-version' ? 'other-version' : 'damaged',
      window: readable?.window ?? null,
      zone: readable?.zone ?? null,
      incidents: readable?.totals.accepted ?? null,
      bytes: readable && snapshotBytes(readable),
    };
  });
  snapshots.sort((a, b) => b.publishedMs - a.publishedMs);
  return { current, keep: history.keep, snapshots };
}

/** Files of a snapshot with their compressed variants; a file that stands for two paths counts once. */
export function snapshotBytes({ files }: Manifest): number {
  const sizes = new Map(
    files.map(({ file, bytes, encoded: { br, gz, zst } }) => [
      file,
      bytes + (br ?? 0) + (gz ?? 0) + (zst ?? 0), // a variant that was not made takes no room
    ]),
  );
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/**
 * The manifest of a kept snapshot by its id or the beginning of it (4 digits or more); `current` = the one served.
 *
 * @throws InputError when there is none, more than one, or one that this version does not read
 */
export function keptManifest(out: string, id: string): Manifest {
  if (id === 'current') {
    const current = publishedManifest(out);
    if (current) return current;
    throw new InputError(out, ['there is no current snapshot here 此处没有已发布的快照']);
  }
  const all = keptManifests(out).map(({ snapshot }) => snapshot);
  const found = all.filter((snapshot) => snapshot === id || (id.length >= 4 && snapshot.startsWith(id)));
  if (found.length === 0)
    throw new InputError(id, [
      `no such snapshot in ${join(out, 'manifests')} 没有这个快照; there ${all.length > 0 ? `are 现有 ${all.join(', ')}` : 'is none 一个也没有'}`,
    ]);
  if (found.length > 1) throw new InputError(id, [`stands for ${found.join(' and ')} 不止一个`]);
  const path = keptManifestPath(out, found[0] as string);
  const read = readManifest(path);
  switch (read.kind) {
    case 'read':
      return read.manifest;
    case 'other-version':
      throw new InputError(path, [rebuildMessage(read.schemaVersion)]);
    case 'damaged':
      throw new InputError(path, read.problems);
    case 'none':
      throw new InputError(path, ['was removed just now 刚刚被清理']);
    default:
      return read satisfies never;
  }
}
