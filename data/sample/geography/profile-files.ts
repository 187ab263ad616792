import { readFileSync } from 'node:fs';
import type { FeatureCollection, MultiPolygon as GeoMultiPolygon, Polygon as GeoPolygon, Position } from 'geojson';
import { boundsOf, contains, type MultiPolygon } from '../../../core/geo/polygon.ts';

/** Reads what the generator needs of `data/profiles/suzhou/`: real outlines, real names, hand-made lakes. */
const PROFILE = new URL('../../profiles/suzhou/', import.meta.url);

export interface District {
  readonly code: string;
  readonly name: string;
  /** WGS 84. */
  readonly polygons: MultiPolygon;
}

export interface StreetName {
  readonly code: string;
  readonly name: string;
  readonly district: string;
  /** Last three digits of the code, then the name. */
  readonly communities: readonly { readonly code: string; readonly name: string }[];
}

type Areas = FeatureCollection<GeoPolygon | GeoMultiPolygon, { code: string; name: string }>;

export function readDistricts(): District[] {
  return readAreas('districts.geojson').features.map(({ properties, geometry }) => ({
    code: properties.code,
    name: properties.name,
    polygons: polygonsOf(geometry),
  }));
}

/** Streets with residents: the statistical codes also list parks and state companies with a single made-up community. */
export function readStreets(): StreetName[] {
  const communities = JSON.parse(text('communities.json')) as Record<string, string[]>;
  return text('streets.csv')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',') as [string, string, string])
    .map(([code, name, district]) => ({
      code,
      name,
      district,
      communities: (communities[code] ?? []).map((entry) => ({ code: code + entry.slice(0, 3), name: entry.slice(3) })),
    }))
    .filter((street) => street.communities.length >= 2);
}

/** True on a lake or the river. */
export function readWater(): (lng: number, lat: number) => boolean {
  const bodies = readAreas('water.geojson').features.map(({ geometry }) => {
    const polygons = polygonsOf(geometry);
    return { polygons, box: boundsOf(polygons) };
  });
  return (lng, lat) =>
    bodies.some(
      ({ polygons, box }) =>
        lng > box[0] && lng < box[2] && lat > box[1] && lat < box[3] && contains(polygons, lng, lat),
    );
}

function readAreas(name: string): Areas {
  return JSON.parse(text(name)) as Areas;
}

function text(name: string): string {
  return readFileSync(new URL(name, PROFILE), 'utf8');
}

function polygonsOf(geometry: GeoPolygon | GeoMultiPolygon): MultiPolygon {
  const polygons: Position[][][] = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  return polygons.map((rings) =>
    rings.map((ring) => Float64Array.from(ring.slice(0, -1).flatMap(([lng, lat]) => [lng!, lat!]))),
  );
}
