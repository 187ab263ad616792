import { describe, expect, it } from 'vitest';
import { NO_DATA_CLASS } from '../../../../web/src/map/contract.ts';
import { joinedSeries } from '../../../../web/src/query/cell-series.ts';
import { lockCameras } from '../../../../web/src/rooms/desk/compare/camera-lock.ts';
import { changeClasses, countClasses } from '../../../../web/src/rooms/desk/compare/cell-classes.ts';
import { periodsCompared } from '../../../../web/src/rooms/desk/compare/periods.ts';
import { cellsIn, dailyTotals, unitsOf, weeklyTotals } from '../../../../web/src/rooms/desk/compare/side-series.ts';
import type { ChangeInput } from '../../../../web/src/sense/changes.ts';
import { parseCompare } from '../../../../web/src/state/compare-link.ts';
import { dayNumber, isoWeek } from '../../../../web/src/time/week.ts';

/** 2023-01-02, a Monday. */
const MONDAY = dayNumber({ year: 2023, month: 1, date: 2 });
const WEEKS = Array.from({ length: 120 }, (_, i) => ({ iso: isoWeek(MONDAY + 7 * i), firstDay: MONDAY + 7 * i }));
const COVERED = { firstDay: MONDAY, endDay: MONDAY + 7 * WEEKS.length };

function input(ofDay: (day: number) => number, change: Partial<ChangeInput> = {}) {
  const daily = Float64Array.from({ length: 7 * WEEKS.length }, (_, i) => ofDay(MONDAY + i));
  const counts = Uint32Array.from(WEEKS, (_, w) => daily.subarray(7 * w, 7 * w + 7).reduce((a, b) => a + b, 0));
  return {
    change: {
      weeks: WEEKS,
      counts,
      usable: WEEKS.map(() => true),
      gaps: WEEKS.map(() => false),
      range: null,
      dispersion: 1,
      ...change,
    },
    daily,
    covered: COVERED,
    springFestival: true,
  };
}
const week = (iso: string): number => WEEKS.findIndex((one) => one.iso === iso);

describe('the period beside', () => {
  it('weeks that are still filling are in neither map', () => {
    const usable = WEEKS.map((_, i) => i < WEEKS.length - 2);
    const range = { first: WEEKS.length - 6, end: WEEKS.length };
    const found = periodsCompared(
      input(() => 3, { usable, range }),
      { kind: 'previous' },
    );
    expect(found?.leftOut).toBe(2);
    expect(found?.now.endDay).toBe(COVERED.endDay - 14);
    expect(found?.before).toEqual({ firstDay: found!.now.firstDay - 28, endDay: found!.now.firstDay });
  });

  it('Spring Festival twelve days later: by week it fell, by festival it did not, and that is said', () => {
    // 2023-01-22 and 2024-02-10: the quiet week moves with the festival.
    const quiet = (day: number) =>
      [
        [2023, 1, 22],
        [2024, 2, 10],
      ].some(([year = 0, month = 0, date = 0]) => Math.abs(day - dayNumber({ year, month, date }) - 3) <= 3);
    const range = { first: week('2024-W07'), end: week('2024-W07') + 1 };
    const given = input((day) => (quiet(day) ? 5 : 20), { range });
    const byWeek = periodsCompared(given, { kind: 'year' });
    expect(byWeek?.comparison).toMatchObject({ kind: 'compared', before: { n: 140 }, verdict: 'clear-fall' });
    expect(byWeek?.festival).toMatchObject({ kind: 'compared', verdict: 'normal' });
    expect(byWeek?.disagree?.zh).toContain('今年春节较去年晚');
    const byFestival = periodsCompared(given, { kind: 'festival' });
    expect(byFestival?.comparison).toEqual(byWeek?.festival);
    // Saturday 2024-02-10 is day 5 of its week: so is the Sunday of 2023 of the span beside.
    expect(byFestival?.before?.firstDay).toBe(dayNumber({ year: 2023, month: 1, date: 24 }));
  });

  it('a summer week knows no festival, and a chosen period may not overlap', () => {
    const range = { first: week('2024-W30'), end: week('2024-W32') };
    const given = input(() => 4, { range });
    expect(periodsCompared(given, { kind: 'festival' })).toMatchObject({ before: null, festival: null });
    expect(periodsCompared(given, { kind: 'week', from: '2024-W29' })).toMatchObject({
      before: null,
      comparison: { kind: 'not-comparable', why: 'no-counterpart' },
    });
    expect(periodsCompared(given, { kind: 'week', from: '2024-W10' })).toMatchObject({
      before: { firstDay: WEEKS[week('2024-W10')]!.firstDay, endDay: WEEKS[week('2024-W12')]!.firstDay },
      comparison: { kind: 'compared', before: { n: 56, days: 14 } },
    });
  });

  it('no complete week: nothing is compared', () => {
    const usable = WEEKS.map(() => false);
    expect(
      periodsCompared(
        input(() => 4, { usable }),
        { kind: 'previous' },
      ),
    ).toBeNull();
  });
});

