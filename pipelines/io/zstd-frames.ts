import { Decompress } from 'fzstd';
import { Xxh64 } from './xxh64.ts';

/** Largest window a frame may ask for: what `zstd` itself reads without `--long`. A header that asks for more is a lie or a bomb. */
const MAX_WINDOW_BYTES = 1 << 27;
const MAX_BLOCK_BYTES = 1 << 17;
const ZSTD_MAGIC = 0xfd2fb528;
const NONE = new Uint8Array(0);

/**
 * Inflates zstd frames (RFC 8878), one after another and with skippable frames between them. The frames are cut here, block by block,
 * so that no header is believed before it is checked and no step gives more than one block (128 KiB). A frame that carries a checksum
 * is held against it; its last block is given only then.
 *
 * @param source compressed chunks; copied, so they may be reused
 * @param consumed told the number of compressed bytes behind each block, before the block is given
 * @throws Error saying what is wrong with the frames
 */
export async function* zstdFrames(
  source: AsyncIterable<Uint8Array>,
  consumed: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const input = new Pending(source);
  let frames = 0;
  while (await input.has(1)) {
    if (!(await input.has(4))) throw new Error('the data ends inside a frame header');
    const magic = input.uint32(0);
    if (magic >>> 4 === 0x184d2a5) {
      if (!(await input.has(8))) throw new Error('the data ends inside a frame header');
      await input.skip(input.uint32(4) + 8);
      continue;
    }
    if (magic !== ZSTD_MAGIC)
      throw new Error(frames === 0 ? 'it does not begin with a zstd frame' : 'there is something else behind a frame');
    frames++;
    yield* oneFrame(input, frames, consumed);
  }
  if (frames === 0) throw new Error('it holds no zstd frame');
}

async function* oneFrame(
  input: Pending,
  number: number,
  consumed: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const from = input.taken;
  await input.need(5);
  const flags = input.byte(4);
  const single = (flags >> 5) & 1;
  const dictionaryBytes = [0, 1, 2, 4][flags & 3] as number;
  const sizeBytes = flags >> 6 ? 1 << (flags >> 6) : single;
  if (flags & 8) throw new Error('a frame header has a reserved bit set');
  if (dictionaryBytes > 0) throw new Error('it needs a dictionary, which is not read');
  const headerBytes = 6 - single + sizeBytes;
  await input.need(headerBytes);
  const size =
    sizeBytes > 0 ? input.littleEndian(headerBytes - sizeBytes, sizeBytes) + (sizeBytes === 2 ? 256 : 0) : -1;
  const window = single ? size : windowBytes(input.byte(5));
  if (window > MAX_WINDOW_BYTES)
    throw new Error(`a frame asks for a window of ${window} bytes, more than ${MAX_WINDOW_BYTES}`);
  let given = 0;
  const hash = flags & 4 ? new Xxh64() : null;
  const blocks: Uint8Array[] = [];
  const decoder = new Decompress((block) => {
    blocks.push(block);
    hash?.update(block);
  });
  const unpack = (bytes: Uint8Array, last: boolean): void => {
    try {
      decoder.push(bytes, last);
    } catch (cause) {
      const { message } = cause as Error;
      throw new Error(`frame ${number}, in the block that ends with byte ${input.taken}: ${message}`, { cause });
    }
  };
  unpack(input.take(headerBytes), false);
  for (let last = false; !last; ) {
    await input.need(3);
    const header = input.littleEndian(0, 3);
    const type = (header >> 1) & 3;
    const length = header >> 3;
    last = (header & 1) === 1;
    if (type === 3) throw new Error('a block has a reserved type');
    if (length > MAX_BLOCK_BYTES) throw new Error(`a block claims ${length} bytes`);
    const bytes = 3 + (type === 1 ? 1 : length);
    await input.need(bytes);
    unpack(input.take(bytes), false);
    // Short frames are held back until their end is told.
    if (last) {
      if (hash) await input.need(4);
      const expected = hash ? input.uint32(0) : 0;
      unpack(hash ? input.take(4) : NONE, true);
      const found = hash ? Number(hash.digest() & 0xffffffffn) : 0;
      if (found !== expected)
        throw new Error(
          `frame ${number}, bytes ${from} to ${input.taken}, unpacks to the checksum ${hex(found)} and not ${hex(expected)}: something in it is damaged`,
        );
    }
    consumed(input.taken);
    for (const block of blocks) {
      given += block.length;
      if (block.length > 0) yield block;
    }
    blocks.length = 0;
  }
  if (size >= 0 && given !== size) throw new Error(`a frame gives ${given} bytes and not ${size}, as its header says`);
}

const hex = (checksum: number): string => checksum.toString(16).padStart(8, '0');

function windowBytes(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** Compressed bytes that have come in and are not yet taken. */
class Pending {
  taken = 0;
  private readonly source: AsyncIterator<Uint8Array>;
  private bytes = new Uint8Array(1 << 19);
  private from = 0;
  private to = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** True when n bytes are there, after reading on where needed. */
  async has(n: number): Promise<boolean> {
    while (this.to - this.from < n) {
      const next = await this.source.next();
      if (next.done) return false;
      const chunk = next.value;
      if (this.to + chunk.length > this.bytes.length) {
        const kept = this.to - this.from;
        const bytes = kept + chunk.length > this.bytes.length ? new Uint8Array(2 * (kept + chunk.length)) : this.bytes;
        bytes.set(this.bytes.subarray(this.from, this.to));
        this.bytes = bytes;
        this.from = 0;
        this.to = kept;
      }
      this.bytes.set(chunk, this.to);
      this.to += chunk.length;
    }
    return true;
  }

  async need(n: number): Promise<void> {
    if (!(await this.has(n))) throw new Error('the data ends inside a frame');
  }

  async skip(n: number): Promise<void> {
    for (let left = n; left > 0; ) {
      await this.need(1);
      const step = Math.min(left, this.to - this.from);
      this.from += step;
      this.taken += step;
      left -= step;
    }
  }

  take(n: number): Uint8Array {
    this.from += n;
    this.taken += n;
    return this.bytes.slice(this.from - n, this.from);
  }

  byte(at: number): number {
    return this.bytes[this.from + at] as number;
  }

  uint32(at: number): number {
    return this.littleEndian(at, 4);
  }

  littleEndian(at: number, length: number): number {
    let value = 0;
    for (let i = length - 1; i >= 0; i--) value = value * 256 + this.byte(at + i);
    return value;
  }
}
