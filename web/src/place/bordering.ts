import { gridDisk } from 'h3-js';
import { type Divisions, type FinestGrid, NO_DIVISION } from '../snapshot/model.ts';
import { rowOfIndex } from '../snapshot/place.ts';

/**
 * Divisions of the same level that touch a division: one of its finest cells lies beside, or is shared with, one of theirs. In id order.
 * Cost: about 10 µs a cell on its edge.
 */
export function borderingDivisions(id: number, grid: FinestGrid, divisions: Divisions): readonly number[] {
  const end = divisions.end[id] as number;
  const level = divisions.level[id] as number;
  const found = new Set<number>();
  for (let cell = 0; cell < grid.h3.length; cell++) {
    const own = grid.division[cell] as number;
    if (own < id || own >= end || own === NO_DIVISION || grid.straddles[cell] !== 1) continue;
    for (const near of gridDisk((grid.h3[cell] as bigint).toString(16), 1)) {
      const row = rowOfIndex(grid.h3, near);
      const of = row < 0 ? NO_DIVISION : (grid.division[row] as number);
      if (of === NO_DIVISION || (of >= id && of < end)) continue;
      const alike = atLevel(of, level, divisions);
      if (alike !== null && alike !== id) found.add(alike);
    }
  }
  return [...found].sort((a, b) => a - b);
}

/** The division of that level which holds it; null = it lies above that level. */
export function atLevel(id: number, level: number, { level: levels, parent }: Divisions): number | null {
  let at: number | null = id;
  while (at !== null && (levels[at] as number) > level) at = parent[at] ?? null;
  return at !== null && levels[at] === level ? at : null;
}

/** Rows of the cells around one, those that the study area has. */
export function ringRows(h3: string, grid: { readonly h3: BigUint64Array }): readonly number[] {
  return gridDisk(h3, 1)
    .filter((near) => near !== h3)
    .map((near) => rowOfIndex(grid.h3, near))
    .filter((row) => row >= 0)
    .sort((a, b) => a - b);
}
