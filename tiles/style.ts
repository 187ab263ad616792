import type {
  DataDrivenPropertyValueSpecification,
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
} from 'maplibre-gl';
import { BASEMAP_PALETTES, type BasemapPalette, type BasemapTheme } from './palette.ts';
import type { BasemapLayer } from './schema.ts';

export interface BasemapStyleInput {
  /** Id of the vector source in the style. */
  readonly source: string;
  readonly theme: BasemapTheme;
  readonly language: 'zh' | 'en';
  /** Root unit of the page against 16 px: names grow with everything else. */
  readonly unit: number;
  /** Names of the style's `text-font`; with no `glyphs` in the style they are fonts of the machine. */
  readonly font: readonly string[];
}

/** A base map comes in two parts: the data lies between. */
export interface BasemapLayers {
  /** Ground below the data. */
  readonly below: readonly LayerSpecification[];
  /** Hairlines and names above it. */
  readonly above: readonly LayerSpecification[];
}

/** Division outlines and their names are in the tiles for other viewers; hexsight draws its own, which know the selection. */
export function basemapLayers(input: BasemapStyleInput): BasemapLayers {
  const palette = BASEMAP_PALETTES[input.theme];
  return {
    below: [...grounds(input, palette), ...roads(input, palette)],
    above: [...traces(input, palette), ...names(input, palette)],
  };
}

const is = (...classes: readonly string[]): FilterSpecification => [
  'match',
  ['get', 'class'],
  [...classes],
  true,
  false,
];
const from = (input: BasemapStyleInput, layer: BasemapLayer) => ({ source: input.source, 'source-layer': layer });
const areas: FilterSpecification = ['==', ['geometry-type'], 'Polygon'];
const lines: FilterSpecification = ['==', ['geometry-type'], 'LineString'];

function grounds(input: BasemapStyleInput, palette: BasemapPalette): LayerSpecification[] {
  return [
    {
      id: 'basemap-green',
      type: 'fill',
      ...from(input, 'green'),
      filter: areas,
      paint: {
        'fill-color': ['match', ['get', 'class'], 'pitch', palette.pitch, palette.green],
        'fill-antialias': false,
      },
    },
    {
      id: 'basemap-water',
      type: 'fill',
      ...from(input, 'water'),
      filter: areas,
      paint: { 'fill-color': palette.water },
    },
    {
      id: 'basemap-water-line',
      type: 'line',
      ...from(input, 'water'),
      filter: lines,
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: {
        'line-color': palette.waterLine,
        'line-width': byZoom(
          [9, 0.6],
          [14, ['match', ['get', 'class'], ['river', 'canal'], 2, 1]],
          [17, ['match', ['get', 'class'], ['river', 'canal'], 6, 2]],
        ),
      },
    },
    {
      id: 'basemap-buildings',
      type: 'fill',
      ...from(input, 'buildings'),
      minzoom: 13.5,
      paint: {
        'fill-color': palette.building,
        'fill-outline-color': palette.buildingLine,
        'fill-opacity': byZoom([13.5, 0], [14.5, 1]),
      },
    },
  ];
}

/** Pixels at zoom 10, 14 and 17; the groups are drawn from the least to the most important. */
const ROADS = [
  { id: 'path', classes: ['path'], tone: 3, widths: [0.3, 0.6, 2] },
  { id: 'minor', classes: ['service', 'minor', 'tertiary'], tone: 2, widths: [0.4, 1.6, 9] },
  { id: 'major', classes: ['secondary', 'primary'], tone: 1, widths: [0.8, 3, 14] },
  { id: 'trunk', classes: ['trunk', 'motorway'], tone: 0, widths: [1.2, 4, 18] },
] as const;

function roads(input: BasemapStyleInput, palette: BasemapPalette): LayerSpecification[] {
  const found = ROADS.map(
    ({ id, classes, tone, widths: [far, near, close] }): LayerSpecification => ({
      id: `basemap-road-${id}`,
      type: 'line',
      ...from(input, 'roads'),
      filter: is(...classes),
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: {
        'line-color': palette.roads[tone],
        'line-width': byZoom([10, far], [14, near], [17, close]),
        'line-opacity': ['case', ['to-boolean', ['get', 'tunnel']], 0.5, 1],
      },
    }),
  );
  const rail: LayerSpecification = {
    id: 'basemap-rail',
    type: 'line',
    ...from(input, 'roads'),
    filter: is('rail', 'transit'),
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': palette.rail,
      'line-width': byZoom([9, 0.5], [14, 1.2], [17, 2.4]),
      'line-dasharray': [4, 2],
    },
  };
  return [...found, rail];
}

interface Trace {
  readonly id: string;
  readonly layer: BasemapLayer;
  readonly filter: FilterSpecification;
  readonly minzoom: number;
  /** Pixels at its first zoom and at 17. */
  readonly widths: readonly [number, number];
  /** Of the palette's opacity. */
  readonly share: number;
}

