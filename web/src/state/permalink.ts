import { parseArea } from '../../../core/geo/area/area-text.ts';
import type { CameraView, Locale, Theme } from '../map/contract.ts';
import type { HourBlock } from '../query/filters.ts';
import { formatPlayback, type PlaybackLink, parsePlayback } from '../time/clock.ts';
import { type CompareLink, formatCompare, parseCompare } from './compare-link.ts';
import { formatHours, parseHours } from './hours-link.ts';
import { DEFAULT_LOOK, formatLook, type MapLook, parseLook } from './map-look.ts';

/**
 * What a colleague must see when opening a link. Names (source keys, category and division codes, ISO weeks) instead of the
 * snapshot's small integers, so that a link means the same on the next snapshot.
 */
export interface Link {
  /** Snapshot the link was made on; null = none named. */
  readonly snapshot: string | null;
  readonly view: CameraView | null;
  /** ISO weeks, both inside; null = all weeks. */
  readonly weeks: { readonly from: string; readonly to: string } | null;
  /** Empty = all. */
  readonly sources: readonly string[];
  readonly categories: readonly string[];
  readonly division: string | null;
  /** A place chosen by hand, as the text of core/geo/area/area-text.ts. */
  readonly area: string | null;
  /** A rectangle of the hour × weekday matrix; null = every hour. */
  readonly hours: HourBlock | null;
  /** H3 index of the pinned cell. */
  readonly cell: string | null;
  /** Id of the opened alert. */
  readonly alert: string | null;
  /** What fills the hexagons. */
  readonly layer: MapLayer;
  /** What x is in Gi*: live = on the filtered counts, else a published variant; null = whatever the snapshot has. */
  readonly basis: HotspotBasis | null;
  /** Key of a published window of hot spots; null = the first. */
  readonly window: string | null;
  /** Marks of alerts on the map. */
  readonly marks: boolean;
  /** Window and position of playback, paused; null = nothing is played. */
  readonly playback: PlaybackLink | null;
  /** A second map beside the first; null = one map. */
  readonly compare: CompareLink | null;
  /** What lies over the map: `table-…`, `sql`; null = nothing. Read by rooms/desk/pane. */
  readonly pane: string | null;
  /** A preset that is still to be opened, by id or number (presets/presets.ts); null once the desk shows it. */
  readonly preset: string | null;
  readonly look: MapLook;
  readonly locale: Locale;
  readonly theme: Theme;
}

export const MAP_LAYERS = ['count', 'hotspots', 'emerging', 'risk'] as const;
export type MapLayer = (typeof MAP_LAYERS)[number];
export const HOTSPOT_BASES = ['live', 'count', 'rate', 'change'] as const;
export type HotspotBasis = (typeof HOTSPOT_BASES)[number];

export const LINK_VERSION = '1';
export const DEFAULT_LINK: Link = {
  snapshot: null,
  view: null,
  weeks: null,
  sources: [],
  categories: [],
  division: null,
  area: null,
  hours: null,
  cell: null,
  alert: null,
  layer: 'count',
  basis: null,
  window: null,
  marks: true,
  playback: null,
  compare: null,
  pane: null,
  preset: null,
  look: DEFAULT_LOOK,
  locale: 'zh-CN',
  theme: 'light',
};

const SNAPSHOT = /^[0-9a-f]{16}$/;
const WEEK = /^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$/;
const SOURCE = /^[a-z0-9][a-z0-9-]{0,40}$/;
const CATEGORY = /^[a-z][a-z-]*(\.[a-z-]+){0,2}$/;
const CELL = /^8[0-9a-f]{14}$/;
/** Any printable text; the snapshot decides whether such a division exists. */
const DIVISION = /^[^\p{C}]{1,64}$/u;
/** Any printable text: the snapshot decides. */
const ALERT = /^[^\p{C}]{1,200}$/u;
const PRESET = /^[a-z0-9][a-z0-9-]{0,29}$/;
const PANE = /^(sql|stages|table-(source|week|hour)|table-(division|category|cell)-\d{1,2})$/;
const WINDOW = /^[a-z0-9][a-z0-9-]{0,20}$/;

