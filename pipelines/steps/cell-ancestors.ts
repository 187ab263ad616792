import type { CoarseGrid } from '../../core/grid/study-grid.ts';
import { CUBE_RESOLUTIONS } from '../sql/plan.ts';
import { NONE_U32 } from './incident-columns.ts';

/** Per cell of the finest resolution: row of the cell that holds it, in the grid of each coarser resolution; NONE_U32 = in none. */
export type CellAncestors = Readonly<Record<`r${(typeof CUBE_RESOLUTIONS)[number]}`, Uint32Array>>;

/** @param cells number of cells of the finest resolution */
export function cellAncestors(coarse: readonly CoarseGrid[], cells: number): CellAncestors {
  const [r7, r8, r9] = CUBE_RESOLUTIONS.map((resolution) => {
    const grid = coarse.find((candidate) => candidate.resolution === resolution) as CoarseGrid;
    const rowOf = new Uint32Array(cells).fill(NONE_U32);
    for (let row = 0; row < grid.h3.length; row++)
      rowOf.fill(row, grid.firstId[row] as number, grid.endId[row] as number);
    return rowOf;
  }) as [Uint32Array, Uint32Array, Uint32Array];
  return { r7, r8, r9 };
}
