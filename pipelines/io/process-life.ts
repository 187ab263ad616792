import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Who a process is beyond its number, which another process may have later: when it was started (clock ticks since the machine was),
 * and on which run of which machine the number counts. Empty texts where the system does not tell (no /proc).
 */
export interface ProcessMark {
  readonly pid: number;
  readonly started: string;
  /** Changes with every start of the machine. */
  readonly boot: string;
  /** Containers count their own process numbers. */
  readonly namespace: string;
  readonly host: string;
}

export type Life = 'alive' | 'dead' | 'unknown';

export function markOf(pid: number): ProcessMark {
  return {
    pid,
    started: startedAt(pid),
    boot: text(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: text(() => readlinkSync('/proc/self/ns/pid')),
    host: hostname(),
  };
}

/** Whether that very process still runs; `unknown` for one on another machine or in another container. */
export function lifeOf(mark: ProcessMark): Life {
  const here = markOf(mark.pid);
  if (mark.boot !== here.boot) return mark.host === here.host ? 'dead' : 'unknown';
  if (mark.namespace !== here.namespace) return 'unknown';
  if (!isRunning(mark.pid)) return 'dead';
  return mark.started === here.started ? 'alive' : 'dead';
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !/^[ZX]$/.test(stat(pid)[0] ?? ''); // a zombie holds nothing any more
}

/** Field 22 of /proc/<pid>/stat. */
function startedAt(pid: number): string {
  return stat(pid)[19] ?? '';
}

/** Fields from the third on: the second, the name in brackets, may hold spaces and brackets. */
function stat(pid: number): readonly string[] {
  const line = text(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return line.slice(line.lastIndexOf(')') + 2).split(' ');
}

function text(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
