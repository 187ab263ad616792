import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { FRESH_CLOCK, wallCity } from '../support/wall-city.ts';
import { openPage } from './support/browser.ts';
import { served } from './support/served.ts';

const SLOW = { timeout: 90_000 };
const FILTERS = ['weeks', 'sources', 'categories', 'division'] as const;

/** A count as a room shows it: the query by the desk's names, and the number. */
interface Told {
  readonly room: string;
  readonly query: string;
  readonly value: number;
}

/** Every count on the wall and in every week's brief is what the desk counts under the same filters. */
describe('the three rooms', () => {
  const app = served(wallCity);

  it('tell the same numbers, every week', { timeout: 900_000 }, async () => {
    const page = await openPage(app.browser, `${app.url}/wall?clock=${FRESH_CLOCK}&tour=off`, {
      viewport: { width: 1280, height: 720 },
    });
    await page.waitForFunction(() => document.querySelector('.wall-key [data-key="band"]') !== null, undefined, SLOW);
    const wall = await onTheWall(page);
    expect(wall.length).toBeGreaterThanOrEqual(4);

    await page.goto(`${app.url}/review`);
    await page.waitForSelector('.review[data-ready="true"] .brief', SLOW);
    const weeks = await page
      .locator('.week-choice option')
      .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
    expect(weeks.length).toBeGreaterThanOrEqual(3);
    const briefs: Told[] = [];
    for (const week of weeks) {
      await page.locator('.week-choice select').selectOption(week);
      await page.waitForSelector(`.review[data-week="${week}"][data-ready="true"] .brief`, SLOW);
      briefs.push(...(await inTheBrief(page, week)));
    }
    expect(briefs.length).toBeGreaterThanOrEqual(20);

    const values = new Map<string, Told>();
    for (const told of [...wall, ...briefs]) {
      const before = values.get(told.query);
      if (before)
        expect(told, `${told.query} in ${before.room} and ${told.room}`).toMatchObject({ value: before.value });
      values.set(told.query, told);
    }

    await page.goto(`${app.url}/desk`);
    await page.waitForFunction(() => window.__hexsight?.state === 'filters-ready', undefined, SLOW);
    for (const { room, query, value } of inTurn([...values.values()])) {
      await page.evaluate((search) => {
        history.pushState(null, '', `/desk?${search}`);
        dispatchEvent(new PopStateEvent('popstate'));
      }, query);
      await expect.poll(() => onTheDesk(page), { ...SLOW, message: `${room}: ${query}` }).toBe(value);
    }
  });
});

/** So that no two neighbours have the same value: what was there before is then never taken for the answer. */
function inTurn(all: readonly Told[]): readonly Told[] {
  const rest = [...all];
  const out: Told[] = [];
  while (rest.length > 0) {
    const at = rest.findIndex(({ value }) => value !== out.at(-1)?.value);
    const whole = all.toSorted((a, b) => b.value - a.value)[0]!;
    if (at >= 0) out.push(...rest.splice(at, 1));
    else if (whole.value !== out.at(-1)?.value) out.push(whole);
    else throw new Error(`${rest.length} queries of one value ${whole.value}: the city is too even for this test`);
  }
  return out;
}

async function onTheDesk(page: Page): Promise<number | null> {
  const text = await page
    .locator('.summary[aria-busy="false"] .summary-n')
    .textContent({ timeout: 5000 })
    .catch(() => null);
  return text === null ? null : Number(text.replaceAll(',', ''));
}

/** `incidents/category=noise/weeks=2024-W10..2024-W12` as the desk's address says it. */
async function onTheWall(page: Page): Promise<readonly Told[]> {
  const found = await page
    .locator('[data-metric^="incidents"]')
    .evaluateAll((all) => all.map((one) => ({ ...(one as HTMLElement).dataset })));
  return found.map(({ metric = '', value }) => {
    const parts = new Map(metric.split('/').flatMap((part) => (part.includes('=') ? [pair(part)] : [])));
    const names = { sources: 'sources', category: 'categories', division: 'division', weeks: 'weeks' } as const;
    const keys = new URLSearchParams();
    for (const [name, key] of Object.entries(names)) if (parts.has(name)) keys.set(key, parts.get(name) as string);
    return { room: 'wall', query: canonical(keys), value: Number(value) };
  });
}

async function inTheBrief(page: Page, week: string): Promise<readonly Told[]> {
  const found = await page
    .locator('a.figure[data-metric="incidents"]')
    .evaluateAll((all) =>
      all.map((one) => ({ href: (one as HTMLAnchorElement).href, value: (one as HTMLElement).dataset.value })),
    );
  return found.flatMap(({ href, value }) =>
    value === ''
      ? []
      : [{ room: `review ${week}`, query: canonical(new URL(href).searchParams), value: Number(value) }],
  );
}

function pair(part: string): readonly [string, string] {
  const [name = '', value = ''] = part.split('=');
  return [name, value];
}

function canonical(keys: URLSearchParams): string {
  const out = new URLSearchParams();
  for (const key of FILTERS) {
    const value = keys.get(key);
    if (value) out.set(key, value);
  }
  return out.toString();
}
