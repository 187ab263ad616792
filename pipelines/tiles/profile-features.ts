import { areaFirstZoom, divisionFirstZoom, MAX_ZOOM } from '../../tiles/schema.ts';
import type { LoadedProfile } from '../config/load-profile.ts';
import { readGeometryFile } from '../io/geometry-file.ts';
import { type DivisionSet, loadDivisions } from '../steps/divisions.ts';
import { emitParts } from './feature-parts.ts';
import type { LngLat, Sink, TileFeature } from './tile-feature.ts';

/** Outlines and names of the profile's divisions. */
export function emitDivisions({ divisions }: DivisionSet, sink: Sink): void {
  for (const { level, code, name, nameEn, made, polygons, label, areaKm2 } of divisions) {
    if (level === 0) continue;
    const properties: TileFeature['properties'] = {
      class: 'division',
      level,
      code,
      name,
      ...(nameEn === null ? {} : { en: nameEn }),
      ...(made ? { made: true } : {}),
    };
    const firstZoom = divisionFirstZoom(level);
    for (const rings of polygons)
      sink({
        layer: 'divisions',
        firstZoom,
        properties,
        geometry: { type: 'Polygon', coordinates: rings.map(closed) },
      });
    const nameZoom = Math.min(MAX_ZOOM, Math.max(firstZoom, areaFirstZoom({ km2: areaKm2, lat: label.lat }) + 3));
    sink({
      layer: 'names',
      firstZoom: nameZoom,
      properties,
      geometry: { type: 'Point', coordinates: [label.lng, label.lat] },
    });
  }
}

function closed(ring: Float64Array): LngLat[] {
  const points: LngLat[] = [];
  for (let i = 0; i < ring.length; i += 2) points.push([ring[i]!, ring[i + 1]!]);
  const [first, last] = [points[0], points[points.length - 1]];
  if (first && last && (first[0] !== last[0] || first[1] !== last[1])) points.push(first);
  return points;
}

/** The profile's own water bodies, WGS 84. @throws InputError */
export function emitWater({ profile, folder }: LoadedProfile, input: readonly string[], sink: Sink): void {
  if (profile.water === undefined) return;
  const { collection } = readGeometryFile(profile.water, [folder, ...input]);
  for (const { geometry, properties } of collection.features) {
    const polygons =
      geometry?.type === 'Polygon'
        ? [geometry.coordinates]
        : geometry?.type === 'MultiPolygon'
          ? geometry.coordinates
          : [];
    const rings = polygons.map((polygon) => polygon.map((ring) => ring.map(([lng, lat]): LngLat => [lng!, lat!])));
    const tags = Object.fromEntries(Object.entries(properties ?? {}).map(([key, value]) => [key, String(value)]));
    const shape = { kind: 'area', polygons: rings } as const;
    emitParts(shape, { layer: 'water', class: 'lake', shape: 'area', firstZoom: 'by-size' }, tags, sink);
    if (tags.name !== undefined)
      emitParts(shape, { layer: 'names', class: 'water', shape: 'point', firstZoom: 'by-size' }, tags, sink);
  }
}

export function divisionsOf({ profile, folder }: LoadedProfile, input: readonly string[]): DivisionSet {
  return loadDivisions(profile, [folder, ...input]);
}
