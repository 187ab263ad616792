/** A page with nothing but the map: reads a snapshot from /snapshot/, keeps what the map says in `window.harness`. */
import { type Column, tableFromIPC } from '@uwdata/flechette';
import type { Manifest } from '../../../core/contract/manifest.ts';
import { createCityMap, type HexagonCityMap } from '../../../web/src/map/city-map.ts';
import type { CellCounts, Locale, MapSelection, Theme } from '../../../web/src/map/contract.ts';
import { type GridTable, gridPath, readGrid, rowOf } from '../../../web/src/map/grid-table.ts';

export interface Harness {
  readonly map: HexagonCityMap;
  readonly manifest: Manifest;
  readonly picks: MapSelection[];
  readonly resolutions: number[];
  readonly errors: string[];
  readonly hovers: unknown[];
  readonly violations: string[];
  firstMapMs: number | null;
  /** Legend colours on screen in the very frame of `onFirstMap`. */
  firstMapHasHexagons: boolean;
  finest(): Promise<CellCounts>;
  /** `#rrggbb` of the canvas at each place. */
  pixels(places: readonly (readonly [number, number])[]): Promise<string[]>;
  /** `#rrggbb` of the canvas at each point, CSS pixels from the container's upper left corner. */
  pixelsAt(points: readonly (readonly [number, number])[]): Promise<string[]>;
  /** Row of a cell in the table of its resolution, −1 when it has none. */
  rowOf(h3: string): Promise<number>;
  /** Share of the canvas in one of the legend's colours. */
  shareFilled(): Promise<number>;
  /** Milliseconds the main thread is busy with one change of counts, up to and including the frame. */
  recolourMs(counts: CellCounts): Promise<{ readonly set: number; readonly frame: number }>;
}

declare global {
  interface Window {
    harness: Harness;
  }
}

const asked = new URLSearchParams(location.search);
const violations: string[] = [];
document.addEventListener('securitypolicyviolation', (event) =>
  violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`),
);

const manifest = (await (await fetch('/snapshot/manifest.json')).json()) as Manifest;
const load = async (path: string) => {
  const entry = manifest.files.find((file) => file.path === path);
  if (!entry) throw new Error(`the snapshot has no file ${path}`);
  const response = await fetch(`/snapshot/${entry.file}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};
const array = <T>(table: ReturnType<typeof tableFromIPC>, name: string) =>
  (table.getChild(name) as Column<unknown>).toArray() as T;

async function overview(): Promise<CellCounts> {
  const resolution = manifest.grid.overview;
  const n = new Uint32Array(manifest.grid.cells[String(resolution)]!);
  const cube = tableFromIPC(await load('cube/overview.arrow'));
  const [cell, count] = [array<Uint32Array>(cube, 'cell'), array<Uint32Array>(cube, 'n')];
  for (let i = 0; i < cell.length; i++) n[cell[i]!]! += count[i]!;
  return { kind: 'coarse', resolution, n };
}

async function finest(): Promise<CellCounts> {
  const found = new Map<number, number>();
  for (const file of manifest.files.filter((entry) => entry.kind === 'facts')) {
    const facts = tableFromIPC(await load(file.path));
    const cellId = facts.getChild('cell_id') as Column<number | null>;
    const res = facts.getChild('res') as Column<number>;
    for (let i = 0; i < facts.numRows; i++) {
      const id = cellId.at(i);
      if (id === null) continue;
      const key = id * 16 + res.at(i)!;
      found.set(key, (found.get(key) ?? 0) + 1);
    }
  }
  const keys = [...found.keys()].sort((a, b) => a - b);
  return {
    kind: 'finest',
    cellId: Uint32Array.from(keys, (key) => Math.floor(key / 16)),
    res: Uint8Array.from(keys, (key) => key % 16),
    n: Uint32Array.from(keys, (key) => found.get(key)!),
  };
}

const tables = new Map<number, Promise<GridTable>>();
async function rowOfCell(h3: string): Promise<number> {
  const resolution = Number.parseInt(h3[1]!, 16);
  const { finest } = manifest.grid;
  const table =
    tables.get(resolution) ?? load(gridPath(resolution, finest)).then((bytes) => readGrid(bytes, resolution));
  tables.set(resolution, table);
  return rowOf(await table, h3);
}

const hex = (data: Uint8ClampedArray, at: number) =>
  `#${[0, 1, 2].map((i) => data[at + i]!.toString(16).padStart(2, '0')).join('')}`;

async function imageOf(url: string): Promise<ImageData> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.width;
  canvas.height = image.height;
  const context = canvas.getContext('2d', { colorSpace: 'srgb' })!;
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, image.width, image.height);
}

async function pixelsAt(points: readonly (readonly [number, number])[]): Promise<string[]> {
  const { data, width } = await imageOf(await map.snapshotPixels());
  const ratio = width / document.getElementById('map')!.clientWidth;
  return points.map(([x, y]) => hex(data, 4 * (Math.floor(y * ratio) * width + Math.floor(x * ratio))));
}

const pixels = (places: readonly (readonly [number, number])[]) =>
  pixelsAt(
    places.map(([lng, lat]) => {
      const { x, y } = map.project(lng, lat);
      return [x, y] as const;
    }),
  );

async function shareOf(url: string): Promise<number> {
  const { data } = await imageOf(url);
  const words = new Uint32Array(data.buffer);
  const colours = new Set(
    map.legend().colours.map((colour) => {
      const rgb = Number.parseInt(colour.slice(1), 16);
      return ((255 << 24) | ((rgb & 255) << 16) | (rgb & 0xff00) | (rgb >> 16)) >>> 0;
    }),
  );
  let filled = 0;
  for (const word of words) if (colours.has(word)) filled++;
  return filled / words.length;
}

async function recolourMs(next: CellCounts): Promise<{ set: number; frame: number }> {
  const before = performance.now();
  map.setCounts(next);
  const set = performance.now() - before;
  const frame = await map.nextFrameMs();
  return { set, frame };
}

const picks: MapSelection[] = [];
const resolutions: number[] = [];
const errors: string[] = [];
const hovers: unknown[] = [];
const harness: Partial<Harness> & { firstMapMs: number | null; firstMapHasHexagons: boolean } = {
  manifest,
  picks,
  resolutions,
  errors,
  hovers,
  violations,
  firstMapMs: null,
  firstMapHasHexagons: false,
  finest,
  pixels,
  pixelsAt,
  rowOf: rowOfCell,
  recolourMs,
  shareFilled: async () => shareOf(await map.snapshotPixels()),
};
const counts = overview();
const view = asked.get('view')?.split(',').map(Number);
const map = await createCityMap({
  container: document.getElementById('map')!,
  manifest,
  load,
  view: view ? { lng: view[0]!, lat: view[1]!, zoom: view[2]! } : null,
  theme: (asked.get('theme') ?? 'light') as Theme,
  locale: (asked.get('locale') ?? 'zh-CN') as Locale,
  antialias: !asked.has('sharp'),
  events: {
    onView: () => {},
    onResolution: (resolution) => void resolutions.push(resolution),
    onPick: (selection) => {
      picks.push(selection);
      map.setSelection(selection);
    },
    onHover: (cell) => void hovers.push(cell),
    onFirstMap: () => {
      harness.firstMapMs = performance.now();
      const url = document.querySelector('canvas')!.toDataURL();
      shareOf(url).then((share) => {
        harness.firstMapHasHexagons = share > 0;
      });
    },
    onError: (error) => void errors.push(error.stack ?? error.message),
  },
});
window.harness = Object.assign(harness, { map }) as Harness;
map.setCounts(await counts);
