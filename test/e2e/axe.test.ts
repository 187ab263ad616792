import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { FRESH_CLOCK, wallCity } from '../support/wall-city.ts';
import { openPage } from './support/browser.ts';
import { served } from './support/served.ts';

const SLOW = { timeout: 90_000 };

/** WCAG 2.2 A and AA by axe, contrast of every text among them. Marks drawn in the canvas are not text: their contrast has unit tests. */
describe('axe finds nothing', () => {
  const app = served(wallCity);

  const open = (path: string): Promise<Page> =>
    openPage(app.browser, `${app.url}${path}`, { viewport: { width: 1280, height: 720 } });

  for (const theme of ['light', 'dark'])
    it(`desk, ${theme}: the list, a card, the table and the help`, { timeout: 240_000 }, async () => {
      const page = await open(`/desk?theme=${theme}`);
      await page.waitForFunction(() => window.__hexsight?.state === 'filters-ready', undefined, SLOW);
      await page.waitForSelector('[data-alert]', SLOW);
      expect(await violations(page)).toEqual([]);
      await page.locator('[data-alert]').first().click();
      await page.waitForSelector('.alert-card', SLOW);
      expect(await violations(page), 'with a card').toEqual([]);
      await page.keyboard.press('?');
      await page.waitForSelector('dialog[open]', SLOW);
      expect(await violations(page), 'with the help').toEqual([]);
    });

  for (const theme of ['light', 'dark'])
    it(`wall, ${theme}`, { timeout: 240_000 }, async () => {
      const page = await open(`/wall?clock=${FRESH_CLOCK}&tour=off&theme=${theme}`);
      await page.waitForFunction(() => document.querySelector('.wall-key [data-key="band"]') !== null, undefined, SLOW);
      expect(await violations(page)).toEqual([]);
    });

  it('review: the brief and the meeting', { timeout: 240_000 }, async () => {
    const page = await open('/review');
    await page.waitForSelector('.review[data-ready="true"] .brief', SLOW);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('f');
    await page.waitForSelector('.meeting[data-slide="1"]', SLOW);
    expect(await violations(page), 'in the meeting').toEqual([]);
  });
});

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * One line for each rule that is broken: the rule, how many elements, and the first of them. The weekdays beside the hour matrix are
 * smaller than 24 px: the matrix does the same, by a stroke or by keyboard (exception "equivalent" of WCAG 2.5.8). Marks on the map may
 * cover each other: where they lie is what they say ("essential"), and the list beside has every one.
 */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async (tags) => {
    const { run } = (window as unknown as { axe: typeof axe }).axe;
    const others = await run(document, {
      resultTypes: ['violations'],
      runOnly: tags,
      rules: { 'target-size': { enabled: false } },
    });
    const sizes = await run(
      { include: [['body']], exclude: [['.hours-days'], ['.alert-pin-place']] },
      { resultTypes: ['violations'], runOnly: ['target-size'] },
    );
    return [...others.violations, ...sizes.violations];
  }, TAGS);
  return found.map(({ id, nodes }) => {
    const [first] = nodes;
    return `${id} × ${nodes.length}: ${first?.target.join(' ')} ${first?.failureSummary?.split('\n').at(-1)?.trim()}`;
  });
}
