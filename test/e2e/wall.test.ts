import type { BrowserContext, Page } from 'playwright-core';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { FRESH_CLOCK, wallCity } from '../support/wall-city.ts';
import { serveSnapshot } from './support/app.ts';
import { openPage } from './support/browser.ts';
import { faultRecorder } from './support/fault-recorder.ts';
import { served } from './support/served.ts';

const SLOW = { timeout: 60_000 };
/** No WebGL, and a file that is not there: both provoked. */
const NO_WEBGL = [/WebGL/i, /404/];

describe('the wall', () => {
  const app = served(wallCity);
  beforeEach(() => app.city.publish(app.city.manifest(app.city.first)));

  const ready = async (page: Page): Promise<Page> => {
    await page.waitForSelector('[data-panel="alerts"] [data-alert]', SLOW);
    // The first picture, then the whole one: the weeks have their normal last.
    await page.waitForFunction(() => document.querySelector('.wall-key [data-key="band"]') !== null, undefined, SLOW);
    return page;
  };
  /** Without WebGL, since a canvas of 37 megapixels drawn by the processor proves nothing about the layout. */
  const withoutMap = async (query: string): Promise<Page> => {
    const context = await app.browser.newContext({ viewport: { width: 1280, height: 720 }, serviceWorkers: 'block' });
    const page = await context.newPage();
    await page.addInitScript(() => {
      const own = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
        return kind.startsWith('webgl') ? null : Reflect.apply(own, this, [kind, ...rest]);
      } as typeof own;
    });
    const faults = faultRecorder(NO_WEBGL);
    onTestFinished(async () => {
      await context.close();
      faults.expectNone();
    });
    await faults.watch(page, app.url);
    await page.goto(`${app.url}/wall${query}`);
    return ready(page);
  };

  it('fits every canvas: no scroll bar, nothing clipped, nothing across a seam', { timeout: 180_000 }, async () => {
    const plain: readonly (readonly [number, number, string])[] = [
      [1920, 1080, ''],
      [3840, 2160, ''],
      [3840, 1080, ''],
      [5760, 1080, ''],
      [5760, 2160, ''],
      [11520, 3240, ''],
      [4160, 2430, ''],
    ];
    const tiled: readonly (readonly [number, number, string])[] = [
      [3840, 1080, '2x1'],
      [5760, 2160, '3x2'],
      [11520, 3240, '6x3'],
    ];
    for (const [locale, spliced] of [
      ['en', ['', '6x3']],
      ['zh-CN', ['', '2x1', '3x2', '6x3']],
    ] as const)
      for (const tiles of spliced) {
        const page = await withoutMap(
          `?clock=${FRESH_CLOCK}&tour=off&locale=${locale}${tiles ? `&tiles=${tiles}` : ''}`,
        );
        for (const [width, height, own] of tiles ? tiled.filter((one) => one[2] === tiles) : plain) {
          await page.setViewportSize({ width, height });
          await page.waitForFunction((w) => innerWidth === w && document.querySelector('.wall-panel') !== null, width);
          await page.waitForTimeout(250);
          expect(await misfits(page, own), `${width}×${height} ${own} ${locale}`).toEqual([]);
        }
      }
  });

  it('without WebGL says so and shows the rest', async () => {
    const page = await withoutMap(`?clock=${FRESH_CLOCK}&tour=off`);
    await expect.poll(() => page.locator('.wall-status').textContent(), SLOW).toContain('地图无法绘制');
    expect(await page.locator('[data-panel]').count()).toBe(7);
    expect(await page.locator('.wall-alerts [data-alert]').count()).toBeGreaterThan(0);
  });

  it('shows no old number as a new one', async () => {
    const fresh = await withoutMap(`?clock=${FRESH_CLOCK}&tour=off`);
    const value = fresh.locator('[data-panel="headline"] [data-metric]').first();
    const n = Number(await value.getAttribute('data-value'));
    expect(n).toBeGreaterThan(0);
    expect(await value.textContent()).toBe(String(n));
    // The same snapshot by the real clock: years later.
    const stale = await withoutMap('?tour=off');
    expect(await stale.locator('[data-metric]').count()).toBe(0);
    expect(await stale.locator('[data-panel="headline"] .wall-number').allTextContents()).toEqual(['—']);
    expect(await stale.locator('[data-panel="headline"]').textContent()).toContain('天前');
    expect(await stale.locator('[data-panel="sources"]').textContent()).toContain('停报');
    expect(await stale.locator('.wall-caption').textContent()).toContain('热线');
  });

  it('plays the last weeks, stops on touch, goes by keys; . pins', async () => {
    app.city.publish(app.city.manifest(app.city.second));
    const page = await withoutMap(`?clock=${FRESH_CLOCK}&tour=off`);
    const week = page.locator('.wall-week');
    const state = async () => [await week.getAttribute('data-week'), await week.getAttribute('data-running')];
    await page.keyboard.press('w');
    await expect.poll(() => week.count(), SLOW).toBe(1);
    await page.keyboard.press('Home');
    await expect.poll(state).toEqual(['2024-W09', 'false']);
    await page.keyboard.press('ArrowRight');
    await expect.poll(state).toEqual(['2024-W10', 'false']);
    expect(await page.locator('.wall-strip-now').getAttribute('data-week')).toBe('2024-W10');
    expect(await page.locator('.wall-legend').getAttribute('data-look')).toBe('weeks');
    // To its end by itself, then again until it is touched.
    await page.keyboard.press(' ');
    await expect.poll(state, SLOW).toEqual(['2024-W12', 'false']);
    await page.keyboard.press(' ');
    await expect.poll(async () => (await state())[1]).toBe('true');
    await page.locator('[data-panel="movers"]').click();
    await expect.poll(async () => (await state())[1]).toBe('false');
    const tour = page.locator('.wall-tour');
    await page.keyboard.press('.');
    await expect.poll(() => tour.textContent()).toContain('已钉住');
    await page.keyboard.press('Escape');
    await expect.poll(() => tour.textContent()).not.toContain('已钉住');
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => week.count()).toBe(0);
    // What the marks on the map mean, in words.
    expect(await page.locator('.wall-legend-levels [data-level]').count()).toBe(4);
  });

  it('a console in another window drives it', async () => {
    const wall = await withoutMap(`?clock=${FRESH_CLOCK}`);
    const desk = await wall.context().newPage();
    await desk.goto(`${app.url}/wall/console`);
    const status = desk.locator('.wall-console [data-connected]');
    await expect.poll(() => status.getAttribute('data-connected'), SLOW).toBe('true');
    const stops = desk.locator('.console-stops [data-stop]');
    const id = await stops.nth(1).getAttribute('data-stop');
    await stops.nth(1).locator('button').nth(1).click();
    await expect.poll(() => wall.locator('.wall-tour').getAttribute('data-stop'), SLOW).toBe(id);
    await expect.poll(() => wall.locator('.wall-tour').textContent()).toContain('已钉住');
    await desk.locator('.wall-console form input').first().fill('请关注东区');
    await desk.locator('.wall-console form button[type="submit"]').first().click();
    await expect.poll(() => wall.locator('.wall-operator').textContent(), SLOW).toBe('请关注东区');
    await desk.keyboard.press('Tab');
    await desk.locator('.console-buttons button').nth(1).click();
    await expect.poll(() => wall.locator('.wall-tour').getAttribute('data-stop'), SLOW).not.toBe(id);
    expect(await desk.locator('[data-handover]').count()).toBe(4);
  });

  it('a new snapshot is taken over whole, a broken one not at all', async () => {
    const page = await withoutMap(`?clock=${FRESH_CLOCK}&tour=off`);
    const snapshot = () => page.locator('.wall').getAttribute('data-snapshot');
    expect(await snapshot()).toBe(app.city.first);
    // Published by half: the manifest names a file that is not there.
    const broken = JSON.parse(app.city.manifest(app.city.second)) as {
      files: { path: string; file: string; sha256: string }[];
    };
    for (const file of broken.files)
      if (file.path === 'alerts.json') {
        file.sha256 = 'f'.repeat(64);
        file.file = `files/${file.sha256}.json`;
      }
    app.city.publish(JSON.stringify(broken));
    await page.evaluate(() => window.__hexsightWall?.look());
    expect(await snapshot()).toBe(app.city.first);
    await expect.poll(() => page.locator('.wall-status').textContent()).toContain('未采用');
    app.city.publish(app.city.manifest(app.city.second));
    await page.evaluate(() => window.__hexsightWall?.look());
    expect(await snapshot()).toBe(app.city.second);
    await expect.poll(() => page.locator('.wall-status').textContent()).not.toContain('未采用');
  });

  it('stands without the server, also over a reload', { timeout: 120_000 }, async () => {
    const own = await serveSnapshot(app.city.out);
    const context: BrowserContext = await app.browser.newContext({ viewport: { width: 1280, height: 720 } });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    await page.goto(`${own.url}/wall?clock=${FRESH_CLOCK}&tour=off`);
    await ready(page);
    const console = await context.newPage();
    await console.goto(`${own.url}/wall/health`);
    await expect.poll(() => console.locator('[data-health="copy"] dd').textContent(), SLOW).toBe('kept');
    await console.close();
    await own.close();
    await page.evaluate(() => window.__hexsightWall?.look());
    await expect.poll(() => page.locator('.wall-status').textContent(), SLOW).toContain('服务器无应答');
    expect(await page.locator('[data-panel="headline"] [data-metric]').count()).toBeGreaterThan(0);
    await page.reload();
    await ready(page);
    expect(await page.locator('.wall').getAttribute('data-snapshot')).toBe(app.city.first);
    await expect.poll(() => page.locator('.wall-status').textContent(), SLOW).toContain('服务器无应答');
  });

  it('builds its map anew after each lost context', { timeout: 120_000 }, async () => {
    const page = await openPage(app.browser, `${app.url}/wall?clock=${FRESH_CLOCK}&tour=off`, {
      viewport: { width: 960, height: 540 },
      // A frame between the loss and its event: deck.gl asks a lost context for its programs.
      expected: [/context lost/i, /CONTEXT_LOST/i, /deck: drawing .*uniform block/i],
    });
    await ready(page);
    const idle = () =>
      page.waitForFunction(
        () => window.__hexsight?.map && 'idle' in window.__hexsight.map && window.__hexsight.map.idle === true,
        undefined,
        SLOW,
      );
    await idle();
    for (let loss = 1; loss <= 3; loss++) {
      await page.evaluate(loseContext);
      await page.waitForFunction(
        () =>
          document.querySelector('canvas[data-lost]') === null &&
          document.querySelector('.wall-map .maplibregl-canvas'),
        undefined,
        SLOW,
      );
      await idle();
    }
    expect(await page.locator('.wall-map .maplibregl-canvas').count()).toBe(1);
    expect(await page.locator('.wall-pin').count()).toBeGreaterThan(0);
  });
});

