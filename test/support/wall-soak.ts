import type { Page } from 'playwright-core';
import type { WallCity } from './wall-city.ts';

export interface SoakPlan {
  readonly steps: number;
  readonly losses: number;
  readonly swaps: number;
}

export interface SoakResult {
  /** Used heap in MB after a collection, at even distances over the run. */
  readonly heapMb: readonly number[];
  /** MB per 1,000 steps by least squares over the second half. */
  readonly slopeMb: number;
  readonly samePicture: boolean;
  readonly canvases: number;
}

const SAMPLES = 24;
const IDLE = () => {
  const map = window.__hexsight?.map;
  return map !== null && map !== undefined && 'idle' in map && map.idle === true;
};

/** Steps through the tour as fast as the page takes it; losses and swaps are spread evenly. Ends at the stop and snapshot where it began. */
export async function soak(page: Page, city: WallCity, plan: SoakPlan): Promise<SoakResult> {
  const devtools = await page.context().newCDPSession(page);
  const heap = async (): Promise<number> => {
    await devtools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    return usedSize / 1e6;
  };
  const settled = () => page.waitForFunction(IDLE, undefined, { timeout: 60_000 });
  const look = () => page.evaluate(() => window.__hexsightWall?.look());
  const stops = Number((await page.locator('.wall-tour b').textContent())?.split('/')[1]);
  // Whole rounds, and an even number of swaps: the end is where the beginning was.
  const steps = Math.ceil(plan.steps / stops) * stops;
  const swaps = 2 * Math.ceil(plan.swaps / 2);
  const every = (count: number, step: number) =>
    Math.floor(((step + 1) * count) / steps) > Math.floor((step * count) / steps);
  await settled();
  const before = await picture(page);
  const heapMb: number[] = [];
  let published = city.first;
  for (let step = 0; step < steps; step++) {
    await page.evaluate(() => window.__hexsightWall?.step());
    if (every(plan.losses, step)) {
      await page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('.wall-map .maplibregl-canvas');
        if (canvas) canvas.dataset.lost = 'true';
        canvas?.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
      });
      await page.waitForFunction(
        () => document.querySelector('.wall-map .maplibregl-canvas:not([data-lost])') !== null,
        undefined,
        {
          timeout: 60_000,
        },
      );
    }
    if (every(swaps, step)) {
      published = published === city.first ? city.second : city.first;
      city.publish(city.manifest(published));
      await look();
      await page.waitForSelector(`.wall[data-snapshot="${published}"]`, { timeout: 60_000 });
    }
    if (every(SAMPLES, step)) heapMb.push(await heap());
  }
  await settled();
  await page.waitForTimeout(2500);
  await settled();
  const after = await picture(page);
  return {
    heapMb,
    slopeMb: slopePerThousand(heapMb.slice(SAMPLES / 2), steps / SAMPLES),
    samePicture: before === after,
    canvases: await page.locator('.wall-map .maplibregl-canvas').count(),
  };
}

async function picture(page: Page): Promise<string> {
  return page.evaluate(() => {
    const map = window.__hexsight?.map;
    return map && 'snapshotPixels' in map && typeof map.snapshotPixels === 'function' ? map.snapshotPixels() : '';
  });
}

function slopePerThousand(values: readonly number[], stepsBetween: number): number {
  const n = values.length;
  const mx = (n - 1) / 2;
  const my = values.reduce((sum, y) => sum + y, 0) / n;
  const up = values.reduce((sum, y, x) => sum + (x - mx) * (y - my), 0);
  const down = values.reduce((sum, _, x) => sum + (x - mx) ** 2, 0);
  return (up / down / stepsBetween) * 1000;
}
