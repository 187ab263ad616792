import { type Comparison, compareCounts, type NotComparable } from '../../../../../core/metric/comparison.ts';
import type { Columns, Panel } from '../../../query/coordinator.ts';
import type { Filters, IdRange } from '../../../query/filters.ts';
import type { GroupWindows } from '../../../query/scan/groups.ts';
import {
  type CellGroupRow,
  cellGroupCounts,
  type GroupKey,
  groupCounts,
  NO_ID,
  type Windows,
  weekCounts,
} from '../../../query/table-queries.ts';
import type { CoarseGrid, Divisions, FinestGrid } from '../../../snapshot/model.ts';
import type { Grouping } from '../pane/pane-name.ts';

/** Incidents of a group: under the filters, and in the two windows that are compared. */
export interface Counts {
  readonly n: number;
  readonly after: number;
  readonly before: number;
}
export interface TwinGroup extends Counts {
  /** Division, category or source id, row of the grid, index of the week, slot of the hour. */
  readonly id: number;
}
/** Incidents that belong to no group of this kind, and why: shown as rows, so that the table adds up. */
export type OtherKind =
  /** Known to a coarser division only. */
  | 'above'
  /** In the city, in no division of it. */
  | 'elsewhere'
  /** Sensitive: known to a coarser cell only. */
  | 'withheld'
  /** In a division, in no cell. */
  | 'division-only'
  /** In no division and no cell. */
  | 'unlocated'
  /** Weekday known, hour not. */
  | 'no-hour';
export interface TwinOther extends Counts {
  readonly kind: OtherKind;
}
export interface Twin {
  readonly grouping: Grouping;
  readonly groups: readonly TwinGroup[];
  readonly others: readonly TwinOther[];
  /** Of all groups and others: the number of the summary. */
  readonly total: Counts;
}

export interface TwinCity {
  readonly divisions: Divisions;
  readonly categories: readonly (IdRange & { readonly level: number })[];
  readonly sources: readonly { readonly id: number }[];
  readonly weeks: number;
  readonly finest: number;
}

/** The question of the table under a grouping, for the coordinator. */
export function twinPanel(
  grouping: Grouping,
  windows: Windows | null,
): Panel<{ readonly grouping: Grouping; readonly columns: Columns }> {
  return {
    id: 'table',
    owner: null,
    priority: 1,
    query: (filters) => queryOf(grouping, windows, filters),
    decode: (columns) => ({ grouping, columns }),
    scan: {
      question: (filters) => ({
        kind: 'groups',
        by: grouping.by === 'hour' ? 'hours' : grouping.by,
        filters: { ...filters, weeks: null },
        windows: windowsOf(grouping, windows, filters),
      }),
      read: (answer) => {
        if (answer.kind !== 'groups') throw new Error(`the scan answered ${answer.kind} instead of groups`);
        return { grouping, columns: answer.columns };
      },
    },
  };
}

/** Of weeks all are counted: the table compares neighbours, and the first one with what lies before the period. */
function windowsOf(grouping: Grouping, windows: Windows | null, { weeks }: Filters): GroupWindows {
  return grouping.by === 'week'
    ? { n: null, after: null, before: null }
    : { n: weeks, after: windows?.after ?? null, before: windows?.before ?? null };
}

function queryOf(grouping: Grouping, windows: Windows | null, filters: Filters) {
  if (grouping.by === 'week') return weekCounts(filters);
  if (grouping.by === 'cell') return cellGroupCounts(windows, filters);
  const key: GroupKey = grouping.by === 'hour' ? 'hours' : grouping.by;
  return groupCounts(key, windows, filters);
}

/** The answer as rows. `grid`: of the grouping's resolution, for cells only. */
export function twinOf(
  grouping: Grouping,
  columns: Columns,
  {
    city,
    filters,
    grid,
  }: { readonly city: TwinCity; readonly filters: Filters; readonly grid: CoarseGrid | FinestGrid | null },
): Twin | null {
  const tally = new Tally();
  const rows = rowsOf(columns);
  switch (grouping.by) {
    case 'division':
      for (const id of divisionsAt(city.divisions, grouping.level, filters.division)) tally.open(id);
      for (const row of rows) tally.add(divisionGroup(row.id, grouping.level, city.divisions), row);
      break;
    case 'category':
      for (const row of rows) tally.add(categoryGroup(row.id, grouping.level, city.categories), row);
      break;
    case 'source':
      for (const { id } of city.sources)
        if (filters.sources.length === 0 || filters.sources.includes(id)) tally.open(id);
      for (const row of rows) tally.add(row.id, row);
      break;
    case 'hour':
      for (const row of rows) tally.add(row.id < 168 ? row.id : 'no-hour', row);
      break;
    case 'week': {
      const { first, end } = filters.weeks ?? { first: 0, end: city.weeks };
      const byWeek = new Uint32Array(city.weeks);
      for (const { id, n } of rows) byWeek[id] = n;
      for (let week = first; week < end; week++)
        tally.add(week, { n: byWeek[week]!, after: byWeek[week]!, before: byWeek[week - 1] ?? 0 });
      break;
    }
    case 'cell': {
      if (!grid) return null;
      addCells(tally, rows as readonly CellGroupRow[], grid, grouping.resolution);
      break;
    }
    default:
      return grouping satisfies never;
  }
  return { grouping, ...tally.result() };
}

