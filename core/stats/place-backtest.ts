import { cellsAtFraction, placeSkill } from './place-skill.ts';

/**
 * Rolling-origin backtest of a place forecast: for every test period the cells are scored with the periods before it, the best
 * k = ceil(fraction × cells) are named, and hit rate, PAI and PEI* are taken on the period itself. Means are over test periods.
 *
 * Bar (METHODS.md f): the decayed 12-month count over 24 origins; gains below 2 % are noise.
 */
export interface PlaceHistory {
  readonly cells: number;
  readonly periods: number;
  /** Row-major cells × periods: `counts[cell * periods + period]`. */
  readonly counts: ArrayLike<number>;
  readonly area: ArrayLike<number>;
}

/** Scores the cells for period `origin` from the periods before it. It must not look at `origin` or later. */
export type PlaceScore = (history: PlaceHistory, origin: number) => Float64Array;

export interface BacktestAtFraction {
  readonly fraction: number;
  readonly k: number;
  readonly meanHitRate: number;
  readonly meanPai: number;
  readonly meanPeiStar: number;
  /** By test period, from the first; NaN for a period without events, which the means leave out. */
  readonly pai: Float64Array;
}

export type PlaceBacktest =
  | {
      readonly kind: 'assessed';
      readonly testPeriods: number;
      readonly withoutEvents: number;
      readonly at: readonly BacktestAtFraction[];
    }
  | { readonly kind: 'not-assessable'; readonly why: 'no-test-period' | 'no-cells' | 'no-events' | 'bad-input' };

/** Definition above. Cost: test periods × (score + n log n). */
export function placeBacktest(
  history: PlaceHistory,
  score: PlaceScore,
  test: { readonly firstPeriod: number; readonly fractions: readonly number[] },
): PlaceBacktest {
  const { cells, periods, counts, area } = history;
  if (cells === 0) return { kind: 'not-assessable', why: 'no-cells' };
  if (counts.length !== cells * periods || area.length !== cells) return { kind: 'not-assessable', why: 'bad-input' };
  const testPeriods = periods - test.firstPeriod;
  if (test.firstPeriod < 1 || testPeriods < 1) return { kind: 'not-assessable', why: 'no-test-period' };
  const ks = test.fractions.map((fraction) => cellsAtFraction(cells, fraction));
  const pai = ks.map(() => new Float64Array(testPeriods).fill(Number.NaN));
  const hitRate = new Float64Array(ks.length);
  const peiStar = new Float64Array(ks.length);
  const now = new Float64Array(cells);
  let withoutEvents = 0;
  for (let t = 0; t < testPeriods; t++) {
    for (let cell = 0; cell < cells; cell++) now[cell] = counts[cell * periods + test.firstPeriod + t] as number;
    const skill = placeSkill({ score: score(history, test.firstPeriod + t), test: now, area }, ks);
    if (skill.kind === 'not-assessable') {
      if (skill.why !== 'no-events') return { kind: 'not-assessable', why: skill.why };
      withoutEvents++;
      continue;
    }
    skill.at.forEach((hits, j) => {
      (pai[j] as Float64Array)[t] = hits.pai;
      hitRate[j] = (hitRate[j] as number) + hits.hitRate;
      peiStar[j] = (peiStar[j] as number) + hits.peiStar;
    });
  }
  const used = testPeriods - withoutEvents;
  if (used === 0) return { kind: 'not-assessable', why: 'no-events' };
  const at = ks.map((k, j): BacktestAtFraction => {
    let sum = 0;
    for (const value of pai[j] as Float64Array) if (!Number.isNaN(value)) sum += value;
    return {
      fraction: test.fractions[j] as number,
      k,
      meanHitRate: (hitRate[j] as number) / used,
      meanPai: sum / used,
      meanPeiStar: (peiStar[j] as number) / used,
      pai: pai[j] as Float64Array,
    };
  });
  return { kind: 'assessed', testPeriods, withoutEvents, at };
}

/** Events of the last so many periods, or of all there are: the baseline forecasts `last1`, `last12`, `all`. Cost O(cells × periods). */
export const recentCount =
  (lastPeriods: number): PlaceScore =>
  ({ cells, periods, counts }, origin) => {
    const sums = new Float64Array(cells);
    for (let cell = 0; cell < cells; cell++) {
      let sum = 0;
      for (let t = Math.max(0, origin - lastPeriods); t < origin; t++) sum += counts[cell * periods + t] as number;
      sums[cell] = sum;
    }
    return sums;
  };
