import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverage } from '../../../core/quality/coverage.ts';
import type { FreshnessVerdict } from '../../../core/quality/freshness.ts';
import { assessVolume } from '../../../core/quality/volume.ts';
import { MONDAY, series } from './made-counts.ts';

const WEEKS = 80;
const DAYS = WEEKS * 7;
const MEANS = [12, 4, 1, 0.3, 0.06];

interface Outage {
  readonly from: number;
  readonly to: number;
  /** Divisions without rows; null = the whole source. */
  readonly rows: readonly number[] | null;
}

function divisionsOf(seed: number, outages: readonly Outage[], means: readonly number[] = MEANS): Uint32Array[] {
  return means.map((mean, i) =>
    series({ seed: seed * 100 + i, days: DAYS, mean, shape: null }).map((n, t) =>
      outages.some(({ from, to, rows }) => t >= from && t < to && (rows === null || rows.includes(i))) ? 0 : n,
    ),
  );
}

function assess(
  divisions: readonly Uint32Array[],
  more: { asOfDay?: number; freshness?: FreshnessVerdict; fillingDays?: number } = {},
) {
  const counts = Uint32Array.from({ length: DAYS }, (_, t) =>
    divisions.reduce((sum, own) => sum + (own[t] as number), 0),
  );
  const asOfDay = more.asOfDay ?? MONDAY + DAYS - 1;
  const volume = assessVolume({
    firstDay: MONDAY,
    counts,
    asOfDay,
    completeness: more.fillingDays === undefined ? [1] : null,
    fillingDays: more.fillingDays ?? 0,
    breaks: [],
    holidays: [],
  });
  return coverage({
    weeks: Array.from({ length: WEEKS }, (_, w) => MONDAY + 7 * w),
    window: { firstDay: MONDAY, endDay: MONDAY + DAYS },
    ...volume,
    asOfDay,
    freshness: more.freshness ?? 'fresh',
    divisions,
  });
}

describe('coverage by source, division and week', () => {
  it('a week that the source did not deliver is never zero, whatever the division', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 60, max: 500 }),
        fc.integer({ min: 1, max: 50 }),
        (seed, from, length) => {
          const matrix = assess(divisionsOf(seed, [{ from, to: Math.min(DAYS - 1, from + length), rows: null }]));
          for (let w = Math.ceil(from / 7); (w + 1) * 7 <= Math.min(DAYS - 1, from + length); w++)
            expect(matrix.map((row) => row[w]?.state)).toEqual(Array(MEANS.length + 1).fill('missing'));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('an outage of one division is missing, and no zero after it is lost', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const matrix = assess(divisionsOf(seed, [{ from: 280, to: 350, rows: [1, 2] }]));
      for (const row of [2, 3])
        expect(matrix[row]?.slice(40, 50).map(({ state }) => state)).toEqual(Array(10).fill('missing'));
      expect(matrix[0]?.every(({ state }) => state === 'delivered')).toBe(true);
    }
  });

  it('a short silence of a division that reports once in a few weeks is a zero', () => {
    const matrix = assess(divisionsOf(2, []));
    const rare = matrix[5] ?? [];
    expect(rare.some(({ state }) => state === 'zero')).toBe(true);
    for (const { state, n } of rare) expect(state === 'delivered' || state === 'thin').toBe(n > 0);
  });

  it('clean divisions are called thin or missing in at most 1 % of the weeks', () => {
    let [weeks, wrong] = [0, 0];
    for (let seed = 1; seed <= 30; seed++) {
      for (const row of assess(divisionsOf(seed, [])))
        for (const { state } of row) {
          weeks++;
          if (state === 'thin' || state === 'missing') wrong++;
        }
    }
    expect(weeks).toBe(30 * 6 * WEEKS);
    expect(wrong / weeks).toBeLessThanOrEqual(0.01);
  });

  it('a half-delivered week is thin and names its days', () => {
    const matrix = assess(divisionsOf(3, [{ from: 40 * 7 + 2, to: 40 * 7 + 5, rows: null }]));
    expect(matrix[0]?.[40]).toMatchObject({ state: 'thin', missingDays: 0b0011100 });
    expect(matrix[1]?.[40]?.state).toBe('thin');
    expect(matrix[0]?.[41]).toMatchObject({ state: 'delivered', missingDays: 0 });
    expect(matrix[0]?.[40]?.expected).toBeGreaterThan(80);
  });

  it('days of one division only are named too', () => {
    const matrix = assess(divisionsOf(4, [{ from: 40 * 7, to: 40 * 7 + 5, rows: [0] }], [40, 300]));
    expect(matrix[1]?.[40]).toMatchObject({ state: 'thin', missingDays: 0b0011111 });
    expect(matrix[0]?.[40]?.state).toBe('delivered');
  });

  it('weeks before the first row, and divisions that never had one, are before-first', () => {
    const late = divisionsOf(5, [{ from: 0, to: 70, rows: null }]);
    const matrix = assess([...late, new Uint32Array(DAYS)]);
    for (const row of matrix)
      expect(row.slice(0, 10).map(({ state }) => state)).toEqual(Array(10).fill('before-first'));
    expect(matrix.at(-1)?.every(({ state }) => state === 'before-first')).toBe(true);
    const joined = assess(divisionsOf(5, [{ from: 0, to: 140, rows: [0] }]));
    expect(joined[1]?.slice(0, 20).map(({ state }) => state)).toEqual(Array(20).fill('before-first'));
  });

  it('after the newest record it is not yet, and missing once the source is overdue', () => {
    const divisions = divisionsOf(6, [{ from: DAYS - 24, to: DAYS, rows: null }]);
    const asOfDay = MONDAY + DAYS - 25;
    const last = (freshness: FreshnessVerdict) =>
      assess(divisions, { asOfDay, freshness }).map((row) => row.at(-1)?.state);
    expect(last('due')).toEqual(Array(6).fill('not-yet'));
    expect(last('late')).toEqual(Array(6).fill('missing'));
    const partly = assess(divisions, { asOfDay, freshness: 'silent' })[0]?.[WEEKS - 4];
    expect(partly).toMatchObject({ state: 'thin', missingDays: 0b1110000 & 0b1111111 });
  });

  it('no row in a week that is still filling is not yet, never zero', () => {
    const divisions = divisionsOf(7, [{ from: DAYS - 14, to: DAYS, rows: [3, 4] }]);
    const matrix = assess(divisions, { fillingDays: 7 });
    expect(matrix[4]?.at(-1)?.state).toBe('not-yet');
    expect(matrix[5]?.at(-1)?.state).toBe('not-yet');
    expect(matrix[1]?.at(-1)?.state).toBe('delivered');
  });
});
