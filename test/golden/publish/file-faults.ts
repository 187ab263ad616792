import { cpSync, rmSync } from 'node:fs';
import { expect } from 'vitest';
import {
  type Ended,
  type Fault,
  faultsOf,
  makeVictim,
  publishedMark,
  strays,
  undisturbed,
  type Victim,
} from './victim.ts';

const CODES = ['ENOSPC', 'EIO', 'EACCES', 'EMFILE'] as const;

/**
 * R2: the n-th call of the file layer fails, for `samples` values of n spread over the run, or for every n when null. Either the run
 * copes, or its error names the file and the stage; the published snapshot is whole; the next good run leaves no stray file.
 *
 * @returns how many calls there are, how many were made to fail, how many runs ended with an error
 */
export async function fileFaultChecks(
  samples: number | null,
): Promise<{ calls: number; workerCalls: number; faults: number; errors: number }> {
  const victim = makeVictim();
  try {
    const expected = await undisturbed(victim);
    victim.use('a');
    const first = await victim.run();
    expect(first.code).toBe(0);
    const { out, store } = victim;
    for (const folder of [out, store]) cpSync(folder, `${folder}-a`, { recursive: true });
    victim.use('b');
    const trial = await victim.run();
    const { calls: seen, workerCalls } = trial;
    const calls = seen as number;
    expect(calls).toBeGreaterThan(50);
    const faults: Fault[] = [];
    const add = (thread: 'main' | 'worker', of: number): void => {
      const count = Math.min(of, samples ?? of);
      for (let i = 0; i < count; i++)
        faults.push({ at: 1 + Math.floor((i * of) / count), code: CODES[i % CODES.length] as 'EIO', thread });
    };
    add('main', calls);
    add('worker', workerCalls);
    let errors = 0;
    for (const [i, fault] of faults.entries()) {
      // Every run starts where `a` was published, so that the n-th call is the n-th of the trial.
      for (const folder of [out, store]) {
        rmSync(folder, { recursive: true });
        cpSync(`${folder}-a`, folder, { recursive: true });
      }
      if (await faultCheck(victim, fault, expected, calls)) errors++;
      // A run costs seconds: with samples, one good run settles every second bad one.
      if (samples === null || i % 2 === 1) await settle(victim, expected.b, `call ${fault.at}`);
    }
    return { calls, workerCalls, faults: faults.length, errors };
  } finally {
    victim.remove();
  }
}

/** @returns whether the run ended with an error */
async function faultCheck(
  victim: Victim,
  fault: Fault,
  expected: { readonly a: string; readonly b: string },
  calls: number,
): Promise<boolean> {
  const { out, store } = victim;
  const run = await victim.run({ fault });
  const label = `call ${fault.at} (${run.hit}) fails with ${fault.code}`;
  // The number of calls may differ by a few between runs, as threads end in another order.
  if (fault.at <= calls - 5) expect(run.hit, label).not.toBeNull();
  expect(await faultsOf(out), label).toEqual([]);
  expect([expected.a, expected.b], label).toContain(publishedMark(out));
  if (run.code !== 0) checkMessage(run, [out, store], fault.code, label);
  return run.code !== 0;
}

/** The next good run gives what an undisturbed one gives, and leaves nothing else behind. */
async function settle(victim: Victim, expected: string, label: string): Promise<void> {
  const good = await victim.run();
  expect(good.code, `after ${label}: ${good.stderr}`).toBe(0);
  expect(publishedMark(victim.out), label).toBe(expected);
  expect(strays(victim.out, victim.store), label).toEqual([]);
}

function checkMessage(run: Ended, roots: readonly string[], code: string, label: string): void {
  expect(run.code, `${label}: ${run.stderr}`).toBe(7);
  expect(
    roots.some((root) => run.stderr.includes(root)),
    `${label} names no file: ${run.stderr}`,
  ).toBe(true);
  expect(run.stderr, label).toMatch(/stage 阶段 [a-z]+/);
  expect(run.stderr, label).toContain(code);
}
