import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Manifest, SCHEMA_VERSION } from '../../core/contract/manifest.ts';

/**
 * The published folder:
 *
 *     manifest.json               what is served; swapped by rename, last of all
 *     manifests/<snapshot>.json   the manifests of all snapshots kept
 *     files/<sha256>.<ext>        immutable, with .br .gz .zst beside them
 *     history.json                when each was published or rolled back to
 */
export const manifestPath = (out: string): string => join(out, 'manifest.json');
export const historyPath = (out: string): string => join(out, 'history.json');
export const keptManifestPath = (out: string, snapshot: string): string => join(out, 'manifests', `${snapshot}.json`);

export type ReadManifest =
  | { readonly kind: 'none' }
  | { readonly kind: 'read'; readonly manifest: Manifest }
  /** Of a release with another format of snapshots; to be made anew with this one. */
  | { readonly kind: 'other-version'; readonly schemaVersion: number }
  | { readonly kind: 'damaged'; readonly problems: readonly string[] };

/** What any version of the format has said so far: enough to keep or collect the files of a snapshot that cannot be read further. */
const AnyVersion = z.looseObject({
  format: z.literal('hexsight-snapshot'),
  schemaVersion: z.number(),
  snapshot: z.string(),
  files: z.array(z.looseObject({ file: z.string() })),
});

/** @throws the error of the file system when the file is there and cannot be read */
export function readManifest(path: string): ReadManifest {
  if (!existsSync(path)) return { kind: 'none' };
  const json = parsedJson(readFileSync(path));
  if (json === undefined) return { kind: 'damaged', problems: ['not JSON'] };
  const parsed = Manifest.safeParse(json);
  if (parsed.success) return { kind: 'read', manifest: parsed.data };
  const any = AnyVersion.pick({ format: true, schemaVersion: true }).safeParse(json);
  if (any.success && any.data.schemaVersion !== SCHEMA_VERSION)
    return { kind: 'other-version', schemaVersion: any.data.schemaVersion };
  const problems = parsed.error.issues.map((issue) => `$.${issue.path.join('.')}: ${issue.message}`);
  return { kind: 'damaged', problems };
}

/** The manifest now served from a folder; null when there is none, or none that this version reads: the next run replaces it. */
export function publishedManifest(out: string): Manifest | null {
  const read = readManifest(manifestPath(out));
  return read.kind === 'read' ? read.manifest : null;
}

export function rebuildMessage(schemaVersion: number): string {
  return (
    `this snapshot has format ${schemaVersion}, this version reads ${SCHEMA_VERSION}: rebuild it with this version (hexsight run) ` +
    `快照格式为 ${schemaVersion}，本版本读取 ${SCHEMA_VERSION}，请用本版本重新生成（hexsight run）`
  );
}

/** A manifest in `manifests/`, of whatever version. */
export interface KeptManifest {
  readonly snapshot: string;
  /** Names below `files/` without variants; null = the manifest is damaged and nobody knows. */
  readonly files: readonly string[] | null;
  readonly mtimeMs: number;
}

export function keptManifests(out: string): KeptManifest[] {
  const folder = join(out, 'manifests');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^[0-9a-f]{16}\.json$/.test(name))
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const any = AnyVersion.safeParse(parsedJson(readFileSync(path)));
      const files = any.success ? any.data.files.map(({ file }) => file.replace(/^files\//, '')) : null;
      return { snapshot: name.slice(0, 16), files, mtimeMs: statSync(path).mtimeMs };
    });
}

function parsedJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
