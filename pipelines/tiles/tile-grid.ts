import type { Box } from './tile-feature.ts';

/** Column and row of a tile of the Web Mercator pyramid. */
export interface TileRange {
  readonly z: number;
  /** Inclusive. */
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

/** Degrees → place in the square 0…1 of the world, y downward. Latitudes beyond ±85.05° are put on its edge. */
export function worldX(lng: number): number {
  return lng / 360 + 0.5;
}
export function worldY(lat: number): number {
  const sin = Math.sin((lat * Math.PI) / 180);
  return Math.min(1, Math.max(0, 0.5 - (0.25 * Math.log((1 + sin) / (1 - sin))) / Math.PI));
}

/** Tiles a box touches, widened on every side by a share of a tile. */
export function tilesOf([west, south, east, north]: Box, z: number, widen = 0): TileRange {
  const n = 2 ** z;
  const clamp = (value: number): number => Math.min(n - 1, Math.max(0, Math.floor(value)));
  return {
    z,
    minX: clamp(worldX(west) * n - widen),
    minY: clamp(worldY(north) * n - widen),
    maxX: clamp(worldX(east) * n + widen),
    maxY: clamp(worldY(south) * n + widen),
  };
}

export function tileBox({ z, x, y }: { readonly z: number; readonly x: number; readonly y: number }, widen = 0): Box {
  const n = 2 ** z;
  const lat = (row: number): number => (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / n))) * 180) / Math.PI;
  return [((x - widen) / n) * 360 - 180, lat(y + 1 + widen), ((x + 1 + widen) / n) * 360 - 180, lat(y - widen)];
}

/** The lowest zoom worth having: the area then covers an eighth of a tile. */
export function lowestZoom([west, south, east, north]: Box): number {
  const span = Math.max(worldX(east) - worldX(west), worldY(south) - worldY(north), 2 ** -20);
  return Math.max(0, Math.floor(-Math.log2(span)) - 3);
}
