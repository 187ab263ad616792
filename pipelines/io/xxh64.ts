/**
 * XXH64 with seed 0, of bytes that come in pieces: the checksum of zstd frames. 64-bit numbers are held as two halves of 32 bits, as
 * BigInt would cost ten times as much.
 *
 * @see https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
 */
export class Xxh64 {
  /** Four accumulators, low half first. */
  private readonly lanes = new Int32Array(8);
  private readonly rest = new Uint8Array(STRIPE);
  private resting = 0;
  private total = 0;

  constructor() {
    set(this.lanes, 0, add(P1, P2));
    set(this.lanes, 1, P2);
    set(this.lanes, 3, { low: -P1.low | 0, high: ~P1.high }); // 0 − P1
  }

  update(bytes: Uint8Array): void {
    this.total += bytes.length;
    let from = 0;
    if (this.resting > 0) {
      from = Math.min(STRIPE - this.resting, bytes.length);
      this.rest.set(bytes.subarray(0, from), this.resting);
      this.resting += from;
      if (this.resting < STRIPE) return;
      stripes(this.lanes, this.rest, 0, STRIPE);
      this.resting = 0;
    }
    const whole = bytes.length - ((bytes.length - from) % STRIPE);
    stripes(this.lanes, bytes, from, whole);
    this.rest.set(bytes.subarray(whole));
    this.resting = bytes.length - whole;
  }

  /** The hash of all bytes so far; more may follow. */
  digest(): bigint {
    let hash: Word;
    if (this.total < STRIPE) hash = P5;
    else {
      const lane = [0, 1, 2, 3].map((i) => get(this.lanes, i)) as [Word, Word, Word, Word];
      hash = add(add(turn(lane[0], 1), turn(lane[1], 7)), add(turn(lane[2], 12), turn(lane[3], 18)));
      for (const word of lane) hash = add(times(xor(hash, mixed(word)), P1), P4);
    }
    hash = add(hash, { low: this.total | 0, high: Math.floor(this.total / 2 ** 32) });
    const { rest, resting } = this;
    let at = 0;
    for (; at + 8 <= resting; at += 8) {
      const word = { low: int32(rest, at), high: int32(rest, at + 4) };
      hash = add(times(turn(xor(hash, mixed(word)), 27), P1), P4);
    }
    for (; at + 4 <= resting; at += 4)
      hash = add(times(turn(xor(hash, times({ low: int32(rest, at), high: 0 }, P1)), 23), P2), P3);
    for (; at < resting; at++) hash = times(turn(xor(hash, times({ low: rest[at] as number, high: 0 }, P5)), 11), P1);
    hash = times(xor(hash, shifted(hash, 33)), P2);
    hash = times(xor(hash, shifted(hash, 29)), P3);
    hash = xor(hash, shifted(hash, 32));
    return (BigInt(hash.high >>> 0) << 32n) | BigInt(hash.low >>> 0);
  }
}

const STRIPE = 32;

/** 64 bits, both halves signed. */
interface Word {
  readonly low: number;
  readonly high: number;
}
const P1: Word = { low: 0x85ebca87 | 0, high: 0x9e3779b1 | 0 };
const P2: Word = { low: 0x27d4eb4f, high: 0xc2b2ae3d | 0 };
const P3: Word = { low: 0x9e3779f9 | 0, high: 0x165667b1 };
const P4: Word = { low: 0xc2b2ae63 | 0, high: 0x85ebca77 | 0 };
const P5: Word = { low: 0x165667c5, high: 0x27d4eb2f };

const get = (lanes: Int32Array, i: number): Word => ({
  low: lanes[2 * i] as number,
  high: lanes[2 * i + 1] as number,
});
function set(lanes: Int32Array, i: number, { low, high }: Word): void {
  lanes[2 * i] = low;
  lanes[2 * i + 1] = high;
}

const xor = (a: Word, b: Word): Word => ({ low: a.low ^ b.low, high: a.high ^ b.high });
function add(a: Word, b: Word): Word {
  const low = (a.low + b.low) | 0;
  return { low, high: (a.high + b.high + (low >>> 0 < a.low >>> 0 ? 1 : 0)) | 0 };
}
const times = (a: Word, b: Word): Word => ({
  low: Math.imul(a.low, b.low),
  high: (highOf(a.low, b.low) + Math.imul(a.high, b.low) + Math.imul(a.low, b.high)) | 0,
});
/** Rotated left by 1 to 31 bits. */
const turn = ({ low, high }: Word, bits: number): Word => ({
  low: (low << bits) | (high >>> (32 - bits)),
  high: (high << bits) | (low >>> (32 - bits)),
});
const shifted = ({ low, high }: Word, bits: number): Word =>
  bits >= 32
    ? { low: high >>> (bits - 32), high: 0 }
    : { low: (low >>> bits) | (high << (32 - bits)), high: high >>> bits };
const mixed = (word: Word): Word => times(turn(times(word, P2), 31), P1);

/** Upper half of the product of two unsigned halves. */
function highOf(a: number, b: number): number {
  const a0 = a & 0xffff;
  const a1 = a >>> 16;
  const b0 = b & 0xffff;
  const b1 = b >>> 16;
  const middle = (Math.imul(a1, b0) >>> 0) + (Math.imul(a0, b0) >>> 16);
  const cross = (Math.imul(a0, b1) >>> 0) + (middle & 0xffff);
  return (Math.imul(a1, b1) + (middle >>> 16) + (cross >>> 16)) | 0;
}

const int32 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24);

/** acc = rotl(acc + word × P2, 31) × P1 for every lane of every stripe, written out: nothing is allocated. */
function stripes(lanes: Int32Array, bytes: Uint8Array, from: number, to: number): void {
  for (let at = from; at < to; at += 8) {
    const lane = ((at - from) >> 2) & 6;
    const wordLow = int32(bytes, at);
    const wordHigh = int32(bytes, at + 4);
    const addLow = Math.imul(wordLow, P2.low);
    const addHigh = (highOf(wordLow, P2.low) + Math.imul(wordHigh, P2.low) + Math.imul(wordLow, P2.high)) | 0;
    const low = ((lanes[lane] as number) + addLow) | 0;
    const high = ((lanes[lane + 1] as number) + addHigh + (low >>> 0 < addLow >>> 0 ? 1 : 0)) | 0;
    const turnedLow = (low << 31) | (high >>> 1);
    const turnedHigh = (high << 31) | (low >>> 1);
    lanes[lane] = Math.imul(turnedLow, P1.low);
    lanes[lane + 1] = (highOf(turnedLow, P1.low) + Math.imul(turnedHigh, P1.low) + Math.imul(turnedLow, P1.high)) | 0;
  }
}
