import { createHash } from 'node:crypto';
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../../../server/start-server.ts';
import { ask, askRaw, EMPTY, makeManifest, makeSite, publish, SECRET, type Site } from './support.ts';

let site: Site;
let server: RunningServer;
const logged: string[] = [];

beforeAll(async () => {
  site = await makeSite();
  await publish(site.snapshotRoot, makeManifest('0123456789abcdef'));
  server = await startServer({ ...site, port: 0, log: (line) => logged.push(line) });
});

afterAll(async () => {
  await server.close();
  await site.remove();
});

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  ask(`${server.url}${path}`, { method, headers });
const arrowUrl = () => `/snapshot/${site.arrow.name}`;

describe('pages', () => {
  test('the root sends to the desk', async () => {
    const { status, headers } = await get('/');
    expect([status, headers.location]).toEqual([302, '/desk']);
  });

  test.each(['/desk', '/wall', '/review/2026-W47', '/desk?view=31.3,120.6,9&category=noise'])(
    '%s is a page of the app, asked for anew each time',
    async (path) => {
      const { status, headers, body } = await get(path);
      expect(status).toBe(200);
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(headers['cache-control']).toBe('no-cache');
      expect(body.toString()).toContain('<title>hexsight</title>');
    },
  );

  test('an icon beside the page is asked for anew, as its name has no hash', async () => {
    const { headers } = await get('/icon.svg');
    expect([headers['content-type'], headers['cache-control']]).toEqual(['image/svg+xml', 'no-cache']);
  });
});

describe('types', () => {
  test.each([
    ['/assets/main-B3x_-9aQ.js', 'text/javascript; charset=utf-8'],
    ['/assets/duckdb-eh-D00dad00.wasm', 'application/wasm'],
    [`/snapshot/files/${EMPTY}.geojson`, 'application/geo+json'],
    [`/snapshot/files/${EMPTY}.json`, 'application/json; charset=utf-8'],
    ['/snapshot/manifest.json', 'application/json; charset=utf-8'],
  ])('%s is %s', async (path, type) => {
    expect((await get(path)).headers['content-type']).toBe(type);
  });

  test('a compressed variant keeps the type of the original', async () => {
    const { headers } = await get(arrowUrl(), { 'Accept-Encoding': 'br' });
    expect(headers['content-type']).toBe('application/vnd.apache.arrow.stream');
  });
});

