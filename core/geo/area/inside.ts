import type { Bounds } from '../polygon.ts';
import type { LngLat, Shape } from './area.ts';
import { evenOdd } from './even-odd.ts';
import { degreeMetres, groundDistanceM, segmentDistanceM } from './ground.ts';
import { unwrapped } from './unwrap.ts';

export type PointTest = (lng: number, lat: number) => boolean;

/** The test for points inside some bounds; null = no point there is inside. Longitudes −180 … 180. */
export type InsideTest = (near: Bounds) => PointTest | null;

/** Shapes that are told by coordinates. */
export type DrawnShape = Extract<Shape, { readonly kind: 'polygon' | 'box' | 'circle' | 'line' }>;

/** @param shape without a `shapeProblem` */
export function insideTest(shape: DrawnShape): InsideTest {
  switch (shape.kind) {
    case 'polygon':
      return inRings(shape.rings);
    case 'box':
      return inRings([boxRing(shape)]);
    case 'circle':
      return inCircle(shape.centre, shape.radiusM);
    case 'line':
      return nearLine(shape.points, shape.widthM);
    default:
      return shape satisfies never;
  }
}

export const boxRing = ({ west, south, east, north }: Extract<Shape, { kind: 'box' }>): readonly LngLat[] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
];

function inRings(rings: readonly (readonly LngLat[])[]): InsideTest {
  const flats = rings.flatMap((ring) => unwrapped(ring, true) ?? []);
  const test = evenOdd(flats);
  const bounds = boundsOfFlats(flats);
  return (near) => {
    const turn = turnOnto(near, bounds);
    if (turn === null) return null;
    return turn === 0 ? test : (lng, lat) => test(lng + turn, lat);
  };
}

function inCircle([lng, lat]: LngLat, radiusM: number): InsideTest {
  const bounds = widened([lng, lat, lng, lat], radiusM);
  return (near) => (turnOnto(near, bounds) === null ? null : (x, y) => groundDistanceM(lng, lat, x, y) <= radiusM);
}

function nearLine(points: readonly LngLat[], widthM: number): InsideTest {
  // A line cannot go round a pole in a way that matters: it has no inside.
  const flat = unwrapped(points, false) ?? new Float64Array();
  const bounds = widened(boundsOfFlats([flat]), widthM);
  return (near) => {
    const turn = turnOnto(near, bounds);
    if (turn === null) return null;
    const [west, south, east, north] = widened(near, widthM);
    const close: number[] = [];
    for (let at = 0; at + 3 < flat.length; at += 2) {
      const [ax, ay, bx, by] = flat.subarray(at, at + 4) as unknown as [number, number, number, number];
      if (Math.max(ax, bx) < west + turn || Math.min(ax, bx) > east + turn) continue;
      if (Math.max(ay, by) >= south && Math.min(ay, by) <= north) close.push(at);
    }
    if (close.length === 0) return null;
    return (lng, lat) => {
      const scale = degreeMetres(lat);
      const point = { lng: lng + turn, lat };
      return close.some((at) => segmentDistanceM(point, scale, flat, at) <= widthM);
    };
  };
}

/** Whole turns that bring `near` onto `bounds`, whose longitudes may go past ±180°; null = nowhere together. */
function turnOnto(near: Bounds, bounds: Bounds): number | null {
  if (near[3] < bounds[1] || near[1] > bounds[3]) return null;
  return [0, 360, -360].find((turn) => near[0] + turn <= bounds[2] && near[2] + turn >= bounds[0]) ?? null;
}

export function boundsOfFlats(flats: readonly Float64Array[]): Bounds {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const flat of flats) {
    for (let i = 0; i < flat.length; i += 2) {
      west = Math.min(west, flat[i] as number);
      east = Math.max(east, flat[i] as number);
      south = Math.min(south, flat[i + 1] as number);
      north = Math.max(north, flat[i + 1] as number);
    }
  }
  return [west, south, east, north];
}

/** With one part in a hundred to spare: these bounds only leave out what is surely outside. */
function widened([west, south, east, north]: Bounds, byM: number): Bounds {
  const poleward = Math.min(89, Math.max(Math.abs(south), Math.abs(north)) + byM / 110_000);
  const { lngM, latM } = degreeMetres(poleward);
  const lng = Math.min(180, (1.01 * byM) / lngM);
  const lat = (1.01 * byM) / Math.min(latM, 110_574);
  return [west - lng, south - lat, east + lng, north + lat];
}
