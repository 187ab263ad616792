import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cellToChildren, cellToLatLng, cellToParent, gridDisk, latLngToCell } from 'h3-js';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LayerChoice } from '../../../web/src/map/contract.ts';
import { PALETTES } from '../../../web/src/map/palette.ts';
import { launch, settled } from './browser.ts';
import { loseContext } from './context-loss.ts';
import type { Harness } from './main.ts';
import { comparePicks, lookAt } from './picking.ts';
import { buildHarness, serveHarness } from './serve.ts';
import { writeSyntheticSnapshot } from './synthetic-snapshot.ts';

declare const window: Window & { harness: Harness };

/** Small: every frame is drawn by the CPU. */
const VIEWPORT = { width: 480, height: 320 };
const NO_DATA = 0xffff_fffe;
const SUPPRESSED = 0xffff_ffff;
const HEXAGONS_ONLY: readonly LayerChoice[] = (
  ['divisions', 'dots', 'outlines', 'seams', 'facilities', 'names'] as const
).map((id) => ({ id, visible: false, opacity: 1 }));

let folder: string;
let server: Server;
let url: string;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'map-layers-'));
  writeSyntheticSnapshot(join(folder, 'snapshot'), 0.08);
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
  await page.goto(`${url}?${query}`);
  await settled(page);
  await page.evaluate(async () => window.harness.map.setCounts(await window.harness.finest()));
  return page;
}

const noErrors = async (page: Page) => expect(await page.evaluate(() => window.harness.errors)).toEqual([]);

/** Classes by row of the finest grid, set in the page. */
async function fill(page: Page, resolution: number, classes: Readonly<Record<string, number>>, colours: string[]) {
  await page.evaluate(
    async ({ at, of, with: paints }) => {
      const { map, manifest } = window.harness;
      const rows = new Uint32Array(manifest.grid.cells[String(at)]!);
      for (const [h3, cls] of Object.entries(of)) rows[await window.harness.rowOf(h3)] = cls;
      map.setFill({
        resolution: null,
        finest: at,
        cells: { resolution: at, classes: rows, colours: paints, strength: paints.map((_, i) => i) },
      });
    },
    { at: resolution, of: classes, with: colours },
  );
}

/** Points on a fine grid over a cell, within `reach` of the way to its corners. */
function pointsIn(h3: string, reach: number): [number, number][] {
  const [lat, lng] = cellToLatLng(h3);
  const size = 0.0003 * reach;
  const points: [number, number][] = [];
  for (let i = -12; i <= 12; i++)
    for (let j = -12; j <= 12; j++) points.push([lng + (i / 12) * size, lat + (j / 12) * size * 0.85]);
  return points;
}

describe('no data, kept back and nothing', () => {
  for (const theme of ['light', 'dark'] as const) {
    it(`are three looks, none of them a class: ${theme}`, async () => {
      const page = await open(`theme=${theme}`);
      const cells = gridDisk(latLngToCell(31.3, 120.66, 10), 2);
      const [solid, hatched, kept, none] = [cells[0]!, cells[8]!, cells[11]!, cells[15]!];
      await fill(page, 10, { [solid]: 1, [hatched]: NO_DATA, [kept]: SUPPRESSED }, ['#804080']);
      await page.evaluate((layers) => window.harness.map.setLayers(layers), HEXAGONS_ONLY);
      await lookAt(page, { zoom: 14.6, pitch: 0, bearing: 0 });
      const { hatch, inside, withheld } = PALETTES[theme];
      const seen = async (h3: string, reach: number) =>
        page.evaluate((points) => window.harness.pixels(points), pointsIn(h3, reach));
      const share = (pixels: readonly string[], colour: string) =>
        pixels.filter((pixel) => pixel === colour).length / pixels.length;
      expect(share(await seen(solid, 1), '#804080')).toBe(1);
      expect(share(await seen(none, 1), inside)).toBe(1);
      const stripes = await seen(hatched, 1);
      expect(share(stripes, hatch)).toBeGreaterThan(0.04);
      expect(share(stripes, inside)).toBeGreaterThan(0.4);
      expect(share(stripes, hatch) + share(stripes, inside)).toBeLessThan(1);
      // Dots stand on the outline only: the inside of the cell stays empty.
      expect(share(await seen(kept, 1), inside)).toBe(1);
      const around = await seen(kept, 2.2);
      expect(share(around, withheld)).toBeGreaterThan(0.004);
      expect(share(await seen(none, 1), withheld)).toBe(0);
      const legend = await page.evaluate(() => window.harness.map.legend());
      expect([legend.hatched, legend.dotted]).toEqual([1, 1]);
      await noErrors(page);
      await page.close();
    }, 120_000);
  }

  it('a cell where nobody looked is hatched only while nothing is counted in it', async () => {
    const page = await open('theme=light');
    await page.evaluate((layers) => {
      const { map, manifest } = window.harness;
      map.setLayers(layers);
      map.setUnknown(new Uint8Array(manifest.grid.cells['10']!).fill(1));
    }, HEXAGONS_ONLY);
    await lookAt(page, { zoom: 13.4, pitch: 0, bearing: 0 });
    const near = gridDisk(latLngToCell(31.3, 120.66, 10), 6);
    const colours = await page.evaluate((cells) => cells.map((h3) => window.harness.map.cellColour(h3)), near);
    const { hatch } = PALETTES.light;
    const classes = await page.evaluate(() => window.harness.map.legend().colours);
    expect(colours.every((colour) => colour === hatch || classes.includes(colour ?? ''))).toBe(true);
    await page.evaluate(() => window.harness.map.setUnknown(null));
    const after = await page.evaluate((cells) => cells.map((h3) => window.harness.map.cellColour(h3)), near);
    expect(after).toEqual(colours.map((colour) => (colour === hatch ? null : colour)));
    await page.close();
  }, 120_000);
});

