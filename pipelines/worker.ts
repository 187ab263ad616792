import { parentPort, workerData } from 'node:worker_threads';
import { overlappingKeys } from '../core/grid/study-grid.ts';
import { HexsightError } from './errors.ts';
import { ingestContext } from './steps/ingest-context.ts';
import { ingestFile } from './steps/ingest-file.ts';
import type { FromWorker, Task, WorkerSetup } from './worker-protocol.ts';

/** One thread of the pool: takes a task, answers with one result. Rows go into the store, not through the port. */
const port = parentPort;
if (!port) throw new Error('worker.ts runs only inside a worker thread');
const setup = workerData as WorkerSetup;
const send = (message: FromWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
const context = ingestContext(setup);

async function run(task: Task): Promise<void> {
  if (task.kind === 'grid') {
    const keys = overlappingKeys(task.polygons, task.finest);
    send({ kind: 'grid', task: task.number, keys }, [keys.buffer as ArrayBuffer]);
    return;
  }
  if (!context) throw new Error('the pool was not set up for ingest');
  send({ kind: 'ingested', task: task.number, summary: await ingestFile(context, task) });
}

port.on('message', (message: Task) => {
  run(message).catch((error: Error) => {
    const known = error instanceof HexsightError ? { exitCode: error.exitCode, problems: error.problems } : null;
    send({ kind: 'failed', task: message.number, message: error.message, stack: error.stack ?? '', known });
  });
});
