import type { PartRows } from './part.ts';
import { decide, type Lost, rowsOf, sameIds, settle, words, writeIds } from './settle.ts';

/** How a feed was settled before: its parts in the order of the files, and what of each counts for nothing. */
export interface SettledBefore {
  readonly keys: readonly string[];
  readonly lost: readonly Lost[];
}

/**
 * As `settle`, byte for byte, when some parts of the feed are new or gone: only records whose id occurs in one of those can have
 * another outcome. Their ids are looked for in all parts; what is known about the others stays.
 *
 * @param rowsOfKey a part of the last time, also one that is gone; null = it cannot be read
 * Cost: about 5 ns a row of the feed, and what settling costs for the rows of the changed parts.
 */
export function settleAgain(
  before: SettledBefore,
  now: { readonly keys: readonly string[]; readonly parts: readonly PartRows[] },
  rowsOfKey: (key: string) => PartRows | null,
  deletedStatus: number,
): Lost[] {
  const whole = (): Lost[] => settle(now.parts, deletedStatus);
  const was = new Map(before.keys.map((key, i) => [key, i]));
  const is = new Map(now.keys.map((key, i) => [key, i]));
  // The same file twice in a feed is one part in two places.
  if (was.size !== before.keys.length || is.size !== now.keys.length) return whole();
  const stayed = now.keys.flatMap((key) => was.get(key) ?? []);
  if (stayed.some((index, i) => i > 0 && index < (stayed[i - 1] as number))) return whole();
  const added = now.parts.filter((_, i) => !was.has(now.keys[i] as string));
  const gone = before.keys.filter((key) => !is.has(key)).map(rowsOfKey);
  if (gone.includes(null)) return whole();
  const changed = [...added, ...(gone as PartRows[])];
  if (changed.length === 0) return before.lost.slice();
  const changedRows = changed.reduce((sum, part) => sum + rowsOf(part), 0);
  const rows = now.parts.reduce((sum, part) => sum + rowsOf(part), 0);
  if (changedRows * WORTH_IT > rows) return whole();

  const found = rowsWithIds(now.parts, idSet(changed, changedRows));
  const again = decide(now.parts, sameIds(found.ids, found.numbers.length), found.numbers, deletedStatus);
  let offset = 0;
  let next = 0;
  return now.parts.map((part, i) => {
    const from = next;
    const end = offset + rowsOf(part);
    while (next < found.numbers.length && (found.numbers[next] as number) < end) next++;
    const known = was.get(now.keys[i] as string);
    const looked = found.numbers.subarray(from, next);
    const fresh = again[i] as Lost;
    const start = offset;
    offset = end;
    if (known === undefined) return fresh;
    return merged(before.lost[known] as Lost, fresh, {
      isLooked: (position) => holds(looked, position + start),
      partNow: (index) => is.get(before.keys[index] as string) as number,
    });
  });
}

/** With a larger part of the feed changed than one in this, everything is settled anew. */
const WORTH_IT = 4;

/** What was known of rows that were not looked at, and what was found of those that were; ascending positions. */
function merged(
  known: Lost,
  fresh: Lost,
  { isLooked, partNow }: { isLooked: (position: number) => boolean; partNow: (index: number) => number },
): Lost {
  const stands: number[] = [];
  for (let i = 0; i < known.position.length; i++) if (!isLooked(known.position[i] as number)) stands.push(i);
  const length = stands.length + fresh.position.length;
  const lost = {
    position: new Uint32Array(length),
    isCopy: new Uint8Array(length),
    byPart: new Uint32Array(length),
    byRow: new Uint32Array(length),
  };
  for (let at = 0, a = 0, b = 0; at < length; at++) {
    const i = stands[a];
    const takesKnown =
      i !== undefined && (b === fresh.position.length || (known.position[i] as number) < (fresh.position[b] as number));
    const from = takesKnown ? known : fresh;
    const row = takesKnown ? (i as number) : b;
    lost.position[at] = from.position[row] as number;
    lost.isCopy[at] = from.isCopy[row] as number;
    lost.byPart[at] = takesKnown ? partNow(from.byPart[row] as number) : (from.byPart[row] as number);
    lost.byRow[at] = from.byRow[row] as number;
    if (takesKnown) a++;
    else b++;
  }
  return lost;
}

/** Is the value among ascending ones? */
function holds(ascending: Uint32Array, value: number): boolean {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return ascending[low] === value;
}

interface IdSet {
  /** False for nearly all ids that are not in the set: asked first, with the lowest word of an id. */
  readonly mayHold: (lowest: number) => boolean;
  /** Four words from `at` in `ids`. */
  readonly holds: (ids: Uint32Array, at: number) => boolean;
}

function idSet(parts: readonly PartRows[], rows: number): IdSet {
  const ids = new Uint32Array(rows * 4);
  let slots = 1 << 12;
  while (slots < rows * 2) slots *= 2;
  const table = new Int32Array(slots);
  let bits = 1 << 16;
  while (bits < rows * 32) bits *= 2;
  const filter = new Uint8Array(bits >>> 3);
  const slotOf = (of: Uint32Array, at: number): number => {
    let slot = ((of[at] as number) ^ (of[at + 1] as number)) & (slots - 1);
    for (let entry = table[slot] as number; entry !== 0; entry = table[slot] as number) {
      const e = (entry - 1) * 4;
      if (ids[e] === of[at] && ids[e + 1] === of[at + 1] && ids[e + 2] === of[at + 2] && ids[e + 3] === of[at + 3])
        break;
      slot = (slot + 1) & (slots - 1);
    }
    return slot;
  };
  let row = 0;
  for (const part of parts) {
    for (const [segment, count] of part.segments.entries()) {
      writeIds(part, segment, count, ids, row);
      for (let i = row; i < row + count; i++) {
        const bit = (ids[i * 4] as number) & (bits - 1);
        filter[bit >>> 3] = (filter[bit >>> 3] as number) | (1 << (bit & 7));
        const slot = slotOf(ids, i * 4);
        if (table[slot] === 0) table[slot] = i + 1;
      }
      row += count;
    }
  }
  return {
    mayHold: (lowest) => {
      const bit = lowest & (bits - 1);
      return ((filter[bit >>> 3] as number) & (1 << (bit & 7))) !== 0;
    },
    holds: (of, at) => table[slotOf(of, at)] !== 0,
  };
}

/** Rows of the parts whose id is in the set: their numbers through all parts, ascending, and their ids. */
function rowsWithIds(parts: readonly PartRows[], set: IdSet): { numbers: Uint32Array; ids: Uint32Array } {
  const numbers: number[] = [];
  const found: number[] = [];
  let offset = 0;
  const id = new Uint32Array(4);
  for (const part of parts) {
    for (const [segment, count] of part.segments.entries()) {
      const low = words(part.column(segment, 'id_low'));
      let high: Uint32Array | null = null;
      for (let i = 0; i < count; i++) {
        if (!set.mayHold(low[i * 2] as number)) continue;
        high ??= words(part.column(segment, 'id_high'));
        id[0] = low[i * 2] as number;
        id[1] = low[i * 2 + 1] as number;
        id[2] = high[i * 2] as number;
        id[3] = high[i * 2 + 1] as number;
        if (!set.holds(id, 0)) continue;
        numbers.push(offset + i);
        found.push(id[0], id[1], id[2], id[3]);
      }
      offset += count;
    }
  }
  return { numbers: Uint32Array.from(numbers), ids: Uint32Array.from(found) };
}
