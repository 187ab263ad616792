import { existsSync, mkdirSync, readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cellToLatLng } from 'h3-js';
import type { Profile } from '../../core/contract/profile.ts';
import { divisionIndex, type PackedShapes } from '../../core/geo/division-index.ts';
import { cellIdOf, cellOfKey, cellsAlong, mergeKeys } from '../../core/grid/study-grid.ts';
import { sha256, writeAtomic } from '../io/atomic.ts';
import type { Progress } from '../progress.ts';
import { runTasks } from '../worker-pool.ts';
import type { GridTask } from '../worker-protocol.ts';
import type { DivisionSet } from './divisions.ts';
import { NONE_U32 } from './incident-batch.ts';

export interface FinestGrid {
  readonly keys: Float64Array;
  /** Deepest division at the cell's centre; NONE_U32 outside. */
  readonly division: Uint32Array;
  readonly straddles: Uint8Array;
}

/** Sampling step of division borders, degrees: about 30 m, a third of a resolution-10 cell. */
const BORDER_STEP_DEG = 0.0003;
const CODE = [
  'core/grid/study-grid.ts',
  'core/geo/polygon.ts',
  'core/geo/division-index.ts',
  'pipelines/steps/grid.ts',
];

/**
 * The cells of the study area. Made once per set of outlines (tens of seconds for a large city) and kept in the store under the hash
 * of what it depends on.
 */
export async function studyGrid(
  profile: Profile,
  set: DivisionSet,
  packed: PackedShapes,
  store: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<FinestGrid> {
  const code = CODE.map((file) => sha256(readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)))));
  const hash = sha256(
    JSON.stringify([code, profile.grid, profile.divisions, set.files.map((file) => sha256(file.bytes))]),
  );
  const folder = join(store, 'grid');
  const path = join(folder, `${hash}.bin`);
  if (existsSync(path)) return decodeGrid(readFileSync(path));
  const districts = set.divisions.filter((division) => division.level === 1);
  const parts: Float64Array[] = [];
  let done = 0;
  const tasks: GridTask[] = districts
    .flatMap((division) => division.polygons.map((polygon) => ({ polygon, division })))
    .map((part, number) => ({
      kind: 'grid',
      number,
      polygons: [part.polygon],
      finest: profile.grid.finest,
    }));
  progress({ stage: 'grid', done: 0, total: tasks.length, unit: 'outlines' });
  await runTasks(
    { shapes: null, ingest: null },
    tasks,
    (message) => {
      if (message.kind !== 'grid') return;
      parts[message.task] = message.keys;
      progress({ stage: 'grid', done: ++done, total: tasks.length, unit: 'outlines' });
    },
    { signal },
  );
  const keys = mergeKeys(parts);
  const index = divisionIndex(packed);
  const division = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const [lat, lng] = cellToLatLng(cellOfKey(keys[i] as number));
    division[i] = index.at(lng, lat) ?? NONE_U32;
  }
  const straddles = new Uint8Array(keys.length);
  const leaves = set.divisions.filter((candidate) => candidate.level > 0 && candidate.end === candidate.id + 1);
  for (const leaf of leaves) {
    for (const key of cellsAlong(leaf.polygons, { finest: profile.grid.finest, stepDeg: BORDER_STEP_DEG })) {
      const id = cellIdOf(keys, key);
      if (id >= 0) straddles[id] = 1;
    }
  }
  const grid = { keys, division, straddles };
  mkdirSync(folder, { recursive: true });
  writeAtomic(path, encodeGrid(grid));
  for (const name of readdirSync(folder)) if (name !== `${hash}.bin`) unlinkSync(join(folder, name));
  return grid;
}

/** SHA-256, number of cells, then the three columns. */
function encodeGrid(grid: FinestGrid): Uint8Array {
  const n = grid.keys.length;
  const body = new Uint8Array(8 + n * 13);
  new DataView(body.buffer).setFloat64(0, n, true);
  body.set(new Uint8Array(grid.keys.buffer, 0, n * 8), 8);
  body.set(new Uint8Array(grid.division.buffer, 0, n * 4), 8 + n * 8);
  body.set(grid.straddles, 8 + n * 12);
  return Buffer.concat([Buffer.from(sha256(body), 'hex'), body]);
}

/** @throws Error when the file was damaged */
function decodeGrid(bytes: Uint8Array): FinestGrid {
  const body = new Uint8Array(bytes).slice(32); // a copy of its own: Buffer.slice would share the pool's memory
  if (sha256(body) !== Buffer.from(bytes.subarray(0, 32)).toString('hex'))
    throw new Error('the stored grid is damaged; delete the grid folder of the store');
  const n = new DataView(body.buffer).getFloat64(0, true);
  return {
    keys: new Float64Array(body.buffer.slice(8, 8 + n * 8)),
    division: new Uint32Array(body.buffer.slice(8 + n * 8, 8 + n * 12)),
    straddles: body.slice(8 + n * 12),
  };
}
