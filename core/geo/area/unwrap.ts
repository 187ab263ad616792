import type { LngLat } from './area.ts';

/**
 * Longitudes that go on past ±180°, so that neighbours never differ by more than half a turn: an edge always takes the short way
 * round the earth. Flat lng, lat, …
 *
 * @param closed whether the last vertex leads back to the first
 * @returns null when a closed ring ends a turn further than it began: it goes around a pole, and has no inside here
 */
export function unwrapped(points: readonly LngLat[], closed: boolean): Float64Array | null {
  const flat = new Float64Array(points.length * 2);
  let turn = 0;
  let before = points[0]?.[0] ?? 0;
  points.forEach(([lng, lat], i) => {
    turn += stepOver(before, lng);
    before = lng;
    flat[2 * i] = lng + turn;
    flat[2 * i + 1] = lat;
  });
  if (closed && turn + stepOver(before, points[0]?.[0] ?? 0) !== 0) return null;
  return flat;
}

/** Whether an edge of it crosses 180°. */
export const crossesAntimeridian = (points: readonly LngLat[]): boolean =>
  points.some(([lng], i) => i > 0 && stepOver((points[i - 1] as LngLat)[0], lng) !== 0);

/** Whole turns to add when going on from one longitude to the next. */
function stepOver(from: number, to: number): number {
  if (to - from > 180) return -360;
  return to - from < -180 ? 360 : 0;
}
