import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isoDate, parseIsoDate } from '../../../core/time/local-date.ts';
import { makeManifest } from '../server/support.ts';
import { makeProject, run, start } from './project.ts';

/**
 * Stands for the pipeline: `generate` and `run` take as long as the file `slow` says (ms), note that they were called,
 * and, as the real one, write nothing under a final name before they are done.
 */
const FAKE_PIPELINE = `
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const [command, ...args] = process.argv.slice(2);
const option = (name) => args[args.indexOf(name) + 1];
appendFileSync('calls', command + '\\n');
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => { appendFileSync('calls', command + ' got ' + signal + '\\n'); process.exit(130); });
}
console.log(command + ' begins');
const out = option('--out');
mkdirSync(out, { recursive: true });
writeFileSync(out + '/part', '');
await new Promise((resolve) => setTimeout(resolve, existsSync('slow') ? Number(readFileSync('slow', 'utf8')) : 0));
if (existsSync('broken')) { console.error('the pipeline is broken'); process.exit(4); }
if (command === 'generate') {
  mkdirSync(out + '-truth', { recursive: true });
  writeFileSync(out + '/raw.csv', args.join(' '));
} else {
  writeFileSync(out + '/manifest.json', readFileSync('a-manifest.json', 'utf8'));
}
`;

let project: ReturnType<typeof makeProject>;

beforeAll(() => {
  project = makeProject(['scripts', 'server', 'core'], {
    'package.json': '{"type": "module"}',
    'package-lock.json': '{}',
    'vite.config.ts':
      "export default { root: 'web', build: { outDir: '../dist/web', emptyOutDir: true, assetsInlineLimit: 0 } };",
    'web/index.html': '<!doctype html><title>stub</title><script type="module" src="/main.ts"></script>',
    'web/main.ts': `document.title = ${JSON.stringify('hexagon '.repeat(400))};`,
    'data/sample/generator.ts': '1',
    'pipelines/bin/hexsight.mjs': FAKE_PIPELINE,
    'a-manifest.json': JSON.stringify(makeManifest('0123456789abcdef')),
  });
  project.linkModules();
});
afterAll(() => project.remove());

