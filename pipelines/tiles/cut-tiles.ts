import { GeoJSONVT, type GeoJSONVTFeature, type GeoJSONVTTile } from '@maplibre/geojson-vt';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import { gzipSync } from 'fflate';
import type { Feature, Geometry } from 'geojson';
import { BASEMAP_LAYERS, type BasemapLayer, MAX_ZOOM } from '../../tiles/schema.ts';
import { BLOCK_ZOOM, type BlockStore } from './block-store.ts';
import type { Box, TileFeature } from './tile-feature.ts';
import { tilesOf } from './tile-grid.ts';

export interface CutTile {
  readonly z: number;
  readonly x: number;
  readonly y: number;
  /** Mapbox vector tile, gzip. */
  readonly bytes: Uint8Array;
}

/** 4096 units a tile, 64 more on each side: lines and outlines run on beyond the edge that the screen shows. */
const CUT = { maxZoom: MAX_ZOOM, indexMaxZoom: 0, indexMaxPoints: 0, tolerance: 3, extent: 4096, buffer: 64 } as const;

/** Every tile of the box that holds something, from the lowest zoom up, block by block. */
export function* cutTiles(
  store: BlockStore,
  { box, lowest }: { readonly box: Box; readonly lowest: number },
): Generator<CutTile | 'block'> {
  const overview = indexOf(store.overview);
  for (let z = lowest; z < BLOCK_ZOOM; z++) yield* tilesAt(overview, z, tilesOf(box, z));
  yield 'block';
  for (const block of store.blocks) {
    const index = indexOf(store.features(block));
    for (let z = BLOCK_ZOOM; z <= MAX_ZOOM; z++) {
      const all = tilesOf(box, z);
      const side = 2 ** (z - BLOCK_ZOOM);
      yield* tilesAt(index, z, {
        minX: Math.max(all.minX, block.x * side),
        minY: Math.max(all.minY, block.y * side),
        maxX: Math.min(all.maxX, (block.x + 1) * side - 1),
        maxY: Math.min(all.maxY, (block.y + 1) * side - 1),
      });
    }
    yield 'block';
  }
}

interface LayerIndex {
  readonly layer: BasemapLayer;
  readonly tiles: GeoJSONVT;
  /** By number of the feature. */
  readonly firstZooms: readonly number[];
}

function indexOf(features: Iterable<TileFeature>): LayerIndex[] {
  const byLayer = new Map<BasemapLayer, { features: Feature[]; firstZooms: number[] }>();
  for (const { layer, firstZoom, properties, geometry } of features) {
    let list = byLayer.get(layer);
    if (!list) {
      list = { features: [], firstZooms: [] };
      byLayer.set(layer, list);
    }
    list.features.push({
      type: 'Feature',
      id: list.features.length,
      properties,
      // Its type asks for arrays that may be written to; the tiler only reads them.
      geometry: geometry as unknown as Geometry,
    });
    list.firstZooms.push(firstZoom);
  }
  return BASEMAP_LAYERS.flatMap((layer) => {
    const list = byLayer.get(layer);
    if (!list) return [];
    const tiles = new GeoJSONVT({ type: 'FeatureCollection', features: list.features }, CUT);
    return [{ layer, tiles, firstZooms: list.firstZooms }];
  });
}

function* tilesAt(
  layers: readonly LayerIndex[],
  z: number,
  range: { readonly minX: number; readonly minY: number; readonly maxX: number; readonly maxY: number },
): Generator<CutTile> {
  for (let y = range.minY; y <= range.maxY; y++)
    for (let x = range.minX; x <= range.maxX; x++) {
      const found: Record<string, GeoJSONVTTile> = {};
      for (const { layer, tiles, firstZooms } of layers) {
        const tile = tiles.getTile(z, x, y);
        if (!tile) continue;
        const all: readonly GeoJSONVTFeature[] = tile.features;
        const features = all
          .filter(({ id }) => firstZooms[Number(id)]! <= z)
          .map((feature): GeoJSONVTFeature => ({ ...feature, id: undefined }));
        if (features.length > 0) found[layer] = Object.assign(tile, { features });
      }
      // A fixed time in the header: the same tile is the same bytes.
      if (Object.keys(found).length > 0)
        yield {
          z,
          x,
          y,
          bytes: gzipSync(fromGeojsonVt(found, { version: 2, extent: CUT.extent }), { level: 9, mtime: 0 }),
        };
    }
}
