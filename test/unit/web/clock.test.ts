import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sayPlayback } from '../../../web/src/i18n/playback-texts.ts';
import { windowWords } from '../../../web/src/rooms/desk/playback/window-words.ts';
import {
  advanced,
  type Clock,
  type ClockUnit,
  clockOf,
  dayAt,
  daysIn,
  fillingDays,
  fillingFrom,
  firstPosition,
  formatPlayback,
  isShort,
  lastPosition,
  moved,
  movedWeeks,
  parsePlayback,
  positionOf,
  previousWindow,
  SPEEDS,
  settled,
  WINDOW_KINDS,
  type WindowKind,
  windowAt,
} from '../../../web/src/time/clock.ts';
import { dayNumber, isoWeek, type Week } from '../../../web/src/time/week.ts';

/** A Monday. */
const MONDAY = dayNumber({ year: 2026, month: 10, date: 5 });
const weeksFrom = (monday: number, count: number): readonly Week[] =>
  Array.from({ length: count }, (_, i) => ({ iso: isoWeek(monday + 7 * i), firstDay: monday + 7 * i }));
const whole = (weeks: readonly Week[]) => ({
  firstDay: weeks[0]!.firstDay,
  endDay: weeks.at(-1)!.firstDay + 7,
});
function clock(
  kind: WindowKind,
  {
    count = 10,
    unit = 'day' as ClockUnit,
    covered = whole(weeksFrom(MONDAY, count)),
    chosen = null as Clock['bounds'] | null,
  } = {},
): Clock {
  const made = clockOf({ weeks: weeksFrom(MONDAY, count), covered, chosen }, unit, kind);
  if (!made) throw new Error('no clock');
  return made;
}
const say = (key: Parameters<typeof sayPlayback>[1], values?: Parameters<typeof sayPlayback>[2]) =>
  sayPlayback('zh-CN', key, values);

describe('windows', () => {
  it('a step is one calendar week, whatever day is asked for', () => {
    const weekly = clock('step');
    for (const at of [14, 17, 20]) expect(windowAt(weekly, at)).toEqual({ first: 14, end: 21 });
    expect(previousWindow(weekly, { first: 14, end: 21 })).toEqual({ first: 7, end: 14 });
    expect(previousWindow(weekly, { first: 0, end: 7 })).toBeNull();
  });

  it('a trailing window ends at its position and starts full', () => {
    const trailing = clock('trailing-28');
    expect(firstPosition(trailing)).toBe(27);
    expect(windowAt(trailing, 27)).toEqual({ first: 0, end: 28 });
    expect(windowAt(trailing, 40)).toEqual({ first: 13, end: 41 });
    expect(previousWindow(trailing, { first: 13, end: 41 })).toEqual({ first: 0, end: 13 });
    expect(isShort(trailing, windowAt(trailing, 40))).toBe(false);
  });

  it('only weeks: 7 and 28 days are 1 and 4 of them', () => {
    expect(windowAt(clock('trailing-7', { unit: 'week' }), 5)).toEqual({ first: 5, end: 6 });
    expect(windowAt(clock('trailing-28', { unit: 'week' }), 5)).toEqual({ first: 2, end: 6 });
    expect(dayAt(clock('step', { unit: 'week' }), 0)).toBe(MONDAY + 6);
  });

  it('one week of data: every kind has one position, and says that it is short', () => {
    for (const kind of WINDOW_KINDS) {
      const only = clock(kind, { count: 1 });
      const at = firstPosition(only);
      expect(windowAt(only, lastPosition(only))).toEqual({ first: 0, end: 7 });
      expect(isShort(only, windowAt(only, lastPosition(only)))).toBe(kind === 'trailing-28');
      if (kind !== 'cumulative') expect(at).toBe(lastPosition(only));
      expect(advanced(only, { at: lastPosition(only), carryDays: 0 }, { elapsedMs: 5000, speed: 28 }).ended).toBe(true);
    }
    expect(clockOf({ weeks: [], covered: { firstDay: 0, endDay: 0 }, chosen: null }, 'day', 'step')).toBeNull();
  });

  it('days without data are outside: first and last week may be cut', () => {
    const cut = clock('step', { count: 3, covered: { firstDay: MONDAY + 2, endDay: MONDAY + 17 } });
    expect(windowAt(cut, firstPosition(cut))).toEqual({ first: 2, end: 7 });
    expect(windowAt(cut, lastPosition(cut))).toEqual({ first: 14, end: 17 });
    expect(isShort(cut, { first: 14, end: 17 })).toBe(true);
    expect(daysIn(cut, { first: 14, end: 17 })).toEqual({ firstDay: MONDAY + 14, endDay: MONDAY + 17 });
  });

  it('chosen weeks bound the clock', () => {
    const chosen = clock('cumulative', { chosen: { first: 2, end: 4 } });
    expect(chosen.bounds).toEqual({ first: 14, end: 28 });
    expect(windowAt(chosen, 1000)).toEqual({ first: 14, end: 28 });
    expect(windowAt(chosen, -5)).toEqual({ first: 14, end: 15 });
  });

  it('week 53 is a week like the others', () => {
    // 2026 has 53 ISO weeks: week 53 is 28 December 2026 to 3 January 2027.
    const monday = dayNumber({ year: 2026, month: 12, date: 21 });
    const weeks = weeksFrom(monday, 3);
    const made = clockOf({ weeks, covered: whole(weeks), chosen: null }, 'day', 'step')!;
    const words = [0, 7, 14].map((at) => windowWords(made, windowAt(made, at), say));
    expect(words).toEqual(['2026年第52周（12.21–12.27）', '2026年第53周（12.28–1.3）', '2027年第1周（1.4–1.10）']);
    const trailing = { ...made, kind: 'trailing-7' as const };
    expect(windowWords(trailing, windowAt(trailing, 16), say)).toBe('近7天：2026年12.31–2027年1.6，至2027年第1周');
  });
});

