import { unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { loadProfile } from '../../pipelines/config/load-profile.ts';
import { publishBasemap } from '../../pipelines/publish/basemap.ts';
import { publishedManifest } from '../../pipelines/run.ts';
import { buildTiles } from '../../pipelines/tiles/build-tiles.ts';
import { BASEMAP_PALETTES } from '../../tiles/palette.ts';
import { csv, smallCity } from '../golden/bad-input/small-city.ts';
import { runCity } from '../support/three-feeds.ts';
import { openPage } from './support/browser.ts';
import { served } from './support/served.ts';

/** The middle of the lake: no incident lies near it. */
const LAKE = { lng: 120.004, lat: 31.0165 };
const VIEW = `view=${LAKE.lng},${LAKE.lat},14.5`;

describe('an offline base map', () => {
  const app = served(async () => {
    const city = smallCity();
    city.file('orders.csv', csv());
    await runCity(city);
    return city;
  });

  async function publishMap(): Promise<void> {
    const lake = {
      type: 'Feature',
      properties: {},
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [120.001, 31.015],
            [120.007, 31.015],
            [120.007, 31.018],
            [120.001, 31.018],
            [120.001, 31.015],
          ],
        ],
      },
    };
    const path = join(dirname(app.city.out), 'lake.geojson');
    writeFileSync(path, JSON.stringify({ type: 'FeatureCollection', features: [lake] }));
    const loaded = loadProfile(app.city.profile);
    const result = await buildTiles({
      loaded,
      input: null,
      osm: [],
      layers: [{ layer: 'water', class: null, crs: null, path }],
      attribution: ['测绘院 Survey'],
      marginKm: 2,
      out: join(dirname(app.city.out), 'city.pmtiles'),
      progress: () => undefined,
    });
    const built = { path: result.out, sha256: result.sha256, bytes: result.bytes, attribution: result.attribution };
    await publishBasemap(app.city.out, built, { profile: loaded.profile, nowMs: 0 });
  }

  async function open(query: string, expected: readonly RegExp[] = []): Promise<Page> {
    const url = `${app.url}/desk?${query}`;
    const page = await openPage(app.browser, url, { viewport: { width: 1280, height: 720 }, expected });
    await page.waitForFunction(() => window.__hexsight?.state === 'filters-ready', undefined, { timeout: 90_000 });
    return page;
  }

  const loadedMapCode = (page: Page): Promise<number> =>
    page.evaluate(
      () => performance.getEntriesByType('resource').filter(({ name }) => /\/assets\/vector-basemap/.test(name)).length,
    );

  /** `#rrggbb` in the middle of the map. */
  async function middle(page: Page): Promise<string> {
    const box = await page.locator('.maplibregl-canvas').boundingBox();
    if (!box) throw new Error('no map');
    const clip = { x: box.x + box.width / 2, y: box.y + box.height / 2, width: 1, height: 1 };
    const png = (await page.screenshot({ clip })).toString('base64');
    return page.evaluate(async (text) => {
      const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(1, 1).getContext('2d')!;
      canvas.drawImage(picture, 0, 0);
      const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
      return `#${[r, g, b].map((value) => value!.toString(16).padStart(2, '0')).join('')}`;
    }, png);
  }

  it('costs nothing where there is none', { timeout: 120_000 }, async () => {
    const page = await open(VIEW);
    expect(await loadedMapCode(page)).toBe(0);
    expect(await middle(page)).not.toBe(BASEMAP_PALETTES.light.water);
  });

  it('draws its water under the data, in the colours of the theme, and `openPage` sees no foreign request', {
    timeout: 180_000,
  }, async () => {
    await publishMap();
    const page = await open(VIEW);
    const becomes = (colour: string) =>
      expect.poll(() => middle(page), { timeout: 40_000, interval: 500 }).toBe(colour);
    await becomes(BASEMAP_PALETTES.light.water);
    await page.emulateMedia({ media: 'print' });
    await becomes(BASEMAP_PALETTES.print.water);
    await page.emulateMedia({ media: 'screen' });
    await becomes(BASEMAP_PALETTES.light.water);
    expect(await page.locator('.maplibregl-ctrl-attrib').textContent()).toContain('测绘院 Survey');
    expect(await loadedMapCode(page)).toBe(1);
    const dark = await open(`${VIEW}&theme=dark`);
    await expect.poll(() => middle(dark), { timeout: 40_000, interval: 500 }).toBe(BASEMAP_PALETTES.dark.water);
  });

  it('gone from the server, it says so and the data stay', { timeout: 120_000 }, async () => {
    const entry = publishedManifest(app.city.out)!.files.find(({ kind }) => kind === 'basemap')!;
    unlinkSync(join(app.city.out, entry.file));
    const page = await open(VIEW, [/404/]);
    await page.getByText('底图文件未能读取').first().waitFor({ timeout: 30_000 });
    expect(await middle(page)).not.toBe(BASEMAP_PALETTES.light.water);
  });
});
