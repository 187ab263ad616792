import { cellToParent } from 'h3-js';
import type { Coverage } from '../../contract/coverage.ts';
import type { Manifest } from '../../contract/manifest.ts';
import { groupIds } from '../../incident/category-tree.ts';
import type { CityCalendar } from '../../time/city-calendar.ts';
import type { CityFacts } from './city-facts.ts';
import { markWeeks } from './delivery.ts';

/** Cells of the replays. */
export const REPLAY_RESOLUTION = 8;
/** Places at which something recurs, as in the product. */
export const PLACE_RESOLUTION = 9;

/** `grid/r<n>.arrow` */
export interface GridColumns {
  /** As text, without leading zeros. */
  readonly h3: readonly string[];
  readonly firstId: ArrayLike<number>;
  readonly endId: ArrayLike<number>;
}

/** `facts/…`: what stands under a null must not be read, so nullable columns are asked row by row. */
export interface FactTable {
  readonly rows: number;
  readonly day: ArrayLike<number>;
  readonly res: ArrayLike<number>;
  readonly source: ArrayLike<number>;
  readonly category: ArrayLike<number>;
  readonly cellId: (row: number) => number | null;
  readonly division: (row: number) => number | null;
  readonly closeHours: (row: number) => number | null;
}

/** Everything a replay reads of a published snapshot, whoever opened the files: the command and the browser give the same. */
export interface PublishedTables {
  readonly manifest: Manifest;
  readonly coverage: Coverage;
  readonly cells: GridColumns;
  readonly places: GridColumns;
  readonly divisions: {
    readonly level: ArrayLike<number>;
    readonly end: ArrayLike<number>;
    readonly name: (row: number) => string;
    readonly rows: number;
  };
  /** In the order of the manifest. */
  readonly facts: readonly FactTable[];
}

/** @throws RangeError when the grid names no cells of its finest resolution. Cost O(rows). */
export function publishedFacts(tables: PublishedTables, calendar: Pick<CityCalendar, 'breaks'>): CityFacts {
  const { manifest, coverage } = tables;
  const { grid, dictionaries } = manifest;
  const cells = tables.cells.h3;
  const { firstId, endId } = tables.cells;
  const finestCells = grid.cells[String(grid.finest)];
  if (finestCells === undefined) throw new RangeError(`the grid has no cells of resolution ${grid.finest}`);
  const districts = districtRows(tables.divisions);
  const columns = factColumns(tables.facts, {
    finest: grid.finest,
    cellOf: rowsOfFinest(tables.cells, finestCells),
    placeOf: rowsOfFinest(tables.places, finestCells),
    districtOf: districts.districtOf,
    groups: groupIds(dictionaries.categories),
  });
  const weeks = Int32Array.from(manifest.weeks, ({ firstDay }) => firstDay);
  const coarseCells = [...new Set(cells.map((cell) => cellToParent(cell, REPLAY_RESOLUTION - 1)))].sort();
  const coarseAt = new Map(coarseCells.map((cell, i) => [cell, i]));
  const rowOf = new Map(coverage.divisions.map((id, i) => [id, i + 1]));
  return {
    ...columns,
    window: manifest.window,
    cells,
    placeCells: tables.places.h3,
    cellArea: Float64Array.from(cells, (_, i) => (endId[i] as number) - (firstId[i] as number)),
    coarseOf: Uint32Array.from(cells, (cell) => coarseAt.get(cellToParent(cell, REPLAY_RESOLUTION - 1)) as number),
    coarseCells,
    districts: districts.list,
    sources: dictionaries.sources.map(({ key, name }) => ({ key, name: name.zh })),
    groups: dictionaries.categories
      .filter(({ level }) => level === 1)
      .map(({ id, code, name, severity }) => ({ id, code, name: name.zh, severity })),
    categoryEnd: Uint16Array.from(dictionaries.categories, ({ end }) => end),
    weeks,
    delivered: {
      // A district that the report has no row for goes with the source as a whole.
      states: coverage.sources.map(({ states }) => [
        states[0] as string,
        ...districts.list.map(({ id }) => states[rowOf.get(id) ?? 0] as string),
      ]),
      outages: dictionaries.sources.map(({ key }) => {
        const flags = new Uint8Array(weeks.length);
        for (const one of calendar.breaks)
          if (one.kind === 'outage' && one.endDay !== null && (one.source === null || one.source === key))
            markWeeks(flags, weeks, { firstDay: one.day, endDay: one.endDay });
        return flags;
      }),
    },
  };
}

/** Row of a coarser grid for every finest cell. */
function rowsOfFinest({ h3, firstId, endId }: GridColumns, finestCells: number): Int32Array {
  const rows = new Int32Array(finestCells);
  for (let i = 0; i < h3.length; i++) rows.fill(i, firstId[i] as number, endId[i] as number);
  return rows;
}

/** Level-1 divisions, and for every division the position of its own one (−1 = none). */
function districtRows({ level, end, name, rows }: PublishedTables['divisions']): {
  list: { id: number; name: string }[];
  districtOf: Int32Array;
} {
  const list: { id: number; name: string }[] = [];
  const districtOf = new Int32Array(rows).fill(-1);
  for (let id = 0; id < rows; id++) {
    if (level[id] !== 1) continue;
    districtOf.fill(list.length, id, end[id] as number);
    list.push({ id, name: name(id) });
  }
  return { list, districtOf };
}

type FactColumns = Pick<
  CityFacts,
  'day' | 'cell' | 'placeCell' | 'exactCell' | 'district' | 'source' | 'category' | 'group' | 'closeHours'
>;

function factColumns(
  tables: readonly FactTable[],
  of: {
    readonly finest: number;
    readonly cellOf: Int32Array;
    readonly placeOf: Int32Array;
    readonly districtOf: Int32Array;
    readonly groups: Uint16Array;
  },
): FactColumns {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const out = {
    day: new Uint16Array(rows),
    cell: new Int32Array(rows).fill(-1),
    placeCell: new Int32Array(rows).fill(-1),
    exactCell: new Int32Array(rows).fill(-1),
    district: new Int32Array(rows).fill(-1),
    source: new Uint8Array(rows),
    category: new Uint16Array(rows),
    group: new Uint16Array(rows),
    closeHours: new Int32Array(rows).fill(-1),
  };
  let at = 0;
  for (const table of tables) {
    const { day, res, source, category } = table;
    for (let i = 0; i < table.rows; i++, at++) {
      out.day[at] = day[i] as number;
      out.source[at] = source[i] as number;
      out.category[at] = category[i] as number;
      out.group[at] = of.groups[category[i] as number] as number;
      const id = table.cellId(i);
      // A coarsened incident lies somewhere in the coarser cell: it has no cell of a finer resolution.
      if (id !== null && (res[i] as number) >= REPLAY_RESOLUTION) out.cell[at] = of.cellOf[id] as number;
      if (id !== null && (res[i] as number) >= PLACE_RESOLUTION) out.placeCell[at] = of.placeOf[id] as number;
      if (id !== null && (res[i] as number) >= of.finest) out.exactCell[at] = id;
      const deepest = table.division(i);
      if (deepest !== null) out.district[at] = of.districtOf[deepest] as number;
      const hours = table.closeHours(i);
      if (hours !== null) out.closeHours[at] = hours;
    }
  }
  return out;
}
