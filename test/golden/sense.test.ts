import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Table, tableFromIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Coverage } from '../../core/contract/coverage.ts';
import { fileAt } from '../../core/contract/manifest.ts';
import {
  ALL_CATEGORIES,
  Alerts,
  EMERGING,
  NOT_ASSESSABLE,
  RISK,
  SERIES_MODELS,
  Sense,
} from '../../core/contract/sense.ts';
import { publishedDays, publishedRules } from '../../core/evaluate/backtest/published-rules.ts';
import { ruleReplay } from '../../core/evaluate/backtest/rule-replay.ts';
import { dayClasses } from '../../core/time/city-calendar.ts';
import { loadProfile } from '../../pipelines/config/load-profile.ts';
import { readFacts } from '../../pipelines/evaluate/read-facts.ts';
import { publishedManifest } from '../../pipelines/run.ts';
import { readCityFacts, replayJob } from '../../web/src/rules/replay-job.ts';
import { BORN, END, FIRST, HOT, OUTAGE, sensedCity } from '../support/sensed-city.ts';
import { csvOf, runCity, setInputs, threeFeeds } from '../support/three-feeds.ts';
import type { SmallCity } from './bad-input/small-city.ts';

/** The sensing files of a small city, what they say, and that they are the same twice. */
describe('sensing of a small city', () => {
  let city: SmallCity;
  const table = (path: string, out = city.out): Table => {
    const manifest = publishedManifest(out);
    if (!manifest) throw new Error('nothing is published');
    return tableFromIPC(readFileSync(join(out, fileAt(manifest, path).file)));
  };
  const column = (from: Table, name: string): (number | null)[] =>
    Array.from(from.getChild(name) ?? [], (value) => value as number | null);
  const document = (): Sense => {
    const manifest = publishedManifest(city.out);
    if (!manifest) throw new Error('nothing is published');
    return Sense.parse(JSON.parse(readFileSync(join(city.out, fileAt(manifest, 'sense.json').file), 'utf8')));
  };
  /** Rows of one series of the index. */
  const series = (division: number, category: number, step: 0 | 1) => {
    const index = table('sense/series-index.arrow');
    const all = table('sense/series.arrow');
    const at = column(index, 'division').findIndex(
      (id, i) => id === division && column(index, 'category')[i] === category && column(index, 'step')[i] === step,
    );
    if (at < 0) return null;
    const [from, end] = [column(index, 'first_row')[at] as number, column(index, 'end_row')[at] as number];
    const slice = (name: string) => column(all, name).slice(from, end);
    return {
      firstPeriod: column(index, 'first_period')[at] as number,
      model: SERIES_MODELS[column(index, 'model')[at] as number],
      reason: NOT_ASSESSABLE[column(index, 'reason')[at] as number],
      observed: slice('observed'),
      expected: slice('expected'),
      p: slice('p'),
    };
  };
  const categoryId = (code: string): number =>
    publishedManifest(city.out)?.dictionaries.categories.find((entry) => entry.code === code)?.id as number;

  beforeAll(async () => {
    city = sensedCity();
    await runCity(city);
  }, 120_000);
  afterAll(() => city.remove());

  it('counts every accepted incident once in the weekly series of the city', () => {
    const all = series(0, ALL_CATEGORIES, 0);
    const total = all?.observed.reduce<number>((sum, n) => sum + (n ?? 0), 0);
    expect(total).toBe(publishedManifest(city.out)?.totals.accepted);
    // Deliveries come weekly and nobody knows their delay: nothing is known of the newest week, all of the one before.
    expect(all?.reason).toBe('still-filling');
    expect(all?.expected.at(-1)).toBeNull();
    expect(all?.expected.at(-2)).toBeGreaterThan(30);
    expect(all?.expected.slice(0, 20).every((value) => value === null)).toBe(true);
  });

  it('keeps districts and classes to the sums of what is above them', () => {
    const noise = categoryId('noise');
    const [city0, west, east] = [0, 1, 2].map((division) => series(division, noise, 0)?.observed ?? []);
    city0?.forEach((n, t) => {
      expect((west?.[t] ?? 0) + (east?.[t] ?? 0), `week ${t}`).toBeLessThanOrEqual(n ?? 0);
    });
  });

  it('has no normal for a mixed series in weeks a large source did not deliver', () => {
    const all = series(0, ALL_CATEGORIES, 0);
    const week = (OUTAGE.firstDay - FIRST) / 7;
    expect(all?.observed[week]).toBeGreaterThan(0);
    expect(all?.expected[week]).toBeNull();
    expect(all?.expected[week - 1]).not.toBeNull();
  });

  it('begins a category with its first report', () => {
    const home = series(0, categoryId('neighbourly'), 0);
    expect(home?.firstPeriod).toBe((BORN - FIRST) / 7);
  });

  it('finds the place that became hot, by count and by change, not by persons nobody knows', () => {
    const hot = table('sense/hotspots.arrow');
    const category = column(hot, 'category');
    const [variant, q, z] = [column(hot, 'variant'), column(hot, 'q'), column(hot, 'z')];
    const noise = categoryId('noise');
    for (const wanted of [0, 2])
      expect(
        category.some(
          (id, i) => id === noise && variant[i] === wanted && (q[i] as number) < 0.01 && (z[i] as number) > 4,
        ),
      ).toBe(true);
    expect(variant.includes(1)).toBe(false);
    const said = document().hotspots.notAssessed;
    expect(said.some((one) => one.variant === 1 && one.why === 'no-exposure')).toBe(true);
    const classes = new Set(column(hot, 'emerging'));
    for (const code of classes) expect(code === 255 || (code as number) < EMERGING.length).toBe(true);
  });

  it('publishes an index of change whose parts add up to the last bit, ranked among cells', () => {
    const risk = table('sense/risk.arrow');
    expect(risk.schema.fields.map((field) => field.name)).toEqual(RISK.map(({ name }) => name));
    const parts = [0, 1, 2, 3, 4, 5].map((j) => column(risk, `part_${j}`));
    const score = column(risk, 'score');
    score.forEach((value, i) => {
      let sum = 0;
      for (const part of parts) sum += part[i] as number;
      expect(sum).toBe(value);
    });
    const { kind, kinds } = document().risk;
    expect(kind).toBe('change');
    expect(kinds.find((one) => one.level === 1)?.why).toBe('too-few-cells');
    expect(column(risk, 'unit').every((unit) => unit === 1)).toBe(true);
    expect(Math.min(...(column(risk, 'rank') as number[]))).toBe(1);
  });

  it('says of every group how its clusters are found, or why not', () => {
    const { clusters } = document();
    const noise = clusters.find((one) => one.category === categoryId('noise'));
    expect(noise).toMatchObject({ resolution: 8, why: 'assessed' });
    expect(noise?.threshold).toBeGreaterThan(0);
  });

  it('raises the place that became hot as an alert that says where, how many and what is normal, and keeps the budget', () => {
    const manifest = publishedManifest(city.out);
    if (!manifest) throw new Error('nothing is published');
    const alerts = Alerts.parse(JSON.parse(readFileSync(join(city.out, fileAt(manifest, 'alerts.json').file), 'utf8')));
    expect(alerts.asOfDay).toBe(END - 1);
    const noise = alerts.alerts.find(
      (alert) => alert.kind === 'cluster' && alert.category === categoryId('noise') && alert.cells.length > 0,
    );
    expect(noise, JSON.stringify(alerts.alerts.map(({ why }) => why.zh))).toBeDefined();
    if (!noise) return;
    // About four a day were planted on one spot in the last three weeks.
    expect(noise.since).toBeGreaterThanOrEqual(END - 21);
    expect(noise.since).toBeLessThan(END - 14);
    expect(Math.hypot((noise.centre?.[0] ?? 0) - HOT.lng, (noise.centre?.[1] ?? 0) - HOT.lat)).toBeLessThan(0.02);
    expect(noise.observed).toBeGreaterThan(3 * noise.expected);
    expect(noise.interval[1]).toBeLessThan(noise.observed);
    // The same address calls again within days: reports are more than problems.
    expect(noise.reports).toBeGreaterThan(noise.observed);
    expect(noise.why.zh).toContain(`${noise.observed} 个不同问题（共 ${noise.reports} 件）`);
    expect(noise.divisions[0]?.share).toBeGreaterThan(0.9);
    expect(noise.hours?.reduce((sum, n) => sum + n, 0)).toBe(noise.reports);
    expect(noise.classes.reduce((sum, { observed }) => sum + observed, 0)).toBe(noise.reports);
    for (const { withinBudget } of alerts.replay) expect(withinBudget).toBeLessThanOrEqual(alerts.budget.cityPerDay);
    // What was not delivered is no news: no alert lies in the weeks police were out.
    for (const alert of [...alerts.alerts, ...alerts.rest, ...alerts.ended])
      expect(alert.period.endDay <= OUTAGE.firstDay || alert.period.firstDay >= OUTAGE.endDay).toBe(true);
  });

  it('the desk replays a changed threshold from published files to the numbers of the command', {
    timeout: 240_000,
  }, async () => {
    const loaded = loadProfile(city.profile);
    const { manifest, facts } = readFacts(city.out, loaded.days);
    const read = (path: string) => readFileSync(join(city.out, fileAt(manifest, path).file));
    const published = {
      manifest,
      coverage: Coverage.parse(JSON.parse(read('coverage.json').toString('utf8'))),
      calendar: publishedDays(document().calendar),
      rules: publishedRules(Alerts.parse(JSON.parse(read('alerts.json').toString('utf8')))),
    };
    const { calendar, rules } = published;
    if (!calendar || !rules) throw new Error('the snapshot does not say its rules and days');
    expect(rules).toEqual(loaded.alertRules);
    expect(dayClasses(calendar, manifest.window)).toEqual(dayClasses(loaded.days, manifest.window));
    const onDesk = await readCityFacts(
      { ...published, calendar },
      async (path) => new Uint8Array(read(path)),
      () => undefined,
    );
    expect(onDesk).toEqual(facts);
    const asked = [
      { rule: 'series-weekly', parameter: 'alpha', value: 0.1 },
      { rule: 'recurrence', parameter: 'leastRepeats', value: 1 },
    ] as const;
    let alerts = 0;
    for (const change of asked) {
      const byCommand = ruleReplay({ facts, calendar: loaded.days, rules: loaded.alertRules }, change);
      const byDesk = replayJob(onDesk, { ...published, calendar, rules, change });
      expect(byDesk.now.count, change.rule).toEqual(byCommand.now.count);
      expect(byDesk.before.count, change.rule).toEqual(byCommand.before.count);
      expect(byDesk.was).toBe(byCommand.was);
      expect(byDesk.now.places.length).toBe(byCommand.now.count.alerts);
      alerts += byDesk.now.count.alerts;
    }
    // Equal because nothing was found would say nothing.
    expect(alerts).toBeGreaterThan(0);
  });

  it('gives the same bytes from the same input, made anew', async () => {
    const files = () => publishedManifest(city.out)?.files.map(({ path, sha256 }) => `${path} ${sha256}`);
    const before = files();
    expect(before?.filter((line) => /^(sense|alerts)/.test(line)).length).toBe(6);
    await runCity(city, city.out, { force: true });
    expect(files()).toEqual(before);
  });
});

