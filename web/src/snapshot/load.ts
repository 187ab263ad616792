import { type FileEntry, fileAt, Manifest, SCHEMA_VERSION } from '../../../core/contract/manifest.ts';
import { type Loaded, problemOf, SnapshotError, type SnapshotProblem } from './problem.ts';
import { sha256Hex } from './sha256.ts';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export interface SnapshotSource {
  readonly manifest: Manifest;
  /** Bytes of a logical path, checked against its SHA-256. A failure throws a SnapshotError that names the file. */
  readonly bytes: (path: string) => Promise<Uint8Array<ArrayBuffer>>;
}

const ROOT = '/snapshot';

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

async function readFile(fetcher: Fetch, entry: FileEntry): Promise<Uint8Array<ArrayBuffer>> {
  const response = await get(fetcher, `${ROOT}/${entry.file}`, entry.path);
  const bytes = await response.arrayBuffer().then(
    (buffer) => new Uint8Array(buffer),
    (cause: unknown) => {
      throw fail({ kind: 'unreachable', file: entry.path, detail: 'the transfer broke off' }, cause);
    },
  );
  if (bytes.byteLength !== entry.bytes) {
    const detail = `${bytes.byteLength} bytes instead of ${entry.bytes}`;
    throw fail({ kind: 'size', file: entry.path, detail });
  }
  const hash = await sha256Hex(bytes);
  if (hash !== entry.sha256)
    throw fail({ kind: 'hash', file: entry.path, detail: `SHA-256 ${hash} instead of ${entry.sha256}` });
  return bytes;
}

async function get(fetcher: Fetch, url: string, file: string, init?: RequestInit): Promise<Response> {
  const response = await fetcher(url, init).catch((cause: unknown) => {
    throw fail({ kind: 'unreachable', file, detail: 'the server does not answer' }, cause);
  });
  if (response.ok) return response;
  throw fail(await refusal(response, file));
}

/** What the server says is the matter (`server/http/problem.ts`) → what to tell the user. */
const REASONS: Readonly<Record<string, SnapshotProblem['kind']>> = {
  'no-snapshot': 'unpublished',
  'other-version': 'version',
  'damaged-manifest': 'schema',
  'damaged-file': 'hash',
};

async function refusal(response: Response, file: string): Promise<SnapshotProblem> {
  const answer: unknown = await response.json().catch(() => null); // a gateway's own page
  const { reason, en } = (answer ?? {}) as { reason?: unknown; en?: unknown };
  const known = typeof reason === 'string' ? REASONS[reason] : undefined;
  const detail = `HTTP ${response.status}${typeof en === 'string' ? `: ${en}` : ''}`;
  return { kind: known ?? (response.status === 404 ? 'absent' : 'refused'), file, detail };
}

function entryAt(manifest: Manifest, path: string): FileEntry {
  try {
    return fileAt(manifest, path);
  } catch (cause) {
    throw fail({ kind: 'absent', file: path, detail: 'is not listed in the manifest' }, cause);
  }
}

function fail(problem: SnapshotProblem, cause?: unknown): SnapshotError {
  return new SnapshotError(problem, { cause });
}
