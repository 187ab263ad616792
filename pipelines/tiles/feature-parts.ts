import { areaKm2, labelPoint, type MultiPolygon } from '../../core/geo/polygon.ts';
import { heightOf, type Kind, namesOf, type Tags } from '../../tiles/rules.ts';
import { areaFirstZoom, MAX_ZOOM } from '../../tiles/schema.ts';
import type { LngLat, Sink, TileFeature } from './tile-feature.ts';

export type Rings = readonly (readonly LngLat[])[];
/** A shape as read: points, lines or polygons of one record. */
export type Shape =
  | { readonly kind: 'point'; readonly points: readonly LngLat[] }
  | { readonly kind: 'line'; readonly lines: readonly (readonly LngLat[])[] }
  | { readonly kind: 'area'; readonly polygons: readonly Rings[] };

/** The earliest zoom of a building, a name of an area: before it they would only be dust. */
const FIRST_BUILDINGS = 13;
const NAME_AFTER_AREA = 3;

/** Hands over what the record is on the map: one feature a part. */
export function emitParts(shape: Shape, kind: Kind, tags: Tags, sink: Sink): void {
  const properties = propertiesOf(kind, tags);
  const emit = (firstZoom: number, geometry: TileFeature['geometry']): void =>
    sink({ layer: kind.layer, firstZoom: Math.min(MAX_ZOOM, firstZoom), properties, geometry });
  const fixed = kind.firstZoom === 'by-size' ? null : kind.firstZoom;
  switch (kind.shape) {
    case 'point': {
      const at = shape.kind === 'area' ? labelOf(shape.polygons) : null;
      if (at) emit(fixed ?? at.zoom + NAME_AFTER_AREA, { type: 'Point', coordinates: at.point });
      else if (shape.kind === 'point')
        for (const point of shape.points) emit(fixed ?? MAX_ZOOM, { type: 'Point', coordinates: point });
      return;
    }
    case 'line':
      for (const line of linesOf(shape))
        if (line.length > 1) emit(fixed ?? MAX_ZOOM, { type: 'LineString', coordinates: line });
      return;
    case 'area':
      if (shape.kind !== 'area') return;
      for (const rings of shape.polygons) {
        const size = sizeZoom(rings);
        const zoom = kind.layer === 'buildings' ? Math.max(FIRST_BUILDINGS, size) : size;
        emit(fixed ?? zoom, { type: 'Polygon', coordinates: rings });
      }
      return;
    default:
      kind.shape satisfies never;
  }
}

function linesOf(shape: Shape): readonly (readonly LngLat[])[] {
  if (shape.kind === 'line') return shape.lines;
  return shape.kind === 'area' ? shape.polygons.flat() : [];
}

function propertiesOf(kind: Kind, tags: Tags): TileFeature['properties'] {
  const height = kind.layer === 'buildings' ? heightOf(tags) : undefined;
  return {
    class: kind.class,
    // Buildings carry no names: what is known by name is a point of interest.
    ...(kind.layer === 'buildings' || kind.layer === 'green' ? {} : namesOf(tags)),
    ...(height === undefined ? {} : { height }),
    ...(kind.layer === 'roads' && tags.tunnel && tags.tunnel !== 'no' ? { tunnel: true } : {}),
    ...(tags.made === 'true' ? { made: true } : {}),
  };
}

export const flatRings = (rings: Rings): Float64Array[] => rings.map((ring) => Float64Array.from(ring.flat()));

function sizeZoom(rings: Rings): number {
  return areaFirstZoom({ km2: areaKm2([flatRings(rings)]), lat: rings[0]?.[0]?.[1] ?? 0 }); // no vertex: no area either
}

function labelOf(polygons: readonly Rings[]): { point: LngLat; zoom: number } | null {
  const flat: MultiPolygon = polygons.map(flatRings);
  if (flat.length === 0) return null;
  const { lng, lat } = labelPoint(flat);
  return { point: [lng, lat], zoom: areaFirstZoom({ km2: areaKm2(flat), lat }) };
}
