import { runTasks } from '../worker-pool.ts';
import type { SenseJob, SenseJobResult } from './jobs.ts';

/** Runs jobs on the worker pool; the results are in the order of the jobs. `here`: too little work to start threads for. */
export async function runSenseJobs(
  jobs: readonly SenseJob[],
  options: { readonly signal?: AbortSignal | undefined; readonly here: boolean },
): Promise<SenseJobResult[]> {
  const results: SenseJobResult[] = [];
  await runTasks(
    { shapes: null, ingest: null },
    jobs.map((job, number) => ({ kind: 'sense', number, job })),
    (message) => {
      if (message.kind === 'sensed') results[message.task] = message.result;
    },
    options,
  );
  return results;
}
