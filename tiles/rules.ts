import { type BasemapLayer, CLASSES, firstZoom, type InputLayer, MAX_ZOOM } from './schema.ts';

/** Tags of OpenStreetMap, or the properties of a GeoJSON or Shapefile record as text. */
export type Tags = Readonly<Record<string, string>>;

/** What a record is on the map. `by: 'area'`: the first zoom follows from its size. */
export interface Kind {
  readonly layer: Exclude<BasemapLayer, 'divisions'>;
  readonly class: string;
  readonly shape: 'line' | 'area' | 'point';
  readonly firstZoom: number | 'by-size';
}

const HIGHWAYS: Readonly<Record<string, string>> = {
  motorway: 'motorway',
  trunk: 'trunk',
  primary: 'primary',
  secondary: 'secondary',
  tertiary: 'tertiary',
  unclassified: 'minor',
  residential: 'minor',
  living_street: 'minor',
  road: 'minor',
  busway: 'service',
  service: 'service',
  pedestrian: 'path',
  footway: 'path',
  path: 'path',
  cycleway: 'path',
  steps: 'path',
  track: 'path',
  bridleway: 'path',
};
const RAILWAYS: Readonly<Record<string, string>> = {
  rail: 'rail',
  narrow_gauge: 'rail',
  light_rail: 'transit',
  subway: 'transit',
  tram: 'transit',
  monorail: 'transit',
  funicular: 'transit',
};
const WATERWAYS: Readonly<Record<string, string>> = {
  river: 'river',
  canal: 'canal',
  stream: 'stream',
  ditch: 'stream',
  drain: 'stream',
};
const GREENS: Readonly<Record<string, string>> = {
  'leisure=park': 'park',
  'leisure=garden': 'park',
  'leisure=nature_reserve': 'park',
  'leisure=dog_park': 'park',
  'leisure=golf_course': 'grass',
  'leisure=pitch': 'pitch',
  'leisure=playground': 'pitch',
  'landuse=grass': 'grass',
  'landuse=meadow': 'grass',
  'landuse=village_green': 'grass',
  'landuse=recreation_ground': 'park',
  'landuse=forest': 'wood',
  'landuse=orchard': 'wood',
  'landuse=cemetery': 'cemetery',
  'natural=wood': 'wood',
  'natural=scrub': 'wood',
  'natural=grassland': 'grass',
  'natural=heath': 'grass',
  'natural=wetland': 'wetland',
};
/** Public services and places many people know. Places of worship and anything about persons are not on this map. */
const SERVICES: Readonly<Record<string, string>> = {
  'amenity=hospital': 'health',
  'amenity=clinic': 'health',
  'amenity=school': 'education',
  'amenity=kindergarten': 'education',
  'amenity=university': 'education',
  'amenity=college': 'education',
  'amenity=police': 'safety',
  'amenity=fire_station': 'safety',
  'amenity=townhall': 'government',
  'amenity=courthouse': 'government',
  'amenity=community_centre': 'government',
  'office=government': 'government',
  'amenity=library': 'culture',
  'amenity=theatre': 'culture',
  'tourism=museum': 'culture',
  'amenity=marketplace': 'market',
  'shop=mall': 'market',
  'leisure=stadium': 'sport',
  'leisure=sports_centre': 'sport',
  'amenity=bus_station': 'transit',
  'amenity=ferry_terminal': 'transit',
  'railway=station': 'transit',
  'aeroway=terminal': 'transit',
};
const PLACES: Readonly<Record<string, string>> = {
  city: 'city',
  town: 'town',
  borough: 'suburb',
  suburb: 'suburb',
  district: 'suburb',
  quarter: 'neighbourhood',
  neighbourhood: 'neighbourhood',
  village: 'village',
  hamlet: 'village',
  island: 'island',
};

/** Keys the rules look at; all others need not be read. */
export const TAG_KEYS = [
  'highway',
  'railway',
  'service',
  'area',
  'waterway',
  'natural',
  'water',
  'landuse',
  'leisure',
  'amenity',
  'office',
  'tourism',
  'shop',
  'aeroway',
  'place',
  'building',
  'height',
  'building:levels',
  'tunnel',
  'bridge',
  'type',
  'name',
  'name:zh',
  'name:zh-Hans',
  'name:en',
  'int_name',
  'indoor',
  'location',
] as const;

export type Geometry = 'point' | 'line' | 'area';

/** All that an element of OpenStreetMap is on this map: a park is an area, and its name a point. Empty = it is not drawn. */
export function kindsOf(tags: Tags, geometry: Geometry): Kind[] {
  const kinds: Kind[] = [];
  const add = (
    layer: Kind['layer'],
    name: string,
    shape: Kind['shape'],
    zoom: Kind['firstZoom'] = firstZoom(layer, name),
  ) => kinds.push({ layer, class: name, shape, firstZoom: zoom });
  if (geometry !== 'point') {
    const road = roadOf(tags);
    if (road && !(geometry === 'area' && tags.area === 'yes')) add('roads', road.class, 'line', road.zoom);
    const stream = WATERWAYS[tags.waterway ?? ''];
    if (stream && !covered(tags)) add('water', stream, 'line');
    if (tags.natural === 'coastline') add('water', 'coastline', 'line');
  }
  if (geometry === 'area') {
    const water = waterOf(tags);
    if (water) {
      add('water', water, 'area', 'by-size');
      if (named(tags)) add('names', 'water', 'point', 'by-size');
    }
    const green = greenOf(tags);
    if (green && !water) {
      add('green', green, 'area', 'by-size');
      if (named(tags) && green === 'park') add('names', 'park', 'point', 'by-size');
    }
    if (tags.building && tags.building !== 'no' && !covered(tags)) add('buildings', 'building', 'area', 'by-size');
  }
  const service = serviceOf(tags);
  if (service && geometry !== 'line' && named(tags)) add('poi', service, 'point');
  const place = PLACES[tags.place ?? ''];
  if (place && geometry === 'point' && named(tags)) add('names', place, 'point');
  return kinds;
}

