import { gridDisk } from 'h3-js';

/** Cells within k steps of each cell, inside the study area only: members of cell i are `members[starts[i] .. starts[i + 1])`. */
export interface Disks {
  readonly starts: Uint32Array;
  readonly members: Uint16Array;
}

/** Disks of radius `k`, the centre included and first, clipped to the given cells. Cost O(cells × k²). */
export function clippedDisks(cells: readonly string[], k: number): Disks {
  const numbers = new Map(cells.map((cell, i) => [cell, i]));
  const lists = cells.map((cell, i) => [
    i,
    ...gridDisk(cell, k)
      .map((member) => numbers.get(member))
      .filter((member): member is number => member !== undefined && member !== i),
  ]);
  const starts = new Uint32Array(cells.length + 1);
  lists.forEach((list, i) => {
    starts[i + 1] = starts[i]! + list.length;
  });
  return { starts, members: Uint16Array.from(lists.flat()) };
}

/** Sum of `values` over the disk of every cell, written to `sums`. */
export function diskSums(disks: Disks, values: Float64Array, sums: Float64Array): void {
  const { starts, members } = disks;
  for (let i = 0; i < sums.length; i++) {
    let sum = 0;
    const end = starts[i + 1]!;
    for (let j = starts[i]!; j < end; j++) sum += values[members[j]!]!;
    sums[i] = sum;
  }
}

export const diskCells = (disks: Disks, cell: number): number[] =>
  Array.from(disks.members.subarray(disks.starts[cell]!, disks.starts[cell + 1]!));
