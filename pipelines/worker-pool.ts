import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { ConfigError, HexsightError } from './errors.ts';
import type { FromWorker, Task, WorkerSetup } from './worker-protocol.ts';
import { taskRunner } from './worker-task.ts';

/**
 * `HEXSIGHT_THREADS`, or as many as there are cores: worker threads of the pool, and threads of DuckDB. 0 = no worker, everything on
 * this thread. The results are the same. @throws ConfigError
 */
export function threadCount(): number {
  const text = process.env.HEXSIGHT_THREADS;
  if (text === undefined || text === '') return availableParallelism();
  if (!/^\d{1,3}$/.test(text)) throw new ConfigError('HEXSIGHT_THREADS', [`"${text}" is no number of threads`]);
  return Number(text);
}

/**
 * Runs tasks on worker threads, one at a time each, in order of their number. The first failure stops all of them; a known error
 * keeps its exit code. Results do not depend on which thread did what: every message names its task.
 */
export async function runTasks(
  setup: WorkerSetup,
  tasks: readonly Task[],
  onMessage: (message: Exclude<FromWorker, { kind: 'failed' }>) => void,
  options: {
    readonly signal?: AbortSignal | undefined;
    /** No threads: for little work, where starting them costs more. */
    readonly here?: boolean;
  } = {},
): Promise<void> {
  const most = threadCount();
  if (most === 0 || options.here) return runHere(setup, tasks, onMessage, options.signal);
  const threads = Math.max(1, Math.min(tasks.length, most));
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
            if (message.kind === 'failed') throw failure(message);
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

async function runHere(
  setup: WorkerSetup,
  tasks: readonly Task[],
  onMessage: (message: Exclude<FromWorker, { kind: 'failed' }>) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const run = taskRunner(setup);
  for (const task of tasks) {
    signal?.throwIfAborted();
    const message = await run(task);
    if (message.kind === 'failed') throw failure(message);
    onMessage(message);
  }
}

/** The error as it was thrown on the other thread; a known one keeps its exit code. */
function failure({ message, stack, known }: Extract<FromWorker, { kind: 'failed' }>): Error {
  return known
    ? new HexsightError(known.exitCode, message.split(': ')[0] ?? '', known.problems)
    : Object.assign(new Error(message), { stack });
}
