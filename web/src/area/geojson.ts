import type { Feature, FeatureCollection } from 'geojson';
import { type Geom, xor } from 'polyclip-ts';
import {
  AREA_LIMITS,
  type Area,
  type AreaPart,
  type LngLat,
  roundPoint,
  type Shape,
} from '../../../core/geo/area/area.ts';
import { cleanName, formatArea, parseArea } from '../../../core/geo/area/area-text.ts';
import { type ShapeProblem, shapeProblem } from '../../../core/geo/area/shape-problem.ts';
import type { Outline } from './outlines.ts';

export interface ExportOptions {
  readonly area: Area;
  readonly outlines: readonly (readonly Outline[])[];
  readonly cells: number;
  readonly km2: number;
  readonly snapshot: string;
  readonly asOf: string | null;
}

/** A feature a part: its outline for any program, and in `hexsight.area` the exact recipe for this one. WGS 84. */
export function toGeoJson(options: ExportOptions): FeatureCollection & { readonly hexsight: object } {
  const { area, outlines, cells, km2, snapshot, asOf } = options;
  return {
    type: 'FeatureCollection',
    hexsight: {
      area: formatArea(area),
      name: area.name,
      cells,
      cells_km2: Number(km2.toFixed(4)),
      rule: 'finest cells whose centre lies inside; parts are combined from first to last',
      snapshot,
      as_of: asOf,
      datum: 'WGS 84',
    },
    features: area.parts.map(({ op, shape }, i): Feature => {
      const { kind, ...numbers } = shape;
      const told = shape.kind === 'polygon' || shape.kind === 'line' ? {} : numbers;
      return {
        type: 'Feature',
        properties: { op, kind, ...told, ...(shape.kind === 'line' ? { widthM: shape.widthM } : {}) },
        geometry: {
          type: 'MultiPolygon',
          coordinates: evenOddPolygons(outlines[i] ?? []),
        },
      };
    }),
  };
}

/** Rings under the even–odd rule as polygons with holes, as other programs read them. */
function evenOddPolygons(rings: readonly Outline[]): number[][][][] {
  const [first, ...rest] = rings.map((ring): Geom => [ring.map(([lng, lat]): [number, number] => [lng, lat])]);
  if (!first) return [];
  return xor(first, ...rest).map((polygon) =>
    polygon.map((ring) => ring.map(([lng, lat]) => [...roundPoint([lng, lat])])),
  );
}

export type ImportProblem = 'not-json' | 'not-geojson' | 'nothing-usable' | 'too-many-parts' | ShapeProblem;
export type Imported =
  | { readonly ok: true; readonly area: Area /** Features of other kinds. */; readonly skipped: number }
  | { readonly ok: false; readonly problem: ImportProblem };

interface ImportSizes {
  /** Around points. */
  readonly radiusM: number;
  /** On both sides of lines. */
  readonly widthM: number;
}

/** Polygons as they are, bands around lines, circles around points (facilities): all together. Anything from outside is checked here. */
export function fromGeoJson(text: string, sizes: ImportSizes): Imported {
  let read: unknown;
  try {
    read = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return { ok: false, problem: 'not-json' };
  }
  if (!isRecord(read)) return { ok: false, problem: 'not-geojson' };
  const own = isRecord(read.hexsight) && typeof read.hexsight.area === 'string' ? parseArea(read.hexsight.area) : null;
  if (own) return { ok: true, area: own, skipped: 0 };
  const geometries = geometriesOf(read);
  if (!geometries) return { ok: false, problem: 'not-geojson' };
  const shapes: Shape[] = [];
  let skipped = 0;
  for (const geometry of geometries) {
    const found = shapesOf(geometry, sizes);
    if (found.length === 0) skipped++;
    shapes.push(...found);
  }
  if (shapes.length === 0) return { ok: false, problem: 'nothing-usable' };
  if (shapes.length > AREA_LIMITS.parts) return { ok: false, problem: 'too-many-parts' };
  const problem = shapes.map(shapeProblem).find((found) => found !== null && found !== 'too-many-points');
  if (problem) return { ok: false, problem };
  const parts = shapes.map((shape): AreaPart => ({ op: 'union', shape }));
  return { ok: true, area: { name: nameIn(read), parts }, skipped };
}

type Geometry = Readonly<Record<string, unknown>>;

function geometriesOf(read: Readonly<Record<string, unknown>>): readonly Geometry[] | null {
  switch (read.type) {
    case 'FeatureCollection':
      return Array.isArray(read.features)
        ? read.features.flatMap((feature: unknown) => (isRecord(feature) ? (geometriesOf(feature) ?? []) : []))
        : null;
    case 'Feature':
      return isRecord(read.geometry) ? geometriesOf(read.geometry) : [];
    case 'GeometryCollection':
      return Array.isArray(read.geometries)
        ? read.geometries.flatMap((geometry: unknown) => (isRecord(geometry) ? (geometriesOf(geometry) ?? []) : []))
        : null;
    default:
      return typeof read.type === 'string' && Array.isArray(read.coordinates) ? [read] : null;
  }
}

function shapesOf({ type, coordinates }: Geometry, { radiusM, widthM }: ImportSizes): readonly Shape[] {
  const polygon = (rings: readonly (readonly LngLat[] | null)[]): readonly Shape[] =>
    rings.length > 0 && rings.every((ring) => ring !== null) ? [{ kind: 'polygon', rings: rings.map(opened) }] : [];
  switch (type) {
    case 'Polygon':
      return polygon(list(coordinates).map(pointsIn));
    case 'MultiPolygon':
      return polygon(list(coordinates).flatMap((rings) => list(rings).map(pointsIn)));
    case 'LineString':
      return [pointsIn(coordinates)].flatMap((points) => (points ? [{ kind: 'line', points, widthM }] : []));
    case 'MultiLineString':
      return list(coordinates)
        .map(pointsIn)
        .flatMap((points) => (points ? [{ kind: 'line', points, widthM }] : []));
    case 'Point':
      return [pointIn(coordinates)].flatMap((centre) => (centre ? [{ kind: 'circle', centre, radiusM }] : []));
    case 'MultiPoint':
      return list(coordinates)
        .map(pointIn)
        .flatMap((centre) => (centre ? [{ kind: 'circle', centre, radiusM }] : []));
    default:
      return [];
  }
}

/** Without the repeated last point. */
function opened(ring: readonly LngLat[] | null): readonly LngLat[] {
  const [first, last] = [ring?.[0], ring?.at(-1)];
  if (!ring || !first || !last) return [];
  return ring.length > 1 && first[0] === last[0] && first[1] === last[1] ? ring.slice(0, -1) : ring;
}

function pointsIn(value: unknown): readonly LngLat[] | null {
  const points = list(value).map(pointIn);
  return points.every((point) => point !== null) && points.length > 0 ? points : null;
}

function pointIn(value: unknown): LngLat | null {
  const [lng, lat] = list(value);
  return typeof lng === 'number' && typeof lat === 'number' && Number.isFinite(lng) && Number.isFinite(lat)
    ? roundPoint([lng, lat])
    : null;
}

function nameIn(read: Readonly<Record<string, unknown>>): string {
  const properties = isRecord(read.properties) ? read.properties : {};
  const name = [read.name, properties.name].find((value) => typeof value === 'string');
  return typeof name === 'string' ? cleanName(name) : '';
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
