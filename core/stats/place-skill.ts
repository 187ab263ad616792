/**
 * Skill of a ranking of places: how many of the events that came lie in the cells that were named before.
 *
 *     hit rate   n / N                      n events in the k flagged cells, N in all cells
 *     PAI        (n/N) / (a/A)              a flagged area, A all area; Chainey, Tompson and Uhlig (2008)
 *     PEI*       n / n_best                 n_best: most events any k cells held; National Institute of Justice (2016)
 *     PAI best   (n_best/N) / (a_best/A)    with the area of those cells
 *     RRI        (n_test / n_train in the flagged cells) / (N_test / N_train); Levine (2008)
 *
 * PAI grows as the flagged area shrinks: never compare it across areas or fractions.
 */
export type PlaceSkillReason = 'no-cells' | 'no-events' | 'bad-input';

/** Columns over the same cells in one fixed order (ties in the ranking go by that order). */
export interface RankedPlaces {
  /** What the cells are ranked by, known before the test period. NaN is refused. */
  readonly score: ArrayLike<number>;
  /** Events of the test period. */
  readonly test: ArrayLike<number>;
  /** Any unit, the same for all cells; above 0. */
  readonly area: ArrayLike<number>;
}

export interface PlaceHits {
  readonly k: number;
  readonly hits: number;
  readonly hitRate: number;
  readonly areaFraction: number;
  readonly pai: number;
  /** Null never happens with events: the best cells then hold at least one. */
  readonly peiStar: number;
  readonly paiBest: number;
  /** Share of the flagged cells that had an event. */
  readonly precisionAnyEvent: number;
}

export type PlaceSkill =
  | { readonly kind: 'assessed'; readonly events: number; readonly at: readonly PlaceHits[] }
  | { readonly kind: 'not-assessable'; readonly why: PlaceSkillReason };

/** Cell indices by falling value, equal values in the order of the list. Undefined for NaN. Cost O(n log n). */
export function rankedCells(value: ArrayLike<number>): Uint32Array {
  const order = new Uint32Array(value.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return order.sort((a, b) => (value[b] as number) - (value[a] as number) || a - b);
}

/** Cells that make up this share of all cells, at least one: ceil(fraction × cells). */
export const cellsAtFraction = (cells: number, fraction: number): number =>
  Math.min(cells, Math.max(1, Math.ceil(fraction * cells - 1e-9)));

const total = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum;
};

const allAtLeast = (values: ArrayLike<number>, least: number): boolean => {
  for (let i = 0; i < values.length; i++)
    if (!((values[i] as number) >= least) || values[i] === Number.POSITIVE_INFINITY) return false;
  return true;
};

function fault({ score, test, area }: RankedPlaces): PlaceSkillReason | null {
  if (score.length === 0) return 'no-cells';
  if (test.length !== score.length || area.length !== score.length) return 'bad-input';
  if (!allAtLeast(score, Number.NEGATIVE_INFINITY) || !allAtLeast(test, 0)) return 'bad-input';
  if (!allAtLeast(area, Number.MIN_VALUE)) return 'bad-input';
  return total(test) > 0 ? null : 'no-events';
}

/** The measures above for each k (number of cells flagged). Not assessable without cells or events. Cost O(n log n). */
export function placeSkill(places: RankedPlaces, ks: readonly number[]): PlaceSkill {
  const why = fault(places);
  if (why) return { kind: 'not-assessable', why };
  const { score, test, area } = places;
  if (ks.some((k) => !Number.isInteger(k) || k < 1 || k > score.length))
    return { kind: 'not-assessable', why: 'bad-input' };
  const order = rankedCells(score);
  const best = rankedCells(test);
  const events = total(test);
  const whole = total(area);
  const at = ks.map((k): PlaceHits => {
    let [hits, flagged, bestHits, bestArea, withEvent] = [0, 0, 0, 0, 0];
    for (let i = 0; i < k; i++) {
      const cell = order[i] as number;
      const bestCell = best[i] as number;
      hits += test[cell] as number;
      flagged += area[cell] as number;
      if ((test[cell] as number) > 0) withEvent++;
      bestHits += test[bestCell] as number;
      bestArea += area[bestCell] as number;
    }
    const areaFraction = flagged / whole;
    return {
      k,
      hits,
      hitRate: hits / events,
      areaFraction,
      pai: hits / events / areaFraction,
      peiStar: hits / bestHits,
      paiBest: bestHits / events / (bestArea / whole),
      precisionAnyEvent: withEvent / k,
    };
  });
  return { kind: 'assessed', events, at };
}

