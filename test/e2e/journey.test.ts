import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { cellToLatLng, latLngToCell } from 'h3-js';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { smallCity } from '../golden/bad-input/small-city.ts';
import { addMadeSense } from '../support/made-sense.ts';
import { runCity } from '../support/three-feeds.ts';
import { served } from './support/served.ts';

/** A browser that draws by processor on a busy machine. */
const SLOW = { timeout: 60_000 };

/** Sixty weeks of three reports in one cell and seven in another; in the last four the first has nine more a week, all still open. */
const MONDAY = Date.UTC(2023, 0, 2) / 86_400_000;
const WEEKS = 60;
function rows(): string {
  const lines = ['id,time,lng,lat,kind,state'];
  const put = (week: number, n: number, west: number, kind: string, state: string) => {
    const [lat, lng] = cellToLatLng(latLngToCell(31.01, west, 10));
    for (let i = 0; i < n; i++) {
      const day = new Date((MONDAY + 7 * week + (i % 7)) * 86_400_000).toISOString().slice(0, 10);
      // Some metres around the middle of a cell: many rows on one point would be taken for a geocoder's default.
      const point = [lng + ((lines.length % 23) - 11) * 1e-5, lat + ((lines.length % 19) - 9) * 1e-5];
      lines.push(
        `R${lines.length},${day} 08:00:00,${point.map((degrees) => degrees.toFixed(6)).join()},${kind},${state}`,
      );
    }
  };
  for (let week = 0; week < WEEKS; week++) {
    put(week, week >= WEEKS - 4 ? 12 : 3, 120.005, 'parking', week >= WEEKS - 4 ? 'open' : 'closed');
    put(week, 7, 120.015, 'noise', 'closed');
  }
  return `${lines.join('\n')}\n`;
}

