import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { fileFailure } from '../io/file-failure.ts';
import { clipToBox } from './clip.ts';
import { type Box, boxOf, type TileFeature, touch } from './tile-feature.ts';
import { tileBox, tilesOf } from './tile-grid.ts';

/** Features are sorted into tiles of this zoom; each is then cut into finer tiles on its own, so that only one is in memory. */
export const BLOCK_ZOOM = 12;
/** Wider than the border that tiles keep beyond their edge (64 of 4096 at zoom 14, twice that at 12, and more room). */
const WIDEN = 0.05;
/** From so many vertices on, a feature is cut for each block instead of being copied whole. */
const LARGE = 200;
/** Characters waiting in memory before they go to disk. */
const SPILL = 48 * 1024 * 1024;

interface Block {
  readonly x: number;
  readonly y: number;
  spilled: { readonly at: number; readonly bytes: number }[];
  waiting: string[];
}

/** Features by block, on disk beyond a few megabytes. Reading gives them back in the order in which they came. */
export class BlockStore {
  readonly #box: Box;
  readonly #path: string;
  readonly #spillAt: number;
  readonly #blocks = new Map<string, Block>();
  readonly #overview: TileFeature[] = [];
  #file: number | null = null;
  #size = 0;
  #waiting = 0;
  #count = 0;

  /**
   * @param path of the temporary file, made when needed
   * @param spill characters that may wait in memory
   */
  constructor(box: Box, path: string, spill = SPILL) {
    this.#spillAt = spill;
    this.#box = box;
    this.#path = path;
  }

  /** Features kept: those that touch the box. */
  get count(): number {
    return this.#count;
  }

  /** Features that are on the map before the blocks are: in memory, as there are few. */
  get overview(): readonly TileFeature[] {
    return this.#overview;
  }

  /** In the order in which their tiles stand in the pyramid's rows. */
  get blocks(): readonly { readonly x: number; readonly y: number }[] {
    return [...this.#blocks.values()].sort((a, b) => a.y - b.y || a.x - b.x);
  }

  add(feature: TileFeature): void {
    const box = boxOf(feature.geometry);
    if (!touch(box, this.#box)) return;
    this.#count++;
    if (feature.firstZoom < BLOCK_ZOOM) this.#overview.push(feature);
    const inside: Box = [
      Math.max(box[0], this.#box[0]),
      Math.max(box[1], this.#box[1]),
      Math.min(box[2], this.#box[2]),
      Math.min(box[3], this.#box[3]),
    ];
    const range = tilesOf(inside, BLOCK_ZOOM, WIDEN);
    const several = range.minX !== range.maxX || range.minY !== range.maxY;
    const cut = verticesOf(feature) >= LARGE && several;
    for (let y = range.minY; y <= range.maxY; y++)
      for (let x = range.minX; x <= range.maxX; x++) {
        const parts = cut ? clipToBox(feature.geometry, tileBox({ z: BLOCK_ZOOM, x, y }, WIDEN)) : [feature.geometry];
        for (const geometry of parts) this.#put({ x, y }, JSON.stringify({ ...feature, geometry }));
      }
    if (this.#waiting > this.#spillAt) this.#spill();
  }

  *features({ x, y }: { readonly x: number; readonly y: number }): Generator<TileFeature> {
    const block = this.#blocks.get(`${x}/${y}`);
    if (!block) return;
    for (const { at, bytes } of block.spilled) {
      const buffer = Buffer.alloc(bytes);
      try {
        if (readSync(this.#file!, buffer, 0, bytes, at) !== bytes) throw new Error('shorter than written');
      } catch (cause) {
        throw fileFailure(this.#path, cause);
      }
      for (const line of buffer.toString('utf8').split('\n')) yield JSON.parse(line) as TileFeature;
    }
    for (const line of block.waiting) yield JSON.parse(line) as TileFeature;
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
    rmSync(this.#path, { force: true });
  }

  #put({ x, y }: { readonly x: number; readonly y: number }, line: string): void {
    const key = `${x}/${y}`;
    let block = this.#blocks.get(key);
    if (!block) {
      block = { x, y, spilled: [], waiting: [] };
      this.#blocks.set(key, block);
    }
    block.waiting.push(line);
    this.#waiting += line.length;
  }

  #spill(): void {
    try {
      this.#file ??= openSync(this.#path, 'w+', 0o600);
      for (const block of this.#blocks.values()) {
        if (block.waiting.length === 0) continue;
        const bytes = Buffer.from(block.waiting.join('\n'));
        for (let at = 0; at < bytes.length; )
          at += writeSync(this.#file, bytes, at, bytes.length - at, this.#size + at);
        block.spilled.push({ at: this.#size, bytes: bytes.length });
        this.#size += bytes.length;
        block.waiting = [];
      }
      this.#waiting = 0;
    } catch (cause) {
      throw fileFailure(this.#path, cause);
    }
  }
}

function verticesOf({ geometry }: TileFeature): number {
  if (geometry.type === 'Point') return 1;
  return geometry.type === 'LineString'
    ? geometry.coordinates.length
    : geometry.coordinates.reduce((sum, ring) => sum + ring.length, 0);
}