describe('counts of a side', () => {
  const series = joinedSeries(
    [
      {
        start: Uint32Array.from([0, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4]),
        row: Uint32Array.from([0, 1, 1, 0]),
        n: Uint32Array.from([2, 1, 4, 3]),
        total: Uint32Array.from([3, 0, 6, 0, 0, 0, 1, 3, 0, 0, 0, 0, 0, 0]),
        withheld: new Uint32Array(14),
      },
    ],
    { unit: 'day', units: 14, resolution: 8, rows: 2 },
  );

  it('sums by week and by day, with those that have no place', () => {
    expect([...(weeklyTotals(series) ?? [])]).toEqual([10, 3]);
    expect([...(dailyTotals(series) ?? [])].slice(0, 4)).toEqual([3, 0, 6, 0]);
  });

  it('cells of any days inside, none outside', () => {
    const units = unitsOf(series, 100, { firstDay: 100, endDay: 103 });
    expect([...cellsIn(series, units!)]).toEqual([2, 5]);
    expect(unitsOf(series, 100, { firstDay: 99, endDay: 103 })).toBeNull();
    expect(unitsOf({ ...series, unit: 'week', units: 2 }, 100, { firstDay: 101, endDay: 108 })).toBeNull();
  });
});

describe('classes of both maps', () => {
  it('nobody looked is neither 0 nor a difference', () => {
    const now = { n: Uint32Array.from([0, 5, 0]), unknown: Uint8Array.from([1, 0, 0]) };
    const before = { n: Uint32Array.from([4, 1, 0]), unknown: null };
    expect([...countClasses(now, [1, 5])]).toEqual([NO_DATA_CLASS, 2, 0]);
    expect([...countClasses(before, [1, 5])]).toEqual([1, 1, 0]);
    expect([...changeClasses({ now, before }, [1, 4], (a, b) => a - b)]).toEqual([NO_DATA_CLASS, 4, 0]);
  });
});

describe('one camera', () => {
  /** As MapLibre: a jump is a move, told while it happens; a camera does not leave its bounds. */
  function fakeMap(most = 180) {
    const listeners = new Set<() => void>();
    let view = { lng: 120, lat: 31, zoom: 10 };
    let jumps = 0;
    return {
      camera: () => view,
      jumpTo: (next: typeof view) => {
        jumps++;
        view = { ...next, lng: Math.min(most, next.lng) };
        for (const listener of listeners) listener();
      },
      onCamera: (listener: () => void) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      jumps: () => jumps,
    };
  }

  it('either leads, the other follows once, with the distance of the places', () => {
    const [a, b] = [fakeMap(), fakeMap()];
    const unlock = lockCameras(a, b, { lng: 0.5, lat: -0.1 });
    expect(b.camera().lng).toBeCloseTo(120.5, 9);
    a.jumpTo({ lng: 121, lat: 31, zoom: 12 });
    expect(b.camera()).toMatchObject({ lng: 121.5, zoom: 12 });
    b.jumpTo({ lng: 120, lat: 30.9, zoom: 9 });
    expect(a.camera().lng).toBeCloseTo(119.5, 9);
    expect(a.camera().lat).toBeCloseTo(31, 9);
    const before = a.jumps();
    unlock();
    b.jumpTo({ lng: 1, lat: 1, zoom: 1 });
    expect(a.jumps()).toBe(before);
  });

  it('a follower held back by its bounds does not pull the leader', () => {
    const [a, b] = [fakeMap(), fakeMap(120.2)];
    lockCameras(a, b, { lng: 0, lat: 0 });
    a.jumpTo({ lng: 121, lat: 31, zoom: 12 });
    expect(a.camera().lng).toBe(121);
    expect(b.camera().lng).toBe(120.2);
  });
});

describe('the link of a comparison', () => {
  it('damaged text is no comparison; two places have no difference', () => {
    for (const text of [null, '', 'previous:z', 'week-2026-W60', 'place-', 'tomorrow'])
      expect(parseCompare(text)).toBeNull();
    expect(parseCompare('z:place-01')).toEqual({ side: { kind: 'place', division: '01' }, beside: 'counts' });
  });
});
