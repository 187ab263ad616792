import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../../../server/start-server.ts';
import { ask } from './support.ts';

const MEGABYTES = 96;
let folder: string;
let server: RunningServer;
let url: string;
let bytes: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hexsight-range-'));
  mkdirSync(join(folder, 'files'));
  bytes = Buffer.alloc(MEGABYTES << 20);
  for (let i = 0; i < bytes.length; i += 4096) bytes.writeUInt32LE(i, i);
  const name = `${createHash('sha256').update(bytes).digest('hex')}.pmtiles`;
  writeFileSync(join(folder, 'files', name), bytes);
  server = await startServer({ webRoot: folder, snapshotRoot: folder, port: 0 });
  url = `${server.url}/snapshot/files/${name}`;
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a large base map is read whole once, then each range costs a range', { timeout: 60_000 }, async () => {
  // The file's age is what the checker trusts: it must not have changed this very moment.
  await new Promise((resolve) => setTimeout(resolve, 100));
  const range = async (from: number, length: number): Promise<number> => {
    const before = performance.now();
    const { status, headers, body } = await ask(url, {
      headers: { Range: `bytes=${from}-${from + length - 1}`, 'Accept-Encoding': 'br, gzip' },
    });
    expect(status).toBe(206);
    expect(headers['content-type']).toBe('application/vnd.pmtiles');
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers['cache-control']).toContain('immutable');
    expect(body.equals(bytes.subarray(from, from + length))).toBe(true);
    return performance.now() - before;
  };
  const first = await range(0, 16_384);
  const later: number[] = [];
  for (let i = 0; i < 25; i++) later.push(await range(i * 3_000_000 + 17, 20_000));
  later.sort((a, b) => a - b);
  // Hashing 96 MB takes some 60 ms and more; a range that did it again would take as long as the first.
  expect(later[12]!).toBeLessThan(first / 4);
});
