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
    victim.use('b');
    const trial = await victim.run();
    const calls = trial.calls as number;
    expect(calls).toBeGreaterThan(50);
    const count = samples ?? calls;
    let errors = 0;
    let inputs: 'a' | 'b' = 'b';
    for (let i = 0; i < count; i++) {
      if (publishedMark(victim.out) === expected[inputs]) inputs = inputs === 'a' ? 'b' : 'a';
      const fault: Fault = { at: 1 + Math.floor((i * calls) / count), code: CODES[i % CODES.length] as 'EIO' };
      if (await faultCheck(victim, inputs, fault, expected)) errors++;
      // A run costs seconds: with samples, one good run settles four bad ones.
      if (samples === null || i % 4 === 3 || i === count - 1)
        await settle(victim, inputs, expected, `call ${fault.at}`);
    }
    const threads = trial.workerCalls > 0 ? Math.min(trial.workerCalls, samples ?? trial.workerCalls) : 0;
    for (let i = 0; i < threads; i++) {
      const other = publishedMark(victim.out) === expected.a ? 'b' : 'a';
      await faultCheck(victim, other, { at: 1 + i, code: CODES[i % 4] as 'EIO', thread: 'worker' }, expected);
      await settle(victim, other, expected, `worker call ${1 + i}`);
    }
    return { calls, workerCalls: trial.workerCalls, faults: count + threads, errors };
  } finally {
    victim.remove();
  }
}

/** @returns whether the run ended with an error */
async function faultCheck(
  victim: Victim,
  inputs: 'a' | 'b',
  fault: Fault,
  expected: { readonly a: string; readonly b: string },
): Promise<boolean> {
  const { out, store } = victim;
  victim.use(inputs);
  const run = await victim.run({ fault });
  const label = `call ${fault.at} (${run.hit}) fails with ${fault.code}`;
  expect(run.hit, label).not.toBeNull();
  expect(await faultsOf(out), label).toEqual([]);
  expect([expected.a, expected.b], label).toContain(publishedMark(out));
  if (run.code !== 0) checkMessage(run, [out, store], fault.code, label);
  return run.code !== 0;
}

/** The next good run gives what an undisturbed one gives, and leaves nothing else behind. */
async function settle(
  victim: Victim,
  inputs: 'a' | 'b',
  expected: { readonly a: string; readonly b: string },
  label: string,
): Promise<void> {
  const good = await victim.run();
  expect(good.code, `after ${label}: ${good.stderr}`).toBe(0);
  expect(publishedMark(victim.out), label).toBe(expected[inputs]);
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
