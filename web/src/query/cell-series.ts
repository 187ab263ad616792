import type { ClockUnit, UnitRange } from '../time/clock.ts';
import type { Columns } from './columns.ts';
import type { SeriesPart } from './scan/series.ts';

/** Counts per cell and day (or week) under the filters but the weeks, held in the page: any window is a sum over it. */
export interface CellSeries {
  readonly unit: ClockUnit;
  readonly units: number;
  readonly resolution: number;
  /** Rows of the grid of that resolution. */
  readonly rows: number;
  readonly parts: readonly Pick<SeriesPart, 'start' | 'row' | 'n'>[];
  /** Running sums by unit: a window holds `sums[end] - sums[first]`. */
  readonly sums: {
    /** Incidents in a cell of the map. */
    readonly shown: Float64Array;
    /** In a cell, but published only to a coarser one. */
    readonly withheld: Float64Array;
    /** All that pass the filters, with or without a place; null = not known. */
    readonly total: Float64Array | null;
  };
}

export interface SeriesSizes {
  readonly unit: ClockUnit;
  readonly units: number;
  readonly resolution: number;
  readonly rows: number;
}

export function joinedSeries(parts: readonly SeriesPart[], sizes: SeriesSizes): CellSeries {
  const { units } = sizes;
  const sum = (of: (part: SeriesPart, unit: number) => number): Float64Array => {
    const sums = new Float64Array(units + 1);
    for (let u = 0; u < units; u++) sums[u + 1] = parts.reduce((value, part) => value + of(part, u), sums[u] as number);
    return sums;
  };
  const shown = sum(({ start, n }, u) => {
    let value = 0;
    for (let i = start[u] as number; i < (start[u + 1] as number); i++) value += n[i] as number;
    return value;
  });
  const withheld = sum((part, u) => part.withheld[u] as number);
  const total = sum((part, u) => part.total[u] as number);
  return { ...sizes, parts: parts.map(({ start, row, n }) => ({ start, row, n })), sums: { shown, withheld, total } };
}

/** From rows (cell, week, n): what SQL answers, which knows weeks and places only. */
export function seriesOfColumns({ cell = [], week = [], n = [] }: Columns, sizes: SeriesSizes): CellSeries {
  const start = new Uint32Array(sizes.units + 1);
  for (let i = 0; i < week.length; i++) {
    const after = (week[i] as number) + 1;
    start[after] = (start[after] as number) + 1;
  }
  for (let u = 0; u < sizes.units; u++) start[u + 1] = (start[u + 1] as number) + (start[u] as number);
  const next = start.slice();
  const row = new Uint32Array(week.length);
  const counts = new Uint32Array(week.length);
  for (let i = 0; i < week.length; i++) {
    const to = next[week[i] as number] as number;
    next[week[i] as number] = to + 1;
    row[to] = cell[i] as number;
    counts[to] = n[i] as number;
  }
  const none = new Uint32Array(sizes.units);
  const joined = joinedSeries([{ start, row, n: counts, total: none, withheld: none }], sizes);
  return { ...joined, sums: { ...joined.sums, total: null } };
}

export function sumIn(sums: Float64Array, { first, end }: UnitRange): number {
  return (sums[end] as number) - (sums[first] as number);
}

/** Counts per cell of one window, moved from one to the next: a step costs what enters and what leaves. */
export class WindowCounts {
  readonly #series: CellSeries;
  readonly #n: Uint32Array;
  #at: UnitRange = { first: 0, end: 0 };

  constructor(series: CellSeries) {
    this.#series = series;
    this.#n = new Uint32Array(series.rows);
  }

  /** The array is the kept one: it changes with the next call. */
  moveTo(window: UnitRange): Uint32Array {
    const before = this.#at;
    const first = Math.max(before.first, window.first);
    const end = Math.min(before.end, window.end);
    if (
      end <= first ||
      this.#entries(before) + this.#entries(window) - 2 * this.#entries({ first, end }) > this.#entries(window)
    ) {
      this.#n.fill(0);
      this.#add(window, 1);
    } else {
      this.#add({ first: before.first, end: first }, -1);
      this.#add({ first: end, end: before.end }, -1);
      this.#add({ first: window.first, end: first }, 1);
      this.#add({ first: end, end: window.end }, 1);
    }
    this.#at = window;
    return this.#n;
  }

  #entries({ first, end }: UnitRange): number {
    return this.#series.parts.reduce((sum, { start }) => sum + (start[end] as number) - (start[first] as number), 0);
  }

  #add({ first, end }: UnitRange, sign: 1 | -1): void {
    if (end <= first) return;
    const counts = this.#n;
    for (const { start, row, n } of this.#series.parts) {
      const last = start[end] as number;
      for (let i = start[first] as number; i < last; i++) {
        const at = row[i] as number;
        counts[at] = (counts[at] as number) + sign * (n[i] as number);
      }
    }
  }
}
