import { describe, expect, it } from 'vitest';
import {
  alertLoad,
  consecutiveOverlap,
  replayAlerts,
  withParameter,
} from '../../../../../core/evaluate/backtest/alert-replay.ts';
import { calibration } from '../../../../../core/evaluate/backtest/calibration.ts';
import { holeWeeks } from '../../../../../core/evaluate/backtest/delivery.ts';
import { outbreakReplay } from '../../../../../core/evaluate/backtest/outbreak.ts';
import {
  comparedPai,
  monthlyCounts,
  monthStarts,
  placeReplay,
} from '../../../../../core/evaluate/backtest/place-replay.ts';
import { closedDays, recurringOnMondays } from '../../../../../core/evaluate/backtest/recurrence-replay.ts';
import { assessedSeries, weeklySeries } from '../../../../../core/evaluate/backtest/weekly-series.ts';
import { diskNeighbours } from '../../../../../core/stats/neighbours.ts';
import { Random } from '../../../../../core/stats/random.ts';
import { parseIsoDate } from '../../../../../core/time/local-date.ts';
import { alertRulesOf } from '../../../../support/alert-rules.ts';
import { NO_CALENDAR, smallCity } from './small-city.ts';

describe('delivery', () => {
  const delivered = {
    states: [
      ['ddtm', 'ddtm'],
      ['zddd', 'zddd'],
    ],
    outages: [Uint8Array.of(0, 1, 0, 0), new Uint8Array(4)],
  };
  it('makes a hole of what a source of weight did not deliver, and of a declared outage', () => {
    expect([...holeWeeks(delivered, [0.5, 0.5], { district: -1, weeks: 4 })]).toEqual([0, 1, 1, 1]);
  });
  it('tolerates a source that makes up a tenth or less', () => {
    expect([...holeWeeks(delivered, [0.1, 0.9], { district: 0, weeks: 4 })]).toEqual([0, 0, 0, 0]);
  });
});

describe('places', () => {
  it('uses only whole calendar months', () => {
    const window = { firstDay: parseIsoDate('2015-01-02'), endDay: parseIsoDate('2015-04-01') };
    expect([...monthStarts(window)]).toEqual(['2015-02-01', '2015-03-01', '2015-04-01'].map(parseIsoDate));
  });
  it('leaves a month out that was not delivered', () => {
    const facts = smallCity({ weeks: 30, perCellDay: 0.1, states: `${'d'.repeat(10)}mm${'d'.repeat(18)}` });
    const { counts, starts } = monthlyCounts(facts, {});
    const holes = Array.from(starts.slice(0, -1), (_, m) => Number.isNaN(counts[m * facts.cells.length]));
    expect(starts.length - 1).toBe(holes.length);
    expect(holes.filter(Boolean)).toHaveLength(1);
    expect(holes[1]).toBe(true); // weeks of 16 and 23 March: 14 of its days; February is the first whole month
  });
  it('says equals below 2 % and beats above', () => {
    const pair = (own: number) => ({ fraction: 0.1, own: Float64Array.of(own, own), bar: Float64Array.of(2, 2) });
    expect(comparedPai(pair(2.03), new Random(1)).verdict).toBe('equals');
    expect(comparedPai(pair(2.05), new Random(1)).verdict).toBe('beats');
    expect(comparedPai(pair(1.95), new Random(1)).verdict).toBe('loses');
  });
  it('pairs only the months that both could assess', () => {
    const { difference } = comparedPai(
      { fraction: 0.1, own: Float64Array.of(3, Number.NaN, 5), bar: Float64Array.of(2, 9, 2) },
      new Random(1),
    );
    expect(difference).toBe(2);
  });
  it('finds the cell that always has the events', () => {
    const extra = Array.from({ length: 280 }, (_, day) => ({ day, cell: 5, n: 3 }));
    const facts = smallCity({ weeks: 40, perCellDay: 0.01, extra });
    const replay = placeReplay(facts, monthlyCounts(facts, {}), diskNeighbours(facts.cells, { k: 1 }), 1);
    const own = replay.scores[0]?.result;
    expect(own?.kind === 'assessed' && (own.at[0]?.meanPeiStar ?? 0)).toBeCloseTo(1, 10);
    expect(own?.kind === 'assessed' && (own.at[0]?.meanHitRate ?? 0)).toBeGreaterThan(0.8);
  });
});

