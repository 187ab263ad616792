import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

/** A copy of the scripts in a project of their own, so that a test can break things without touching this checkout. */
export function makeProject(
  copied: readonly string[],
  files: Readonly<Record<string, string>>,
): { root: string; write(path: string, text: string): void; linkModules(): void; remove(): void } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'hexsight-project-')));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const path of copied) cpSync(join(ROOT, path), join(root, path), { recursive: true });
  for (const [path, text] of Object.entries(files)) write(path, text);
  return {
    root,
    write,
    linkModules: () => symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'dir'),
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** A program under way: what it has printed so far, and how it ended. */
export function start(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; output(): string; printed(text: string): Promise<void>; ended: Promise<Ran> } {
  const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, INIT_CWD: root, ...env } });
  let output = '';
  const waiting = new Set<() => void>();
  const keep = (chunk: Buffer) => {
    output += chunk;
    for (const check of waiting) check();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<Ran>((resolve) => child.on('close', (code) => resolve({ code, output })));
  return {
    child,
    output: () => output,
    ended,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (!output.includes(text)) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
        void ended.then(({ code }) => reject(new Error(`ended with ${code} before it printed "${text}":\n${output}`)));
      }),
  };
}

export function run(root: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
  return start(root, args, env).ended;
}
