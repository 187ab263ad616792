import { isUtf8 } from 'node:buffer';
import { InputError } from '../errors.ts';

export type DeclaredEncoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be';
/** What is left after UTF-16 was turned into UTF-8: in both, a byte below 0x80 that begins a character is ASCII. */
export type ByteEncoding = 'utf-8' | 'gb18030';

export function encodedAs(declared: DeclaredEncoding): ByteEncoding {
  return declared === 'gb18030' ? 'gb18030' : 'utf-8';
}

/**
 * The bytes of a text, proved to be in the declared encoding without making strings: accepts exactly what
 * `new TextDecoder(declared, { fatal: true })` accepts, and writes no U+FFFD. GBK is read as GB18030, which contains it. A byte order mark
 * is dropped, one of another encoding refused. UTF-16 comes out as UTF-8. Chunks end between characters, are never empty, and are valid
 * until the next one is asked for.
 *
 * @throws InputError with the offset (0-based, after inflating) of the first byte of the first character that does not belong
 */
export async function* checkedText(
  path: string,
  declared: DeclaredEncoding,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const step = STEPS[declared];
  const wide = declared.startsWith('utf-16');
  const mark = MARKS[declared];
  /** Bytes of a character (or a byte order mark) that the next chunk goes on with. */
  let rest = new Uint8Array(0);
  let offset = 0;
  let begun = false;
  let head = new Uint8Array(0);
  const refuse = (at: number, why: string): never => {
    throw new InputError(path, [`is not ${declared}: ${why} at byte ${at}${hint(head, declared)}`]);
  };
  const next = function* (chunk: Uint8Array): Generator<Uint8Array> {
    const result = step(chunk);
    if (result.text.length > 0) yield result.text;
    // What lies before comes first, so that of two faults the first is told, however the bytes are chunked.
    if (result.bad >= 0)
      refuse(offset + result.bad, wide ? 'an unpaired surrogate' : 'a character that does not belong');
    // `slice` of a Buffer would share the bytes of a chunk that is used again.
    rest = new Uint8Array(chunk.subarray(result.length));
    offset += result.length;
  };
  for await (const incoming of chunks) {
    let chunk = incoming;
    if (!begun) {
      // The mark is at most four bytes; a shorter text is judged at its end.
      rest = joined(rest, chunk);
      if (rest.length < 4) continue;
      begun = true;
      head = rest.slice(0, 4);
      chunk = rest;
      rest = new Uint8Array(0);
      offset = markLength(path, declared, chunk, mark);
      chunk = chunk.subarray(offset);
    }
    if (rest.length > 0) {
      // The character that was cut: at most four bytes, so that the chunk itself need not be copied.
      const borrowed = Math.min(4, chunk.length);
      const seam = joined(rest, chunk.subarray(0, borrowed));
      const kept = rest.length;
      const before = offset;
      yield* next(seam);
      const used = offset - before - kept;
      if (used < 0) continue; // still not whole: the chunk was shorter than the character
      chunk = chunk.subarray(used);
      rest = new Uint8Array(0);
    }
    if (chunk.length > 0) yield* next(chunk);
  }
  if (!begun && rest.length > 0) {
    head = rest.slice();
    const chunk = rest.subarray(markLength(path, declared, rest, mark));
    offset = rest.length - chunk.length;
    rest = new Uint8Array(0);
    if (chunk.length > 0) yield* next(chunk);
  }
  if (rest.length > 0) refuse(offset, 'a character that is cut off by the end of the file');
}

/** GB18030 (checked) as UTF-8, for formats that unescape characters. One string a chunk. */
export async function* asUtf8(encoding: ByteEncoding, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('gb18030', { fatal: true, ignoreBOM: true });
  for await (const chunk of chunks) yield encoding === 'utf-8' ? chunk : Buffer.from(decoder.decode(chunk));
}

interface Step {
  /** Bytes of whole characters from the start. */
  readonly length: number;
  /** They as UTF-8 or GB18030, up to the one that does not belong. */
  readonly text: Uint8Array;
  /** Offset in the chunk of the first character that does not belong, −1 = none. */
  readonly bad: number;
}

