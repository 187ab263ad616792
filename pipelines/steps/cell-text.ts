/** Text of cells, made as rarely as possible: codes and words repeat, so each distinct run of bytes becomes a string once. */
export interface CellText {
  /** Small number of a cell's trimmed text: equal texts have equal numbers. -1 when too many distinct texts were met already. */
  readonly idOf: (bytes: Uint8Array, start: number, end: number) => number;
  readonly text: (id: number) => string;
  /** Trimmed text of a cell, whether it was met before or not. */
  readonly read: (bytes: Uint8Array, start: number, end: number) => string;
}

const SLOTS = 1 << 14;
/** At most this many distinct texts are kept; a column with more of them (free text, numbers) is decoded every time. */
const KEPT = SLOTS / 2;
const LONGEST = 256;

export function cellText(encoding: 'utf-8' | 'gb18030'): CellText {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const slots = new Int32Array(SLOTS).fill(-1);
  const hashes = new Int32Array(KEPT);
  const ends = new Int32Array(KEPT + 1);
  const texts: string[] = [];
  let kept = 0;
  let arena = new Uint8Array(1 << 16);
  /** Different bytes, same text after trimming: `A` and `A `. */
  const numbers = new Map<string, number>();
  const numberOf = new Int32Array(KEPT);

  const idOf = (bytes: Uint8Array, start: number, end: number): number => {
    const length = end - start;
    if (length > LONGEST) return -1;
    let hash = 0x811c9dc5 ^ length;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
    hash ^= hash >>> 15;
    let slot = hash & (SLOTS - 1);
    for (;;) {
      const entry = slots[slot] as number;
      if (entry < 0) break;
      if (
        hashes[entry] === hash &&
        isSame(arena, ends[entry] as number, ends[entry + 1] as number, bytes, start, length)
      )
        return numberOf[entry] as number;
      slot = (slot + 1) & (SLOTS - 1);
    }
    if (kept === KEPT) return -1;
    const from = ends[kept] as number;
    if (from + length > arena.length) {
      const larger = new Uint8Array(Math.max(arena.length * 2, from + length));
      larger.set(arena);
      arena = larger;
    }
    for (let i = 0; i < length; i++) arena[from + i] = bytes[start + i] as number;
    slots[slot] = kept;
    hashes[kept] = hash;
    ends[kept + 1] = from + length;
    const text = decode(decoder, bytes, start, end);
    let number = numbers.get(text);
    if (number === undefined) {
      number = texts.length;
      texts.push(text);
      numbers.set(text, number);
    }
    numberOf[kept++] = number;
    return number;
  };
  return {
    idOf,
    text: (id) => texts[id] as string,
    read: (bytes, start, end) => {
      const id = idOf(bytes, start, end);
      return id < 0 ? decode(decoder, bytes, start, end) : (texts[id] as string);
    },
  };
}

const decode = (decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array, start: number, end: number): string =>
  decoder.decode(bytes.subarray(start, end)).trim();

function isSame(
  arena: Uint8Array,
  from: number,
  to: number,
  bytes: Uint8Array,
  start: number,
  length: number,
): boolean {
  if (to - from !== length) return false;
  for (let i = 0; i < length; i++) if (arena[from + i] !== bytes[start + i]) return false;
  return true;
}

/** First and last byte that is no ASCII blank; both at `end` for a blank cell. */
export function trimStart(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] as number) <= 32) at++;
  return at;
}
export function trimEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && (bytes[at - 1] as number) <= 32) at--;
  return at;
}
