import { bootstrapInterval, type Interval } from '../../stats/bootstrap-interval.ts';
import type { NeighbourLists } from '../../stats/neighbours.ts';
import {
  decayedScore,
  type PlaceBacktest,
  type PlaceScore,
  placeBacktest,
  recentCount,
} from '../../stats/place-backtest.ts';
import { PLACE_FORECAST_DEFAULTS, placeForecast } from '../../stats/place-forecast.ts';
import { Random } from '../../stats/random.ts';
import { civilOf, dayOf } from '../../time/local-date.ts';
import { type CityFacts, isChosen, type RowChoice, sourceShares } from './city-facts.ts';
import { holeWeeks } from './delivery.ts';

/** Where next month? The place forecast against simpler counts, on the last months, each forecast from what lay before it. */
export const PLACE_FRACTIONS = [0.01, 0.05, 0.1] as const;
export const TEST_MONTHS = 24;
/** METHODS f: gains below 2 % are noise. */
export const NOISE_GAIN = 0.02;
/** A month with more days than this in hole weeks is a hole. */
const TOLERATED_HOLE_DAYS = 7;
const DRAWS = 2000;

export interface MonthlyCounts {
  /** First day of each whole month, and the end of the last. */
  readonly starts: Int32Array;
  /** Period-major, NaN = not delivered. */
  readonly counts: Float64Array;
  readonly events: number;
}

/** Counts of whole calendar months by cell. Rows without a cell are left out: nobody knows where. Cost O(rows + months × cells). */
export function monthlyCounts(facts: CityFacts, choice: RowChoice): MonthlyCounts {
  const starts = monthStarts(facts.window);
  const months = Math.max(0, starts.length - 1);
  const cells = facts.cells.length;
  const counts = new Float64Array(months * cells);
  const monthOf = new Int16Array(facts.window.endDay - facts.window.firstDay).fill(-1);
  for (let m = 0; m < months; m++)
    monthOf.fill(m, (starts[m] as number) - facts.window.firstDay, (starts[m + 1] as number) - facts.window.firstDay);
  let events = 0;
  for (let i = 0; i < facts.day.length; i++) {
    const cell = facts.cell[i] as number;
    const m = monthOf[(facts.day[i] as number) - facts.window.firstDay] ?? -1; // outside the window: in no month
    if (cell < 0 || m < 0 || !isChosen(facts, i, choice)) continue;
    counts[m * cells + cell] = (counts[m * cells + cell] as number) + 1;
    events++;
  }
  const shares = sourceShares(facts, choice);
  const holes = holeWeeks(facts.delivered, shares, { district: -1, weeks: facts.weeks.length });
  for (let m = 0; m < months; m++) {
    let lost = 0;
    for (let w = 0; w < holes.length; w++) {
      if (holes[w] !== 1) continue;
      const from = Math.max(facts.weeks[w] as number, starts[m] as number);
      lost += Math.max(0, Math.min((facts.weeks[w] as number) + 7, starts[m + 1] as number) - from);
    }
    if (lost > TOLERATED_HOLE_DAYS) counts.fill(Number.NaN, m * cells, (m + 1) * cells);
  }
  return { starts, counts, events };
}

/** First days of the months that lie whole in the window, and the end of the last of them. */
export function monthStarts(window: { readonly firstDay: number; readonly endDay: number }): Int32Array {
  const starts: number[] = [];
  let { year, month } = civilOf(window.firstDay);
  for (;;) {
    const first = dayOf(year, month, 1);
    if (first > window.endDay) break;
    if (first >= window.firstDay) starts.push(first);
    month++;
    if (month > 12) {
      month = 1;
      year++;
    }
  }
  return Int32Array.from(starts);
}

export const PLACE_SCORES = ['place forecast', 'decayed count', 'last 12 months', 'last month'] as const;
export type PlaceScoreName = (typeof PLACE_SCORES)[number];

export interface PlaceComparison {
  readonly fraction: number;
  /** Mean over months of PAI(forecast) − PAI(decayed count), with a 95 % bootstrap interval over months. */
  readonly difference: number;
  readonly interval: Interval | null;
  /** Relative gain of the means. */
  readonly gain: number;
  /** `equals`: the gain is below 2 % either way. */
  readonly verdict: 'beats' | 'equals' | 'loses';
}

export interface PlaceReplay {
  readonly months: number;
  readonly events: number;
  readonly scores: readonly { readonly name: PlaceScoreName; readonly result: PlaceBacktest }[];
  /** Empty where the forecast could not be assessed. */
  readonly comparison: readonly PlaceComparison[];
}

/**
 * Rolling monthly origins over the last 24 whole months (fewer where the window is shorter; at least 3 months lie before the first).
 * Cost: 4 × months × (history + n log n).
 */
export function placeReplay(
  facts: Pick<CityFacts, 'cells' | 'cellArea'>,
  { starts, counts, events }: MonthlyCounts,
  neighbours: NeighbourLists,
  seed: number,
): PlaceReplay {
  const cells = facts.cells.length;
  const periods = Math.max(0, starts.length - 1);
  const firstPeriod = Math.max(3, periods - TEST_MONTHS);
  const run = (score: PlaceScore): PlaceBacktest =>
    placeBacktest({ cells, periods, counts, area: facts.cellArea }, score, { firstPeriod, fractions: PLACE_FRACTIONS });
  const forecast: PlaceScore = (history) => {
    const out = new Float64Array(cells);
    placeForecast(history, neighbours, PLACE_FORECAST_DEFAULTS, out);
    return out;
  };
  const scores = [
    { name: 'place forecast', result: run(forecast) },
    { name: 'decayed count', result: run(decayedScore(PLACE_FORECAST_DEFAULTS.scalePeriods)) },
    { name: 'last 12 months', result: run(recentCount(12)) },
    { name: 'last month', result: run(recentCount(1)) },
  ] as const;
  const [own, bar] = [scores[0].result, scores[1].result];
  const comparison =
    own.kind === 'assessed' && bar.kind === 'assessed'
      ? own.at.map((at, j) =>
          comparedPai({ fraction: at.fraction, own: at.pai, bar: (bar.at[j] as typeof at).pai }, new Random(seed + j)),
        )
      : [];
  return { months: Math.max(0, periods - firstPeriod), events, scores, comparison };
}

/** Paired over the months that both could be assessed in. */
export function comparedPai(
  pair: { readonly fraction: number; readonly own: Float64Array; readonly bar: Float64Array },
  random: Random,
): PlaceComparison {
  const differences: number[] = [];
  let bar = 0;
  for (let t = 0; t < pair.own.length; t++) {
    const difference = (pair.own[t] as number) - (pair.bar[t] as number);
    if (Number.isNaN(difference)) continue;
    differences.push(difference);
    bar += pair.bar[t] as number;
  }
  const sum = differences.reduce((all, one) => all + one, 0);
  const gain = bar > 0 ? sum / bar : 0; // nothing captured by either: no gain
  const interval = bootstrapInterval({
    items: differences.length,
    draws: DRAWS,
    random,
    statistic: (times) => {
      let total = 0;
      for (let i = 0; i < times.length; i++) total += (times[i] as number) * (differences[i] as number);
      return total / times.length;
    },
  });
  return {
    fraction: pair.fraction,
    difference: differences.length > 0 ? sum / differences.length : 0,
    interval,
    gain,
    verdict: Math.abs(gain) < NOISE_GAIN ? 'equals' : gain > 0 ? 'beats' : 'loses',
  };
}
