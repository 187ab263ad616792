import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { Zstd } from '@hpcc-js/wasm-zstd';
import type { Manifest } from '../../../core/contract/manifest.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request that adds no header of its own and decodes nothing. */
export function ask(url: string, options: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { agent: false, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

/** Bytes as they are onto a socket; everything that comes back until the server closes. */
export function askRaw(url: string, text: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

const hashOf = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
/** Name of a file that holds `{}`, without extension. */
export const EMPTY = hashOf('{}');

export const SECRET = 'canary-4f1c-outside-the-root';

export interface Site {
  readonly webRoot: string;
  readonly snapshotRoot: string;
  /** `files/<sha256>.arrow`, 100 kB that compress, with .br, .gz and .zst beside it. */
  readonly arrow: { readonly name: string; readonly sha256: string; readonly bytes: Buffer };
  remove(): Promise<void>;
}

/** A built web app and a snapshot folder without manifest, with secrets and links to them where a slip would show. */
export async function makeSite(): Promise<Site> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'hexsight-server-')));
  const webRoot = join(root, 'web');
  const snapshotRoot = join(root, 'snapshot');
  const bytes = Buffer.from('0123456789'.repeat(10_000));
  const sha256 = hashOf(bytes);
  const arrow = { name: `files/${sha256}.arrow`, sha256, bytes };
  const script = Buffer.from('export const answer = 42;\n'.repeat(100));
  const files: [string, string | Buffer][] = [
    ['web/index.html', '<!doctype html><title>hexsight</title>'],
    ['web/icon.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['web/.build.json', SECRET],
    ['web/assets/main-B3x_-9aQ.js', script],
    ['web/assets/main-B3x_-9aQ.js.br', brotliCompressSync(script)],
    ['web/assets/query-worker-C0ffee00.js', 'postMessage(1);'],
    ['web/assets/duckdb-eh-D00dad00.wasm', Buffer.from([0, 97, 115, 109, 1, 0, 0, 0])],
    [`snapshot/${arrow.name}`, bytes],
    [`snapshot/${arrow.name}.br`, brotliCompressSync(bytes)],
    [`snapshot/${arrow.name}.gz`, gzipSync(bytes)],
    [`snapshot/${arrow.name}.zst`, Buffer.from((await Zstd.load()).compress(bytes, 19))],
    [`snapshot/files/${EMPTY}.geojson`, '{}'],
    [`snapshot/files/${EMPTY}.json`, '{}'],
    ['snapshot/files/notes.txt', SECRET],
    ['snapshot/store.parquet', SECRET],
    ['secret.txt', SECRET],
  ];
  for (const [name, content] of files) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  await symlink(join(root, 'secret.txt'), join(webRoot, 'assets', 'link-00000000.js'));
  await symlink(root, join(webRoot, 'assets', 'up'));
  await symlink(join(root, 'secret.txt'), join(snapshotRoot, 'files', `${'c'.repeat(64)}.json`));
  return { webRoot, snapshotRoot, arrow, remove: () => rm(root, { recursive: true }) };
}

export function makeManifest(snapshot: string): Manifest {
  const label = { zh: '样例', en: 'Sample' };
  return {
    format: 'hexsight-snapshot',
    schemaVersion: 2,
    snapshot,
    profile: { id: 'sample', name: label, attribution: label },
    zone: 'Asia/Shanghai',
    from: { inputs: [], config: '', code: '' },
    window: { firstDay: 0, endDay: 7 },
    weeks: [],
    bounds: [120, 31, 121, 32],
    grid: { finest: 10, coarsest: 6, cells: {}, overview: 8 },
    divisionLevels: [],
    dictionaries: { sources: [], categories: [] },
    totals: { read: 0, accepted: 0, rejected: 0, located: 0, divisionOnly: 0, unlocated: 0, unmapped: 0, coarsened: 0 },
    basemap: null,
    files: [],
  };
}

/** As a publisher does it: temporary name, then rename. */
export async function publish(snapshotRoot: string, manifest: Manifest | string): Promise<void> {
  const temporary = join(snapshotRoot, 'manifest.json.tmp-1');
  await writeFile(temporary, typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
  await rename(temporary, join(snapshotRoot, 'manifest.json'));
}