/** Counts by group or by reason, in the order in which they came. */
class Tally {
  readonly #groups = new Map<number, { id: number; n: number; after: number; before: number }>();
  readonly #others = new Map<OtherKind, { kind: OtherKind; n: number; after: number; before: number }>();
  readonly #total = { n: 0, after: 0, before: 0 };

  /** A group that is shown also when nothing is in it. */
  open(id: number) {
    const known = this.#groups.get(id);
    if (known) return known;
    const made = { id, n: 0, after: 0, before: 0 };
    this.#groups.set(id, made);
    return made;
  }

  add(group: number | OtherKind, { n, after, before }: Counts): void {
    const into = typeof group === 'number' ? this.open(group) : this.#other(group);
    for (const sum of [into, this.#total]) {
      sum.n += n;
      sum.after += after;
      sum.before += before;
    }
  }

  #other(kind: OtherKind) {
    const made = this.#others.get(kind) ?? { kind, n: 0, after: 0, before: 0 };
    this.#others.set(kind, made);
    return made;
  }

  result() {
    const some = (counts: Counts) => counts.n > 0 || counts.after > 0 || counts.before > 0;
    return {
      groups: [...this.#groups.values()],
      others: [...this.#others.values()].filter(some),
      total: this.#total,
    };
  }
}

function rowsOf({
  id = [],
  res = [],
  n = [],
  after = [],
  before = [],
}: Columns): readonly (Counts & { id: number; res: number })[] {
  return Array.from({ length: id.length }, (_, i) => ({
    id: id[i]!,
    res: res[i] ?? 0, // asked of cells only
    n: n[i]!,
    after: after[i] ?? 0, // not asked of weeks: the caller compares neighbours
    before: before[i] ?? 0,
  }));
}

function divisionsAt({ count, level }: Divisions, wanted: number, within: IdRange | null): readonly number[] {
  const ids: number[] = [];
  for (let id = within?.id ?? 0; id < (within?.end ?? count); id++) if (level[id] === wanted) ids.push(id);
  return ids;
}

function divisionGroup(id: number, wanted: number, { level, parent }: Divisions): number | OtherKind {
  if (id === NO_ID) return 'unlocated';
  if (id === 0) return 'elsewhere';
  let at: number | null = id;
  while (at !== null && (level[at] ?? 0) > wanted) at = parent[at] ?? null;
  return at !== null && level[at] === wanted ? at : 'above';
}

/** The ancestor at the level; what ends above it stands for itself (uncategorised, a group without classes). */
function categoryGroup(id: number, wanted: number, categories: TwinCity['categories']): number {
  let at = 0;
  let found = id;
  while (at < categories.length) {
    const entry = categories[at]!;
    if (id >= entry.end) {
      at = entry.end;
      continue;
    }
    found = at;
    if (entry.level >= wanted || at === id || entry.level === 0) break;
    at++;
  }
  return found;
}

function addCells(
  tally: Tally,
  rows: readonly CellGroupRow[],
  grid: CoarseGrid | FinestGrid,
  resolution: number,
): void {
  let cell = 0;
  for (const row of rows) {
    if (row.id === NO_ID) tally.add(row.res === 1 ? 'division-only' : 'unlocated', row);
    else if (row.res < resolution) tally.add('withheld', row);
    else if ('endId' in grid) {
      while (row.id >= grid.endId[cell]!) cell++;
      tally.add(cell, row);
    } else tally.add(row.id, row);
  }
}

/** The two windows of all groups, or why they cannot be set side by side. */
export type Compared =
  | { readonly kind: 'windows'; readonly windows: Windows; readonly days: number }
  | { readonly kind: 'not-comparable'; readonly why: NotComparable };

export function comparisonOf({ after, before }: Counts, compared: Compared, dispersion: number): Comparison {
  if (compared.kind === 'not-comparable') return compared;
  const { days } = compared;
  return compareCounts({ before: { n: before, days }, after: { n: after, days }, dispersion });
}