describe('a fill finer than what is drawn', () => {
  it('shows the strongest class of the cells inside, and only there', async () => {
    const page = await open('theme=light');
    const parents = gridDisk(latLngToCell(31.3, 120.66, 8), 1);
    const [weak, strong, empty] = [parents[0]!, parents[2]!, parents[4]!];
    const inside = (parent: string, i: number) => cellToChildren(parent, 10)[i]!;
    await fill(
      page,
      10,
      { [inside(weak, 20)]: 1, [inside(strong, 20)]: 1, [inside(strong, 21)]: 3, [inside(strong, 24)]: 2 },
      ['#aa3333', '#33aa33', '#3333aa'],
    );
    await lookAt(page, { zoom: 10.4, pitch: 0, bearing: 0 });
    expect(await page.evaluate(() => window.harness.map.resolution)).toBe(8);
    for (const [h3, colour] of [
      [weak, '#aa3333'],
      [strong, '#3333aa'],
      [empty, null],
    ] as const)
      expect(await page.evaluate((cell) => window.harness.map.cellColour(cell), h3)).toBe(colour);
    expect(cellToParent(inside(weak, 20), 8)).toBe(weak);
    await page.close();
  }, 120_000);
});

describe('layers of the reader', () => {
  it('are dimmed, hidden and put in order', async () => {
    const page = await open('theme=light');
    const h3 = latLngToCell(31.3, 120.66, 10);
    const [lat, lng] = cellToLatLng(h3);
    await fill(page, 10, { [h3]: 1 }, ['#204060']);
    await lookAt(page, { zoom: 14.6, pitch: 0, bearing: 0 });
    const pixel = async (layers: readonly LayerChoice[]) => {
      await page.evaluate((choices) => window.harness.map.setLayers(choices), layers);
      await settled(page);
      return (await page.evaluate((at) => window.harness.pixels([at]), [lng, lat] as const))[0]!;
    };
    const hexagons = (part: Partial<LayerChoice>) => [
      ...HEXAGONS_ONLY,
      { id: 'hexagons' as const, visible: true, opacity: 1, ...part },
    ];
    expect(await pixel(hexagons({}))).toBe('#204060');
    expect(await pixel(hexagons({ visible: false }))).toBe(PALETTES.light.inside);
    const channels = (colour: string) => [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16));
    const [ground, full] = [channels(PALETTES.light.inside), channels('#204060')];
    const half = channels(await pixel(hexagons({ opacity: 0.5 })));
    const off = half.map((value, i) => Math.abs(value - (ground[i]! + full[i]!) / 2));
    expect(Math.max(...off)).toBeLessThan(3);
    // Divisions filled in one colour: above the hexagons they hide them, below they do not.
    await page.evaluate(() => {
      const { map } = window.harness;
      map.setDivisionFill({ level: 1, classes: new Uint32Array(500).fill(1), colours: ['#806020'] });
    });
    const divisions = { id: 'divisions' as const, visible: true, opacity: 1 };
    const others = HEXAGONS_ONLY.filter(({ id }) => id !== 'divisions');
    const shown = { id: 'hexagons' as const, visible: true, opacity: 1 };
    expect(await pixel([divisions, shown, ...others])).toBe('#204060');
    expect(await pixel([shown, divisions, ...others])).toBe('#806020');
    await noErrors(page);
    await page.close();
  }, 120_000);
});

describe('picking', () => {
  for (const scale of [1, 2]) {
    for (const columns of [false, true]) {
      it(`is exact when tilted and turned: ${scale} device pixels, ${columns ? 'columns' : 'flat'}`, async () => {
        // Edges of flat cells too; a column's edge is also where its side meets its top, whose colours are another matter.
        const page = await open(columns ? 'theme=light' : 'theme=light&sharp', scale);
        for (const camera of [
          { zoom: 13.4, pitch: 0, bearing: 0 },
          { zoom: 14.2, pitch: 45, bearing: 30 },
        ]) {
          const { checked, wrong, cells } = await comparePicks(page, { camera, columns, points: 1500, seed: 11 });
          // Without edges left out, all but the gaps (7 % of a cell's width, both ways) are looked at.
          expect(checked).toBeGreaterThan(columns ? 500 : 1000);
          expect(cells).toBeGreaterThan(40);
          expect(wrong, JSON.stringify({ camera, scale, columns, checked })).toBe(0);
        }
        await noErrors(page);
        await page.close();
      }, 180_000);
    }
  }
});

describe('a lost WebGL context', () => {
  it('never leaves the screen blank, three times in a row', async () => {
    const page = await open('theme=light');
    await lookAt(page, { zoom: 11.9, pitch: 30, bearing: 10 });
    await page.waitForTimeout(1500);
    for (let loss = 0; loss < 3; loss++) {
      const { backMs, blank } = await loseContext(page);
      expect(blank).toBe(0);
      expect(backMs).toBeLessThan(20_000);
      await settled(page);
    }
    expect(await page.evaluate(() => window.harness.map.camera()?.pitch)).toBe(30);
    await noErrors(page);
    await page.close();
  }, 180_000);
});