/**
 * Recapture rate index of the k highest cells by their training count: 1 = they kept their share.
 * Null without events in the training cells, in training or in the test. Cost O(n log n). @see Levine (2008)
 */
export function recaptureRate(
  columns: { readonly train: ArrayLike<number>; readonly test: ArrayLike<number> },
  k: number,
): number | null {
  const { train, test } = columns;
  if (train.length !== test.length || !allAtLeast(train, 0) || !allAtLeast(test, 0)) return null;
  const order = rankedCells(train);
  let [before, after] = [0, 0];
  for (let i = 0; i < Math.min(k, order.length); i++) {
    before += train[order[i] as number] as number;
    after += test[order[i] as number] as number;
  }
  const [allBefore, allAfter] = [total(train), total(test)];
  return before > 0 && allBefore > 0 && allAfter > 0 ? after / before / (allAfter / allBefore) : null;
}

/**
 * Area under the capture curve: cumulative share of events against cumulative share of area from the highest score down, trapezoid from
 * (0, 0). 0.5 = no skill, 1 at most. Null as in `placeSkill`. Cost O(n log n).
 */
export function captureArea(places: RankedPlaces): number | null {
  if (fault(places)) return null;
  const order = rankedCells(places.score);
  const events = total(places.test);
  const whole = total(places.area);
  let [captured, under] = [0, 0];
  for (let i = 0; i < order.length; i++) {
    const cell = order[i] as number;
    const next = captured + (places.test[cell] as number) / events;
    under += ((captured + next) / 2) * ((places.area[cell] as number) / whole);
    captured = next;
  }
  return under;
}

export interface BrierScore {
  /** Mean (p − o)²; 0 is best. */
  readonly score: number;
  /** Score of the constant forecast "share of cells with an event". */
  readonly reference: number;
  /** 1 − score / reference; null when the reference is 0 (all cells alike). */
  readonly skill: number | null;
}

/**
 * Brier score of "at least one event in the cell", and its skill over the base rate. `probability` in 0..1.
 * Null for no cells or a value outside 0..1. Cost O(n). @see Brier (1950)
 */
export function brierAnyEvent(columns: {
  readonly probability: ArrayLike<number>;
  readonly test: ArrayLike<number>;
}): BrierScore | null {
  const { probability, test } = columns;
  const n = test.length;
  if (n === 0 || probability.length !== n || !allAtLeast(test, 0)) return null;
  let [sum, occurred] = [0, 0];
  for (let i = 0; i < n; i++) {
    const p = probability[i] as number;
    if (!(p >= 0 && p <= 1)) return null;
    const o = (test[i] as number) > 0 ? 1 : 0;
    occurred += o;
    sum += (p - o) ** 2;
  }
  const rate = occurred / n;
  const reference = rate * (1 - rate);
  return { score: sum / n, reference, skill: reference > 0 ? 1 - sum / n / reference : null };
}

/**
 * Probability of at least one event when the test period brings as many events as `testEvents` and cells keep their share of the
 * training period: 1 − exp(−train × N_test / N_train). All NaN without training events. Cost O(n).
 */
export function probabilityAnyEvent(train: ArrayLike<number>, testEvents: number): Float64Array {
  const scale = testEvents / total(train);
  const probability = new Float64Array(train.length).fill(Number.NaN);
  if (Number.isFinite(scale))
    for (let i = 0; i < probability.length; i++) probability[i] = -Math.expm1(-(train[i] as number) * scale);
  return probability;
}
