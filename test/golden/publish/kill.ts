import type { ChildProcess } from 'node:child_process';
import { expect } from 'vitest';
import { faultsOf, makeVictim, publishedMark, strays, undisturbed } from './victim.ts';

/**
 * R1: `kill -9` of a real run, half of them at random times over its whole length, half at calls of its file layer spread over all.
 * While it lives and after it died, what is published is whole and is one of the two undisturbed snapshots; in the end it is the one.
 */
export async function killChecks(kills: number, seed: number): Promise<{ killed: number; looks: number }> {
  const victim = makeVictim();
  const random = generator(seed);
  let last: ChildProcess | null = null;
  try {
    const expected = await undisturbed(victim);
    victim.use('a');
    expect((await victim.run()).code).toBe(0);
    const calls = expected.run.calls as number;
    let [killed, looks, attempt] = [0, 0, 0];
    while (killed < kills) {
      expect(attempt, 'runs end before they can be killed').toBeLessThan(kills * 4);
      victim.use(publishedMark(victim.out) === expected.a ? 'b' : 'a');
      const share = (Math.floor(attempt / 2) + random()) / (kills / 2);
      const byCall = Math.floor(attempt / 2) % 2 === 0;
      attempt++;
      const { child, ended } = byCall
        ? victim.start({ fault: { at: 1 + Math.floor((share % 1) * calls), code: 'KILL' } })
        : victim.start();
      last = child;
      const timer = byCall ? null : setTimeout(() => child.kill('SIGKILL'), (share % 1) * expected.run.ms);
      let alive = true;
      const over = ended.finally(() => {
        alive = false;
      });
      while (alive) {
        expect(await faultsOf(victim.out, true)).toEqual([]);
        looks++;
        await Promise.race([over, new Promise((resolve) => setTimeout(resolve, 200))]);
      }
      if (timer) clearTimeout(timer);
      const { signal } = await over;
      if (signal === 'SIGKILL') killed++;
      expect(await faultsOf(victim.out)).toEqual([]);
      expect([expected.a, expected.b]).toContain(publishedMark(victim.out));
    }
    if (publishedMark(victim.out) === expected.b) {
      victim.use('a');
      expect((await victim.run()).code).toBe(0);
    }
    victim.use('b');
    const end = await victim.run();
    expect(end.stderr).toBe('');
    expect(publishedMark(victim.out)).toBe(expected.b);
    expect(await faultsOf(victim.out)).toEqual([]);
    expect(strays(victim.out, victim.store)).toEqual([]);
    return { killed, looks };
  } finally {
    // After a failed look it may still run, and write into what is removed here.
    const running = last?.exitCode === null && last.signalCode === null ? last : null;
    if (running) await new Promise((resolve) => running.once('close', resolve).kill('SIGKILL'));
    victim.remove();
  }
}

/** Mulberry32: the same kills for the same seed, as far as a clock allows. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
