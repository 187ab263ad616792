import { describe, expect, it } from 'vitest';
import { playedWeeks, type WeekRows } from '../../../../web/src/rooms/wall/played-weeks.ts';

const weeks = Array.from({ length: 20 }, (_, i) => ({ iso: `2026-W${i + 1}`, firstDay: 20_700 + 7 * i }));
const rows = (
  ...list: readonly (readonly [week: number, place: number, cell: number | null, floor: number])[]
): WeekRows => ({
  week: list.map(([week]) => week),
  place: list.map(([, place]) => place),
  cell: list.map(([, , cell]) => cell),
  floor: list.map(([, , , floor]) => floor),
});

describe('weeks that a wall plays', () => {
  it('adds up the parts of a cell, and leaves what is told with a larger place out of the map', () => {
    const played = playedWeeks(rows([17, 7, 1, 10], [17, 7, 1, 5], [17, 6, 1, 20], [18, 7, 0, 5], [18, 1, null, 40]), {
      weeks,
      cells: 3,
    });
    expect([...(played?.byWeek.get(17) ?? [])]).toEqual([0, 15, 0]);
    expect([...(played?.byWeek.get(18) ?? [])]).toEqual([5, 0, 0]);
    expect(played?.onMap).toEqual(
      new Map([
        [17, 15],
        [18, 5],
      ]),
    );
    expect(played?.clock.bounds).toEqual({ first: 17, end: 19 });
  });

  it('has one scale for all weeks, and it begins at the least count that is told', () => {
    const played = playedWeeks(
      rows(...Array.from({ length: 40 }, (_, i) => [16 + (i % 4), 7, i, 5 * (1 + i)] as const)),
      {
        weeks,
        cells: 40,
      },
    );
    expect(played?.breaks).toEqual([5, 10, 20, 40, 80]);
    const few = playedWeeks(rows([16, 7, 0, 5], [17, 7, 1, 10]), { weeks, cells: 2 });
    expect(few?.breaks).toEqual([5, 10]);
  });

  it('does not play one week, or weeks without a cell, or weeks the snapshot does not name', () => {
    const of = (list: WeekRows) => playedWeeks(list, { weeks, cells: 3 });
    expect(of(rows([17, 7, 1, 10]))).toBeNull();
    expect(of(rows([17, 1, null, 10], [18, 1, null, 10]))).toBeNull();
    expect(of(rows([17, 7, 1, 10], [99, 7, 1, 10]))).toBeNull();
    expect(of(rows())).toBeNull();
  });
});
