import type { Random } from './random.ts';

/** Walker's alias table (Vose 1991, IEEE TSE 17:972): draws an index in proportion to its weight at O(1). */
export interface AliasTable {
  readonly threshold: Float64Array;
  readonly other: Uint32Array;
}

/** Builds the table, O(n). Null when no weight is positive or one is negative or not finite. */
export function aliasTable(weight: Float64Array): AliasTable | null {
  const n = weight.length;
  let total = 0;
  for (let i = 0; i < n; i++) {
    const w = weight[i] as number;
    if (!(w >= 0 && w < Number.POSITIVE_INFINITY)) return null;
    total += w;
  }
  if (!(total > 0)) return null;
  const threshold = new Float64Array(n);
  const other = new Uint32Array(n);
  const work = new Uint32Array(n);
  let small = 0;
  let large = n;
  for (let i = 0; i < n; i++) {
    const scaled = ((weight[i] as number) * n) / total;
    threshold[i] = scaled;
    other[i] = i;
    if (scaled < 1) work[small++] = i;
    else work[--large] = i;
  }
  while (small > 0 && large < n) {
    const less = work[--small] as number;
    const more = work[large] as number;
    other[less] = more;
    const rest = (threshold[more] as number) - (1 - (threshold[less] as number));
    threshold[more] = rest;
    if (rest < 1) {
      large++;
      work[small++] = more;
    }
  }
  // What rounding left over is full.
  while (small > 0) threshold[work[--small] as number] = 1;
  while (large < n) threshold[work[large++] as number] = 1;
  return { threshold, other };
}

/** One index. Two 32-bit numbers a draw. */
export function drawAlias(table: AliasTable, random: Random): number {
  const i = Math.floor(random.uint32() * 2 ** -32 * table.threshold.length);
  return random.uint32() * 2 ** -32 < (table.threshold[i] as number) ? i : (table.other[i] as number);
}
