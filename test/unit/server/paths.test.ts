import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join, sep } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routeOf } from '../../../server/routes/route.ts';
import { type RunningServer, startServer } from '../../../server/start-server.ts';
import { findFile } from '../../../server/store/find-file.ts';
import { makeManifest, makeSite, publish, SECRET, type Site } from './support.ts';

let site: Site;
let server: RunningServer;

beforeAll(async () => {
  site = await makeSite();
  await publish(site.snapshotRoot, makeManifest('0123456789abcdef'));
  server = await startServer({ ...site, port: 0 });
});

afterAll(async () => {
  await server.close();
  await site.remove();
});

/** Pieces from which the known tricks are put together: encodings of `..`, separators, NUL, links, hidden names. */
const piece = fc.constantFrom(
  ...['..', '.', '%2e%2e', '%2E.', '%252e%252e', '..%2f', '..%5c', '%c0%ae%c0%ae', '%u002e', '..;', '...', '..\\'],
  ...['/', '//', '\\', '%2f', '%5c', '%00', '\0', '%0d%0a', '\r', '?', '#', '~', ':', 'C:', ' ', '\u2025', '\uff0e'],
  ...['assets', 'snapshot', 'files', 'up', 'secret.txt', 'store.parquet', 'manifest.json', '.build.json', 'notes.txt'],
  ...['link-00000000.js', 'main-B3x_-9aQ.js', `${'c'.repeat(64)}.json`, 'index.html', '.br', 'desk', 'etc/passwd'],
  ...['http://127.0.0.1/', 'file:///', 'web', 'x'.repeat(200)],
);
const hostile = fc
  .array(
    fc.oneof({ weight: 6, arbitrary: piece }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .chain((pieces) =>
    fc.constantFrom(pieces.join(''), pieces.join('/'), `/assets/${pieces.join('/')}`, `/${pieces.join('/')}`),
  );

test('10,000 hostile names find nothing outside the root and nothing behind a link', async () => {
  const roots = [site.webRoot, site.snapshotRoot, join(site.webRoot, 'assets')];
  await fc.assert(
    fc.asyncProperty(hostile, fc.constantFrom(...roots), async (name, root) => {
      const found = await findFile(root, name);
      if (!found) return;
      expect(found.path.startsWith(root + sep)).toBe(true);
      // A plain name may be found here; which names may be asked for is the affair of the routes.
      expect(found.path.slice(root.length + 1)).toBe(name.split('/').join(sep));
      if (!/store\.parquet|notes\.txt/.test(name)) expect(await readFile(found.path, 'utf8')).not.toContain(SECRET);
    }),
    { numRuns: 10_000 },
  );
});

test('10,000 hostile targets route to nothing but plain names of the known folders', () => {
  fc.assert(
    fc.property(hostile, (target) => {
      const route = routeOf(target);
      if (!('name' in route)) return;
      expect(route.name).not.toMatch(/[^A-Za-z0-9._/-]|^\/|\/\/|(^|\/)\.|\.(br|gz|zst)$/);
      if (route.kind === 'snapshot-file') expect(route.name).toMatch(/^files\/[0-9a-f]{64}\.[a-z]+$/);
    }),
    { numRuns: 10_000 },
  );
});

test('10,000 hostile requests over HTTP give away no secret and never fail the server', {
  timeout: 120_000,
}, async () => {
  const targets = fc.sample(hostile, 10_000).map((target) => target.replace(/[\r\n ]/g, ''));
  const client = rawClient(new URL(server.url).port);
  const seen = new Map<number, number>();
  for (const target of targets) {
    const { status, text } = await client.get(target);
    expect(text, JSON.stringify(target)).not.toContain(SECRET);
    expect(status, JSON.stringify(target)).toBeLessThan(500);
    seen.set(status, (seen.get(status) ?? 0) + 1);
  }
  client.close();
  // Proof that the requests reached the routes: some are served, most are refused.
  expect([...seen.keys()]).toEqual(expect.arrayContaining([200, 400, 404]));
});

/** Writes targets as they are, which `http.request` would refuse to. One connection while the server keeps it open. */
function rawClient(port: string) {
  let socket: Socket | null = null;
  return {
    close: () => socket?.destroy(),
    get: (target: string) =>
      new Promise<{ status: number; text: string }>((resolve, reject) => {
        socket ??= connect(Number(port), '127.0.0.1').setNoDelay(true);
        const open = socket;
        let text = '';
        const done = (closed: boolean) => {
          open.removeAllListeners();
          open.on('error', () => {});
          if (closed) socket = null;
          resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 400), text });
        };
        open.on('data', (chunk) => {
          text += chunk.toString('latin1');
          const end = text.indexOf('\r\n\r\n');
          const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
          if (end < 0 || text.length < end + 4 + length) return;
          const closing = /connection: close/i.test(text);
          if (closing) open.destroy();
          done(closing);
        });
        open.on('close', () => done(true));
        open.on('error', (error: NodeJS.ErrnoException) =>
          ['ECONNRESET', 'EPIPE'].includes(error.code ?? '') ? done(true) : reject(error),
        );
        open.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      }),
  };
}
