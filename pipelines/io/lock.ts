import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { EXIT, HexsightError } from '../errors.ts';
import { fileFailure } from './file-failure.ts';
import { lifeOf, markOf } from './process-life.ts';

const Holder = z.object({
  pid: z.number(),
  started: z.string(),
  boot: z.string(),
  namespace: z.string(),
  host: z.string(),
  /** Made when it is given back; the file stays, see below. */
  free: z.boolean(),
});
type Holder = z.infer<typeof Holder>;

/** Locks of this very process: its own number says nothing about them. */
const held = new Set<string>();
/** More than the takers that can pass between two looks of one. */
const KEPT = 8;

/**
 * One publisher at a time, also after `kill -9`: a lock whose process is gone is taken over, and of those who try exactly one wins.
 *
 * The lock is a row of numbered files `<path>.<n>`; whoever holds the highest number holds the lock, unless it is free or its process
 * is dead. Taking it makes the next number by `link`, which fails if it is there; numbers are never used again, as the highest file
 * stays. (Removing a dead holder's file and making it anew would let a slow second taker remove the lock of the first.)
 *
 * @returns a function that gives the lock back; a second call does nothing
 * @throws HexsightError (locked) while another run lives; (disk) when the folder cannot be written
 */
export function takeLock(path: string): () => void {
  const name = path; // of this lock within the process
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const seen = highest(path);
    const holder = seen === 0 ? null : holderOf(numbered(path, seen));
    if (held.has(name)) throw locked(path, seen, holder);
    if (holder && !holder.free && !isOurs(holder) && lifeOf(holder) !== 'dead') throw locked(path, seen, holder);
    const mine = seen + 1;
    if (!claim(path, mine)) throw locked(path, mine, holderOf(numbered(path, mine)));
    const top = highest(path);
    if (top !== mine) {
      rmSync(numbered(path, mine), { force: true });
      throw locked(path, top, holderOf(numbered(path, top)));
    }
    for (const n of numbers(path)) if (n < mine - KEPT) rmSync(numbered(path, n), { force: true });
    held.add(name);
    return () => {
      if (!held.delete(name)) return;
      try {
        const free = `${numbered(path, mine)}.tmp-${process.pid}`;
        writeFileSync(free, JSON.stringify({ ...markOf(process.pid), free: true } satisfies Holder));
        renameSync(free, numbered(path, mine));
      } catch {
        // A disk that refuses now: the lock ends with this process, and for this process it is free already.
      }
    };
  } catch (cause) {
    throw fileFailure(path, cause);
  }
}

/** Of this very process, which does not hold it: it could not be given back. */
function isOurs({ free: _, ...mark }: Holder): boolean {
  return JSON.stringify(mark) === JSON.stringify(markOf(process.pid));
}

/** Makes the numbered file with its content at once. @returns false when somebody else has that number */
function claim(path: string, n: number): boolean {
  const candidate = `${path}.tmp-${process.pid}`;
  writeFileSync(candidate, JSON.stringify({ ...markOf(process.pid), free: false } satisfies Holder));
  try {
    linkSync(candidate, numbered(path, n));
    return true;
  } catch (cause) {
    // ENOENT: the new holder has swept the candidate away with other left-overs.
    if (/^(EEXIST|ENOENT)$/.test((cause as NodeJS.ErrnoException).code ?? '')) return false;
    throw cause;
  } finally {
    rmSync(candidate, { force: true });
  }
}

function numbered(path: string, n: number): string {
  return `${path}.${n}`;
}

function numbers(path: string): number[] {
  const start = `${basename(path)}.`;
  return readdirSync(dirname(path)).flatMap((name) =>
    name.startsWith(start) && /^\d+$/.test(name.slice(start.length)) ? [Number(name.slice(start.length))] : [],
  );
}

function highest(path: string): number {
  return Math.max(0, ...numbers(path));
}

/** null = damaged by a power cut: its process cannot be running. Gone = somebody is taking the lock right now. */
function holderOf(file: string): Holder | null {
  try {
    const parsed = Holder.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function locked(path: string, n: number, holder: Holder | null): HexsightError {
  const file = join(dirname(path), `${basename(path)}.${n}`);
  if (holder === null || holder.free)
    return new HexsightError(EXIT.locked, path, ['another run took the lock first 另一个进程刚刚开始发布']);
  const where = lifeOf(holder) === 'unknown' ? ` on ${holder.host}` : '';
  const advice = where
    ? `; it cannot be seen from here: if it is gone, remove ${file} 无法从本机确认，若已结束请删除该文件`
    : '; wait for it or stop it 请等待其完成';
  return new HexsightError(EXIT.locked, path, [
    `another run (process ${holder.pid}${where}) is publishing here 另一个进程正在发布${advice}`,
  ]);
}
