import type { LngLat } from './area.ts';
import { degreeMetres, segmentDistanceM } from './ground.ts';

/**
 * Fewer points that stay within `toleranceM` metres of the line (Douglas & Peucker 1973). First and last point stay.
 * A closed ring is given with its first point repeated at the end.
 */
export function simplified(points: readonly LngLat[], toleranceM: number): readonly LngLat[] {
  if (points.length < 3) return points;
  const keep = new Uint8Array(points.length);
  keep[0] = 1;
  keep[points.length - 1] = 1;
  const open: [number, number][] = [[0, points.length - 1]];
  for (let span = open.pop(); span; span = open.pop()) {
    const [first, last] = span;
    const ends = Float64Array.from([...(points[first] as LngLat), ...(points[last] as LngLat)]);
    let farthest = -1;
    let most = toleranceM;
    for (let i = first + 1; i < last; i++) {
      const [lng, lat] = points[i] as LngLat;
      const distance = segmentDistanceM({ lng, lat }, degreeMetres(lat), ends, 0);
      if (distance > most) {
        most = distance;
        farthest = i;
      }
    }
    if (farthest < 0) continue;
    keep[farthest] = 1;
    open.push([first, farthest], [farthest, last]);
  }
  return points.filter((_, i) => keep[i] === 1);
}
