import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { snapshotFiles } from './published.ts';
import { CLI } from './real-data.ts';

const RUN_MS = 300_000;

/**
 * The same inputs give the same snapshot, whatever the zone of the machine: once in another folder from nothing, once by force in the
 * same folder over what is there. The CLI is a child process, as a user would start it.
 */
export function sameBytesChecks(run: {
  readonly city: string;
  readonly input: string;
  readonly scratch: string;
  readonly first: string;
}): void {
  const args = ['run', '--profile', run.city, '--input', run.input, '--json', '--quiet', '--out'];
  const check = async (zone: string, out: string, more: readonly string[]): Promise<void> => {
    const before = digests(run.first);
    const summary = JSON.parse(await runCli([...args, out, ...more], zone)) as { snapshot: string; unchanged: boolean };
    expect(summary).toMatchObject({ snapshot: snapshotOf(run.first), unchanged: false });
    expect(digests(out)).toEqual(before);
  };
  const again = 'same snapshot id, same files, same bytes';
  it(`from nothing with TZ=UTC: ${again}`, () => check('UTC', join(run.scratch, 'again'), []), RUN_MS);
  it(`by force with TZ=America/New_York: ${again}`, () => check('America/New_York', run.first, ['--force']), RUN_MS);
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
