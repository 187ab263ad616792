import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cellsIn,
  combinedRanges,
  DIFFERENCE,
  INTERSECTION,
  idsOfRanges,
  rangesOfIds,
  UNION,
} from '../../../core/grid/id-range.ts';

const idSets = fc.uniqueArray(fc.nat(80), { maxLength: 60 }).map((ids) => ids.sort((a, b) => a - b));
const union = (a: Ranges, b: Ranges) => combinedRanges(a, b, UNION);
const both = (a: Ranges, b: Ranges) => combinedRanges(a, b, INTERSECTION);
const minus = (a: Ranges, b: Ranges) => combinedRanges(a, b, DIFFERENCE);
type Ranges = ReturnType<typeof rangesOfIds>;
const ranges = idSets.map(rangesOfIds);

describe('ranges of ids', () => {
  it('are the set they were made from, ascending, apart from one another', () => {
    fc.assert(
      fc.property(idSets, (ids) => {
        const made = rangesOfIds(ids);
        expect([...idsOfRanges(made)]).toEqual(ids);
        expect(cellsIn(made)).toBe(ids.length);
        for (let i = 1; i < made.length; i++) expect(made[i]!.id).toBeGreaterThan(made[i - 1]!.end);
      }),
    );
  });

  it('combine as sets do', () => {
    fc.assert(
      fc.property(idSets, idSets, (a, b) => {
        const [x, y] = [rangesOfIds(a), rangesOfIds(b)];
        expect(union(x, y)).toEqual(rangesOfIds([...new Set([...a, ...b])].sort((p, q) => p - q)));
        expect(both(x, y)).toEqual(rangesOfIds(a.filter((id) => b.includes(id))));
        expect(minus(x, y)).toEqual(rangesOfIds(a.filter((id) => !b.includes(id))));
      }),
      { numRuns: 500 },
    );
  });

  it('obey the laws of sets', () => {
    fc.assert(
      fc.property(ranges, ranges, ranges, (a, b, c) => {
        expect(union(a, b)).toEqual(union(b, a));
        expect(both(a, b)).toEqual(both(b, a));
        expect(union(a, union(b, c))).toEqual(union(union(a, b), c));
        expect(both(a, union(b, c))).toEqual(union(both(a, b), both(a, c)));
        expect(minus(a, union(b, c))).toEqual(both(minus(a, b), minus(a, c)));
        expect(union(minus(a, b), both(a, b))).toEqual(a);
        expect(union(a, a)).toEqual(a);
        expect(minus(a, a)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
