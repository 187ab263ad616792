import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import type { Feature, FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { PlaceOf } from './truth.ts';

export type Outline = Feature<Polygon | MultiPolygon, Record<string, string>>;

export function outlinesOfTopology(file: string, object: string): Outline[] {
  const topology = JSON.parse(readFileSync(file, 'utf8')) as Topology<Record<string, GeometryCollection>>;
  return (feature(topology, topology.objects[object]!) as FeatureCollection).features as Outline[];
}

export function outlinesOfGeoJson(gzipped: string): Outline[] {
  return (JSON.parse(gunzipSync(readFileSync(gzipped)).toString('utf8')) as FeatureCollection).features as Outline[];
}

/**
 * Place of a point by turf, once per distinct coordinate. A box test spares turf the outlines that cannot hold it. Where outlines
 * overlap (villages of Tainan do, by slivers) the lowest code holds the point: a rule, since the data gives two answers.
 */
export function placeByTurf(
  outlines: readonly Outline[],
  codesOf: (outline: Outline) => readonly string[],
): PlaceOf & { readonly inSeveral: () => number } {
  const lowestFirst = (a: Outline, b: Outline): number => (codesOf(a).at(-1)! < codesOf(b).at(-1)! ? -1 : 1);
  const boxed = [...outlines].sort(lowestFirst).map((outline) => ({ outline, box: boxOf(outline) }));
  const known = new Map<string, readonly string[] | null>();
  let several = 0;
  const placeOf: PlaceOf = (lng, lat) => {
    const key = `${lng} ${lat}`;
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const holding = boxed.filter(
      ({ outline, box: [west, south, east, north] }) =>
        lng >= west && lng <= east && lat >= south && lat <= north && booleanPointInPolygon([lng, lat], outline),
    );
    if (holding.length > 1) several++;
    const place = holding[0] ? codesOf(holding[0].outline) : null;
    known.set(key, place);
    return place;
  };
  return Object.assign(placeOf, { inSeveral: () => several });
}

function boxOf(outline: Outline): [number, number, number, number] {
  const box: [number, number, number, number] = [180, 90, -180, -90];
  const visit = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    if (typeof value[0] !== 'number') {
      for (const part of value) visit(part);
      return;
    }
    const [lng, lat] = value as [number, number];
    box[0] = Math.min(box[0], lng);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lng);
    box[3] = Math.max(box[3], lat);
  };
  visit(outline.geometry.coordinates);
  return box;
}

const EARTH_RADIUS_KM = 6371.0088;

/** Area on the sphere per code, holes taken off: R²/2 · |Σ Δλ (2 + sin φ₁ + sin φ₂)|. @see Chamberlain & Duquette (2007), JPL 07-03 */
export function areasKm2(outlines: readonly Outline[], codeOf: (outline: Outline) => string): Map<string, number> {
  const areas = new Map<string, number>();
  for (const outline of outlines) {
    const { geometry } = outline;
    const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
    const area = polygons.reduce(
      (sum, [shell, ...holes]) => sum + ringKm2(shell!) - holes.reduce((taken, hole) => taken + ringKm2(hole), 0),
      0,
    );
    areas.set(codeOf(outline), (areas.get(codeOf(outline)) ?? 0) + area); // no part of it seen yet
  }
  return areas;
}

function ringKm2(ring: readonly (readonly number[])[]): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  let sum = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [[lng1, lat1], [lng2, lat2]] = [ring[i] as [number, number], ring[i + 1] as [number, number]];
    sum += radians(lng2 - lng1) * (2 + Math.sin(radians(lat1)) + Math.sin(radians(lat2)));
  }
  return Math.abs((sum * EARTH_RADIUS_KM ** 2) / 2);
}
