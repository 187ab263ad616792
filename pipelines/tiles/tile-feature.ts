import type { BasemapLayer } from '../../tiles/schema.ts';

/** WGS 84 degrees, longitude first. */
export type LngLat = readonly [number, number];

export type TileGeometry =
  | { readonly type: 'Point'; readonly coordinates: LngLat }
  | { readonly type: 'LineString'; readonly coordinates: readonly LngLat[] }
  /** Rings of one polygon, the first is the outer one; closed. */
  | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly LngLat[])[] };

/** One thing on the base map, before it is cut into tiles. */
export interface TileFeature {
  readonly layer: BasemapLayer;
  readonly firstZoom: number;
  readonly properties: Readonly<Record<string, string | number | boolean>>;
  readonly geometry: TileGeometry;
}

/** Takes features one by one; whoever reads waits for it, so that nothing piles up. */
export type Sink = (feature: TileFeature) => void;

/** west, south, east, north; degrees */
export type Box = readonly [number, number, number, number];

export function boxOf(geometry: TileGeometry): Box {
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  const take = ([lng, lat]: LngLat): void => {
    if (lng < box[0]) box[0] = lng;
    if (lat < box[1]) box[1] = lat;
    if (lng > box[2]) box[2] = lng;
    if (lat > box[3]) box[3] = lat;
  };
  if (geometry.type === 'Point') take(geometry.coordinates);
  else if (geometry.type === 'LineString') geometry.coordinates.forEach(take);
  else geometry.coordinates[0]?.forEach(take);
  return box;
}

export const touch = (a: Box, b: Box): boolean => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
