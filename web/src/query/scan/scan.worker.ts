import { problemOf } from '../../snapshot/problem.ts';
import { readFile } from '../../snapshot/read-file.ts';
import type { ScanReply, ScanRequest } from './messages.ts';
import { buffersOf, ShareStore } from './share-store.ts';

/** Holds one share of the incidents; fetches, checks and decodes files, and answers questions, off the main thread. */
let store: ShareStore | null = null;

self.onmessage = ({ data }: MessageEvent<ScanRequest>) => {
  if (data.kind === 'open') store = new ShareStore(data.sizes, data.share);
  else if (data.kind === 'grid') store?.setGrid(data.resolution, data.endId);
  else if (data.kind === 'fetch') void fetchFile(data);
  else answer(data);
};

async function fetchFile({ id, file }: Extract<ScanRequest, { kind: 'fetch' }>): Promise<void> {
  try {
    const { buffer } = await readFile(fetch, file);
    post({ kind: 'fetched', id, bytes: buffer }, [buffer]);
  } catch (thrown) {
    post({ kind: 'not-fetched', id, problem: problemOf(thrown, file.path) });
  }
}

function answer(request: Extract<ScanRequest, { kind: 'period' | 'ask' }>): void {
  const { id } = request;
  try {
    if (!store) throw new Error('the scan was not opened');
    if (request.kind === 'period') {
      const rows = store.addPeriod(request.files.map((buffer) => new Uint8Array(buffer)));
      post({ kind: 'added', id, rows, bytesHeld: store.bytesHeld });
      return;
    }
    const made = store.answer(request.question);
    post({ kind: 'answer', id, answer: made }, buffersOf(made));
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    // A typed array that cannot be allocated: this worker has no memory left, another may.
    const fatal = thrown instanceof RangeError && /allocation|array buffer|invalid typed array length/i.test(message);
    post({ kind: 'failed', id, message, fatal });
  }
}

function post(reply: ScanReply, transfer: readonly (ArrayBufferLike | ArrayBuffer)[] = []): void {
  self.postMessage(reply, { transfer: [...transfer] as ArrayBuffer[] });
}
