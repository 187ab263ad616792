import { gridDisk, isValidCell } from 'h3-js';

/**
 * Neighbours of every cell of a closed study area, one after the other (compressed sparse rows).
 * Neighbours of cell i: `neighbours[offsets[i]] … neighbours[offsets[i + 1] - 1]`, ascending, positions in the cell list, i itself left out.
 */
export interface NeighbourLists {
  /** One more than there are cells; starts with 0. */
  readonly offsets: Uint32Array;
  readonly neighbours: Int32Array;
}

/** Grows while it is filled; amortised O(1) a value. */
class Int32Builder {
  #values: Int32Array;
  length = 0;
  constructor(capacity: number) {
    this.#values = new Int32Array(Math.max(16, capacity));
  }
  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Int32Array(this.#values.length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.length++] = value;
  }
  /** Sorts what was pushed since `from`. */
  sortFrom(from: number): void {
    const values = this.#values;
    if (this.length - from > 64) {
      values.subarray(from, this.length).sort();
      return;
    }
    for (let i = from + 1; i < this.length; i++) {
      const value = values[i]!;
      let at = i - 1;
      while (at >= from && values[at]! > value) {
        values[at + 1] = values[at]!;
        at--;
      }
      values[at + 1] = value;
    }
  }
  done(): Int32Array {
    return this.#values.slice(0, this.length);
  }
}

/**
 * k-ring disks of H3 cells, clipped to the study area: every listed cell at grid distance 1 … k, however the path to it runs.
 * A pentagon has 5 neighbours at k = 1; a cell at the edge has those that are in the list; an island has none.
 * The list must hold every cell of the area, also those without incidents: a cell left out is no neighbour.
 *
 * Unit: positions. Throws a RangeError on a cell listed twice, a text that is no H3 cell, mixed resolutions or k outside 1 … 20:
 * those are faults of the study area, not of the data. Cost: about 11 µs a cell at k = 1 (H3 does the work), O(k²).
 */
export function diskNeighbours(cells: readonly string[], options: { readonly k: number }): NeighbourLists {
  const { k } = options;
  if (!Number.isInteger(k) || k < 1 || k > 20) throw new RangeError(`k is ${k}, not a whole number from 1 to 20`);
  const position = new Map<string, number>();
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    if (!isValidCell(cell)) throw new RangeError(`${cell} is not an H3 cell`);
    if (position.has(cell)) throw new RangeError(`cell ${cell} is listed twice`);
    if (cell.length !== 15 || cell[1] !== cells[0]![1])
      throw new RangeError(`cell ${cell} is not of the resolution of the first cell, ${cells[0]}`);
    position.set(cell, i);
  }
  const offsets = new Uint32Array(cells.length + 1);
  const list = new Int32Builder(cells.length * (k === 1 ? 6 : 18));
  for (let i = 0; i < cells.length; i++) {
    const start = list.length;
    let disk: string[];
    try {
      disk = gridDisk(cells[i]!, k);
    } catch (cause) {
      throw new RangeError(`${cells[i]} is not an H3 cell`, { cause });
    }
    for (let d = 0; d < disk.length; d++) {
      const j = position.get(disk[d]!);
      if (j !== undefined && j !== i) list.push(j);
    }
    list.sortFrom(start);
    offsets[i + 1] = list.length;
  }
  return { offsets, neighbours: list.done() };
}

/** Neighbour lists given as arrays. Throws a RangeError on an index outside the list, the cell itself, or a neighbour named twice. */
export function neighboursOf(lists: readonly (readonly number[])[]): NeighbourLists {
  const offsets = new Uint32Array(lists.length + 1);
  for (let i = 0; i < lists.length; i++) offsets[i + 1] = offsets[i]! + lists[i]!.length;
  const neighbours = new Int32Array(offsets[lists.length]!);
  for (let i = 0; i < lists.length; i++) {
    const own = Int32Array.from(lists[i]!).sort();
    for (let d = 0; d < own.length; d++) {
      const j = own[d]!;
      if (j < 0 || j >= lists.length || j === i || j === own[d - 1])
        throw new RangeError(`neighbour ${j} of cell ${i} is outside the list, the cell itself, or named twice`);
    }
    neighbours.set(own, offsets[i]!);
  }
  return { offsets, neighbours };
}

/** Points in projected metres (any plane unit, the same for both). */
export interface PlanePoints {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Every other point at a distance of at most `radius` (unit of the points). Cost O(n²): for tests and small sets. */
export function bandNeighbours(points: PlanePoints, options: { readonly radius: number }): NeighbourLists {
  const n = points.x.length;
  const offsets = new Uint32Array(n + 1);
  const list = new Int32Builder(n * 6);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (j !== i && Math.hypot(points.x[i]! - points.x[j]!, points.y[i]! - points.y[j]!) <= options.radius)
        list.push(j);
    }
    offsets[i + 1] = list.length;
  }
  return { offsets, neighbours: list.done() };
}

/** Largest number of neighbours of any cell; 0 for an empty list. */
export function largestDegree({ offsets }: NeighbourLists): number {
  let largest = 0;
  for (let i = 1; i < offsets.length; i++) largest = Math.max(largest, offsets[i]! - offsets[i - 1]!);
  return largest;
}
