import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellToLatLng, cellToParent } from 'h3-js';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isoWeek } from '../../core/time/local-date.ts';
import { publishedManifest, runPipeline } from '../../pipelines/run.ts';
import type { RunningServer } from '../../server/start-server.ts';
import { describeReal, keptCity } from '../golden/real/real-data.ts';
import { tainanPlaces, villagesOf } from '../golden/real/tainan-places.ts';
import { tainanTruth } from '../golden/real/tainan-truth.ts';
import type { TruthIncident } from '../golden/real/truth.ts';
import { buildWebOnce, serveSnapshot } from './support/app.ts';
import { launchBrowser, openPage } from './support/browser.ts';

/**
 * The desk on real hotline tickets: what stands on the screen after each filter is what SQL and turf count in the raw file. Every page
 * also fails on a request to another origin, a console error or a breach of the Content-Security-Policy (`openPage`).
 */
describeReal('tainan', (input) => {
  let folder: string;
  let server: RunningServer;
  let browser: Browser;
  let truth: readonly TruthIncident[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hexsight-e2e-tainan-'));
    await buildWebOnce();
    const kept = keptCity('tainan');
    const out = kept !== null && publishedManifest(kept) ? kept : join(folder, 'out');
    if (out !== kept) await runPipeline({ profile: 'tainan', input, out });
    truth = (await tainanTruth(input, tainanPlaces(input))).accepted;
    server = await serveSnapshot(out);
    browser = await launchBrowser();
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (query = ''): Promise<Page> => {
    const page = await openPage(browser, `${server.url}/desk${query}`, { viewport: { width: 1280, height: 800 } });
    await page.waitForFunction(() => window.__hexsight?.state === 'filters-ready', undefined, { timeout: 90_000 });
    return page;
  };
  /** The headline number once the query behind it has settled. */
  const settled = async (page: Page): Promise<number> => {
    await page.waitForSelector('.summary[aria-busy="false"] .summary-n', { timeout: 30_000 });
    const text = await page.textContent('.summary-n');
    return Number((text ?? '').replaceAll(',', ''));
  };
  const expectShown = async (page: Page, expected: number): Promise<void> => {
    await expect.poll(() => settled(page), { timeout: 30_000 }).toBe(expected);
  };
  const guanmiao = villagesOf(input).find(({ properties }) => properties.TOWNNAME === '關廟區')?.properties.TOWNCODE;
  const weekOf = (row: TruthIncident): string => isoWeek(row.day);

  it('counts like SQL after category, time and division filters', { timeout: 240_000 }, async () => {
    const page = await open();
    await expectShown(page, truth.length);

    await page.getByLabel('筛选类别：噪声扰民', { exact: true }).check();
    const noise = truth.filter((row) => row.category.startsWith('noise.') || row.category === 'noise');
    await expectShown(page, noise.length);

    await page.getByLabel('起始周').selectOption({ label: await optionOf(page, '起始周', '2016', 10) });
    await page.getByLabel('截止周').selectOption({ label: await optionOf(page, '截止周', '2016', 30) });
    const inWeeks = noise.filter((row) => weekOf(row) >= '2016-W10' && weekOf(row) <= '2016-W30');
    await expectShown(page, inWeeks.length);

    await page.getByLabel('进入下级区划').selectOption({ label: '關廟區' });
    const inDistrict = inWeeks.filter((row) => row.divisions?.[0] === guanmiao);
    expect(inDistrict.length).toBeGreaterThan(0);
    await expectShown(page, inDistrict.length);
    // The same link in a fresh page: the district is in focus there too, with everything else dimmed.
    await expect.poll(() => page.url()).toContain('division=');
    const shared = await open(new URL(page.url()).search);
    await expectShown(shared, inDistrict.length);
    await expect.poll(() => maskedFeatures(shared), { timeout: 30_000 }).toBe(1);

    // Back to the whole city: the same numbers again, and the link holds the state.
    await page.keyboard.press('Escape');
    await expectShown(page, inWeeks.length);
    await expect.poll(() => page.url()).not.toContain('division=');
    expect(page.url()).toContain('categories=noise');
    const again = await open(new URL(page.url()).search);
    await expectShown(again, inWeeks.length);
  });

  it('counts each source and the unlocated like SQL', { timeout: 120_000 }, async () => {
    const page = await open();
    await expectShown(page, truth.length);
    const shown = await page.locator('[data-panel="sources"] .row-count').allTextContents();
    const bySource = ['hotline', 'police', 'labour'].map((key) => truth.filter((row) => row.source === key).length);
    expect(shown.map((text) => Number(text.replaceAll(',', '')))).toEqual(bySource);
    const unlocated = truth.filter((row) => row.unlocated !== null).length;
    expect(await page.textContent('.summary')).toContain(`未定位 ${unlocated}`);
  });

  it('the brief of a week counts like SQL, and its figures open the desk on the same number', {
    timeout: 120_000,
  }, async () => {
    const week = '2017-W20';
    const page = await openPage(browser, `${server.url}/review/${week}`, { viewport: { width: 1280, height: 800 } });
    await page.waitForSelector('.review[data-ready="true"] .headlines', { timeout: 60_000 });
    const inWeek = truth.filter((row) => weekOf(row) === week);
    const of = (source: string) => inWeek.filter((row) => row.source === source).length;
    const shown = async (kind: string) =>
      Number(await page.getAttribute(`[data-headline="${kind}"] [data-metric]`, 'data-value'));
    expect(inWeek.length).toBeGreaterThan(100);
    expect([await shown('all'), await shown('complaint'), await shown('police')]).toEqual([
      inWeek.length,
      of('hotline'),
      of('police'),
    ]);
    await page.click('[data-headline="police"] [data-metric]');
    await expectShown(page, of('police'));
  });

  it('shows in the card of the hottest cell what SQL counts there, in the legend colour', {
    timeout: 240_000,
  }, async () => {
    const counts = new Map<string, number>();
    for (const row of truth) {
      if (row.cell === null) continue;
      const parent = cellToParent(row.cell, 8);
      counts.set(parent, (counts.get(parent) ?? 0) + 1); // a count starts at nothing
    }
    const [cell, n] = [...counts].sort((a, b) => b[1] - a[1])[0] as [string, number];
    const [lat, lng] = cellToLatLng(cell);
    const page = await open(`?version=1&view=${lng.toFixed(5)},${lat.toFixed(5)},11.3&cell=${cell}`);
    await expectShown(page, truth.length);
    await expect
      .poll(async () => (await page.textContent('.card-n'))?.replaceAll(',', ''), { timeout: 30_000 })
      .toBe(`${n} 件`);
    const sources = await page.locator('[data-panel="cell-sources"] .row-count').allTextContents();
    expect(sources.reduce((sum, text) => sum + Number(text.replaceAll(',', '')), 0)).toBe(n);

    const map = await page.evaluate(
      async ([x, y]) => {
        const city = window.__hexsight.map as unknown as {
          legend(): { resolution: number; colours: readonly string[] };
          project(lng: number, lat: number): { x: number; y: number };
          snapshotPixels(): Promise<string>;
        };
        const { resolution, colours } = city.legend();
        const at = city.project(x as number, y as number);
        const image = new Image();
        image.src = await city.snapshotPixels();
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
        context.drawImage(image, 0, 0);
        const scale = window.devicePixelRatio;
        // 49 points around the middle: a label or a border over some of them does not decide.
        const spots: number[][] = [];
        for (let dy = -9; dy <= 9; dy += 3) {
          for (let dx = -9; dx <= 9; dx += 3) {
            spots.push([...context.getImageData((at.x + dx) * scale, (at.y + dy) * scale, 1, 1).data.slice(0, 3)]);
          }
        }
        return { resolution, colours, spots };
      },
      [lng, lat],
    );
    expect(map.resolution).toBe(8);
    const darkest = map.colours.at(-1) as string;
    const like = (colour: string): number => map.spots.filter((rgb) => distance(rgb, hex(colour)) <= 6).length;
    expect(like(darkest)).toBeGreaterThanOrEqual(15);
    for (const other of map.colours.slice(0, -1)) expect(like(other), other).toBe(0);
  });

  it('says every word in English when asked', { timeout: 120_000 }, async () => {
    const page = await open('?version=1&locale=en');
    await expectShown(page, truth.length);
    const hanzi = await page.evaluate(() => {
      const names = new Set<string>();
      const walker = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const text = node.textContent?.trim() ?? '';
        if (/\p{Script=Han}/u.test(text)) names.add(text);
      }
      return [...names];
    });
    // Names of districts and villages have no English in the data, and the language switch names itself.
    expect(hanzi.filter((text) => !/[區里]|^中文$|^(正體)?中文$/.test(text))).toEqual([]);
  });
});

/** Features of the mask that dims what lies outside the focused division. */
function maskedFeatures(page: Page): Promise<number> {
  return page.evaluate(() => (window.__hexsight.map as unknown as { masked(): number }).masked());
}

async function optionOf(page: Page, label: string, year: string, week: number): Promise<string> {
  const options = await page.getByLabel(label).locator('option').allTextContents();
  const found = options.find((text) => text.includes(year) && new RegExp(`第\\s?0?${week}周`).test(text));
  if (!found) throw new Error(`no option for week ${week} of ${year} in ${options.slice(0, 3).join(' | ')}`);
  return found;
}

function hex(colour: string): number[] {
  const match = /^#(..)(..)(..)/.exec(colour);
  if (match) return match.slice(1, 4).map((part) => Number.parseInt(part, 16));
  return (colour.match(/\d+/g) ?? []).slice(0, 3).map(Number);
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN))));
}
