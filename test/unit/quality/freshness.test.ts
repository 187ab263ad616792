import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshness } from '../../../core/quality/freshness.ts';

const DAY = 1440;
const at = (ageDays: number, cadenceDays: number) =>
  freshness({ asOfMinute: 20_000 * DAY + 1_439, cadenceDays, nowMinute: (20_000 + ageDays) * DAY });

describe('freshness', () => {
  it.each([
    [0, 1, 'fresh', 0],
    [1, 1, 'fresh', 0],
    [2, 1, 'due', 1],
    [3, 1, 'late', 2],
    [4, 1, 'late', 3],
    [5, 1, 'silent', 4],
    [7, 7, 'fresh', 0],
    [11, 7, 'due', 4],
    [12, 7, 'late', 5],
    [21, 7, 'late', 14],
    [22, 7, 'silent', 15],
  ] as const)('%i days old with a cadence of %i days is %s, %i overdue', (age, cadence, verdict, overdue) => {
    expect(at(age, cadence)).toEqual({ verdict, asOfDay: 20_000, ageDays: age, overdueDays: overdue });
  });

  it('a source that never delivered is silent, and nobody says since when', () => {
    expect(freshness({ asOfMinute: null, cadenceDays: 1, nowMinute: 0 })).toEqual({
      verdict: 'silent',
      asOfDay: null,
      ageDays: null,
      overdueDays: null,
    });
  });

  it('grows older, never fresher; a record of tomorrow is of today', () => {
    const rank = ['fresh', 'due', 'late', 'silent'];
    fc.assert(
      fc.property(fc.integer({ min: -3, max: 200 }), fc.double({ min: 0.04, max: 60, noNaN: true }), (age, cadence) => {
        expect(rank.indexOf(at(age + 1, cadence).verdict)).toBeGreaterThanOrEqual(
          rank.indexOf(at(age, cadence).verdict),
        );
        expect(at(age, cadence).ageDays).toBe(Math.max(0, age));
        expect(at(age, cadence).verdict === 'fresh').toBe(at(age, cadence).overdueDays === 0);
      }),
    );
  });
});