/** The analyst's way: preset → cell → why → finding → the weekly review → the view again. Figures are what SQL counts in the raw file. */
describe('from a preset to the weekly review', () => {
  const app = served(async () => {
    const city = smallCity((profile) => {
      const feeds = profile.feeds as { stages: Record<string, string> }[];
      (feeds[0] as { stages: Record<string, string> }).stages = { open: 'handling', closed: 'closed' };
    });
    city.file('orders.csv', rows());
    await runCity(city);
    addMadeSense(city.out);
    return city;
  });

  const open = async (query: string): Promise<Page> => {
    const page = await app.openDesk(query, { viewport: { width: 1280, height: 800 } });
    await page.waitForSelector('.preset-strip[data-ready="true"]', SLOW);
    return page;
  };
  const counted = async (where: string): Promise<number> => {
    const duck = await (await DuckDBInstance.create(':memory:')).connect();
    const file = join(app.city.input, 'orders.csv').replaceAll("'", "''");
    const result = await duck.runAndReadAll(
      `SELECT count(*)::INTEGER AS n FROM read_csv('${file}', header = true) WHERE ${where}`,
    );
    return Number(result.getRowObjectsJson()[0]?.n);
  };
  const digits = (text: string | null) => Number((text ?? '').replaceAll(',', ''));

  it('a preset opens by key and by link; one that cannot be shown says why and changes nothing', {
    timeout: 240_000,
  }, async () => {
    const page = await open('?preset=class');
    await page.waitForSelector('.preset-strip[data-preset="class"]', SLOW);
    await page.waitForSelector('[data-panel="table"]', SLOW);
    await expect.poll(() => new URL(page.url()).searchParams.get('pane'), SLOW).toBe('table-category-2');
    expect(new URL(page.url()).searchParams.get('preset')).toBeNull();

    await page.keyboard.press('4');
    await page.waitForSelector('.stages[data-status="ready"] tfoot', SLOW);
    const cells = await page.locator('.stages tfoot td').allTextContents();
    // Received, stage reported, open: of the last 13 weeks.
    const since = new Date((MONDAY + 7 * (WEEKS - 13)) * 86_400_000).toISOString().slice(0, 10);
    const recent = `"time" >= '${since}'`;
    expect(cells.slice(0, 3).map(digits)).toEqual([
      await counted(recent),
      await counted(recent),
      await counted(`${recent} AND state = 'open'`),
    ]);

    // While the area tools are open a digit chooses a tool.
    await page.keyboard.press('Escape');
    await page.waitForSelector('.stages', { state: 'detached', ...SLOW });
    await page.keyboard.press('q');
    await page.waitForSelector('.area-tools', SLOW);
    await page.keyboard.press('3');
    await page.waitForSelector('.area-tools [data-tool="box"][aria-pressed="true"]', SLOW);
    expect(await page.locator('[data-panel="table"]').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.area-tools', { state: 'detached', ...SLOW });

    const view = () =>
      page.evaluate(() => {
        const { weeks, sources, layer, pane, look } = window.__hexsight.desk.getState();
        return JSON.stringify({ weeks, sources, layer, pane, look });
      });
    const before = await view();
    await page.keyboard.press('9');
    await page.locator('.preset-row [role="alert"]').getByText('没有“警情”类来源').waitFor(SLOW);
    expect(await view()).toBe(before);
  });

  it('goes from the preset to the cell, to a finding, to the review, and back into the view', {
    timeout: 300_000,
  }, async () => {
    const page = await open('?preset=changed');
    await page.waitForSelector('.preset-strip[data-preset="changed"]', SLOW);
    // The address follows the state a moment later.
    const toWeek = () => new URL(page.url()).searchParams.get('weeks')?.split('..')[1] ?? '';
    await expect.poll(toWeek, SLOW).toMatch(/^\d{4}-W\d\d$/);
    const week = toWeek();

    // The cell with most reports of that week, by keyboard-reachable list.
    await page.locator('.side-choice button').nth(1).click();
    await page.locator('.top-cells tbody button').first().click(SLOW);
    const verdict = page.locator('[data-panel="place-normal"] .place-verdict');
    await verdict.waitFor(SLOW);
    const [from, to] = await page.evaluate((iso) => {
      const year = Number(iso.slice(0, 4));
      const fourth = Date.UTC(year, 0, 4) / 86_400_000;
      const monday = fourth - ((fourth + 3) % 7) + 7 * (Number(iso.slice(6)) - 1);
      const text = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);
      return [text(monday), text(monday + 7)] as const;
    }, week);
    const here = `kind = 'parking' AND "time" >= '${from}' AND "time" < '${to}'`;
    await expect.poll(() => verdict.getAttribute('data-observed').then(Number), SLOW).toBe(await counted(here));
    await expect.poll(() => verdict.getAttribute('data-verdict'), SLOW).toBe('above');
    const stages = page.locator('[data-panel="place-stages"][data-status="ready"]');
    await expect
      .poll(() => stages.textContent(), SLOW)
      .toContain(`未办结 ${await counted(`${here} AND state = 'open'`)} 件`);
    await page.waitForSelector('[data-panel="place-ring"][data-status="ready"]', SLOW);
    await page.waitForSelector('[data-panel="place-alerts"][data-status="ready"]', SLOW);
    await page.waitForSelector('[data-panel="place-pattern"][data-status="ready"]', SLOW);
    await page.waitForSelector('[data-panel="place-confidence"]', SLOW);
    const cell = await page.evaluate(() => window.__hexsight.desk.getState().cell);

    // A finding: nothing personal, then kept.
    await page.keyboard.press('n');
    const text = page.locator('.finding-form textarea');
    await text.fill('请电话联系 13812345678');
    await page.locator('.finding-form [data-level="2"]').click();
    await page.locator('.finding-form button[type="submit"]').click();
    await page.locator('.finding-form').getByText('看起来含有手机号').waitFor(SLOW);
    await text.fill('路口违停近四周明显多于往常，均未办结');
    await page.locator('.finding-form button[type="submit"]').click();
    await page.locator('.finding-form').getByText(`周研判 ${week} 可见`).waitFor(SLOW);
    await page.waitForSelector(`[data-finding="F-${week}-1"]`, SLOW);

    // The review of that week has it, marked as a person's words; its link opens the view as it was.
    await page.locator(`[data-finding="F-${week}-1"] [data-open="brief"]`).click();
    await page.waitForSelector(`.review[data-week="${week}"][data-ready="true"]`, SLOW);
    const shown = page.locator(`[data-person-finding="F-${week}-1"]`);
    await shown.waitFor(SLOW);
    const said = (await shown.textContent()) ?? '';
    for (const part of ['人工', '路口违停近四周明显多于往常', 'Ⅱ']) expect(said).toContain(part);
    await shown.getByText('打开当时的视图').click();
    await expect.poll(() => new URL(page.url()).pathname, SLOW).toBe('/desk');
    await verdict.waitFor(SLOW);
    expect(await page.evaluate(() => window.__hexsight.desk.getState().cell)).toBe(cell);

    // Changed, kept over a reload, and taken away.
    await page.keyboard.press('n');
    await page.locator('.findings-list').getByText('修改').click();
    await page.locator(`.finding-form[data-editing="F-${week}-1"] textarea`).fill('路口违停增多');
    await page.locator('.finding-form button[type="submit"]').click();
    await page.locator('.findings-list .finding-text').getByText('路口违停增多').waitFor(SLOW);
    await page.goto(`${app.url}/review/${week}`);
    await page.locator('[data-person-finding]').getByText('路口违停增多').waitFor(SLOW);
    await page.goto(`${app.url}/desk`);
    await page.waitForSelector('.findings-open[data-findings="1"]', SLOW);
    await page.locator('.findings-open').click();
    await page.locator('.findings-list').getByText('删除').click();
    await page.locator('.findings-list').getByText('确认删除').click();
    await page.waitForSelector('.findings-open[data-findings="0"]', { state: 'attached', ...SLOW });
  });

  it('storage that is full is told, and what was written stays in the form', { timeout: 180_000 }, async () => {
    const page = await open('');
    await page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    });
    await page.keyboard.press('n');
    await page.locator('.finding-form textarea').fill('噪声');
    await page.locator('.finding-form button[type="submit"]').click();
    await page.waitForSelector('.findings [data-problem="full"]', SLOW);
    expect(await page.locator('.finding-form textarea').inputValue()).toBe('噪声');
  });
});
