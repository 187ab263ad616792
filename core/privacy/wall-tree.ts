import { WALL_PLACE } from '../contract/wall-tables.ts';
import type { Tree } from './partition.ts';

/** "No cell" and "unlocated" among the codes of the pipeline. */
export const NONE = 0xffffffff;

/** Per row of the resolution-8 grid: its row in the grids of 7, 6 and 5. */
export interface CellParents {
  readonly r7: Uint32Array;
  readonly r6: Uint32Array;
  readonly r5: Uint32Array;
}

/**
 * The city as a tree: city > level-1 division > resolution 5 > 6 > 7 > 8 (cells cut by the division) > category group. Only what had
 * a report in some row is in it. Node by node: what it is; NONE where the node does not say.
 */
export interface PlaceTree extends Tree {
  readonly place: Uint8Array;
  readonly division: Uint32Array;
  readonly cell: Uint32Array;
  readonly group: Uint32Array;
}

/** A place of a report: level-1 division (NONE = unlocated) and row of the resolution-8 grid (NONE = known to the division only). */
export interface Places {
  readonly division: Uint32Array;
  readonly cell: Uint32Array;
}

/** Per row of `places` the index of its part (a distinct division and cell), parts in the order of division, then cell; NONE last. */
export interface Parts {
  readonly of: Uint32Array;
  readonly division: Uint32Array;
  readonly cell: Uint32Array;
}

/** Distinct places, by counting: O(rows + divisions × cells). */
export function partsOf(
  { division, cell }: Places,
  size: { readonly divisions: number; readonly cells: number },
): Parts {
  const width = size.cells + 1;
  const slots = new Int32Array((size.divisions + 1) * width).fill(-1);
  const slot = new Uint32Array(division.length);
  for (let i = 0; i < division.length; i++) {
    const d = division[i] as number;
    const c = cell[i] as number;
    if ((d !== NONE && d >= size.divisions) || (c !== NONE && c >= size.cells))
      throw new RangeError(
        `row ${i}: division ${d}, cell ${c} are not of a city of ${size.divisions} and ${size.cells}`,
      );
    const at = (d === NONE ? size.divisions : d) * width + (c === NONE || d === NONE ? size.cells : c);
    slot[i] = at;
    slots[at] = 0;
  }
  const divisions: number[] = [];
  const cells: number[] = [];
  for (let at = 0; at < slots.length; at++) {
    if (slots[at] === -1) continue;
    slots[at] = divisions.length;
    const d = Math.floor(at / width);
    divisions.push(d === size.divisions ? NONE : d);
    cells.push(at % width === size.cells ? NONE : at % width);
  }
  for (let i = 0; i < slot.length; i++) slot[i] = slots[slot[i] as number] as number;
  return { of: slot, division: Uint32Array.from(divisions), cell: Uint32Array.from(cells) };
}

/**
 * @param groupsOf flags per part and group: 1 = some row has them
 * @param finest resolution of the finest cells, 5..8; a part must then be the first of its cell of that resolution (`firstCells`)
 * @returns the tree, and per part and group the leaf
 */
export function placeTree(
  parts: Parts,
  parents: CellParents,
  { groupsOf, groups, finest }: { readonly groupsOf: Uint8Array; readonly groups: number; readonly finest: number },
): { tree: PlaceTree; leaf: Uint32Array } {
  const parent: number[] = [-1];
  const place: number[] = [WALL_PLACE.city];
  const division: number[] = [NONE];
  const cell: number[] = [NONE];
  const group: number[] = [NONE];
  const add = (up: number, kind: number, d: number, c: number, g: number): number => {
    parent.push(up);
    place.push(kind);
    division.push(d);
    cell.push(c);
    group.push(g);
    return parent.length - 1;
  };
  const leaf = new Uint32Array(parts.cell.length * groups).fill(NONE);
  const grids = [parents.r5, parents.r6, parents.r7];
  const steps = finest - 4;
  const open = new Array<number>(steps).fill(-1);
  let district = -1;
  for (let i = 0; i < parts.cell.length; i++) {
    const d = parts.division[i] as number;
    const c = parts.cell[i] as number;
    if (i === 0 || d !== parts.division[i - 1]) {
      district = add(0, WALL_PLACE.division, d, NONE, NONE);
      open.fill(-1);
    }
    let up = district;
    // The unlocated have no place below their division node; reports known to a division only stand beside its cells.
    if (c === NONE && d !== NONE) up = add(district, WALL_PLACE.divisionOnly, d, NONE, NONE);
    for (let step = 0; c !== NONE && step < steps; step++) {
      const row = step < 3 ? ((grids[step] as Uint32Array)[c] as number) : c;
      if (open[step] === -1 || cell[open[step] as number] !== row) {
        open[step] = add(up, 5 + step, d, row, NONE);
        open.fill(-1, step + 1);
      }
      up = open[step] as number;
    }
    for (let g = 0; g < groups; g++)
      if (groupsOf[i * groups + g] === 1) leaf[i * groups + g] = add(up, place[up] as number, d, cell[up] as number, g);
  }
  const end = new Int32Array(parent.length);
  for (let node = parent.length - 1; node >= 0; node--) {
    end[node] = Math.max(end[node] as number, node + 1);
    const up = parent[node] as number;
    if (up >= 0) end[up] = Math.max(end[up] as number, end[node] as number);
  }
  const tree = {
    parent: Int32Array.from(parent),
    end,
    place: Uint8Array.from(place),
    division: Uint32Array.from(division),
    cell: Uint32Array.from(cell),
    group: Uint32Array.from(group),
  };
  return { tree, leaf };
}

/** Per cell of resolution 8 the first cell with the same parent of a coarser resolution: one name for all that may not be told apart. */
export function firstCells(parents: CellParents, resolution: number): Uint32Array {
  const rows = resolution === 7 ? parents.r7 : resolution === 6 ? parents.r6 : parents.r5;
  const first = new Uint32Array(rows.length);
  for (let c = 0; c < rows.length; c++) first[c] = c > 0 && rows[c] === rows[c - 1] ? (first[c - 1] as number) : c;
  return first;
}
