import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from '@uwdata/flechette';
import Papa from 'papaparse';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { csv, smallCity } from '../golden/bad-input/small-city.ts';
import { consoleInput } from '../support/console-duckdb.ts';
import { runCity } from '../support/three-feeds.ts';
import { served } from './support/served.ts';

/** A browser that draws by processor on a busy machine. */
const SLOW = { timeout: 60_000 };

/** Two categories, two districts, rows without a place. */
const ROWS = Array.from({ length: 60 }, (_, i) => {
  const day = String((i % 27) + 1).padStart(2, '0');
  const place =
    i % 6 === 0 ? ',' : `${(120.004 + (i % 40) * 0.0004).toFixed(4)},${(31.006 + (i % 8) * 0.001).toFixed(4)}`;
  return `B${i},2024-03-${day} ${String(i % 24).padStart(2, '0')}:00:00,${place},${i % 3 === 0 ? 'noise' : 'parking'},closed`;
});

describe('table, console and export', () => {
  const app = served(async () => {
    const city = smallCity();
    city.file('orders.csv', csv(...ROWS));
    await runCity(city);
    return city;
  });

  const open = (query = '') =>
    app.openDesk(query, {
      viewport: { width: 1280, height: 800 },
      acceptDownloads: true,
    });
  const summary = async (page: Page): Promise<number> => {
    await page.waitForSelector('.summary[aria-busy="false"] .summary-n', SLOW);
    return Number((await page.textContent('.summary-n'))?.replaceAll(',', ''));
  };
  const footTotal = (page: Page) => page.locator('.grid-foot [role="gridcell"]').nth(2).textContent();

  it('the table adds up to the summary, however it is grouped, and goes on with the filter', {
    timeout: 240_000,
  }, async () => {
    const page = await open('?categories=noise');
    const n = await summary(page);
    expect(n).toBe(20);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    for (const grouping of [
      'table-division-1',
      'table-category-3',
      'table-cell-9',
      'table-source',
      'table-week',
      'table-hour',
    ]) {
      await page.locator('.table-by select').selectOption(grouping);
      await expect.poll(() => footTotal(page), SLOW).toBe(String(n));
      const rows = page.locator('.grid-rows .grid-row');
      await expect.poll(() => rows.count(), SLOW).toBeGreaterThan(0);
      // All rows of so small a city are on screen: they are the total.
      if (grouping !== 'table-hour' && grouping !== 'table-cell-9') {
        const counts = await rows.evaluateAll((all) => all.map((row) => Number(row.children[2]?.textContent)));
        expect(
          counts.reduce((sum, count) => sum + count, 0),
          grouping,
        ).toBe(n);
      }
    }
    await expect.poll(() => page.url(), SLOW).toContain('pane=table-hour');
    // The scan counts the rows: no database is started for a table.
    expect(asked.filter((url) => url.includes('duckdb'))).toEqual([]);

    // Keyboard alone: into the table, down to the first district, Enter = filter by it.
    await page.locator('.table-by select').selectOption('table-division-1');
    await page.locator('.virtual-grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url(), SLOW).toContain('division=01');
    await expect.poll(async () => (await footTotal(page)) === String(await summary(page)), SLOW).toBe(true);
    expect(await summary(page)).toBeLessThan(n);

    // Back to the map.
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await expect.poll(() => page.locator('.stage-pane').count(), SLOW).toBe(0);
  });

  it('the console reads, refuses what is no query, ends what takes too long, and stays usable', {
    timeout: 240_000,
  }, async () => {
    const page = await open('?pane=sql');
    await page.waitForSelector('.sql-console[data-status="ready"]', SLOW);
    const text = page.locator('.sql-editor textarea');
    const problem = page.locator('.sql-problem');
    await page.locator('[data-example="groups"]').click();
    await page.locator('[data-sql="run"]').click();
    await page.waitForSelector('[data-sql="rows"]', SLOW);
    const counts = await page
      .locator('.sql-results .grid-row')
      .evaluateAll((rows) => rows.map((row) => Number(row.children[2]?.textContent)));
    expect(counts.reduce((sum, n) => sum + n, 0)).toBe(100);
    expect(await page.locator('.sql-says').textContent()).toContain('件数');

    await text.fill("COPY incidents TO 'x.csv'");
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => problem.textContent(), SLOW).toContain('COPY');

    await text.fill('SELECT sum(sin(a.range * b.range)) FROM range(10000000) a, range(10000000) b');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.sql-console[data-status="running"]', SLOW);
    await expect.poll(() => problem.textContent(), SLOW).toContain('超过 10 秒');

    // A Chinese word finds the code of what is called so; Tab puts it in.
    await page.waitForSelector('.sql-console[data-status="ready"]', SLOW);
    await text.fill('');
    await text.pressSequentially("SELECT count(*) AS n FROM incidents WHERE group_code = '噪声");
    await page.waitForSelector('.sql-offer [aria-selected="true"]', SLOW);
    await page.keyboard.press('Tab');
    await page.keyboard.type("'");
    expect(await text.inputValue()).toBe("SELECT count(*) AS n FROM incidents WHERE group_code = 'noise'");
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => page.locator('.sql-results .grid-row').first().textContent(), SLOW).toBe('20');

    // On the map, with a legend, and off again.
    await page.locator('[data-example="cells"]').click();
    await text.fill('SELECT h3_9 AS h3, count(*) AS n FROM incidents WHERE h3_9 IS NOT NULL GROUP BY 1');
    await page.keyboard.press('Control+Enter');
    await page.locator('[data-sql="map"]').click(SLOW);
    await page.locator('.sql-legend').waitFor(SLOW);
    await page.locator('.sql-legend h2 button').click();
    await expect.poll(() => page.locator('.sql-legend').count(), SLOW).toBe(0);
  });

  it('what is exported is what SQL counts in the published facts', { timeout: 240_000 }, async () => {
    const page = await open('?weeks=2024-W10..2024-W12&pane=table-category-3');
    const n = await summary(page);
    await expect.poll(() => footTotal(page), SLOW).toBe(String(n));
    await page.keyboard.press('e');
    const download = async (key: string) => {
      const [file] = await Promise.all([
        page.waitForEvent('download', SLOW),
        page.click(`[data-export="${key}"]:enabled`, SLOW),
      ]);
      return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
    };
    const { name, bytes } = await download('csv');
    expect(name).toMatch(/^hexsight-[0-9a-f]{8}-.*\.csv$/);
    const rows = Papa.parse<string[]>(bytes.toString('utf8').replace(/^\ufeff/, '')).data;
    const end = rows.findIndex((row) => row.every((cell) => cell === ''));
    const counted = new Map(rows.slice(1, end - 1).map((row) => [row[1], Number(row[2])]));
    expect(Number(rows[end - 1]?.[2])).toBe(n);
    expect(rows.slice(end + 1).map((row) => row[0])).toEqual(
      expect.arrayContaining(['标题', '筛选', '数据截至', '快照', '链接']),
    );

    // The same in SQL over the files, in another engine.
    const { manifest, bytes: read } = consoleInput(app.city.out);
    const connection = await (await DuckDBInstance.create(':memory:')).connect();
    await connection.run('CREATE TABLE fact (day INTEGER, category INTEGER)');
    const appender = await connection.createAppender('fact');
    for (const file of manifest.files.filter(({ kind }) => kind === 'facts')) {
      const table = tableFromIPC(await read(file.path));
      for (let row = 0; row < table.numRows; row++) {
        appender.appendInteger(Number(table.getChild('day').at(row)));
        appender.appendInteger(Number(table.getChild('category').at(row)));
        appender.endRow();
      }
    }
    appender.closeSync();
    const truth = await connection.runAndReadAll(`SELECT category, count(*)::INTEGER FROM fact
      WHERE strftime(DATE '1970-01-01' + day, '%G-W%V') BETWEEN '2024-W10' AND '2024-W12' GROUP BY category`);
    const expected = new Map(
      truth.getRows().map(([id, count]) => [manifest.dictionaries.categories[Number(id)]?.code, count]),
    );
    connection.closeSync();
    expect(counted).toEqual(expected);
    expect(expected.size).toBe(2);

    const geojson = JSON.parse((await download('geojson')).bytes.toString('utf8'));
    const drawn = geojson.features.reduce(
      (sum: number, { properties }: { properties: { n: number } }) => sum + properties.n,
      0,
    );
    expect(drawn).toBeGreaterThan(0);
    expect(drawn).toBeLessThan(n);
    const png = (await download('png-2')).bytes;
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    // Twice the pixels of the map on screen, with room for the words above and below.
    const width = await page.locator('.map-panel .map').evaluate((element) => element.clientWidth);
    expect(png.readUInt32BE(16)).toBe(2 * width);
    // Every hexagon stands in the picture where it stands on the map, in its colour.
    const cells = geojson.features.map(({ id, geometry }: { id: string; geometry: { coordinates: number[][][] } }) => ({
      h3: id,
      ring: geometry.coordinates[0] as number[][],
    }));
    const { seen, wrong } = await page.evaluate(async (all: readonly { h3: string; ring: number[][] }[]) => {
      const map = window.__hexsight.map as unknown as {
        picture(ratio: number): Promise<{ canvas: HTMLCanvasElement; pixelRatio: number }>;
        project(lng: number, lat: number): { x: number; y: number };
        cellColour(h3: string): string | null;
        setLayers(layers: readonly { id: string; visible: boolean; opacity: number }[]): void;
      };
      // Nothing but hexagons: a name or a border over a middle would be no fault of the picture.
      const { layers } = window.__hexsight.desk.getState().look;
      map.setLayers(layers.map((layer) => ({ ...layer, visible: layer.id === 'hexagons', opacity: 1 })));
      const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const look = async () => {
        const { canvas, pixelRatio } = await map.picture(2);
        const ctx = canvas.getContext('2d') as CanvasRenderingContext2D;
        const spots = all.map(({ h3, ring }) => {
          const corners = ring.slice(1);
          const { x, y } = map.project(
            mean(corners.map((at) => at[0] as number)),
            mean(corners.map((at) => at[1] as number)),
          );
          return { h3, x: Math.round(x * pixelRatio), y: Math.round(y * pixelRatio) };
        });
        const inPicture = spots.filter(({ x, y }) => x >= 0 && y >= 0 && x < canvas.width && y < canvas.height);
        const differing = inPicture.flatMap(({ h3, x, y }) => {
          const [r, g, b] = ctx.getImageData(x, y, 1, 1).data;
          const hex = `#${[r, g, b].map((part) => (part as number).toString(16).padStart(2, '0')).join('')}`;
          return hex === map.cellColour(h3) ? [] : [`${h3} ${hex} ${map.cellColour(h3)}`];
        });
        return { seen: inPicture.length, wrong: differing };
      };
      // The layers that were switched leave the map with one of its next frames.
      const until = performance.now() + 45_000;
      let looked = await look();
      while (looked.wrong.length > 0 && performance.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        looked = await look();
      }
      return looked;
    }, cells);
    expect(wrong).toEqual([]);
    // The camera shows the whole city.
    expect(seen).toBe(cells.length);
    expect((await download('svg')).bytes.toString('utf8')).toContain(manifest.snapshot);
  });
});
