import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Runs the program as a user does. @throws Error with what it said */
export function hexsight(args: readonly string[]): void {
  const done = spawnSync(process.execPath, [join(ROOT, 'pipelines', 'bin', 'hexsight.mjs'), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (done.status !== 0) throw new Error(`hexsight ${args[0]} failed: ${done.stderr || done.stdout}`);
}
