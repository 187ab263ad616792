import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { HexsightError } from './errors.ts';
import type { FromWorker, Task, WorkerSetup } from './worker-protocol.ts';

/**
 * Runs tasks on worker threads, one at a time each, in order of their number. The first failure stops all of them; a known error
 * keeps its exit code. Results do not depend on which thread did what: every message names its task.
 */
export async function runTasks(
  setup: WorkerSetup,
  tasks: readonly Task[],
  onMessage: (message: Exclude<FromWorker, { kind: 'failed' }>) => void,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const threads = Math.max(1, Math.min(tasks.length, availableParallelism()));
  const queue = [...tasks];
  const workers: Worker[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      let open = 0;
      options.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error), { once: true });
      const next = (worker: Worker): void => {
        const task = queue.shift();
        if (task) worker.postMessage(task);
        else if (--open === 0) resolve();
      };
      for (let i = 0; i < threads; i++) {
        const worker = new Worker(new URL('./bin/worker.mjs', import.meta.url), { workerData: setup });
        workers.push(worker);
        open++;
        worker.on('error', reject);
        worker.on('message', (message: FromWorker) => {
          try {
            if (message.kind === 'failed') {
              throw message.known
                ? new HexsightError(
                    message.known.exitCode,
                    message.message.split(': ')[0] ?? '',
                    message.known.problems,
                  )
                : Object.assign(new Error(message.message), { stack: message.stack });
            }
            onMessage(message);
            next(worker);
          } catch (error) {
            reject(error as Error);
          }
        });
        next(worker);
      }
      if (threads === 0 || tasks.length === 0) resolve();
    });
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}
