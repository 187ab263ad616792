/** Half-open range of cell ids. Lists of them are ascending and disjoint, and neighbours are joined. */
export interface IdRange {
  readonly id: number;
  readonly end: number;
}

/** Ascending ids, each once → ranges. */
export function rangesOfIds(ids: Iterable<number>): readonly IdRange[] {
  const ranges: { id: number; end: number }[] = [];
  for (const id of ids) {
    const last = ranges.at(-1);
    if (last?.end === id) last.end = id + 1;
    else ranges.push({ id, end: id + 1 });
  }
  return ranges;
}

export function* idsOfRanges(ranges: readonly IdRange[]): Generator<number> {
  for (const { id, end } of ranges) for (let at = id; at < end; at++) yield at;
}

export const cellsIn = (ranges: readonly IdRange[]): number => ranges.reduce((sum, { id, end }) => sum + end - id, 0);

export type RangeRule = (inA: boolean, inB: boolean) => boolean;
export const UNION: RangeRule = (inA, inB) => inA || inB;
export const INTERSECTION: RangeRule = (inA, inB) => inA && inB;
export const DIFFERENCE: RangeRule = (inA, inB) => inA && !inB;

/** One walk over the ends of both lists. `rule(false, false)` must be false. */
export function combinedRanges(a: readonly IdRange[], b: readonly IdRange[], rule: RangeRule): readonly IdRange[] {
  const ranges: IdRange[] = [];
  let [i, j] = [0, 0];
  let start: number | null = null;
  while (i < 2 * a.length || j < 2 * b.length) {
    const at = Math.min(edge(a, i), edge(b, j));
    if (edge(a, i) === at) i++;
    if (edge(b, j) === at) j++;
    const inside = rule(i % 2 === 1, j % 2 === 1);
    if (inside && start === null) start = at;
    else if (!inside && start !== null) {
      ranges.push({ id: start, end: at });
      start = null;
    }
  }
  return ranges;
}

/** First id, end, first id, end, …; ∞ past the last. */
function edge(ranges: readonly IdRange[], i: number): number {
  const range = ranges[i >> 1];
  if (!range) return Infinity;
  return i % 2 === 0 ? range.id : range.end;
}
