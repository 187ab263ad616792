import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AlertRules } from '../../core/contract/alert-rules.ts';
import { type RuleReplay, ruleReplay } from '../../core/evaluate/backtest/rule-replay.ts';
import { loadProfile } from '../../pipelines/config/load-profile.ts';
import { readFacts } from '../../pipelines/evaluate/read-facts.ts';
import type { RunningServer } from '../../server/start-server.ts';
import type { SmallCity } from '../golden/bad-input/small-city.ts';
import { sensedCity } from '../support/sensed-city.ts';
import { runCity } from '../support/three-feeds.ts';
import { buildWebOnce, serveSnapshot } from './support/app.ts';
import { launchBrowser, openPage } from './support/browser.ts';

/** A browser that draws by processor on a busy machine. */
const SLOW = { timeout: 60_000 };
const CHANGE = { rule: 'series-weekly', parameter: 'alpha', value: 0.1 } as const;

describe('a threshold replayed on the desk', () => {
  let city: SmallCity;
  let server: RunningServer;
  let browser: Browser;
  let byCommand: RuleReplay;

  beforeAll(async () => {
    await buildWebOnce();
    city = sensedCity();
    await runCity(city);
    const { days, alertRules } = loadProfile(city.profile);
    byCommand = ruleReplay({ ...readFacts(city.out, days), calendar: days, rules: alertRules }, CHANGE);
    server = await serveSnapshot(city.out);
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    if (city) rmSync(dirname(city.out), { recursive: true, force: true });
  });

  const open = async (): Promise<Page> => {
    const page = await openPage(browser, `${server.url}/desk?version=1`, { viewport: { width: 1280, height: 720 } });
    await page.waitForFunction(() => window.__hexsight?.state === 'filters-ready', undefined, { timeout: 90_000 });
    await page.locator('.alerts-replay > summary').click(SLOW);
    await page.locator('.rule-replay').waitFor(SLOW);
    return page;
  };

  it('says the numbers of the command, keeps the threshold, and hands it over as a rule file', {
    timeout: 240_000,
  }, async () => {
    const page = await open();
    const form = page.locator('.rule-replay form');
    await form.locator('select').first().selectOption(CHANGE.rule);
    await form.locator('select').nth(1).selectOption(CHANGE.parameter);
    await form.locator('input').fill(String(CHANGE.value));
    await form.locator('button[type="submit"]').click();
    const answer = page.locator('.replay-answer');
    await answer.waitFor({ timeout: 120_000 });
    expect(await answer.getAttribute('data-alerts')).toBe(String(byCommand.now.count.alerts));
    expect(await answer.getAttribute('data-before')).toBe(String(byCommand.before.count.alerts));
    // Nobody has judged an alert here: that is no precision of 0.
    expect(await page.locator('.replay-sides').textContent()).toContain('精确率 —');

    await page.locator('.replay-keep').click();
    await page.locator('.replay-kept li').waitFor(SLOW);
    const [file] = await Promise.all([
      page.waitForEvent('download', SLOW),
      page.locator('.replay-kept > button').click(),
    ]);
    const rules = AlertRules.parse(JSON.parse(await readFile(await file.path(), 'utf8')));
    const rule = rules.rules.find(({ id }) => id === CHANGE.rule);
    expect(rule?.parameters[CHANGE.parameter]).toBe(CHANGE.value);
    expect(rule?.history[0]?.what.zh).toContain(
      `提示 ${byCommand.before.count.alerts} → ${byCommand.now.count.alerts}`,
    );
  });
});
