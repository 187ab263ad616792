import { describe, expect, it } from 'vitest';
import {
  coarseTotals,
  denseCounts,
  finestTotals,
  prefixSums,
  rangeSum,
  rankOf,
  topCells,
} from '../../../web/src/query/roll-up.ts';

const counts = {
  cellId: Uint32Array.of(0, 1, 3, 3, 7),
  res: Uint8Array.of(10, 10, 8, 10, 6),
  n: Uint32Array.of(5, 2, 4, 1, 9),
};

describe('roll-up', () => {
  it('a subtree is the sum of its id range', () => {
    const sums = prefixSums(denseCounts({ id: [0, 2, 3], n: [1, 10, 100] }, 5));
    expect(rangeSum(sums, { id: 0, end: 5 })).toBe(111);
    expect(rangeSum(sums, { id: 2, end: 3 })).toBe(10);
    expect(rangeSum(sums, { id: 4, end: 5 })).toBe(0);
  });

  it('cells add up to their parent; incidents known only to a coarser cell are left out and counted as withheld', () => {
    const at8 = coarseTotals(counts, { resolution: 8, endId: Uint32Array.of(2, 3, 8) });
    expect(at8).toEqual({ resolution: 8, n: Uint32Array.of(7, 0, 5), withheld: 9 });
    const at6 = coarseTotals(counts, { resolution: 6, endId: Uint32Array.of(8) });
    expect(at6).toEqual({ resolution: 6, n: Uint32Array.of(21), withheld: 0 });
    expect(finestTotals(counts, 10, 8)).toEqual({
      resolution: 10,
      n: Uint32Array.of(5, 2, 0, 1, 0, 0, 0, 0),
      withheld: 13,
    });
  });

  it('equal cells share a rank; empty cells do not compete', () => {
    const totals = { resolution: 8, n: Uint32Array.of(5, 9, 5, 0, 1), withheld: 0 };
    expect(rankOf(totals, 0)).toEqual({ rank: 2, tied: 1, of: 4 });
    expect(rankOf(totals, 1)).toEqual({ rank: 1, tied: 0, of: 4 });
    expect(rankOf(totals, 3)).toEqual({ rank: 5, tied: 0, of: 4 });
  });

  it('the top cells are the largest, largest first, never an empty one', () => {
    const totals = { resolution: 8, n: Uint32Array.of(5, 9, 5, 0, 1), withheld: 0 };
    expect(topCells(totals, 3)).toEqual([1, 0, 2]);
    expect(topCells(totals, 10)).toEqual([1, 0, 2, 4]);
  });
});
