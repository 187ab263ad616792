import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Feed } from '../../core/contract/profile.ts';
import { divisionIndex, type packShapes } from '../../core/geo/division-index.ts';
import { localDay } from '../../core/time/name-date.ts';
import type { BuildInput } from '../build-input.ts';
import { gazetteerEntries } from '../config/load-gazetteer.ts';
import { sha256, writeAtomic } from '../io/atomic.ts';
import { runTasks } from '../worker-pool.ts';
import type { IngestTask, WorkerSetup } from '../worker-protocol.ts';
import type { Division } from './divisions.ts';
import type { FinestGrid } from './grid.ts';
import type { InputFile } from './inputs.ts';
import { SENSITIVE_DIVISION_KM2 } from './normalise.ts';
import { type PartSummary, readSummary } from './part.ts';

export interface Part {
  readonly key: string;
  readonly summary: PartSummary;
}

/** Starting threads costs more than reading this much. */
const SMALL_BYTES = 8_000_000;

export const partFolder = (store: string): string => join(store, 'parts');

/** Reads the files whose parts the store does not hold. One part an input file, in their order. */
export async function ingest(
  work: Pick<BuildInput, 'loaded' | 'inputs' | 'set' | 'folders' | 'progress' | 'signal'> &
    Partial<Pick<BuildInput, 'places'>>,
  packed: ReturnType<typeof packShapes>,
  grid: FinestGrid,
  basis: string,
): Promise<{ parts: Part[]; made: number }> {
  const { loaded, inputs, set, folders, progress, signal } = work;
  const folder = partFolder(folders.store);
  mkdirSync(folder, { recursive: true });
  const key32 = idKey(folders.store);
  const keys = inputs.map((file) => {
    const { deliveredInName } = loaded.profile.feeds[file.feedIndex] as Feed;
    // Of its name a file is told the day it was delivered: under another day its records are of another age.
    const day = deliveredInName ? localDay(deliveredInName, file.name) : null;
    return sha256(JSON.stringify([basis, sha256(key32), file.feed, file.sha256, day])).slice(0, 40);
  });
  const parts: (Part | undefined)[] = keys.map((key) => {
    const summary = readSummary(folder, key);
    return summary ? { key, summary } : undefined;
  });
  const total = inputs.reduce((sum, file) => sum + file.bytes, 0);
  let doneBytes = inputs.reduce((sum, file, i) => sum + (parts[i] ? file.bytes : 0), 0);
  progress({ stage: 'ingest', done: doneBytes, total, unit: 'bytes' });
  // The same bytes twice in one feed are one part.
  const first = new Map<string, number>();
  const tasks: IngestTask[] = [];
  inputs.forEach((file, i) => {
    const key = keys[i] as string;
    if (parts[i] || first.has(key)) return;
    first.set(key, i);
    tasks.push({
      kind: 'ingest',
      number: i,
      path: file.path,
      name: file.name,
      sha256: file.sha256,
      bytes: file.bytes,
      mtimeNs: file.mtimeNs,
      feedIndex: file.feedIndex,
      key,
    });
  });
  // Large files first: the last one does not leave a core idle.
  tasks.sort((a, b) => (inputs[b.number] as InputFile).bytes - (inputs[a.number] as InputFile).bytes);
  if (tasks.length > 0) {
    const share = <T extends Float64Array | Int32Array | Uint32Array | Uint8Array>(array: T): T => {
      const copy = new (array.constructor as new (buffer: SharedArrayBuffer) => T)(
        new SharedArrayBuffer(array.byteLength),
      );
      copy.set(array as never);
      return copy;
    };
    const setup: WorkerSetup = {
      shapes: packed,
      ingest: {
        profile: loaded.profile,
        categories: loaded.categories,
        mapping: loaded.mapping,
        keys: share(grid.keys),
        lattices: grid.lattices.map(({ forms, frame, slots }) => ({ forms, frame, slots: share(slots) })),
        cellDivision: share(grid.division),
        pure: share(grid.pure),
        coarseDivision: coarseDivisions(set.divisions),
        divisions: set.divisions.map(({ id, level, code, name, parent }) => ({ id, level, code, name, parent })),
        places: work.places ? gazetteerEntries(loaded.profile, work.places, divisionIndex(packed).at) : [],
        idKey: key32,
        folder,
      },
    };
    const finished = (number: number, summary: PartSummary): void => {
      parts[number] = { key: keys[number] as string, summary };
      doneBytes += (inputs[number] as InputFile).bytes;
      progress({ stage: 'ingest', done: doneBytes, total, unit: 'bytes' });
    };
    await runTasks(
      setup,
      tasks,
      (message) => {
        if (message.kind === 'ingested') finished(message.task, message.summary);
      },
      { signal, here: tasks.reduce((sum, task) => sum + task.bytes, 0) <= SMALL_BYTES },
    );
  }
  return {
    parts: inputs.map((_, i) => parts[i] ?? (parts[first.get(keys[i] as string) as number] as Part)),
    made: tasks.length,
  };
}

const KEY_BYTES = 32;
/** 32 random bytes, made once per store, readable by its owner only. Ids never leave the store, so the key does not touch any published byte. */
export function idKey(store: string): Uint8Array {
  const path = join(store, 'id.key');
  const known = existsSync(path) ? readFileSync(path) : null;
  if (known?.length === KEY_BYTES) return new Uint8Array(known);
  const key = randomBytes(KEY_BYTES);
  writeAtomic(path, key);
  return new Uint8Array(key);
}

export function coarseDivisions(divisions: readonly Division[]): Uint32Array {
  return Uint32Array.from(divisions, (division) => {
    let at = division;
    while (at.parent !== null && at.areaKm2 < SENSITIVE_DIVISION_KM2) at = divisions[at.parent] as Division;
    return at.id;
  });
}
