import { MAX_CELL_BYTES, NUL_BYTE, TOO_LONG } from './csv-scanner.ts';

/** In place of a number of cells: the record is no JSON object, is nested too deep, or holds half a surrogate pair. */
export const NOT_JSON = -3;
export const MAX_DEPTH = 100;
const MAX_OTHER_NAMES = 1000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

/** 1 = ends a run of plain text in a string: quote, backslash, control character. */
const STRING_STOP = new Uint8Array(256);
STRING_STOP.fill(1, 0, 0x20);
STRING_STOP[QUOTE] = STRING_STOP[BACKSLASH] = 1;
const SPACE = new Uint8Array(256);
for (const byte of [0x20, 0x09, 0x0a, 0x0d]) SPACE[byte] = 1;
const DIGIT = new Uint8Array(256);
DIGIT.fill(1, 0x30, 0x3a);
/** What `\b` and the like stand for; 0 = nothing. */
const ESCAPED = new Uint8Array(256);
for (const [name, byte] of Object.entries({ '"': 0x22, '\\': 0x5c, '/': 0x2f, b: 8, f: 12, n: 10, r: 13, t: 9 }))
  ESCAPED[name.charCodeAt(0)] = byte;
const LITERALS = ['true', 'false', 'null'].map((word) => Buffer.from(word));

interface KnownKey {
  readonly bytes: Uint8Array;
  /** −1 = not wanted. */
  readonly column: number;
}

/**
 * Takes the wanted members out of one JSON object in UTF-8 (checked), without making strings. Accepts what `JSON.parse` accepts, up to
 * `MAX_DEPTH`. Strings are unescaped in place; numbers, `true` and `false` come as written (an id of 20 digits keeps them), objects and
 * arrays too; null and absent are empty; of a repeated key the last one counts.
 */
export class JsonLineScanner {
  private readonly columns: ReadonlyMap<string, number>;
  private readonly others = new Set<string>();
  private readonly seen: Uint8Array;
  /** Keys of the line before, by their place in it: mostly the next line has the same. */
  private readonly order: KnownKey[] = [];
  private readonly open = new Uint8Array(MAX_DEPTH + 1);
  private readonly wanted: readonly string[];
  private bytes: Uint8Array = new Uint8Array(0);
  private to = 0;
  /** Set by `string`: whether it has an escape. */
  private escaped = false;

  constructor(wanted: readonly string[]) {
    this.wanted = wanted;
    this.columns = new Map(wanted.map((name, i) => [name, i]));
    this.seen = new Uint8Array(wanted.length);
  }

  /** Keys that were met and are not wanted, sorted; the first thousand. */
  otherNames(): string[] {
    return [...this.others].sort();
  }

  /** Wanted keys that no line has had. */
  unseenNames(): string[] {
    return this.wanted.filter((_, i) => this.seen[i] === 0);
  }

  /** @returns the number of wanted keys, or what is wrong with `bytes[from, to)`; writes spans from `place` on */
  scan(bytes: Uint8Array, from: number, to: number, start: Int32Array, end: Int32Array, place: number): number {
    const width = this.wanted.length;
    this.bytes = bytes;
    this.to = to;
    start.fill(0, place, place + width);
    end.fill(0, place, place + width);
    let at = this.space(from);
    if (bytes[at] !== 0x7b || at >= to) return NOT_JSON;
    at = this.space(at + 1);
    let fault = 0;
    if (at < to && bytes[at] === 0x7d) at++;
    else
      for (let k = 0; ; k++) {
        if (at >= to || bytes[at] !== QUOTE) return NOT_JSON;
        const keyEnd = this.string(at);
        if (keyEnd < 0) return NOT_JSON;
        const column = this.column(k, at + 1, keyEnd - 1);
        at = this.space(keyEnd);
        if (at >= to || bytes[at] !== COLON) return NOT_JSON;
        at = this.space(at + 1);
        const valueEnd = this.value(at);
        if (valueEnd < 0) return NOT_JSON;
        if (column >= 0) {
          const wrong = this.keep(at, valueEnd, start, end, place + column);
          if (wrong === NOT_JSON) return NOT_JSON;
          if (fault !== NUL_BYTE && wrong !== 0) fault = wrong;
        }
        at = this.space(valueEnd);
        if (at >= to) return NOT_JSON;
        if (bytes[at] === 0x7d) {
          at++;
          break;
        }
        if (bytes[at] !== COMMA) return NOT_JSON;
        at = this.space(at + 1);
      }
    if (this.space(at) !== to) return NOT_JSON;
    return fault === 0 ? width : fault;
  }

