import { readFileSync } from 'node:fs';
import { VectorTile, type VectorTileFeature } from '@mapbox/vector-tile';
import Pbf from 'pbf';
import { PMTiles } from 'pmtiles';

/** A .pmtiles on disk, through the reader that browsers use. */
export function archiveAt(path: string): PMTiles {
  return new PMTiles({
    getKey: () => path,
    getBytes: async (offset, length) => {
      const bytes = readFileSync(path).subarray(offset, offset + length);
      return { data: Uint8Array.from(bytes).buffer };
    },
  });
}

export interface TileAt {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

export async function tileAt(archive: PMTiles, { z, x, y }: TileAt): Promise<VectorTile | null> {
  const found = await archive.getZxy(z, x, y);
  return found ? new VectorTile(new Pbf(new Uint8Array(found.data))) : null;
}

/** The tile of a place, and the place in units of the tile (0 … 4096). */
export function placeInTile(
  lng: number,
  lat: number,
  z: number,
): TileAt & { readonly px: number; readonly py: number } {
  const n = 2 ** z;
  const wx = (lng / 360 + 0.5) * n;
  const wy = ((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * n;
  const [x, y] = [Math.floor(wx), Math.floor(wy)];
  return { z, x, y, px: (wx - x) * 4096, py: (wy - y) * 4096 };
}

export function featuresIn(tile: VectorTile | null, layer: string): VectorTileFeature[] {
  const found = tile?.layers[layer];
  return found ? Array.from({ length: found.length }, (_, i) => found.feature(i)) : [];
}

/** Units of the tile from a place to the nearest segment of a line feature. */
export function distanceTo(
  feature: VectorTileFeature,
  { px, py }: { readonly px: number; readonly py: number },
): number {
  let best = Number.POSITIVE_INFINITY;
  for (const line of feature.loadGeometry())
    for (let i = 1; i < line.length; i++) {
      const [a, b] = [line[i - 1]!, line[i]!];
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const along = dx === 0 && dy === 0 ? 0 : ((px - a.x) * dx + (py - a.y) * dy) / (dx * dx + dy * dy);
      const t = Math.min(1, Math.max(0, along));
      best = Math.min(best, Math.hypot(px - a.x - t * dx, py - a.y - t * dy));
    }
  return best;
}
