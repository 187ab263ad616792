import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeLock } from '../../../pipelines/io/lock.ts';
import { lifeOf, markOf } from '../../../pipelines/io/process-life.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hexsight-lock-'));
  path = join(folder, 'store', 'lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A process that takes the lock when told; ends with 0 when it had it, 6 when it was refused. */
const taker = () => {
  const script = fileURLToPath(new URL('./lock-taker.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, path], { stdio: 'pipe' });
  const said = (word: string) =>
    new Promise<void>((resolve) =>
      child.stdout.on('data', (part) => {
        if (String(part).includes(word)) resolve();
      }),
    );
  let text = '';
  child.stderr.on('data', (part) => {
    text += part;
  });
  const ended = new Promise<{ code: number | null; text: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, text })),
  );
  return { child, ready: said('ready'), held: said('held'), ended };
};
const holder = (mark: object): void => {
  takeLock(path)(); // makes the folder and lock.1
  writeFileSync(`${path}.2`, JSON.stringify({ ...mark, free: false }));
};

it('is refused while it is held, in this process too, and free after it was given back', () => {
  const release = takeLock(path);
  expect(() => takeLock(path)).toThrow(/publishing here/);
  release();
  release();
  takeLock(path)();
});

it('of a dead process is taken over, also when another process has its number now', () => {
  holder({ ...markOf(process.ppid), started: '1' });
  takeLock(path)();
});

it('of a living process is not', () => {
  holder(markOf(process.ppid));
  expect(() => takeLock(path)).toThrow(new RegExp(`process ${process.ppid}\\).*等待`));
});

it('of another machine, or of another container, is not: the message says which file to remove', () => {
  holder({ ...markOf(1), host: 'elsewhere', boot: 'other' });
  expect(() => takeLock(path)).toThrow(/elsewhere.*remove .*lock\.2/);
});

it('from before this machine was started is taken over', () => {
  holder({ ...markOf(process.ppid), boot: 'before' });
  takeLock(path)();
});

it('that a power cut left empty is taken over', () => {
  takeLock(path)();
  writeFileSync(`${path}.2`, '');
  takeLock(path)();
});

it('does not gather files', () => {
  for (let i = 0; i < 50; i++) takeLock(path)();
  expect(readdirSync(join(folder, 'store')).length).toBeLessThan(12);
});

it('a zombie is dead, this process is alive', () => {
  expect(lifeOf(markOf(process.pid))).toBe('alive');
  expect(lifeOf({ ...markOf(process.pid), pid: 2 ** 30 })).toBe('dead');
});

it('survives kill -9 of its holder (R15)', async () => {
  const { child, ready, held, ended } = taker();
  await ready;
  child.stdin.write('0\n');
  await held;
  expect(() => takeLock(path)).toThrow(new RegExp(`process ${child.pid}`));
  child.kill('SIGKILL');
  await ended;
  takeLock(path)();
}, 60_000);

it('of those who race for a dead holder’s lock exactly one wins, the others say so (R15)', async () => {
  for (let round = 0; round < 2; round++) {
    rmSync(join(folder, 'store'), { recursive: true, force: true });
    holder({ ...markOf(process.ppid), started: '1' });
    const takers = Array.from({ length: 6 }, taker);
    await Promise.all(takers.map(({ ready }) => ready));
    const moment = `${Date.now() + 200}\n`;
    for (const { child } of takers) child.stdin.write(moment);
    let refused = 0;
    const results = await Promise.all(
      takers.map(async ({ child, ended }) => {
        const result = await ended;
        // When all others are refused, the winner may go.
        if (++refused === 5) for (const other of takers) if (other.child !== child) other.child.stdin.end();
        return result;
      }),
    );
    expect(results.map(({ code }) => code).sort()).toEqual([0, 6, 6, 6, 6, 6]);
    for (const { code, text } of results) if (code === 6) expect(text).toMatch(/publishing here|took the lock first/);
    expect(JSON.parse(readFileSync(`${path}.3`, 'utf8'))).toMatchObject({ free: true });
  }
}, 120_000);
