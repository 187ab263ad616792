import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClusterStream } from '../../../core/sense/cluster-stream.ts';
import {
  distinctProblems,
  NO_PLACE,
  placeKey,
  problemRows,
  REPEAT_WINDOW_DAYS,
} from '../../../core/sense/distinct-problems.ts';

interface Report {
  readonly day: number;
  readonly delay?: number;
  readonly place?: number;
  readonly n?: number;
}

const streamOf = (rows: readonly Report[], days = 60): ClusterStream => ({
  cells: ['a', 'b'],
  days,
  occurredDay: Uint16Array.from(rows, ({ day }) => day),
  delayDays: Uint8Array.from(rows, ({ delay }) => delay ?? 0),
  cell: new Uint32Array(rows.length),
  n: Uint16Array.from(rows, ({ n }) => n ?? 1),
  dayClass: new Uint8Array(days),
  place: Uint32Array.from(rows, ({ place }) => place ?? NO_PLACE),
});
const days = (rows: readonly Report[]): number[] => [...distinctProblems(streamOf(rows)).occurredDay];

describe('distinct problems', () => {
  it('counts reports of one place within three days as one problem, and other places apart', () => {
    expect(
      days([
        { day: 5, place: 1 },
        { day: 6, place: 1 },
        { day: 8, place: 1 },
        { day: 6, place: 2 },
      ]),
    ).toEqual([5, 6]);
    expect([...distinctProblems(streamOf([{ day: 5, place: 1, n: 4 }])).n]).toEqual([1]);
  });

  it('a problem begins anew after three days, whatever came between', () => {
    expect(days([0, 2, 4].map((day) => ({ day, place: 3 })))).toEqual([0, 4]);
  });

  it('in a busy place a repeat cannot be told from a new problem: every report counts', () => {
    const daily = Array.from({ length: 8 }, (_, day) => ({ day, place: 3 }));
    expect(days(daily)).toEqual([0, 3, 4, 5, 6, 7]);
  });

  it('reports without an exact place all count', () => {
    expect([...distinctProblems(streamOf([{ day: 5, n: 3 }, { day: 5 }])).n]).toEqual([3, 1]);
    const { place: _, ...without } = streamOf([
      { day: 5, place: 1 },
      { day: 5, place: 1 },
    ]);
    expect(distinctProblems(without)).toBe(without);
  });

  it('the report received first makes the problem known, also when it occurred later', () => {
    const problems = distinctProblems(
      streamOf([
        { day: 5, delay: 9, place: 1 },
        { day: 7, place: 1 },
      ]),
    );
    expect([[...problems.occurredDay], [...problems.delayDays]]).toEqual([[7], [0]]);
  });

  const reports = fc.array(fc.record({ day: fc.nat(30), delay: fc.nat(9), place: fc.nat(3) }), { maxLength: 40 });

  it('what was received later changes no problem known before', () => {
    fc.assert(
      fc.property(reports, fc.nat(40), (rows, today) => {
        const isKnown = ({ day, delay }: { day: number; delay: number }): boolean => day + delay <= today;
        const of = (some: typeof rows): string[] =>
          [...problemRows(streamOf(some))]
            .map((i) => some[i] as (typeof rows)[number])
            .filter(isKnown)
            .map(({ day, delay, place }) => `${day}+${delay}@${place}`);
        expect(of(rows)).toEqual(of(rows.filter(isKnown)));
      }),
    );
  });

  it('problems of a quiet place lie more than three days apart, and every report lies near one', () => {
    fc.assert(
      fc.property(reports, (all) => {
        const rows = all.filter((row, i) => all.slice(0, i).filter(({ place }) => place === row.place).length < 3);
        const problems = [...problemRows(streamOf(rows))].map((i) => rows[i] as (typeof rows)[number]);
        for (const [a, one] of problems.entries())
          for (const other of problems.slice(a + 1))
            if (one.place === other.place) expect(Math.abs(one.day - other.day)).toBeGreaterThan(REPEAT_WINDOW_DAYS);
        for (const row of rows)
          expect(
            problems.some(({ place, day }) => place === row.place && Math.abs(day - row.day) <= REPEAT_WINDOW_DAYS),
          ).toBe(true);
      }),
    );
  });

  it('keys of places are their cell and item, and stop at 32 bits', () => {
    expect(placeKey({ cell: 3, item: 2, items: 10 })).toBe(32);
    expect(() => placeKey({ cell: 2 ** 30, item: 2, items: 10 })).toThrow(RangeError);
  });
});
