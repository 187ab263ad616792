import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { findChromium } from '../../../scripts/chromium.mjs';
import { type FaultRecorder, faultRecorder } from './fault-recorder.ts';

const FLAGS = [
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Whatever tries to leave the machine fails at once instead of waiting for a network that is not there.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

/** Chromium of the system, WebGL 2 drawn by the processor: the same pictures on every machine. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath)
    throw new Error('no Chromium found: run node scripts/setup.mjs --tests, or set HEXSIGHT_CHROMIUM');
  return chromium.launch({ executablePath, args: FLAGS });
}

export interface OpenOptions extends BrowserContextOptions {
  /** Collects over several pages; then the caller checks it with `expectNone`. */
  readonly recorder?: FaultRecorder;
  /** Faults that the test provokes. */
  readonly expected?: readonly RegExp[];
}

/**
 * A page in a context of its own, closed when the test ends. The test fails when the page asked another origin for
 * anything, logged an error, threw, or broke the Content-Security-Policy.
 */
export async function openPage(browser: Browser, url: string, options: OpenOptions = {}): Promise<Page> {
  const { recorder, expected = [], ...context } = options;
  const faults = recorder ?? faultRecorder(expected);
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    ...context,
  });
  if (!recorder) {
    onTestFinished(async () => {
      await page.context().close();
      faults.expectNone();
    });
  }
  await faults.watch(page, new URL(url).origin);
  await page.goto(url);
  return page;
}
