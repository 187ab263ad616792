import { cellsToMultiPolygon, gridDisk, isValidCell } from 'h3-js';
import { type Geom, union } from 'polyclip-ts';
import type { Area, LngLat, Shape } from '../../../core/geo/area/area.ts';
import { degreeMetres } from '../../../core/geo/area/ground.ts';
import { boxRing } from '../../../core/geo/area/inside.ts';
import { shapeProblem } from '../../../core/geo/area/shape-problem.ts';
import { unwrapped } from '../../../core/geo/area/unwrap.ts';

/** Closed, degrees. */
export type Outline = readonly LngLat[];

const CIRCLE_CORNERS = 96;
const CAP_CORNERS = 24;

/** What is drawn for each part; none for a division, whose outline the snapshot has. Drawing only: the cells are found by exact tests. */
export const areaOutlines = (area: Area): readonly (readonly Outline[])[] =>
  area.parts.map(({ shape }) => (shapeProblem(shape) === null ? shapeOutlines(shape) : []));

function shapeOutlines(shape: Shape): readonly Outline[] {
  switch (shape.kind) {
    case 'polygon':
      return shape.rings.map(closed);
    case 'box':
      return [closed(boxRing(shape))];
    case 'circle':
      return [closed(around(shape.centre, shape.radiusM, CIRCLE_CORNERS))];
    case 'line':
      return bandOutlines(shape.points, shape.widthM);
    case 'division':
      return [];
    case 'disk':
      if (!isValidCell(shape.cell)) return [];
      return cellsToMultiPolygon(gridDisk(shape.cell, shape.k), true).flat() as unknown as readonly Outline[];
    default:
      return shape satisfies never;
  }
}

/** Neighbours on the short way round the earth; may go past ±180°. */
function closed(ring: readonly LngLat[]): Outline {
  const flat = unwrapped(ring, true);
  if (!flat) return [];
  const points = ring.map((_, i): LngLat => [flat[2 * i] as number, flat[2 * i + 1] as number]);
  return points[0] ? [...points, points[0]] : [];
}

function around([lng, lat]: LngLat, radiusM: number, corners: number): readonly LngLat[] {
  const { lngM, latM } = degreeMetres(lat);
  return Array.from({ length: corners }, (_, i): LngLat => {
    const angle = (2 * Math.PI * i) / corners;
    return [lng + (radiusM * Math.cos(angle)) / lngM, lat + (radiusM * Math.sin(angle)) / latM];
  });
}

/** The union of a capsule per segment. */
function bandOutlines(points: readonly LngLat[], widthM: number): readonly Outline[] {
  const flat = unwrapped(points, false) ?? new Float64Array();
  const capsules: Geom[] = [];
  for (let at = 0; at + 3 < flat.length; at += 2) {
    const [ax, ay, bx, by] = Array.from(flat.subarray(at, at + 4)) as [number, number, number, number];
    capsules.push([[...capsule([ax, ay], [bx, by], widthM)].map(([lng, lat]): [number, number] => [lng, lat])]);
  }
  const [first, ...rest] = capsules;
  if (!first) return [];
  return union(first, ...rest).flat() as unknown as readonly Outline[];
}

function capsule(a: LngLat, b: LngLat, widthM: number): readonly LngLat[] {
  const { lngM, latM } = degreeMetres((a[1] + b[1]) / 2);
  const along = Math.atan2((b[1] - a[1]) * latM, (b[0] - a[0]) * lngM);
  const cap = (centre: LngLat, from: number) =>
    Array.from({ length: CAP_CORNERS + 1 }, (_, i): LngLat => {
      const angle = from + (Math.PI * i) / CAP_CORNERS;
      return [centre[0] + (widthM * Math.cos(angle)) / lngM, centre[1] + (widthM * Math.sin(angle)) / latM];
    });
  const ring = [...cap(b, along - Math.PI / 2), ...cap(a, along + Math.PI / 2)];
  return [...ring, ring[0] as LngLat];
}
