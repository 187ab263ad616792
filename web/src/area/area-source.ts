import type { Area } from '../../../core/geo/area/area.ts';
import type { IdRange } from '../../../core/grid/id-range.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { AreaAnswer, AreaPurpose, AreaReply, AreaRequest } from './area-messages.ts';

/** An answer that a newer question for the same purpose made worthless. Nobody shows it. */
export class Overtaken extends Error {}

export interface AreaSource {
  /** @throws Overtaken */
  cells(area: Area, purpose: AreaPurpose): Promise<AreaAnswer>;
  close(): void;
}

interface Pending {
  readonly purpose: AreaPurpose;
  readonly resolve: (answer: AreaAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** @param start makes the worker; called when the first area is asked for */
export function areaSource(snapshot: Snapshot, start: () => Worker): AreaSource {
  const pending = new Map<number, Pending>();
  let ready: Promise<Worker> | null = null;
  let nextId = 0;

  const fail = (error: Error) => {
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
    void ready?.then(
      (worker) => worker.terminate(),
      () => undefined,
    );
    ready = null;
  };
  const begin = async (): Promise<Worker> => {
    const { h3, division } = await snapshot.finestGrid();
    const worker = start();
    worker.onmessage = ({ data }: MessageEvent<AreaReply>) => {
      const request = pending.get(data.id);
      pending.delete(data.id);
      if (data.ok) request?.resolve(data.answer);
      else request?.reject(new Error(data.error));
    };
    worker.onerror = (event) => fail(new Error(event.message || 'the area worker could not be loaded'));
    const { finest, coarsest } = snapshot.manifest.grid;
    worker.postMessage({ kind: 'grid', h3, division, finest, coarsest } satisfies AreaRequest);
    return worker;
  };
  const running = (): Promise<Worker> => {
    ready ??= begin();
    // A grid that could not be loaded is asked for again the next time.
    ready.catch(() => {
      ready = null;
    });
    return ready;
  };

  return {
    cells: async (area, purpose) => {
      const worker = await running();
      for (const [id, old] of pending) {
        if (old.purpose !== purpose) continue;
        pending.delete(id);
        old.reject(new Overtaken('a newer area was asked for'));
      }
      return new Promise((resolve, reject) => {
        const id = nextId++;
        pending.set(id, { purpose, resolve, reject });
        const divisions = divisionRanges(area, snapshot);
        worker.postMessage({ kind: 'area', id, purpose, area, divisions } satisfies AreaRequest);
      });
    },
    close: () => fail(new Overtaken('closed')),
  };
}

function divisionRanges(area: Area, { divisions }: Snapshot): Readonly<Record<string, IdRange>> {
  const ranges: Record<string, IdRange> = {};
  for (const { shape } of area.parts) {
    if (shape.kind !== 'division') continue;
    const id = divisions.code.indexOf(shape.code);
    if (id >= 0) ranges[shape.code] = { id, end: divisions.end[id] as number };
  }
  return ranges;
}

const sources = new WeakMap<Snapshot, AreaSource>();

/** One worker a snapshot: it keeps the centres it has looked at. */
export function areaSourceOf(snapshot: Snapshot): AreaSource {
  const known = sources.get(snapshot);
  if (known) return known;
  const made = areaSource(
    snapshot,
    () => new Worker(new URL('./area.worker.ts', import.meta.url), { type: 'module', name: 'area' }),
  );
  sources.set(snapshot, made);
  return made;
}
