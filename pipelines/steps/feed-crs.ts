import type { Feed } from '../../core/contract/profile.ts';
import { type Converter, toWgs84 } from '../../core/geo/crs.ts';
import { localProjection } from '../geo/local-projection.ts';

/** From the coordinates of a feed to WGS 84. @throws ConfigError for a bad local projection */
export function feedConverter(feed: Feed): Converter {
  const local = typeof feed.crs === 'object' ? localProjection(feed.crs.proj4, `feed "${feed.id}" crs`) : undefined;
  return toWgs84(feed.crs, local);
}
