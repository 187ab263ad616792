/** Longest cell that is kept, in bytes of the file's encoding, unquoted. */
export const MAX_CELL_BYTES = 1 << 20;
/** Longest record that is kept, in bytes as written; bounds the memory of a reader. */
export const MAX_RECORD_BYTES = 1 << 25;
/** A block is given at this size even when it has room for more records. */
const MAX_BLOCK_BYTES = 1 << 23;
/** In place of a number of cells: what is wrong with the record. */
export const NUL_BYTE = -1;
export const TOO_LONG = -2;

const QUOTE = 0x22;
const HIGH_BITS = 0x80808080 | 0;
/** `0x23` in each byte: quote, NUL and the sentinel lie below. */
const BELOW_QUOTED = 0x23232323;
/** Bytes behind the last one that may be looked at. */
const SLACK = 8;
const LF = 0x0a;
const CR = 0x0d;

/** Classes of bytes outside quotes; 0 = text. */
const DELIMITER = 1;
const RECORD_END = 2;
const NUL = 3;
const QUOTE_AS_TEXT = 4;
const LEAD = 5;

/** What the scanner stands in front of. */
const CELL = 0;
const TEXT = 1;
const QUOTED = 2;
const AFTER_QUOTE = 3;
const AFTER_CR = 4;

/**
 * Cuts RFC 4180 bytes into records and cells. It keeps its place between chunks, so that no byte is looked at twice and every chunking
 * gives the same records. Cells are unquoted in place, in its own buffer.
 *
 * - Records end with CR, LF or CRLF, mixed at will; a blank line is a record of 0 cells (in a file of one column: of one empty cell).
 * - A quote opens a quoted cell only as its first byte; anywhere else it is text. `""` inside quotes is a quote.
 * - Text behind a closing quote belongs to the cell: `"ab"cd` is `abcd`, `"ab"c"d"` is `abc"d"`.
 * - A record with a NUL byte counts `NUL_BYTE` cells, else one with a cell or a length over the limit `TOO_LONG`: its spans mean nothing.
 *
 * In GB18030 the second byte of a character may be the delimiter when that is a digit, a letter or one of `@[\]^_{|}~` and the grave
 * accent: then characters are walked; chunks must end between characters.
 */
export class CsvScanner {
  bytes = new Uint8Array(1 << 16);
  /** Records finished in this block. */
  count = 0;
  start = new Int32Array(0);
  end = new Int32Array(0);
  cells = new Int32Array(0);
  private width = 0;
  private capacity = 0;
  private words = new DataView(this.bytes.buffer);
  private readonly outside: Uint8Array;
  /** One more than the largest byte outside quotes that is not text, in each byte; 0 = text lies below it too. */
  private readonly below: number;

  /** Positions in `bytes`: end of the bytes, next byte, first byte of the record, of the cell; of the part of the cell not yet moved. */
  private filled = 0;
  private at = 0;
  private record = 0;
  private cell = 0;
  private part = 0;
  /** End of the part of the cell that is unquoted. */
  private done = 0;
  private state = CELL;
  /** Cells of the record so far. */
  private found = 0;
  private quoted = false;
  private nul = false;
  private long = false;
  /** Bytes of the record that are no longer in `bytes`. */
  private dropped = 0;

  constructor(delimiter: number, encoding: 'utf-8' | 'gb18030') {
    this.outside = new Uint8Array(256);
    const walk = encoding === 'gb18030' && ((delimiter >= 0x30 && delimiter <= 0x39) || delimiter >= 0x40);
    if (walk) this.outside.fill(LEAD, 0x81, 0xff);
    this.outside[delimiter] = DELIMITER;
    this.outside[LF] = this.outside[CR] = RECORD_END;
    this.outside[0] = NUL;
    this.outside[QUOTE] = QUOTE_AS_TEXT;
    this.below = delimiter < 0x40 && !walk ? 0x01010101 * (Math.max(delimiter, QUOTE) + 1) : 0;
  }

  /** Forgets the finished records and takes the next ones, `capacity` of `width` cells at most. */
  startBlock(width: number, capacity: number): void {
    if (width * capacity > this.start.length) {
      this.start = new Int32Array(width * capacity);
      this.end = new Int32Array(width * capacity);
    }
    if (capacity > this.cells.length) this.cells = new Int32Array(capacity);
    this.width = width;
    this.capacity = capacity;
    this.count = 0;
    this.bytes.copyWithin(0, this.record, this.filled);
    this.moveBack(this.record);
  }

  /** Cells of the record that is being read, counting the one that has begun. */
  get cellsBegun(): number {
    return this.found + 1;
  }

  get insideQuotes(): boolean {
    return this.state === QUOTED;
  }

  append(chunk: Uint8Array): void {
    this.dropUnneeded();
    if (this.filled + chunk.length + SLACK > this.bytes.length) {
      const larger = new Uint8Array(2 * (this.filled + chunk.length) + SLACK);
      larger.set(this.bytes.subarray(0, this.filled));
      this.bytes = larger;
      this.words = new DataView(larger.buffer);
    }
    this.bytes.set(chunk, this.filled);
    this.filled += chunk.length;
  }

