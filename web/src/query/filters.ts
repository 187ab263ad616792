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
   * Sorted disjoint ranges of finest cells chosen on the map; null = no spatial filter. A row passes when its cell lies in a range and its
   * `res` is at least the range's: then all of the cell its place is published to is chosen.
   */
  readonly area: readonly WholeRange[] | null;
  /** null = every hour, with incidents of which no time of day is known. */
  readonly hours: HourBlock | null;
}
/** A rectangle of the hour × weekday matrix, half-open. Weekday 0 = Monday; hours of the city's clock. */
export interface HourBlock {
  readonly firstDay: number;
  readonly endDay: number;
  readonly firstHour: number;
  readonly endHour: number;
}
export type FilterKey = keyof Filters;

export const NO_FILTERS: Filters = {
  weeks: null,
  sources: [],
  categories: [],
  division: null,
  area: null,
  hours: null,
};

/**
 * For `JSON.stringify`, of anything that holds filters. Equal text, equal filters: an area is thousands of numbers, so it is told apart
 * by being another object.
 */
export function areaAsNumber(name: string, value: unknown): unknown {
  return name === 'area' && typeof value === 'object' && value !== null ? areaNumber(value) : value;
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
