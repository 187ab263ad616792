import { type CoarseGrid, type Divisions, type FinestGrid, NO_DIVISION, pathOf } from './model.ts';

/** A cell of any resolution, as rows of the grids. */
export interface PlacedCell {
  readonly h3: string;
  readonly resolution: number;
  /** Row in the grid of its resolution. */
  readonly row: number;
  /** Its finest cells: id <= cell_id < end. */
  readonly id: number;
  readonly end: number;
}

/** An H3 index carries its resolution in bits 52..55: the second hexadecimal digit of the 15. */
export function resolutionOf(h3: string): number {
  return Number.parseInt(h3.charAt(1), 16);
}

export function rowOfIndex(sorted: BigUint64Array, h3: string): number {
  const wanted = BigInt(`0x${h3}`);
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as bigint) < wanted) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === wanted ? low : -1;
}

/** null = the cell is not in the study area of this snapshot. */
export function placeCell(h3: string, grid: CoarseGrid | FinestGrid): PlacedCell | null {
  const row = rowOfIndex(grid.h3, h3);
  if (row < 0) return null;
  const coarse = 'endId' in grid;
  return {
    h3,
    resolution: resolutionOf(h3),
    row,
    id: coarse ? (grid.firstId[row] as number) : row,
    end: coarse ? (grid.endId[row] as number) : row + 1,
  };
}

export interface CellPlace {
  /** Deepest division holding every finest cell of it; from the city (0) down. */
  readonly path: readonly number[];
  /** The divisions one level below that share the cell, when there are several. */
  readonly shared: readonly number[];
  readonly straddles: boolean;
  /** No finest cell has its centre in any division. */
  readonly outside: boolean;
}

export function placeOf(cell: Pick<PlacedCell, 'id' | 'end'>, grid: FinestGrid, divisions: Divisions): CellPlace {
  const found = new Set<number>();
  let straddles = false;
  for (let id = cell.id; id < cell.end; id++) {
    const division = grid.division[id] as number;
    if (division !== NO_DIVISION) found.add(division);
    if (grid.straddles[id] === 1) straddles = true;
  }
  if (found.size === 0) return { path: [0], shared: [], straddles, outside: true };
  const paths = [...found].map((division) => pathOf(divisions, division));
  const first = paths[0] as readonly number[];
  let depth = 1;
  while (depth < first.length && paths.every((path) => path[depth] === first[depth])) depth++;
  const below = new Set(paths.flatMap((path) => (path[depth] === undefined ? [] : [path[depth] as number])));
  return {
    path: first.slice(0, depth),
    shared: below.size > 1 ? [...below].sort((a, b) => a - b) : [],
    straddles,
    outside: false,
  };
}

/** WGS 84 degrees around the cells whose centre lies in the division; null = none does. */
export function divisionBounds(
  range: { readonly id: number; readonly end: number },
  finest: FinestGrid,
  coarse: CoarseGrid,
): readonly [number, number, number, number] | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let row = 0; row < coarse.h3.length; row++) {
    let inside = false;
    for (let id = coarse.firstId[row] as number; id < (coarse.endId[row] as number) && !inside; id++) {
      const division = finest.division[id] as number;
      inside = division >= range.id && division < range.end && division !== NO_DIVISION;
    }
    if (!inside) continue;
    west = Math.min(west, (coarse.lngE6[row] as number) / 1e6);
    east = Math.max(east, (coarse.lngE6[row] as number) / 1e6);
    south = Math.min(south, (coarse.latE6[row] as number) / 1e6);
    north = Math.max(north, (coarse.latE6[row] as number) / 1e6);
  }
  return west <= east ? [west, south, east, north] : null;
}

const EDGE_KM = [1281.256, 483.057, 182.513, 68.979, 26.072, 9.854, 3.725, 1.406, 0.531, 0.201, 0.0759] as const;

/** Mean edge length of a resolution in metres (h3geo.org, table of cell statistics), to two digits. */
export function edgeMetres(resolution: number): number {
  return Number(((EDGE_KM[resolution] ?? 0) * 1000).toPrecision(2));
}
