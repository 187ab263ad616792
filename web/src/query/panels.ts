import type { Manifest } from '../../../core/contract/manifest.ts';
import type { ScaleChoice } from '../layers/class-breaks.ts';
import type { CellCounts, StepScale } from '../map/contract.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { chosenBreaks, lockedBreaks } from './breaks.ts';
import type { Columns } from './columns.ts';
import type { Panel, ScanForm } from './coordinator.ts';
import { areaAsNumber, type FilterKey, type Filters, NO_FILTERS } from './filters.ts';
import { HOUR_SLOTS } from './hour-slots.ts';
import { type CubeCounts, overviewCellCounts, weekCubeCounts } from './preview.ts';
import * as queries from './queries.ts';
import { denseCounts, finestCounts, prefixSums } from './roll-up.ts';
import type { ScanAnswer, Views } from './scan/views.ts';
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
  /** By hour of the week: hour-slots.ts. */
  readonly hours: Panel<Uint32Array>;
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
    view: (views: Views) => T,
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
    scan: standing(view),
  });

  const sources = panel(
    'sources',
    'sources',
    2,
    ({ bySource }) => bySource,
    ({ bySource }) => bySource,
    ({ bySource }) => bySource,
  );
  const byCategory = panel(
    'categories',
    'categories',
    2,
    (counts) => treeCounts(counts.byCategory, 'all'),
    (counts) => treeCounts(counts.byGroup, 'first-level'),
    ({ byCategory: counts }) => treeCounts(counts, 'all'),
  );
  const weeks = panel(
    'weeks',
    'weeks',
    2,
    ({ byWeek }) => byWeek,
    ({ byWeek }) => byWeek,
    ({ byWeek }) => byWeek,
  );
  const totals = panel(
    'totals',
    null,
    1,
    (counts) => counts.totals,
    (counts) => counts.totals,
    (views) => views.totals,
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
    scan: standing(({ byDivision: counts }) => treeCounts(counts, 'all')),
  };
  const cells: Panel<CellCounts> = {
    id: 'cells',
    owner: null,
    priority: 0,
    query: queries.cellCounts,
    decode: (columns) => ({ kind: 'finest', ...finestCounts(columns, manifest.grid) }),
    preview: (filters) => {
      const n = overviewCellCounts(overview, overviewCells.h3.length, categories, filters);
      return n && { kind: 'coarse', resolution: overviewCells.resolution, n, withheld: 0 };
    },
    scan: {
      ...standing(cellsOf),
      atRest: (filters) => ({ kind: 'tally', filters, resolution: manifest.grid.finest }),
    },
  };
  return {
    cells,
    cellsAround: { ...cells, id: 'cells-around', owner: 'area', scan: withoutArea(standing(cellsOf)) },
    sources,
    categories: byCategory,
    weeks,
    divisions: byDivision,
    hours: {
      id: 'hours',
      owner: 'hours',
      priority: 3,
      query: queries.hourCounts,
      decode: (columns) => denseCounts(columns, HOUR_SLOTS),
      scan: standing(({ byHour }) => byHour),
    },
    totals,
    cityTotals: {
      ...under(totals, 'city-totals', (filters) => ({ ...filters, division: null, area: null })),
      // In the same pass as everything else.
      scan: withoutArea(standing((views) => views.cityTotals)),
    },
    all: {
      sources: under(sources, 'all-sources', scopeOf),
      categories: under(byCategory, 'all-categories', scopeOf),
      weeks: under(weeks, 'all-weeks', scopeOf),
      divisions: under(byDivision, 'all-divisions', scopeOf),
    },
  };
}

/** Class breaks of one resolution for windows of some weeks: whatever window and place is chosen (breaks.ts). */
export function scalePanel(
  resolution: number,
  { finest, length, weeks }: { readonly finest: number; readonly length: number; readonly weeks: number },
  choice: ScaleChoice,
): Panel<StepScale> {
  return {
    id: `scale-${resolution}`,
    owner: null,
    priority: 20,
    query: (filters) => queries.cellWeekSeries(resolution, finest, anyWindow(filters)),
    decode: (columns) => lockedBreaks(columns, { resolution, length, weeks }, choice),
    scan: {
      question: (filters) => ({ kind: 'windows', filters: anyWindow(filters), resolution, length }),
      read: (answer) => ({ resolution, breaks: chosenBreaks(histogramOf(answer), choice) }),
    },
  };
}

function anyWindow(filters: Filters): Filters {
  return { ...filters, weeks: null, division: null, area: null };
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
    scan: {
      question: ({ division, area, hours }) => ({
        kind: 'cell',
        cell,
        filters: { ...NO_FILTERS, division, area, hours },
      }),
      read: (answer, filters) => decode(summaryCounts(cellColumns(answer), sizes, filters)),
    },
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

/** One pass answers all of these. */
function standing<T>(view: (views: Views) => T): ScanForm<T> {
  return {
    question: (filters, drawn) => ({ kind: 'tally', filters, resolution: drawn }),
    read: (answer) => view(viewsIn(answer)),
  };
}

/** Where no area is chosen it is the question of everybody. */
function withoutArea<T>({ question, read }: ScanForm<T>): ScanForm<T> {
  return { question: (filters, drawn) => question({ ...filters, area: null }, drawn), read };
}

function viewsIn(answer: ScanAnswer): Views {
  if (answer.kind !== 'tally') throw new Error(`the scan answered ${answer.kind}`);
  return answer.views;
}

function cellsOf({ cells }: Views): CellCounts {
  if (!cells) throw new Error('the scan was not asked for cells');
  return cells;
}

function histogramOf(answer: ScanAnswer): ReadonlyMap<number, number> {
  if (answer.kind !== 'windows') throw new Error(`the scan answered ${answer.kind}`);
  return answer.histogram;
}

function cellColumns(answer: ScanAnswer): Columns {
  if (answer.kind !== 'cell') throw new Error(`the scan answered ${answer.kind}`);
  return answer.columns;
}

/** Nothing but the place. */
function scopeOf({ division, area }: Filters): Filters {
  return { ...NO_FILTERS, division, area };
}

/** The same panel asked under other filters. */
function under<T>(panel: Panel<T>, id: string, change: (filters: Filters) => Filters): Panel<T> {
  const { query, decode, preview, scan } = panel;
  return {
    id,
    owner: null,
    priority: panel.priority + 10,
    query: (filters) => query(change(filters)),
    decode: (columns, filters) => decode(columns, change(filters)),
    ...(preview ? { preview: (filters: Filters) => preview(change(filters)) } : {}),
    ...(scan
      ? {
          scan: {
            question: (filters: Filters) => ({ kind: 'tally' as const, filters: change(filters), resolution: null }),
            read: scan.read,
          },
        }
      : {}),
  };
}

function treeCounts(counts: Uint32Array, depth: TreeCounts['depth']): TreeCounts {
  return { counts, sums: prefixSums(counts), depth };
}

/** The last few answers: several panels ask the cube with equal filters. */
function remembered<T>(answer: (filters: Filters) => T, keep = 8): (filters: Filters) => T {
  const answers = new Map<string, T>();
  return (filters) => {
    const key = JSON.stringify(filters, areaAsNumber);
    const known = answers.get(key);
    if (known !== undefined) return known;
    const made = answer(filters);
    answers.set(key, made);
    const oldest = answers.keys().next().value;
    if (answers.size > keep && oldest !== undefined) answers.delete(oldest);
    return made;
  };
}