  /** Cuts what is there. @returns true when the block is full, false when more bytes are needed */
  scan(): boolean {
    const { bytes, words, outside, below, filled, width } = this;
    // The sentinel stops every inner loop without a test for the end.
    bytes[filled] = LF;
    let { at, state, cell, part, done } = this;
    let full = this.count === this.capacity;
    while (at < filled && !full) {
      if (state === CELL) {
        this.quoted = bytes[at] === QUOTE;
        if (this.quoted) at++;
        cell = part = done = at;
        state = this.quoted ? QUOTED : TEXT;
      }
      if (state === TEXT) {
        let kind = 0;
        for (;;) {
          if (below !== 0) at = firstBelow(words, at, below);
          kind = outside[bytes[at] as number] as number;
          while (kind === 0 && below === 0) kind = outside[bytes[++at] as number] as number;
          if (at >= filled) break;
          if (kind === DELIMITER || kind === RECORD_END) break;
          if (kind === LEAD) {
            const second = bytes[at + 1] as number;
            at += second >= 0x30 && second <= 0x39 ? 4 : 2;
          } else {
            if (kind === NUL) this.nul = true;
            at++;
          }
        }
        if (at >= filled) {
          at = filled;
          break;
        }
        if (part !== done) {
          this.move(part, at, done);
          done += at - part;
        } else done = at;
        if (done - cell > MAX_CELL_BYTES) this.long = true;
        const found = this.found++;
        if (found < width) {
          const place = this.count * width + found;
          this.start[place] = cell;
          this.end[place] = done;
        }
        state = CELL;
        if (kind === RECORD_END) {
          this.endRecord(at, done === cell);
          if (bytes[at] === CR) state = AFTER_CR;
          this.record = at + 1;
          full = this.count === this.capacity || this.record > MAX_BLOCK_BYTES;
        }
        at++;
      } else if (state === QUOTED) {
        at = firstBelow(words, at, BELOW_QUOTED);
        if (at >= filled) {
          at = filled;
          break;
        }
        if (bytes[at] === QUOTE) state = AFTER_QUOTE;
        else if (bytes[at] === 0) this.nul = true;
        at++;
      } else if (state === AFTER_QUOTE) {
        const doubled = bytes[at] === QUOTE;
        const upTo = doubled ? at : at - 1;
        if (part !== done) this.move(part, upTo, done);
        done += upTo - part;
        if (doubled) at++;
        part = at;
        state = doubled ? QUOTED : TEXT;
      } else {
        if (bytes[at] === LF) at++;
        this.record = at;
        state = CELL;
      }
    }
    this.at = at;
    this.state = state;
    this.cell = cell;
    this.part = part;
    this.done = done;
    return full;
  }

  /** Ends the last record, which need not end with a line end. Call after the last chunk, with room in the block. */
  finish(): void {
    if (this.state === AFTER_CR || (this.state === CELL && this.found === 0)) return;
    if (this.state === CELL) {
      this.quoted = false;
      this.cell = this.part = this.done = this.at;
    }
    const upTo = this.state === AFTER_QUOTE ? this.at - 1 : this.at;
    if (this.part !== this.done) this.move(this.part, upTo, this.done);
    this.done += upTo - this.part;
    if (this.done - this.cell > MAX_CELL_BYTES) this.long = true;
    if (this.found < this.width) {
      const place = this.count * this.width + this.found;
      this.start[place] = this.cell;
      this.end[place] = this.done;
    }
    this.found++;
    this.endRecord(this.at, this.done === this.cell);
    this.state = CELL;
    this.record = this.at;
  }

  private endRecord(at: number, empty: boolean): void {
    if (this.dropped + at - this.record > MAX_RECORD_BYTES) this.long = true;
    const blank = empty && this.found === 1 && this.width > 1 && !this.quoted;
    this.cells[this.count++] = this.nul ? NUL_BYTE : this.long ? TOO_LONG : blank ? 0 : this.found;
    this.found = 0;
    this.nul = this.long = false;
    this.dropped = 0;
  }

  /** Moves a part of the cell that is being unquoted to the left, where it is still needed. */
  private move(from: number, to: number, target: number): void {
    if (this.dropped > 0) return;
    const { bytes } = this;
    if (to - from > 64) bytes.copyWithin(target, from, to);
    else for (let i = from, k = target; i < to; i++, k++) bytes[k] = bytes[i] as number;
  }

  /** Lets go of the bytes of a record that is refused anyway, however long it still gets. */
  private dropUnneeded(): void {
    const length = this.dropped + this.at - this.record;
    const inCell = this.state === TEXT || this.state === QUOTED || this.state === AFTER_QUOTE;
    // At least so long it will be: a byte may still turn out to be the closing quote.
    const cellLength = inCell ? this.done - this.cell + this.at - 1 - this.part : 0;
    if (length > MAX_RECORD_BYTES || cellLength > MAX_CELL_BYTES) this.long = true;
    if (!this.nul && !this.long && this.found <= this.width) return;
    const by = this.at - this.record;
    if (by <= 0 || this.at !== this.filled) return;
    this.dropped += by;
    this.filled = this.at = this.record;
    // Positions before the record now stand for bytes that are gone; only their differences count.
    this.cell -= by;
    this.part -= by;
    this.done -= by;
  }

  private moveBack(by: number): void {
    this.filled -= by;
    this.at -= by;
    this.record -= by;
    this.cell -= by;
    this.part -= by;
    this.done -= by;
  }
}

/**
 * Position of the first byte from `at` on that is smaller than the bytes of `limit` (all the same, up to 0x80); there must be one.
 * Four bytes at once: in `(word − limit) & ~word` the lowest high bit is that of the first smaller byte.
 */
function firstBelow(words: DataView, at: number, limit: number): number {
  for (let i = at; ; i += 4) {
    const word = words.getInt32(i, true);
    const found = (word - limit) & ~word & HIGH_BITS;
    if (found !== 0) return i + ((31 - Math.clz32(found & -found)) >> 3);
  }
}