/** Runs in the page. */
function loseContext(): void {
  const canvas = document.querySelector<HTMLCanvasElement>('.wall-map .maplibregl-canvas')!;
  canvas.dataset.lost = 'true';
  canvas.getContext('webgl2')!.getExtension('WEBGL_lose_context')!.loseContext();
}

/** What scrolls, is cut off, stands outside its panel, or lies across a seam of `tiles`. */
async function misfits(page: Page, tiles: string): Promise<readonly string[]> {
  return page.evaluate((spec) => {
    const found: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight) found.push('the page scrolls');
    const [columns = 1, rows = 1] = spec === '' ? [] : spec.split('x').map(Number);
    const crosses = (low: number, high: number, length: number, parts: number) =>
      Array.from({ length: parts - 1 }, (_, i) => ((i + 1) * length) / parts).some((seam) => low < seam && high > seam);
    const blocks = '.wall-panel, .wall-title, .wall-status, .wall-caption, .wall-legend';
    for (const block of document.querySelectorAll<HTMLElement>(blocks)) {
      const outer = block.getBoundingClientRect();
      const name = block.dataset.panel ?? block.className;
      if (block.scrollHeight > block.clientHeight + 1 || block.scrollWidth > block.clientWidth + 1)
        found.push(
          `${name} is cut off: ${block.scrollWidth}>${block.clientWidth} ${block.scrollHeight}>${block.clientHeight}`,
        );
      if (crosses(outer.left, outer.right, innerWidth, columns) || crosses(outer.top, outer.bottom, innerHeight, rows))
        found.push(`${name} lies across a seam`);
      for (const part of block.querySelectorAll<HTMLElement>('h1, h2, h3, p, li, th, td, b, strong, small, time')) {
        const inner = part.getBoundingClientRect();
        if (inner.width === 0) continue;
        if (
          inner.right > outer.right + 1 ||
          inner.bottom > outer.bottom + 1 ||
          inner.left < outer.left - 1 ||
          inner.top < outer.top - 1
        )
          found.push(`${name}: “${part.textContent?.slice(0, 20)}” stands outside`);
        if (getComputedStyle(part).overflow !== 'visible' && part.scrollWidth > part.clientWidth + 1)
          found.push(`${name}: “${part.textContent?.slice(0, 20)}” is cut off`);
      }
    }
    return found;
  }, tiles);
}