  private space(from: number): number {
    const { bytes, to } = this;
    let at = from;
    while (at < to && SPACE[bytes[at] as number] === 1) at++;
    return at;
  }

  private column(k: number, from: number, to: number): number {
    const { bytes } = this;
    const expected = this.order[k];
    if (expected && expected.bytes.length === to - from) {
      let i = 0;
      while (i < to - from && expected.bytes[i] === bytes[from + i]) i++;
      if (i === to - from) return expected.column;
    }
    const name = JSON.parse(`"${Buffer.from(bytes.subarray(from, to)).toString()}"`) as string;
    const column = this.columns.get(name) ?? -1;
    if (column >= 0) this.seen[column] = 1;
    else if (this.others.size < MAX_OTHER_NAMES) this.others.add(name);
    if (k <= this.order.length && k < MAX_OTHER_NAMES)
      this.order[k] = { bytes: new Uint8Array(bytes.subarray(from, to)), column };
    return column;
  }

  /** Notes the cell of a value. @returns 0 or what is wrong with it */
  private keep(from: number, to: number, start: Int32Array, end: Int32Array, place: number): number {
    const { bytes } = this;
    if (bytes[from] === 0x6e) {
      start[place] = end[place] = 0;
      return 0;
    }
    start[place] = from;
    end[place] = to;
    if (bytes[from] === QUOTE) {
      start[place] = from + 1;
      end[place] = this.escaped ? unescapeInPlace(bytes, from + 1, to - 1) : to - 1;
      if ((end[place] as number) < 0) return NOT_JSON;
      if (this.escaped && bytes.subarray(from + 1, end[place]).includes(0)) return NUL_BYTE;
    }
    return (end[place] as number) - (start[place] as number) > MAX_CELL_BYTES ? TOO_LONG : 0;
  }

  /** @returns end of the value that begins at `from`, −1 = none */
  private value(from: number): number {
    const { bytes, to } = this;
    if (from >= to) return -1;
    const first = bytes[from] as number;
    if (first === QUOTE) return this.string(from);
    if (first === 0x7b || first === 0x5b) return this.nested(from);
    return this.scalar(from);
  }

  private scalar(from: number): number {
    const { bytes, to } = this;
    const first = bytes[from] as number;
    if (first === 0x2d || DIGIT[first] === 1) return this.number(from);
    for (const word of LITERALS) {
      if (word[0] !== first || from + word.length > to) continue;
      let i = 1;
      while (i < word.length && bytes[from + i] === word[i]) i++;
      if (i === word.length) return from + i;
    }
    return -1;
  }

  /** @returns position behind the closing quote, −1 = never closed or not allowed */
  private string(from: number): number {
    const { bytes, to } = this;
    this.escaped = false;
    for (let at = from + 1; ; at++) {
      while (at < to && STRING_STOP[bytes[at] as number] === 0) at++;
      if (at >= to) return -1;
      if (bytes[at] === QUOTE) return at + 1;
      if (bytes[at] !== BACKSLASH || at + 1 >= to) return -1;
      this.escaped = true;
      at++;
      if (bytes[at] === 0x75) {
        if (at + 4 >= to || hex4(bytes, at + 1) < 0) return -1;
        at += 4;
      } else if (ESCAPED[bytes[at] as number] === 0) return -1;
    }
  }

  private number(from: number): number {
    const { bytes, to } = this;
    let at = bytes[from] === 0x2d ? from + 1 : from;
    const whole = this.digits(at);
    if (whole === at || (bytes[at] === 0x30 && whole > at + 1)) return -1;
    at = whole;
    if (at < to && bytes[at] === 0x2e) {
      const fraction = this.digits(at + 1);
      if (fraction === at + 1) return -1;
      at = fraction;
    }
    if (at < to && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
      const sign = at + 1 < to && (bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d) ? 1 : 0;
      const exponent = this.digits(at + 1 + sign);
      if (exponent === at + 1 + sign) return -1;
      at = exponent;
    }
    return at;
  }

