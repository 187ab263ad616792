import { expect, onTestFinished } from 'vitest';
import { buildWebOnce, serveSnapshot } from '../e2e/support/app.ts';
import { launchBrowser, openPage } from '../e2e/support/browser.ts';
import { FRESH_CLOCK, wallCity } from './wall-city.ts';
import { type SoakPlan, type SoakResult, soak } from './wall-soak.ts';

/**
 * Runs a soak on a wall of its own and checks it: no error, one canvas, the picture of the beginning, and a heap that does not grow.
 *
 * @param mostMbPerThousand growth allowed over the second half, MB per 1,000 stops
 */
export async function soakedWall(plan: SoakPlan, mostMbPerThousand: number): Promise<SoakResult> {
  await buildWebOnce();
  const city = await wallCity();
  onTestFinished(city.remove);
  const server = await serveSnapshot(city.out);
  onTestFinished(() => server.close());
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const page = await openPage(browser, `${server.url}/wall?clock=${FRESH_CLOCK}`, {
    viewport: { width: 960, height: 540 },
    // A frame between the loss and its event: deck.gl asks a lost context for its programs.
    expected: [/context lost/i, /CONTEXT_LOST/i, /deck: drawing .*uniform block/i],
  });
  await page.waitForSelector('.wall-key [data-key="band"]', { timeout: 90_000 });
  // The stop stays: only the soak moves it.
  await page.keyboard.press('a');
  const result = await soak(page, city, plan);
  console.log(JSON.stringify({ plan, ...result, heapMb: result.heapMb.map((mb) => Math.round(mb * 10) / 10) }));
  expect(result.canvases).toBe(1);
  expect(result.differing).toMatchObject({ pixels: 0 });
  expect(result.slopeMb).toBeLessThan(mostMbPerThousand);
  return result;
}