describe('caching', () => {
  test.each(['/assets/main-B3x_-9aQ.js', `/snapshot/files/${EMPTY}.geojson`])('%s never changes', async (path) => {
    expect((await get(path)).headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  test('the tag of a snapshot file is its SHA-256', async () => {
    expect((await get(arrowUrl())).headers.etag).toBe(`"${site.arrow.sha256}"`);
  });

  test.each(['/assets/main-B3x_-9aQ.js', '/snapshot/manifest.json', '/desk'])(
    '%s with a known tag is 304 without a body',
    async (path) => {
      const { headers } = await get(path);
      const again = await get(path, { 'If-None-Match': headers.etag! });
      expect([again.status, again.body.length]).toEqual([304, 0]);
      expect(again.headers.etag).toBe(headers.etag);
      expect(again.headers.vary).toBe('Accept-Encoding');
      expect(again.headers['cache-control']).toBe(headers['cache-control']);
    },
  );

  test('the tag of another encoding is not known', async () => {
    const { headers } = await get(arrowUrl());
    const other = await get(arrowUrl(), { 'If-None-Match': headers.etag!, 'Accept-Encoding': 'gzip' });
    expect(other.status).toBe(200);
    expect(other.headers.etag).not.toBe(headers.etag);
  });
});

describe('encodings', () => {
  test.each([
    ['', undefined],
    ['identity', undefined],
    ['gzip', 'gzip'],
    ['br', 'br'],
    ['zstd', 'zstd'],
    ['gzip, br;q=0.5', 'gzip'],
    ['deflate, gzip, br, zstd', 'br'],
    ['gzip;q=0', undefined],
  ])('Accept-Encoding "%s" gets %s, the smallest of those liked equally', async (accept, expected) => {
    const { headers } = await get(arrowUrl(), { 'Accept-Encoding': accept });
    expect(headers['content-encoding']).toBe(expected);
    expect(headers.vary).toBe('Accept-Encoding');
  });

  test('each variant unpacks to the original', async () => {
    const br = await get(arrowUrl(), { 'Accept-Encoding': 'br' });
    const gzip = await get(arrowUrl(), { 'Accept-Encoding': 'gzip' });
    expect(brotliDecompressSync(br.body).equals(site.arrow.bytes)).toBe(true);
    expect(gunzipSync(gzip.body).equals(site.arrow.bytes)).toBe(true);
    expect(Number(br.headers['content-length'])).toBe(br.body.length);
  });

  test('the manifest is compressed too', async () => {
    const { headers, body } = await get('/snapshot/manifest.json', { 'Accept-Encoding': 'br' });
    expect(headers['content-encoding']).toBe('br');
    expect(JSON.parse(brotliDecompressSync(body).toString()).snapshot).toBe('0123456789abcdef');
  });

  test('a client that refuses everything there is gets 406', async () => {
    expect((await get('/icon.svg', { 'Accept-Encoding': 'identity;q=0' })).status).toBe(406);
  });

  test('a variant has no address of its own', async () => {
    expect((await get(`${arrowUrl()}.br`)).status).toBe(404);
    expect((await get('/assets/main-B3x_-9aQ.js.br')).status).toBe(404);
  });
});

describe('ranges', () => {
  test('a range counts bytes of the original, whatever the client can unpack', async () => {
    const { status, headers, body } = await get(arrowUrl(), { Range: 'bytes=10-14', 'Accept-Encoding': 'br, gzip' });
    expect(status).toBe(206);
    expect(body.toString()).toBe('01234');
    expect(headers['content-range']).toBe('bytes 10-14/100000');
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers.etag).toBe(`"${site.arrow.sha256}"`);
  });

  test('the last bytes', async () => {
    expect((await get(arrowUrl(), { Range: 'bytes=-3' })).body.toString()).toBe('789');
  });

  test('a range beyond the end is 416 and says how long the file is', async () => {
    const { status, headers } = await get(arrowUrl(), { Range: 'bytes=100000-' });
    expect([status, headers['content-range']]).toEqual([416, 'bytes */100000']);
  });

  test('If-Range with the tag of a compressed variant gets the whole original', async () => {
    const headers = { Range: 'bytes=0-4', 'If-Range': `"${site.arrow.sha256}-br"` };
    const { status, body } = await get(arrowUrl(), headers);
    expect([status, body.length]).toEqual([200, 100_000]);
  });

  test('more than five ranges are ignored', async () => {
    const { status } = await get(arrowUrl(), { Range: 'bytes=0-1,1-2,2-3,3-4,4-5,5-6' });
    expect(status).toBe(200);
  });
});

describe('methods', () => {
  test.each(['/desk', '/snapshot/manifest.json', '/health', '/assets/main-B3x_-9aQ.js', '/nothing.json'])(
    'HEAD %s has the headers of GET and no body',
    async (path) => {
      const [head, whole] = [await get(path, {}, 'HEAD'), await get(path)];
      expect(head.body.length).toBe(0);
      expect(head.status).toBe(whole.status);
      for (const name of ['content-type', 'content-length', 'etag', 'cache-control'] as const) {
        expect(head.headers[name]).toBe(whole.headers[name]);
      }
    },
  );

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('%s is refused', async (method) => {
    const { status, headers } = await get('/desk', {}, method);
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });
});

describe('policy', () => {
  const everywhere = [
    '/',
    '/desk',
    '/assets/main-B3x_-9aQ.js',
    '/assets/query-worker-C0ffee00.js',
    '/snapshot/manifest.json',
    '/health',
    '/nothing.json',
    '/%2e%2e/secret.txt',
  ];

  test.each(everywhere)('%s carries the whole policy', async (path) => {
    const { headers } = await get(path);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; " +
        "img-src 'self' data: blob:; style-src 'self'; font-src 'self'; manifest-src 'self'; object-src 'none'; " +
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['permissions-policy']).toContain('geolocation=()');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
  });

  test('a 304 and a 206 carry it too', async () => {
    const answers = [
      await get(arrowUrl(), { 'If-None-Match': `"${site.arrow.sha256}"` }),
      await get(arrowUrl(), { Range: 'bytes=0-0' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([304, 206]);
    for (const { headers } of answers) expect(headers['content-security-policy']).toBeDefined();
  });

  test('what is no HTTP is refused under it', async () => {
    const text = await askRaw(server.url, 'nonsense\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(text).toContain("Content-Security-Policy: default-src 'none'");
  });
});

describe('snapshot', () => {
  test('without one the manifest is 503 with a message in both languages, and health says so', async () => {
    const empty = await startServer({ webRoot: site.webRoot, snapshotRoot: join(site.webRoot, 'no-such'), port: 0 });
    try {
      const { status, headers, body } = await ask(`${empty.url}/snapshot/manifest.json`);
      expect([status, headers['retry-after'], headers['cache-control']]).toEqual([503, '5', 'no-store']);
      const { zh, en } = JSON.parse(body.toString());
      expect([zh, en]).toEqual([expect.stringContaining('还没有发布快照'), expect.stringContaining('No snapshot')]);
      const health = await ask(`${empty.url}/health`);
      expect([health.status, JSON.parse(health.body.toString()).status]).toEqual([503, 'no-snapshot']);
    } finally {
      await empty.close();
    }
  });

  test('a new manifest is served from the moment it is renamed into place', async () => {
    for (let round = 0; round < 20; round++) {
      const snapshot = round.toString(16).padStart(16, '0');
      await publish(site.snapshotRoot, makeManifest(snapshot));
      const { body } = await get('/snapshot/manifest.json');
      expect(JSON.parse(body.toString()).snapshot).toBe(snapshot);
    }
  });

  test('while manifests are swapped a reader always sees a whole one', async () => {
    let publishing = true;
    const publisher = (async () => {
      for (let n = 0; publishing; n++) await publish(site.snapshotRoot, makeManifest(n.toString(16).padStart(16, '0')));
    })();
    const statuses = await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (let n = 0; n < 25; n++) {
          const { status, body } = await get('/snapshot/manifest.json');
          if (status !== 200) return status;
          JSON.parse(body.toString());
        }
        return 200;
      }),
    );
    publishing = false;
    await publisher;
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  test('a damaged manifest is not served, and the message says what is wrong', async () => {
    const damaged = JSON.stringify(makeManifest('0123456789abcdef')).replace('"zone":"Asia/Shanghai",', '');
    for (const text of [damaged, '{"format": "hexsi', '']) {
      await publish(site.snapshotRoot, text);
      expect((await get('/snapshot/manifest.json')).status).toBe(503);
    }
    await publish(site.snapshotRoot, damaged);
    expect(JSON.parse((await get('/snapshot/manifest.json')).body.toString()).en).toContain('zone');
    expect(JSON.parse((await get('/health')).body.toString()).status).toBe('damaged-snapshot');
    await publish(site.snapshotRoot, makeManifest('0123456789abcdef'));
  });

  test('a manifest of another version says so: rebuild it with this version', async () => {
    await publish(site.snapshotRoot, JSON.stringify({ ...makeManifest('0123456789abcdef'), schemaVersion: 99 }));
    const { status, body } = await get('/snapshot/manifest.json');
    expect(status).toBe(503);
    const { reason, zh, en } = JSON.parse(body.toString());
    expect([reason, zh, en]).toEqual([
      'other-version',
      expect.stringMatching(/99.*请用本版本重新生成/),
      expect.stringMatching(/format 99.*rebuild it with this version/),
    ]);
    expect(JSON.parse((await get('/health')).body.toString()).status).toBe('other-version');
    await publish(site.snapshotRoot, makeManifest('0123456789abcdef'));
  });

  test('health tells the snapshot and nothing of the data', async () => {
    const { status, body } = await get('/health');
    expect(status).toBe(200);
    expect(JSON.parse(body.toString())).toEqual({
      status: 'ok',
      snapshot: '0123456789abcdef',
      uptimeSeconds: expect.any(Number),
    });
  });

  test.each([
    '/snapshot',
    '/snapshot/',
    '/snapshot/store.parquet',
    '/snapshot/files/',
    '/snapshot/files/notes.txt',
    `/snapshot/files/${'d'.repeat(64)}.arrow`,
    `/snapshot/files/${'A'.repeat(64)}.geojson`,
    `/snapshot/files/${'c'.repeat(64)}.json`,
    '/snapshot/manifest.json.tmp-1',
    '/assets/link-00000000.js',
    '/assets/up/secret.txt',
    '/.build.json',
  ])('%s is out of reach', async (path) => {
    const { status, body } = await get(path);
    expect(status).toBe(404);
    expect(body.toString()).not.toContain(SECRET);
  });
});

describe('damaged files', () => {
  const withSite = async (check: (url: string, path: string, lines: string[]) => Promise<void>) => {
    const other = await makeSite();
    const lines: string[] = [];
    const alone = await startServer({ ...other, port: 0, log: (line) => lines.push(line) });
    try {
      await check(`${alone.url}/snapshot/${other.arrow.name}`, join(other.snapshotRoot, other.arrow.name), lines);
    } finally {
      await alone.close();
      await other.remove();
    }
  };
  const flip = async (path: string): Promise<void> => {
    const bytes = await readFile(path);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    await writeFile(path, bytes);
  };

  test('one flipped bit is 500 with the reason, in the answer and once in the log, also for a range and HEAD', () =>
    withSite(async (url, path, lines) => {
      await flip(path);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const { status, headers, body } = await ask(url);
      expect(status).toBe(500);
      expect(headers['cache-control']).toBe('no-store');
      expect(JSON.parse(body.toString())).toMatchObject({
        reason: 'damaged-file',
        zh: expect.stringContaining('已损坏'),
      });
      expect((await ask(url, { headers: { Range: 'bytes=0-9' } })).status).toBe(500);
      expect((await ask(url, { method: 'HEAD' })).status).toBe(500);
      expect(lines).toEqual([expect.stringMatching(/damaged.*SHA-256/)]);
    }));

  test('damage after the file was served is seen, though size and time of writing are as before', () =>
    withSite(async (url, path) => {
      await utimes(path, 1_000_000, 1_000_000);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect((await ask(url)).status).toBe(200);
      await flip(path);
      await utimes(path, 1_000_000, 1_000_000);
      expect((await ask(url)).status).toBe(500);
    }));

  test.each(['br', 'gz', 'zst'])('a damaged .%s is passed over, and the log says so', (suffix) =>
    withSite(async (url, path, lines) => {
      const whole = await readFile(path);
      await flip(`${path}.${suffix}`);
      const accept = { br: 'br', gz: 'gzip', zst: 'zstd' }[suffix]!;
      const { status, headers, body } = await ask(url, { headers: { 'Accept-Encoding': accept } });
      expect([status, headers['content-encoding']]).toEqual([200, undefined]);
      expect(body.equals(whole)).toBe(true);
      expect(lines).toEqual([expect.stringMatching(new RegExp(`\\.${suffix}: damaged`))]);
    }),
  );

  test('a variant that unpacks to something else is passed over', () =>
    withSite(async (url, path) => {
      await writeFile(`${path}.gz`, gzipSync('something else'));
      const { headers } = await ask(url, { headers: { 'Accept-Encoding': 'gzip' } });
      expect(headers['content-encoding']).toBeUndefined();
    }));
});

describe('limits', () => {
  test('a long URL is 414', async () => {
    expect((await get(`/desk?${'x'.repeat(8192)}`)).status).toBe(414);
    expect((await get(`/desk?${'x'.repeat(8000)}`)).status).toBe(200);
  });

  test('headers beyond 16 KiB are 431', async () => {
    const text = await askRaw(server.url, `GET /desk HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 431 /);
  });

  test('a client that never finishes its headers is let go', async () => {
    const strict = await startServer({ ...site, port: 0, limits: { headersMs: 200, requestMs: 200 } });
    try {
      const text = await askRaw(strict.url, 'GET /desk HTTP/1.1\r\nHost: local');
      expect(text).toMatch(/^HTTP\/1\.1 408 /);
    } finally {
      await strict.close();
    }
  });

  test('a client that stops reading is let go', async () => {
    const strict = await startServer({ ...site, port: 0, limits: { answerMs: 300 } });
    try {
      const request = `GET /snapshot/${site.arrow.name} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
      const socket = connect(Number(new URL(strict.url).port), '127.0.0.1');
      socket.pause();
      // Far more answers than the buffers of two sockets hold.
      socket.write(request.repeat(500));
      await new Promise((resolve) => setTimeout(resolve, 600));
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.on('error', () => {}).resume();
      await closed;
      expect(socket.bytesRead).toBeLessThan(500 * 100_000);
    } finally {
      await strict.close();
    }
  });
});

describe('hosts', () => {
  test('a foreign host name on a loopback address is refused', async () => {
    expect((await get('/desk', { Host: 'attacker.example' })).status).toBe(421);
    expect((await get('/desk', { Host: 'localhost:1234' })).status).toBe(200);
  });

  test('a gateway may be allowed by name', async () => {
    const behind = await startServer({ ...site, port: 0, allowedHosts: ['risk.city.example'] });
    try {
      expect((await ask(`${behind.url}/desk`, { headers: { Host: 'risk.city.example' } })).status).toBe(200);
    } finally {
      await behind.close();
    }
  });

  test('loopback is silent, any other address is warned about', async () => {
    expect(logged).toEqual([]);
    const lines: string[] = [];
    const open = await startServer({ ...site, host: '0.0.0.0', port: 0, log: (line) => lines.push(line) });
    await open.close();
    expect(lines.join()).toMatch(/警告.*0\.0\.0\.0[\s\S]*Warning: listening on 0\.0\.0\.0/);
  });
});

describe('closing', () => {
  test('an answer under way is finished, then nobody is answered', async () => {
    const bytesOfFile = Buffer.alloc(20_000_000);
    const name = `files/${createHash('sha256').update(bytesOfFile).digest('hex')}.arrow`;
    await writeFile(join(site.snapshotRoot, name), bytesOfFile);
    const brief = await startServer({ ...site, port: 0 });
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(`${brief.url}/snapshot/${name}`, { agent: false }, resolve).on('error', reject).end();
    });
    const closing = brief.close();
    await expect(ask(`${brief.url}/desk`)).rejects.toThrow();
    let bytes = 0;
    for await (const chunk of response) bytes += (chunk as Buffer).length;
    expect(bytes).toBe(20_000_000);
    await closing;
  });

  test('an idle kept-alive connection does not hold it up', async () => {
    const brief = await startServer({ ...site, port: 0 });
    const socket = connect(Number(new URL(brief.url).port), '127.0.0.1');
    socket.write('GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    const startedMs = performance.now();
    await brief.close();
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    socket.destroy();
  });

  test('a port in use is an error with its code', async () => {
    const port = Number(new URL(server.url).port);
    await expect(startServer({ ...site, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

test('a web app that was removed is 404, not a crash', async () => {
  const other = await makeSite();
  const alone = await startServer({ ...other, port: 0 });
  try {
    await rm(other.webRoot, { recursive: true });
    expect((await ask(`${alone.url}/desk`)).status).toBe(404);
  } finally {
    await alone.close();
    await other.remove();
  }
});
