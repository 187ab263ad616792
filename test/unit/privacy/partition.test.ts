import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coveringAtoms, floorTo, partition, type Tree, treeOrder } from '../../../core/privacy/partition.ts';

/** Nested arrays are inner nodes, numbers are leaves. */
type Shape = number | readonly Shape[];
function grow(shape: Shape): { tree: Tree; counts: Uint32Array } {
  const parent: number[] = [];
  const end: number[] = [];
  const counts: number[] = [];
  const visit = (part: Shape, up: number): void => {
    const node = parent.length;
    parent.push(up);
    counts.push(typeof part === 'number' ? part : 0);
    end.push(0);
    if (typeof part !== 'number') for (const child of part) visit(child, node);
    end[node] = parent.length;
  };
  visit(shape, -1);
  return { tree: { parent: Int32Array.from(parent), end: Int32Array.from(end) }, counts: Uint32Array.from(counts) };
}
const atomsOf = (shape: Shape, k = 5) => {
  const { tree, counts } = grow(shape);
  return [...partition(treeOrder(tree), counts, { k }).atom];
};

describe('merging upward', () => {
  it('leaves counts of at least k alone', () => {
    expect(atomsOf([5, 0, 9])).toEqual([0, 5, 0, 9]);
  });
  it('pools small siblings into a remainder of their parent', () => {
    expect(atomsOf([[3, 4, 20], [8]])).toEqual([0, 7, 0, 0, 20, 0, 8]);
  });
  it('pulls in the smallest sibling when the pool alone is too small', () => {
    expect(atomsOf([[2, 6, 9]])).toEqual([0, 8, 0, 0, 9]);
  });
  it('goes up a level when there is nothing to pull in', () => {
    expect(
      atomsOf([
        [2, 0],
        [1, 2],
        [7, 0],
      ]),
    ).toEqual([5, 0, 0, 0, 0, 0, 0, 0, 7, 0]);
  });
  it('at the top joins the smallest atom, or stays unpublished', () => {
    expect(
      atomsOf([
        [2, 0],
        [7, 6],
      ]),
    ).toEqual([8, 0, 0, 0, 0, 7, 0]);
    expect(atomsOf([[2], [1]])).toEqual([3, 0, 0, 0, 0]);
  });
  it('sends five siblings of four each up: the rule would tell them', () => {
    const { tree, counts } = grow([[4, 4, 4, 4, 4], [30]]);
    expect([...partition(treeOrder(tree), counts, { k: 5 }).atom]).toEqual([20, 0, 0, 0, 0, 0, 0, 0, 30]);
  });
  it('obeys a bar', () => {
    const { tree, counts } = grow([[9, 30]]);
    const barred = Uint8Array.from([0, 0, 1, 0]);
    expect([...partition(treeOrder(tree), counts, { k: 5, barred }).atom]).toEqual([0, 9, 0, 30]);
  });
  it('keeps every report, publishes nothing below k except nothing at all, covers every report', () => {
    const leaf = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 6 }) }, fc.integer({ min: 0, max: 60 }));
    const shape = fc.array(fc.array(fc.array(leaf, { minLength: 1, maxLength: 7 }), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(shape, fc.integer({ min: 3, max: 10 }), (part, k) => {
        const { tree, counts } = grow(part);
        const { atom } = partition(treeOrder(tree), counts, { k });
        const sum = (values: Uint32Array): number => values.reduce((total, n) => total + n, 0);
        expect(sum(atom)).toBe(sum(counts));
        const covering = coveringAtoms(tree, atom);
        const covered = new Uint32Array(atom.length);
        counts.forEach((n, node) => {
          if (n > 0) covered[covering[node] as number] = (covered[covering[node] as number] as number) + n;
        });
        expect([...covered]).toEqual([...atom]);
        atom.forEach((n, node) => {
          if (node > 0) expect(n === 0 || n >= k).toBe(true);
        });
        if ((atom[0] as number) > 0 && (atom[0] as number) < k) expect(sum(atom)).toBe(atom[0]);
      }),
      { numRuns: 500 },
    );
  });
  it('floors to multiples of k', () => {
    expect([4, 5, 9, 10].map((n) => floorTo(n, 5))).toEqual([0, 5, 5, 10]);
  });
});
