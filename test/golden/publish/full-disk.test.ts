import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { faultsOf, makeVictim, publishedMark, strays, type Victim } from './victim.ts';

/** Both the folder and its store lie on it. */
const DISK_BYTES = 6_000_000;
let victim: Victim;
let disk: string;
/** Without the right to mount, a disk that refuses every write from some call on stands in; the test names say which it was. */
const mountable = canMount();
const KIND = mountable ? 'a tmpfs of 6 MB' : 'no right to mount here: writes that fail from some call on';

beforeEach(() => {
  victim = makeVictim();
  disk = mkdtempSync(join(tmpdir(), 'hexsight-disk-'));
  if (mountable) mount(`size=${DISK_BYTES}`);
});
afterEach(() => {
  if (mountable) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true });
  victim.remove();
});
const mount = (options: string): void => {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'none', disk]);
};
const freeBytes = (): number => {
  const { bavail, bsize } = statfsSync(disk);
  return bavail * bsize;
};
const leave = (bytes: number): void =>
  writeFileSync(join(disk, 'filler'), Buffer.alloc(Math.max(0, freeBytes() - bytes)));

describe(`a full disk (R3, ${KIND})`, () => {
  it('in the middle of a run: a clear error, the old snapshot, and all is well when there is room again', async () => {
    const out = join(disk, 'out');
    victim.use('a');
    expect((await victim.run({ out })).code).toBe(0);
    const old = publishedMark(out);
    victim.use('b');
    let full = 0;
    for (const room of mountable ? [120_000, 180_000, 240_000, 300_000, 400_000] : [0.2, 0.5, 0.8]) {
      if (mountable) leave(room);
      const fault = { at: Math.round(room * 300), code: 'ENOSPC', sticky: true } as const;
      const run = await victim.run({ out, args: ['--force'], ...(mountable ? {} : { fault }) });
      if (run.code === 0) break;
      // Refused before the start: the next test's case.
      if (run.stderr.includes('nothing was written')) {
        unlinkSync(join(disk, 'filler'));
        continue;
      }
      full++;
      expect(run.code, run.stderr).toBe(7);
      expect(run.stderr).toMatch(/stage 阶段 [a-z]+/);
      expect(run.stderr).toMatch(/No space left|ENOSPC/);
      expect(publishedMark(out)).toBe(old);
      expect(await faultsOf(out)).toEqual([]);
      if (mountable) unlinkSync(join(disk, 'filler'));
    }
    expect(full).toBeGreaterThan(0);
    rmSync(join(disk, 'filler'), { force: true });
    expect((await victim.run({ out })).code).toBe(0);
    expect(publishedMark(out)).not.toBe(old);
    expect(await faultsOf(out)).toEqual([]);
    expect(strays(out, `${out}.store`)).toEqual([]);
  }, 180_000);

  it.runIf(mountable)(
    'is refused before the start when less than twice the estimate is free',
    async () => {
      const out = join(disk, 'out');
      victim.use('a');
      expect((await victim.run({ out })).code).toBe(0);
      victim.use('b');
      leave(40_000);
      const run = await victim.run({ out });
      expect([run.code, run.stderr]).toEqual([7, expect.stringMatching(/free 可用.*needed 需要.*nothing was written/)]);
      expect(await faultsOf(out)).toEqual([]);
    },
    60_000,
  );
});

describe('a folder that cannot be written', () => {
  it.runIf(mountable)(
    'a read-only disk is named before a row is read',
    async () => {
      execFileSync('mount', ['-o', 'remount,ro', disk]);
      const run = await victim.run({ out: join(disk, 'out') });
      expect([run.code, run.stderr]).toEqual([
        7,
        expect.stringMatching(/out: stage 阶段 start: the disk is read-only 磁盘只读/),
      ]);
    },
    60_000,
  );

  it('a file in its place', async () => {
    const out = join(disk, 'out');
    writeFileSync(out, 'a file');
    const run = await victim.run({ out });
    expect([run.code, run.stderr]).toEqual([7, expect.stringMatching(/out: .*EEXIST|out: .*not a folder/)]);
  }, 60_000);

  it('a path with quotes, spaces and Chinese is no hindrance', async () => {
    const out = join(disk, `it's "快照" $HOME; 100%`, 'out put');
    mkdirSync(join(out, '..'));
    victim.use('a');
    const run = await victim.run({ out });
    expect(run.stderr).toBe('');
    expect(await faultsOf(out)).toEqual([]);
    expect(readdirSync(`${out}.store`)).toContain('id.key');
  }, 60_000);
});

function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'hexsight-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
