import type { FileEntry } from '../../../../core/contract/manifest.ts';
import { SnapshotError } from '../../snapshot/problem.ts';
import type { ScanSizes, Share } from './layout.ts';
import type { ScanQuestion, ScanReply, ScanRequest, ShareAnswer } from './messages.ts';
import { joined, type ScanAnswer } from './views.ts';

/** The workers that hold the incidents of a snapshot, one share each. */
export interface ScanPool {
  ask(question: ScanQuestion): Promise<ScanAnswer>;
  /** Checked bytes of a file, fetched by one of the workers. */
  fetch(file: FileEntry): Promise<ArrayBuffer>;
  /** Every worker keeps its share of these files. The bytes are handed over. */
  addPeriod(files: readonly ArrayBuffer[]): Promise<void>;
  /** Bytes of the incidents and of what is kept beside them. */
  readonly bytesHeld: number;
  close(): void;
}

export interface ScanPoolOptions {
  readonly sizes: ScanSizes;
  readonly shares: readonly Share[];
  readonly startWorker: () => Worker;
  /** Row ends of a coarser grid. */
  readonly endIds: (resolution: number) => Promise<Uint32Array>;
  /** Called once when a worker can no longer answer; start another pool then. */
  readonly onDead: (reason: string) => void;
}

/** A question that takes longer is taken as a hung worker. */
const HANG_MS = 60_000;

interface Pending {
  readonly resolve: (reply: ScanReply) => void;
  readonly reject: (error: Error) => void;
}
type Numbered = Extract<ScanRequest, { readonly id: number }>;
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

export function createScanPool({ sizes, shares, startWorker, endIds, onDead }: ScanPoolOptions): ScanPool {
  const pending = new Map<number, Pending>();
  const gridRows = new Map<number, number>([[sizes.finest, sizes.cells]]);
  const grids = new Map<number, Promise<void>>();
  const held = shares.map(() => 0);
  let nextId = 0;
  let nextWorker = 0;
  let dead = false;

  const die = (reason: string) => {
    if (dead) return;
    close(new Error(reason));
    onDead(reason);
  };
  const close = (why: Error) => {
    dead = true;
    for (const worker of workers) worker.terminate();
    for (const { reject } of pending.values()) reject(why);
    pending.clear();
  };
  const workers = shares.map((share) => {
    const worker = startWorker();
    worker.onmessage = ({ data }: MessageEvent<ScanReply>) => {
      const request = pending.get(data.id);
      pending.delete(data.id);
      if (data.kind === 'failed') {
        request?.reject(new Error(data.message));
        if (data.fatal) die(data.message);
      } else if (data.kind === 'not-fetched') request?.reject(new SnapshotError(data.problem));
      else request?.resolve(data);
    };
    worker.onerror = (event) => die(event.message || 'a worker of the scan failed');
    worker.postMessage({ kind: 'open', sizes, share } satisfies ScanRequest);
    return worker;
  });

  function send(to: number, request: WithoutId<Numbered>, transfer: ArrayBuffer[] = []): Promise<ScanReply> {
    if (dead) return Promise.reject(new Error('the scan is not running'));
    const id = nextId++;
    const timer = setTimeout(() => die(`no answer within ${HANG_MS / 1000} s`), HANG_MS);
    return new Promise<ScanReply>((resolve, reject) => {
      pending.set(id, { resolve, reject });
      const numbered = { ...request, id } as ScanRequest;
      (workers[to] as Worker).postMessage(numbered, { transfer });
    }).finally(() => clearTimeout(timer));
  }

  const sendGrid = (resolution: number): Promise<void> => {
    const known = grids.get(resolution);
    if (known) return known;
    const sent = endIds(resolution).then((endId) => {
      gridRows.set(resolution, endId.length);
      for (const worker of workers) worker.postMessage({ kind: 'grid', resolution, endId } satisfies ScanRequest);
    });
    sent.catch(() => grids.delete(resolution));
    grids.set(resolution, sent);
    return sent;
  };
  const needsGrid = (question: ScanQuestion): number | null => {
    if (
      question.kind === 'cell' ||
      question.kind === 'groups' ||
      question.resolution === null ||
      question.resolution === sizes.finest
    )
      return null;
    return question.resolution;
  };

  return {
    async ask(question) {
      const resolution = needsGrid(question);
      if (resolution !== null && !gridRows.has(resolution)) await sendGrid(resolution);
      const replies = await Promise.all(workers.map((_, i) => send(i, { kind: 'ask', question })));
      const answers = replies.map((reply): ShareAnswer => {
        if (reply.kind !== 'answer') throw new Error(`the scan replied ${reply.kind}`);
        return reply.answer;
      });
      return joined(question, answers, sizes, (of) => gridRows.get(of) ?? 0);
    },
    async fetch(file) {
      const reply = await send(nextWorker++ % workers.length, { kind: 'fetch', file });
      if (reply.kind !== 'fetched') throw new Error(`the scan replied ${reply.kind}`);
      return reply.bytes;
    },
    async addPeriod(files) {
      const replies = await Promise.all(
        // The last one gets the bytes themselves.
        workers.map((_, i) => send(i, { kind: 'period', files }, i === workers.length - 1 ? [...files] : [])),
      );
      replies.forEach((reply, i) => {
        if (reply.kind === 'added') held[i] = reply.bytesHeld;
      });
    },
    get bytesHeld() {
      return held.reduce((sum, bytes) => sum + bytes, 0);
    },
    close: () => close(new Error('closed')),
  };
}