describe('weekly series', () => {
  const facts = smallCity({ weeks: 120, perCellDay: 0.06, states: `${'d'.repeat(100)}tt${'d'.repeat(18)}` });
  const series = weeklySeries(facts, NO_CALENDAR);
  const assessed = assessedSeries(facts, NO_CALENDAR, series, { from: 68, to: 120, alpha: 0.01 });
  it('has city and districts, of the group and of all', () => {
    expect(series.map(({ district, group }) => [district, group])).toEqual([
      [-1, 1],
      [-1, 65_535],
      [0, 1],
      [0, 65_535],
      [1, 1],
      [1, 65_535],
    ]);
    expect(series[0]?.counts[7]).toBe((series[2]?.counts[7] ?? 0) + (series[4]?.counts[7] ?? 0));
  });
  it('never assesses a hole', () => {
    for (const one of assessed)
      expect(one[32]).toMatchObject({ kind: 'not-assessable', why: 'missing', observed: null });
  });
  it('is calibrated on counts that are Poisson', () => {
    const { bands, notAssessed } = calibration(series, assessed, { alpha: 0.01, random: new Random(1) });
    const all = bands[0];
    expect(notAssessed).toEqual({ missing: 12 });
    expect(all?.weeks).toBe(300);
    expect(all?.randomised95).toBeGreaterThan(0.9);
    expect(all?.randomised95).toBeLessThanOrEqual(1);
    expect([...(all?.pit ?? [])].reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10);
    expect(Math.abs(all?.logScore?.excess ?? 1)).toBeLessThan(0.05);
  });
});

describe('recurrence', () => {
  it('takes a report as closed after three days only where the source never says', () => {
    const base = {
      day: Uint16Array.of(10, 10, 10),
      sources: [
        { key: 'a', name: 'a' },
        { key: 'b', name: 'b' },
      ],
    };
    const facts = { ...base, source: Uint8Array.of(0, 0, 1), closeHours: Int32Array.of(49, -1, -1) };
    expect([...closedDays(facts)]).toEqual([12, -1, 13]);
  });
  it('names a chronic place, and only it', () => {
    const extra = Array.from({ length: 60 }, (_, k) => ({ day: 200 + k, cell: 9, n: 2 }));
    const facts = smallCity({ weeks: 40, perCellDay: 0.02, extra });
    const monday = facts.weeks[38] as number;
    const found = recurringOnMondays(facts, [monday], { withinDays: 90, leastRepeats: 4, alpha: 0.001 });
    expect(found.map(({ cell, day }) => [cell, day])).toEqual([[9, monday]]);
  });
});

describe('alerts', () => {
  const burst = Array.from({ length: 6 }, (_, k) => ({ day: 60 * 7 + k, cell: 5, n: 6 }));
  const facts = smallCity({ weeks: 70, perCellDay: 0.06, extra: burst });
  const span = { firstDay: facts.window.endDay - 84, endDay: facts.window.endDay };
  const input = { facts, calendar: NO_CALENDAR, rules: alertRulesOf(), series: weeklySeries(facts, NO_CALENDAR), span };
  it('finds a burst as one cluster alert, keeps within the budget and tells its load', () => {
    const replay = replayAlerts({ ...input, which: ['cluster-scan'] });
    const at = [...replay.run.standing, ...replay.run.ended].filter(
      ({ first }) => first.place.kind === 'cells' && first.place.cells.includes(5),
    );
    expect(at).toHaveLength(1);
    expect(at[0]?.since).toBeGreaterThanOrEqual(facts.window.firstDay + 420);
    expect(at[0]?.since).toBeLessThanOrEqual(facts.window.firstDay + 421);
    const load = alertLoad(replay, { span, divisionWeeks: 24 });
    expect(load.admittedPerDay).toBeLessThanOrEqual(2);
    expect(load.byRule['cluster-scan']?.raised).toBe(load.raised);
  });
  it('raises no more with a stricter threshold', () => {
    const strict = withParameter(input.rules, { rule: 'cluster-scan', parameter: 'falseEpisodeDays', value: 150 });
    const count = (rules: typeof strict): number =>
      replayAlerts({ ...input, rules, which: ['cluster-scan'] }).candidates['cluster-scan']?.length ?? -1;
    expect(count(strict)).toBeLessThan(count(input.rules));
  });
  it('refuses a parameter that the rule has not', () => {
    expect(() => withParameter(input.rules, { rule: 'series-weekly', parameter: 'limit', value: 1 })).toThrow(
      RangeError,
    );
  });
  it('has no overlap without a next day', () => {
    expect(consecutiveOverlap([])).toBeNull();
  });
});

describe('outbreak', () => {
  it('speaks after the first cases, not before, and names their district', () => {
    const { cells } = smallCity({ weeks: 1, perCellDay: 0 });
    const random = new Random(5);
    const cases = Array.from({ length: 60 }, (_, day) => ({
      day: day * 3,
      cell: random.below(cells.length),
      district: 1,
      n: 1,
    }));
    for (let day = 200; day < 230; day++) cases.push({ day, cell: 3, district: 0, n: 1 + Math.floor((day - 200) / 3) });
    const replay = outbreakReplay(
      { firstDay: 0, endDay: 300, cells, districts: ['north', 'south'], cases },
      { cleanEndDay: 190, leastObserved: 5, leastInCluster: 3, seriesAlpha: 0.001, falseEpisodeDays: 30 },
    );
    expect(replay.cityDay).toBeGreaterThanOrEqual(200);
    expect(replay.cityDay).toBeLessThan(220);
    const north = replay.districts[0];
    expect(north?.byCluster).toBeGreaterThanOrEqual(200);
    expect(north?.byCluster).toBeLessThan(206);
  });
});
