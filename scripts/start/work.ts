import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A program that this one started ended badly; what it printed is above, or here when it was started quietly. */
export class StepFailed extends Error {
  constructor(
    readonly step: string,
    readonly exitCode: number,
    readonly output: string,
  ) {
    super(`${step} ended with exit code ${exitCode}`);
  }
}

export interface Work {
  /** @throws StepFailed when it ends with another code than 0 */
  run(
    step: string,
    args: readonly string[],
    options?: { readonly quiet?: boolean; readonly env?: NodeJS.ProcessEnv },
  ): Promise<void>;
  /** A sibling of `path` to write to before it is renamed. When the work is cut short, it goes, and names that extend it. */
  temporary(path: string): string;
  /** Passes the signal to whatever runs, waits for it, and removes what is unfinished. */
  stop(signal: NodeJS.Signals): Promise<void>;
}

const STOP_MS = 5_000;

/** Node programs started one by one, and folders that exist only until they are renamed into place. */
export function startWork(cwd: string): Work {
  const children = new Set<ChildProcess>();
  const temporaries = new Set<string>();
  let stopping = false;
  return {
    run: (step, args, { quiet = false, env = process.env } = {}) =>
      new Promise((resolve, reject) => {
        if (stopping) throw new StepFailed(step, 1, 'not started: the work is being stopped');
        // A group of its own: Ctrl-C in a terminal would else reach it a second time, besides ours.
        const child = spawn(process.execPath, args, {
          cwd,
          env,
          detached: process.platform !== 'win32',
          stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
        });
        children.add(child);
        let output = '';
        const keep = (chunk: Buffer) => {
          output += chunk;
        };
        child.stdout?.on('data', keep);
        child.stderr?.on('data', keep);
        child.on('error', reject);
        child.on('close', (code) => {
          children.delete(child);
          if (code === 0) resolve();
          else reject(new StepFailed(step, code ?? 1, output));
        });
      }),
    temporary(path) {
      removeLeftovers(path);
      const temporary = `${path}.tmp-${process.pid}`;
      temporaries.add(temporary);
      return temporary;
    },
    async stop(signal) {
      stopping = true;
      await Promise.all([...children].map((child) => ended(child, signal)));
      for (const path of temporaries) removeSiblings(path, (rest) => rest === '' || rest.startsWith('-'));
    },
  };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const gone = new Promise((resolve) => child.once('close', resolve));
  kill(child, signal);
  const impatience = setTimeout(() => kill(child, 'SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(impatience);
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid!, signal);
  } catch {
    // It ended in this moment.
  }
}

/** What an earlier process left that was killed without a chance to tidy up. */
function removeLeftovers(path: string): void {
  removeSiblings(`${path}.tmp-`, (rest) => {
    const pid = /^(\d+)(?:-|$)/.exec(rest)?.[1];
    return pid !== undefined && (Number(pid) === process.pid || !isRunning(Number(pid)));
  });
}

/** Removes `prefix` + rest for each rest that is wanted gone, e.g. `sample.tmp-17`, `sample.tmp-17-truth`. */
function removeSiblings(prefix: string, unwanted: (rest: string) => boolean): void {
  const [folder, start] = [dirname(prefix), basename(prefix)];
  for (const name of listed(folder)) {
    if (!name.startsWith(start) || !unwanted(name.slice(start.length))) continue;
    rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
