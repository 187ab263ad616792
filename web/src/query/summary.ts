import { UNMAPPED_CATEGORY_ID } from '../../../core/incident/dimensions.ts';
import type { Columns } from './coordinator.ts';
import { type Filters, mergedRanges } from './filters.ts';

/** How an incident of the table `summary` is located: in no division, in a cell, or in a division that is all that is known. */
export const LOCATED = { nowhere: 0, cell: 1, divisionOnly: 2 } as const;

export interface Totals {
  readonly n: number;
  /** In no division and no cell. */
  readonly unlocated: number;
  /** In a division, in no cell: counted in tables, not drawn in cells. Null = not known yet (preview.ts), not none. */
  readonly divisionOnly: number | null;
  readonly unmapped: number;
}
export interface SummaryCounts {
  readonly byWeek: Uint32Array;
  readonly bySource: Uint32Array;
  /** Index = category id, the deepest one; the caller rolls up along the tree. */
  readonly byCategory: Uint32Array;
  readonly totals: Totals;
}
export interface SummarySizes {
  readonly weeks: number;
  readonly sources: number;
  readonly categories: number;
}

/**
 * One pass over the rows of `queries.summary` under the filters. The division is not looked at: the rows are already those of
 * the division in focus.
 */
export function summaryCounts(columns: Columns, sizes: SummarySizes, filters: Filters): SummaryCounts {
  const { week = [], source = [], category = [], located = [], n = [] } = columns;
  const byWeek = new Uint32Array(sizes.weeks);
  const bySource = new Uint32Array(sizes.sources);
  const byCategory = new Uint32Array(sizes.categories);
  const totals = { n: 0, unlocated: 0, divisionOnly: 0, unmapped: 0 };
  const wanted = members(filters, sizes);
  const { first, end } = filters.weeks ?? { first: 0, end: sizes.weeks };
  for (let i = 0; i < n.length; i++) {
    const w = week[i] as number;
    const s = source[i] as number;
    const c = category[i] as number;
    if (w < first || w >= end || wanted.source[s] === 0 || wanted.category[c] === 0) continue;
    const count = n[i] as number;
    byWeek[w] = (byWeek[w] as number) + count;
    bySource[s] = (bySource[s] as number) + count;
    byCategory[c] = (byCategory[c] as number) + count;
    totals.n += count;
    if (located[i] === LOCATED.nowhere) totals.unlocated += count;
    else if (located[i] === LOCATED.divisionOnly) totals.divisionOnly += count;
    if (c === UNMAPPED_CATEGORY_ID) totals.unmapped += count;
  }
  return { byWeek, bySource, byCategory, totals };
}

/** 1 = passes. */
function members({ sources, categories }: Filters, sizes: SummarySizes) {
  const source = new Uint8Array(sizes.sources).fill(sources.length === 0 ? 1 : 0);
  for (const id of sources) source[id] = 1;
  const category = new Uint8Array(sizes.categories).fill(categories.length === 0 ? 1 : 0);
  for (const range of mergedRanges(categories)) category.fill(1, range.id, range.end);
  return { source, category };
}
