import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { EMPTY_LEDGER } from '../../core/contract/ledger.ts';
import { isoWeek, parseIsoDate } from '../../core/time/local-date.ts';
import { ledgerOf } from '../../web/src/ledger/sheets.ts';
import { readWorkbook, writeWorkbook } from '../../web/src/ledger/xlsx.ts';
import { csv, smallCity } from '../golden/bad-input/small-city.ts';
import { addMadeSense } from '../support/made-sense.ts';
import { runCity } from '../support/three-feeds.ts';
import { openPage } from './support/browser.ts';
import { served } from './support/served.ts';

/** A browser that draws by processor on a busy machine. */
const SLOW = { timeout: 60_000 };

/** The leader's way: brief → evidence on the desk → meeting → decision → next week's page one. What stands there is what SQL counts in the raw file. */
describe('the weekly review', () => {
  let weeks: readonly string[];
  const app = served(async () => {
    const city = smallCity();
    city.file(
      'orders.csv',
      csv(`X1,2024-03-20 10:00:00,,,noise,open`, `X2,2024-03-28 10:00:00,120.015,31.01,noise,open`),
    );
    await runCity(city);
    addMadeSense(city.out);
    const manifest = JSON.parse(readFileSync(join(city.out, 'manifest.json'), 'utf8')) as { weeks: { iso: string }[] };
    weeks = manifest.weeks.map(({ iso }) => iso);
    return city;
  });

  const ready = async (page: Page, week: string) => {
    await page.waitForSelector(`.review[data-week="${week}"][data-ready="true"] .brief`, SLOW);
  };
  const open = async (path: string, week: string): Promise<Page> => {
    const page = await openPage(app.browser, `${app.url}${path}`, { viewport: { width: 1280, height: 800 } });
    await ready(page, week);
    return page;
  };
  /** Incidents of the raw file by ISO week, group and whether they have a place. */
  const counted = async () => {
    const duck = await (await DuckDBInstance.create(':memory:')).connect();
    const file = join(app.city.input, 'orders.csv').replaceAll("'", "''");
    const result = await duck.runAndReadAll(
      `SELECT strftime(date_trunc('day', "time"::TIMESTAMP), '%Y-%m-%d') AS day, kind, lng IS NULL AS unlocated FROM read_csv('${file}', header = true)`,
    );
    return result.getRowObjectsJson().map((row) => ({
      week: isoWeek(parseIsoDate(String(row.day))),
      group: row.kind === 'parking' ? 'traffic' : row.kind === 'noise' ? 'noise' : 'neighbourly',
      unlocated: row.unlocated === true,
    }));
  };

  it('figures of three weeks are what SQL counts in the raw file', { timeout: 240_000 }, async () => {
    const rows = await counted();
    expect(rows).toHaveLength(42);
    const page = await open(`/review/${weeks[1]}`, weeks[1] as string);
    for (const week of weeks.slice(1, 4)) {
      await page.locator('.week-choice select').selectOption(week);
      await ready(page, week);
      const mine = rows.filter((row) => row.week === week);
      const value = (selector: string) => page.locator(selector).first().getAttribute('data-value');
      expect(Number(await value('[data-headline="all"] [data-metric="incidents"]')), week).toBe(mine.length);
      for (const group of ['traffic', 'noise', 'neighbourly'])
        expect(Number(await value(`[data-row="${group}"] td:nth-of-type(1) [data-metric]`)), `${week} ${group}`).toBe(
          mine.filter((row) => row.group === group).length,
        );
      const unlocated = mine.filter((row) => row.unlocated).length;
      const shown = page.locator('.limits [data-metric="unlocated"]');
      if (unlocated > 0) expect(Number(await shown.getAttribute('data-value'))).toBe(unlocated);
      else expect(await shown.count()).toBe(0);
      await expect.poll(() => page.url()).toContain(`/review/${week}`);
    }
  });

  it('goes from the brief to the evidence, decides in the meeting, and finds it on next week’s page one', {
    timeout: 300_000,
  }, async () => {
    const [week, next] = [weeks[2] as string, weeks[3] as string];
    const page = await open(`/review/${week}`, week);

    // A figure opens its query on the desk; the same number stands there.
    const figure = page.locator('[data-headline="all"] [data-metric="incidents"]');
    const value = Number(await figure.getAttribute('data-value'));
    await figure.click();
    await expect.poll(() => new URL(page.url()).pathname, SLOW).toBe('/desk');
    expect(new URL(page.url()).searchParams.get('weeks')).toBe(`${week}..${week}`);
    await page.waitForSelector('.summary[aria-busy="false"] .summary-n', SLOW);
    await expect
      .poll(async () => Number(((await page.textContent('.summary-n')) ?? '').replaceAll(',', '')), SLOW)
      .toBe(value);
    await page.goBack();
    await page.waitForSelector('.brief', SLOW);

    // Meeting by keyboard; keys of a hidden room do nothing.
    await page.keyboard.press('f');
    await page.waitForSelector('.meeting[data-slide="1"]', SLOW);
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('.meeting[data-slide="2"][data-kind="state"]', SLOW);
    expect(new URL(page.url()).pathname).toBe(`/review/${week}/meeting/2`);
    await page.keyboard.press('m');
    await page.waitForSelector('.decision-form', SLOW);
    await page.fill('.decision-form textarea', '夜间巡查');
    await page.fill('.decision-form input[name="owner"]', '');
    await page.click('.decision-form button[type="submit"]');
    await page.getByText('措施、责任部门、期限都要填').waitFor(SLOW);
    await page.fill('.decision-form input[name="owner"]', '城管局');
    await page.fill('.decision-form input[name="deadline"]', '2024-03-25');
    await page.click('.decision-form button[type="submit"]');
    await page.getByText('已记入台账').waitFor(SLOW);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.meeting', { state: 'detached', ...SLOW });
    expect(await page.locator('[data-decision]').count()).toBe(0);

    // Next week it is item one; it is kept over a reload.
    await page.goto(`${app.url}/review/${next}`);
    await ready(page, next);
    const outcome = page.locator('[data-decision]');
    await expect.poll(() => outcome.count(), SLOW).toBe(1);
    const text = (await outcome.textContent()) ?? '';
    for (const part of ['夜间巡查', '城管局', '2024-03-25', '决定前 1 周']) expect(text).toContain(part);

    // Out to a workbook, in with a change, faults told row by row.
    const [download] = await Promise.all([page.waitForEvent('download', SLOW), page.getByText('导出 XLSX').click()]);
    const bytes = readFileSync(await download.path());
    const { ledger, faults } = ledgerOf(readWorkbook(new Uint8Array(bytes)), EMPTY_LEDGER);
    expect([faults, ledger.remedies.map(({ measure }) => measure)]).toEqual([[], ['夜间巡查']]);
    const sheets = readWorkbook(new Uint8Array(bytes)).map(({ name, rows }) => ({
      name,
      rows: rows.map((row) =>
        row.map((cell) => (cell?.kind === 'text' ? (cell.text === '未开始' ? '已办结' : cell.text) : '')),
      ),
    }));
    const broken = sheets.map((sheet) =>
      sheet.name === '责任清单' ? { ...sheet, rows: [...sheet.rows, ['D9', 'P9', '某局']] } : sheet,
    );
    await page.locator('.ledger-tools input[type="file"]').setInputFiles({
      name: '台账.xlsx',
      mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      buffer: Buffer.from(writeWorkbook(broken)),
    });
    await page.getByText('责任清单 第 3 行 问题编号：编号没有对应的行').waitFor(SLOW);
    await page.getByText('导入 3 行').click();
    await expect.poll(() => outcome.locator('.decision-state').getAttribute('data-state'), SLOW).toBe('done');
  });

  it('prints on A4 in the page geometry of GB/T 9704, nothing cut off', { timeout: 180_000 }, async () => {
    const page = await open(`/review/${weeks[2]}`, weeks[2] as string);
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const raw = pdf.toString('latin1');
    const boxes = [...raw.matchAll(/\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]/g)];
    const pages = [...raw.matchAll(/\/Type\s*\/Page[^s]/g)].length;
    expect(pages).toBeGreaterThanOrEqual(3);
    expect(pages).toBeLessThanOrEqual(9);
    for (const [, width, height] of boxes) {
      expect(Math.abs(Number(width) - 595.28)).toBeLessThan(1);
      expect(Math.abs(Number(height) - 841.89)).toBeLessThan(1);
    }
    // 版心 156 mm: what stands in it at that width, in print.
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize({ width: Math.round((156 / 25.4) * 96), height: 850 });
    const measured = await page.evaluate(() => {
      const brief = document.querySelector('.brief') as HTMLElement;
      const right = brief.getBoundingClientRect().right;
      const text = document.querySelector('.brief .brief-text') as HTMLElement;
      const style = getComputedStyle(text);
      const over = [...brief.querySelectorAll<HTMLElement>('*')].filter(
        (element) => element.getClientRects().length > 0 && element.getBoundingClientRect().right > right + 1,
      );
      return {
        over: over.map(({ className, tagName }) => `${tagName}.${className}`),
        sizePt: Number.parseFloat(style.fontSize) * 0.75,
        linePt: Number.parseFloat(style.lineHeight) * 0.75,
        family: style.fontFamily,
        title:
          Number.parseFloat(getComputedStyle(document.querySelector('.brief-title h1') as HTMLElement).fontSize) * 0.75,
        shown: [...document.querySelectorAll<HTMLElement>('.review-header, .no-print, .ledger-part')].filter(
          (element) => element.getClientRects().length > 0,
        ).length,
      };
    });
    expect(measured.over).toEqual([]);
    expect(measured.sizePt).toBeCloseTo(16, 1);
    expect(Math.floor(((225 / 25.4) * 72) / measured.linePt)).toBe(22);
    expect(measured.title).toBeCloseTo(22, 1);
    expect(measured.family).toMatch(/FangSong/);
    expect(measured.shown).toBe(0);
  });

  it('an address with a week the snapshot lacks says so; storage that is refused is told', {
    timeout: 120_000,
  }, async () => {
    const page = await openPage(app.browser, `${app.url}/review/2031-W05`, { viewport: { width: 1280, height: 800 } });
    await page.getByText('本快照没有 2031-W05').waitFor(SLOW);
    await page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    });
    await page.keyboard.press('f');
    await page.waitForSelector('.meeting', SLOW);
    await page.keyboard.press('m');
    await page.fill('.decision-form textarea', '巡查');
    await page.fill('.decision-form input[name="owner"]', '城管局');
    await page.click('.decision-form button[type="submit"]');
    await page.locator('.decision-form').getByText('浏览器存储已满').waitFor(SLOW);
  });
});
