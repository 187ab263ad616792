import {
  AREA_LIMITS,
  type Area,
  type AreaOp,
  type LngLat,
  roundDegrees,
  roundPoint,
  type Shape,
  vertexCount,
} from '../../../core/geo/area/area.ts';
import { formatArea } from '../../../core/geo/area/area-text.ts';
import { degreeMetres, groundDistanceM } from '../../../core/geo/area/ground.ts';
import { simplified } from '../../../core/geo/area/simplify.ts';

export const NO_AREA: Area = { name: '', parts: [] };

/** @param at part to put it in place of; null = a further part */
export function withShape(area: Area, shape: Shape, op: AreaOp, at: number | null): Area {
  const parts =
    at === null ? [...area.parts, { op, shape }] : area.parts.map((part, i) => (i === at ? { ...part, shape } : part));
  return { ...area, parts: headed(parts) };
}

export const withoutPart = (area: Area, at: number): Area => ({
  ...area,
  parts: headed(area.parts.filter((_, i) => i !== at)),
});

export const withOp = (area: Area, at: number, op: AreaOp): Area => ({
  ...area,
  parts: headed(area.parts.map((part, i) => (i === at ? { ...part, op } : part))),
});

/** There is nothing before the first part to cut from. */
const headed = (parts: Area['parts']): Area['parts'] =>
  parts.map((part, i) => (i === 0 && part.op !== 'union' ? { ...part, op: 'union' } : part));

/** Corners that can be taken hold of: the second of a circle is its radius. */
export function handlesOf(shape: Shape): readonly LngLat[] {
  switch (shape.kind) {
    case 'polygon':
      return shape.rings.flat();
    case 'line':
      return shape.points;
    case 'box':
      return [
        [shape.west, shape.south],
        [shape.east, shape.south],
        [shape.east, shape.north],
        [shape.west, shape.north],
      ];
    case 'circle': {
      const [lng, lat] = shape.centre;
      return [shape.centre, [lng + shape.radiusM / degreeMetres(lat).lngM, lat]];
    }
    default:
      return [];
  }
}

export function movedHandle(shape: Shape, handle: number, to: LngLat): Shape {
  const place = roundPoint(to);
  switch (shape.kind) {
    case 'polygon':
      return { ...shape, rings: mapRings(shape.rings, (point, i) => (i === handle ? [place] : [point])) };
    case 'line':
      return { ...shape, points: shape.points.map((point, i) => (i === handle ? place : point)) };
    case 'box': {
      const west = handle === 0 || handle === 3 ? place[0] : shape.west;
      const east = handle === 0 || handle === 3 ? shape.east : place[0];
      const south = handle < 2 ? place[1] : shape.south;
      const north = handle < 2 ? shape.north : place[1];
      return boxBetween([west, south], [east, north]);
    }
    case 'circle':
      return handle === 0 ? { ...shape, centre: place } : { ...shape, radiusM: radiusTo(shape.centre, to) };
    default:
      return shape;
  }
}

/** null = a shape needs the corner. */
export function withoutHandle(shape: Shape, handle: number): Shape | null {
  if (shape.kind === 'line')
    return shape.points.length > 2 ? { ...shape, points: shape.points.filter((_, i) => i !== handle) } : null;
  if (shape.kind !== 'polygon') return null;
  const rings = mapRings(shape.rings, (point, i) => (i === handle ? [] : [point]));
  return rings.every((ring) => ring.length >= 3) ? { ...shape, rings } : null;
}

/** A new corner half way to the next one. */
export function withMiddle(shape: Shape, handle: number): Shape {
  if (shape.kind === 'line') {
    const next = shape.points[handle + 1];
    return next
      ? {
          ...shape,
          points: shape.points.flatMap((point, i) => (i === handle ? [point, middle(point, next)] : [point])),
        }
      : shape;
  }
  if (shape.kind !== 'polygon') return shape;
  let before = 0;
  const rings = shape.rings.map((ring) => {
    const at = handle - before;
    before += ring.length;
    return ring.flatMap((point, i) =>
      i === at ? [point, middle(point, ring[(i + 1) % ring.length] as LngLat)] : [point],
    );
  });
  return { ...shape, rings };
}

const middle = (a: LngLat, b: LngLat): LngLat => roundPoint([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]);

function mapRings(
  rings: readonly (readonly LngLat[])[],
  change: (point: LngLat, i: number) => readonly LngLat[],
): readonly (readonly LngLat[])[] {
  let i = 0;
  return rings.map((ring) => ring.flatMap((point) => change(point, i++)));
}

export const boxBetween = (a: LngLat, b: LngLat): Extract<Shape, { kind: 'box' }> => ({
  kind: 'box',
  west: roundDegrees(Math.min(a[0], b[0])),
  south: roundDegrees(Math.min(a[1], b[1])),
  east: roundDegrees(Math.max(a[0], b[0])),
  north: roundDegrees(Math.max(a[1], b[1])),
});

/** Whole metres, at least 1. */
export const radiusTo = (centre: LngLat, to: LngLat): number =>
  Math.max(1, Math.round(groundDistanceM(centre[0], centre[1], to[0], to[1])));

/** A freehand line with only the points that matter at the scale it was drawn. */
export function lassoOf(points: readonly LngLat[], metresPerPixel: number): Shape {
  const first = points[0];
  const ring = first ? simplified([...points, first], metresPerPixel * 1.5).slice(0, -1) : [];
  return { kind: 'polygon', rings: [ring.map(roundPoint)] };
}

/** How far apart the points of one step of simplification may lie, metres. */
const TOLERANCES_M = [0, 2, 5, 10, 20, 50, 100, 200, 500] as const;

/**
 * The area with as few points as a link can hold.
 * @returns how far, in metres, outlines moved at most; null = even the coarsest does not fit
 */
export function fittedToLink(area: Area): { readonly area: Area; readonly movedM: number } | null {
  if (area.parts.length > AREA_LIMITS.parts) return null;
  for (const movedM of TOLERANCES_M) {
    const fewer: Area = { ...area, parts: area.parts.map((part) => ({ ...part, shape: reduced(part.shape, movedM) })) };
    if (vertexCount(fewer) <= AREA_LIMITS.vertices && formatArea(fewer).length <= AREA_LIMITS.text)
      return { area: fewer, movedM };
  }
  return null;
}

function reduced(shape: Shape, toleranceM: number): Shape {
  if (toleranceM === 0) return shape;
  if (shape.kind === 'line') return { ...shape, points: simplified(shape.points, toleranceM) };
  if (shape.kind !== 'polygon') return shape;
  const rings = shape.rings.map((ring) => {
    const fewer = ring[0] ? simplified([...ring, ring[0]], toleranceM).slice(0, -1) : ring;
    return fewer.length >= 3 ? fewer : ring;
  });
  return { ...shape, rings };
}
