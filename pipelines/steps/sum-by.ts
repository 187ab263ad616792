export type Whole = Uint8Array | Uint16Array | Uint32Array | Float64Array;
export interface Sums {
  readonly keys: Uint32Array[];
  readonly n: Uint32Array;
}

/**
 * Sums of `n` by the key columns, ordered by them. Rows of equal keys may be many. Keys are whole numbers below 2³².
 * Cost: a look-up a row and a sort of the distinct keys, about 50 ns a row; where the keys of a row do not fit in one double together, a
 * sort of the rows, ten times that.
 */
export function sumBy(keys: readonly Whole[], n: Whole): Sums {
  const spans = keys.map((column) => largest(column) + 1);
  return spans.reduce((product, span) => product * span, 1) <= Number.MAX_SAFE_INTEGER
    ? sumsByPacked(keys, spans, n)
    : sumsBySort(keys, n);
}

function largest(column: Whole): number {
  let most = 0;
  for (let i = 0; i < column.length; i++) if ((column[i] as number) > most) most = column[i] as number;
  return most;
}

/** All keys of a row as one number, the first weighs most: numbers have the order of the keys. */
function sumsByPacked(keys: readonly Whole[], spans: readonly number[], n: Whole): Sums {
  const packed = new Float64Array(n.length);
  keys.forEach((column, c) => {
    const span = spans[c] as number;
    for (let i = 0; i < packed.length; i++) packed[i] = (packed[i] as number) * span + (column[i] as number);
  });
  const found = keySums(packed, n);
  const sorted = found.keys.slice().sort();
  const sums = Uint32Array.from(sorted, (key) => found.sumOf(key));
  const columns = keys.map(() => new Uint32Array(sorted.length));
  for (let c = keys.length - 1; c >= 0; c--) {
    const column = columns[c] as Uint32Array;
    const span = spans[c] as number;
    for (let i = 0; i < sorted.length; i++) {
      const above = Math.floor((sorted[i] as number) / span);
      column[i] = (sorted[i] as number) - above * span;
      sorted[i] = above;
    }
  }
  return { keys: columns, n: sums };
}

/** Distinct numbers with their sums, by open addressing. */
function keySums(packed: Float64Array, n: Whole): { keys: Float64Array; sumOf: (key: number) => number } {
  let slots = 16;
  while (slots < packed.length * 2) slots *= 2;
  const table = new Int32Array(slots);
  const keys = new Float64Array(packed.length);
  const sums = new Uint32Array(packed.length);
  let distinct = 0;
  const slotOf = (key: number): number => {
    const high = Math.floor(key / 0x100000000);
    let hash = Math.imul((key - high * 0x100000000) | 0, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
    let slot = (hash ^ (hash >>> 13)) & (slots - 1);
    for (let entry = table[slot] as number; entry !== 0 && keys[entry - 1] !== key; entry = table[slot] as number)
      slot = (slot + 1) & (slots - 1);
    return slot;
  };
  for (let i = 0; i < packed.length; i++) {
    const key = packed[i] as number;
    const slot = slotOf(key);
    if (table[slot] === 0) {
      keys[distinct] = key;
      table[slot] = ++distinct;
    }
    const at = (table[slot] as number) - 1;
    sums[at] = (sums[at] as number) + (n[i] as number);
  }
  return {
    keys: keys.subarray(0, distinct),
    sumOf: (key) => sums[(table[slotOf(key)] as number) - 1] as number,
  };
}

function sumsBySort(keys: readonly Whole[], n: Whole): Sums {
  const order = Uint32Array.from({ length: n.length }, (_, i) => i);
  const compare = (a: number, b: number): number => {
    for (const column of keys) {
      const difference = (column[a] as number) - (column[b] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  order.sort(compare);
  const outKeys = keys.map(() => new Uint32Array(n.length));
  const sums = new Uint32Array(n.length);
  let rows = 0;
  for (let i = 0; i < order.length; i++) {
    const at = order[i] as number;
    if (rows > 0 && keys.every((column, c) => column[at] === (outKeys[c] as Uint32Array)[rows - 1])) {
      sums[rows - 1] = (sums[rows - 1] as number) + (n[at] as number);
      continue;
    }
    keys.forEach((column, c) => {
      (outKeys[c] as Uint32Array)[rows] = column[at] as number;
    });
    sums[rows++] = n[at] as number;
  }
  return { keys: outKeys.map((column) => column.slice(0, rows)), n: sums.slice(0, rows) };
}
