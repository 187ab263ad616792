import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Feature, FeatureCollection, Geometry, Position } from 'geojson';
import { feature as topoFeature, merge as topoMerge } from 'topojson-client';
import type {
  GeometryCollection,
  Topology,
  MultiPolygon as TopoMultiPolygon,
  Polygon as TopoPolygon,
} from 'topojson-specification';
import { InputError } from '../errors.ts';

/** GeoJSON and TopoJSON files of a profile: read whole (they are small), `.gz` allowed. */
export interface GeometryFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly collection: FeatureCollection;
  /** Kept for dissolving along shared arcs, which is exact. */
  readonly topology: { readonly topology: Topology; readonly object: GeometryCollection } | null;
}

/** Looks in the given folders in order. @throws InputError */
export function readGeometryFile(file: string, folders: readonly string[], object?: string): GeometryFile {
  const path = folders.map((folder) => join(folder, file)).find((candidate) => existsSync(candidate));
  if (!path) throw new InputError(file, [`not found in the profile folder or the input folder`]);
  const bytes = readFileSync(path);
  try {
    const value: unknown = JSON.parse((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
    if (isTopology(value)) {
      const name = object ?? Object.keys(value.objects)[0];
      const member = name === undefined ? undefined : value.objects[name];
      if (member?.type !== 'GeometryCollection') throw new Error(`TopoJSON has no geometry collection "${name}"`);
      return {
        path,
        bytes,
        collection: topoFeature(value, member) as FeatureCollection,
        topology: { topology: value, object: member as GeometryCollection },
      };
    }
    const collection = value as FeatureCollection;
    if (collection.type !== 'FeatureCollection' || !Array.isArray(collection.features))
      throw new Error('is neither GeoJSON nor TopoJSON');
    return { path, bytes, collection, topology: null };
  } catch (cause) {
    throw new InputError(file, [(cause as Error).message], { cause });
  }
}

function isTopology(value: unknown): value is Topology {
  return typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Topology';
}

/** Unites the features that share a key, along shared arcs of a topology. */
export function dissolveTopology(
  source: NonNullable<GeometryFile['topology']>,
  key: (properties: Record<string, unknown>) => string,
): Map<string, Geometry> {
  const groups = new Map<string, (TopoPolygon | TopoMultiPolygon)[]>();
  for (const geometry of source.object.geometries) {
    if (geometry.type !== 'Polygon' && geometry.type !== 'MultiPolygon') continue;
    const name = key((geometry.properties ?? {}) as Record<string, unknown>);
    const group = groups.get(name);
    if (group) group.push(geometry);
    else groups.set(name, [geometry]);
  }
  return new Map([...groups].map(([name, members]) => [name, topoMerge(source.topology, members)]));
}

/** Outer and inner rings of a (multi)polygon feature. @throws InputError on another geometry */
export function polygonsOf(feature: Feature | Geometry, where: string): Position[][][] {
  const geometry = feature.type === 'Feature' ? feature.geometry : feature;
  if (geometry?.type === 'Polygon') return [geometry.coordinates];
  if (geometry?.type === 'MultiPolygon') return geometry.coordinates;
  throw new InputError(where, [`expected Polygon or MultiPolygon, found ${geometry?.type ?? 'nothing'}`]);
}
