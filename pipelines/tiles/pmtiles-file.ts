import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { gzipSync } from 'fflate';
import { zxyToTileId } from 'pmtiles';
import { syncFolder } from '../io/atomic.ts';
import { fileFailure } from '../io/file-failure.ts';
import { directories, type Entry, HEADER_BYTES } from './pmtiles-directory.ts';
import type { Box } from './tile-feature.ts';

export interface ArchiveInfo {
  readonly box: Box;
  readonly minZoom: number;
  readonly maxZoom: number;
  /** Zoom a viewer starts with. */
  readonly centreZoom: number;
  readonly metadata: object;
}

export interface Archive {
  readonly bytes: number;
  readonly sha256: string;
  readonly tiles: number;
  /** Different contents: empty sea and empty land are each stored once. */
  readonly contents: number;
}

/**
 * Writes a PMTiles v3 archive (https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md); no library for Node does. Tiles may come in
 * any order: they wait in a temporary file and are put in the order of their ids, each content once. The final name appears by
 * rename, when all of it is on disk.
 */
export class PmtilesFile {
  readonly #path: string;
  readonly #waitingPath: string;
  readonly #partPath: string;
  readonly #waiting: number;
  readonly #tiles: { readonly id: number; readonly content: string }[] = [];
  readonly #contents = new Map<string, { readonly at: number; readonly length: number }>();
  #size = 0;

  /** @throws HexsightError (disk) */
  constructor(path: string) {
    this.#path = path;
    this.#waitingPath = `${path}.tiles.tmp-${process.pid}`;
    this.#partPath = `${path}.tmp-${process.pid}`;
    try {
      this.#waiting = openSync(this.#waitingPath, 'w+', 0o600);
    } catch (cause) {
      throw fileFailure(path, cause);
    }
  }

  /** @param tile its bytes are a Mapbox vector tile in gzip */
  add({
    z,
    x,
    y,
    bytes,
  }: {
    readonly z: number;
    readonly x: number;
    readonly y: number;
    readonly bytes: Uint8Array;
  }): void {
    const content = createHash('sha256').update(bytes).digest('base64');
    this.#tiles.push({ id: zxyToTileId(z, x, y), content });
    if (this.#contents.has(content)) return;
    this.#contents.set(content, { at: this.#size, length: bytes.length });
    try {
      writeAll(this.#waiting, bytes);
    } catch (cause) {
      throw fileFailure(this.#waitingPath, cause);
    }
    this.#size += bytes.length;
  }

  /** @throws HexsightError (disk); the old file, if any, stays until the rename */
  finish(info: ArchiveInfo): Archive {
    const { entries, order } = this.#entries();
    const { root, leaves } = directories(entries);
    const metadata = gzipSync(Buffer.from(JSON.stringify(info.metadata)), { level: 9, mtime: 0 });
    const header = headerBytes(info, {
      root: root.length,
      metadata: metadata.length,
      leaves: leaves.length,
      data: this.#size,
      addressed: this.#tiles.length,
      entries: entries.length,
      contents: this.#contents.size,
    });
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      const part = openSync(this.#partPath, 'w');
      try {
        const put = (piece: Uint8Array): void => {
          hash.update(piece);
          writeAll(part, piece);
          bytes += piece.length;
        };
        for (const piece of [header, root, metadata, leaves]) put(piece);
        for (const { at, length } of order) put(readAll(this.#waiting, { at, length }));
        fsyncSync(part);
      } finally {
        closeSync(part);
      }
      renameSync(this.#partPath, this.#path);
      syncFolder(dirname(this.#path));
    } catch (cause) {
      throw fileFailure(this.#path, cause);
    }
    return { bytes, sha256: hash.digest('hex'), tiles: this.#tiles.length, contents: this.#contents.size };
  }

  /** Removes what is temporary, also after a failure. */
  close(): void {
    closeSync(this.#waiting);
    rmSync(this.#waitingPath, { force: true });
    rmSync(this.#partPath, { force: true });
  }

  /** Entries in the order of tile ids, and the contents in the order in which they are first named. */
  #entries(): { entries: Entry[]; order: { readonly at: number; readonly length: number }[] } {
    const entries: Entry[] = [];
    const order: { readonly at: number; readonly length: number }[] = [];
    const placed = new Map<string, number>();
    let offset = 0;
    for (const { id, content } of this.#tiles.sort((a, b) => a.id - b.id)) {
      const stored = this.#contents.get(content)!;
      let at = placed.get(content);
      if (at === undefined) {
        at = offset;
        placed.set(content, at);
        order.push(stored);
        offset += stored.length;
      }
      const last = entries[entries.length - 1];
      if (last && last.offset === at && last.tileId + last.runLength === id)
        entries[entries.length - 1] = { ...last, runLength: last.runLength + 1 };
      else entries.push({ tileId: id, offset: at, length: stored.length, runLength: 1 });
    }
    return { entries, order };
  }
}

interface Sizes {
  readonly root: number;
  readonly metadata: number;
  readonly leaves: number;
  readonly data: number;
  readonly addressed: number;
  readonly entries: number;
  readonly contents: number;
}

const GZIP = 2;
const VECTOR_TILE = 1;

/** 127 bytes, little-endian; offsets from the begin of the file. */
function headerBytes({ box, minZoom, maxZoom, centreZoom }: ArchiveInfo, sizes: Sizes): Uint8Array {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES));
  Buffer.from('PMTiles').copy(new Uint8Array(view.buffer));
  view.setUint8(7, 3);
  const metadataAt = HEADER_BYTES + sizes.root;
  const leavesAt = metadataAt + sizes.metadata;
  const numbers = [
    HEADER_BYTES,
    sizes.root,
    metadataAt,
    sizes.metadata,
    leavesAt,
    sizes.leaves,
    leavesAt + sizes.leaves,
    sizes.data,
    sizes.addressed,
    sizes.entries,
    sizes.contents,
  ];
  numbers.forEach((value, i) => void view.setBigUint64(8 + 8 * i, BigInt(value), true));
  view.setUint8(96, 1); // tile data lies in the order of the ids
  view.setUint8(97, GZIP);
  view.setUint8(98, GZIP);
  view.setUint8(99, VECTOR_TILE);
  view.setUint8(100, minZoom);
  view.setUint8(101, maxZoom);
  const degrees = (at: number, value: number): void => view.setInt32(at, Math.round(value * 1e7), true);
  for (const [i, value] of box.entries()) degrees(102 + 4 * i, value);
  view.setUint8(118, centreZoom);
  degrees(119, (box[0] + box[2]) / 2);
  degrees(123, (box[1] + box[3]) / 2);
  return new Uint8Array(view.buffer);
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
}

function readAll(file: number, { at, length }: { readonly at: number; readonly length: number }): Uint8Array {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const read = readSync(file, bytes, done, length - done, at + done);
    if (read === 0) throw new Error('the temporary file is shorter than written');
    done += read;
  }
  return bytes;
}
