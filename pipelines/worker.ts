import { parentPort, workerData } from 'node:worker_threads';
import { divisionIndex } from '../core/geo/division-index.ts';
import { overlappingKeys } from '../core/grid/study-grid.ts';
import { HexsightError } from './errors.ts';
import { ingestFile } from './steps/ingest-file.ts';
import type { FromWorker, Task, WorkerSetup } from './worker-protocol.ts';

/** One thread of the pool: takes a task, answers with batches and one result. At most four batches wait for the store. */
const port = parentPort;
if (!port) throw new Error('worker.ts runs only inside a worker thread');
const setup = workerData as WorkerSetup;
const index = setup.shapes ? divisionIndex(setup.shapes) : null;

let credits = 4;
let wake: (() => void) | null = null;
const send = (message: FromWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);

async function run(task: Task): Promise<void> {
  if (task.kind === 'grid') {
    const keys = overlappingKeys(task.polygons, task.finest);
    send({ kind: 'grid', task: task.number, keys }, [keys.buffer as ArrayBuffer]);
    return;
  }
  if (!index || !setup.ingest) throw new Error('the pool was not set up for ingest');
  const result = await ingestFile({ ...setup.ingest, index }, task, async (batch) => {
    while (credits === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    credits--;
    const buffers = Object.values(batch.columns).map((column) => column.buffer as ArrayBuffer);
    send({ kind: 'batch', task: task.number, batch }, buffers);
  });
  send({ kind: 'ingested', task: task.number, result });
}

port.on('message', (message: Task | 'ack') => {
  if (message === 'ack') {
    credits++;
    wake?.();
    wake = null;
    return;
  }
  run(message).catch((error: Error) => {
    const known = error instanceof HexsightError ? { exitCode: error.exitCode, problems: error.problems } : null;
    send({ kind: 'failed', task: message.number, message: error.message, stack: error.stack ?? '', known });
  });
});
