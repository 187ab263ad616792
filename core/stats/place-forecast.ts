import type { NeighbourLists } from './neighbours.ts';

export interface PlaceHistory {
  /** Period-major counts: cell i in period t at `t * cells + i`, oldest period first. NaN = nobody looked. */
  readonly counts: Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array | Int32Array;
  readonly cells: number;
  /** Periods before the one that is forecast; later ones are not looked at. */
  readonly periods: number;
}

export interface PlaceForecastOptions {
  /** Periods after which a count weighs 1/e. */
  readonly scalePeriods: number;
  /** Share of the ring-1 mean that is added; 0 = the cell's own history only. */
  readonly neighbourShare: number;
}

/** A year of months or a quarter of weeks, and a quarter of what the six cells around have. */
export const PLACE_FORECAST_DEFAULTS: PlaceForecastOptions = { scalePeriods: 12, neighbourShare: 0.25 };

/**
 * Exponentially decayed count of every cell.
 *
 *     d_i = Σ_t x_it exp(−(age_t − 1) / scale)      age 1 = the last period before the forecast
 *
 * A period that is NaN is left out and the rest is scaled to the full weight: no reports is not no incidents. NaN when all are.
 * Unit: decayed incidents (a ranking, not a rate). Cost O(cells × periods).
 * Source: METHODS f; the bar that a place forecast must beat (compare Mohler et al. 2015, JASA 110, 1399–1411).
 */
export function decayedCount(
  history: PlaceHistory,
  options: { readonly scalePeriods: number },
  decayed: Float64Array,
): void {
  const { counts, cells, periods } = history;
  if (!(options.scalePeriods > 0)) throw new RangeError(`scale is ${options.scalePeriods} periods, not above 0`);
  if (!(periods * cells <= counts.length) || decayed.length !== cells)
    throw new RangeError(`${periods} periods of ${cells} cells in ${counts.length} counts, ${decayed.length} places`);
  const keep = Math.exp(-1 / options.scalePeriods);
  const seen = new Float64Array(cells);
  decayed.fill(0);
  let full = 0;
  for (let t = 0; t < periods; t++) {
    full = full * keep + 1;
    const start = t * cells;
    for (let i = 0; i < cells; i++) {
      const x = counts[start + i]!;
      const there = !Number.isNaN(x);
      decayed[i] = decayed[i]! * keep + (there ? x : 0);
      seen[i] = seen[i]! * keep + (there ? 1 : 0);
    }
  }
  for (let i = 0; i < cells; i++) {
    if (seen[i] === 0) decayed[i] = Number.NaN;
    else if (seen[i] !== full) decayed[i] = (decayed[i]! * full) / seen[i]!;
  }
}

/**
 * Place forecast: decayed count of the cell plus a share of the mean decayed count of its neighbours.
 *
 *     f_i = d_i + share · mean of d over the neighbours of i      lists of k = 1: the ring of up to six cells, i left out
 *
 * An island, or a cell whose neighbours are all NaN, gets (1 + share) d_i, so that an edge does not rank below an equal inland cell. NaN where d_i is.
 * Unit: decayed incidents, for ranking cells against each other. Cost O(cells × (periods + neighbours)). Source: see `decayedCount`.
 */
export function placeForecast(
  history: PlaceHistory,
  neighbours: NeighbourLists,
  options: PlaceForecastOptions,
  forecast: Float64Array,
): void {
  const decayed = new Float64Array(history.cells);
  decayedCount(history, options, decayed);
  const { offsets, neighbours: lists } = neighbours;
  for (let i = 0; i < history.cells; i++) {
    let sum = 0;
    let count = 0;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      const d = decayed[lists[k]!]!;
      if (Number.isNaN(d)) continue;
      sum += d;
      count++;
    }
    forecast[i] = decayed[i]! + options.neighbourShare * (count > 0 ? sum / count : decayed[i]!);
  }
}
