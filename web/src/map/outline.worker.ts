import { outlinesOf } from './outline-job.ts';
import type { OutlineReply, OutlineRequest } from './outline-messages.ts';

/** Waiting requests, oldest first. One is worked on at a time, with a look at the mailbox in between. */
const waiting = new Map<number, BigUint64Array>();
let busy = false;

self.onmessage = ({ data }: MessageEvent<OutlineRequest>) => {
  if (data.h3 === null) waiting.delete(data.id);
  else waiting.set(data.id, data.h3);
  if (!busy) work();
};

function work(): void {
  const next = waiting.entries().next().value;
  busy = next !== undefined;
  if (!next) return;
  const [id, h3] = next;
  waiting.delete(id);
  try {
    const outlines = outlinesOf(h3);
    const reply: OutlineReply = { id, ok: true, outlines };
    self.postMessage(reply, { transfer: [outlines.starts.buffer, outlines.lngLatE6.buffer] });
  } catch (error) {
    const reply: OutlineReply = { id, ok: false, error: error instanceof Error ? error.message : String(error) };
    self.postMessage(reply);
  }
  setTimeout(work);
}
