import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { main } from '../../../pipelines/cli.ts';
import { manifestPath, publishedManifest } from '../../../pipelines/publish/snapshot-folder.ts';
import { startServer } from '../../../server/start-server.ts';
import { faultsOf, makeVictim, type Running, type Victim } from './victim.ts';

let victim: Victim;
beforeEach(() => {
  victim = makeVictim();
  victim.use('a');
});
afterEach(() => victim.remove());

const holds = ({ child }: Running): boolean => {
  try {
    return readdirSync(victim.store)
      .filter((name) => /^lock\.\d+$/.test(name))
      .some((name) => {
        const { pid, free } = JSON.parse(readFileSync(join(victim.store, name), 'utf8')) as {
          pid: number;
          free: boolean;
        };
        return pid === child.pid && !free;
      });
  } catch {
    return false; // not there yet
  }
};

it('two publishers at once: one wins, the other stops with a clear message; kill -9 leaves the way free (R15)', async () => {
  const first = victim.start();
  while (!holds(first)) await new Promise((resolve) => setTimeout(resolve, 10));
  first.child.kill('SIGSTOP'); // stays in the middle of its work for as long as the second needs
  const second = await victim.run();
  expect([second.code, second.stderr]).toEqual([
    6,
    expect.stringContaining(`another run (process ${first.child.pid}) is publishing here`),
  ]);
  first.child.kill('SIGKILL');
  await first.ended;
  expect((await victim.run()).code).toBe(0);
  expect(await faultsOf(victim.out)).toEqual([]);
}, 120_000);

it('the winner of two that are not held up publishes, and no third thing comes out', async () => {
  const codes = (await Promise.all([victim.run(), victim.run()])).map(({ code }) => code).sort();
  expect([
    [0, 6],
    [0, 0], // one after the other
  ]).toContainEqual(codes);
  expect(await faultsOf(victim.out)).toEqual([]);
}, 120_000);

it('snapshots, rollback and diff on the command line; another version is rebuilt (R24)', async () => {
  expect((await victim.run()).code).toBe(0);
  const a = publishedManifest(victim.out)?.snapshot as string;
  victim.use('b');
  expect((await victim.run()).code).toBe(0);
  const b = publishedManifest(victim.out)?.snapshot as string;
  const at = ['--snapshot', victim.out, '--json'];
  const list = await hexsight('snapshots', ...at);
  expect(list.json).toMatchObject({
    current: b,
    snapshots: [
      { snapshot: b, incidents: 42 },
      { snapshot: a, incidents: 40 },
    ],
  });
  const { json: diff } = await hexsight('diff', a, b, ...at);
  expect(diff).toMatchObject({
    why: {
      inputsAdded: [],
      inputsRemoved: [],
      inputsChanged: ['orders/orders.csv'],
      configChanged: false,
      codeChanged: false,
    },
    totals: expect.arrayContaining([{ name: 'accepted', a: 40, b: 42 }]),
    months: [{ source: 'hotline', month: '2024-04', a: null, b: 2 }],
    divisions: [
      { code: '01', name: '西区', a: 17, b: 18 },
      { code: '02', name: '东区', a: 23, b: 24 },
    ],
  });
  const { files } = diff as { files: { changed: string[]; same: number } };
  expect(files.changed).toEqual(expect.arrayContaining(['cube/week.arrow', 'quality.json']));
  expect(files.same).toBeGreaterThan(5);
  expect((await hexsight('diff', a, b, '--snapshot', victim.out)).text).toContain('内容改变的输入: orders/orders.csv');
  expect((await hexsight('diff', a, b, '--snapshot', victim.out, '--lang', 'en')).text).toContain(
    'inputs changed: orders',
  );

  expect((await hexsight('rollback', a.slice(0, 6), ...at)).json).toMatchObject({
    ...{ from: b, to: a, changed: true },
    lost: { incidents: 2, days: 6, inputs: ['orders.csv'] },
  });
  const held = await victim.run();
  expect(JSON.parse(held.stdout)).toMatchObject({ snapshot: a, unchanged: true });
  expect(held.stderr).toContain('--force');
  expect((await hexsight('rollback', 'eeee', ...at)).code).toBe(4);
  expect((await hexsight('verify', ...at)).code).toBe(0);

  for (const schemaVersion of [99, 1]) {
    const other = { ...JSON.parse(readFileSync(manifestPath(victim.out), 'utf8')), schemaVersion };
    writeFileSync(manifestPath(victim.out), JSON.stringify(other));
    const refused = await hexsight('verify', ...at);
    expect([refused.code, JSON.stringify(refused.json)]).toEqual([
      4,
      expect.stringContaining(`has format ${schemaVersion}, this version reads 2: rebuild it with this version`),
    ]);
    const server = await startServer({ webRoot: victim.out, snapshotRoot: victim.out, port: 0, log: () => undefined });
    const answer = await fetch(`${server.url}/snapshot/manifest.json`);
    expect([answer.status, await answer.text()]).toEqual([
      503,
      expect.stringMatching(/请用本版本重新生成.*rebuild it/s),
    ]);
    await server.close();
  }
  expect((await victim.run()).code).toBe(0);
  expect(publishedManifest(victim.out)?.snapshot).toBe(b);
  expect((await hexsight('verify', ...at)).code).toBe(0);
}, 180_000);

it('a damaged file of the current snapshot is put right by the next run', async () => {
  expect((await victim.run()).code).toBe(0);
  const { files } = publishedManifest(victim.out) as { files: { file: string }[] };
  writeFileSync(join(victim.out, files[0]?.file as string), 'damaged');
  writeFileSync(join(victim.out, `${files[1]?.file}.br`), 'damaged');
  expect(await faultsOf(victim.out)).toHaveLength(2);
  expect((await victim.run()).code).toBe(0);
  expect(await faultsOf(victim.out)).toEqual([]);
}, 120_000);

/** The command in this process. */
async function hexsight(...args: string[]): Promise<{ code: number; text: string; json: unknown }> {
  let text = '';
  const [out, err] = [process.stdout.write, process.stderr.write];
  process.stdout.write = ((part: string) => {
    text += part;
    return true;
  }) as typeof process.stdout.write;
  process.stderr.write = (() => true) as typeof process.stderr.write;
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    await main(['node', 'hexsight', ...args]);
    const last = text.trim().split('\n').at(-1) as string;
    return { code: Number(process.exitCode), text, json: last.startsWith('{') ? JSON.parse(last) : null };
  } finally {
    process.exitCode = before;
    process.stdout.write = out;
    process.stderr.write = err;
  }
}
