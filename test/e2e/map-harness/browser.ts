import { type Browser, chromium, type Page } from 'playwright-core';
import type { Harness } from './main.ts';

declare const window: Window & { harness: Harness };

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--ignore-gpu-blocklist',
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

/** Until the map neither loads, nor moves, nor waits for cells. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => window.harness?.firstMapMs !== null && window.harness?.map.idle === true, null, {
    timeout: 120_000,
  });
  // Names fade in.
  await page.waitForTimeout(350);
}
