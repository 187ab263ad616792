import { boundsOf, contains } from '../../../core/geo/polygon.ts';
import type { District } from './profile-files.ts';

/** True inside any district. */
export function cityOutline(districts: readonly District[]): (lng: number, lat: number) => boolean {
  const shapes = districts.map(({ polygons }) => ({ polygons, box: boundsOf(polygons) }));
  return (lng, lat) =>
    shapes.some(
      ({ polygons, box }) =>
        lng >= box[0] && lng <= box[2] && lat >= box[1] && lat <= box[3] && contains(polygons, lng, lat),
    );
}
