import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { startServer } from '../../../server/start-server.ts';
import { openSnapshot } from '../../../web/src/snapshot/load.ts';

const READERS = 50;

/**
 * R14: a publisher in a process of its own swaps snapshots, and collects old ones, while 50 readers go through the server with the browser's loader: a
 * manifest, then all its files, each checked by hash against that one manifest. No refusal, no mixture, no 5xx.
 */
export async function readerChecks(options: {
  readonly forMs: number;
  readonly everyMs: number;
}): Promise<{ reads: number; files: number; snapshots: number }> {
  const out = mkdtempSync(join(tmpdir(), 'hexsight-readers-'));
  const publisher = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(new URL('./publisher.ts', import.meta.url)), out, String(options.everyMs)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let wrong = '';
  publisher.stderr.on('data', (part) => {
    wrong += part;
  });
  const log = (line: string): void => {
    wrong += line;
  };
  const server = await startServer({ webRoot: out, snapshotRoot: out, port: 0, log });
  try {
    await new Promise((resolve) => publisher.stdout.once('data', resolve));
    const until = performance.now() + options.forMs;
    const seen = new Set<string>();
    let [reads, files] = [0, 0];
    const statuses = new Map<number, number>();
    const ask = async (url: string): Promise<Response> => {
      const response = await fetch(`${server.url}${url}`);
      statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1); // a count starts at nothing
      return response;
    };
    const reader = async (): Promise<void> => {
      while (performance.now() < until) {
        const source = await openSnapshot(ask);
        if (!source.ok) throw new Error(JSON.stringify(source.problem));
        const { manifest, bytes } = source.value;
        seen.add(manifest.snapshot);
        for (const { path } of manifest.files) {
          const text = new TextDecoder().decode(await bytes(path));
          // What the publisher wrote into it: of this snapshot, or of all.
          expect(text.startsWith('every ') || text.startsWith(`${Number.parseInt(manifest.snapshot, 16)} `)).toBe(true);
          files++;
        }
        reads++;
      }
    };
    await Promise.all(Array.from({ length: READERS }, reader)).catch((cause: Error) => {
      throw new Error(`${cause.message}; the server and the publisher said: ${wrong || 'nothing'}`, { cause });
    });
    expect(wrong).toBe('');
    expect([...statuses.keys()]).toEqual([200]);
    return { reads, files, snapshots: seen.size };
  } finally {
    publisher.kill('SIGKILL');
    await new Promise((resolve) => (publisher.exitCode === null ? publisher.once('close', resolve) : resolve(null)));
    await server.close();
    rmSync(out, { recursive: true });
  }
}
