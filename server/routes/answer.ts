import type { IncomingMessage, ServerResponse } from 'node:http';
import { chooseEncoding, ENCODINGS, entityTag } from '../http/encoding.ts';
import { type Message, sendProblem } from '../http/problem.ts';
import type { FileChecker } from '../store/file-checker.ts';
import { findFile } from '../store/find-file.ts';
import type { ManifestStore, Published } from '../store/manifest-store.ts';
import { routeOf } from './route.ts';
import { IMMUTABLE, NO_CACHE, sendFile } from './send-file.ts';

export interface Site {
  readonly webRoot: string;
  readonly snapshotRoot: string;
  readonly manifest: ManifestStore;
  readonly checker: FileChecker;
  readonly uptimeSeconds: () => number;
  readonly log: (line: string) => void;
}

/** One request, from its target to a file, a document or a refusal. */
export async function answer(site: Site, req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    res.setHeader('Allow', 'GET, HEAD');
    return sendProblem(res, 405);
  }
  const { webRoot, snapshotRoot, log } = site;
  const route = routeOf(req.url ?? '');
  switch (route.kind) {
    case 'redirect':
      res.writeHead(302, { Location: route.to, 'Cache-Control': NO_CACHE, 'Content-Length': 0 }).end();
      return;
    case 'page':
      return sendFile(req, res, {
        root: webRoot,
        name: await pageOf(webRoot, route.room),
        cacheControl: NO_CACHE,
        log,
      });
    case 'asset':
      return sendFile(req, res, { root: webRoot, name: route.name, cacheControl: IMMUTABLE, log });
    case 'public':
      return sendFile(req, res, { root: webRoot, name: route.name, cacheControl: NO_CACHE, log });
    case 'snapshot-file': {
      const { name, sha256 } = route;
      const content = { sha256, checker: site.checker };
      return sendFile(req, res, { root: snapshotRoot, name, content, cacheControl: IMMUTABLE, log });
    }
    case 'manifest':
      return sendManifest(req, res, await site.manifest.current());
    case 'health':
      return sendHealth(res, await site.manifest.current(), site.uptimeSeconds());
    case 'refused':
      return sendProblem(res, route.status);
    default:
      route satisfies never;
  }
}

/** The same page for all, but a room may have one that names its own code, so that it comes with the entry. */
async function pageOf(webRoot: string, room: string): Promise<string> {
  const own = `${room}.html`;
  return (await findFile(webRoot, own)) ? own : 'index.html';
}

function sendManifest(req: IncomingMessage, res: ServerResponse, published: Published): void {
  if (published.kind !== 'published') {
    res.setHeader('Retry-After', '5');
    sendProblem(res, 503, unpublished(published));
    return;
  }
  const choice = chooseEncoding(req.headers, published.variants);
  if (choice.kind === 'unacceptable') {
    sendProblem(res, 406);
    return;
  }
  const variant = choice.kind === 'variant' ? choice.variant : null;
  const tag = entityTag(published.tag, variant?.suffix ?? null);
  res.setHeader('ETag', tag);
  res.setHeader('Cache-Control', NO_CACHE);
  res.setHeader('Vary', 'Accept-Encoding');
  if (knows(req, tag)) {
    res.writeHead(304).end();
    return;
  }
  const body = variant?.content ?? published.bytes;
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', body.length);
  if (variant) res.setHeader('Content-Encoding', ENCODINGS[variant.suffix]);
  res.end(req.method === 'HEAD' ? undefined : body);
}

function knows(req: IncomingMessage, tag: string): boolean {
  const known = req.headers['if-none-match']?.split(',').map((text) => text.trim().replace(/^W\//, '')) ?? [];
  return known.includes(tag) || known.includes('*');
}

function unpublished(published: Exclude<Published, { kind: 'published' }>): Message {
  switch (published.kind) {
    case 'none':
      return {
        reason: 'no-snapshot',
        zh: '还没有发布快照。请先运行 hexsight run，完成后刷新本页。',
        en: 'No snapshot is published yet. Run `hexsight run` first, then reload this page.',
      };
    case 'damaged':
      return {
        reason: 'damaged-manifest',
        zh: `快照清单已损坏，请重新发布（${published.why}）。`,
        en: `The manifest of the snapshot is damaged; publish again (${published.why}).`,
      };
    case 'other-version':
      return {
        reason: 'other-version',
        zh: `快照格式为 ${published.schemaVersion}，本版本读取 ${published.expected}：请用本版本重新生成（hexsight run）。`,
        en: `This snapshot has format ${published.schemaVersion}, this version reads ${published.expected}: rebuild it with this version (hexsight run).`,
      };
    default:
      return published satisfies never;
  }
}

const HEALTH = {
  published: 'ok',
  none: 'no-snapshot',
  damaged: 'damaged-snapshot',
  'other-version': 'other-version',
} as const satisfies Record<Published['kind'], string>;

/** For a load balancer or a monitor: 200 only while there is a snapshot to serve. Carries no data. */
function sendHealth(res: ServerResponse, published: Published, uptimeSeconds: number): void {
  const serving = published.kind === 'published';
  const body = Buffer.from(
    `${JSON.stringify({
      status: HEALTH[published.kind],
      snapshot: serving ? published.snapshot : null,
      uptimeSeconds,
    })}\n`,
  );
  res.writeHead(serving ? 200 : 503, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
    'Content-Length': body.length,
  });
  res.end(res.req.method === 'HEAD' ? undefined : body);
}
