import {
  cellToBoundary,
  cellToLatLng,
  cellToParent,
  latLngToCell,
  POLYGON_TO_CELLS_FLAGS,
  polygonToCellsExperimental,
} from 'h3-js';
import type { MultiPolygon } from '../geo/polygon.ts';

/**
 * Cells of the study area. `cell_id` is the position in ascending order of the finest index, so every coarser cell holds one
 * contiguous range of ids. A cell that touches the area at all is in the grid: a point inside the area always finds its cell.
 */
export interface StudyGrid {
  readonly finest: number;
  /** H3 indexes of the finest resolution as sorted keys (see `cellKey`). */
  readonly keys: Float64Array;
  readonly coarse: readonly CoarseGrid[];
}

export interface CoarseGrid {
  readonly resolution: number;
  readonly h3: readonly string[];
  /** Descendants of cell i are the ids `firstId[i] <= id < endId[i]`. */
  readonly firstId: Uint32Array;
  readonly endId: Uint32Array;
}

/** The first 48 bits of a resolution-10 index: unique there, order-keeping, exact in a double. The rest of the index is all ones. */
export function cellKey(h3: string): number {
  return Number.parseInt(h3.slice(0, 12), 16);
}

export function cellOfKey(key: number): string {
  return `${key.toString(16)}fff`;
}

/** Overlapping cells of one polygon part, as keys. Cost: about 15 µs a cell. */
export function overlappingKeys(polygons: MultiPolygon, finest: number): Float64Array {
  const keys = new Set<number>();
  for (const polygon of polygons) {
    const rings = polygon.map((ring) => {
      const positions: [number, number][] = [];
      for (let i = 0; i < ring.length; i += 2) positions.push([ring[i] as number, ring[i + 1] as number]);
      return positions;
    });
    for (const cell of polygonToCellsExperimental(rings, finest, POLYGON_TO_CELLS_FLAGS.containmentOverlapping, true))
      keys.add(cellKey(cell));
  }
  return Float64Array.from(keys).sort();
}

export function mergeKeys(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  all.sort();
  let n = 0;
  for (let i = 0; i < all.length; i++) if (i === 0 || all[i] !== all[i - 1]) all[n++] = all[i] as number;
  return all.slice(0, n);
}

/** Position of a finest cell, or -1. */
export function cellIdOf(keys: Float64Array, key: number): number {
  let low = 0;
  let high = keys.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const value = keys[middle] as number;
    if (value === key) return middle;
    if (value < key) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** The ranges of every coarser resolution. Order keeps: the parent of a larger index is never smaller. */
export function coarseGrids(keys: Float64Array, options: { finest: number; coarsest: number }): CoarseGrid[] {
  const grids: CoarseGrid[] = [];
  let children: { h3: string; first: number; end: number }[] = Array.from(keys, (key, id) => ({
    h3: cellOfKey(key),
    first: id,
    end: id + 1,
  }));
  for (let resolution = options.finest - 1; resolution >= options.coarsest; resolution--) {
    const parents: { h3: string; first: number; end: number }[] = [];
    for (const child of children) {
      const h3 = cellToParent(child.h3, resolution);
      const last = parents[parents.length - 1];
      if (last && last.h3 === h3) last.end = child.end;
      else parents.push({ h3, first: child.first, end: child.end });
    }
    grids.push({
      resolution,
      h3: parents.map((parent) => parent.h3),
      firstId: Uint32Array.from(parents, (parent) => parent.first),
      endId: Uint32Array.from(parents, (parent) => parent.end),
    });
    children = parents;
  }
  return grids;
}

/** Centres of cells (`cellKey`): longitude and latitude of each. */
export function cellCentres(keys: Float64Array): Float64Array {
  const centres = new Float64Array(keys.length * 2);
  for (let id = 0; id < keys.length; id++) {
    const [lat, lng] = cellToLatLng(cellOfKey(keys[id] as number));
    centres[id * 2] = lng;
    centres[id * 2 + 1] = lat;
  }
  return centres;
}

/** Centre in millionths of a degree. */
export function centreE6(h3: string): { lng: number; lat: number } {
  const [lat, lng] = cellToLatLng(h3);
  return { lng: Math.round(lng * 1e6), lat: Math.round(lat * 1e6) };
}

/** Open ring lng, lat, … in millionths of a degree. */
export function outlineE6(h3: string): Int32Array {
  const boundary = cellToBoundary(h3);
  const ring = new Int32Array(boundary.length * 2);
  boundary.forEach(([lat, lng], i) => {
    ring[i * 2] = Math.round(lng * 1e6);
    ring[i * 2 + 1] = Math.round(lat * 1e6);
  });
  return ring;
}

/** Finest cells that a line of the given rings passes, sampled every `stepDeg`; a corner cut shorter than that can be missed. */
export function cellsAlong(polygons: MultiPolygon, options: { finest: number; stepDeg: number }): Set<number> {
  const keys = new Set<number>();
  for (const polygon of polygons) {
    for (const ring of polygon) {
      for (let i = 0; i + 3 < ring.length; i += 2) {
        const [x1, y1, x2, y2] = [ring[i], ring[i + 1], ring[i + 2], ring[i + 3]] as [number, number, number, number];
        const steps = Math.max(1, Math.ceil(Math.hypot(x2 - x1, y2 - y1) / options.stepDeg));
        for (let s = 0; s < steps; s++) {
          const share = s / steps;
          keys.add(cellKey(latLngToCell(y1 + (y2 - y1) * share, x1 + (x2 - x1) * share, options.finest)));
        }
      }
    }
  }
  return keys;
}
