import { decayedCount, type PlaceHistory } from './place-forecast.ts';
import { cellsAtFraction, placeSkill } from './place-skill.ts';

/**
 * Rolling-origin backtest of a place forecast: for every test period the cells are scored with the periods before it, the best
 * k = ceil(fraction × cells) are named, and hit rate, PAI and PEI* are taken on the period itself. Means are over test periods.
 *
 * Bar (METHODS.md f): the decayed 12-month count over 24 origins; gains below 2 % are noise.
 */
export interface PlaceCounts {
  readonly cells: number;
  readonly periods: number;
  /** Period-major: cell i in period t at `t * cells + i`, oldest period first. NaN = nobody looked. */
  readonly counts: Float64Array;
  /** Per cell, any unit, above 0. */
  readonly area: ArrayLike<number>;
}

/** Scores the cells from the periods of the history; it is handed nothing of the test period or later. NaN = nothing known, ranked last. */
export type PlaceScore = (history: PlaceHistory) => Float64Array;

export interface BacktestAtFraction {
  readonly fraction: number;
  readonly k: number;
  readonly meanHitRate: number;
  readonly meanPai: number;
  readonly meanPeiStar: number;
  /** By test period, from the first; NaN for a period that could not be assessed, which the means leave out. */
  readonly pai: Float64Array;
}

export type PlaceBacktest =
  | {
      readonly kind: 'assessed';
      readonly testPeriods: number;
      readonly withoutEvents: number;
      /** Test periods with a cell that nobody looked at. */
      readonly notCollected: number;
      readonly at: readonly BacktestAtFraction[];
    }
  | { readonly kind: 'not-assessable'; readonly why: 'no-test-period' | 'no-cells' | 'no-events' | 'bad-input' };

/** Definition above. Cost: test periods × (score + n log n). */
export function placeBacktest(
  history: PlaceCounts,
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
  let [withoutEvents, notCollected] = [0, 0];
  for (let t = 0; t < testPeriods; t++) {
    const origin = test.firstPeriod + t;
    const now = counts.subarray(origin * cells, (origin + 1) * cells);
    if (now.some(Number.isNaN)) {
      notCollected++;
      continue;
    }
    const before = { cells, periods: origin, counts: counts.subarray(0, origin * cells) };
    const known = score(before).map((value) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value));
    const skill = placeSkill({ score: known, test: now, area }, ks);
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
  const used = testPeriods - withoutEvents - notCollected;
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
  return { kind: 'assessed', testPeriods, withoutEvents, notCollected, at };
}

/**
 * Events of the last so many periods, or of all there are: the baseline forecasts `last1`, `last12`, `all`. A period that nobody looked
 * at is left out and the rest scaled up; NaN when there is none. Cost O(cells × periods).
 */
export const recentCount =
  (lastPeriods: number): PlaceScore =>
  ({ cells, periods, counts }) => {
    const first = Math.max(0, periods - lastPeriods);
    const sums = new Float64Array(cells);
    for (let i = 0; i < cells; i++) {
      let [sum, seen] = [0, 0];
      for (let t = first; t < periods; t++) {
        const x = counts[t * cells + i] as number;
        if (Number.isNaN(x)) continue;
        sum += x;
        seen++;
      }
      sums[i] = seen === 0 ? Number.NaN : seen === periods - first ? sum : (sum * (periods - first)) / seen;
    }
    return sums;
  };

/** The bar: the exponentially decayed count of `place-forecast.ts`. */
export const decayedScore =
  (scalePeriods: number): PlaceScore =>
  (history) => {
    const decayed = new Float64Array(history.cells);
    decayedCount(history, { scalePeriods }, decayed);
    return decayed;
  };