const STEPS: Readonly<Record<DeclaredEncoding, (chunk: Uint8Array) => Step>> = {
  'utf-8': (chunk) => {
    const length = wholeUtf8(chunk);
    const text = chunk.subarray(0, length);
    if (isUtf8(text)) return { length, text, bad: -1 };
    const bad = firstBadUtf8(text);
    return { length: bad, text: text.subarray(0, bad), bad };
  },
  gb18030: (chunk) => {
    const end = scanGb18030(chunk);
    const length = end < 0 ? -end - 1 : end;
    return { length, text: chunk.subarray(0, length), bad: end < 0 ? length : -1 };
  },
  'utf-16le': (chunk) => utf16(chunk, 0),
  'utf-16be': (chunk) => utf16(chunk, 1),
};

/** Length without the character that is cut off at the end. */
function wholeUtf8(bytes: Uint8Array): number {
  const n = bytes.length;
  for (let back = 1; back <= 3 && back <= n; back++) {
    const byte = bytes[n - back] as number;
    if (byte < 0x80) return n;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? n - back : n;
  }
  return n;
}

/** Offset of the first ill-formed character (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF); −1 = none. */
export function firstBadUtf8(bytes: Uint8Array): number {
  const n = bytes.length;
  for (let i = 0; i < n; ) {
    const a = bytes[i] as number;
    if (a < 0x80) {
      i++;
      continue;
    }
    const length = a >= 0xf0 ? 4 : a >= 0xe0 ? 3 : 2;
    if (a < 0xc2 || a > 0xf4 || i + length > n) return i;
    const b = bytes[i + 1] as number;
    const lowest = a === 0xe0 ? 0xa0 : a === 0xf0 ? 0x90 : 0x80;
    const highest = a === 0xed ? 0x9f : a === 0xf4 ? 0x8f : 0xbf;
    if (b < lowest || b > highest) return i;
    for (let k = 2; k < length; k++) if (((bytes[i + k] as number) & 0xc0) !== 0x80) return i;
    i += length;
  }
  return -1;
}

/** What a byte is as the second one of a character: 1 = ends a two-byte character, 2 = goes on to four bytes, 0 = neither. */
const HIGH_BITS = 0x80808080 | 0;
const GB_SECOND = new Uint8Array(256);
GB_SECOND.fill(1, 0x40, 0xff);
GB_SECOND[0x7f] = 0;
GB_SECOND.fill(2, 0x30, 0x3a);
/** First linear number of the four-byte area that has no character, and the ones around the supplementary planes. */
const GB_BMP_END = 39420;
const GB_PLANES_START = 189000;
const GB_PLANES_END = 1237576;

/**
 * Walks GB18030 (GB 18030-2022 has the same byte forms). Every two-byte form stands for a character; of the four-byte ones those of the
 * BMP and the supplementary planes. 0x80 alone is one too, as the WHATWG's decoder has it (the euro sign of code page 936).
 *
 * @returns end of the last whole character; −1 − offset of the first character that does not belong
 */
export function scanGb18030(bytes: Uint8Array): number {
  const n = bytes.length;
  const words = new DataView(bytes.buffer, bytes.byteOffset, n);
  let i = 0;
  while (i < n) {
    // Four bytes at once: four of ASCII, or two characters of two bytes ≥ 0x80 each (no byte 0xFF, no first byte 0x80).
    while (i + 4 <= n) {
      const word = words.getInt32(i, true);
      const high = word & HIGH_BITS;
      if (high !== 0) {
        if (high !== HIGH_BITS || (word & 0x7f) === 0 || (word & 0x7f0000) === 0) break;
        if (((~word - 0x01010101) & word & HIGH_BITS) !== 0) break;
      }
      i += 4;
    }
    if (i === n) break;
    const a = bytes[i] as number;
    if (a <= 0x80) {
      i++;
      continue;
    }
    if (a === 0xff) return -1 - i;
    if (i + 1 === n) return i;
    const second = GB_SECOND[bytes[i + 1] as number];
    if (second === 1) {
      i += 2;
      continue;
    }
    if (second === 0) return -1 - i;
    if (i + 2 < n) {
      const c = bytes[i + 2] as number;
      if (c < 0x81 || c > 0xfe) return -1 - i;
    }
    if (i + 3 >= n) return i;
    const d = bytes[i + 3] as number;
    if (d < 0x30 || d > 0x39) return -1 - i;
    const linear =
      (((a - 0x81) * 10 + (bytes[i + 1] as number) - 0x30) * 126 + (bytes[i + 2] as number) - 0x81) * 10 + d - 0x30;
    if (linear >= GB_PLANES_END || (linear >= GB_BMP_END && linear < GB_PLANES_START)) return -1 - i;
    i += 4;
  }
  return i;
}

