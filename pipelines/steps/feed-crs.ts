import type { Crs, Feed } from '../../core/contract/profile.ts';
import { type Converter, toWgs84 } from '../../core/geo/crs.ts';
import { localProjection } from '../geo/local-projection.ts';

/** From the coordinates of a feed to WGS 84. @throws ConfigError for a bad local projection */
export const feedConverter = (feed: Feed): Converter => crsConverter(feed.crs, `feed "${feed.id}" crs`);

/** From coordinates in a declared system to WGS 84. @throws ConfigError for a bad local projection */
export function crsConverter(crs: Crs, where: string): Converter {
  return toWgs84(crs, typeof crs === 'object' ? localProjection(crs.proj4, where) : undefined);
}
