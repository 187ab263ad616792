/** Longest request target answered. A link may carry a drawn polygon, so it is generous. */
export const MAX_URL = 8192;

/** What a request asks for. Names are relative to the web root or the snapshot root, `/` between segments. */
export type Route =
  | { readonly kind: 'redirect'; readonly to: string }
  /** `room` = first segment of the path. */
  | { readonly kind: 'page'; readonly room: string }
  | { readonly kind: 'asset'; readonly name: string }
  | { readonly kind: 'public'; readonly name: string }
  | { readonly kind: 'manifest' }
  | { readonly kind: 'snapshot-file'; readonly name: string; readonly sha256: string }
  | { readonly kind: 'health' }
  | { readonly kind: 'refused'; readonly status: 400 | 404 | 414 };

const SEGMENT = '[A-Za-z0-9_][A-Za-z0-9._-]{0,120}';
const ASSET = new RegExp(`^/(assets(?:/${SEGMENT}){1,3})$`);
const PUBLIC = new RegExp(`^/((?:${SEGMENT}/){0,3}[A-Za-z0-9_][A-Za-z0-9_-]{0,60}\\.[a-z0-9.]{1,20})$`);
const SNAPSHOT_FILE = /^\/snapshot\/(files\/([0-9a-f]{64})\.[a-z]{1,12})$/;
/** `/desk`, `/review/2026-W47`: a page of the single-page app, which also shows its own "not found". */
const PAGE = /^(?:\/[a-z0-9][A-Za-z0-9-]{0,60}){1,4}$/;
/** Variants are reached through Accept-Encoding only. */
const VARIANT = /\.(?:br|gz|zst)$/;

/**
 * No path is ever decoded: every name this server knows is plain ASCII, so a path with `%`, a backslash or a
 * control character names nothing.
 */
export function routeOf(target: string): Route {
  if (target.length > MAX_URL) return { kind: 'refused', status: 414 };
  const path = target.split('?', 1)[0] ?? '';
  if (!/^\/[A-Za-z0-9._/-]*$/.test(path)) return { kind: 'refused', status: 400 };
  if (path === '/') return { kind: 'redirect', to: '/desk' };
  if (path === '/health') return { kind: 'health' };
  if (path === '/snapshot/manifest.json') return { kind: 'manifest' };
  const file = SNAPSHOT_FILE.exec(path);
  if (file) return { kind: 'snapshot-file', name: file[1]!, sha256: file[2]! };
  if (VARIANT.test(path) || path === '/snapshot' || path.startsWith('/snapshot/')) return NOT_FOUND;
  if (path.startsWith('/assets/')) return named('asset', ASSET.exec(path));
  if (PAGE.test(path)) return { kind: 'page', room: path.split('/')[1]! };
  return named('public', PUBLIC.exec(path));
}

const NOT_FOUND: Route = { kind: 'refused', status: 404 };

function named(kind: 'asset' | 'public', match: RegExpExecArray | null): Route {
  return match ? { kind, name: match[1]! } : NOT_FOUND;
}
