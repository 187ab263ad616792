import { describe, expect, it } from 'vitest';
import type { Coverage } from '../../../core/contract/coverage.ts';
import { NO_DATA_CLASS } from '../../../web/src/map/contract.ts';
import { prefixSums } from '../../../web/src/query/roll-up.ts';
import { comparisonOf } from '../../../web/src/rooms/desk/map-layers/comparison.ts';
import { divisionClasses, levelCounts, rolledUp } from '../../../web/src/rooms/desk/map-layers/division-classes.ts';
import { cellsOf, unknownDivisions } from '../../../web/src/rooms/desk/map-layers/unknown-cells.ts';
import type { Divisions } from '../../../web/src/snapshot/model.ts';

const coverage = (states: Readonly<Record<string, readonly string[]>>): Coverage =>
  ({
    weeks: 4,
    divisions: [1, 4],
    sources: Object.entries(states).map(([key, rows]) => ({ key, states: rows })),
  }) as unknown as Coverage;

describe('divisions nobody delivered for', () => {
  const two = coverage({ a: ['dddd', 'mmdd', 'dddd'], b: ['bbzz', 'bbmm', 'bbdd'] });
  it('are those where no chosen source sent anything in any chosen week', () => {
    expect(unknownDivisions(two, { sources: [], weeks: { first: 0, end: 2 } })).toEqual({
      divisions: [1],
      city: false,
    });
    expect(unknownDivisions(two, { sources: [], weeks: { first: 1, end: 3 } }).divisions).toEqual([]);
    expect(unknownDivisions(two, { sources: ['b'], weeks: { first: 0, end: 2 } })).toEqual({
      divisions: [1, 4],
      city: true,
    });
    expect(unknownDivisions(two, { sources: ['b'], weeks: null }).divisions).toEqual([1]);
  });

  it('a week with a report of zero is no missing week', () => {
    expect(unknownDivisions(coverage({ a: ['zz', 'zz', 'mm'] }), { sources: [], weeks: { first: 0, end: 2 } })).toEqual(
      {
        divisions: [4],
        city: false,
      },
    );
  });

  it('mark their finest cells, those outside every division never', () => {
    const divisionOf = Uint32Array.from([1, 2, 4, 0xffffffff, 5]);
    expect([...cellsOf(divisionOf, [{ id: 1, end: 4 }])!]).toEqual([1, 1, 0, 0, 0]);
    expect(cellsOf(divisionOf, [{ id: 8, end: 9 }])).toBeNull();
    expect(cellsOf(divisionOf, [])).toBeNull();
  });
});

describe('the period compared with', () => {
  it('is the one before, or 52 weeks before, of the same length', () => {
    expect(comparisonOf({ first: 60, end: 64 }, 'previous')).toMatchObject({ before: { first: 56, end: 60 } });
    expect(comparisonOf({ first: 60, end: 64 }, 'year')).toMatchObject({ before: { first: 8, end: 12 } });
  });

  it('is refused where it lies outside the data or overlaps', () => {
    expect(comparisonOf(null, 'previous').kind).toBe('no-period');
    expect(comparisonOf({ first: 3, end: 7 }, 'previous').kind).toBe('outside');
    expect(comparisonOf({ first: 40, end: 44 }, 'year').kind).toBe('outside');
    expect(comparisonOf({ first: 52, end: 110 }, 'year').kind).toBe('outside');
  });
});

// 0 city ─ 1 (2, 3) ─ 4 (5)
const divisions = {
  count: 6,
  level: Uint8Array.from([0, 1, 2, 2, 1, 2]),
  end: Uint32Array.from([6, 4, 3, 4, 6, 6]),
} as unknown as Divisions;

describe('filled divisions', () => {
  it('hold all that lies below them', () => {
    const counts = Uint32Array.from([9, 1, 2, 3, 0, 5]);
    const tree = { counts, sums: prefixSums(counts), depth: 'all' as const };
    expect([...levelCounts(tree, divisions, 1)]).toEqual([0, 6, 0, 0, 5, 0]);
    expect([...levelCounts(tree, divisions, 2)]).toEqual([0, 0, 2, 3, 0, 5]);
  });

  it('have weekly counts of their level, ascending; what is known only above it falls out', () => {
    const series = { cell: [0, 1, 2, 3, 5], week: [0, 1, 1, 0, 2], n: [7, 1, 2, 4, 8] };
    expect(rolledUp(series, divisions, 1)).toEqual({ cell: [1, 1, 4], week: [0, 1, 2], n: [4, 3, 8] });
    expect(rolledUp(series, divisions, 2)).toEqual({ cell: [2, 3, 5], week: [1, 0, 2], n: [2, 4, 8] });
  });

  it('tell 0 from nothing delivered', () => {
    const n = Uint32Array.from([0, 0, 0, 0, 12, 0]);
    const classes = (unknown: readonly number[]) =>
      Array.from(divisionClasses({ n, breaks: [1, 10], divisions, level: 1, unknown }));
    expect(classes([])).toEqual([0, 0, 0, 0, 2, 0]);
    expect(classes([1, 4])).toEqual([0, NO_DATA_CLASS, 0, 0, 2, 0]);
    expect(classes([0])[1]).toBe(NO_DATA_CLASS);
  });
});
