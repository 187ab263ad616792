import type { Box, LngLat, TileGeometry } from './tile-feature.ts';

/**
 * A coarse cut, so that a long river is not copied whole into every block it crosses. Polygons are cut at the box (Sutherland and
 * Hodgman), lines keep the segments that may touch it. The exact cut at tile borders is the tiler's; the box must be wider than
 * what the tiler keeps. @returns the parts, none when nothing is left
 */
export function clipToBox(geometry: TileGeometry, box: Box): TileGeometry[] {
  switch (geometry.type) {
    case 'Point': {
      const [lng, lat] = geometry.coordinates;
      return lng >= box[0] && lng <= box[2] && lat >= box[1] && lat <= box[3] ? [geometry] : [];
    }
    case 'LineString':
      return lineParts(geometry.coordinates, box).map((coordinates) => ({ type: 'LineString', coordinates }));
    case 'Polygon': {
      const [outer, ...holes] = geometry.coordinates.map((ring) => clipRing(ring, box));
      if (!outer || outer.length < 4) return [];
      return [{ type: 'Polygon', coordinates: [outer, ...holes.filter((hole) => hole.length >= 4)] }];
    }
    default:
      return geometry satisfies never;
  }
}

function lineParts(points: readonly LngLat[], box: Box): LngLat[][] {
  const parts: LngLat[][] = [];
  let part: LngLat[] = [];
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const beside =
      Math.max(a[0], b[0]) < box[0] ||
      Math.min(a[0], b[0]) > box[2] ||
      Math.max(a[1], b[1]) < box[1] ||
      Math.min(a[1], b[1]) > box[3];
    if (!beside) part.push(...(part.length === 0 ? [a, b] : [b]));
    else if (part.length > 0) {
      parts.push(part);
      part = [];
    }
  }
  return part.length > 0 ? [...parts, part] : parts;
}

/** Sides of the box: coordinate, its limit, and whether inside is below the limit. */
function clipRing(ring: readonly LngLat[], box: Box): LngLat[] {
  const sides = [
    { axis: 0, limit: box[0], below: false },
    { axis: 0, limit: box[2], below: true },
    { axis: 1, limit: box[1], below: false },
    { axis: 1, limit: box[3], below: true },
  ] as const;
  let points: readonly LngLat[] = ring.slice(0, -1);
  for (const { axis, limit, below } of sides) {
    const isInside = (point: LngLat): boolean => (below ? point[axis] <= limit : point[axis] >= limit);
    const kept: LngLat[] = [];
    for (let i = 0; i < points.length; i++) {
      const from = points[(i + points.length - 1) % points.length]!;
      const to = points[i]!;
      if (isInside(from) !== isInside(to)) kept.push(crossing(from, to, { axis, limit }));
      if (isInside(to)) kept.push(to);
    }
    points = kept;
  }
  return points.length >= 3 ? [...points, points[0]!] : [];
}

function crossing(from: LngLat, to: LngLat, { axis, limit }: { readonly axis: 0 | 1; readonly limit: number }): LngLat {
  const share = (limit - from[axis]) / (to[axis] - from[axis]);
  return axis === 0 ? [limit, from[1] + share * (to[1] - from[1])] : [from[0] + share * (to[0] - from[0]), limit];
}
