import { ALL_CATEGORIES } from '../contract/sense.ts';

/** Divisions and categories that have a series, and how rows roll up to them. */
export interface SeriesTree {
  /** Division ids with a series, ascending; 0 = the city. */
  readonly divisions: Uint32Array;
  /** Level of each: 0 city, 1, 2. */
  readonly levels: Uint8Array;
  /** Row in `divisions` of the parent; the city's is −1. */
  readonly parents: Int32Array;
  /** Category ids with a series: groups and classes ascending, then `ALL_CATEGORIES`. */
  readonly categories: Uint16Array;
  /** 0 = all, 1 = group, 2 = class. */
  readonly categoryLevels: Uint8Array;
  /** Per category id of the dictionary: positions in `categories` of its class and of its group, −1 = none. */
  readonly classAt: Int32Array;
  readonly groupAt: Int32Array;
}

/** Divisions of level 0..2 and categories of level 1..2, with all categories together. Uncategorised reports count in "all" only. */
export function seriesTree(
  divisions: readonly { readonly id: number; readonly level: number; readonly parent: number | null }[],
  categories: readonly { readonly id: number; readonly level: number; readonly parent: number | null }[],
): SeriesTree {
  const kept = divisions.filter((division) => division.level <= 2);
  const rowOf = new Map(kept.map((division, row) => [division.id, row]));
  const own = categories.filter((category) => category.level === 1 || category.level === 2);
  const at = new Map(own.map((category, i) => [category.id, i]));
  const ancestor = (id: number, level: number): number => {
    let entry = categories[id];
    while (entry && entry.level > level) entry = entry.parent === null ? undefined : categories[entry.parent];
    return entry?.level === level ? (at.get(entry.id) ?? -1) : -1; // a group itself has no class
  };
  return {
    divisions: Uint32Array.from(kept, (division) => division.id),
    levels: Uint8Array.from(kept, (division) => division.level),
    parents: Int32Array.from(kept, (division) => (division.parent === null ? -1 : (rowOf.get(division.parent) ?? -1))),
    categories: Uint16Array.from([...own.map((category) => category.id), ALL_CATEGORIES]),
    categoryLevels: Uint8Array.from([...own.map((category) => category.level), 0]),
    classAt: Int32Array.from(categories, ({ id }) => ancestor(id, 2)),
    groupAt: Int32Array.from(categories, ({ id }) => ancestor(id, 1)),
  };
}

/** Counts in columns, rows in any order. Periods and categories as in the tree. */
export interface PeriodCounts {
  /** Division id of level ≤ 2; an id that is none of the tree (unlocated) counts for the city. */
  readonly division: ArrayLike<number>;
  readonly period: ArrayLike<number>;
  readonly category: ArrayLike<number>;
  readonly n: ArrayLike<number>;
}

/** Dense counts: `n[(division × categories + category) × periods + period]`. */
export interface SeriesCounts {
  readonly tree: SeriesTree;
  readonly firstPeriod: number;
  readonly periods: number;
  readonly n: Uint32Array;
}

/**
 * Rolls rows up to every division above and to class, group and all. Each row counts once in each of its series, so that the districts
 * and what has no district add up to the city. Cost: rows × at most 9, memory divisions × categories × periods.
 */
export function rollUp(
  tree: SeriesTree,
  counts: PeriodCounts,
  span: { firstPeriod: number; periods: number },
): SeriesCounts {
  const { firstPeriod, periods } = span;
  const width = tree.categories.length;
  const n = new Uint32Array(tree.divisions.length * width * periods);
  const rowOf = new Map(Array.from(tree.divisions, (id, row) => [id, row]));
  const city = rowOf.get(0) ?? -1;
  for (let i = 0; i < counts.n.length; i++) {
    const t = (counts.period[i] as number) - firstPeriod;
    if (t < 0 || t >= periods) continue;
    const rows = counts.n[i] as number;
    const category = counts.category[i] as number;
    const classAt = tree.classAt[category] ?? -1; // not in the dictionary: counts in "all" only
    const groupAt = tree.groupAt[category] ?? -1; // idem
    for (let row = rowOf.get(counts.division[i] as number) ?? city; row >= 0; row = tree.parents[row] as number) {
      const base = row * width;
      const all = (base + width - 1) * periods + t;
      n[all] = (n[all] as number) + rows;
      if (groupAt >= 0) {
        const at = (base + groupAt) * periods + t;
        n[at] = (n[at] as number) + rows;
      }
      if (classAt >= 0) {
        const at = (base + classAt) * periods + t;
        n[at] = (n[at] as number) + rows;
      }
    }
  }
  return { tree, firstPeriod, periods, n };
}

/** Counts of one series, a view. */
export const seriesAt = (
  counts: SeriesCounts,
  { division, category }: { division: number; category: number },
): Uint32Array => {
  const from = (division * counts.tree.categories.length + category) * counts.periods;
  return counts.n.subarray(from, from + counts.periods);
};
