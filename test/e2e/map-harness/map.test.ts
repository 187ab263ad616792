import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellToBoundary, cellToLatLng, gridDisk, gridDistance, latLngToCell } from 'h3-js';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, settled } from './browser.ts';
import type { Harness } from './main.ts';
import { buildHarness, serveHarness } from './serve.ts';
import { writeSyntheticSnapshot } from './synthetic-snapshot.ts';

declare const window: Window & { harness: Harness };

/** Zoom per resolution at which that resolution is drawn around 31° N. The made city is small: 7 lies beyond its zoom range. */
const ZOOMS: readonly (readonly [resolution: number, zoom: number])[] = [
  [8, 10.4],
  [9, 11.9],
  [10, 13.4],
];

/** Small: every frame is drawn by the CPU. */
const VIEWPORT = { width: 800, height: 500 };

let folder: string;
let server: Server;
let url: string;
let browser: Browser;
const outside: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'map-harness-'));
  writeSyntheticSnapshot(join(folder, 'snapshot'), 0.14);
  await buildHarness(join(folder, 'dist'));
  ({ server, url } = await serveHarness(join(folder, 'dist'), () => join(folder, 'snapshot')));
  browser = await launch();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(query: string, deviceScaleFactor = 1): Promise<Page> {
  const page = await browser.newPage({ viewport: VIEWPORT, deviceScaleFactor });
  page.on('request', (request) => {
    if (!/^(data:|blob:)/.test(request.url()) && !request.url().startsWith(url)) outside.push(request.url());
  });
  await page.goto(`${url}?${query}`);
  await settled(page);
  return page;
}

async function goTo(page: Page, zoom: number): Promise<void> {
  await page.evaluate((to) => window.harness.map.flyTo({ lng: 120.66, lat: 31.3, zoom: to }), zoom);
  await page.waitForTimeout(950);
  await settled(page);
}

const useFinest = (page: Page) =>
  page.evaluate(async () => window.harness.map.setCounts(await window.harness.finest()));

/** How far towards its corners a cell is looked at and clicked: a mouse and a pixel are whole, a cell may have 12. */
const REACH = 0.75;

/** Cells around the middle of the view, with their places. */
function cellsNear(resolution: number): { h3: string; centre: [number, number]; corners: [number, number][] }[] {
  const found = gridDisk(latLngToCell(31.3, 120.66, resolution), 6);
  return found.map((h3) => {
    const [lat, lng] = cellToLatLng(h3);
    const towards = (from: number, to: number) => from + (to - from) * REACH;
    const corners = cellToBoundary(h3).map(([y, x]): [number, number] => [towards(lng, x), towards(lat, y)]);
    return { h3, centre: [lng, lat], corners };
  });
}

describe('the map draws what it says', () => {
  for (const [theme, scale] of [
    ['light', 1],
    ['light', 2],
    ['dark', 1],
  ] as const) {
    it(`a pixel in the middle of a cell has the colour of its class: ${theme}, ${scale} device pixels`, async () => {
      const page = await open(`theme=${theme}`, scale);
      await useFinest(page);
      for (const [resolution, zoom] of ZOOMS) {
        await goTo(page, zoom);
        const cells = cellsNear(resolution);
        const seen = await page.evaluate(
          async (asked) => ({
            resolution: window.harness.map.resolution,
            legend: window.harness.map.legend(),
            expected: asked.map(({ h3 }) => window.harness.map.cellColour(h3)),
            pixels: await window.harness.pixels(
              asked.flatMap(({ centre, corners }) => [centre, ...corners.slice(0, 5)]),
            ),
          }),
          cells,
        );
        expect(seen.resolution).toBe(resolution);
        let sure = 0;
        cells.forEach((cell, i) => {
          const expected = seen.expected[i]!;
          const classesSeen = seen.pixels
            .slice(6 * i, 6 * i + 6)
            .filter((pixel) => seen.legend.colours.includes(pixel));
          // Names and outlines may hide a cell, but never may it show the colour of another class.
          expect(
            classesSeen.every((pixel) => pixel === expected),
            `${cell.h3} ${expected} ${classesSeen}`,
          ).toBe(true);
          if (expected !== null && classesSeen.length > 0) sure++;
        });
        const filled = seen.expected.filter((colour) => colour !== null).length;
        expect(filled).toBeGreaterThan(20);
        expect(sure / filled).toBeGreaterThan(0.95);
      }
      expect(await page.evaluate(() => [window.harness.errors, window.harness.violations])).toEqual([[], []]);
      await page.close();
    }, 240_000);
  }

  it('the first map is announced in a frame that shows hexagons', async () => {
    const page = await open('theme=light');
    expect(await page.evaluate(() => window.harness.firstMapHasHexagons)).toBe(true);
    expect(await page.evaluate(() => performance.getEntriesByName('hexsight:first-map').length)).toBe(1);
    await page.close();
  }, 180_000);

  it('a change of resolution never shows an empty map', async () => {
    const page = await open('theme=light');
    await useFinest(page);
    await goTo(page, 10.4);
    const shares = await page.evaluate(async () => {
      const seen: number[] = [];
      window.harness.map.flyTo({ lng: 120.66, lat: 31.3, zoom: 13.4 });
      const end = performance.now() + 30_000;
      while (performance.now() < end && (window.harness.map.resolution < 10 || !window.harness.map.idle)) {
        seen.push(await window.harness.shareFilled());
      }
      seen.push(await window.harness.shareFilled());
      return seen;
    });
    expect(shares.length).toBeGreaterThan(4);
    expect(Math.min(...shares)).toBeGreaterThan(0.05);
    expect(await page.evaluate(() => window.harness.resolutions)).toContain(10);
    await page.close();
  }, 180_000);
});

