import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { HEADER, smallCity } from '../golden/bad-input/small-city.ts';
import { runCity } from '../support/three-feeds.ts';
import { served } from './support/served.ts';

/** A browser that draws by processor on a busy machine. */
const SLOW = { timeout: 30_000 };
const MS_PER_DAY = 86_400_000;
/** A Monday. */
const MONDAY_MS = Date.UTC(2024, 0, 8);
/** Incidents of week w: no two weeks next to each other alike. */
const PER_WEEK = [3, 7, 1, 12, 5, 9, 2, 8] as const;

describe('playback on the desk', () => {
  const app = served(async () => {
    const city = smallCity();
    const rows = PER_WEEK.flatMap((n, week) =>
      Array.from({ length: n }, (_, i) => {
        const day = new Date(MONDAY_MS + (week * 7 + (i % 7)) * MS_PER_DAY).toISOString().slice(0, 10);
        return `W${week}-${i},${day} 08:00:00,${(120.004 + i * 0.001).toFixed(4)},31.01,parking,closed`;
      }),
    );
    city.file('orders.csv', [HEADER, ...rows].join('\n'));
    await runCity(city);
    return city;
  });

  const open = (query = '') => app.openDesk(query, { viewport: { width: 1280, height: 800 } });
  const count = (page: Page) => page.locator('[data-count]').getAttribute('data-count').then(Number);
  const words = (page: Page) => page.locator('.playback-at').textContent();

  it('each step shows the sum of its window; the filters and the history stay; the link restores it', {
    timeout: 120_000,
  }, async () => {
    const page = await open();
    await page.locator('.playback-open').waitFor(SLOW);
    const totalBefore = await page.locator('.summary-n').textContent();
    const historyBefore = await page.evaluate(() => history.length);
    await page.keyboard.press('Space');
    await page.locator('.playback-at').waitFor(SLOW);
    await expect.poll(() => page.locator('.playback-play').getAttribute('data-running'), SLOW).toBe('true');
    await page.keyboard.press('Space');
    await page.keyboard.press('Home');
    await expect.poll(() => words(page), SLOW).toBe('2024年第2周（1.8–1.14）');
    for (let week = 0; week < 5; week++) {
      expect(await count(page)).toBe(PER_WEEK[week]);
      await page.keyboard.press('ArrowRight');
    }
    expect(await words(page)).toBe('2024年第7周（2.12–2.18）');

    // Two sizes up: the last 28 days are four whole weeks here.
    await page.keyboard.press(']');
    await page.keyboard.press(']');
    await expect.poll(() => words(page), SLOW).toContain('近28天');
    expect(await count(page)).toBe(PER_WEEK[2] + PER_WEEK[3] + PER_WEEK[4] + PER_WEEK[5]);

    expect(await page.locator('.summary-n').textContent()).toBe(totalBefore);
    await expect.poll(() => page.url(), SLOW).toContain('playback=trailing-28.2024-02-18');
    expect(await page.evaluate(() => history.length)).toBe(historyBefore);

    const again = await open(new URL(page.url()).search);
    await again.locator('.playback-at').waitFor(SLOW);
    expect(await count(again)).toBe(PER_WEEK[2] + PER_WEEK[3] + PER_WEEK[4] + PER_WEEK[5]);
    expect(await again.locator('.playback-play').getAttribute('data-running')).toBe('false');
    // Keys in a text field are letters; Esc leaves.
    await again.keyboard.press('/');
    await again.keyboard.press('Home');
    expect(await words(again)).toContain('至2024年第7周');
    await again.keyboard.press('Escape');
    await again.keyboard.press('Escape');
    await expect.poll(() => again.locator('.playback').count(), SLOW).toBe(0);
    await expect.poll(() => again.url(), SLOW).not.toContain('playback=');
  });
});