describe('running', () => {
  it('passes so many days of data a second, and keeps what is left over', () => {
    const daily = clock('trailing-7');
    let at = { at: firstPosition(daily), carryDays: 0 };
    for (let frame = 0; frame < 60; frame++) at = advanced(daily, at, { elapsedMs: 1000 / 60, speed: 7 });
    expect(at.at - firstPosition(daily)).toBeGreaterThanOrEqual(6);
    expect(at.at - firstPosition(daily) + at.carryDays).toBeCloseTo(7, 6);
  });

  it('steps weeks whole: at a day a second the next comes after seven seconds', () => {
    const weekly = clock('step');
    const before = advanced(weekly, { at: 6, carryDays: 0 }, { elapsedMs: 6900, speed: 1 });
    expect(before).toMatchObject({ at: 6, ended: false });
    expect(advanced(weekly, before, { elapsedMs: 200, speed: 1 }).at).toBe(13);
  });

  it('never leaves the bounds and always ends', () => {
    const anyClock = fc
      .record({
        kind: fc.constantFrom(...WINDOW_KINDS),
        unit: fc.constantFrom('day' as const, 'week' as const),
        count: fc.integer({ min: 1, max: 60 }),
        cutStart: fc.nat(6),
        cutEnd: fc.nat(6),
        from: fc.nat(59),
        length: fc.integer({ min: 1, max: 60 }),
        chosen: fc.boolean(),
      })
      .map(({ kind, unit, count, cutStart, cutEnd, from, length, chosen }) => {
        const { firstDay, endDay } = whole(weeksFrom(MONDAY, count));
        const first = from % count;
        return clockOf(
          {
            weeks: weeksFrom(MONDAY, count),
            covered: { firstDay: firstDay + cutStart, endDay: Math.max(firstDay + cutStart + 1, endDay - cutEnd) },
            chosen: chosen ? { first, end: Math.min(count, first + length) } : null,
          },
          unit,
          kind,
        );
      })
      .filter((made) => made !== null);
    fc.assert(
      fc.property(
        anyClock,
        fc.integer({ min: -500, max: 500 }),
        fc.integer({ min: -9, max: 9 }),
        fc.constantFrom(...SPEEDS),
        (of, at, by, speed) => {
          for (const position of [settled(of, at), moved(of, at, by), movedWeeks(of, at, by), firstPosition(of)]) {
            const window = windowAt(of, position);
            expect(window.first).toBeGreaterThanOrEqual(of.bounds.first);
            expect(window.end).toBeLessThanOrEqual(of.bounds.end);
            expect(window.end - 1).toBe(position);
            expect(window.end).toBeGreaterThan(window.first);
            const before = previousWindow(of, window);
            if (before) expect(before.end).toBe(window.first);
          }
          const resting = moved(of, at, by);
          expect(positionOf(of, dayAt(of, resting))).toBe(resting);
          let head = { at: firstPosition(of), carryDays: 0, ended: false };
          for (let second = 0; second < 500 && !head.ended; second++) {
            const next = advanced(of, head, { elapsedMs: 1000, speed });
            expect(next.at).toBeGreaterThanOrEqual(head.at);
            head = next;
          }
          expect(head.ended).toBe(true);
          expect(head.at).toBe(lastPosition(of));
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('what is still filling', () => {
  const weeks = weeksFrom(MONDAY, 4);
  const covered = whole(weeks);

  it('is the unbroken run up to the right end', () => {
    expect(fillingFrom([false, false, true, true], { weeks, covered })).toBe(MONDAY + 14);
    expect(fillingFrom([true, false, false, false], { weeks, covered })).toBeNull();
    expect(fillingFrom([], { weeks, covered })).toBeNull();
    expect(fillingFrom([true, true, true, true], { weeks, covered })).toBe(MONDAY);
  });

  it('begins with the Monday of a last week that is not whole', () => {
    const short = { ...covered, endDay: covered.endDay - 3 };
    expect(fillingFrom([false, false, false, false], { weeks, covered: short })).toBe(MONDAY + 21);
    // The series ends before the week that is cut.
    expect(fillingFrom([false, false, true, false], { weeks, covered: short })).toBe(MONDAY + 14);
  });

  it('a window knows how many of its days it holds', () => {
    expect(fillingDays({ firstDay: 100, endDay: 107 }, 105)).toBe(2);
    expect(fillingDays({ firstDay: 100, endDay: 107 }, 90)).toBe(7);
    expect(fillingDays({ firstDay: 100, endDay: 107 }, 107)).toBe(0);
    expect(fillingDays({ firstDay: 100, endDay: 107 }, null)).toBe(0);
  });
});

describe('link', () => {
  it('reads what it writes and refuses what is damaged', () => {
    expect(formatPlayback({ window: 'trailing-28', day: MONDAY + 6 })).toBe('trailing-28.2026-10-11');
    expect(parsePlayback('trailing-28.2026-10-11')).toEqual({ window: 'trailing-28', day: MONDAY + 6 });
    expect(parsePlayback('step')).toEqual({ window: 'step', day: null });
    for (const damaged of [null, '', 'trailing-9', 'step.2026-02-30', 'step.2026-13-01', 'step.x', 'step.2026-10-11.1'])
      expect(parsePlayback(damaged)).toBeNull();
  });
});
