import type { CategoryEntry } from '../../../core/contract/manifest.ts';
import { UNMAPPED_CATEGORY_ID } from '../../../core/incident/dimensions.ts';
import type { OverviewCube, WeekCube } from '../snapshot/model.ts';
import { NO_DIVISION } from '../snapshot/model.ts';
import { type Filters, inRanges } from './filters.ts';

/**
 * The first numbers, from the cubes, before the facts are in the query worker. The cubes know groups (level-1 categories) and
 * level-1 divisions; a filter below that is answered with null: "cannot tell", not "none".
 */
export interface PreviewTotals {
  readonly n: number;
  readonly unlocated: number;
  /** The cubes do not tell a division alone from a cell: null = not known yet, not none. */
  readonly divisionOnly: null;
  readonly unmapped: number;
}
export interface CubeCounts {
  readonly byWeek: Uint32Array;
  readonly bySource: Uint32Array;
  /** Index = category id; only groups are filled. */
  readonly byGroup: Uint32Array;
  /** Index = division id; only level 1 and 0 (in no division) are filled. */
  readonly byDivision: Uint32Array;
  readonly totals: PreviewTotals;
}

export interface CubeSizes {
  readonly weeks: number;
  readonly sources: number;
  readonly categories: readonly CategoryEntry[];
  readonly divisions: number;
}

export function weekCubeCounts(cube: WeekCube, sizes: CubeSizes, filters: Filters): CubeCounts | null {
  if (filters.division || filters.area || !groupsOnly(sizes.categories, filters)) return null;
  const byWeek = new Uint32Array(sizes.weeks);
  const bySource = new Uint32Array(sizes.sources);
  const byGroup = new Uint32Array(sizes.categories.length);
  const byDivision = new Uint32Array(sizes.divisions);
  const totals = { n: 0, unlocated: 0, divisionOnly: null, unmapped: 0 };
  const { weeks, sources, categories } = filters;
  for (let i = 0; i < cube.n.length; i++) {
    const week = cube.week[i] as number;
    const source = cube.source[i] as number;
    const group = cube.group[i] as number;
    if (weeks && (week < weeks.first || week >= weeks.end)) continue;
    if (sources.length > 0 && !sources.includes(source)) continue;
    if (!inRanges(categories, group)) continue;
    const n = cube.n[i] as number;
    const division = cube.division[i] as number;
    byWeek[week] = (byWeek[week] as number) + n;
    bySource[source] = (bySource[source] as number) + n;
    byGroup[group] = (byGroup[group] as number) + n;
    if (division === NO_DIVISION) totals.unlocated += n;
    else byDivision[division] = (byDivision[division] as number) + n;
    totals.n += n;
    if (group === UNMAPPED_CATEGORY_ID) totals.unmapped += n;
  }
  return { byWeek, bySource, byGroup, byDivision, totals };
}

/** Counts per cell of the overview resolution over the whole window; null when a filter asks for more than the cube holds. */
export function overviewCellCounts(
  cube: OverviewCube,
  cells: number,
  categories: readonly CategoryEntry[],
  filters: Filters,
): Uint32Array | null {
  if (filters.weeks || filters.division || filters.area || !groupsOnly(categories, filters)) return null;
  const counts = new Uint32Array(cells);
  for (let i = 0; i < cube.n.length; i++) {
    if (filters.sources.length > 0 && !filters.sources.includes(cube.source[i] as number)) continue;
    if (!inRanges(filters.categories, cube.group[i] as number)) continue;
    const cell = cube.cell[i] as number;
    counts[cell] = (counts[cell] as number) + (cube.n[i] as number);
  }
  return counts;
}

function groupsOnly(categories: readonly CategoryEntry[], filters: Filters): boolean {
  return filters.categories.every((range) => (categories[range.id]?.level ?? 3) <= 1);
}
