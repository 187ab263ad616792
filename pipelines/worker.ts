import { parentPort, workerData } from 'node:worker_threads';
import type { Task, WorkerSetup } from './worker-protocol.ts';
import { taskRunner } from './worker-task.ts';

/** One thread of the pool: takes a task, answers with one result. Rows go into the store, not through the port. */
const port = parentPort;
if (!port) throw new Error('worker.ts runs only inside a worker thread');
const run = taskRunner(workerData as WorkerSetup);

port.on('message', (task: Task) => {
  run(task).then((message) =>
    port.postMessage(message, message.kind === 'grid' ? [message.keys.buffer as ArrayBuffer] : []),
  );
});
