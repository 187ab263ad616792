import type { WholeRange } from '../../../core/grid/cell-tree.ts';
import type { WeekRange } from '../time/week.ts';

/** Half-open range of pre-order ids: a node with all below it. */
export interface IdRange {
  readonly id: number;
  readonly end: number;
}

/** Filters in the small integers of one snapshot. Each part names its owner: the panel in which it is set. */
export interface Filters {
  /** null = all weeks. */
  readonly weeks: WeekRange | null;
  /** Empty = all. */
  readonly sources: readonly number[];
  /** Empty = all. */
  readonly categories: readonly IdRange[];
  /** null = the whole city, with incidents that have no place. */
  readonly division: IdRange | null;
  /**
   * Finest cells chosen on the map, ascending and disjoint; null = the whole city, with incidents that have no place. An incident counts
   * when its cell is in a range and its `res` is at least the range's: then all of its published place lies inside.
   */
  readonly area: readonly WholeRange[] | null;
}
export type FilterKey = keyof Filters;

export const NO_FILTERS: Filters = { weeks: null, sources: [], categories: [], division: null, area: null };

/** Equal text, equal filters. An area is thousands of numbers: it is told apart by being another object. */
export function filtersKey(filters: Filters): string {
  return JSON.stringify({ ...filters, area: filters.area && areaNumber(filters.area) });
}

const areaNumbers = new WeakMap<object, number>();
let areasSeen = 0;

function areaNumber(area: object): number {
  const known = areaNumbers.get(area) ?? ++areasSeen;
  areaNumbers.set(area, known);
  return known;
}

/** The filters a panel obeys: all but its own. */
export function without(filters: Filters, owner: FilterKey | null): Filters {
  return owner === null ? filters : { ...filters, [owner]: NO_FILTERS[owner] };
}

/** Sorted, disjoint, neighbours joined: a class inside a chosen group adds nothing. */
export function mergedRanges(ranges: readonly IdRange[]): readonly IdRange[] {
  const merged: IdRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.id - b.id || b.end - a.end)) {
    const last = merged.at(-1);
    if (last && range.id <= last.end) merged[merged.length - 1] = { id: last.id, end: Math.max(last.end, range.end) };
    else merged.push(range);
  }
  return merged;
}

export function inRanges(ranges: readonly IdRange[], id: number): boolean {
  return ranges.length === 0 || ranges.some((range) => id >= range.id && id < range.end);
}
