import type { Block } from './facts.ts';
import type { FilterTables } from './passes.ts';

/** Stands for "not shown at this resolution". */
export const NO_ROW = 0xffffffff;

/** Counts below this are an address, rarer larger ones a key. */
const DENSE = 4096;

/**
 * How many (cell, window) pairs hold each count above 0, over all windows of `length` consecutive weeks. A cell's count stands for all
 * window starts between two of its incidents entering or leaving: it is booked when it changes.
 *
 * @param rowOf row of the grid by slot; NO_ROW = left out
 */
export function windowCounts(
  blocks: readonly Block[],
  tables: FilterTables,
  {
    rowOf,
    rows,
    length,
    weeks,
  }: { readonly rowOf: Uint32Array; readonly rows: number; readonly length: number; readonly weeks: number },
): { readonly value: readonly number[]; readonly times: readonly number[] } {
  const count = new Uint32Array(rows);
  const since = new Uint16Array(rows);
  const dense = new Float64Array(DENSE);
  const large = new Map<number, number>();
  const book = (n: number, times: number) => {
    if (n < DENSE) dense[n] = (dense[n] as number) + times;
    else large.set(n, (large.get(n) ?? 0) + times);
  };
  const lastStart = weeks - length;
  const change = (week: number, sign: number, start: number) => {
    const { kind, division, area, hours } = tables;
    for (const block of blocks) {
      const end = block.weekStart[week + 1] as number;
      for (let i = block.weekStart[week] as number; i < end; i++) {
        if (kind[block.kind[i] as number] === 0) continue;
        const s = block.slot[i] as number;
        const row = rowOf[s] as number;
        if (row === NO_ROW) continue;
        if (area !== null && area[s] === 0) continue;
        if (hours !== null && hours[block.hours[i] as number] === 0) continue;
        if (division !== null && division[block.division[i] as number] === 0) continue;
        const n = count[row] as number;
        const from = since[row] as number;
        if (start > from) {
          book(n, start - from);
          since[row] = start;
        }
        count[row] = n + sign;
      }
    }
  };
  for (let week = 0; week < length; week++) change(week, 1, 0);
  for (let start = 1; start <= lastStart; start++) {
    change(start - 1, -1, start);
    change(start + length - 1, 1, start);
  }
  for (let row = 0; row < rows; row++) book(count[row] as number, lastStart + 1 - (since[row] as number));
  const value: number[] = [];
  const times: number[] = [];
  for (let n = 1; n < DENSE; n++)
    if (dense[n] !== 0) {
      value.push(n);
      times.push(dense[n] as number);
    }
  for (const [n, many] of large) {
    value.push(n);
    times.push(many);
  }
  return { value, times };
}
