import type { Outlines } from '../layers/outlines.ts';
import type { OutlineReply, OutlineRequest } from './outline-messages.ts';

/** Blocks kept: at about 350 cells each, 35,000 cells or 2 MB. */
const KEEP = 400;

export interface OutlineSource {
  /** Outlines of a block of cells, made once while it is among the recent ones. */
  block(key: string, h3: () => BigUint64Array): Promise<Outlines>;
  /** Takes back the blocks that have not begun and are not among these. */
  keepOnly(keys: ReadonlySet<string>): void;
  close(): void;
}

interface Pending {
  readonly key: string;
  readonly resolve: (outlines: Outlines) => void;
  readonly reject: (error: Error) => void;
}

/** Rejection of a block that was taken back. Nobody shows it. */
export class BlockTakenBack extends Error {}

/** @param start makes the worker; called when the first outline is needed, so that h3-js stays out of the first map */
export function outlineSource(start: () => Worker): OutlineSource {
  const blocks = new Map<string, Promise<Outlines>>();
  const pending = new Map<number, Pending>();
  let worker: Worker | null = null;
  let nextId = 0;

  const post = (request: OutlineRequest) => worker?.postMessage(request);
  const fail = (error: Error) => {
    for (const { key, reject } of pending.values()) {
      blocks.delete(key);
      reject(error);
    }
    pending.clear();
  };
  const running = (): Worker => {
    if (worker) return worker;
    worker = start();
    worker.onmessage = ({ data }: MessageEvent<OutlineReply>) => {
      const request = pending.get(data.id);
      pending.delete(data.id);
      if (!request) return;
      if (data.ok) return request.resolve(data.outlines);
      blocks.delete(request.key);
      request.reject(new Error(`outlines of ${request.key}: ${data.error}`));
    };
    worker.onerror = (event) => {
      fail(new Error(`the outline worker failed: ${event.message || 'it could not be loaded'}`));
      worker?.terminate();
      worker = null;
    };
    return worker;
  };

  return {
    block: (key, h3) => {
      const known = blocks.get(key);
      if (known) {
        // Most recent last.
        blocks.delete(key);
        blocks.set(key, known);
        return known;
      }
      running();
      const id = nextId++;
      const made = new Promise<Outlines>((resolve, reject) => pending.set(id, { key, resolve, reject }));
      blocks.set(key, made);
      post({ id, h3: h3() });
      for (const old of blocks.keys()) {
        if (blocks.size <= KEEP) break;
        blocks.delete(old);
      }
      return made;
    },
    keepOnly: (keys) => {
      for (const [id, { key, reject }] of pending) {
        if (keys.has(key)) continue;
        pending.delete(id);
        blocks.delete(key);
        post({ id, h3: null });
        reject(new BlockTakenBack(key));
      }
    },
    close: () => {
      fail(new BlockTakenBack('closed'));
      worker?.terminate();
      worker = null;
    },
  };
}
