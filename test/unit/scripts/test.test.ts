import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeProject, run } from './project.ts';

let project: ReturnType<typeof makeProject>;

beforeAll(() => {
  project = makeProject(['scripts/test.mjs', 'scripts/test', 'vitest.config.ts'], {
    'package.json': '{"type": "module"}',
  });
  project.linkModules();
});
afterAll(() => project.remove());

const PASSING = `import { expect, test } from 'vitest'; test('one', () => {}); test('two', () => {}); test.skip('three', () => {});`;

/** As CI sees it: the exit code, and the last line. */
async function npmTest(...parts: string[]) {
  const clean = Object.fromEntries(
    Object.keys(process.env).flatMap((key) => (/^VITEST|^TEST$|^NODE_ENV$/.test(key) ? [[key, undefined]] : [])),
  );
  const { code, output } = await run(project.root, ['scripts/test.mjs', ...parts], clean);
  return { code, output, lastLine: output.trimEnd().split('\n').at(-1) };
}

describe('npm test', { timeout: 120_000 }, () => {
  beforeEach(() => project.write('test/unit/a.test.ts', PASSING));

  test('ends with the counts of all parts', async () => {
    project.write('test/golden/b.test.ts', PASSING);
    const { code, lastLine } = await npmTest('unit', 'golden', 'oracle');
    expect([code, lastLine]).toEqual([0, '4 passed, 0 failed, 2 skipped']);
  });

  test.each([
    ['a failing test', `import { expect, test } from 'vitest'; test('one', () => expect(1).toBe(2));`],
    ['a file that does not load', `import './no-such-file.ts';`],
    ['a file without tests', ''],
    [
      'a test that keeps the others from running',
      `import { test } from 'vitest'; test.only('one', () => {}); test('two', () => {});`,
    ],
  ])('%s is one failure', async (_, text) => {
    project.write('test/unit/a.test.ts', text);
    const { code, lastLine } = await npmTest('unit');
    expect([code, lastLine]).toEqual([1, expect.stringMatching(/^\d passed, 1 failed/)]);
  });

  test('no tests at all is no success', async () => {
    const { code, lastLine } = await npmTest('property');
    expect([code, lastLine]).toEqual([1, '0 passed, 0 failed']);
  });

  test('a failing check is one failure', async () => {
    const { code, lastLine } = await npmTest('types');
    expect([code, lastLine]).toEqual([1, '0 passed, 1 failed']);
  });

  test('a part that does not exist is refused', async () => {
    expect((await npmTest('units')).code).toBe(2);
  });
});
