import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinedSeries, seriesOfColumns, sumIn, WindowCounts } from '../../web/src/query/cell-series.ts';
import { KNOWN_HOURS } from '../../web/src/query/hour-slots.ts';
import type { Block } from '../../web/src/query/scan/facts.ts';
import type { FilterTables } from '../../web/src/query/scan/passes.ts';
import { seriesCounts } from '../../web/src/query/scan/series.ts';
import { NO_ROW } from '../../web/src/query/scan/windows.ts';

/** Two grid rows of two slots each from row 3 on; slot 4 is no cell; slot 5 is published only to a coarser one. */
const ROW_OF = Uint32Array.of(3, 3, 4, 4, NO_ROW, NO_ROW);
const NOWHERE = 4;
const WEEKS = 6;
const ROWS = 5;

interface Fact {
  readonly day: number;
  readonly slot: number;
  readonly kind: number;
  readonly hour: number | null;
}
const fact = fc.record({
  day: fc.nat(WEEKS * 7 - 1),
  slot: fc.nat(5),
  kind: fc.nat(2),
  hour: fc.option(fc.nat(23)),
});

function blockOf(facts: readonly Fact[]): Block {
  const sorted = [...facts].sort((a, b) => Math.floor(a.day / 7) - Math.floor(b.day / 7));
  return {
    rows: sorted.length,
    weekStart: Uint32Array.from({ length: WEEKS + 1 }, (_, w) => sorted.filter(({ day }) => day < w * 7).length),
    slot: Uint32Array.from(sorted, ({ slot }) => slot),
    kind: Uint16Array.from(sorted, ({ kind }) => kind),
    division: Uint16Array.from(sorted, () => 0),
    hours: Uint8Array.from(sorted, ({ day, hour }) =>
      hour === null ? KNOWN_HOURS + (day % 7) : (day % 7) * 24 + hour,
    ),
  };
}

/** Kind 0 does not pass. */
const TABLES: FilterTables = { kind: Uint8Array.of(0, 1, 1), division: null, area: null, hours: null };

describe('counts by cell and time', () => {
  it('every window, in any order, equals the plain sum over the facts', () => {
    fc.assert(
      fc.property(
        fc.array(fact, { maxLength: 120 }),
        fc.array(fact, { maxLength: 60 }),
        fc.constantFrom('day' as const, 'week' as const),
        fc.array(fc.tuple(fc.nat(42), fc.nat(42)), { minLength: 1, maxLength: 12 }),
        (older, newer, unit, windows) => {
          const perWeek = unit === 'day' ? 7 : 1;
          const units = WEEKS * perWeek;
          const shape = { rowOf: ROW_OF, firstRow: 3, rows: 2, nowhere: NOWHERE, weeks: WEEKS, unit };
          const part = seriesCounts([blockOf(newer), blockOf(older)], TABLES, shape);
          const series = joinedSeries([part], { unit, units, resolution: 8, rows: ROWS });
          const counts = new WindowCounts(series);
          const passing = [...older, ...newer].filter(({ kind }) => kind > 0);
          for (const [a, b] of windows) {
            const window = { first: Math.min(a, b) % (units + 1), end: 0 };
            window.end = Math.min(units, window.first + Math.abs(a - b));
            const days = 7 / perWeek;
            const inside = passing.filter(({ day }) => day >= window.first * days && day < window.end * days);
            const plain = new Uint32Array(ROWS);
            for (const { slot } of inside) if (ROW_OF[slot] !== NO_ROW) plain[ROW_OF[slot]!]!++;
            expect([...counts.moveTo(window)]).toEqual([...plain]);
            expect(sumIn(series.sums.total!, window)).toBe(inside.length);
            expect(sumIn(series.sums.shown, window)).toBe(plain.reduce((sum, n) => sum + n, 0));
            expect(sumIn(series.sums.withheld, window)).toBe(inside.filter(({ slot }) => slot === 5).length);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('what SQL answers is the same series by week, without a total', () => {
    const series = seriesOfColumns(
      { cell: [0, 0, 2], week: [0, 2, 2], n: [3, 1, 5] },
      { unit: 'week', units: 3, resolution: 8, rows: 3 },
    );
    expect([...new WindowCounts(series).moveTo({ first: 1, end: 3 })]).toEqual([1, 0, 5]);
    expect(sumIn(series.sums.shown, { first: 0, end: 3 })).toBe(9);
    expect(series.sums.total).toBeNull();
  });
});
