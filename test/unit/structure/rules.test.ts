import { describe, expect, test } from 'vitest';
import { directionFault, importCycles } from './rules.ts';
import { importsOf, impureCalls } from './sources.ts';

const faults = (path: string, text: string) =>
  importsOf({ path, text })
    .map(directionFault)
    .filter((fault) => fault !== null);

describe('direction', () => {
  test.each([
    ['core/grid/disk.ts', `import { x } from 'h3-js';\nimport { z } from 'zod';\nimport '../geo/lnglat.ts';`],
    ['pipelines/steps/run.ts', `import '../../core/a.ts';\nimport '../../data/sample/city.ts';\nimport 'node:fs';`],
    ['pipelines/commands/serve.ts', `import { startServer } from '../../server/start-server.ts';`],
    ['web/src/app/main.tsx', `import 'react';\nimport '../../../core/a.ts';\nimport './a.css';`],
    ['server/start-server.ts', `import '../core/contract/manifest.ts';`],
  ])('%s may', (path, text) => {
    expect(faults(path, text)).toEqual([]);
  });

  test.each([
    ['core/a.ts', `import 'node:fs';`],
    ['core/a.ts', `import Flatbush from 'flatbush';`],
    ['core/a.ts', `import type { Feature } from 'geojson';`],
    ['core/a.ts', `export * from '../pipelines/b.ts';`],
    ['pipelines/a.ts', `const b = await import('../web/src/b.ts');`],
    ['pipelines/steps/a.ts', `import '../../server/start-server.ts';`],
    ['web/src/a.ts', `import type { B } from '../../pipelines/b.ts';`],
    ['web/src/a.ts', `type B = import('../../pipelines/b.ts').B;`],
    ['web/src/a.ts', `new Worker(new URL('../../pipelines/worker.ts', import.meta.url));`],
    ['web/src/a.ts', `import city from '../../data/profiles/suzhou/profile.json?raw';`],
    ['server/a.ts', `import '../pipelines/b.ts';`],
    ['data/sample/a.ts', `import '../../pipelines/b.ts';`],
    ['core/a.ts', `import '../../elsewhere.ts';`],
  ])('%s must not: %s', (path, text) => {
    expect(faults(path, `// a first line\n${text}`)).toEqual([expect.stringMatching(`^${path}:2: `)]);
  });
});

describe('cycles', () => {
  const graph = (edges: readonly string[], typeOnly = false) =>
    importCycles(
      edges.map((edge) => {
        const [from, to] = edge.split('>') as [string, string];
        return { from, to, line: 1, inside: true, typeOnly };
      }),
    );

  test('a diamond is none', () => {
    expect(graph(['a>b', 'a>c', 'b>d', 'c>d'])).toEqual([]);
  });

  test('a loop is named once, wherever it is entered', () => {
    expect(graph(['x>b', 'a>b', 'b>c', 'c>a', 'y>c'])).toEqual(['b → c → a → b']);
  });

  test('types close none', () => {
    expect(graph(['a>b', 'b>a'], true)).toEqual([]);
  });
});

test.each([
  ['const t = Date.now();', 'Date.now()'],
  ['const t = new Date();', 'Date()'],
  ['const t = Date();', 'Date()'],
  ['const t = performance\n  .now();', 'performance.now()'],
  ['const r = () => Math.random();', 'Math.random()'],
  ['import { randomUUID } from "node:crypto"; randomUUID();', 'randomUUID()'],
])('%s is impure', (text, name) => {
  expect(impureCalls({ path: 'core/a.ts', text }).map((call) => call.name)).toEqual([name]);
});

test('a date that is told what to be is pure, and so is a comment', () => {
  const text = '// Date.now()\nconst t = new Date(0); const u = Date.UTC(2026, 1, 1); const s = "Math.random()";';
  expect(impureCalls({ path: 'core/a.ts', text })).toEqual([]);
});
