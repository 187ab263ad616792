import type { CategoryEntry } from '../../../core/contract/manifest.ts';
import { type Filters, inRanges } from '../query/filters.ts';
import type { WeekCube } from '../snapshot/model.ts';

/**
 * Weekly counts of a level-1 division under sources and groups of the filters, from the cube that is always there; null = the filters ask for
 * what it does not hold (classes, hours, an area).
 */
export function districtWeeks(
  { division, week, source, group, n }: WeekCube,
  of: { readonly id: number; readonly weeks: number; readonly categories: readonly CategoryEntry[] },
  filters: Filters,
): Uint32Array | null {
  if (filters.hours || filters.area) return null;
  if (filters.categories.some(({ id }) => (of.categories[id]?.level ?? 3) > 1)) return null; // not in the tree: finer than a group
  const counts = new Uint32Array(of.weeks);
  for (let i = 0; i < n.length; i++) {
    if (division[i] !== of.id || !inRanges(filters.categories, group[i] as number)) continue;
    if (filters.sources.length > 0 && !filters.sources.includes(source[i] as number)) continue;
    const at = week[i] as number;
    counts[at] = (counts[at] as number) + (n[i] as number);
  }
  return counts;
}
