import { cellToBoundary } from 'h3-js';
import type { About } from './about.ts';

export interface CellValue {
  readonly h3: string;
  readonly properties: Readonly<Record<string, string | number | null>>;
}

type Position = readonly [lng: number, lat: number];

/**
 * RFC 7946: WGS 84, longitude first, rings closed and counter-clockwise, cut at the antimeridian. What the file is stands in the foreign
 * member `about`. Six decimals = 0.1 m.
 */
export function hexagonsGeoJson(cells: readonly CellValue[], about: About): string {
  return JSON.stringify({
    type: 'FeatureCollection',
    about: Object.fromEntries(about.lines.map(({ key, text }) => [key, text])),
    features: cells.map(({ h3, properties }) => ({
      type: 'Feature',
      id: h3,
      properties: { h3, ...properties },
      geometry: hexagonGeometry(h3),
    })),
  });
}

export function hexagonGeometry(h3: string) {
  const corners = cellToBoundary(h3, true).map(([lng, lat]): Position => [lng as number, lat as number]);
  const lngs = corners.map(([lng]) => lng);
  if (Math.max(...lngs) - Math.min(...lngs) <= 180)
    return { type: 'Polygon', coordinates: [closedRing(corners)] } as const;
  const unrolled = corners.map(([lng, lat]): Position => [lng < 0 ? lng + 360 : lng, lat]);
  const parts = [
    cut(unrolled, (lng) => lng <= 180),
    cut(unrolled, (lng) => lng >= 180).map(([lng, lat]): Position => [lng - 360, lat]),
  ];
  return {
    type: 'MultiPolygon',
    coordinates: parts.filter((ring) => ring.length > 3).map((ring) => [closedRing(ring)]),
  } as const;
}

/** The part of a convex ring on one side of the meridian of 180°. */
function cut(ring: readonly Position[], inside: (lng: number) => boolean): Position[] {
  const open = ring.slice(0, -1);
  return open.flatMap((from, i): Position[] => {
    const to = open[(i + 1) % open.length] as Position;
    const kept: Position[] = inside(from[0]) ? [from] : [];
    if (from[0] !== 180 && to[0] !== 180 && inside(from[0]) !== inside(to[0])) {
      const share = (180 - from[0]) / (to[0] - from[0]);
      kept.push([180, from[1] + share * (to[1] - from[1])]);
    }
    return kept;
  });
}

function closedRing(corners: readonly Position[]): readonly Position[] {
  const rounded = corners.map(([lng, lat]): Position => [round(lng), round(lat)]);
  const [first, last] = [rounded[0] as Position, rounded.at(-1) as Position];
  const ring = first[0] === last[0] && first[1] === last[1] ? rounded : [...rounded, first];
  return area(ring) >= 0 ? ring : [...ring].reverse();
}

/** Twice the signed area; positive = counter-clockwise. */
function area(ring: readonly Position[]): number {
  let sum = 0;
  for (let i = 1; i < ring.length; i++) {
    const [[x0, y0], [x1, y1]] = [ring[i - 1] as Position, ring[i] as Position];
    sum += x0 * y1 - x1 * y0;
  }
  return sum;
}

const round = (value: number) => Math.round(value * 1e6) / 1e6;
