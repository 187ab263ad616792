import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { directionFault, importCycles } from './rules.ts';
import { importsOf, impureCalls, ROOT, readSources, repositoryFiles } from './sources.ts';

const files = repositoryFiles();
const isCode = (path: string) => /\.(ts|tsx|mts|mjs|js)$/.test(path) && !path.endsWith('.d.ts');
const code = readSources(files.filter((path) => isCode(path) && /^(core|pipelines|server|web|data)\//.test(path)));
const imports = code.flatMap(importsOf);

/** Reads of a clock or of chance that reach no artifact, and why. */
const ALLOWED: readonly { readonly call: string; readonly why: string }[] = [
  { call: 'pipelines/cli.ts performance.now()', why: 'the progress bar shows what is left' },
  { call: 'pipelines/commands/generate.ts performance.now()', why: 'tells how long it took, on the screen' },
  {
    call: 'pipelines/commands/evaluate.ts performance.now()',
    why: 'the run time of a detector, a figure of the report',
  },
  { call: 'pipelines/run.ts performance.now()', why: 'tells how long it took, on the screen' },
  { call: 'pipelines/run-summary.ts performance.now()', why: 'tells how long each stage took, on the screen' },
  { call: 'pipelines/run.ts Date.now()', why: 'decides when old snapshots may go; the history, not an artifact' },
  { call: 'pipelines/cli.ts Date.now()', why: 'the same for the commands on snapshots' },
  {
    call: 'pipelines/steps/ingest.ts randomBytes()',
    why: 'the secret key of the store; nothing published depends on it',
  },
];

describe('structure of the repository', () => {
  test('the walk sees the sources', () => {
    expect(code.length).toBeGreaterThan(20);
    expect(imports.length).toBeGreaterThan(50);
  });

  test('imports point in the one direction: pipelines, web, server → core', () => {
    expect(imports.map(directionFault).filter((fault) => fault !== null)).toEqual([]);
  });

  test('imported files exist under the very name that is written', () => {
    const known = new Set(files);
    const missing = imports.filter(({ to, inside }) => inside && !known.has(to) && !existsSync(join(ROOT, to)));
    expect(missing.map(({ from, line, to }) => `${from}:${line}: no file ${to}`)).toEqual([]);
  });

  test('there are no import cycles', () => {
    expect(importCycles(imports)).toEqual([]);
  });

  test('no file is called utils, helpers, common or misc: a helper lives with its subject', () => {
    expect(files.filter((path) => /(^|\/)(utils?|helpers?|common|misc)\.[a-z]+$/.test(path))).toEqual([]);
  });

  test('core and the steps that make artifacts read no clock and no chance', () => {
    const calls = code.filter(({ path }) => /^(core|pipelines)\//.test(path)).flatMap(impureCalls);
    const allowed = new Set(ALLOWED.map(({ call }) => call));
    const faults = calls.filter(({ path, name }) => !allowed.has(`${path} ${name}`));
    expect(faults.map(({ path, line, name }) => `${path}:${line}: ${name}`)).toEqual([]);
    const made = new Set(calls.map(({ path, name }) => `${path} ${name}`));
    expect(
      [...allowed].filter((call) => !made.has(call)),
      'allowed, but no longer there',
    ).toEqual([]);
  });

  test('no file names the folder of this checkout or the host of a registry', () => {
    // The folder of this checkout, wherever it lies; the hosts are put together here, so that this file does not name them.
    const words = [
      // A checkout right below the root (`/src`) has a name that stands in many relative paths.
      ...(ROOT.split('/').length > 2 ? [`${ROOT}/`] : []),
      `registry.npm${'js'}.org`,
      `deb.${'debian'}.org`,
    ];
    const text = files.filter((path) => !/\.(png|woff2|arrow|parquet|xlsx|zip|gz|br)$/.test(path));
    const faults = readSources(text).flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, i) => words.filter((word) => line.includes(word)).map((word) => `${path}:${i + 1}: ${word}`)),
    );
    expect(faults).toEqual([]);
  });

  test('every test file belongs to a project that npm test runs, or to the long run', () => {
    const outside = files.filter(
      (path) =>
        /\.(test|spec)\.[a-z]+$/.test(path) &&
        !/^test\/(unit|property|golden|oracles|e2e|long)\/.*\.test\.tsx?$/.test(path),
    );
    expect(outside).toEqual([]);
  });

  test('package-lock.json has an entry for every platform, so that npm 11 installs from it', () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { version?: string; optionalDependencies?: Record<string, string> }>;
    };
    const lacking = Object.values(packages)
      .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
      .filter((name) => !packages[`node_modules/${name}`]);
    expect(lacking, 'run: node scripts/complete-lock.mjs').toEqual([]);
  });
});
