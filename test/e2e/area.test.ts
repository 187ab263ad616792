import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import booleanPointInPolygon from '@turf/boolean-point-in-polygon';
import { tableFromIPC } from '@uwdata/flechette';
import { cellToLatLng, cellToParent } from 'h3-js';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { parseArea } from '../../core/geo/area/area-text.ts';
import { publishedManifest } from '../../pipelines/run.ts';
import { csv, smallCity } from '../golden/bad-input/small-city.ts';
import { runCity } from '../support/three-feeds.ts';
import { served } from './support/served.ts';

const SLOW = { timeout: 30_000 };
/** Sensitive, so published to resolution 8: all in one such cell, which the lasso below takes in part. */
const SENSITIVE = Array.from({ length: 5 }, (_, i) => `S${i},2024-03-0${i + 1} 09:00:00,120.0095,31.0102,home,closed`);

/** A lasso drawn by hand, and the numbers on the screen against SQL over the published facts. */
describe('an area on the desk', () => {
  const app = served(async () => {
    const city = smallCity();
    city.file('orders.csv', csv(...SENSITIVE));
    await runCity(city);
    return city;
  });

  const open = (query = '') => app.openDesk(query);
  const total = (page: Page) => page.locator('.summary-n').textContent();

  /** Rows whose published cell lies wholly among the cells whose centre is inside the ring of the link. */
  async function countInRing(text: string): Promise<{ readonly n: number; readonly coarser: number }> {
    const shape = parseArea(text)?.parts[0]?.shape;
    if (shape?.kind !== 'polygon') throw new Error(`${text} is no lasso`);
    const ring = shape.rings[0]!.map(([lng, lat]) => [lng, lat]);
    const polygon = { type: 'Polygon' as const, coordinates: [[...ring, ring[0]!]] };
    const manifest = publishedManifest(app.city.out)!;
    const table = (file: string) => tableFromIPC(readFileSync(join(app.city.out, file)), { useBigInt: true });
    const grid = table(manifest.files.find(({ path }) => path === 'grid.arrow')!.file);
    const cells = Array.from(grid.getChild('h3').toArray() as BigUint64Array, (index) => index.toString(16));
    const inside = cells.map((cell) => {
      const [lat, lng] = cellToLatLng(cell);
      return booleanPointInPolygon([lng, lat], polygon);
    });
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run('CREATE TABLE place (cell_id INTEGER, res INTEGER, parent VARCHAR, inside BOOLEAN)');
    await connection.run('CREATE TABLE facts (cell_id INTEGER, res INTEGER)');
    for (let res = 5; res <= manifest.grid.finest; res++) {
      const rows = cells.map((cell, id) => `(${id}, ${res}, '${cellToParent(cell, res)}', ${inside[id]})`);
      await connection.run(`INSERT INTO place VALUES ${rows.join()}`);
    }
    for (const { file, kind } of manifest.files) {
      if (kind !== 'facts') continue;
      const facts = table(file);
      for (let row = 0; row < facts.numRows; row++) {
        const cell = facts.getChild('cell_id').at(row);
        if (cell !== null) await connection.run(`INSERT INTO facts VALUES (${cell}, ${facts.getChild('res').at(row)})`);
      }
    }
    const reader = await connection.runAndReadAll(`
      WITH whole AS (SELECT res, parent, bool_and(inside) AS whole_in, bool_or(inside) AS part_in FROM place GROUP BY res, parent)
      SELECT count(*) FILTER (whole_in)::INTEGER, count(*) FILTER (part_in AND NOT whole_in)::INTEGER
      FROM facts JOIN place USING (cell_id, res) JOIN whole USING (res, parent)`);
    const [n, coarser] = reader.getRows()[0] as [number, number];
    connection.closeSync();
    return { n, coarser };
  }

  it('a lasso filters to what SQL counts in its cells; its link opens the same; Esc and bad links are harmless', {
    timeout: 240_000,
  }, async () => {
    const page = await open();
    expect(await total(page)).toBe('45');
    await page.waitForSelector('.area-open');
    await page.keyboard.press('q');
    await page.keyboard.press('1');
    await page.waitForSelector('.area-surface');
    const box = (await page.locator('.map').boundingBox())!;
    const at = (lng: number, lat: number) =>
      page.evaluate(([x, y]) => window.__hexsight!.map!.project(x!, y!), [lng, lat] as const);
    const stroke = async (release: boolean) => {
      const [west, east] = [await at(120.007, 31.0075), await at(120.0125, 31.0125)];
      const [cx, cy] = [(west.x + east.x) / 2, (west.y + east.y) / 2];
      const [rx, ry] = [Math.abs(east.x - west.x) / 2, Math.abs(east.y - west.y) / 2];
      for (let i = 0; i <= 24; i++) {
        const angle = (2 * Math.PI * i) / 25;
        await page.mouse.move(box.x + cx + rx * Math.cos(angle), box.y + cy + ry * Math.sin(angle));
        if (i === 0) await page.mouse.down();
      }
      if (release) await page.mouse.up();
    };
    // Esc in the middle of a stroke: nothing is chosen.
    await stroke(false);
    await page.keyboard.press('Escape');
    await page.mouse.up();
    expect(await total(page)).toBe('45');
    expect(page.url()).not.toContain('area=');

    await stroke(true);
    await page.waitForSelector('[data-chip="area"]', SLOW);
    await expect.poll(() => new URL(page.url()).searchParams.get('area'), SLOW).not.toBeNull();
    const text = new URL(page.url()).searchParams.get('area')!;
    const { n, coarser } = await countInRing(text);
    expect(n).toBeGreaterThan(5);
    expect(n).toBeLessThan(40);
    expect(coarser).toBe(SENSITIVE.length);
    await expect.poll(() => total(page), SLOW).toBe(String(n));
    await expect
      .poll(() => page.locator('.area-bar [data-area="coarser"]').textContent(), SLOW)
      .toContain(`另有 ${coarser} 件`);

    const again = await open(new URL(page.url()).search);
    await expect.poll(() => total(again), SLOW).toBe(String(n));
    await again.locator('[data-chip="area"] button').last().click();
    await expect.poll(() => total(again), SLOW).toBe('45');

    const damaged = await open(`?version=1&area=${text.slice(0, -1)}`);
    await damaged.locator('[data-kind="bad-area"]').waitFor(SLOW);
    expect(await total(damaged)).toBe('45');
  });
});
