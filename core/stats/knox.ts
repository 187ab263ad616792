import type { PlanePoints } from './neighbours.ts';
import type { Random } from './random.ts';

export interface KnoxEvents extends PlanePoints {
  /** Whole days, any origin. */
  readonly day: Int32Array;
}

export interface KnoxBands {
  /** Lower ends, unit of the points, ascending, the first 0; band a is [s_a, s_a+1), the last is open. */
  readonly spatialBreaks: readonly number[];
  /** Lower ends in whole days, ascending, the first 0; band b is [t_b, t_b+1), the last is open. */
  readonly temporalBreaks: readonly number[];
  readonly distance: 'manhattan' | 'euclidean';
}

/** Spatial band-major: pair count of spatial band a, temporal band b at `a * temporal bands + b`. */
export interface KnoxTable {
  readonly observed: Float64Array;
  /** Over the permutations. */
  readonly expectedMean: Float64Array;
  readonly expectedMedian: Float64Array;
  /** Observed / mean expected; NaN where none is expected. */
  readonly ratio: Float64Array;
  /** One-sided, (1 + #{permuted ≥ observed}) / (R + 1). */
  readonly p: Float64Array;
}

export type Knox =
  | { readonly kind: 'value'; readonly table: KnoxTable }
  | { readonly kind: 'not-assessable'; readonly why: 'too-few-events' | 'not-finite' };

interface NearPairs {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly band: Uint8Array;
}

function bandOf(value: number, breaks: readonly number[]): number {
  let band = breaks.length - 1;
  while (band > 0 && value < breaks[band]!) band--;
  return band;
}

/** Pairs nearer than the last spatial break, by a sweep over x. */
function nearPairs(events: KnoxEvents, { spatialBreaks, distance }: KnoxBands): NearPairs {
  const { x, y } = events;
  const reach = spatialBreaks[spatialBreaks.length - 1]!;
  const order = Int32Array.from(x, (_, i) => i).sort((a, b) => x[a]! - x[b]!);
  const [first, second, band]: [number[], number[], number[]] = [[], [], []];
  for (let k = 0; k < order.length; k++) {
    const i = order[k]!;
    for (let l = k + 1; l < order.length; l++) {
      const j = order[l]!;
      const dx = x[j]! - x[i]!;
      if (dx >= reach) break;
      const dy = Math.abs(y[j]! - y[i]!);
      const d = distance === 'manhattan' ? dx + dy : Math.sqrt(dx * dx + dy * dy);
      if (d >= reach) continue;
      first.push(i);
      second.push(j);
      band.push(bandOf(d, spatialBreaks));
    }
  }
  return { first: Int32Array.from(first), second: Int32Array.from(second), band: Uint8Array.from(band) };
}

/** Pairs per temporal band, whatever their distance: the same for every permutation. Two pointers over sorted days. */
function temporalTotals(day: Int32Array, breaks: readonly number[]): number[] {
  const days = day.slice().sort();
  const n = days.length;
  // Pairs with a difference below each break; the last band is open.
  const below = breaks.map((limit) => {
    let [pairs, from] = [0, 0];
    for (let j = 0; j < n; j++) {
      while (days[j]! - days[from]! >= limit && from < j) from++;
      if (limit > 0) pairs += j - from;
    }
    return pairs;
  });
  const all = (n * (n - 1)) / 2;
  return below.map((count, b) => (below[b + 1] ?? all) - count);
}

function fillTable(
  pairs: NearPairs,
  day: Int32Array,
  shape: { bands: KnoxBands; totals: readonly number[] },
  table: Float64Array,
): void {
  const { temporalBreaks, spatialBreaks } = shape.bands;
  const columns = temporalBreaks.length;
  const lastRow = (spatialBreaks.length - 1) * columns;
  table.fill(0);
  for (let b = 0; b < columns; b++) table[lastRow + b] = shape.totals[b]!;
  for (let k = 0; k < pairs.band.length; k++) {
    const gap = Math.abs(day[pairs.first[k]!]! - day[pairs.second[k]!]!);
    const b = bandOf(gap, temporalBreaks);
    table[pairs.band[k]! * columns + b]!++;
    table[lastRow + b]!--;
  }
}

/**
 * Knox table: are events that are near in space also near in time more often than by chance? Pairs of events by distance and time
 * band; the null distribution permutes the days over the events, so purely spatial and purely temporal patterns are kept.
 * p one-sided (see `KnoxTable`), no correction for many tests. Intervals are half open and labelled by their lower end (the labels of
 * the Near Repeat Calculator are shifted by one unit: not copied).
 * Unit: pairs. `ratio` is NaN where nothing is expected. Not assessable: fewer than two events, a position that is not finite.
 * Cost O(n log n + near pairs × replicates): only pairs below the last break are kept. De-duplicate reports first.
 * Source: Knox (1964), Applied Statistics 13, 25–30; Johnson et al. (2007), J Quant Criminol 23, 201–219.
 */
export function knox(events: KnoxEvents, options: KnoxBands & { readonly replicates: number }, random: Random): Knox {
  const n = events.day.length;
  if (n < 2) return { kind: 'not-assessable', why: 'too-few-events' };
  if (![...events.x, ...events.y].every(Number.isFinite)) return { kind: 'not-assessable', why: 'not-finite' };
  const { replicates } = options;
  const size = options.spatialBreaks.length * options.temporalBreaks.length;
  const pairs = nearPairs(events, options);
  const shape = { bands: options, totals: temporalTotals(events.day, options.temporalBreaks) };
  const observed = new Float64Array(size);
  fillTable(pairs, events.day, shape, observed);
  const day = events.day.slice();
  const runs = new Float64Array(size * replicates);
  const one = new Float64Array(size);
  for (let r = 0; r < replicates; r++) {
    random.shuffle(day);
    fillTable(pairs, day, shape, one);
    for (let c = 0; c < size; c++) runs[c * replicates + r] = one[c]!;
  }
  const [mean, median, ratio, p] = [0, 0, 0, 0].map(() => new Float64Array(size).fill(Number.NaN)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let c = 0; c < size && replicates > 0; c++) {
    const column = runs.subarray(c * replicates, (c + 1) * replicates).sort();
    let [sum, atLeast] = [0, 0];
    for (let r = 0; r < replicates; r++) {
      sum += column[r]!;
      if (column[r]! >= observed[c]!) atLeast++;
    }
    mean[c] = sum / replicates;
    median[c] = (column[(replicates - 1) >> 1]! + column[replicates >> 1]!) / 2;
    if (sum > 0) ratio[c] = observed[c]! / mean[c]!;
    p[c] = (atLeast + 1) / (replicates + 1);
  }
  return { kind: 'value', table: { observed, expectedMean: mean, expectedMedian: median, ratio, p } };
}
