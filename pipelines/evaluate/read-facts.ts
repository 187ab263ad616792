import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Table, tableFromIPC } from 'apache-arrow';
import { Coverage } from '../../core/contract/coverage.ts';
import { type FileEntry, fileAt, type Manifest } from '../../core/contract/manifest.ts';
import type { CityFacts } from '../../core/evaluate/backtest/city-facts.ts';
import {
  type FactTable,
  type GridColumns,
  PLACE_RESOLUTION,
  publishedFacts,
  REPLAY_RESOLUTION,
} from '../../core/evaluate/backtest/published-facts.ts';
import type { CityCalendar } from '../../core/time/city-calendar.ts';
import { InputError } from '../errors.ts';
import { currentManifest } from '../verify.ts';

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
  const { grid } = manifest;
  if (grid.cells[String(grid.finest)] === undefined)
    throw new InputError(root, [`the grid has no cells of resolution ${grid.finest}`]);
  const divisions = table('divisions.arrow');
  const names = column(divisions, 'name');
  const facts = publishedFacts(
    {
      manifest,
      coverage,
      cells: gridColumns(table(`grid/r${REPLAY_RESOLUTION}.arrow`)),
      places: gridColumns(table(`grid/r${PLACE_RESOLUTION}.arrow`)),
      divisions: {
        rows: divisions.numRows,
        level: numbers(divisions, 'level'),
        end: numbers(divisions, 'end'),
        name: (row) => String(names.get(row)),
      },
      facts: manifest.files.filter((file) => file.kind === 'facts').map((file) => factTable(tableFromIPC(bytes(file)))),
    },
    calendar,
  );
  return { manifest, facts };
}

const column = (table: Table, name: string) => {
  const found = table.getChild(name);
  if (!found) throw new Error(`the table has no column ${name}`);
  return found;
};
/** Values of a column; what stands under a null must not be read. */
const numbers = (table: Table, name: string): ArrayLike<number> => column(table, name).toArray();
const nullable = (table: Table, name: string): ((row: number) => number | null) => {
  const values = column(table, name);
  return (row) => values.get(row);
};

const gridColumns = (table: Table): GridColumns => ({
  h3: Array.from(column(table, 'h3').toArray() as BigUint64Array, (h3) => h3.toString(16)),
  firstId: numbers(table, 'first_id'),
  endId: numbers(table, 'end_id'),
});

const factTable = (table: Table): FactTable => ({
  rows: table.numRows,
  day: numbers(table, 'day'),
  res: numbers(table, 'res'),
  source: numbers(table, 'source'),
  category: numbers(table, 'category'),
  cellId: nullable(table, 'cell_id'),
  division: nullable(table, 'division'),
  closeHours: nullable(table, 'close_hours'),
});
