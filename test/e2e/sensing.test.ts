import { describe, expect, it } from 'vitest';
import type { Alerts } from '../../core/contract/sense.ts';
import { csv, smallCity } from '../golden/bad-input/small-city.ts';
import { addMadeSense } from '../support/made-sense.ts';
import { runCity } from '../support/three-feeds.ts';
import { served } from './support/served.ts';

/** A browser that draws by processor on a busy machine. */
const SLOW = { timeout: 30_000 };

/** The sensing panels over made sensing files: what the files say is what stands on the screen, and a link opens the same view. */
describe('sensing on the desk', () => {
  let alerts: Alerts;
  const app = served(async () => {
    const city = smallCity();
    city.file('orders.csv', csv());
    await runCity(city);
    alerts = addMadeSense(city.out);
    return city;
  });

  const open = (query = '') => app.openDesk(query, { viewport: { width: 1280, height: 800 } });

  it('goes from the list to the card, to a layer, and back from the link', { timeout: 240_000 }, async () => {
    const page = await open();
    await page.waitForSelector('#alert-list button');
    const rows = await page
      .locator('#alert-list [data-alert]')
      .evaluateAll((all) => all.map((row) => row.getAttribute('data-alert')));
    expect(rows).toEqual(alerts.alerts.map(({ id }) => id));

    // Keyboard: a = list, arrow down = the second, Enter = open.
    await page.keyboard.press('a');
    await page.waitForSelector('#alert-list li:first-child button:focus');
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('#alert-list li:nth-child(2) button:focus');
    await page.keyboard.press('Enter');
    const second = alerts.alerts[1]!;
    const card = page.locator('[data-panel="alert-card"]');
    await expect.poll(() => card.textContent(), SLOW).toContain(`实际 ${second.observed} 件`);
    const text = (await card.textContent()) ?? '';
    expect(text).toContain(second.why.zh);
    expect(text).toContain('内部研判等级');
    expect(text).not.toContain('预警');

    // Every alert with a place has its mark; the layer switch changes the legend.
    await expect
      .poll(() => page.locator('[data-pin]').count(), SLOW)
      .toBe(alerts.alerts.filter(({ centre }) => centre !== null).length);
    await page.locator('[data-layer="hotspots"]').click();
    await page.locator('.sense-legend').getByText('显著偏高 q≤0.01').waitFor();
    await page.locator('.sense-legend select').first().selectOption('live');
    await page.locator('.live-state').waitFor(SLOW);
    expect(await page.locator('.live-state').textContent()).toContain('按当前筛选实时计算');

    await expect.poll(() => page.url(), SLOW).toContain('layer=hotspots');
    const link = new URL(page.url());
    expect(link.searchParams.get('alert')).toBe(second.id);
    expect(link.searchParams.get('basis')).toBe('live');
    const again = await open(link.search);
    await expect.poll(() => again.locator('[data-panel="alert-card"]').textContent(), SLOW).toContain(second.why.zh);
    await again.locator('.live-state').waitFor(SLOW);

    // Esc closes the card; the list is back.
    await again.keyboard.press('Escape');
    await again.waitForSelector('#alert-list button');
    await expect.poll(() => again.url(), SLOW).not.toContain('alert=');
  });
});
