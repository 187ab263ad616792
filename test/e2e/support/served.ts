import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { RunningServer } from '../../../server/start-server.ts';
import { buildWebOnce, serveSnapshot } from './app.ts';
import { launchBrowser, type OpenOptions, openPage } from './browser.ts';

interface City {
  /** Folder of the published snapshot. */
  readonly out: string;
  readonly remove: () => void;
}

/** There while the tests of the suite run; read it inside them only. */
export interface Served<C extends City> {
  readonly city: C;
  readonly url: string;
  readonly browser: Browser;
  /** A page of the app, closed after the test; see `openPage`. */
  open(path: string, options?: OpenOptions): Promise<Page>;
  /** The desk when its filters answer. */
  openDesk(query: string, options?: OpenOptions): Promise<Page>;
}

/** The app over a city of the suite's own, and a browser: made before its first test, gone after its last. */
export function served<C extends City>(make: () => C | Promise<C>): Served<C> {
  let city: C | undefined;
  let server: RunningServer | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    await buildWebOnce();
    city = await make();
    server = await serveSnapshot(city.out);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    city?.remove();
  });
  const present = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('read before the suite began, or after it failed to');
    return value;
  };
  const own: Served<C> = {
    get city() {
      return present(city);
    },
    get url() {
      return present(server).url;
    },
    get browser() {
      return present(browser);
    },
    open: (path, options = {}) =>
      openPage(own.browser, `${own.url}${path}`, { viewport: { width: 1280, height: 720 }, ...options }),
    openDesk: async (query, options) => {
      const page = await own.open(`/desk${query}`, options);
      await page.waitForFunction(() => window.__hexsight?.state === 'filters-ready', undefined, { timeout: 90_000 });
      return page;
    },
  };
  return own;
}
