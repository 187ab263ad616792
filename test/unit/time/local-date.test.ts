import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkedDay,
  civilOf,
  dayOf,
  isoDate,
  isoMinute,
  isoWeek,
  parseIsoDate,
  weekStart,
} from '../../../core/time/local-date.ts';

describe('local dates', () => {
  it('count days from 1970-01-01', () => {
    expect(dayOf(1970, 1, 1)).toBe(0);
    expect(dayOf(2000, 2, 29)).toBe(11_016);
    expect(parseIsoDate('2026-11-22')).toBe(20_779);
  });

  it('agree with the platform calendar for every day between 1600 and 2400, and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: -135_140, max: 157_054 }), (day) => {
        const date = new Date(day * 86_400_000);
        const civil = civilOf(day);
        expect(civil).toEqual({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, date: date.getUTCDate() });
        expect(dayOf(civil.year, civil.month, civil.date)).toBe(day);
        expect(isoDate(day)).toBe(date.toISOString().slice(0, 10));
      }),
    );
  });

  it('refuse a date that does not exist', () => {
    expect(checkedDay(2023, 2, 29)).toBeNull();
    expect(checkedDay(2024, 2, 29)).not.toBeNull();
    expect(checkedDay(1900, 2, 29)).toBeNull();
    expect(checkedDay(2024, 13, 1)).toBeNull();
    expect(checkedDay(2024, 4, 31)).toBeNull();
    expect(() => parseIsoDate('2024-4-1')).toThrow('not a date');
  });

  it('give the ISO week, also week 53 and the first days of a year', () => {
    expect(isoWeek(dayOf(2026, 11, 22))).toBe('2026-W47');
    expect(isoWeek(dayOf(2020, 12, 31))).toBe('2020-W53');
    expect(isoWeek(dayOf(2021, 1, 3))).toBe('2020-W53');
    expect(isoWeek(dayOf(2021, 1, 4))).toBe('2021-W01');
    expect(isoWeek(dayOf(2024, 12, 30))).toBe('2025-W01');
    expect(isoDate(weekStart(dayOf(2026, 11, 22)))).toBe('2026-11-16');
  });

  it('write a minute of the local clock', () => {
    expect(isoMinute(dayOf(2026, 11, 21) * 1440 + 23 * 60 + 40)).toBe('2026-11-21 23:40');
  });
});
