/** A page with nothing but the map: reads a snapshot from /snapshot/, keeps what the map says in `window.harness`. */
import { type Column, tableFromIPC } from '@uwdata/flechette';
import type { Manifest } from '../../../core/contract/manifest.ts';
import { createCityMap, type HexagonCityMap } from '../../../web/src/map/city-map.ts';
import type { CellCounts, Locale, MapSelection, Theme } from '../../../web/src/map/contract.ts';

export interface Harness {
  readonly map: HexagonCityMap;
  readonly manifest: Manifest;
  readonly picks: MapSelection[];
  readonly resolutions: number[];
  readonly errors: string[];
  readonly hovers: unknown[];
  readonly violations: string[];
  firstMapMs: number | null;
  finest(): Promise<CellCounts>;
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

const picks: MapSelection[] = [];
const resolutions: number[] = [];
const errors: string[] = [];
const hovers: unknown[] = [];
const harness: Partial<Harness> & { firstMapMs: number | null } = {
  manifest,
  picks,
  resolutions,
  errors,
  hovers,
  violations,
  firstMapMs: null,
  finest,
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
    },
    onError: (error) => void errors.push(error.stack ?? error.message),
  },
});
window.harness = Object.assign(harness, { map }) as Harness;
map.setCounts(await counts);
