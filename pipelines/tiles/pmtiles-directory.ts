import { gzipSync } from 'fflate';

/** `runLength` tiles from `tileId` on are the same bytes; 0 = a leaf directory lies there. */
export interface Entry {
  readonly tileId: number;
  readonly offset: number;
  readonly length: number;
  readonly runLength: number;
}

/** Readers fetch the first 16 KiB at once: header and root directory must lie in it. */
const FIRST_READ = 16_384;
export const HEADER_BYTES = 127;

/** PMTiles v3, directories: columns of varints (differences of ids, runs, lengths, offsets; 0 = right behind the last), gzip. */
export function directoryBytes(entries: readonly Entry[]): Uint8Array {
  const bytes: number[] = [];
  const put = (value: number): void => {
    let rest = value;
    while (rest >= 0x80) {
      bytes.push((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    bytes.push(rest);
  };
  put(entries.length);
  let last = 0;
  for (const { tileId } of entries) {
    put(tileId - last);
    last = tileId;
  }
  for (const { runLength } of entries) put(runLength);
  for (const { length } of entries) put(length);
  entries.forEach(({ offset }, i) => {
    const before = entries[i - 1];
    put(before && offset === before.offset + before.length ? 0 : offset + 1);
  });
  return gzipSync(Uint8Array.from(bytes), { level: 9, mtime: 0 });
}

export interface Directories {
  readonly root: Uint8Array;
  /** Leaf directories, one behind the other. */
  readonly leaves: Uint8Array;
}

/** One root, or a root of leaves when it would not fit into the first read. */
export function directories(entries: readonly Entry[]): Directories {
  const whole = directoryBytes(entries);
  if (whole.length <= FIRST_READ - HEADER_BYTES) return { root: whole, leaves: new Uint8Array() };
  for (let size = 4096; ; size *= 2) {
    const leaves: Uint8Array[] = [];
    const pointers: Entry[] = [];
    let offset = 0;
    for (let i = 0; i < entries.length; i += size) {
      const bytes = directoryBytes(entries.slice(i, i + size));
      pointers.push({ tileId: entries[i]!.tileId, offset, length: bytes.length, runLength: 0 });
      leaves.push(bytes);
      offset += bytes.length;
    }
    const root = directoryBytes(pointers);
    if (root.length <= FIRST_READ - HEADER_BYTES) return { root, leaves: Buffer.concat(leaves) };
  }
}
