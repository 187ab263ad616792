import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeProject, run } from './project.ts';

/** Stands for npm: notes each call, fails as often as the file `failures` says, else installs one package. */
const FAKE_NPM = `
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
const failures = existsSync('failures') ? readFileSync('failures', 'utf8').split('\\n').filter(Boolean) : [];
const failure = failures.shift();
writeFileSync('failures', failures.join('\\n'));
if (failure) {
  console.error('npm error code ' + failure);
  process.exit(1);
}
console.log('added 1 package');
mkdirSync('node_modules/left', { recursive: true });
writeFileSync('node_modules/left/package.json', '{}');
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/left': { version: '1.0.0' } } }));
`;
const LOCK = JSON.stringify({
  packages: {
    '': {},
    'node_modules/left': { version: '1.0.0' },
    'node_modules/for-another-system': { version: '1.0.0', optional: true },
  },
});

let project: ReturnType<typeof makeProject>;

beforeEach(() => {
  project = makeProject(['scripts/setup.mjs', 'scripts/chromium.mjs'], {
    'package.json': '{"type": "module", "engines": {"node": ">=20.0.0"}}',
    'package-lock.json': LOCK,
    'fake-npm.js': FAKE_NPM,
  });
});
afterEach(() => project.remove());

const setup = (args: string[] = [], env: NodeJS.ProcessEnv = {}) =>
  run(project.root, ['scripts/setup.mjs', ...args], { npm_execpath: join(project.root, 'fake-npm.js'), ...env });
const calls = () =>
  existsSync(join(project.root, 'npm-calls'))
    ? readFileSync(join(project.root, 'npm-calls'), 'utf8').trim().split('\n').length
    : 0;

describe('packages', () => {
  test('are installed once, with the output of npm, and not again', async () => {
    const first = await setup();
    expect(first.code).toBe(0);
    expect(first.output).toContain('added 1 package');
    expect(first.output).toMatch(/正在安装依赖.*Installing the packages/);
    const second = await setup();
    expect([second.code, second.output, calls()]).toEqual([0, '', 1]);
  });

  test('are installed again when the lock file asks for another version', async () => {
    await setup();
    project.write(
      'package-lock.json',
      LOCK.replace('"node_modules/left":{"version":"1.0.0"', '"node_modules/left":{"version":"1.0.1"'),
    );
    await setup();
    expect(calls()).toBe(2);
  });

  test('are installed again for another Node', async () => {
    await setup();
    const mark = readFileSync(join(project.root, 'node_modules/.hexsight-setup'), 'utf8');
    project.write('node_modules/.hexsight-setup', mark.replace(process.version, 'v18.0.0'));
    await setup();
    expect(calls()).toBe(2);
  });

  test('that somebody installed by hand are taken as they are', async () => {
    await run(project.root, ['fake-npm.js', 'install']);
    expect([(await setup()).code, calls()]).toEqual([0, 1]);
    expect(existsSync(join(project.root, 'node_modules/.hexsight-setup'))).toBe(true);
  });

  test('of which one is gone are installed again', async () => {
    await run(project.root, ['fake-npm.js', 'install']);
    project.write('package-lock.json', LOCK.replace('"":{}', '"":{},"node_modules/right":{"version":"2.0.0"}'));
    await setup();
    expect(calls()).toBe(2);
  });

  test('are tried once more when the network fails', async () => {
    project.write('failures', 'ECONNRESET');
    const { code, output } = await setup();
    expect([code, calls()]).toEqual([0, 2]);
    expect(output).toContain('npm error code ECONNRESET');
  });

  test('fail after two network failures, and leave no mark', async () => {
    project.write('failures', 'ETIMEDOUT\nETIMEDOUT');
    const { code, output } = await setup();
    expect([code, calls()]).toEqual([1, 2]);
    expect(output).toMatch(/npm ci 失败[\s\S]*npm ci failed/);
    expect(existsSync(join(project.root, 'node_modules/.hexsight-setup'))).toBe(false);
  });

  test('are not tried again for any other reason', async () => {
    project.write('failures', 'EUSAGE');
    expect([(await setup()).code, calls()]).toEqual([1, 1]);
  });
});

test('a Node that is too old is named, with what is needed', async () => {
  project.write('package.json', '{"type": "module", "engines": {"node": ">=99.1.0"}}');
  const { code, output } = await setup();
  expect([code, calls()]).toEqual([3, 0]);
  expect(output).toMatch(/需要 Node 99\.1\.0[\s\S]*Node 99\.1\.0 or newer is needed/);
});

describe('--tests', () => {
  const program = (name: string, text: string) => {
    project.write(`bin/${name}`, `#!/bin/sh\n${text}\n`);
    chmodSync(join(project.root, 'bin', name), 0o755);
  };
  const env = () => ({ PATH: join(project.root, 'bin') });

  test('is content with a browser and a Chinese font', async () => {
    program('fc-list', 'echo Noto Sans CJK SC');
    program('my-browser', '');
    const result = await setup(['--tests'], { ...env(), HEXSIGHT_CHROMIUM: join(project.root, 'bin/my-browser') });
    expect(result.code).toBe(0);
  });

  test('says what is missing and ends with 3 where it cannot install', async () => {
    program('fc-list', 'true');
    program('apt-get', 'echo "apt-get $@" >> apt-calls; exit 100');
    const { code, output } = await setup(['--tests'], { ...env(), HEXSIGHT_CHROMIUM: '/no/such/browser' });
    expect(code).toBe(3);
    expect(output).toMatch(/缺少：chromium fonts-noto-cjk[\s\S]*missing: chromium fonts-noto-cjk/);
  });

  test.runIf(process.getuid?.() === 0 && existsSync('/etc/debian_version'))(
    'installs them with apt-get when it may, the lists first',
    async () => {
      program('fc-list', 'test -e installed && echo Noto Sans CJK SC');
      program('apt-get', 'echo "$DEBIAN_FRONTEND $@" >> apt-calls; test "$1" = install && echo > installed; exit 0');
      program('chromium', '');
      const { code } = await setup(['--tests'], { ...env(), HEXSIGHT_CHROMIUM: '' });
      expect(code).toBe(0);
      expect(readFileSync(join(project.root, 'apt-calls'), 'utf8')).toBe(
        'noninteractive update\nnoninteractive install -y --no-install-recommends fonts-noto-cjk fontconfig\n',
      );
    },
  );
});
