import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { AlertRules } from '../../../../core/contract/alert-rules.ts';
import {
  type KeptChange,
  NO_KEPT_RULES,
  rulesWithKept,
  withKept,
  withoutKept,
} from '../../../../core/contract/kept-rules.ts';
import type { Alerts, PastAlert } from '../../../../core/contract/sense.ts';
import {
  judgedByPeople,
  publishedDays,
  publishedRules,
  type ReplayedPlace,
} from '../../../../core/evaluate/backtest/published-rules.ts';
import { browserRules, KEPT_RULES_KEY } from '../../../../web/src/rules/store.ts';

const RULES = AlertRules.parse(JSON.parse(readFileSync('data/alert-rules.json', 'utf8')));
const change = (parameter: string, value: number): KeptChange => ({
  rule: 'cluster-scan',
  parameter,
  was: 30,
  value,
  at: '2026-11-22 16:00',
  snapshot: 'abcdef0123456789',
  weeks: 12,
  alertsWas: 9,
  alerts: 4,
});

describe('kept thresholds', () => {
  it('the newest word on a parameter counts, and can be taken back', () => {
    const kept = withKept(withKept(NO_KEPT_RULES, change('falseEpisodeDays', 60)), change('falseEpisodeDays', 90));
    expect(kept.changes.map(({ value }) => value)).toEqual([90]);
    expect(withoutKept(kept, kept.changes[0]!).changes).toEqual([]);
  });

  it('are handed over as a whole rule file: next version, reason in the history, nothing else changed', () => {
    const kept = withKept(withKept(NO_KEPT_RULES, change('falseEpisodeDays', 60)), change('nothing', 1));
    const { rules, unknown } = rulesWithKept(RULES, kept);
    const [before, after] = [RULES.rules, rules.rules].map((all) => all.find(({ id }) => id === 'cluster-scan')!);
    expect(after!.parameters).toEqual({ ...before!.parameters, falseEpisodeDays: 60 });
    expect(after!.version).toBe(before!.version + 1);
    expect(after!.history[0]).toMatchObject({
      version: after!.version,
      day: '2026-11-22',
      by: 'desk',
      what: { zh: `falseEpisodeDays ${before!.parameters.falseEpisodeDays} → 60（回放近 12 周：提示 9 → 4）` },
    });
    expect(after!.history.slice(1)).toEqual(before!.history);
    expect(rules.rules.filter(({ id }) => id !== 'cluster-scan')).toEqual(
      RULES.rules.filter(({ id }) => id !== 'cluster-scan'),
    );
    expect(rules.level).toEqual(RULES.level);
    expect(unknown.map(({ parameter }) => parameter)).toEqual(['nothing']);
    expect(AlertRules.parse(JSON.parse(JSON.stringify(rules)))).toEqual(rules);
  });

  it('a full, refusing or damaged storage is said and leaves what is there', async () => {
    const held = new Map<string, string>();
    const storage = {
      getItem: (key: string) => held.get(key) ?? null,
      setItem: (key: string, text: string) => void held.set(key, text),
      removeItem: (key: string) => void held.delete(key),
    };
    const store = browserRules(() => storage);
    expect(await store.change((kept) => withKept(kept, change('falseEpisodeDays', 60)))).toMatchObject({ ok: true });
    expect(await browserRules(() => storage).read()).toMatchObject({
      ok: true,
      document: { changes: [{ value: 60 }] },
    });
    held.set(KEPT_RULES_KEY, '{"format":"other"}');
    expect(await store.change(() => NO_KEPT_RULES)).toEqual({ ok: false, why: 'damaged' });
    expect(held.get(KEPT_RULES_KEY)).toBe('{"format":"other"}');
    const refusing = browserRules(() => {
      throw new DOMException('no', 'SecurityError');
    });
    expect(await refusing.read()).toEqual({ ok: false, why: 'refused' });
    const full = browserRules(() => ({
      ...storage,
      getItem: () => null,
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
    }));
    expect(await full.change((kept) => kept)).toEqual({ ok: false, why: 'full' });
  });
});

describe('what a snapshot says of its rules', () => {
  it('rules are whole or not there', () => {
    const alerts: Alerts = {
      format: 'hexsight-alerts',
      asOfDay: 20_000,
      budget: RULES.budget,
      alerts: [],
      rest: [],
      ended: [],
      rules: RULES.rules.map((rule) => ({
        ...rule,
        trackRecord: { weeks: 12, raised: 0, judged: 0, kept: 0, precision: null },
      })),
      replay: [],
    };
    expect(publishedRules(alerts)).toBeNull();
    expect(publishedRules({ ...alerts, engine: { level: RULES.level, identity: RULES.identity } })).toEqual(RULES);
    expect(publishedDays(undefined)).toBeNull();
  });
});

describe('precision in people’s words', () => {
  const past = (id: string, alert: Partial<PastAlert>): PastAlert => ({
    ...{ id, kind: 'cluster', category: 3, level: 3, since: 100, lastDay: 104, admittedDay: 100 },
    ...{ cells: [7, 8], resolution: 8, division: null, observed: 9, expected: 2 },
    ...alert,
  });
  const replayed = (place: Partial<ReplayedPlace>): ReplayedPlace => ({
    ...{ category: 3, since: 104, lastDay: 106, cells: { resolution: 8, ids: [8, 9] }, division: null },
    ...place,
  });
  const said = (id: string) => (id.startsWith('yes') ? 'right' : id.startsWith('no') ? 'wrong' : null);

  it('counts what met a judged alert on a common day, cell and category', () => {
    const all = [
      past('yes-1', {}),
      past('no-1', { cells: [20], since: 90 }),
      past('later', { cells: [30] }),
      past('yes-2', { cells: [], resolution: null, division: 4 }),
    ];
    const met = [
      replayed({}),
      replayed({ cells: { resolution: 8, ids: [20] } }),
      replayed({ cells: { resolution: 8, ids: [30] } }),
      replayed({ cells: { resolution: 7, ids: [8] } }),
      replayed({ since: 105 }),
      replayed({ category: 4 }),
      replayed({ cells: null, division: 4 }),
      replayed({ cells: null, division: 5 }),
    ];
    expect(judgedByPeople(met, all, said)).toEqual({ judged: 3, confirmed: 2, precision: 2 / 3 });
  });

  it('nobody has said anything: no precision, not 0', () => {
    expect(judgedByPeople([replayed({})], [past('later', {})], said)).toEqual({
      judged: 0,
      confirmed: 0,
      precision: null,
    });
  });
});
