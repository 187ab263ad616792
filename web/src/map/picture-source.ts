import type { Manifest } from '../../../core/contract/manifest.ts';
import { type HexagonBuffers, hexagonBuffers } from '../layers/hexagon-layer.ts';
import { type HexagonMesh, hexagonMesh } from '../layers/hexagon-mesh.ts';
import { joinOutlines, type Outlines } from '../layers/outlines.ts';
import { type CellIndex, cellIndex } from './cell-index.ts';
import { type GridTable, gridPath, readGrid } from './grid-table.ts';
import type { OutlineSource } from './outline-source.ts';

/** Filled share of a cell's width. The gap lets the ground through and keeps neighbours of one class countable. */
export const COVER = 0.93;

/** Cells come from the worker in blocks: a block is all cells of one parent this many resolutions up (7³ = 343 cells). */
const BLOCK_STEP = 3;

/** Share of the view's width and height that is prepared beyond each side. */
const MARGIN = 0.25;

export type Bounds = readonly [west: number, south: number, east: number, north: number];

/** Everything static about the hexagons on screen: the whole grid of a resolution, or the part in view of a fine one. */
export interface Picture {
  readonly key: string;
  readonly resolution: number;
  readonly table: GridTable;
  /** Row in the table per drawn cell; null = cell i is row i. */
  readonly rows: Uint32Array | null;
  readonly outlines: Outlines;
  readonly mesh: HexagonMesh;
  readonly buffers: HexagonBuffers;
  readonly index: CellIndex;
}

/** What has to be there for a picture; its key says when the picture on screen is already the right one. */
export interface PicturePlan {
  readonly key: string;
  readonly make: () => Promise<Picture>;
}

export interface PictureSource {
  table(resolution: number): Promise<GridTable>;
  /** The table if it has been read. */
  ready(resolution: number): GridTable | undefined;
  plan(resolution: number, view: Bounds): Promise<PicturePlan>;
}

export function pictureSource(
  manifest: Manifest,
  load: (path: string) => Promise<Uint8Array>,
  outlineSource: OutlineSource,
): PictureSource {
  const { finest, coarsest } = manifest.grid;
  const tables = new Map<number, Promise<GridTable>>();
  const ready = new Map<number, GridTable>();
  const whole = new Map<number, Picture>();

  const table = (resolution: number): Promise<GridTable> => {
    const known = tables.get(resolution);
    if (known) return known;
    const reading = load(gridPath(resolution, finest)).then((bytes) => {
      const read = readGrid(bytes, resolution);
      ready.set(resolution, read);
      return read;
    });
    // A failed load is tried again the next time somebody asks.
    reading.catch(() => tables.delete(resolution));
    tables.set(resolution, reading);
    return reading;
  };

  const wholePicture = (of: GridTable, outlines: Outlines): Picture => {
    const known = whole.get(of.resolution);
    if (known) return known;
    const made = pictureOf(`r${of.resolution}`, of, null, outlines);
    whole.set(of.resolution, made);
    return made;
  };

  const plan = async (resolution: number, view: Bounds): Promise<PicturePlan> => {
    const of = await table(resolution);
    if (of.outlines) {
      const { outlines } = of;
      return { key: `r${resolution}`, make: async () => wholePicture(of, outlines) };
    }
    const blockResolution = Math.max(coarsest, resolution - BLOCK_STEP);
    const blocks = blockResolution < resolution ? await table(blockResolution) : of;
    const spans = blockResolution < resolution ? spansInView(blocks, of, view) : [{ first: 0, end: of.h3.length }];
    const keyOf = (span: Span) => `${resolution}/${span.first}`;
    return {
      key: `r${resolution}:${spans.map((span) => span.first).join()}`,
      make: async () => {
        outlineSource.keepOnly(new Set(spans.map(keyOf)));
        const parts = await Promise.all(
          spans.map((span) => outlineSource.block(keyOf(span), () => of.h3.slice(span.first, span.end))),
        );
        const key = `r${resolution}:${spans.map((span) => span.first).join()}`;
        return pictureOf(key, of, rowsOf(spans), joinOutlines(parts));
      },
    };
  };

  return { table, ready: (resolution) => ready.get(resolution), plan };
}

function pictureOf(key: string, table: GridTable, rows: Uint32Array | null, outlines: Outlines): Picture {
  const mesh = hexagonMesh(outlines, COVER);
  const { resolution } = table;
  return { key, resolution, table, rows, outlines, mesh, buffers: hexagonBuffers(mesh), index: cellIndex(outlines) };
}

/** Rows of a table, half-open. */
interface Span {
  readonly first: number;
  readonly end: number;
}

/** Rows of the fine table below each block whose centre is near the view. */
function spansInView(blocks: GridTable, fine: GridTable, [west, south, east, north]: Bounds): Span[] {
  const { lngE6, latE6, ranges } = blocks;
  if (!lngE6 || !latE6 || !ranges) throw new Error(`grid table ${blocks.resolution} has no centres`);
  const reach = blockReach(blocks.resolution, (south + north) / 2);
  const marginLng = (east - west) * MARGIN + reach.lng;
  const marginLat = (north - south) * MARGIN + reach.lat;
  const spans: Span[] = [];
  for (let row = 0; row < lngE6.length; row++) {
    const lng = lngE6[row]! / 1e6;
    const lat = latE6[row]! / 1e6;
    if (lng < west - marginLng || lng > east + marginLng) continue;
    if (lat < south - marginLat || lat > north + marginLat) continue;
    spans.push({ first: rowAt(fine, ranges.firstId[row]!), end: rowAt(fine, ranges.endId[row]!) });
  }
  return spans;
}

/** Degrees from a cell's centre that its descendants may reach: 1.2 edges (they overhang the outline a little). */
function blockReach(resolution: number, lat: number): { lng: number; lat: number } {
  const edgeDegrees = 68.979 / 111.2 / Math.sqrt(7) ** (resolution - 3);
  return { lng: (1.2 * edgeDegrees) / Math.cos((lat * Math.PI) / 180), lat: 1.2 * edgeDegrees };
}

/** First row whose finest descendants begin at `id` or later. */
function rowAt(table: GridTable, id: number): number {
  if (!table.ranges) return id;
  const { firstId } = table.ranges;
  let low = 0;
  let high = firstId.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (firstId[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rowsOf(spans: readonly Span[]): Uint32Array {
  const rows = new Uint32Array(spans.reduce((sum, { first, end }) => sum + end - first, 0));
  let next = 0;
  for (const { first, end } of spans) for (let row = first; row < end; row++) rows[next++] = row;
  return rows;
}
