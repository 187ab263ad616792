import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Counts, closingLine, countTests } from './count-tests.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

interface Part {
  readonly name: string;
  run(): Promise<Counts | null>;
}

const PARTS: readonly Part[] = [
  check('lint', '@biomejs/biome', ['check', '.']),
  check('types', 'typescript', ['--noEmit']),
  vitest('unit', 'unit'),
  vitest('property', 'property'),
  vitest('golden', 'golden'),
  vitest('oracle', 'oracles'),
  vitest('e2e', 'e2e'),
];

/** Runs every part, also after one has failed. Resolves with the exit code. */
export async function main(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !PARTS.some((part) => part.name === name));
  if (unknown.length > 0) {
    console.error(`no part "${unknown.join('", "')}"; there are ${PARTS.map(({ name }) => name).join(', ')}`);
    return 2;
  }
  const cities = await mkdtemp(join(tmpdir(), 'hexsight-cities-'));
  process.env.HEXSIGHT_TEST_CITIES = cities;
  const done: { readonly name: string; readonly counts: Counts; readonly seconds: number }[] = [];
  for (const part of PARTS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    console.log(`\n── ${part.name} ${'─'.repeat(70 - part.name.length)}`);
    const startedMs = performance.now();
    const counts = await part.run();
    if (counts) done.push({ name: part.name, counts, seconds: (performance.now() - startedMs) / 1000 });
    else console.log('no tests yet');
  }
  await rm(cities, { recursive: true });
  return summarise(done);
}

function summarise(done: readonly { name: string; counts: Counts; seconds: number }[]): number {
  console.log(
    `\n${'part'.padEnd(10)}${'passed'.padStart(8)}${'failed'.padStart(8)}${'skipped'.padStart(9)}${'time'.padStart(9)}`,
  );
  for (const { name, counts, seconds } of done) {
    const { passed, failed, skipped } = counts;
    const cells = [String(passed).padStart(8), String(failed).padStart(8), String(skipped).padStart(9)];
    console.log(`${name.padEnd(10)}${cells.join('')}${`${seconds.toFixed(1)} s`.padStart(9)}`);
  }
  for (const { name, counts } of done) for (const problem of counts.problems) console.log(`${name}: ${problem}`);
  const sum = (key: 'passed' | 'failed' | 'skipped') => done.reduce((total, { counts }) => total + counts[key], 0);
  const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  console.log(`\n${closingLine(total)}`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

/** A tool that is one test: it passes or it fails. */
function check(name: string, packageName: string, args: readonly string[]): Part {
  return {
    name,
    run: async () => {
      const passed = (await node([toolPath(packageName), ...args])) === 0;
      return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0, problems: [] };
    },
  };
}

/** One project of vitest.config.ts; null while its folder holds no tests. */
function vitest(name: string, folder: string): Part {
  return {
    name,
    run: async () => {
      const files = testFiles(join(ROOT, 'test', folder));
      if (files.length === 0) return null;
      const temporary = await mkdtemp(join(tmpdir(), 'hexsight-test-'));
      const report = join(temporary, 'report.json');
      const exitCode = await node([
        ...[toolPath('vitest'), 'run', '--project', name, '--allowOnly=false'],
        ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      ]);
      const counts = countTests(textOrNull(report), files, exitCode);
      await rm(temporary, { recursive: true });
      return counts;
    },
  };
}

function node(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] })
      .on('error', reject)
      .on('close', (code) => resolve(code ?? 1));
  });
}

/** The program that a package installs, run by this very Node on every system. */
function toolPath(packageName: string): string {
  const folder = join(ROOT, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const path: string = typeof bin === 'string' ? bin : (Object.values(bin)[0] as string);
  return join(folder, path);
}

function testFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.test\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

function textOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