function roadOf(tags: Tags): { class: string; zoom: number } | null {
  if (tags.indoor === 'yes') return null;
  const highway = tags.highway ?? '';
  const link = highway.endsWith('_link');
  const road = HIGHWAYS[link ? highway.slice(0, -5) : highway];
  if (road) return { class: road, zoom: Math.min(MAX_ZOOM, firstZoom('roads', road) + (link ? 3 : 0)) };
  const rail = RAILWAYS[tags.railway ?? ''];
  return rail ? { class: rail, zoom: tags.service ? MAX_ZOOM : firstZoom('roads', rail) } : null;
}

function waterOf(tags: Tags): string | null {
  if (covered(tags)) return null;
  if (tags.natural === 'water') return tags.water === 'river' || tags.water === 'canal' ? tags.water : 'lake';
  if (tags.waterway === 'riverbank' || tags.waterway === 'dock') return 'river';
  return tags.landuse === 'reservoir' || tags.landuse === 'basin' ? 'lake' : null;
}

const greenOf = (tags: Tags): string | null => oneOf(GREENS, tags, ['leisure', 'landuse', 'natural']);
const serviceOf = (tags: Tags): string | null =>
  oneOf(SERVICES, tags, ['amenity', 'railway', 'office', 'tourism', 'shop', 'leisure', 'aeroway']);

function oneOf(table: Readonly<Record<string, string>>, tags: Tags, keys: readonly string[]): string | null {
  for (const key of keys) {
    const found = table[`${key}=${tags[key]}`];
    if (found) return found;
  }
  return null;
}

const covered = (tags: Tags): boolean =>
  tags.tunnel === 'culvert' || tags.tunnel === 'yes' || tags.location === 'underground';
const named = (tags: Tags): boolean => namesOf(tags).name !== undefined;

const CHINESE_NAMES = ['name:zh-Hans', 'name:zh', 'name_zh', 'NAME_ZH', '名称'];
const OWN_NAMES = ['name', 'NAME', 'Name'];
const ENGLISH_NAMES = ['name:en', 'name_en', 'nameEn', 'NAME_EN', 'int_name'];

export interface Names {
  readonly name?: string;
  readonly en?: string;
}

export function namesOf(tags: Tags): Names {
  const first = (keys: readonly string[]) => keys.map((key) => tags[key]?.trim()).find((text) => text);
  const own = first(OWN_NAMES);
  // A name in Latin letters is what an English reader reads too.
  const en = first(ENGLISH_NAMES) ?? (own && /^[\u0020-\u024f]+$/.test(own) ? own : undefined);
  const name = first(CHINESE_NAMES) ?? own ?? en;
  return { ...(name && { name }), ...(en && { en }) };
}

/** Columns in which other files say what a record is: Geofabrik `fclass`, Natural Earth `featurecla`. */
const CLASS_COLUMNS = ['class', 'fclass', 'featurecla', 'kind', 'type'];
const ALIASES: Readonly<Record<string, string>> = {
  ...HIGHWAYS,
  ...RAILWAYS,
  ...WATERWAYS,
  riverbank: 'river',
  reservoir: 'lake',
  water: 'lake',
  ocean: 'sea',
  forest: 'wood',
  'lake centerline': 'river',
  hospital: 'health',
  school: 'education',
  police: 'safety',
  station: 'transit',
  metro: 'transit',
};

/**
 * What a record of a file given for one layer is: by its tags where they are of OpenStreetMap, else by its class column, else the
 * class given with the file, else the layer's first.
 */
export function kindIn(
  layer: InputLayer,
  tags: Tags,
  { geometry, given }: { readonly geometry: Geometry; readonly given: string | null },
): Kind {
  const known = kindsOf(tags, geometry).find((kind) => kind.layer === layer);
  if (known && given === null) return known;
  const classes: readonly string[] = CLASSES[layer];
  const words = CLASS_COLUMNS.map((column) => tags[column]?.toLowerCase() ?? '').map((word) => ALIASES[word] ?? word); // no such column
  const name = given ?? words.find((word) => classes.includes(word)) ?? classes[0]!;
  const point = layer === 'poi' || layer === 'names';
  const shape = point ? 'point' : layer === 'roads' || geometry === 'line' ? 'line' : 'area';
  return { layer, class: name, shape, firstZoom: shape === 'area' ? 'by-size' : firstZoom(layer, name) };
}

/** Metres; undefined = nobody said. */
export function heightOf(tags: Tags): number | undefined {
  const height = Number.parseFloat(tags.height ?? '');
  if (height > 0 && height < 1000) return Math.round(height);
  const levels = Number.parseFloat(tags['building:levels'] ?? '');
  return levels > 0 && levels < 300 ? Math.round(levels * 3) : undefined;
}
