/** Per row of a resolution: its finest descendants are exactly `firstId <= cell_id < endId`. Ascending, disjoint. */
export interface IdRanges {
  readonly firstId: Uint32Array;
  readonly endId: Uint32Array;
}

/** One row per finest cell and resolution with incidents, in any order; the same cell may occur more than once. */
export interface SparseCounts {
  readonly cellId: Uint32Array;
  /** Finest resolution at which the row's place may be shown. */
  readonly res: Uint8Array;
  readonly n: Uint32Array;
}

export interface DenseCounts {
  /** One count per row of the target resolution. */
  readonly n: Uint32Array;
  /** Incidents left out because their place may only be shown coarser than the target. */
  readonly withheld: number;
}

/**
 * Sparse finest counts → dense counts of a coarser resolution. Σ n + withheld = Σ counts.n.
 *
 * @throws RangeError when a cell id lies in no range: counts and grid are not of one snapshot.
 */
export function rollUp(counts: SparseCounts, ranges: IdRanges, resolution: number): DenseCounts {
  const n = new Uint32Array(ranges.firstId.length);
  let withheld = 0;
  let row = 0;
  for (let i = 0; i < counts.cellId.length; i++) {
    const incidents = counts.n[i]!;
    if (counts.res[i]! < resolution) {
      withheld += incidents;
      continue;
    }
    row = rowHolding(ranges, counts.cellId[i]!, row);
    n[row] = n[row]! + incidents;
  }
  return { n, withheld };
}

/** Sparse finest counts → dense counts at the finest resolution itself, where row number = cell id. */
export function spread(counts: SparseCounts, cells: number, finest: number): DenseCounts {
  const n = new Uint32Array(cells);
  let withheld = 0;
  for (let i = 0; i < counts.cellId.length; i++) {
    const incidents = counts.n[i]!;
    if (counts.res[i]! < finest) {
      withheld += incidents;
      continue;
    }
    const id = counts.cellId[i]!;
    if (id >= cells) throw new RangeError(`cell id ${id} is not in a grid of ${cells} cells`);
    n[id] = n[id]! + incidents;
  }
  return { n, withheld };
}

/** Dense counts of one resolution → dense counts of a coarser one. The sum is preserved. */
export function rollUpDense(n: Uint32Array, from: IdRanges, to: IdRanges): Uint32Array {
  const out = new Uint32Array(to.firstId.length);
  let row = 0;
  for (let i = 0; i < n.length; i++) {
    const incidents = n[i]!;
    if (incidents === 0) continue;
    row = rowHolding(to, from.firstId[i]!, row);
    out[row] = out[row]! + incidents;
  }
  return out;
}

/** Counts come sorted as a rule: the last row or the one after it is tried before searching. */
function rowHolding({ firstId, endId }: IdRanges, id: number, hint: number): number {
  if (id >= firstId[hint]! && id < endId[hint]!) return hint;
  const next = hint + 1;
  if (next < firstId.length && id >= firstId[next]! && id < endId[next]!) return next;
  let low = 0;
  let high = firstId.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (id < firstId[middle]!) high = middle - 1;
    else if (id >= endId[middle]!) low = middle + 1;
    else return middle;
  }
  throw new RangeError(`cell id ${id} lies in no cell of the coarser grid`);
}