const TRACES: readonly Trace[] = [
  { id: 'buildings', layer: 'buildings', filter: areas, minzoom: 14.5, widths: [0.4, 0.7], share: 0.7 },
  { id: 'shore', layer: 'water', filter: areas, minzoom: 10, widths: [0.5, 1], share: 0.9 },
  { id: 'minor', layer: 'roads', filter: is('minor', 'tertiary'), minzoom: 13, widths: [0.5, 1.6], share: 0.9 },
  { id: 'rail', layer: 'roads', filter: is('rail', 'transit'), minzoom: 11.5, widths: [0.5, 1], share: 0.9 },
];
/** Seen on the darkest and on the lightest class alike: each has a casing in the colour of the ground. */
const CASED: readonly Trace[] = [
  { id: 'major', layer: 'roads', filter: is('primary', 'secondary'), minzoom: 11, widths: [0.6, 2], share: 1.8 },
  { id: 'trunk', layer: 'roads', filter: is('motorway', 'trunk'), minzoom: 8, widths: [0.7, 2.4], share: 2.2 },
];
const CASING_PX = 1.8;
const CASING_OPACITY = 0.42;

/** Hexagons are opaque, so that their colour is the legend's: what lies below shows through as hairlines only. */
function traces(input: BasemapStyleInput, palette: BasemapPalette): LayerSpecification[] {
  const line = (
    trace: Trace,
    { id, colour, wider, opacity }: { id: string; colour: string; wider: number; opacity: number },
  ): LayerSpecification => ({
    id,
    type: 'line',
    ...from(input, trace.layer),
    filter: trace.filter,
    minzoom: trace.minzoom,
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: {
      'line-color': colour,
      'line-width': byZoom([trace.minzoom, trace.widths[0] + wider], [17, trace.widths[1] + wider]),
      'line-opacity': byZoom([trace.minzoom, 0], [trace.minzoom + 0.8, opacity]),
    },
  });
  const hairline = (trace: Trace) =>
    line(trace, {
      id: `basemap-trace-${trace.id}`,
      colour: palette.trace,
      wider: 0,
      opacity: palette.traceOpacity * trace.share,
    });
  const casing = (trace: Trace) =>
    line(trace, {
      id: `basemap-trace-${trace.id}-casing`,
      colour: palette.halo,
      wider: CASING_PX,
      opacity: CASING_OPACITY,
    });
  return [...TRACES.map(hairline), ...CASED.map(casing), ...CASED.map(hairline)];
}

function names(input: BasemapStyleInput, palette: BasemapPalette): LayerSpecification[] {
  const { unit } = input;
  const text = (size: number) => ({
    'text-field': nameField(input.language),
    'text-font': [...input.font],
    'text-size': size * unit,
  });
  const paint = (colour: string) => ({
    'text-color': colour,
    'text-halo-color': palette.halo,
    'text-halo-width': 1.8,
    'text-halo-blur': 0.25,
  });
  const symbol = (
    id: string,
    layer: BasemapLayer,
    { filter, minzoom, size, colour }: { filter: FilterSpecification; minzoom: number; size: number; colour: string },
  ): LayerSpecification => ({
    id: `basemap-name-${id}`,
    type: 'symbol',
    ...from(input, layer),
    filter,
    minzoom,
    layout: { ...text(size), 'text-max-width': 7, 'text-padding': 14 },
    paint: paint(colour),
  });
  return [
    {
      id: 'basemap-poi-dot',
      type: 'circle',
      ...from(input, 'poi'),
      minzoom: 15.5,
      paint: {
        'circle-radius': 2 * unit,
        'circle-color': palette.label,
        'circle-stroke-color': palette.halo,
        'circle-stroke-width': unit,
      },
    },
    {
      id: 'basemap-name-poi',
      type: 'symbol',
      ...from(input, 'poi'),
      minzoom: 15.5,
      layout: { ...text(10.5), 'text-anchor': 'top', 'text-offset': [0, 0.4], 'text-max-width': 8, 'text-padding': 6 },
      paint: paint(palette.label),
    },
    {
      id: 'basemap-name-road',
      type: 'symbol',
      ...from(input, 'roads'),
      filter: ['!', is('rail', 'transit', 'path', 'service')] as FilterSpecification,
      minzoom: 13.5,
      layout: {
        ...text(10.5),
        'symbol-placement': 'line',
        'symbol-spacing': 320,
        'text-padding': 6,
        'text-max-angle': 30,
      },
      paint: paint(palette.label),
    },
    symbol('small', 'names', { filter: is('neighbourhood', 'village'), minzoom: 13, size: 11, colour: palette.label }),
    symbol('park', 'names', { filter: is('park'), minzoom: 12, size: 10.5, colour: palette.greenLabel }),
    symbol('water', 'names', { filter: is('water'), minzoom: 8, size: 11, colour: palette.waterLabel }),
    symbol('town', 'names', { filter: is('town', 'suburb', 'island'), minzoom: 10, size: 11.5, colour: palette.label }),
  ];
}

/** Chinese first, or English first; what there is otherwise. */
export const nameField = (language: 'zh' | 'en'): ExpressionSpecification =>
  language === 'en'
    ? ['coalesce', ['get', 'en'], ['get', 'name'], '']
    : ['coalesce', ['get', 'name'], ['get', 'en'], ''];

type Stop = readonly [zoom: number, value: number | ExpressionSpecification];

function byZoom(...stops: readonly Stop[]): DataDrivenPropertyValueSpecification<number> {
  return ['interpolate', ['exponential', 1.4], ['zoom'], ...stops.flat()] as ExpressionSpecification;
}