/** `version=1&snapshot=…&weeks=2026-W40..2026-W47&sources=hotline,police`; defaults are left out. */
export function formatLink(link: Link): string {
  const parts: [string, string][] = [['version', LINK_VERSION]];
  if (link.snapshot) parts.push(['snapshot', link.snapshot]);
  if (link.view) parts.push(['view', formatView(link.view)]);
  if (link.weeks) parts.push(['weeks', `${link.weeks.from}..${link.weeks.to}`]);
  if (link.sources.length > 0) parts.push(['sources', link.sources.join(',')]);
  if (link.categories.length > 0) parts.push(['categories', link.categories.join(',')]);
  if (link.division !== null) parts.push(['division', link.division]);
  if (link.area !== null) parts.push(['area', link.area]);
  if (link.hours) parts.push(['hours', formatHours(link.hours)]);
  if (link.cell) parts.push(['cell', link.cell]);
  if (link.alert !== null) parts.push(['alert', link.alert]);
  if (link.layer !== DEFAULT_LINK.layer) parts.push(['layer', link.layer]);
  if (link.basis) parts.push(['basis', link.basis]);
  if (link.window) parts.push(['window', link.window]);
  if (!link.marks) parts.push(['marks', 'off']);
  if (link.playback) parts.push(['playback', formatPlayback(link.playback)]);
  if (link.compare) parts.push(['compare', formatCompare(link.compare)]);
  if (link.pane) parts.push(['pane', link.pane]);
  if (link.preset) parts.push(['preset', link.preset]);
  parts.push(...formatLook(link.look));
  if (link.locale !== DEFAULT_LINK.locale) parts.push(['locale', link.locale]);
  if (link.theme !== DEFAULT_LINK.theme) parts.push(['theme', link.theme]);
  return parts.map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll('%2C', ',')}`).join('&');
}

/** Every damaged key falls back to its default; the others are kept. */
export function parseLink(search: string): Link {
  const keys = new URLSearchParams(search);
  if ((keys.get('version') ?? LINK_VERSION) !== LINK_VERSION) return DEFAULT_LINK;
  return {
    snapshot: matching(keys.get('snapshot'), SNAPSHOT),
    view: parseView(keys.get('view')),
    weeks: parseWeeks(keys.get('weeks')),
    sources: list(keys.get('sources'), SOURCE),
    categories: list(keys.get('categories'), CATEGORY),
    division: matching(keys.get('division'), DIVISION),
    area: parseArea(keys.get('area') ?? '') && keys.get('area'),
    hours: parseHours(keys.get('hours')),
    cell: matching(keys.get('cell'), CELL),
    alert: matching(keys.get('alert'), ALERT),
    layer: member(keys.get('layer'), MAP_LAYERS) ?? DEFAULT_LINK.layer,
    basis: member(keys.get('basis'), HOTSPOT_BASES),
    window: matching(keys.get('window'), WINDOW),
    marks: keys.get('marks') !== 'off',
    playback: parsePlayback(keys.get('playback')),
    compare: parseCompare(keys.get('compare')),
    pane: matching(keys.get('pane'), PANE),
    preset: matching(keys.get('preset'), PRESET),
    look: parseLook(keys),
    locale: keys.get('locale') === 'en' ? 'en' : 'zh-CN',
    theme: keys.get('theme') === 'dark' ? 'dark' : 'light',
  };
}

/** Five decimals (about 1 m), two of the zoom, tenths of a degree: what the link keeps of a camera. A flat one has no angles. */
export function roundView({ lng, lat, zoom, pitch = 0, bearing = 0 }: CameraView): CameraView {
  const place = { lng: round(lng, 5), lat: round(lat, 5), zoom: round(zoom, 2) };
  const angles = { pitch: round(pitch, 1), bearing: round(bearing, 1) };
  return angles.pitch === 0 && angles.bearing === 0 ? place : { ...place, ...angles };
}

function round(value: number, decimals: number): number {
  // `+ 0` turns -0 into 0, which a link cannot tell apart.
  return Number(value.toFixed(decimals)) + 0;
}

function formatView({ lng, lat, zoom, pitch, bearing }: CameraView): string {
  return [lng, lat, zoom, ...(pitch === undefined ? [] : [pitch, bearing ?? 0])].join(',');
}

function parseView(text: string | null): CameraView | null {
  const parts = text?.split(',') ?? [];
  if (parts.length !== 3 && parts.length !== 5) return null;
  if (parts.some((part) => !/^-?\d{1,3}(\.\d+)?(e-\d+)?$/.test(part))) return null;
  const [lng = 0, lat = 0, zoom = 0, pitch = 0, bearing = 0] = parts.map(Number);
  const valid = Math.abs(lng) <= 180 && Math.abs(lat) <= 90 && zoom >= 0 && zoom <= 24;
  if (!valid || pitch < 0 || pitch > 60 || Math.abs(bearing) > 180) return null;
  return roundView({ lng, lat, zoom, pitch, bearing });
}

function parseWeeks(text: string | null): Link['weeks'] {
  const [from = '', to = '', rest] = text?.split('..') ?? [];
  return rest === undefined && WEEK.test(from) && WEEK.test(to) && from <= to ? { from, to } : null;
}

function list(text: string | null, pattern: RegExp): readonly string[] {
  if (!text) return [];
  const members = [...new Set(text.split(','))];
  return members.every((member) => pattern.test(member)) ? members : [];
}

function matching(text: string | null, pattern: RegExp): string | null {
  return text !== null && pattern.test(text) ? text : null;
}

function member<T extends string>(text: string | null, known: readonly T[]): T | null {
  return known.find((name) => name === text) ?? null;
}