const START = ['scripts/start.mjs', '--port', '0'];
const calls = () => readFileSync(join(project.root, 'calls'), 'utf8').trim().split('\n');
const unfinished = () =>
  ['dist', '.hexsight'].flatMap((folder) =>
    readdirSync(join(project.root, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.includes('.tmp-'),
    ),
  );

async function served(
  args: readonly string[] = START,
): Promise<{ url: string; stop(): Promise<number | null>; output: string }> {
  const started = start(project.root, args);
  await started.printed('press Ctrl-C to stop');
  const url = /hexsight is ready (\S+)\/desk/.exec(started.output())![1]!;
  return {
    url,
    output: started.output(),
    stop: async () => {
      started.child.kill('SIGINT');
      return (await started.ended).code;
    },
  };
}

describe('npm start', { timeout: 120_000 }, () => {
  test('makes the sample, publishes, builds and serves; Ctrl-C ends it with 130', async () => {
    const { url, stop, output } = await served();
    expect(output).toContain('一张图已就绪');
    expect((await fetch(`${url}/desk`)).status).toBe(200);
    const manifest = (await (await fetch(`${url}/snapshot/manifest.json`)).json()) as { snapshot: string };
    expect(manifest.snapshot).toBe('0123456789abcdef');
    expect(await stop()).toBe(130);
    expect(calls()).toEqual(['generate', 'run']);
    const assets = readdirSync(join(project.root, 'dist/web/assets'));
    expect(assets.filter((name) => name.endsWith('.js.br'))).toHaveLength(1);
    expect(unfinished()).toEqual([]);
  });

  test('a second time generates nothing and builds nothing', async () => {
    project.write('calls', '');
    const { output, stop } = await served();
    await stop();
    expect(calls()).toEqual(['run']);
    expect(output).not.toMatch(/已构建|已生成/);
  });

  test('makes another sample when the generator or its options changed, and builds when the sources did', async () => {
    project.write('calls', '');
    project.write('data/sample/generator.ts', '2');
    await (await served()).stop();
    await (await served([...START, '--incidents', '1000'])).stop();
    expect(calls()).toEqual(['generate', 'run', 'generate', 'run']);
    expect(readFileSync(join(project.root, '.hexsight/sample/raw.csv'), 'utf8')).toContain('--incidents 1000');
    project.write('web/main.ts', 'document.title = "changed";');
    const { output, stop } = await served([...START, '--incidents', '1000']);
    await stop();
    expect(output).toContain('The web app is built.');
  });

  test('makes the sample anew when its last day lies more than a week back', async () => {
    const mark = '.hexsight/sample.made';
    const [made, lastDay] = readFileSync(join(project.root, mark), 'utf8').split(' ') as [string, string];
    expect(readFileSync(join(project.root, '.hexsight/sample/raw.csv'), 'utf8')).toContain(`--last-day ${lastDay}`);
    const back = (days: number): string => isoDate(parseIsoDate(lastDay) - days);
    for (const [days, expected] of [
      [4, ['run']],
      [12, ['generate', 'run']],
    ] as const) {
      project.write('calls', '');
      project.write(mark, `${made} ${back(days)}`);
      await (await served([...START, '--incidents', '1000'])).stop();
      expect(calls()).toEqual(expected);
    }
    expect(readFileSync(join(project.root, mark), 'utf8') >= `${made} ${lastDay}`).toBe(true);
  });

  test('takes the raw files and the profile of somebody else', async () => {
    project.write('calls', '');
    project.write('mine/raw.csv', '');
    await (await served([...START, '--profile', 'tainan', '--input', 'mine'])).stop();
    expect(calls()).toEqual(['run']);
    expect(readdirSync(join(project.root, '.hexsight'))).toContain('snapshot-tainan');
  });

  test.each(['generate', 'run'])(
    'Ctrl-C during %s reaches it, leaves nothing half-written and ends with 130',
    async (command) => {
      project.write('calls', '');
      project.write('slow', '60000');
      project.write('web/main.ts', `document.title = "${command}";`);
      const options = command === 'generate' ? ['--incidents', '2000'] : ['--incidents', '1000'];
      const started = start(project.root, [...START, ...options]);
      await started.printed(`${command} begins`);
      started.child.kill('SIGINT');
      const { code, output } = await started.ended;
      project.write('slow', '0');
      expect(code).toBe(130);
      expect(output).not.toMatch(/失败|failed|Error/);
      expect(calls()).toContain(`${command} got SIGINT`);
      expect(unfinished()).toEqual([]);
      expect(readFileSync(join(project.root, '.hexsight/sample/raw.csv'), 'utf8')).toContain('--incidents 1000');
    },
  );

  test('what a killed start left is removed by the next', async () => {
    // The id of a process that has ended.
    const { child, ended } = start(project.root, ['-e', '0']);
    await ended;
    const { pid } = child;
    for (const name of ['dist/web', 'dist/web-old', '.hexsight/sample', '.hexsight/sample-truth']) {
      const [folder, rest] = name.split('-');
      project.write(`${folder}.tmp-${pid}${rest ? `-${rest}` : ''}/part`, '');
    }
    expect(unfinished()).not.toEqual([]);
    project.write('data/sample/generator.ts', '3');
    project.write('web/main.ts', 'document.title = "after a kill";');
    await (await served()).stop();
    expect(unfinished()).toEqual([]);
  });

  test('a step that fails ends it with 1, and what it said is seen', async () => {
    project.write('broken', '');
    const { code, output } = await run(project.root, START);
    project.write('broken', '');
    expect(code).toBe(1);
    expect(output).toContain('the pipeline is broken');
    expect(output).toContain('hexsight run 失败（退出码 4）');
    expect(unfinished()).toEqual([]);
  });

  test('a port in use ends it with 4 before any work is done', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    project.write('calls', '');
    const { code, output } = await run(project.root, ['scripts/start.mjs', '--port', String(port)]);
    other.close();
    expect([code, calls()]).toEqual([4, ['']]);
    expect(output).toMatch(new RegExp(`端口 ${port} 已被占用[\\s\\S]*Port ${port} is in use`));
  });
});
