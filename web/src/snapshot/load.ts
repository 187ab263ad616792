import { type FileEntry, fileAt, Manifest, SCHEMA_VERSION } from '../../../core/contract/manifest.ts';
import { type Loaded, problemOf } from './problem.ts';
import { type Fetch, fail, get, ROOT, readFile } from './read-file.ts';

export type { Fetch } from './read-file.ts';

export interface SnapshotSource {
  readonly manifest: Manifest;
  /** Bytes of a logical path, checked against its SHA-256. A failure throws a SnapshotError that names the file. */
  readonly bytes: (path: string) => Promise<Uint8Array<ArrayBuffer>>;
}

export async function openSnapshot(fetcher: Fetch = fetch): Promise<Loaded<SnapshotSource>> {
  try {
    const manifest = await readManifest(fetcher);
    return { ok: true, value: { manifest, bytes: (path) => readFile(fetcher, entryAt(manifest, path)) } };
  } catch (thrown) {
    return { ok: false, problem: problemOf(thrown, 'manifest.json') };
  }
}

async function readManifest(fetcher: Fetch): Promise<Manifest> {
  const file = 'manifest.json';
  const response = await get(fetcher, `${ROOT}/${file}`, file, { cache: 'no-cache' });
  const json: unknown = await response.json().catch((cause: unknown) => {
    throw fail({ kind: 'not-json', file, detail: 'is not JSON' }, cause);
  });
  const parsed = Manifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const { format, schemaVersion } = (json ?? {}) as { format?: unknown; schemaVersion?: unknown };
  if (format === 'hexsight-snapshot' && schemaVersion !== SCHEMA_VERSION)
    throw fail({ kind: 'version', file, detail: `format ${schemaVersion}, this version reads ${SCHEMA_VERSION}` });
  const issue = parsed.error.issues[0];
  throw fail({ kind: 'schema', file, detail: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}` });
}

function entryAt(manifest: Manifest, path: string): FileEntry {
  try {
    return fileAt(manifest, path);
  } catch (cause) {
    throw fail({ kind: 'absent', file: path, detail: 'is not listed in the manifest' }, cause);
  }
}
