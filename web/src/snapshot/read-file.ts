import type { FileEntry } from '../../../core/contract/manifest.ts';
import { SnapshotError, type SnapshotProblem } from './problem.ts';
import { sha256Hex } from './sha256.ts';

/** One file of a snapshot, in the page or in a worker. Imports nothing that the worker does not need. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

export const ROOT = '/snapshot';

/** Bytes checked against size and SHA-256. A failure throws a SnapshotError that names the file. */
export async function readFile(fetcher: Fetch, entry: FileEntry): Promise<Uint8Array<ArrayBuffer>> {
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

export async function get(fetcher: Fetch, url: string, file: string, init?: RequestInit): Promise<Response> {
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

export function fail(problem: SnapshotProblem, cause?: unknown): SnapshotError {
  return new SnapshotError(problem, { cause });
}
