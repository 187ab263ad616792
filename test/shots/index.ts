/** `npm run shots -- [snapshot folder] [--room wall] [--canvas 1920x1080] [--theme dark] [--locale en]`: pictures to look at, in `shots/` (ignored). */
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { buildWebOnce, serveSnapshot } from '../e2e/support/app.ts';
import { launchBrowser } from '../e2e/support/browser.ts';
import { faultRecorder } from '../e2e/support/fault-recorder.ts';
import { galleryPage } from './gallery.ts';
import { fileOf, type Shot, type ShotRoom, shotsOf, sizeOf } from './plan.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const OUT = join(ROOT, 'shots');
/** 37 megapixels drawn by a processor. */
const PATIENCE_MS = 300_000;

/** What a room shows when nothing more is to come. */
const READY: Record<ShotRoom, () => boolean> = {
  desk: () => window.__hexsight?.state === 'filters-ready' && document.querySelector('[aria-busy="true"]') === null,
  wall: () => document.querySelector('.wall-key [data-key="bar"]') !== null,
  review: () => document.querySelector('.review[data-ready="true"] .brief') !== null,
};
const MAP_AT_REST = () => {
  const map = window.__hexsight?.map;
  return map === null || map === undefined || !('idle' in map) || map.idle === true;
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    room: { type: 'string' },
    canvas: { type: 'string' },
    theme: { type: 'string' },
    locale: { type: 'string' },
    clock: { type: 'string' },
  },
});
const snapshot = positionals[0] ?? join(ROOT, '.hexsight', 'snapshot');
const { clock, ...choice } = values;
const plan = shotsOf(choice);
if (!existsSync(join(snapshot, 'manifest.json'))) {
  process.stderr.write(`no snapshot in ${snapshot}: run npm start once, or name a folder that holds manifest.json\n`);
  process.exit(2);
}

await buildWebOnce();
const server = await serveSnapshot(snapshot);
const browser = await launchBrowser();
await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
const faults: string[] = [];
for (const [at, shot] of plan.entries()) {
  const told = await take(browser, shot);
  faults.push(...told.map((fault) => `${fileOf(shot)}: ${fault}`));
  process.stderr.write(`${at + 1}/${plan.length} ${fileOf(shot)}${told.length > 0 ? ` ${told.join('; ')}` : ''}\n`);
}
await writeFile(join(OUT, 'index.html'), galleryPage(plan));
await browser.close();
await server.close();
process.stdout.write(`${plan.length} pictures in ${OUT}, ${faults.length} faults\n`);
process.exit(faults.length > 0 ? 1 : 0);

async function take(browser: Browser, shot: Shot): Promise<readonly string[]> {
  const { width, height, ratio } = sizeOf(shot.canvas);
  const page: Page = await browser.newPage({
    viewport: { width, height },
    deviceScaleFactor: ratio,
    locale: shot.locale,
    timezoneId: 'Asia/Shanghai',
  });
  const recorder = faultRecorder([]);
  await recorder.watch(page, server.url);
  const keys = new URLSearchParams({ locale: shot.locale, theme: shot.theme, ...(clock ? { clock } : {}) });
  const told: string[] = [];
  try {
    await page.goto(`${server.url}/${shot.room}?${keys}`);
    await page.waitForFunction(READY[shot.room], undefined, { timeout: PATIENCE_MS });
    await page.waitForFunction(MAP_AT_REST, undefined, { timeout: PATIENCE_MS });
    await page.waitForTimeout(1500);
  } catch (thrown) {
    told.push(thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown));
  }
  await page.screenshot({ path: join(OUT, fileOf(shot)), timeout: PATIENCE_MS });
  told.push(...recorder.faults.map(({ kind, text }) => `${kind}: ${text}`));
  await page.close();
  return told;
}
