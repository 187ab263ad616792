import type { CellCounts } from '../map/contract.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Columns, Panel } from './coordinator.ts';
import { type FilterKey, type Filters, NO_FILTERS } from './filters.ts';
import { type CubeCounts, overviewCellCounts, weekCubeCounts } from './preview.ts';
import * as queries from './queries.ts';
import { denseCounts, finestCounts, prefixSums } from './roll-up.ts';

/** Counts over a pre-order tree. `depth` = the deepest level that is filled. */
export interface TreeCounts {
  readonly counts: Uint32Array;
  /** Running sums over `counts`: see rangeSum. */
  readonly sums: Float64Array;
  readonly depth: 'first-level' | 'all';
}
export interface Totals {
  readonly n: number;
  readonly unlocated: number;
  readonly unmapped: number;
}

export interface DeskPanels {
  readonly cells: Panel<CellCounts>;
  readonly sources: Panel<Uint32Array>;
  readonly categories: Panel<TreeCounts>;
  readonly weeks: Panel<Uint32Array>;
  readonly divisions: Panel<TreeCounts>;
  readonly totals: Panel<Totals>;
  /** The same without any filter but the division in focus: the ghosts behind the bars. */
  readonly all: {
    readonly sources: Panel<Uint32Array>;
    readonly categories: Panel<TreeCounts>;
    readonly weeks: Panel<Uint32Array>;
    readonly divisions: Panel<TreeCounts>;
  };
}

/** The questions of the desk. Each is a function of the filters; the owner of a filter is not narrowed by it. */
export function deskPanels(snapshot: Snapshot): DeskPanels {
  const { manifest, divisions, overview, overviewCells, weekCube } = snapshot;
  const { sources, categories } = manifest.dictionaries;
  const sizes = {
    weeks: manifest.weeks.length,
    sources: Math.max(0, ...sources.map((source) => source.id + 1)),
    categories,
    divisions: divisions.count,
  };
  const cube = remembered((filters: Filters): CubeCounts | null => weekCubeCounts(weekCube, sizes, filters));
  const tree = (counts: Uint32Array, depth: TreeCounts['depth']): TreeCounts => ({
    counts,
    sums: prefixSums(counts),
    depth,
  });
  const panel = <T>(
    id: string,
    owner: FilterKey | null,
    priority: number,
    query: Panel<T>['query'],
    decode: (columns: Columns) => T,
    preview: (filters: Filters) => T | null,
  ): Panel<T> => ({ id, owner, priority, query, decode, preview });
  const scopeOf = ({ division }: Filters): Filters => ({ ...NO_FILTERS, division });
  const unfiltered = <T>({ id, priority, query, decode, preview }: Panel<T>): Panel<T> => ({
    id: `all-${id}`,
    owner: null,
    priority: priority + 10,
    query: (filters) => query(scopeOf(filters)),
    decode,
    ...(preview ? { preview: (filters: Filters) => preview(scopeOf(filters)) } : {}),
  });

  const bySource = panel(
    'sources',
    'sources',
    2,
    queries.sourceCounts,
    (columns) => denseCounts(columns, sizes.sources),
    (filters) => cube(filters)?.bySource ?? null,
  );
  const byCategory = panel(
    'categories',
    'categories',
    2,
    queries.categoryCounts,
    (columns) => tree(denseCounts(columns, categories.length), 'all'),
    (filters) => {
      const counts = cube(filters);
      return counts && tree(counts.byGroup, 'first-level');
    },
  );
  const byWeek = panel(
    'weeks',
    'weeks',
    3,
    queries.weekCounts,
    (columns) => denseCounts(columns, sizes.weeks),
    (filters) => cube(filters)?.byWeek ?? null,
  );
  const byDivision = panel(
    'divisions',
    null,
    4,
    queries.divisionCounts,
    (columns) => tree(denseCounts(columns, divisions.count), 'all'),
    (filters) => {
      const counts = cube(filters);
      return counts && tree(counts.byDivision, 'first-level');
    },
  );
  return {
    cells: {
      id: 'cells',
      owner: null,
      priority: 0,
      query: queries.cellCounts,
      decode: (columns) => ({ kind: 'finest', ...finestCounts(columns, manifest.grid) }),
      preview: (filters) => {
        const n = overviewCellCounts(overview, overviewCells.h3.length, categories, filters);
        return n && { kind: 'coarse', resolution: overviewCells.resolution, n };
      },
    },
    sources: bySource,
    categories: byCategory,
    weeks: byWeek,
    divisions: byDivision,
    totals: panel(
      'totals',
      null,
      1,
      queries.totals,
      ({ n = [], unlocated = [], unmapped = [] }) => ({
        n: only(n),
        unlocated: only(unlocated),
        unmapped: only(unmapped),
      }),
      (filters) => cube(filters)?.totals ?? null,
    ),
    all: {
      sources: unfiltered(bySource),
      categories: unfiltered(byCategory),
      weeks: unfiltered(byWeek),
      divisions: unfiltered(byDivision),
    },
  };
}

/** Weekly counts per cell of one resolution, for the class breaks: whatever window and division is chosen. */
export function scalePanel(resolution: number, finest: number): Panel<Columns> {
  return {
    id: `scale-${resolution}`,
    owner: null,
    priority: 20,
    query: (filters) => queries.cellWeekSeries(resolution, finest, { ...filters, weeks: null, division: null }),
    decode: (columns) => columns,
  };
}

export interface CellPanels {
  readonly sources: Panel<Uint32Array>;
  readonly categories: Panel<TreeCounts>;
  readonly weeks: Panel<Uint32Array>;
}

export function cellPanels(cell: queries.CellRange, snapshot: Snapshot): CellPanels {
  const { sources, categories } = snapshot.manifest.dictionaries;
  return {
    sources: {
      id: 'cell-sources',
      owner: null,
      priority: 5,
      query: (filters) => queries.cellSourceCounts(cell, filters),
      decode: (columns) => denseCounts(columns, Math.max(0, ...sources.map((source) => source.id + 1))),
    },
    categories: {
      id: 'cell-categories',
      owner: null,
      priority: 5,
      query: (filters) => queries.cellCategoryCounts(cell, filters),
      decode: (columns) => {
        const counts = denseCounts(columns, categories.length);
        return { counts, sums: prefixSums(counts), depth: 'all' };
      },
    },
    weeks: {
      id: 'cell-weeks',
      owner: 'weeks',
      priority: 6,
      query: (filters) => queries.cellWeekCounts(cell, filters),
      decode: (columns) => denseCounts(columns, snapshot.manifest.weeks.length),
    },
  };
}

function only(column: ArrayLike<number>): number {
  const value = column[0];
  if (value === undefined) throw new Error('a total came without a row');
  return value;
}

/** The last few answers: several panels ask the cube with equal filters. */
function remembered<T>(answer: (filters: Filters) => T, keep = 8): (filters: Filters) => T {
  const answers = new Map<string, T>();
  return (filters) => {
    const key = JSON.stringify(filters);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const made = answer(filters);
    answers.set(key, made);
    const oldest = answers.keys().next().value;
    if (answers.size > keep && oldest !== undefined) answers.delete(oldest);
    return made;
  };
}
