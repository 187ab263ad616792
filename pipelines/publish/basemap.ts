import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type FileEntry, type Label, Manifest, SCHEMA_VERSION } from '../../core/contract/manifest.ts';
import type { Profile } from '../../core/contract/profile.ts';
import { InputError } from '../errors.ts';
import { sha256 } from '../io/atomic.ts';
import { fileFailure } from '../io/file-failure.ts';
import { takeLock } from '../io/lock.ts';
import { currentManifest } from '../verify.ts';
import { publish } from './publish-manifest.ts';
import { fileProblem } from './verify-files.ts';

/** Logical path of the base map in a snapshot. */
const PATH = 'basemap.pmtiles';

type Inputs = Manifest['from']['inputs'];

/** The base map of a snapshot: what `run` takes over into the next one. */
export interface CarriedBasemap {
  readonly entry: FileEntry;
  readonly basemap: NonNullable<Manifest['basemap']>;
  /** It counts as an input: another base map is another snapshot. */
  readonly input: Inputs[number];
}

export interface BuiltBasemap {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly attribution: Label;
}

/** The first 16 hexadecimal digits of what a snapshot was made from. */
export const snapshotId = (from: Manifest['from']): string =>
  sha256(JSON.stringify([from, SCHEMA_VERSION])).slice(0, 16);

/**
 * Publishes the current snapshot again with this base map, as a snapshot of its own: it can be verified and rolled back like any
 * other, and nobody sees a manifest without its file. Publishing the base map that is already there does nothing.
 *
 * @throws InputError when there is no snapshot of this profile; HexsightError (locked), (disk)
 */
export async function publishBasemap(
  out: string,
  built: BuiltBasemap,
  { profile, nowMs }: { readonly profile: Profile; readonly nowMs: number },
): Promise<{ readonly snapshot: string; readonly changed: boolean }> {
  currentManifest(out); // before a store is made beside a folder that is none
  const release = takeLock(`${out}.store/lock`);
  try {
    const before = currentManifest(out);
    if (before.profile.id !== profile.id)
      throw new InputError(out, [
        `this snapshot is of profile ${before.profile.id}, not ${profile.id} 快照属于另一个城市`,
      ]);
    const entry: FileEntry = {
      path: PATH,
      file: `files/${built.sha256}.pmtiles`,
      sha256: built.sha256,
      bytes: built.bytes,
      encoded: {},
      rows: null,
      kind: 'basemap',
      grade: 'wall',
      division: null,
      period: null,
    };
    const input = { feed: 'basemap', name: PATH, bytes: built.bytes, sha256: built.sha256 };
    const from = { ...before.from, inputs: [...before.from.inputs.filter(({ feed }) => feed !== 'basemap'), input] };
    const basemap = { kind: 'pmtiles' as const, url: `/snapshot/${entry.file}`, attribution: built.attribution };
    const files = [...before.files.filter(({ path }) => path !== PATH), entry];
    const manifest = Manifest.parse({
      ...before,
      snapshot: snapshotId(from),
      from,
      basemap,
      files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    });
    await store(built, join(out, entry.file), entry);
    if (JSON.stringify(manifest) === JSON.stringify(before)) return { snapshot: before.snapshot, changed: false };
    await publish(out, manifest, { keep: profile.publish.keep, nowMs });
    return { snapshot: manifest.snapshot, changed: true };
  } finally {
    release();
  }
}

async function store(built: BuiltBasemap, target: string, expected: FileEntry): Promise<void> {
  if ((await fileProblem(target, expected)) === null) return;
  const temporary = `${target}.tmp-${process.pid}`;
  try {
    copyFileSync(built.path, temporary);
    renameSync(temporary, target);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw fileFailure(target, cause);
  }
}

/** The base map of the published snapshot, for the next one; null = it has none of its own, or its file is gone or damaged. */
export async function carriedBasemap(
  out: string,
  published: Manifest | null,
): Promise<CarriedBasemap | 'damaged' | null> {
  const entry = published?.files.find(({ path }) => path === PATH);
  const input = published?.from.inputs.find(({ feed }) => feed === 'basemap');
  if (!published?.basemap || !entry || !input) return null;
  const path = join(out, entry.file);
  if (!existsSync(path) || (await fileProblem(path, entry)) !== null) return 'damaged';
  return { entry, basemap: published.basemap, input };
}
