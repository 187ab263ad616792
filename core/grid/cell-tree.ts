import type { IdRange } from './id-range.ts';

/** A range of finest cells that are exactly one or more whole cells of resolution `res`, and of no coarser one inside the set. */
export interface WholeRange extends IdRange {
  readonly res: number;
}

/** The coarser cells over a list of finest cells: ids follow the order of H3 indexes, so that a coarser cell is one range of ids. */
export interface CellTree {
  readonly finest: number;
  readonly coarsest: number;
  /** Ids at which a cell of the resolution begins, ascending, the number of all cells last. */
  starts(resolution: number): Uint32Array;
}

/** @param h3 finest cells, ascending */
export function cellTree(h3: BigUint64Array, finest: number, coarsest: number): CellTree {
  const known = new Map<number, Uint32Array>();
  const words = new Uint32Array(h3.buffer, h3.byteOffset, h3.length * 2);
  return {
    finest,
    coarsest,
    starts: (resolution) => {
      const made = known.get(resolution) ?? startsOf(words, resolution);
      known.set(resolution, made);
      return made;
    },
  };
}

/** An index has its digits from the top down, three bits each; those below resolution r are the lowest 3 (15 − r) bits. */
function startsOf(words: Uint32Array, resolution: number): Uint32Array {
  const below = 3 * (15 - resolution);
  const lowMask = below >= 32 ? 0 : (0xffffffff << below) >>> 0;
  const highMask = below > 32 ? (0xffffffff << (below - 32)) >>> 0 : 0xffffffff;
  const starts: number[] = [];
  const cells = words.length / 2;
  for (let id = 0; id < cells; id++) {
    const low = ((words[2 * id] as number) ^ (words[2 * id - 2] ?? 0)) & lowMask;
    const high = ((words[2 * id + 1] as number) ^ (words[2 * id - 1] ?? 0)) & highMask;
    if (id === 0 || low !== 0 || high !== 0) starts.push(id);
  }
  starts.push(cells);
  return Uint32Array.from(starts);
}

/**
 * The ranges cut where the coarsest whole cell changes. An incident whose place is published down to resolution q counts in a set of
 * cells when all of its cell at q lies in it, that is where `res <= q`: so one look at its cell id and its q decides.
 * Cells of the grid only: what of a coarser cell lies outside the study area is not asked for.
 */
export function wholeRanges(ranges: readonly IdRange[], tree: CellTree): readonly WholeRange[] {
  const whole: { id: number; end: number; res: number }[] = [];
  for (const range of ranges) {
    for (let id = range.id; id < range.end; ) {
      const { end, res } = wholeFrom(id, range.end, tree);
      const last = whole.at(-1);
      if (last?.end === id && last.res === res) last.end = end;
      else whole.push({ id, end, res });
      id = end;
    }
  }
  return whole;
}

function wholeFrom(id: number, limit: number, tree: CellTree): { readonly end: number; readonly res: number } {
  for (let res = tree.coarsest; res < tree.finest; res++) {
    const starts = tree.starts(res);
    const row = rowHolding(starts, id);
    const end = starts[row + 1] as number;
    if (starts[row] === id && end <= limit) return { end, res };
  }
  return { end: id + 1, res: tree.finest };
}

/** Per coarser resolution the cells that lie in the set in part: `res` is exactly that resolution. Ascending by res, then id. */
export function partRanges(ranges: readonly WholeRange[], tree: CellTree): readonly WholeRange[] {
  const parts: { id: number; end: number; res: number }[] = [];
  for (let res = tree.coarsest; res < tree.finest; res++) {
    const starts = tree.starts(res);
    for (const range of ranges) {
      if (range.res <= res) continue;
      for (let at = range.id; at < range.end; ) {
        const row = rowHolding(starts, at);
        const [id, end] = [starts[row] as number, starts[row + 1] as number];
        const last = parts.at(-1);
        if (last?.res === res && last.end >= id) last.end = Math.max(last.end, end);
        else parts.push({ id, end, res });
        at = end;
      }
    }
  }
  return parts;
}

/** Index of the last start at or before the id. */
export function rowHolding(starts: Uint32Array, id: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as number) <= id) low = middle;
    else high = middle;
  }
  return low;
}
