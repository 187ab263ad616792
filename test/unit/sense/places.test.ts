import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RISK_INDICATORS, RiskRules } from '../../../core/contract/risk-rules.ts';
import { type PlaceFacts, placeIndex } from '../../../core/sense/place-index.ts';
import { repeatRows } from '../../../core/sense/repeats.ts';
import { Random } from '../../../core/stats/random.ts';

const RULES = RiskRules.parse(JSON.parse(readFileSync('data/risk.json', 'utf8')));
const PLACES = 40;

function facts(change: Partial<PlaceFacts> = {}): PlaceFacts {
  const random = new Random(11);
  const column = (mean: number): Float64Array => Float64Array.from({ length: PLACES }, () => random.poisson(mean));
  const repeatable = column(30);
  return {
    bySeverity: [column(0.2), column(20), column(10), column(4), column(1)],
    expectedBySeverity: [0.2, 20, 10, 4, 1].map((mean) => new Float64Array(PLACES).fill(mean)),
    persons: null,
    olderHalf: column(18),
    newerHalf: column(18),
    open: column(5),
    closed: column(30),
    repeats: repeatable.map((n) => Math.floor(n / 4)),
    repeatable,
    hotWeeks: column(2),
    ...change,
  };
}
const assessed = (of: PlaceFacts) => {
  const result = placeIndex(of, RULES, new Random(3));
  if (result.kind !== 'assessed') throw new Error(result.why);
  return result.index;
};

describe('index of places', () => {
  it('is the sum of its parts to the last bit, between 0 and 100, the same with the same seed', () => {
    const index = assessed(facts());
    for (let i = 0; i < PLACES; i++) {
      let sum = 0;
      for (const part of index.parts) sum += part[i] as number;
      expect(sum).toBe(index.score[i]);
    }
    expect(Math.max(...index.score)).toBeLessThanOrEqual(100);
    expect(Math.min(...index.score)).toBeGreaterThan(0);
    expect(assessed(facts())).toEqual(index);
  });

  it('ranks the highest score first, inside its interval', () => {
    const index = assessed(facts());
    const best = index.score.indexOf(Math.max(...index.score));
    expect(index.rank[best]).toBe(1);
    for (let i = 0; i < PLACES; i++) {
      expect(index.rankLow[i]).toBeLessThanOrEqual(index.rankHigh[i] as number);
      expect(index.rankHigh[i]).toBeLessThanOrEqual(PLACES);
    }
    expect(index.topTenth.reduce((sum, p) => sum + p, 0)).toBeCloseTo(PLACES / 10, 0);
  });

  it('does not follow raw volume: a place with many reports and many persons is not ahead of its rate', () => {
    const persons = new Float64Array(PLACES).fill(1000);
    persons[0] = 100_000;
    const base = facts();
    const bySeverity = base.bySeverity.map((column) => column.map((n, i) => (i === 0 ? n * 20 : n)));
    const index = assessed(facts({ persons, bySeverity, expectedBySeverity: bySeverity }));
    const severity = index.raw[RISK_INDICATORS.indexOf('severity')] as Float64Array;
    expect([...severity].sort((a, b) => a - b).indexOf(severity[0] as number)).toBeLessThan(5);
  });

  it('spreads the weight of what is not known of a place, and never takes it for 0', () => {
    const open = facts().open.slice();
    const closed = facts().closed.slice();
    open[7] = 0;
    closed[7] = 0;
    const index = assessed(facts({ open, closed }));
    const j = RISK_INDICATORS.indexOf('unresolved');
    expect((index.raw[j] as Float64Array)[7]).toBeNaN();
    expect((index.parts[j] as Float64Array)[7]).toBe(0);
    const others = index.parts.reduce((sum, part) => sum + (part[7] as number), 0);
    expect(others).toBe(index.score[7]);
    const known = RISK_INDICATORS.reduce((sum, key) => sum + (key === 'unresolved' ? 0 : RULES.weights[key]), 0);
    const trend = RISK_INDICATORS.indexOf('trend');
    expect((index.parts[trend] as Float64Array)[7]).toBeLessThanOrEqual((100 * RULES.weights.trend) / known);
  });

  it('of an indicator that is the same everywhere takes nothing', () => {
    const index = assessed(facts({ hotWeeks: new Float64Array(PLACES) }));
    expect(index.parts[RISK_INDICATORS.indexOf('persistence')]?.every((part) => part === 0)).toBe(true);
  });

  it('of too few places is not assessable', () => {
    const two = (column: Float64Array): Float64Array => column.slice(0, 2);
    const base = facts();
    const few: PlaceFacts = {
      ...base,
      bySeverity: base.bySeverity.map(two),
      expectedBySeverity: base.expectedBySeverity.map(two),
      olderHalf: two(base.olderHalf),
      newerHalf: two(base.newerHalf),
      open: two(base.open),
      closed: two(base.closed),
      repeats: two(base.repeats),
      repeatable: two(base.repeatable),
      hotWeeks: two(base.hotWeeks),
    };
    expect(placeIndex(few, RULES, new Random(1))).toEqual({ kind: 'not-assessable', why: 'too-few-cells' });
  });

  it('takes no weights without an entry that says who set them', () => {
    expect(RiskRules.safeParse({ ...RULES, version: 2 }).success).toBe(false);
  });
});

describe('repeats after closure', () => {
  const NOT_CLOSED = 65535;
  const of = (rows: readonly (readonly [cell: number, kind: number, day: number, close: number])[]): number[] => [
    ...repeatRows(
      {
        cell: rows.map((row) => row[0]),
        kind: rows.map((row) => row[1]),
        day: rows.map((row) => row[2]),
        closeHours: rows.map((row) => row[3]),
        n: rows.map(() => 1),
      },
      NOT_CLOSED,
    ),
  ];
  it('are reports of the same place and class within 30 days after one was closed', () => {
    expect(
      of([
        [1, 1, 100, 48],
        [1, 1, 110, NOT_CLOSED],
      ]),
    ).toEqual([0, 1]);
    expect(
      of([
        [1, 1, 110, NOT_CLOSED],
        [1, 1, 100, 48],
      ]),
    ).toEqual([1, 0]);
    expect(
      of([
        [1, 1, 100, 48],
        [1, 1, 132, 0],
      ]),
    ).toEqual([0, 1]);
    expect(
      of([
        [1, 1, 100, 48],
        [1, 1, 133, 0],
      ]),
    ).toEqual([0, 0]);
  });
  it('are none while it is open, on the day of closure, elsewhere, or of another class', () => {
    expect(
      of([
        [1, 1, 100, NOT_CLOSED],
        [1, 1, 110, 0],
      ]),
    ).toEqual([0, 0]);
    expect(
      of([
        [1, 1, 100, 48],
        [1, 1, 102, 0],
      ]),
    ).toEqual([0, 0]);
    expect(
      of([
        [1, 1, 100, 48],
        [2, 1, 110, 0],
      ]),
    ).toEqual([0, 0]);
    expect(
      of([
        [1, 1, 100, 48],
        [1, 2, 110, 0],
      ]),
    ).toEqual([0, 0]);
  });
});
