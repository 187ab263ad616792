import type { LiveResult } from './live-job.ts';
import type { LiveAnswer, LiveReply, LiveRequest, Ring } from './live-messages.ts';

/** An answer that was overtaken by newer counts. Nobody shows it. */
export class Overtaken extends Error {}

export interface LiveSource {
  /** @throws Overtaken when other counts were asked for meanwhile */
  hotspots(options: {
    readonly resolution: number;
    readonly h3: BigUint64Array;
    readonly n: Float64Array;
  }): Promise<LiveResult>;
  border(h3: BigUint64Array): Promise<readonly Ring[]>;
  close(): void;
}

interface Pending {
  readonly counts: boolean;
  readonly resolve: (answer: LiveAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** @param start makes the worker; called when something is asked for the first time */
export function liveSource(start: () => Worker): LiveSource {
  const pending = new Map<number, Pending>();
  const sent = new Set<number>();
  let worker: Worker | null = null;
  let nextId = 0;

  const fail = (error: Error) => {
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
    sent.clear();
    worker?.terminate();
    worker = null;
  };
  const running = (): Worker => {
    if (worker) return worker;
    worker = start();
    worker.onmessage = ({ data }: MessageEvent<LiveReply>) => {
      const request = pending.get(data.id);
      pending.delete(data.id);
      if (!request) return;
      if (data.ok) request.resolve(data.answer);
      else request.reject(new Error(data.error));
    };
    worker.onerror = (event) => fail(new Error(event.message || 'the worker could not be loaded'));
    return worker;
  };
  const ask = (counts: boolean, request: (id: number) => LiveRequest): Promise<LiveAnswer> =>
    new Promise((resolve, reject) => {
      const target = running();
      const id = nextId++;
      if (counts)
        for (const [old, waiting] of pending)
          if (waiting.counts) {
            pending.delete(old);
            waiting.reject(new Overtaken('newer counts were asked for'));
          }
      pending.set(id, { counts, resolve, reject });
      target.postMessage(request(id));
    });

  return {
    hotspots: async ({ resolution, h3, n }) => {
      if (!sent.has(resolution)) {
        running().postMessage({ kind: 'grid', resolution, h3 } satisfies LiveRequest);
        sent.add(resolution);
      }
      const answer = await ask(true, (id) => ({ kind: 'counts', id, resolution, n }));
      if (answer.kind === 'border') throw new Error('the worker answered another question');
      return answer;
    },
    border: async (h3) => {
      const answer = await ask(false, (id) => ({ kind: 'border', id, h3 }));
      return answer.kind === 'border' ? answer.rings : [];
    },
    close: () => fail(new Overtaken('closed')),
  };
}

let shared: LiveSource | null = null;

/** One worker for the page: it keeps the neighbours of every resolution it was asked for. */
export function liveStatistics(): LiveSource {
  shared ??= liveSource(
    () => new Worker(new URL('./live.worker.ts', import.meta.url), { type: 'module', name: 'sensing' }),
  );
  return shared;
}
