import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Table, tableFromIPC } from 'apache-arrow';
import { cellToParent } from 'h3-js';
import { Coverage } from '../../core/contract/coverage.ts';
import { type FileEntry, fileAt, type Manifest } from '../../core/contract/manifest.ts';
import type { CityFacts } from '../../core/evaluate/backtest/city-facts.ts';
import { markWeeks } from '../../core/evaluate/backtest/delivery.ts';
import { groupIds } from '../../core/incident/category-tree.ts';
import type { CityCalendar } from '../../core/time/city-calendar.ts';
import { InputError } from '../errors.ts';
import { currentManifest } from '../verify.ts';

/** Cells of the replays. */
const RESOLUTION = 8;
/** Places at which something recurs, as in the product. */
export const PLACE_RESOLUTION = 9;

/**
 * Everything a replay needs from a published snapshot: facts, grid, divisions, coverage. Every file is read by the manifest, and only when
 * its SHA-256 is the one the manifest names.
 * @throws InputError when there is no snapshot here, of another version, or a file is not the one published
 */
export function readFacts(folder: string, calendar: CityCalendar): { manifest: Manifest; facts: CityFacts } {
  const root = resolve(folder);
  const manifest = currentManifest(root);
  const bytes = (entry: FileEntry): Buffer => {
    const content = readFileSync(join(root, entry.file));
    const found = createHash('sha256').update(content).digest('hex');
    if (found !== entry.sha256)
      throw new InputError(join(root, entry.file), [`${entry.path}: SHA-256 ${found} instead of ${entry.sha256}`]);
    return content;
  };
  const table = (path: string): Table => tableFromIPC(bytes(fileAt(manifest, path)));
  const coverage = Coverage.parse(JSON.parse(bytes(fileAt(manifest, 'coverage.json')).toString('utf8')));
  const { grid, dictionaries } = manifest;
  const r8 = table(`grid/r${RESOLUTION}.arrow`);
  const [firstId, endId] = [numbers(r8, 'first_id'), numbers(r8, 'end_id')];
  const cells = hexes(r8);
  const finestCells = grid.cells[String(grid.finest)];
  if (finestCells === undefined) throw new InputError(root, [`the grid has no cells of resolution ${grid.finest}`]);
  const cellOf = rowsOfFinest(r8, finestCells);
  const placeOf = rowsOfFinest(table(`grid/r${PLACE_RESOLUTION}.arrow`), finestCells);
  const districts = districtRows(table('divisions.arrow'));
  const columns = factColumns(
    manifest.files.filter((file) => file.kind === 'facts').map((file) => tableFromIPC(bytes(file))),
    {
      finest: grid.finest,
      cellOf,
      placeOf,
      districtOf: districts.districtOf,
      groups: groupIds(dictionaries.categories),
    },
  );
  const weeks = Int32Array.from(manifest.weeks, ({ firstDay }) => firstDay);
  const coarseCells = [...new Set(cells.map((cell) => cellToParent(cell, RESOLUTION - 1)))].sort();
  const coarseAt = new Map(coarseCells.map((cell, i) => [cell, i]));
  const rowOf = new Map(coverage.divisions.map((id, i) => [id, i + 1]));
  const facts: CityFacts = {
    ...columns,
    window: manifest.window,
    cells,
    cellArea: Float64Array.from(cells, (_, i) => (endId[i] as number) - (firstId[i] as number)),
    coarseOf: Uint32Array.from(cells, (cell) => coarseAt.get(cellToParent(cell, RESOLUTION - 1)) as number),
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
  return { manifest, facts };
}

const column = (table: Table, name: string) => {
  const found = table.getChild(name);
  if (!found) throw new Error(`the table has no column ${name}`);
  return found;
};
/** Values of a column; what stands under a null must not be read. */
const numbers = (table: Table, name: string): ArrayLike<number> => column(table, name).toArray();
const hexes = (table: Table): string[] =>
  Array.from(column(table, 'h3').toArray() as BigUint64Array, (h3) => h3.toString(16));

/** Row of a coarser grid for every finest cell. */
function rowsOfFinest(coarse: Table, finestCells: number): Int32Array {
  const [firstId, endId] = [numbers(coarse, 'first_id'), numbers(coarse, 'end_id')];
  const rows = new Int32Array(finestCells);
  for (let i = 0; i < coarse.numRows; i++) rows.fill(i, firstId[i] as number, endId[i] as number);
  return rows;
}

/** Level-1 divisions, and for every division the position of its own one (−1 = none). */
function districtRows(table: Table): { list: { id: number; name: string }[]; districtOf: Int32Array } {
  const level = numbers(table, 'level');
  const end = numbers(table, 'end');
  const names = column(table, 'name');
  const list: { id: number; name: string }[] = [];
  const districtOf = new Int32Array(table.numRows).fill(-1);
  for (let id = 0; id < table.numRows; id++) {
    if (level[id] !== 1) continue;
    districtOf.fill(list.length, id, end[id] as number);
    list.push({ id, name: String(names.get(id)) });
  }
  return { list, districtOf };
}

type FactColumns = Pick<
  CityFacts,
  'day' | 'cell' | 'placeCell' | 'exactCell' | 'district' | 'source' | 'category' | 'group' | 'closeHours'
>;

function factColumns(
  tables: readonly Table[],
  of: {
    readonly finest: number;
    readonly cellOf: Int32Array;
    readonly placeOf: Int32Array;
    readonly districtOf: Int32Array;
    readonly groups: Uint16Array;
  },
): FactColumns {
  const rows = tables.reduce((sum, table) => sum + table.numRows, 0);
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
    const [day, res] = [numbers(table, 'day'), numbers(table, 'res')];
    const [source, category] = [numbers(table, 'source'), numbers(table, 'category')];
    const cellId = column(table, 'cell_id');
    const division = column(table, 'division');
    const close = column(table, 'close_hours');
    for (let i = 0; i < table.numRows; i++, at++) {
      out.day[at] = day[i] as number;
      out.source[at] = source[i] as number;
      out.category[at] = category[i] as number;
      out.group[at] = of.groups[category[i] as number] as number;
      const id: number | null = cellId.get(i);
      // A coarsened incident lies somewhere in the coarser cell: it has no cell of a finer resolution.
      if (id !== null && (res[i] as number) >= RESOLUTION) out.cell[at] = of.cellOf[id] as number;
      if (id !== null && (res[i] as number) >= PLACE_RESOLUTION) out.placeCell[at] = of.placeOf[id] as number;
      if (id !== null && (res[i] as number) >= of.finest) out.exactCell[at] = id;
      const deepest: number | null = division.get(i);
      if (deepest !== null) out.district[at] = of.districtOf[deepest] as number;
      const hours: number | null = close.get(i);
      if (hours !== null) out.closeHours[at] = hours;
    }
  }
  return out;
}
