import type { Manifest } from '../../../core/contract/manifest.ts';
import type { CellCounts } from '../map/contract.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Columns, Panel } from './coordinator.ts';
import { type FilterKey, type Filters, filtersKey, NO_FILTERS } from './filters.ts';
import { type CubeCounts, overviewCellCounts, weekCubeCounts } from './preview.ts';
import * as queries from './queries.ts';
import { denseCounts, finestCounts, prefixSums } from './roll-up.ts';
import { type SummaryCounts, type SummarySizes, summaryCounts, type Totals } from './summary.ts';

/** Counts over a pre-order tree. `depth` = the deepest level that is filled. */
export interface TreeCounts {
  readonly counts: Uint32Array;
  /** Running sums over `counts`: see rangeSum. */
  readonly sums: Float64Array;
  readonly depth: 'first-level' | 'all';
}

export interface DeskPanels {
  readonly cells: Panel<CellCounts>;
  /** As if no area were chosen: for the map on which one is being drawn. */
  readonly cellsAround: Panel<CellCounts>;
  readonly sources: Panel<Uint32Array>;
  readonly categories: Panel<TreeCounts>;
  readonly weeks: Panel<Uint32Array>;
  readonly divisions: Panel<TreeCounts>;
  readonly totals: Panel<Totals>;
  /** Over the city, whatever division is in focus or area is chosen: who has no place belongs to none. */
  readonly cityTotals: Panel<Totals>;
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
  const { categories } = manifest.dictionaries;
  const sizes = sizesOf(manifest);
  const cubeSizes = { ...sizes, categories, divisions: divisions.count };
  const cube = remembered((filters) => weekCubeCounts(weekCube, cubeSizes, filters));
  const panel = <T>(
    id: string,
    owner: FilterKey | null,
    priority: number,
    decode: (counts: SummaryCounts) => T,
    preview: (counts: CubeCounts) => T,
  ): Panel<T> => ({
    id,
    owner,
    priority,
    query: queries.summary,
    decode: (columns, filters) => decode(summaryCounts(columns, sizes, filters)),
    preview: (filters) => {
      const counts = cube(filters);
      return counts && preview(counts);
    },
  });

  const sources = panel(
    'sources',
    'sources',
    2,
    ({ bySource }) => bySource,
    ({ bySource }) => bySource,
  );
  const byCategory = panel(
    'categories',
    'categories',
    2,
    (counts) => treeCounts(counts.byCategory, 'all'),
    (counts) => treeCounts(counts.byGroup, 'first-level'),
  );
  const weeks = panel(
    'weeks',
    'weeks',
    2,
    ({ byWeek }) => byWeek,
    ({ byWeek }) => byWeek,
  );
  const totals = panel(
    'totals',
    null,
    1,
    (counts) => counts.totals,
    (counts) => counts.totals,
  );
  const byDivision: Panel<TreeCounts> = {
    id: 'divisions',
    owner: null,
    priority: 4,
    query: queries.divisionCounts,
    decode: (columns) => treeCounts(denseCounts(columns, divisions.count), 'all'),
    preview: (filters) => {
      const counts = cube(filters);
      return counts && treeCounts(counts.byDivision, 'first-level');
    },
  };
  const cells: Panel<CellCounts> = {
    id: 'cells',
    owner: null,
    priority: 0,
    query: queries.cellCounts,
    decode: (columns) => ({ kind: 'finest', ...finestCounts(columns, manifest.grid) }),
    preview: (filters) => {
      const n = overviewCellCounts(overview, overviewCells.h3.length, categories, filters);
      return n && { kind: 'coarse', resolution: overviewCells.resolution, n };
    },
  };
  return {
    cells,
    cellsAround: { ...cells, id: 'cells-around', owner: 'area' },
    sources,
    categories: byCategory,
    weeks,
    divisions: byDivision,
    totals,
    cityTotals: under(totals, 'city-totals', (filters) => ({ ...filters, division: null, area: null })),
    all: {
      sources: under(sources, 'all-sources', scopeOf),
      categories: under(byCategory, 'all-categories', scopeOf),
      weeks: under(weeks, 'all-weeks', scopeOf),
      divisions: under(byDivision, 'all-divisions', scopeOf),
    },
  };
}

/** Weekly counts per cell of one resolution, for the class breaks: whatever window and division is chosen. */
export function scalePanel(resolution: number, finest: number): Panel<Columns> {
  return {
    id: `scale-${resolution}`,
    owner: null,
    priority: 20,
    query: (filters) =>
      queries.cellWeekSeries(resolution, finest, { ...filters, weeks: null, division: null, area: null }),
    decode: (columns) => columns,
  };
}

export interface CellPanels {
  readonly sources: Panel<Uint32Array>;
  readonly categories: Panel<TreeCounts>;
  readonly weeks: Panel<Uint32Array>;
}

/** The card of a cell: one question, three views of the answer. */
export function cellPanels(cell: queries.CellRange, manifest: Manifest): CellPanels {
  const sizes = sizesOf(manifest);
  const panel = <T>(id: string, owner: FilterKey | null, decode: (counts: SummaryCounts) => T): Panel<T> => ({
    id,
    owner,
    priority: 5,
    query: (filters) => queries.cellSummary(cell, filters),
    decode: (columns, filters) => decode(summaryCounts(columns, sizes, filters)),
  });
  return {
    sources: panel('cell-sources', null, ({ bySource }) => bySource),
    categories: panel('cell-categories', null, ({ byCategory }) => treeCounts(byCategory, 'all')),
    weeks: panel('cell-weeks', 'weeks', ({ byWeek }) => byWeek),
  };
}

function sizesOf({ weeks, dictionaries: { sources, categories } }: Manifest): SummarySizes {
  return {
    weeks: weeks.length,
    sources: Math.max(0, ...sources.map((source) => source.id + 1)),
    categories: categories.length,
  };
}

/** Nothing but the place. */
function scopeOf({ division, area }: Filters): Filters {
  return { ...NO_FILTERS, division, area };
}

/** The same panel asked under other filters. */
function under<T>(panel: Panel<T>, id: string, change: (filters: Filters) => Filters): Panel<T> {
  const { query, decode, preview } = panel;
  return {
    id,
    owner: null,
    priority: panel.priority + 10,
    query: (filters) => query(change(filters)),
    decode: (columns, filters) => decode(columns, change(filters)),
    ...(preview ? { preview: (filters: Filters) => preview(change(filters)) } : {}),
  };
}

function treeCounts(counts: Uint32Array, depth: TreeCounts['depth']): TreeCounts {
  return { counts, sums: prefixSums(counts), depth };
}

/** The last few answers: several panels ask the cube with equal filters. */
function remembered<T>(answer: (filters: Filters) => T, keep = 8): (filters: Filters) => T {
  const answers = new Map<string, T>();
  return (filters) => {
    const key = filtersKey(filters);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const made = answer(filters);
    answers.set(key, made);
    const oldest = answers.keys().next().value;
    if (answers.size > keep && oldest !== undefined) answers.delete(oldest);
    return made;
  };
}
