import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { snapshotFiles } from './published.ts';
import { CLI } from './real-data.ts';

const RUN_MS = 120_000;

/** The same inputs give the same snapshot, whatever the zone of the machine; the CLI is a child process as a user would start it. */
export function sameBytesChecks(run: {
  readonly city: string;
  readonly input: string;
  readonly scratch: string;
  readonly first: string;
}): void {
  it.each(['UTC', 'America/New_York'])(
    'again with TZ=%s: same snapshot id, same files, same bytes',
    async (zone) => {
      const out = join(run.scratch, zone.replace('/', '-'));
      const last = await runCli(['run', run.city, '--input', run.input, '--out', out, '--json'], zone);
      const first = JSON.parse(readFileSync(join(run.first, 'manifest.json'), 'utf8')) as { snapshot: string };
      expect((JSON.parse(last) as { snapshot: string }).snapshot).toBe(first.snapshot);
      expect(digests(out)).toEqual(digests(run.first));
    },
    RUN_MS,
  );
}

function digests(folder: string): Record<string, string> {
  return Object.fromEntries(
    snapshotFiles(folder).map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex'),
    ]),
  );
}

/** @returns the last line of standard output */
function runCli(args: readonly string[], zone: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      env: { ...process.env, TZ: zone },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [output, errors] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output.trim().split('\n').at(-1)!);
      else reject(new Error(`exit code ${code}: ${errors}${output}`));
    });
  });
}
