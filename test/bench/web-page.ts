import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { FilterChange } from './web-changes.ts';

/**
 * Sets the filters where a hand would and waits until every panel has its value and React has put it on the page.
 *
 * @returns milliseconds; what the graphics card does afterwards is not in it
 */
export function changeFilters(page: Page, change: FilterChange): Promise<number> {
  return page.evaluate(
    ({ names, sources, categories, division, hours }) =>
      new Promise<number>((resolve, reject) => {
        const { desk, timings } = window.__hexsight;
        const channel = new MessageChannel();
        const before = timings.at(-1);
        const startedMs = performance.now();
        let turnsAfter = 0;
        channel.port1.onmessage = () => {
          if (performance.now() - startedMs > 60_000) return reject(new Error('the panels did not settle'));
          // Two turns of the loop: React commits, then its effects run.
          if (timings.at(-1) !== before && ++turnsAfter > 2) return resolve(performance.now() - startedMs);
          channel.port2.postMessage(null);
        };
        // One change of the store, as `openLink` makes it.
        desk.setState({ weeks: names, sources, categories, division, hours });
        channel.port2.postMessage(null);
      }),
    change,
  );
}

/** Bytes of JavaScript objects and buffers of the page after a collection. Workers have heaps of their own: see rendererBytes. */
export async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize } = (await session.send('Runtime.getHeapUsage')) as {
    readonly usedSize: number;
    readonly backingStorageSize?: number;
  };
  await session.detach();
  return usedSize + (backingStorageSize ?? 0);
}

/** Private memory of the largest renderer process: the page with its workers. Linux. */
export async function rendererBytes(page: Page): Promise<number> {
  const browser = page.context().browser();
  if (!browser) return Number.NaN;
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => privateBytes(id));
  return Math.max(...renderers);
}

function privateBytes(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const kilobytes = [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)].map(([, n]) => Number(n));
    return 1024 * kilobytes.reduce((sum, n) => sum + n, 0);
  } catch {
    return Number.NaN;
  }
}
