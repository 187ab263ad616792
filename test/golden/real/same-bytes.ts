import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { snapshotFiles } from './published.ts';
import { CLI } from './real-data.ts';

const RUN_MS = 300_000;

/**
 * The same inputs give the same snapshot, whatever the zone of the machine: once more from nothing, in another folder and zone. The CLI is
 * a child process, as a user would start it. (By force over what is there: `bad-input.test.ts`.)
 */
export function sameBytesCheck(run: {
  readonly city: string;
  readonly input: string;
  readonly scratch: string;
  readonly first: string;
}): void {
  it('from nothing with TZ=America/New_York: same snapshot id, same files, same bytes', {
    timeout: RUN_MS,
  }, async () => {
    const out = join(run.scratch, 'again');
    const args = ['run', '--profile', run.city, '--input', run.input, '--json', '--quiet', '--out', out];
    const summary = JSON.parse(await runCli(args, 'America/New_York')) as { snapshot: string; unchanged: boolean };
    expect(summary).toMatchObject({ snapshot: snapshotOf(run.first), unchanged: false });
    expect(digests(out)).toEqual(digests(run.first));
  });
}

const snapshotOf = (folder: string): string =>
  (JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { snapshot: string }).snapshot;

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
