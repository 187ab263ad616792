import type { Feature, FeatureCollection, MultiPolygon as GeoMultiPolygon, Polygon as GeoPolygon } from 'geojson';
import { feature as topoFeature } from 'topojson-client';
import { topology } from 'topojson-server';
import { presimplify, simplify } from 'topojson-simplify';
import type { GeometryCollection, Topology } from 'topojson-specification';
import type { MultiPolygon } from '../../core/geo/polygon.ts';

export interface OutlineFeature {
  readonly polygons: MultiPolygon;
  readonly properties: object;
}

/** `exact`: 5 decimals, about a metre. `overview`: 4 decimals and simplified, for the outlines that the first map waits for. */
export type OutlineDetail = 'exact' | 'overview';
const DECIMALS: Record<OutlineDetail, number> = { exact: 5, overview: 4 };
/** Smallest triangle kept by Visvalingam's rule, square degrees: about 30 m × 30 m here. Incidents are placed by the full outlines, never by these. */
const SMALLEST_TRIANGLE_DEG2 = 8e-8;

/**
 * Outlines for drawing. Neighbours stay without gaps: rounding treats a shared vertex alike on both sides, and simplification works on
 * shared arcs. Spikes (out and back along one line, left by uniting neighbours) are taken off.
 */
export function outlineGeojson(detail: OutlineDetail, features: readonly OutlineFeature[]): Uint8Array {
  const rounded = rounding(features, 10 ** DECIMALS[detail]);
  return Buffer.from(JSON.stringify(detail === 'overview' ? simplified(rounded) : rounded));
}

type Outlines = FeatureCollection<GeoMultiPolygon | GeoPolygon>;

function rounding(features: readonly OutlineFeature[], scale: number): Outlines {
  return {
    type: 'FeatureCollection',
    features: features.map(({ polygons, properties }): Feature<GeoMultiPolygon> => {
      const coordinates = polygons
        .map((polygon) => polygon.map((ring) => roundRing(ring, scale)).filter((ring) => ring.length >= 4))
        .filter((rings) => rings.length > 0);
      return { type: 'Feature', properties, geometry: { type: 'MultiPolygon', coordinates } };
    }),
  };
}

/** A closed ring on the raster of `scale`, without repeated vertices and spikes. */
function roundRing(ring: Float64Array, scale: number): [number, number][] {
  const kept: [number, number][] = [];
  const same = (a: readonly number[] | undefined, b: readonly number[]): boolean =>
    a !== undefined && a[0] === b[0] && a[1] === b[1];
  for (let i = 0; i < ring.length; i += 2) {
    const point: [number, number] = [
      Math.round((ring[i] as number) * scale) / scale,
      Math.round((ring[i + 1] as number) * scale) / scale,
    ];
    if (same(kept[kept.length - 1], point)) continue;
    if (same(kept[kept.length - 2], point)) kept.pop();
    else kept.push(point);
  }
  const first = kept[0];
  if (first && !same(kept[kept.length - 1], first)) kept.push(first);
  return kept;
}

function simplified(outlines: Outlines): Outlines {
  const shared = topology({ outlines }) as unknown as Topology<{ outlines: GeometryCollection }>;
  const simpler = simplify(presimplify(shared as never), SMALLEST_TRIANGLE_DEG2) as unknown as typeof shared;
  const collection = topoFeature(simpler, simpler.objects.outlines) as Outlines;
  const features = collection.features.map((item, i) => ({
    ...item,
    properties: outlines.features[i]?.properties ?? {},
  }));
  return { type: 'FeatureCollection', features };
}
