import type { Theme } from '../../map/contract.ts';
import { FAMILIES, type Family, MOST_TILE_ROWS, type Tiles } from './layout.ts';
import type { Viewing } from './type-size.ts';

/** What the address says about this wall. All of it is set once, by whoever hangs the wall up. */
export interface WallOptions {
  readonly family: Family | null;
  readonly tiles: Tiles | null;
  readonly viewing: Viewing | null;
  readonly tour: boolean;
  readonly theme: Theme;
  /** Draws the seams. */
  readonly seams: boolean;
  /** The page that shows what can be read from where. */
  readonly calibrate: boolean;
  /** A clock to rehearse with, `2026-11-16T08:00` in the city's zone; the wall says so as long as it is set. */
  readonly clock: string | null;
  /** Values that were not understood: named on the calibration page. */
  readonly refused: readonly string[];
}

export const DEFAULT_OPTIONS: WallOptions = {
  family: null,
  tiles: null,
  viewing: null,
  tour: true,
  theme: 'dark',
  seams: false,
  calibrate: false,
  clock: null,
  refused: [],
};

const TILES = /^(\d{1,2})x(\d{1,2})$/;
const CLOCK = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/;

/** Every damaged key falls back to its default and is named. */
export function parseOptions(search: string): WallOptions {
  const keys = new URLSearchParams(search);
  const refused: string[] = [];
  const read = <T>(name: string, parse: (text: string) => T | null): T | null => {
    const text = keys.get(name);
    if (text === null) return null;
    const value = parse(text);
    if (value === null) refused.push(`${name}=${text.slice(0, 40)}`);
    return value;
  };
  const flag = (text: string): boolean | null => (text === 'on' || text === '' ? true : text === 'off' ? false : null);
  const size = (least: number, most: number) => (text: string) => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most ? value : null;
  };
  const distanceM = read('distance', size(0.5, 100));
  const pitchMm = read('pitch', size(0.05, 20));
  if ((distanceM === null) !== (pitchMm === null)) refused.push(distanceM === null ? 'pitch' : 'distance');
  return {
    family: read('family', (text) => FAMILIES.find((name) => name === text) ?? null),
    tiles: read('tiles', parseTiles),
    viewing: distanceM !== null && pitchMm !== null ? { distanceM, pitchMm } : null,
    tour: read('tour', flag) ?? DEFAULT_OPTIONS.tour,
    theme: read('theme', (text) => (text === 'light' || text === 'dark' ? text : null)) ?? DEFAULT_OPTIONS.theme,
    seams: read('seams', flag) ?? DEFAULT_OPTIONS.seams,
    calibrate: read('calibrate', flag) ?? DEFAULT_OPTIONS.calibrate,
    clock: read('clock', (text) => (CLOCK.test(text) ? text : null)),
    refused,
  };
}

/** Defaults are left out. `parseOptions(formatOptions(options))` equals options without refused values. */
export function formatOptions(options: WallOptions): string {
  const keys = new URLSearchParams();
  if (options.family) keys.set('family', options.family);
  if (options.tiles) keys.set('tiles', `${options.tiles.columns}x${options.tiles.rows}`);
  if (options.viewing) {
    keys.set('distance', String(options.viewing.distanceM));
    keys.set('pitch', String(options.viewing.pitchMm));
  }
  if (!options.tour) keys.set('tour', 'off');
  if (options.theme !== DEFAULT_OPTIONS.theme) keys.set('theme', options.theme);
  if (options.seams) keys.set('seams', 'on');
  if (options.calibrate) keys.set('calibrate', 'on');
  if (options.clock) keys.set('clock', options.clock);
  return keys.toString();
}

function parseTiles(text: string): Tiles | null {
  const [, columns = '', rows = ''] = TILES.exec(text) ?? [];
  const tiles = { columns: Number(columns), rows: Number(rows) };
  return tiles.columns >= 1 && tiles.columns <= 12 && tiles.rows >= 1 && tiles.rows <= MOST_TILE_ROWS ? tiles : null;
}
