import type { Geometry as GeoJsonGeometry, Position } from 'geojson';
import type { Converter } from '../../core/geo/crs.ts';
import { kindIn, type Tags } from '../../tiles/rules.ts';
import { InputError } from '../errors.ts';
import type { Progress } from '../progress.ts';
import { crsConverter } from '../steps/feed-crs.ts';
import { emitParts, type Shape } from './feature-parts.ts';
import type { LayerOption } from './layer-option.ts';
import type { LngLat, Sink } from './tile-feature.ts';
import { projectionOf, vectorRecords } from './vector-records.ts';

export interface LayerCounts {
  readonly records: number;
  /** Without a geometry, or with a coordinate outside the declared datum. */
  readonly skipped: number;
}

/** A GeoJSON or Shapefile layer → features in WGS 84. @throws InputError */
export async function readLayer(
  option: LayerOption,
  sink: Sink,
  { progress, signal }: { readonly progress: Progress; readonly signal?: AbortSignal | undefined },
): Promise<LayerCounts> {
  const { path, layer } = option;
  const projection = projectionOf(path);
  if (projection && option.crs === null)
    throw new InputError(path, [
      `its .prj says ${projection}: declare it, e.g. --layer "${layer}@+proj=utm +zone=51 +datum=WGS84=<file>" 请声明坐标系`,
    ]);
  const convert = crsConverter(option.crs ?? 'wgs84', `--layer ${layer}`);
  const counts = { records: 0, skipped: 0 };
  for await (const { geometry, properties } of vectorRecords(path)) {
    signal?.throwIfAborted();
    if (counts.records++ % 1000 === 0)
      progress({ stage: 'layers', done: counts.records, total: null, unit: 'records' });
    const tags = tagsOf(properties);
    const shapes = geometry ? shapesOf(geometry, convert) : [];
    if (shapes.length === 0) counts.skipped++;
    for (const shape of shapes)
      emitParts(shape, kindIn(layer, tags, { geometry: shape.kind, given: option.class }), tags, sink);
  }
  if (counts.records === counts.skipped)
    throw new InputError(path, [
      `no record of it can be drawn: ${counts.records} records, none with coordinates in ${crsName(option)} 没有可用的要素`,
    ]);
  return counts;
}

const crsName = ({ crs }: LayerOption): string =>
  typeof crs === 'object' && crs !== null ? crs.proj4 : (crs ?? 'wgs84');

function tagsOf(properties: Readonly<Record<string, unknown>>): Tags {
  const tags: Record<string, string> = {};
  for (const [key, value] of Object.entries(properties))
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') tags[key] = String(value);
  return tags;
}

/** Empty when any coordinate cannot be read: half a shape would be another one. */
function shapesOf(geometry: GeoJsonGeometry, convert: Converter): Shape[] {
  const out = new Float64Array(2);
  let readable = true;
  const point = (position: Position): LngLat => {
    const [x, y] = position;
    convert(typeof x === 'number' ? x : Number.NaN, typeof y === 'number' ? y : Number.NaN, out);
    if (!Number.isFinite(out[0]) || !Number.isFinite(out[1])) readable = false;
    return [out[0]!, out[1]!];
  };
  const line = (positions: Position[]) => positions.map(point);
  const rings = (polygon: Position[][]) => polygon.map(line).filter((ring) => ring.length >= 4);
  const polygons = (list: Position[][][]): Shape[] => {
    const whole = list.map(rings).filter((polygon) => polygon.length > 0);
    return whole.length > 0 ? [{ kind: 'area', polygons: whole }] : [];
  };
  const shapes = ((): Shape[] => {
    switch (geometry.type) {
      case 'Point':
        return [{ kind: 'point', points: [point(geometry.coordinates)] }];
      case 'MultiPoint':
        return [{ kind: 'point', points: line(geometry.coordinates) }];
      case 'LineString':
        return [{ kind: 'line', lines: [line(geometry.coordinates)] }];
      case 'MultiLineString':
        return [{ kind: 'line', lines: geometry.coordinates.map(line) }];
      case 'Polygon':
        return polygons([geometry.coordinates]);
      case 'MultiPolygon':
        return polygons(geometry.coordinates);
      case 'GeometryCollection':
        return geometry.geometries.flatMap((member) => {
          const found = shapesOf(member, convert);
          if (found.length === 0) readable = false;
          return found;
        });
      default:
        return [];
    }
  })();
  return readable ? shapes : [];
}
