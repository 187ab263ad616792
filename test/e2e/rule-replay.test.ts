import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { AlertRules } from '../../core/contract/alert-rules.ts';
import { type RuleReplay, ruleReplay } from '../../core/evaluate/backtest/rule-replay.ts';
import { loadProfile } from '../../pipelines/config/load-profile.ts';
import { readFacts } from '../../pipelines/evaluate/read-facts.ts';
import { sensedCity } from '../support/sensed-city.ts';
import { runCity } from '../support/three-feeds.ts';
import { served } from './support/served.ts';

/** A browser that draws by processor on a busy machine. */
const SLOW = { timeout: 60_000 };
const CHANGE = { rule: 'series-weekly', parameter: 'alpha', value: 0.1 } as const;

describe('a threshold replayed on the desk', () => {
  let byCommand: RuleReplay;
  const app = served(async () => {
    const city = sensedCity();
    await runCity(city);
    const { days, alertRules } = loadProfile(city.profile);
    byCommand = ruleReplay({ ...readFacts(city.out, days), calendar: days, rules: alertRules }, CHANGE);
    return city;
  });

  const open = async (): Promise<Page> => {
    const page = await app.openDesk('?version=1');
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
