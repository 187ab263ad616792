import fc from 'fast-check';
import { cellToChildren, cellToParent } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { type IdRanges, rollUp, rollUpDense, type SparseCounts, spread } from '../../../core/grid/rollup.ts';

const FINEST = 10;
/** The real hierarchy below one cell: 7³ cells of resolution 10, in H3 order, with the ranges of each resolution above. */
const cells = cellToChildren('87309818dffffff', FINEST).sort();

function rangesAt(resolution: number): IdRanges {
  const first: number[] = [];
  let last = '';
  cells.forEach((cell, id) => {
    const parent = cellToParent(cell, resolution);
    if (parent !== last) first.push(id);
    last = parent;
  });
  return { firstId: Uint32Array.from(first), endId: Uint32Array.from([...first.slice(1), cells.length]) };
}
const ranges = new Map([7, 8, 9].map((resolution) => [resolution, rangesAt(resolution)]));

const rows = fc.array(
  fc.record({
    id: fc.nat(cells.length - 1),
    res: fc.integer({ min: 7, max: FINEST }),
    n: fc.integer({ min: 1, max: 1000 }),
  }),
  { maxLength: 200 },
);
const sparse = (list: readonly { id: number; res: number; n: number }[]): SparseCounts => ({
  cellId: Uint32Array.from(list, (row) => row.id),
  res: Uint8Array.from(list, (row) => row.res),
  n: Uint32Array.from(list, (row) => row.n),
});
const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);
const coarser = fc.constantFrom(7, 8, 9);

describe('rolling counts up', () => {
  it('keeps every incident: shown plus withheld is all', () => {
    fc.assert(
      fc.property(rows, coarser, (list, resolution) => {
        const counts = sparse(list);
        const { n, withheld } = rollUp(counts, ranges.get(resolution)!, resolution);
        expect(sum(n) + withheld).toBe(sum(counts.n));
        const finest = spread(counts, cells.length, FINEST);
        expect(sum(finest.n) + finest.withheld).toBe(sum(counts.n));
      }),
    );
  });

  it('puts an incident into the index parent of its cell', () => {
    fc.assert(
      fc.property(fc.nat(cells.length - 1), coarser, (id, resolution) => {
        const parents = [...new Set(cells.map((cell) => cellToParent(cell, resolution)))];
        const { n } = rollUp(sparse([{ id, res: FINEST, n: 3 }]), ranges.get(resolution)!, resolution);
        expect(parents[n.indexOf(3)]).toBe(cellToParent(cells[id]!, resolution));
      }),
    );
  });

  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(rows, coarser, fc.infiniteStream(fc.nat()), (list, resolution, keys) => {
        const shuffled = list
          .map((row) => ({ row, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ row }) => row);
        expect(rollUp(sparse(shuffled), ranges.get(resolution)!, resolution)).toEqual(
          rollUp(sparse(list), ranges.get(resolution)!, resolution),
        );
        expect(spread(sparse(shuffled), cells.length, FINEST)).toEqual(spread(sparse(list), cells.length, FINEST));
      }),
    );
  });

  it('gives the same in two steps as in one, where nothing is withheld', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const counts = sparse(list.map((row) => ({ ...row, res: FINEST })));
        const direct = rollUp(counts, ranges.get(7)!, 7).n;
        const nine = rollUp(counts, ranges.get(9)!, 9).n;
        expect(rollUpDense(nine, ranges.get(9)!, ranges.get(8)!)).toEqual(rollUp(counts, ranges.get(8)!, 8).n);
        expect(rollUpDense(nine, ranges.get(9)!, ranges.get(7)!)).toEqual(direct);
      }),
    );
  });

  it('withholds a row that may only be shown coarser than the target, and counts it', () => {
    const counts = sparse([
      { id: 4, res: 8, n: 5 },
      { id: 4, res: 10, n: 2 },
    ]);
    expect(rollUp(counts, ranges.get(9)!, 9).withheld).toBe(5);
    expect(rollUp(counts, ranges.get(8)!, 8).withheld).toBe(0);
    expect(spread(counts, cells.length, FINEST)).toMatchObject({ withheld: 5 });
  });

  it('refuses a cell id that the grid does not have', () => {
    const foreign = sparse([{ id: cells.length, res: 10, n: 1 }]);
    expect(() => rollUp(foreign, ranges.get(8)!, 8)).toThrow(RangeError);
    expect(() => spread(foreign, cells.length, FINEST)).toThrow(RangeError);
  });
});
