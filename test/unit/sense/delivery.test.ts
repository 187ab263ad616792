import { describe, expect, it } from 'vitest';
import { DELIVERED, dayCompleteness, KNOWN, knownPeriods, periodCompleteness } from '../../../core/sense/delivery.ts';

const { all, part, none } = DELIVERED;

describe('what is known of a period', () => {
  it('is missing when all that make up the series are absent', () => {
    expect([...knownPeriods([Uint8Array.of(all, none, part)], [1])]).toEqual([KNOWN.whole, KNOWN.missing, KNOWN.cut]);
  });

  it('of several sources is cut by the absence of more than a tenth of it', () => {
    const states = [Uint8Array.of(all, none, all, none), Uint8Array.of(all, all, none, none)];
    expect([...knownPeriods(states, [0.92, 0.08])]).toEqual([KNOWN.whole, KNOWN.cut, KNOWN.whole, KNOWN.missing]);
  });

  it('asks every source alike about a series that never had a report', () => {
    expect([...knownPeriods([Uint8Array.of(none), Uint8Array.of(all)], [0, 0])]).toEqual([KNOWN.cut]);
  });
});

describe('completeness', () => {
  const learned = { asOfDay: 100, completeness: [0.5, 0.8, 1], fillingDays: 2 };
  it('follows the learned delay, is 0 in the future and 1 beyond the curve', () => {
    expect([101, 100, 99, 98, 50].map((day) => dayCompleteness(learned, day))).toEqual([0, 0.5, 0.8, 1, 1]);
  });

  it('without a learned delay is not known until the source has had its time', () => {
    const plain = { asOfDay: 100, completeness: null, fillingDays: 7 };
    expect(dayCompleteness(plain, 94)).toBeNaN();
    expect(dayCompleteness(plain, 93)).toBe(1);
  });

  it('of a week is the mean over its days, and over sources by their share', () => {
    const [week] = periodCompleteness([learned], [1], { firstDay: 94, periods: 1, daysPerPeriod: 7 });
    expect(week).toBeCloseTo((5 + 0.8 + 0.5) / 7, 12);
    const quiet = { asOfDay: null, completeness: null, fillingDays: 7 };
    const [mixed] = periodCompleteness([learned, quiet], [0.75, 0.25], { firstDay: 90, periods: 1, daysPerPeriod: 7 });
    expect(mixed).toBeCloseTo(0.75, 12);
    const [unasked] = periodCompleteness([learned, quiet], [1, 0], { firstDay: 90, periods: 1, daysPerPeriod: 7 });
    expect(unasked).toBeCloseTo(1, 12);
  });
});