/** @param high 0 = the low byte comes first (LE), 1 = the high byte (BE) */
function utf16(bytes: Uint8Array, high: 0 | 1): Step {
  const n = bytes.length & ~1;
  const text = new Uint8Array((n / 2) * 3);
  const low = 1 - high;
  let at = 0;
  let i = 0;
  for (; i < n; i += 2) {
    const unit = ((bytes[i + low] as number) << 8) | (bytes[i + high] as number);
    if (unit < 0x80) text[at++] = unit;
    else if (unit < 0x800) {
      text[at++] = 0xc0 | (unit >> 6);
      text[at++] = 0x80 | (unit & 0x3f);
    } else if (unit < 0xd800 || unit > 0xdfff) {
      text[at++] = 0xe0 | (unit >> 12);
      text[at++] = 0x80 | ((unit >> 6) & 0x3f);
      text[at++] = 0x80 | (unit & 0x3f);
    } else {
      if (unit > 0xdbff) return { length: i, text: text.subarray(0, at), bad: i };
      if (i + 2 >= n) break; // the second half is in the next chunk
      const trail = ((bytes[i + 2 + low] as number) << 8) | (bytes[i + 2 + high] as number);
      if (trail < 0xdc00 || trail > 0xdfff) return { length: i, text: text.subarray(0, at), bad: i };
      const point = 0x10000 + ((unit - 0xd800) << 10) + (trail - 0xdc00);
      text[at++] = 0xf0 | (point >> 18);
      text[at++] = 0x80 | ((point >> 12) & 0x3f);
      text[at++] = 0x80 | ((point >> 6) & 0x3f);
      text[at++] = 0x80 | (point & 0x3f);
      i += 2;
    }
  }
  return { length: i, text: text.subarray(0, at), bad: -1 };
}

const MARKS: Readonly<Record<DeclaredEncoding, readonly number[]>> = {
  'utf-8': [0xef, 0xbb, 0xbf],
  gb18030: [0x84, 0x31, 0x95, 0x33],
  'utf-16le': [0xff, 0xfe],
  'utf-16be': [0xfe, 0xff],
};

function begins(bytes: Uint8Array, mark: readonly number[]): boolean {
  return bytes.length >= mark.length && mark.every((byte, i) => bytes[i] === byte);
}

/** @throws InputError for the mark of another encoding: a source contract is corrected, not guessed around */
function markLength(path: string, declared: DeclaredEncoding, bytes: Uint8Array, mark: readonly number[]): number {
  if (begins(bytes, mark)) return mark.length;
  // The mark of GB18030 is plain text in UTF-16.
  const others: readonly DeclaredEncoding[] = ['utf-8', 'utf-16le', 'utf-16be'];
  const other = others.find((name) => begins(bytes, MARKS[name]));
  if (other)
    throw new InputError(path, [
      `is not ${declared}: it begins with the byte order mark of ${other}; set "encoding": "${other}" in the feed's format`,
    ]);
  return 0;
}

/** What the file may be instead, told by its first bytes. */
function hint(head: Uint8Array, declared: DeclaredEncoding): string {
  if (begins(head, [0x1f, 0x8b])) return ' (it looks like gzip: its name must end in .gz)';
  if (begins(head, [0x28, 0xb5, 0x2f, 0xfd])) return ' (it looks like zstd: its name must end in .zst)';
  if (begins(head, [0x50, 0x4b, 3, 4])) return ' (it looks like a workbook or a zip file)';
  if (declared === 'utf-8') return ' (a GBK file needs "encoding": "gb18030" in the feed\'s format)';
  return declared === 'gb18030' ? ' (a UTF-8 file needs "encoding": "utf-8" in the feed\'s format)' : '';
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
