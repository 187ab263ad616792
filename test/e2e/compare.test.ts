import { latLngToCell } from 'h3-js';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { compareCounts } from '../../core/metric/comparison.ts';
import { changeSentence } from '../../core/metric/verdict-words.ts';
import { HEADER, smallCity } from '../golden/bad-input/small-city.ts';
import { runCity } from '../support/three-feeds.ts';
import { served } from './support/served.ts';

/** A browser that draws by processor on a busy machine. */
const SLOW = { timeout: 60_000 };
const MS_PER_DAY = 86_400_000;
/** A Monday: 2024, week 2. */
const MONDAY_MS = Date.UTC(2024, 0, 8);
/** Incidents of week w, in turn in the western and the eastern district. */
const PER_WEEK = [3, 5, 10, 14, 9, 26, 4, 6, 5, 7, 6, 5] as const;
const PLACES = [
  // Not the middle of the district: that would be taken for a geocoder's default point.
  { lng: 120.004, lat: 31.008 },
  { lng: 120.015, lat: 31.012 },
] as const;
const ROWS = PER_WEEK.flatMap((n, week) =>
  Array.from({ length: n }, (_, i) => ({
    week,
    day: MONDAY_MS + (week * 7 + (i % 7)) * MS_PER_DAY,
    ...PLACES[i % 2]!,
  })),
);

describe('two maps side by side', () => {
  const app = served(async () => {
    const city = smallCity();
    const lines = ROWS.map(
      ({ day, lng, lat }, i) =>
        `W${i},${new Date(day).toISOString().slice(0, 10)} 08:00:00,${lng},${lat},parking,closed`,
    );
    city.file('orders.csv', [HEADER, ...lines].join('\n'));
    await runCity(city);
    return city;
  });

  const open = (query: string) =>
    app.openDesk(`?version=1${query}`, {
      viewport: { width: 1280, height: 720 },
    });
  const drawn = (page: Page) => page.locator('.compare-map[data-drawn="true"]').waitFor(SLOW);
  const n = (page: Page, side: 'now' | 'before') =>
    page.locator(`.compare-side[data-side="${side}"]`).getAttribute('data-n');
  const cameras = (page: Page) =>
    page.evaluate(() => {
      const { map, beside } = window.__hexsight;
      return [map?.camera() ?? null, beside?.camera() ?? null] as const;
    });
  const expectLocked = async (page: Page, lng: number) => {
    await expect.poll(async () => (await cameras(page))[0]?.lng, SLOW).toBeCloseTo(lng, 3);
    const [first, second] = await cameras(page);
    expect(second?.lng).toBeCloseTo(first?.lng ?? Number.NaN, 6);
    expect(second?.lat).toBeCloseTo(first?.lat ?? Number.NaN, 6);
    expect(second?.zoom).toBeCloseTo(first?.zoom ?? Number.NaN, 6);
  };
  const inWeeks = (first: number, end: number) => ROWS.filter(({ week }) => week >= first && week < end);

  it('two periods: counts and words are those of the rows, the cell is the same in both, the cameras move together', {
    timeout: 240_000,
  }, async () => {
    const page = await open('&weeks=2024-W06..2024-W07');
    await page.locator('.compare-open').waitFor(SLOW);
    await page.locator('body').press('c');
    await drawn(page);
    const [now, before] = [inWeeks(4, 6), inWeeks(2, 4)];
    await expect.poll(() => n(page, 'now'), SLOW).toBe(String(now.length));
    expect(await n(page, 'before')).toBe(String(before.length));
    const dispersion = await page.locator('.compare-change').getAttribute('data-dispersion').then(Number);
    expect(dispersion).toBeGreaterThanOrEqual(1);
    const said = compareCounts({
      before: { n: before.length, days: 14 },
      after: { n: now.length, days: 14 },
      dispersion,
    });
    expect(await page.locator('.compare-change').textContent()).toBe(changeSentence(said).zh);
    await expect.poll(() => page.url(), SLOW).toContain('compare=previous');

    const resolution = await page.evaluate(() => window.__hexsight.map?.resolution ?? 0);
    const place = PLACES[1];
    const cell = latLngToCell(place.lat, place.lng, resolution);
    const here = (rows: typeof ROWS) =>
      rows.filter(({ lat, lng }) => latLngToCell(lat, lng, resolution) === cell).length;
    // Both maps have drawn: a pointer finds the cell under it.
    await page.waitForFunction(() => window.__hexsight.beside?.resolution === window.__hexsight.map?.resolution);
    const at = await page.evaluate(({ lng, lat }) => window.__hexsight.map?.project(lng, lat), place);
    const box = await page.locator('.map-panel > .map').boundingBox();
    await expect
      .poll(async () => {
        await page.mouse.move((box?.x ?? 0) + (at?.x ?? 0) + 1, (box?.y ?? 0) + (at?.y ?? 0));
        await page.mouse.move((box?.x ?? 0) + (at?.x ?? 0), (box?.y ?? 0) + (at?.y ?? 0));
        return page.locator('.compare-hover strong').allTextContents();
      }, SLOW)
      .toEqual([`${here(now)} 件`, `${here(before)} 件`]);

    await page.evaluate(() => window.__hexsight.map?.jumpTo({ lng: 120.008, lat: 31.011, zoom: 13.5 }));
    await expectLocked(page, 120.008);
    await page.evaluate(() => window.__hexsight.beside?.jumpTo({ lng: 120.012, lat: 31.009, zoom: 13.2 }));
    await expectLocked(page, 120.012);

    await page.locator('[data-beside="difference"]').click();
    await expect.poll(() => page.url(), SLOW).toContain('compare=difference');
    await page.locator('body').press('Escape');
    await expect.poll(() => page.locator('.compare-map').count(), SLOW).toBe(0);
    await expect.poll(() => page.url(), SLOW).not.toContain('compare=');
    expect(await page.evaluate(() => window.__hexsight.beside)).toBeNull();
    expect(page.url()).toContain('weeks=2024-W06..2024-W07');
  });

  it('two places by link: each with its own counts and its own past, no difference between them', {
    timeout: 240_000,
  }, async () => {
    const page = await open('&weeks=2024-W06..2024-W07&division=01&compare=place-02');
    await drawn(page);
    const rowsOf = (place: 0 | 1, first: number, end: number) =>
      inWeeks(first, end).filter(({ lng }) => lng === PLACES[place].lng).length;
    await expect.poll(() => n(page, 'now'), SLOW).toBe(String(rowsOf(0, 4, 6)));
    await expect.poll(() => n(page, 'before'), SLOW).toBe(String(rowsOf(1, 4, 6)));
    const words = await page.locator('.compare-side[data-side="before"]').textContent();
    expect(words).toContain(`由 ${rowsOf(1, 2, 4)} 件增至 ${rowsOf(1, 4, 6)} 件`);
    expect(await page.locator('.compare-beside').count()).toBe(0);
    expect(await page.locator('.compare-change').count()).toBe(0);
  });
});
