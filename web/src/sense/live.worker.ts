import type { NeighbourLists } from '../../../core/stats/neighbours.ts';
import { borderOf } from './border.ts';
import { liveHotspots, liveNeighbours } from './live-job.ts';
import type { LiveAnswer, LiveReply, LiveRequest } from './live-messages.ts';

/** Statistics over a grid, off the main thread. Of counts that wait, only the newest is worth an answer. */
const grids = new Map<number, BigUint64Array>();
const neighbours = new Map<number, NeighbourLists>();
let waiting: LiveRequest[] = [];
let busy = false;

self.onmessage = ({ data }: MessageEvent<LiveRequest>) => {
  if (data.kind === 'grid') {
    grids.set(data.resolution, data.h3);
    return;
  }
  if (data.kind === 'counts') waiting = waiting.filter(({ kind }) => kind !== 'counts');
  waiting.push(data);
  if (!busy) work();
};

function work(): void {
  const next = waiting.shift();
  busy = next !== undefined;
  if (!next || next.kind === 'grid') return;
  const reply = answered(next);
  self.postMessage(reply);
  setTimeout(work);
}

function answered(request: Exclude<LiveRequest, { kind: 'grid' }>): LiveReply {
  const { id } = request;
  try {
    const answer: LiveAnswer =
      request.kind === 'border'
        ? { kind: 'border', rings: borderOf(request.h3) }
        : liveHotspots(request.n, listsOf(request.resolution));
    return { id, ok: true, answer };
  } catch (error) {
    return { id, ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}

function listsOf(resolution: number): NeighbourLists {
  const known = neighbours.get(resolution);
  if (known) return known;
  const h3 = grids.get(resolution);
  if (!h3) throw new Error(`the grid of resolution ${resolution} was not sent`);
  const made = liveNeighbours(h3);
  neighbours.set(resolution, made);
  return made;
}
