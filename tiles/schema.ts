/**
 * What a base map of hexsight holds: one vector tile layer per kind, few properties each. The builder writes it, the style reads it.
 *
 * Every feature has `class`; names are `name` (Chinese where there is one, else what the place calls itself) and `en` (English, absent
 * where nobody gave one).
 */
export const BASEMAP_LAYERS = ['water', 'green', 'buildings', 'roads', 'divisions', 'names', 'poi'] as const;
export type BasemapLayer = (typeof BASEMAP_LAYERS)[number];

/** Layers a file may be given for; divisions come from the profile alone. */
export const INPUT_LAYERS = ['roads', 'water', 'green', 'buildings', 'poi', 'names'] as const;
export type InputLayer = (typeof INPUT_LAYERS)[number];

/** Classes by layer, the first is the default of a file that does not say. */
export const CLASSES = {
  water: ['lake', 'river', 'canal', 'stream', 'sea', 'coastline'],
  green: ['park', 'wood', 'grass', 'wetland', 'pitch', 'cemetery'],
  buildings: ['building'],
  roads: ['minor', 'motorway', 'trunk', 'primary', 'secondary', 'tertiary', 'service', 'path', 'rail', 'transit'],
  divisions: ['division'],
  names: ['neighbourhood', 'city', 'town', 'suburb', 'village', 'island', 'park', 'water', 'division'],
  poi: ['other', 'health', 'education', 'safety', 'government', 'transit', 'market', 'culture', 'sport'],
} as const satisfies Record<BasemapLayer, readonly [string, ...string[]]>;

/** Data is cut down to this zoom; the map enlarges it beyond. */
export const MAX_ZOOM = 14;

/** First zoom of a class where its size does not decide. Absent: `MAX_ZOOM`. */
const FIRST_ZOOM: Readonly<Partial<Record<BasemapLayer, Readonly<Record<string, number>>>>> = {
  roads: { motorway: 6, trunk: 7, primary: 8, secondary: 10, tertiary: 12, minor: 13, rail: 9, transit: 11 },
  water: { river: 9, canal: 11, coastline: 5 },
  names: { city: 5, town: 8, island: 10, suburb: 11, village: 12, park: 13, water: 11, neighbourhood: 13 },
  poi: { transit: 13, health: 13, government: 13 },
};

export const firstZoom = (layer: BasemapLayer, name: string): number => FIRST_ZOOM[layer]?.[name] ?? MAX_ZOOM; // not listed: last

/** Division outlines by level, from 1 down. */
export const divisionFirstZoom = (level: number): number => [0, 0, 9, 11, 13][level] ?? MAX_ZOOM; // deeper: last

const EARTH_KM = 40_075.016686;
const SMALLEST_SIDE_PX = 4;

/** First zoom at which an area is about 4 × 4 pixels of 512-pixel tiles. */
export function areaFirstZoom(area: { readonly km2: number; readonly lat: number }): number {
  if (!(area.km2 > 0)) return MAX_ZOOM;
  const kmPerPixel = (EARTH_KM * Math.cos((area.lat * Math.PI) / 180)) / 512;
  const zoom = Math.ceil(Math.log2((SMALLEST_SIDE_PX * kmPerPixel) / Math.sqrt(area.km2)));
  return Math.min(MAX_ZOOM, Math.max(0, zoom));
}
