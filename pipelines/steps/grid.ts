import { mkdirSync, readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gridDisk } from 'h3-js';
import type { Profile } from '../../core/contract/profile.ts';
import { divisionIndex, type PackedShapes } from '../../core/geo/division-index.ts';
import { type FaceLattice, faceLattices } from '../../core/grid/face-lattice.ts';
import {
  type CoarseGrid,
  cellCentres,
  cellIdOf,
  cellKey,
  cellOfKey,
  cellsAlong,
  coarseGrids,
  mergeKeys,
} from '../../core/grid/study-grid.ts';
import { sha256 } from '../io/atomic.ts';
import { openSections, writeSections } from '../io/sections.ts';
import type { Progress } from '../progress.ts';
import { runTasks } from '../worker-pool.ts';
import type { GridTask } from '../worker-protocol.ts';
import type { DivisionSet } from './divisions.ts';
import { NONE_U32 } from './incident-columns.ts';

export interface FinestGrid {
  readonly keys: Float64Array;
  /** Deepest division at the cell's centre; NONE_U32 outside. */
  readonly division: Uint32Array;
  readonly straddles: Uint8Array;
  /** 1 = no border of any division passes the cell, so every point in it lies in the division of its centre. 0 = not proven. */
  readonly pure: Uint8Array;
  /** Coarser cells and their id ranges, finest first. */
  readonly coarse: readonly CoarseGrid[];
  /** Point → cell without h3-js, for most points; empty where that cannot be. */
  readonly lattices: readonly FaceLattice[];
  /** Hash of everything the grid depends on. */
  readonly hash: string;
}

/** Sampling step of division borders, degrees: about 30 m, a third of a resolution-10 cell. */
const BORDER_STEP_DEG = 0.0003;
const CODE = [
  'core/grid/study-grid.ts',
  'core/grid/face-lattice.ts',
  'core/geo/polygon.ts',
  'core/geo/division-index.ts',
  'core/geo/edge-bands.ts',
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
  const stored = readGrid(path, profile, hash);
  if (stored) return stored;
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
  const centres = cellCentres(keys);
  for (let i = 0; i < keys.length; i++)
    division[i] = index.at(centres[i * 2] as number, centres[i * 2 + 1] as number) ?? NONE_U32;
  const straddles = new Uint8Array(keys.length);
  const pure = new Uint8Array(keys.length).fill(1);
  for (const candidate of set.divisions) {
    if (candidate.level === 0) continue;
    const isLeaf = candidate.end === candidate.id + 1;
    for (const key of cellsAlong(candidate.polygons, { finest: profile.grid.finest, stepDeg: BORDER_STEP_DEG })) {
      const id = cellIdOf(keys, key);
      if (isLeaf && id >= 0) straddles[id] = 1;
      if (id >= 0 && pure[id] === 0) continue; // its disk was marked already
      // A corner shorter than the step can cut a neighbour unseen: the neighbours are not proven pure either.
      for (const neighbour of gridDisk(cellOfKey(key), 1)) {
        const other = cellIdOf(keys, cellKey(neighbour));
        if (other >= 0 && other !== id) pure[other] = pure[other] === 0 ? 0 : 2;
      }
      if (id >= 0) pure[id] = 0;
    }
  }
  for (let i = 0; i < keys.length; i++) if (pure[i] !== 1 || division[i] === NONE_U32) pure[i] = 0;
  const grid: FinestGrid = {
    keys,
    division,
    straddles,
    pure,
    coarse: coarseGrids(keys, profile.grid),
    lattices: faceLattices(keys, centres, profile.grid.finest),
    hash,
  };
  mkdirSync(folder, { recursive: true });
  writeGrid(path, grid);
  for (const name of readdirSync(folder)) if (name !== `${hash}.bin`) unlinkSync(join(folder, name));
  return grid;
}

interface GridMeta {
  readonly hash: string;
  readonly cells: number;
  readonly lattices: number;
}

function writeGrid(path: string, grid: FinestGrid): void {
  const coarse = Object.fromEntries(
    grid.coarse.flatMap(({ resolution, h3, firstId, endId }) => [
      [`h3-${resolution}`, BigUint64Array.from(h3, (cell) => BigInt(`0x${cell}`))],
      [`first-${resolution}`, firstId],
      [`end-${resolution}`, endId],
    ]),
  );
  const lattices = Object.fromEntries(
    grid.lattices.flatMap(({ forms, frame, slots }, i) => [
      [`forms-${i}`, forms],
      [`frame-${i}`, frame],
      [`slots-${i}`, slots],
    ]),
  );
  const { keys, division, straddles, pure } = grid;
  const meta: GridMeta = { hash: grid.hash, cells: keys.length, lattices: grid.lattices.length };
  writeSections(path, meta, { keys, division, straddles, pure, ...coarse, ...lattices });
}

/** The stored grid, or null when it is absent or damaged: then it is made again. */
function readGrid(path: string, profile: Profile, hash: string): FinestGrid | null {
  const file = openSections(path);
  if (!file) return null;
  try {
    const meta = file.meta as GridMeta;
    if (meta.hash !== hash) return null;
    const coarse: CoarseGrid[] = [];
    for (let resolution = profile.grid.finest - 1; resolution >= profile.grid.coarsest; resolution--) {
      coarse.push({
        resolution,
        h3: Array.from(file.array(`h3-${resolution}`) as BigUint64Array, (cell) => cell.toString(16)),
        firstId: file.array(`first-${resolution}`) as Uint32Array,
        endId: file.array(`end-${resolution}`) as Uint32Array,
      });
    }
    return {
      keys: file.array('keys') as Float64Array,
      division: file.array('division') as Uint32Array,
      straddles: file.array('straddles') as Uint8Array,
      pure: file.array('pure') as Uint8Array,
      coarse,
      lattices: Array.from({ length: meta.lattices }, (_, i) => ({
        forms: file.array(`forms-${i}`) as Float64Array,
        frame: file.array(`frame-${i}`) as Int32Array,
        slots: file.array(`slots-${i}`) as Int32Array,
      })),
      hash,
    };
  } catch {
    return null;
  } finally {
    file.close();
  }
}