describe('sensing of next to nothing', () => {
  it.each([
    ['no incident at all', 0],
    ['one incident', 1],
  ])('%s gives files that say why', async (_, n) => {
    const city = threeFeeds();
    try {
      setInputs(city, {
        'orders.csv': csvOf(
          Array.from({ length: Math.max(1, n) }, (_, i) => ({
            ...{
              id: `A${i}`,
              rev: 1,
              time: '2024-03-05 08:00:00',
              lng: '120.005',
              lat: '31.01',
              kind: 'parking',
              state: 'closed',
            },
            ...{ mark: n === 0 ? 'dup' : '', area: '', street: '', own: '' },
          })),
        ),
        'police.csv': csvOf([]),
        'disputes-20240701.csv': csvOf([]),
      });
      await runCity(city);
      const manifest = publishedManifest(city.out);
      if (!manifest) throw new Error('nothing is published');
      const sense = Sense.parse(JSON.parse(readFileSync(join(city.out, fileAt(manifest, 'sense.json').file), 'utf8')));
      expect(sense.series.assessed).toBe(0);
      expect(sense.calendar?.firstDay).toBeLessThanOrEqual(sense.asOfDay);
      expect(sense.calendar?.endDay).toBeGreaterThan(sense.asOfDay);
      expect(sense.risk.why).not.toBe('assessed');
      expect(tableFromIPC(readFileSync(join(city.out, fileAt(manifest, 'sense/hotspots.arrow').file))).numRows).toBe(0);
      expect(tableFromIPC(readFileSync(join(city.out, fileAt(manifest, 'sense/risk.arrow').file))).numRows).toBe(0);
    } finally {
      city.remove();
    }
  });
});
