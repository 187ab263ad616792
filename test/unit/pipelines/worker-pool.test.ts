import { afterEach, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../pipelines/errors.ts';
import { runTasks, threadCount } from '../../../pipelines/worker-pool.ts';
import type { GridTask, IngestTask } from '../../../pipelines/worker-protocol.ts';

const before = process.env.HEXSIGHT_THREADS;
afterEach(() => {
  if (before === undefined) delete process.env.HEXSIGHT_THREADS;
  else process.env.HEXSIGHT_THREADS = before;
});
const square = (west: number): GridTask['polygons'] => [
  [Float64Array.of(west, 31, west + 0.01, 31, west + 0.01, 31.01, west, 31.01, west, 31)],
];
const tasks: GridTask[] = [0, 1, 2].map((number) => ({
  kind: 'grid',
  number,
  polygons: square(120 + number),
  finest: 10,
}));
const run = async (threads: string): Promise<Map<number, number[]>> => {
  process.env.HEXSIGHT_THREADS = threads;
  const found = new Map<number, number[]>();
  await runTasks({ shapes: null, ingest: null }, tasks, (message) => {
    if (message.kind === 'grid') found.set(message.task, [...message.keys]);
  });
  return found;
};

describe('HEXSIGHT_THREADS', () => {
  it('is a number, or the number of cores', () => {
    delete process.env.HEXSIGHT_THREADS;
    expect(threadCount()).toBeGreaterThanOrEqual(1);
    process.env.HEXSIGHT_THREADS = '3';
    expect(threadCount()).toBe(3);
    for (const odd of ['two', '-1', '1.5', '1e9']) {
      process.env.HEXSIGHT_THREADS = odd;
      expect(threadCount).toThrow(ConfigError);
    }
  });

  it('changes no result', async () => {
    const here = await run('0');
    expect([...here.keys()]).toEqual([0, 1, 2]);
    expect(here.get(0)?.length).toBeGreaterThan(0);
    const there = await run('2');
    expect(new Map([...there].sort(([a], [b]) => a - b))).toEqual(here);
  });

  it('0 fails as a thread does, and stops when it is told to', async () => {
    process.env.HEXSIGHT_THREADS = '0';
    const ingest = { kind: 'ingest', number: 0 } as IngestTask;
    await expect(runTasks({ shapes: null, ingest: null }, [ingest], () => undefined)).rejects.toThrow('not set up');
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(runTasks({ shapes: null, ingest: null }, tasks, () => undefined, { signal })).rejects.toThrow(
      'enough',
    );
  });
});
