import type { FeatureCollection } from 'geojson';
import type {
  ExpressionSpecification,
  GeoJSONSourceSpecification,
  LayerSpecification,
  StyleSpecification,
} from 'maplibre-gl';
import type { LayerChoice, Locale } from './contract.ts';
import type { LevelZoom } from './divisions.ts';
import { inOrder } from './layer-order.ts';
import { type GroundTheme, PALETTES, type Palette } from './palette.ts';

export const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

/** A base map's ground goes below this layer, which the hexagons stand above. */
export const BELOW_HEXAGONS = 'water';
/** A base map's hairlines and names go below this one: the names of divisions win where they meet. */
export const ABOVE_MARKS = 'level-4-label';

export const MAX_LEVEL = 4;
const LEVELS = [4, 3, 2, 1] as const;

/** Sources by name; the map owns their data, so that the style can be made again at any moment. */
export type SourceName =
  | 'study-area'
  | 'water'
  | 'labels'
  | 'focus'
  | 'mask'
  | 'seams'
  | 'facilities'
  | `level-${number}`;
export const SOURCES: readonly SourceName[] = [
  'study-area',
  'water',
  'labels',
  'focus',
  'mask',
  'seams',
  'facilities',
  'level-1',
  'level-2',
  'level-3',
  'level-4',
];

/**
 * No `glyphs`: MapLibre then draws every character itself from fonts of the machine (`glyph_manager.ts`). It reads the
 * weight from words in the first name of the stack, which need be no real font.
 */
const FONTS = ['Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', 'sans-serif'];
const medium = ['hexsight medium', ...FONTS];
export const regular: readonly string[] = ['hexsight regular', ...FONTS];

const FACILITIES_FROM = 11;

const LINE_WIDTH: Readonly<Record<number, number>> = { 1: 1.1, 2: 0.8, 3: 0.7, 4: 0.6 };
const LABEL_SIZE: Readonly<Record<number, number>> = { 1: 14, 2: 12.5, 3: 11.5, 4: 11 };

export interface StyleInput {
  readonly theme: GroundTheme;
  readonly locale: Locale;
  readonly zooms: readonly LevelZoom[];
  /** Levels whose outlines were made for the sample: drawn dashed, as they are no real boundary. */
  readonly made: ReadonlySet<number>;
  /** Raster tiles of our own origin under everything; null = none. */
  readonly raster: { readonly tiles: string; readonly attribution: string } | null;
  /** A vector base map is drawn, which has the water too. */
  readonly vector: boolean;
  readonly data: Readonly<Partial<Record<SourceName, FeatureCollection>>>;
  /** Bottom first. */
  readonly choices: readonly LayerChoice[];
  /** Divisions of this level are filled; null = none. */
  readonly filledLevel: number | null;
  /** Divisions of the filled level about which nothing was delivered: hatched. */
  readonly unknownDivisions: readonly number[];
  readonly attribution: string;
  /** Root unit of the page against its 16 px at 1920 × 1080: names grow with everything else on a larger screen. */
  readonly unit: number;
}

export function baseStyle(input: StyleInput): StyleSpecification {
  const { data, raster } = input;
  const geojson = (name: SourceName): GeoJSONSourceSpecification => ({
    type: 'geojson',
    data: data[name] ?? EMPTY,
    ...(name === 'study-area' && input.attribution ? { attribution: input.attribution } : {}),
    ...(name.startsWith('level-') ? { promoteId: 'id' } : {}),
  });
  return {
    version: 8,
    sources: {
      ...Object.fromEntries(SOURCES.map((name) => [name, geojson(name)])),
      ...(raster
        ? { raster: { type: 'raster' as const, tiles: [raster.tiles], tileSize: 256, attribution: raster.attribution } }
        : {}),
    },
    layers: inOrder(layers(input), input.choices),
    // A change of theme is one cut: no half-way colours, which no legend shows.
    transition: { duration: 0, delay: 0 },
  };
}

