import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AlertRules } from '../../../../../core/contract/alert-rules.ts';
import type { CityFacts } from '../../../../../core/evaluate/backtest/city-facts.ts';
import { type RuleChange, ruleReplay } from '../../../../../core/evaluate/backtest/rule-replay.ts';
import { NO_CALENDAR, smallCity } from './small-city.ts';

const rules = AlertRules.parse(JSON.parse(readFileSync('data/alert-rules.json', 'utf8')));
const WEEKS = 110;
const replay = (facts: CityFacts, change: RuleChange) => ruleReplay({ facts, calendar: NO_CALENDAR, rules }, change);
const cellsOf = (found: ReturnType<typeof replay>['before']) =>
  found.alerts.map(({ first: { place } }) => (place.kind === 'cells' ? place.cells : []));

describe('a threshold tried on the last twelve weeks', () => {
  it('chronic: the one place that recurs all year, until it takes more repeats than it has', () => {
    const facts = smallCity({
      weeks: WEEKS,
      perCellDay: 0.05,
      extra: Array.from({ length: (WEEKS * 7) / 5 }, (_, i) => ({ day: 5 * i, cell: 7, n: 1 })),
    });
    const { before, now } = replay(facts, { rule: 'chronic', parameter: 'leastRepeats', value: 200 });
    expect(cellsOf(before)).toEqual([[7]]);
    expect(before.count).toMatchObject({ judged: 1, kept: 1 });
    expect(now.count.alerts).toBe(0);
  });

  it('chronic: has ended where the last weeks were as around', () => {
    const facts = smallCity({
      weeks: WEEKS,
      perCellDay: 0.05,
      extra: Array.from({ length: 120 }, (_, i) => ({ day: 5 * i, cell: 7, n: 1 })), // until 170 days before the end
    });
    const latest = replay(facts, { rule: 'chronic', parameter: 'latelyDays', value: 1 });
    expect(latest.before.alerts.filter(({ lastDay }) => lastDay === facts.window.endDay - 1)).toEqual([]);
  });

  it('level-change: the disk that has been higher for four months, and no other place', () => {
    const days = Array.from({ length: 15 * 7 }, (_, i) => 95 * 7 + i);
    const facts = smallCity({ weeks: WEEKS, perCellDay: 0.3, extra: days.map((day) => ({ day, cell: 20, n: 3 })) });
    const { before, now } = replay(facts, { rule: 'level-change', parameter: 'leastRatio', value: 9 });
    expect(before.count.alerts).toBeGreaterThanOrEqual(1);
    for (const cells of cellsOf(before)) expect(cells).toContain(20);
    expect(now.count.alerts).toBe(0);
    const quiet = replay(smallCity({ weeks: WEEKS, perCellDay: 0.3 }), {
      rule: 'level-change',
      parameter: 'leastExcess',
      value: 21,
    });
    expect(quiet.before.count.alerts).toBe(0);
  });

  it('slow-growth: a series that rises for half a year', () => {
    const extra = Array.from({ length: 26 }, (_, i) => ({ day: (84 + i) * 7 + 2, cell: 3, n: 3 * i }));
    const rising = smallCity({ weeks: WEEKS, perCellDay: 0.3, extra });
    const { before, now } = replay(rising, { rule: 'slow-growth', parameter: 'limit', value: 1e6 });
    expect(before.count.alerts).toBeGreaterThanOrEqual(1);
    expect(before.count.judged).toBeGreaterThanOrEqual(1);
    expect(now.count.alerts).toBe(0);
  });

  it('series-daily: the day with five times the reports, and a lower bound lets in more', () => {
    const day = WEEKS * 7 - 30;
    const facts = smallCity({ weeks: WEEKS, perCellDay: 0.3, extra: [{ day, cell: 5, n: 60 }] });
    const { before, now } = replay(facts, { rule: 'series-daily', parameter: 'fdr', value: 1 });
    const first = facts.window.firstDay + day;
    expect(before.alerts.some(({ first: { period } }) => period.firstDay === first)).toBe(true);
    expect(before.count.alerts).toBeLessThanOrEqual(3);
    expect(now.count.alerts).toBeGreaterThanOrEqual(before.count.alerts);
  });
});
