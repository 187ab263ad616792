import { DEFAULT_SCALE, fixedBreaks, type ScaleChoice } from '../layers/class-breaks.ts';
import type { LayerChoice, MapLayerId } from '../map/contract.ts';
import { MAP_LAYER_IDS } from '../map/contract.ts';
import { completed, DEFAULT_LAYERS } from '../map/layer-order.ts';

export const MAP_MODES = ['count', 'difference', 'z'] as const;
export type MapMode = (typeof MAP_MODES)[number];
export const COMPARED_WITH = ['previous', 'year'] as const;
export type ComparedWith = (typeof COMPARED_WITH)[number];

/** How the map shows what is filtered; part of the link. */
export interface MapLook {
  /** Every layer once, bottom first. */
  readonly layers: readonly LayerChoice[];
  readonly scale: ScaleChoice;
  readonly mode: MapMode;
  readonly against: ComparedWith;
  readonly columns: boolean;
  /** Level of the divisions that are filled, and of the seams. */
  readonly divisionLevel: number;
}

export const DEFAULT_LOOK: MapLook = {
  layers: DEFAULT_LAYERS,
  scale: DEFAULT_SCALE,
  mode: 'count',
  against: 'previous',
  columns: false,
  divisionLevel: 1,
};

/** Keys and values of the link; defaults are left out. `l=divisions.60,hexagons,!dots,…`, bottom first. */
export function formatLook(look: MapLook): [string, string][] {
  const parts: [string, string][] = [];
  if (JSON.stringify(look.layers) !== JSON.stringify(DEFAULT_LAYERS))
    parts.push(['l', look.layers.map(layerText).join(',')]);
  if (look.scale.method === 'jenks') parts.push(['scale', 'jenks']);
  if (look.scale.method === 'fixed') parts.push(['scale', `fixed,${look.scale.breaks.join(',')}`]);
  if (look.mode !== DEFAULT_LOOK.mode) parts.push(['mode', look.mode]);
  if (look.against !== DEFAULT_LOOK.against) parts.push(['against', look.against]);
  if (look.columns) parts.push(['columns', 'on']);
  if (look.divisionLevel !== DEFAULT_LOOK.divisionLevel) parts.push(['level', String(look.divisionLevel)]);
  return parts;
}

/** Every damaged key falls back to its default. */
export function parseLook(keys: URLSearchParams): MapLook {
  const level = keys.get('level');
  return {
    layers: parseLayers(keys.get('l')),
    scale: parseScale(keys.get('scale')),
    mode: MAP_MODES.find((mode) => mode === keys.get('mode')) ?? DEFAULT_LOOK.mode,
    against: COMPARED_WITH.find((name) => name === keys.get('against')) ?? DEFAULT_LOOK.against,
    columns: keys.get('columns') === 'on',
    divisionLevel: level !== null && /^[1-4]$/.test(level) ? Number(level) : DEFAULT_LOOK.divisionLevel,
  };
}

const layerText = ({ id, visible, opacity }: LayerChoice): string =>
  `${visible ? '' : '!'}${id}${opacity === 1 ? '' : `.${Math.round(opacity * 100)}`}`;

function parseLayers(text: string | null): readonly LayerChoice[] {
  if (!text) return DEFAULT_LAYERS;
  const choices: LayerChoice[] = [];
  for (const part of text.split(',')) {
    const match = /^(!?)([a-z]+)(?:\.(\d{2}))?$/.exec(part);
    const id = MAP_LAYER_IDS.find((known: MapLayerId) => known === match?.[2]);
    if (!match || !id || choices.some((choice) => choice.id === id)) return DEFAULT_LAYERS;
    const percent = match[3] === undefined ? 100 : Number(match[3]);
    if (percent < 10) return DEFAULT_LAYERS;
    choices.push({ id, visible: match[1] === '', opacity: percent / 100 });
  }
  return completed(choices);
}

function parseScale(text: string | null): ScaleChoice {
  if (text === 'jenks') return { method: 'jenks' };
  const breaks = text?.startsWith('fixed,') ? fixedBreaks(text.slice('fixed,'.length)) : null;
  return breaks ? { method: 'fixed', breaks } : DEFAULT_SCALE;
}