describe('the map answers where it is asked', () => {
  for (const scale of [1, 2]) {
    it(`a click selects the cell under it, near a corner and when it is empty: ${scale} device pixels`, async () => {
      const page = await open('theme=light', scale);
      await useFinest(page);
      for (const [resolution, zoom] of ZOOMS) {
        await goTo(page, zoom);
        for (const { h3, corners } of cellsNear(resolution).filter((_, i) => i % 17 === 0)) {
          const { x, y } = await page.evaluate(([lng, lat]) => window.harness.map.project(lng, lat), corners[0]!);
          if (x < 5 || y < 5 || x > 740 || y > 390) continue;
          await page.mouse.click(x, y);
          const last = await page.evaluate(() => window.harness.picks.at(-1));
          expect(last).toEqual({ kind: 'cell', resolution, h3 });
          // Two clicks at the same place within 300 ms would zoom.
          await page.waitForTimeout(20);
        }
      }
      await page.close();
    }, 240_000);
  }

  it('Enter selects the middle cell, an arrow key its neighbour', async () => {
    const page = await open('theme=light');
    await useFinest(page);
    await goTo(page, 10.4);
    await page.focus('canvas');
    await page.keyboard.press('Enter');
    for (const key of ['ArrowRight', 'ArrowUp', 'ArrowLeft', 'ArrowDown']) {
      await page.waitForTimeout(60);
      await page.keyboard.press(key);
    }
    const picks = await page.evaluate(() => window.harness.picks);
    expect(picks).toHaveLength(5);
    const cells = picks.map((pick) => (pick.kind === 'cell' ? pick.h3 : ''));
    for (let i = 1; i < cells.length; i++) expect(gridDistance(cells[i - 1]!, cells[i]!)).toBe(1);
    await page.close();
  }, 180_000);
});

describe('the map survives', () => {
  it('a lost WebGL context: same view, same colours, still answering', async () => {
    const page = await open('theme=light');
    await useFinest(page);
    await goTo(page, 10.4);
    for (let loss = 0; loss < 3; loss++) {
      await page.evaluate(() =>
        document.querySelector('canvas')!.getContext('webgl2')!.getExtension('WEBGL_lose_context')!.loseContext(),
      );
      await page.waitForTimeout(3200);
      await settled(page);
    }
    const cells = cellsNear(8).slice(0, 30);
    const seen = await page.evaluate(
      async (asked) => ({
        expected: asked.map(({ h3 }) => window.harness.map.cellColour(h3)),
        pixels: await window.harness.pixels(asked.map(({ centre }) => centre)),
      }),
      cells,
    );
    const right = seen.pixels.filter((pixel, i) => pixel === seen.expected[i]);
    expect(right.length).toBeGreaterThan(15);
    expect(await page.evaluate(() => window.harness.errors)).toEqual([]);
    await page.close();
  }, 240_000);

  it('asks nothing from outside', () => {
    expect(outside).toEqual([]);
  });
});
