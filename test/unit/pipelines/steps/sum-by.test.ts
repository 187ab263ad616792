import { describe, expect, it } from 'vitest';
import { sumBy } from '../../../../pipelines/steps/sum-by.ts';
import { generator } from '../../../support/three-feeds.ts';

/** The plain way: a map of texts. */
function plainly(keys: readonly Uint32Array[], n: Uint32Array): number[][] {
  const sums = new Map<string, number[]>();
  for (let i = 0; i < n.length; i++) {
    const key = keys.map((column) => column[i] as number);
    const known = sums.get(key.join());
    if (known) known[keys.length] = (known[keys.length] as number) + (n[i] as number);
    else sums.set(key.join(), [...key, n[i] as number]);
  }
  return [...sums.values()].sort((a, b) => {
    const c = a.findIndex((value, column) => value !== b[column]);
    return (a[c] as number) - (b[c] as number);
  });
}

describe('sums by key', () => {
  it.each([
    { name: 'keys that fit one double', most: [5, 4294967296, 160, 30] },
    { name: 'keys that do not', most: [4294967296, 4294967296, 3] },
    { name: 'one key', most: [7] },
  ])('agrees with a map of texts: $name', ({ most }) => {
    const random = generator(12);
    const pools = most.map((end) => Array.from({ length: 6 }, () => Math.floor(random() * end)));
    // The largest code stands for "none" and is a key as any other.
    if (most[1] === 4294967296) (pools[1] as number[])[0] = 4294967295;
    const rows = 3000;
    const keys = pools.map((pool) =>
      Uint32Array.from({ length: rows }, () => pool[Math.floor(random() * 6)] as number),
    );
    const n = Uint32Array.from({ length: rows }, () => 1 + Math.floor(random() * 9));
    const sums = sumBy(keys, n);
    const found = Array.from(sums.n, (value, i) => [...sums.keys.map((column) => column[i] as number), value]);
    expect(found).toEqual(plainly(keys, n));
  });

  it('has no rows for no rows', () => {
    expect(sumBy([new Uint32Array(0), new Uint32Array(0)], new Uint32Array(0)).n.length).toBe(0);
  });
});