function layers(input: StyleInput): LayerSpecification[] {
  const palette = PALETTES[input.theme];
  const zoomsOf = (level: number) => input.zooms.find((zoom) => zoom.level === level);
  return [
    { id: 'outside', type: 'background', paint: { 'background-color': palette.outside } },
    ...(input.raster ? [{ id: 'raster', type: 'raster', source: 'raster' } as const] : []),
    {
      id: 'inside',
      type: 'fill',
      source: 'study-area',
      // Over the user's own base map only a veil: it says where the study area is and keeps hexagons readable.
      paint: { 'fill-color': palette.inside, 'fill-opacity': input.raster ? 0.25 : 1, 'fill-antialias': false },
    },
    {
      id: 'water',
      type: 'fill',
      source: 'water',
      layout: { visibility: input.vector ? 'none' : 'visible' },
      paint: { 'fill-color': palette.water },
    },
    ...LEVELS.map((level) => divisionFill(level, input.filledLevel === level)),
    ...LEVELS.map((level) => unknownDivision(level, input)),
    ...LEVELS.map((level) => levelLine(level, palette, zoomsOf(level), input.made.has(level))).toSpliced(3, 0, {
      id: 'level-1-casing',
      type: 'line',
      source: 'level-1',
      layout: { 'line-join': 'round' },
      // On the darkest (in the dark theme: lightest) class the line alone would sink.
      paint: { 'line-color': palette.halo, 'line-width': 3.2, 'line-opacity': 0.55 },
    }),
    {
      id: 'city-line',
      type: 'line',
      source: 'study-area',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.cityLine, 'line-width': 1.4 },
    },
    {
      id: 'seam-casing',
      type: 'line',
      source: 'seams',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.halo, 'line-width': 4.5, 'line-opacity': 0.8 },
    },
    {
      id: 'seam-line',
      type: 'line',
      source: 'seams',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.seam, 'line-width': 2, 'line-dasharray': [2.5, 1.5] },
    },
    {
      id: 'facility-dot',
      type: 'circle',
      source: 'facilities',
      minzoom: FACILITIES_FROM,
      paint: {
        'circle-radius': 4 * input.unit,
        'circle-color': palette.facility,
        'circle-stroke-color': palette.halo,
        'circle-stroke-width': 1.5,
      },
    },
    {
      id: 'facility-label',
      type: 'symbol',
      source: 'facilities',
      minzoom: FACILITIES_FROM + 1.5,
      layout: {
        'text-field': ['coalesce', ['get', input.locale === 'en' ? 'name_en' : 'name'], ['get', 'name'], ''],
        'text-font': medium,
        'text-size': 11 * input.unit,
        'text-anchor': 'top',
        'text-offset': [0, 0.6],
        'text-max-width': 8,
        'text-padding': 4,
      },
      paint: { 'text-color': palette.minorLabel, 'text-halo-color': palette.halo, 'text-halo-width': 1.75 },
    },
    {
      id: 'focus-mask',
      type: 'fill',
      source: 'mask',
      paint: { 'fill-color': palette.mask, 'fill-opacity': palette.maskOpacity, 'fill-antialias': false },
    },
    {
      id: 'focus-casing',
      type: 'line',
      source: 'focus',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.halo, 'line-width': 5, 'line-opacity': 0.85 },
    },
    {
      id: 'focus-line',
      type: 'line',
      source: 'focus',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': palette.focusLine, 'line-width': 2 },
    },
    ...LEVELS.map((level) =>
      levelLabel({ level, unit: input.unit }, palette, input.locale, zoomsOf(level), zoomsOf(level + 1)),
    ),
  ];
}

/** Colours come by feature state: a change of counts then touches no tile. */
function divisionFill(level: number, shown: boolean): LayerSpecification {
  return {
    id: `division-fill-${level}`,
    type: 'fill',
    source: `level-${level}`,
    layout: { visibility: shown ? 'visible' : 'none' },
    paint: {
      'fill-color': ['to-color', ['coalesce', ['feature-state', 'colour'], 'rgba(0,0,0,0)']],
      'fill-opacity': 1,
      'fill-antialias': false,
    },
  };
}

/** Name of the picture of the hatch; the map makes it. */
export const HATCH_IMAGE = 'hatch';

function unknownDivision(level: number, { filledLevel, unknownDivisions }: StyleInput): LayerSpecification {
  return {
    id: `division-unknown-${level}`,
    type: 'fill',
    source: `level-${level}`,
    filter: ['in', ['get', 'id'], ['literal', level === filledLevel ? [...unknownDivisions] : []]],
    layout: { visibility: level === filledLevel && unknownDivisions.length > 0 ? 'visible' : 'none' },
    paint: { 'fill-pattern': HATCH_IMAGE, 'fill-opacity': 1 },
  };
}

function levelLine(level: number, palette: Palette, zoom: LevelZoom | undefined, made: boolean): LayerSpecification {
  return {
    id: `level-${level}-line`,
    type: 'line',
    source: `level-${level}`,
    minzoom: clampZoom(zoom?.lines ?? 0),
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': palette.lines[level - 1] ?? palette.lines[0]!,
      'line-width': LINE_WIDTH[level] ?? 0.6,
      'line-opacity': made ? 0.65 : 1,
      ...(made ? { 'line-dasharray': [4, 2.5] } : {}),
    },
  };
}

function levelLabel(
  { level, unit }: { readonly level: number; readonly unit: number },
  palette: Palette,
  locale: Locale,
  zoom: LevelZoom | undefined,
  next: LevelZoom | undefined,
): LayerSpecification {
  const major = level === 1;
  const size = (LABEL_SIZE[level] ?? 11) * unit;
  // A name gives way once the divisions below it have names: it would stand in the middle of one of them.
  const gone = next === undefined ? 24 : clampZoom(Math.max(next.labels + 1.6, (zoom?.labels ?? 0) + 2));
  return {
    id: `level-${level}-label`,
    type: 'symbol',
    source: 'labels',
    filter: ['==', ['get', 'level'], level],
    minzoom: clampZoom(zoom?.labels ?? 0),
    maxzoom: gone,
    layout: {
      'text-field': labelField(locale),
      'text-font': medium,
      'text-size': ['interpolate', ['linear'], ['zoom'], 8, size - 1, 13, size + (major ? 3 : 1)],
      'text-letter-spacing': major ? 0.06 : 0.02,
      'text-max-width': 8,
      'text-padding': 6,
      // The larger the division, the earlier its name is placed.
      'symbol-sort-key': ['-', 0, ['get', 'area']],
    },
    paint: {
      'text-color': major ? palette.label : palette.minorLabel,
      'text-halo-color': palette.halo,
      'text-halo-width': major ? 2 : 1.75,
      'text-halo-blur': 0.25,
      'text-opacity': ['interpolate', ['linear'], ['zoom'], gone - 0.7, 1, gone, 0],
    },
  };
}

export const labelField = (locale: Locale): ExpressionSpecification => ['get', locale === 'en' ? 'en' : 'zh'];

const clampZoom = (zoom: number) => Math.min(24, Math.max(0, zoom));
