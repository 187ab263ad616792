import type { LayerSpecification, Map as MapLibreMap } from 'maplibre-gl';
import { type LayerChoice, MAP_LAYER_IDS, type MapLayerId } from './contract.ts';

/** Bottom first. Divisions, and the borders they share, are asked for; the rest is there from the start. */
export const DEFAULT_LAYERS: readonly LayerChoice[] = MAP_LAYER_IDS.map((id) => ({
  id,
  visible: id !== 'divisions' && id !== 'seams',
  opacity: 1,
}));

/** deck.gl puts its layers below a layer of the style: an invisible one closes each part. */
export const anchorOf = (id: MapLayerId | 'marks'): string => `above-${id}`;

const PARTS: readonly (readonly [prefix: string, part: MapLayerId | 'focus'])[] = [
  ['division-', 'divisions'],
  ['seam-', 'seams'],
  ['facility-', 'facilities'],
  ['focus-', 'focus'],
  ['city-line', 'outlines'],
];

function partOf(id: string): MapLayerId | 'focus' | 'ground' {
  const known = PARTS.find(([prefix]) => id.startsWith(prefix));
  if (known) return known[1];
  if (!id.startsWith('level-')) return 'ground';
  return id.endsWith('-label') ? 'names' : 'outlines';
}

/** Ground, the reader's layers in their order, the focus and the marks, and the names on top of all. */
export function inOrder(layers: readonly LayerSpecification[], choices: readonly LayerChoice[]): LayerSpecification[] {
  const part = (id: ReturnType<typeof partOf>) => layers.filter((layer) => partOf(layer.id) === id);
  const chosen = ({ id, visible, opacity }: LayerChoice) => [
    ...part(id).map((layer) => shown(layer, { visible, opacity })),
    anchor(id),
  ];
  const names = choices.filter(({ id }) => id === 'names');
  return [
    ...part('ground'),
    ...choices.filter(({ id }) => id !== 'names').flatMap(chosen),
    ...part('focus'),
    anchor('marks'),
    ...names.flatMap(chosen),
  ];
}

const anchor = (id: MapLayerId | 'marks'): LayerSpecification => ({
  id: anchorOf(id),
  type: 'background',
  layout: { visibility: 'none' },
});

const OPACITIES: Readonly<Record<string, readonly string[]>> = {
  fill: ['fill-opacity'],
  line: ['line-opacity'],
  circle: ['circle-opacity', 'circle-stroke-opacity'],
  symbol: ['text-opacity'],
};

function shown(
  layer: LayerSpecification,
  { visible, opacity }: { readonly visible: boolean; readonly opacity: number },
): LayerSpecification {
  const paint: Record<string, unknown> = { ...layer.paint };
  for (const name of OPACITIES[layer.type] ?? []) paint[name] = dimmed(paint[name] ?? 1, opacity);
  const hidden = !visible || ('layout' in layer && layer.layout?.visibility === 'none');
  const layout = { ...layer.layout, visibility: hidden ? 'none' : 'visible' };
  return { ...layer, paint, layout } as LayerSpecification;
}

/** An opacity, or an interpolation of some over the zoom, times a share: MapLibre takes a zoom only at the top of an expression. */
function dimmed(value: unknown, share: number): unknown {
  if (share === 1) return value;
  if (typeof value === 'number') return value * share;
  if (Array.isArray(value) && value[0] === 'interpolate')
    return value.map((part, i) => (i >= 4 && i % 2 === 0 && typeof part === 'number' ? part * share : part));
  return value;
}

/** Every layer once: what is asked for in its order, the others where they stand by default. */
export function completed(choices: readonly LayerChoice[]): readonly LayerChoice[] {
  const known = choices.filter(({ id }, i) => choices.findIndex((other) => other.id === id) === i);
  const missing = DEFAULT_LAYERS.filter(({ id }) => !known.some((choice) => choice.id === id));
  const all = [...known];
  for (const choice of missing) {
    // Above the nearest of those that lie below it by default.
    const below = MAP_LAYER_IDS.slice(0, MAP_LAYER_IDS.indexOf(choice.id));
    const at = all.findLastIndex(({ id }) => below.includes(id));
    all.splice(at + 1, 0, choice);
  }
  return all;
}

/** Paint, layout, filter and order of every layer as the style would be made now; sources and their data stay. */
export function restyle(map: MapLibreMap, layers: readonly LayerSpecification[]): void {
  for (const layer of layers) {
    if (!map.getLayer(layer.id)) continue;
    for (const [key, value] of Object.entries(layer.paint ?? {})) map.setPaintProperty(layer.id, key, value);
    for (const [key, value] of Object.entries(layer.layout ?? {})) map.setLayoutProperty(layer.id, key, value);
    if ('filter' in layer && layer.filter) map.setFilter(layer.id, layer.filter);
    if (layer.type === 'symbol' || layer.type === 'line') {
      map.setLayerZoomRange(layer.id, layer.minzoom ?? 0, layer.maxzoom ?? 24);
    }
  }
  const wanted = layers.map(({ id }) => id).filter((id) => map.getLayer(id));
  const known = new Set(wanted);
  const now = map.getLayersOrder().filter((id) => known.has(id));
  if (wanted.some((id, i) => id !== now[i])) for (const id of wanted) map.moveLayer(id);
}
