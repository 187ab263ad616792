import type { Map as MapLibreMap, Point } from 'maplibre-gl';
import type { Locale } from './contract.ts';

/** CSS pixels around the pointer: a dot has a radius of four. */
const REACH_PX = 6;
const LAYER = 'facility-dot';

/** Name of the facility at a point of the screen, the uppermost one; null = none there, none published, or too far away to be drawn. */
export function facilityAt(map: MapLibreMap, { x, y }: Point, locale: Locale): string | null {
  if (!map.getLayer(LAYER)) return null;
  const [found] = map.queryRenderedFeatures(
    [
      [x - REACH_PX, y - REACH_PX],
      [x + REACH_PX, y + REACH_PX],
    ],
    { layers: [LAYER] },
  );
  return found ? facilityName(found.properties, locale) : null;
}

/** Properties as `facilities.geojson` has them. */
export function facilityName(properties: Readonly<Record<string, unknown>>, locale: Locale): string | null {
  const inTongue = locale === 'en' ? properties.name_en : undefined;
  const name = inTongue ?? properties.name;
  return typeof name === 'string' && name !== '' ? name : null;
}
