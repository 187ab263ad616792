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
  /** Pixels that differ between the pictures of the beginning and the end, and the box they lie in. */
  readonly differing: { readonly pixels: number; readonly box: readonly number[] };
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
  const before = await restingPicture(page);
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
  const after = await restingPicture(page);
  return {
    heapMb,
    slopeMb: slopePerThousand(heapMb.slice(SAMPLES / 2), steps / SAMPLES),
    differing: await difference(page, { before, after }),
    canvases: await page.locator('.wall-map .maplibregl-canvas').count(),
  };
}

/** Names fade in after everything is loaded: at rest is what looks the same half a second later, twice. @throws Error after a minute */
async function restingPicture(page: Page): Promise<string> {
  let last = await picture(page);
  for (let same = 0, tries = 0; same < 2; tries++) {
    if (tries > 120) throw new Error('the map does not come to rest');
    await page.waitForTimeout(500);
    const next = await picture(page);
    same = next === last ? same + 1 : 0;
    last = next;
  }
  return last;
}

async function picture(page: Page): Promise<string> {
  return page.evaluate(() => {
    const map = window.__hexsight?.map;
    return map && 'snapshotPixels' in map && typeof map.snapshotPixels === 'function' ? map.snapshotPixels() : '';
  });
}

function difference(page: Page, pictures: { readonly before: string; readonly after: string }) {
  return page.evaluate(async ({ before, after }) => {
    const pixels = async (url: string) => {
      const image = new Image();
      image.src = url;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const drawing = canvas.getContext('2d')!;
      drawing.drawImage(image, 0, 0);
      return drawing.getImageData(0, 0, image.width, image.height);
    };
    const [a, b] = await Promise.all([pixels(before), pixels(after)]);
    if (a.width !== b.width || a.height !== b.height)
      return { pixels: -1, box: [a.width, a.height, b.width, b.height] };
    let count = 0;
    let [west, north, east, south] = [a.width, a.height, -1, -1];
    for (let at = 0; at < a.data.length; at += 4) {
      if ([0, 1, 2].every((band) => a.data[at + band] === b.data[at + band])) continue;
      count++;
      const [x, y] = [(at / 4) % a.width, Math.floor(at / 4 / a.width)];
      [west, north, east, south] = [Math.min(west, x), Math.min(north, y), Math.max(east, x), Math.max(south, y)];
    }
    return { pixels: count, box: [west, north, east, south] };
  }, pictures);
}

function slopePerThousand(values: readonly number[], stepsBetween: number): number {
  const n = values.length;
  const mx = (n - 1) / 2;
  const my = values.reduce((sum, y) => sum + y, 0) / n;
  const up = values.reduce((sum, y, x) => sum + (x - mx) * (y - my), 0);
  const down = values.reduce((sum, _, x) => sum + (x - mx) ** 2, 0);
  return (up / down / stepsBetween) * 1000;
}