  private digits(from: number): number {
    const { bytes, to } = this;
    let at = from;
    while (at < to && DIGIT[bytes[at] as number] === 1) at++;
    return at;
  }

  /** An object or array, walked without recursion. The outer object counts as depth 1. */
  private nested(from: number): number {
    const { bytes, to, open } = this;
    let depth = 1;
    let at = from;
    for (;;) {
      // In front of a value.
      at = this.space(at);
      const first = at < to ? (bytes[at] as number) : 0;
      if (first === 0x7b || first === 0x5b) {
        if (++depth > MAX_DEPTH) return -1;
        open[depth] = first;
        at = this.space(at + 1);
        if (at < to && bytes[at] === first + 2) {
          at++;
          depth--;
        } else {
          if (first === 0x7b) at = this.key(at);
          if (at < 0) return -1;
          continue;
        }
      } else {
        at = this.value(at);
        if (at < 0) return -1;
      }
      // Behind a value: closing brackets, then a comma.
      for (;;) {
        if (depth === 1) return at;
        at = this.space(at);
        const next = at < to ? (bytes[at] as number) : 0;
        if (next === (open[depth] as number) + 2) {
          at++;
          depth--;
        } else if (next === COMMA) {
          at = open[depth] === 0x7b ? this.key(this.space(at + 1)) : at + 1;
          if (at < 0) return -1;
          break;
        } else return -1;
      }
    }
  }

  /** @returns position behind the colon of a key that begins at `from`, −1 = none */
  private key(from: number): number {
    if (from >= this.to || this.bytes[from] !== QUOTE) return -1;
    const end = this.string(from);
    if (end < 0) return -1;
    const at = this.space(end);
    return at < this.to && this.bytes[at] === COLON ? at + 1 : -1;
  }
}

/** Number of four hexadecimal digits, −1 = they are not. */
function hex4(bytes: Uint8Array, from: number): number {
  let value = 0;
  for (let i = from; i < from + 4; i++) {
    const byte = bytes[i] as number;
    const lower = byte | 0x20;
    if (DIGIT[byte] === 1) value = value * 16 + byte - 0x30;
    else if (lower >= 0x61 && lower <= 0x66) value = value * 16 + lower - 0x57;
    else return -1;
  }
  return value;
}

/** Replaces the escapes of a checked JSON string by UTF-8, which is never longer. @returns the new end, −1 = half a surrogate pair */
function unescapeInPlace(bytes: Uint8Array, from: number, to: number): number {
  let out = from;
  for (let at = from; at < to; at++) {
    if (bytes[at] !== BACKSLASH) {
      bytes[out++] = bytes[at] as number;
      continue;
    }
    at++;
    if (bytes[at] !== 0x75) {
      bytes[out++] = ESCAPED[bytes[at] as number] as number;
      continue;
    }
    let point = hex4(bytes, at + 1);
    at += 4;
    if (point >= 0xd800 && point <= 0xdfff) {
      const pair = bytes[at + 1] === BACKSLASH && bytes[at + 2] === 0x75 && at + 6 < to ? hex4(bytes, at + 3) : -1;
      if (point > 0xdbff || pair < 0xdc00 || pair > 0xdfff) return -1;
      point = 0x10000 + ((point - 0xd800) << 10) + (pair - 0xdc00);
      at += 6;
    }
    out = writeUtf8(bytes, out, point);
  }
  return out;
}

function writeUtf8(bytes: Uint8Array, at: number, point: number): number {
  let out = at;
  if (point < 0x80) bytes[out++] = point;
  else {
    if (point < 0x800) bytes[out++] = 0xc0 | (point >> 6);
    else {
      if (point < 0x10000) bytes[out++] = 0xe0 | (point >> 12);
      else {
        bytes[out++] = 0xf0 | (point >> 18);
        bytes[out++] = 0x80 | ((point >> 12) & 0x3f);
      }
      bytes[out++] = 0x80 | ((point >> 6) & 0x3f);
    }
    bytes[out++] = 0x80 | (point & 0x3f);
  }
  return out;
}
