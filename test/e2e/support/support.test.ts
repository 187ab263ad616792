import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../../../server/start-server.ts';
import { launchBrowser, openPage } from './browser.ts';
import { faultRecorder } from './fault-recorder.ts';

/** The server and the recorder against a real browser: what the policy forbids must be stopped *and* noticed. */
const PAGES: Readonly<Record<string, string>> = {
  'clean.js': `document.title = 'ran'; new Worker('/assets/quiet.js', { type: 'module' });`,
  'quiet.js': `postMessage(1);`,
  'log.js': `console.error('something went wrong');`,
  'throw.js': `setTimeout(() => { throw new Error('nobody caught this'); });`,
  'fetch.js': `fetch('http://other.example/data').catch(() => {});`,
  'image.js': `new Image().src = 'http://other.example/pixel.png';`,
  'leave.js': `location.href = 'http://other.example/';`,
  'eval.js': `try { new Function('return 1')(); } catch {}`,
  'style.js': `document.body.insertAdjacentHTML('beforeend', '<p style="color:red">x</p>');`,
  'blob.js': `new Worker(URL.createObjectURL(new Blob(['postMessage(1)'])));`,
  'worker.js': `new Worker('/assets/leak.js', { type: 'module' });`,
  'leak.js': `setTimeout(() => fetch('http://other.example/from-a-worker').catch(() => {}), 300);`,
  'wasm.js': `WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => { document.title = 'compiled'; });`,
};

let root: string;
let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'hexsight-e2e-support-'));
  await mkdir(join(root, 'assets'));
  for (const [name, code] of Object.entries(PAGES)) {
    await writeFile(join(root, 'assets', name), code);
    const html = `<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="/assets/${name}"></script>`;
    await writeFile(join(root, `${name.replace('.js', '')}.html`), html);
  }
  await writeFile(join(root, 'inline.html'), '<!doctype html><link rel="icon" href="data:,"><script>1</script>');
  server = await startServer({ webRoot: root, snapshotRoot: join(root, 'snapshot'), port: 0 });
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(root, { recursive: true });
});

async function faultsOf(name: string): Promise<string[]> {
  const recorder = faultRecorder();
  const page = await openPage(browser, `${server.url}/${name}.html`, { recorder });
  await page.waitForTimeout(800);
  await page.context().close();
  return [...new Set(recorder.faults.map(({ kind }) => kind))].sort();
}

describe('a page under the policy of the server', () => {
  test('runs its scripts and workers, and has no faults', async () => {
    const page = await openPage(browser, `${server.url}/clean.html`);
    await page.waitForFunction(() => document.title === 'ran');
  });

  test('may compile WebAssembly', async () => {
    const page = await openPage(browser, `${server.url}/wasm.html`);
    await page.waitForFunction(() => document.title === 'compiled');
  });

  test.each([
    ['log', 'console'],
    ['throw', 'exception'],
    ['leave', 'other-origin'],
    ['inline', 'csp'],
    ['eval', 'csp'],
    ['style', 'csp'],
    ['blob', 'csp'],
    ['fetch', 'csp'],
    ['image', 'csp'],
    ['worker', 'csp'],
  ])('%s.html has a fault of kind %s', async (name, kind) => {
    expect(await faultsOf(name)).toContain(kind);
  });

  test('a fault that the test provokes is not held against it', async () => {
    const page = await openPage(browser, `${server.url}/log.html`, { expected: [/something went wrong/] });
    await page.waitForTimeout(200);
  });

  test.fails('any other fails the test by itself', async () => {
    const page = await openPage(browser, `${server.url}/log.html`);
    await page.waitForTimeout(200);
  });
});
