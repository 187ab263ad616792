import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Candidate, CandidateDay } from '../../../core/alert/candidate.ts';
import { isKnown, runAlerts } from '../../../core/alert/engine.ts';
import { registered, splitRegister, withoutBudget } from '../../../core/alert/register.ts';
import { levelSentence } from '../../../core/alert/why.ts';
import { AlertRules } from '../../../core/contract/alert-rules.ts';

const rules = AlertRules.parse(JSON.parse(readFileSync('data/alert-rules.json', 'utf8')));
const context = {
  categories: { end: (id: number) => id + 1 },
  divisions: { end: (id: number) => id + 1 },
  all: 65_535,
};
const candidate = (over: Partial<Candidate> = {}): Candidate => ({
  kind: 'recurrence',
  rule: 'chronic',
  category: 1,
  severity: 4,
  place: { kind: 'cells', resolution: 9, cells: [10] },
  divisions: [{ division: 1, level: 1, observed: 90, share: 1 }],
  period: { firstDay: 0, endDay: 364 },
  observed: 90,
  expected: 1,
  interval: [0, 4],
  p: 1e-30,
  recurrenceDays: null,
  quality: [],
  follow: null,
  ...over,
});
const evening = (day: number, ...candidates: Candidate[]): CandidateDay => ({ day, candidates });
const again = candidate({ rule: 'recurrence', period: { firstDay: 274, endDay: 364 } });
const cluster = candidate({ kind: 'cluster', rule: 'cluster-scan', period: { firstDay: 360, endDay: 364 } });

describe('the register', () => {
  it('holds what its rules find; of the list it takes only that the same came back at the same place', () => {
    const elsewhere = { ...again, place: { kind: 'cells', resolution: 9, cells: [99] } } as const;
    const { news, register } = splitRegister([evening(364, candidate(), again, elsewhere, cluster)], rules, context);
    expect(register[0]?.candidates).toEqual([candidate()]);
    expect(news[0]?.candidates).toEqual([elsewhere, cluster]);
  });

  it('leaves a place to the list on an evening on which the register does not hold it', () => {
    const { news } = splitRegister([evening(364, candidate()), evening(365, again)], rules, context);
    expect(news.map(({ candidates }) => candidates.length)).toEqual([0, 1]);
  });

  it('is Ⅳ whatever the points, says so, and uses no budget', () => {
    const places = Array.from({ length: 9 }, (_, i) =>
      candidate({ place: { kind: 'cells', resolution: 9, cells: [i] }, category: i }),
    );
    const { standing } = runAlerts([evening(364, ...places)], withoutBudget(rules), context);
    expect(standing.map(({ levelled, admittedDay }) => [levelled.level, admittedDay])).toEqual(
      places.map(() => [4, 364]),
    );
    const levelled = standing[0]!.levelled;
    expect(levelled.sum).toBeGreaterThanOrEqual(rules.level.levels.three);
    expect(levelSentence(candidate(), levelled, rules.level).zh).toContain('一律为Ⅳ级');
    expect(registered(levelled, 'cluster-scan', rules)).toBe(levelled);
  });
});

describe('news', () => {
  const days = (count: number, at: (day: number) => Candidate) =>
    Array.from({ length: count }, (_, day) => evening(day, at(day)));
  const knownAfter = rules.identity.knownAfterDays!;
  const strong = candidate({ kind: 'cluster', rule: 'cluster-scan', recurrenceDays: 400 });

  it('is known after weeks without anything new about it', () => {
    const run = runAlerts(
      days(knownAfter + 1, () => cluster),
      rules,
      context,
    );
    const [alert] = run.standing;
    expect([alert?.newsDay, alert?.since]).toEqual([0, 0]);
    expect(isKnown(alert!, knownAfter - 1, rules.identity)).toBe(false);
    expect(isKnown(alert!, knownAfter, rules.identity)).toBe(true);
    expect(run.replay.map(({ listed }) => listed)).toEqual([...Array(knownAfter).fill(1), 0]);
    expect(isKnown(alert!, knownAfter, { endsAfterDays: 7, easingShare: 0.6 })).toBe(false);
  });

  it('is news again only when it is higher than it ever was, not each time it goes up and down', () => {
    const weak = { ...cluster, severity: 0, observed: 6 };
    const flickers = runAlerts(
      days(30, (day) => (day % 2 === 0 ? strong : weak)),
      rules,
      context,
    );
    expect(flickers.standing.map(({ newsDay }) => newsDay)).toEqual([0]);
    const rises = runAlerts(
      days(30, (day) => (day < 20 ? weak : strong)),
      rules,
      context,
    );
    expect(rises.standing.map(({ newsDay, state }) => [newsDay, state])).toEqual([[20, 'continuing']]);
  });
});
