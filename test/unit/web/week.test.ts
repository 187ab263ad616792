import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  civilDate,
  dayNumber,
  daysOf,
  isoDate,
  isoWeek,
  isPartial,
  lastWeeks,
  shifted,
  weekLabel,
} from '../../../web/src/time/week.ts';

const day = (text: string) => Date.parse(`${text}T00:00:00Z`) / 86_400_000;

describe('weeks and days', () => {
  it('names the ISO week of days at the turn of a year', () => {
    expect(isoWeek(day('2026-11-22'))).toBe('2026-W47');
    expect(isoWeek(day('2021-01-03'))).toBe('2020-W53');
    expect(isoWeek(day('2024-12-30'))).toBe('2025-W01');
    expect(isoWeek(day('2027-01-01'))).toBe('2026-W53');
  });

  it('keeps a civil date through its day number', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20000, max: 60000 }), (number) => {
        expect(dayNumber(civilDate(number))).toBe(number);
        expect(isoDate(number)).toBe(new Date(number * 86_400_000).toISOString().slice(0, 10));
      }),
    );
  });

  it('writes a week as the desk prints it', () => {
    const week = { iso: '2026-W47', firstDay: day('2026-11-16') };
    expect(weekLabel(week, 'zh-CN')).toBe('2026 第47周（11.16–11.22）');
    expect(weekLabel(week, 'en')).toBe('2026 week 47 (16 Nov – 22 Nov)');
  });

  it('a window end is outside the window, and the snapshot cuts both ends', () => {
    const weeks = [0, 1, 2].map((i) => ({ iso: `2026-W0${i + 1}`, firstDay: 20_000 + i * 7 }));
    const covered = { firstDay: 20_003, endDay: 20_018 };
    expect(daysOf({ first: 0, end: 2 }, weeks, covered)).toEqual({ firstDay: 20_003, endDay: 20_014 });
    expect(daysOf({ first: 2, end: 3 }, weeks, covered)).toEqual({ firstDay: 20_014, endDay: 20_018 });
    expect(weeks.map((week) => isPartial(week, covered))).toEqual([true, false, true]);
  });

  it('moves a window by its own length and stops at the ends', () => {
    expect(lastWeeks(4, 10)).toEqual({ first: 6, end: 10 });
    expect(lastWeeks(13, 10)).toEqual({ first: 0, end: 10 });
    expect(shifted({ first: 6, end: 10 }, -1, 10)).toEqual({ first: 2, end: 6 });
    expect(shifted({ first: 2, end: 6 }, -1, 10)).toEqual({ first: 0, end: 4 });
    expect(shifted({ first: 6, end: 10 }, 1, 10)).toEqual({ first: 6, end: 10 });
  });
});
