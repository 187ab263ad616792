import type { Sheet } from '../../../export/sheet.ts';
import { classColours } from '../../../layers/ramp.ts';
import type { CellFill, Theme } from '../../../map/contract.ts';
import type { CoarseGrid, FinestGrid } from '../../../snapshot/model.ts';
import { resolutionOf, rowOfIndex } from '../../../snapshot/place.ts';
import type { SqlOnMap } from './console-store.ts';

const CELL = /^8[0-9a-f]{14}$/;
const MOST_CLASSES = 5;

/** Columns of a result that can fill hexagons; empty = it cannot be drawn. */
export function mapColumns({ columns }: Sheet): readonly string[] {
  if (!columns.some(({ name }) => name.toLowerCase() === 'h3')) return [];
  return columns.filter(({ kind }) => kind !== 'text').map(({ name }) => name);
}

/** The values by cell, of the resolution that most rows have; null = no row can be drawn. A cell that comes twice counts once: the first. */
export function resultOnMap(
  sheet: Sheet,
  column: string,
  { sql, coarsest, finest }: { readonly sql: string; readonly coarsest: number; readonly finest: number },
): SqlOnMap | null {
  const h3At = sheet.columns.findIndex(({ name }) => name.toLowerCase() === 'h3');
  const valueAt = sheet.columns.findIndex(({ name }) => name === column);
  const byResolution = new Map<number, Map<string, number>>();
  for (const row of sheet.rows) {
    const [h3, value] = [row[h3At], row[valueAt]];
    if (typeof h3 !== 'string' || !CELL.test(h3) || typeof value !== 'number' || !Number.isFinite(value)) continue;
    const resolution = resolutionOf(h3);
    if (resolution < coarsest || resolution > finest) continue;
    const cells = byResolution.get(resolution) ?? new Map<string, number>();
    if (!cells.has(h3)) cells.set(h3, value);
    byResolution.set(resolution, cells);
  }
  const [resolution, cells] = [...byResolution].sort((a, b) => b[1].size - a[1].size)[0] ?? [];
  if (resolution === undefined || !cells) return null;
  const values = [...cells].map(([h3, value]) => ({ h3, value }));
  return { sql, column, resolution, values, left: sheet.rows.length - values.length };
}

export interface SqlFill {
  readonly fill: CellFill;
  /** Class i holds values from `from[i]` up to the next; the last is open. */
  readonly from: readonly number[];
  readonly colours: readonly string[];
  /** Cells that are not in the study area. */
  readonly outside: number;
}

/** Quantile classes of the values, equal ones together. */
export function sqlFill({ values, resolution }: SqlOnMap, grid: CoarseGrid | FinestGrid, theme: Theme): SqlFill {
  const sorted = values.map(({ value }) => value).sort((a, b) => a - b);
  const from: number[] = [];
  for (let i = 0; i < MOST_CLASSES; i++) {
    const value = sorted[Math.floor((i * sorted.length) / MOST_CLASSES)];
    if (value !== undefined && (from.length === 0 || value > (from.at(-1) as number))) from.push(value);
  }
  const colours = classColours(theme, from.length);
  const classes = new Uint32Array(grid.h3.length);
  let outside = 0;
  for (const { h3, value } of values) {
    const row = rowOfIndex(grid.h3, h3);
    if (row < 0) {
      outside++;
      continue;
    }
    let at = 0;
    while (at + 1 < from.length && value >= (from[at + 1] as number)) at++;
    classes[row] = at + 1;
  }
  return { fill: { resolution, finest: resolution, cells: { resolution, classes, colours } }, from, colours, outside };
}
