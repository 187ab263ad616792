import { describe, expect, it } from 'vitest';
import {
  dwellMs,
  EMPTY_TOUR,
  nextStepMs,
  PAUSE_MS,
  type Stop,
  stopOf,
  type TourState,
  tourAfter,
} from '../../../../web/src/rooms/wall/tour.ts';

const stop = (id: string, level: number | null = null): Stop => ({
  id,
  kind: level === null ? 'city' : 'alert',
  bounds: null,
  level,
  caption: { zh: '八个汉字正好一秒', en: 'four words of it' },
});
const started = (stops: readonly Stop[]): TourState => tourAfter(EMPTY_TOUR, { kind: 'stops', stops, first: true }, 0);
const here = (state: TourState) => stopOf(state)?.id;

describe('patrol tour', () => {
  it('stays 6 s and 1 s per 8 hanzi or 4 words', () => {
    expect(dwellMs('')).toBe(6000);
    expect(dwellMs('八个汉字正好一秒')).toBe(7000);
    expect(dwellMs('八个汉字正好一秒了')).toBe(8000);
    expect(dwellMs('four words of it')).toBe(7000);
  });

  it('goes round, and says when', () => {
    const tour = started([stop('a'), stop('b'), stop('c')]);
    expect(nextStepMs(tour, 'zh')).toBe(7000);
    const visited = [7000, 14_000, 21_000].reduce<{ tour: TourState; ids: (string | undefined)[] }>(
      ({ tour: at, ids }, ms) => {
        const next = tourAfter(at, { kind: 'due' }, ms);
        return { tour: next, ids: [...ids, here(next)] };
      },
      { tour, ids: [] },
    );
    expect(visited.ids).toEqual(['b', 'c', 'a']);
    expect(nextStepMs(visited.tour, 'zh')).toBe(28_000);
  });

  it('rests 120 s after a touch, and as long as it is frozen', () => {
    const touched = tourAfter(started([stop('a'), stop('b')]), { kind: 'touched' }, 1000);
    expect(nextStepMs(touched, 'zh')).toBe(1000 + PAUSE_MS);
    expect(here(tourAfter(touched, { kind: 'due' }, 100_000))).toBe('a');
    expect(here(tourAfter(touched, { kind: 'due' }, 1000 + PAUSE_MS))).toBe('b');
    const frozen = tourAfter(touched, { kind: 'freeze', frozen: true }, 2000);
    expect(nextStepMs(frozen, 'zh')).toBeNull();
    expect(here(tourAfter(frozen, { kind: 'due' }, 1e9))).toBe('a');
    expect(nextStepMs(tourAfter(frozen, { kind: 'resume' }, 5000), 'zh')).toBe(12_000);
  });

  it('a new level Ⅰ jumps the queue once, then the tour goes on where it was', () => {
    const before = tourAfter(started([stop('city'), stop('x', 2), stop('y', 3)]), { kind: 'due' }, 7000);
    expect(here(before)).toBe('x');
    const stops = [stop('city'), stop('red', 1), stop('x', 2), stop('y', 3)];
    const jumped = tourAfter(before, { kind: 'stops', stops, first: false }, 9000);
    expect([here(jumped), jumped.fresh]).toEqual(['red', 'red']);
    const back = tourAfter(jumped, { kind: 'due' }, 16_000);
    expect([here(back), back.fresh]).toEqual(['x', null]);
    // The next snapshot still has it: no second jump.
    expect(here(tourAfter(back, { kind: 'stops', stops, first: false }, 17_000))).toBe('x');
  });

  it('what a page finds when it starts is not new, and a frozen wall is not moved', () => {
    const tour = started([stop('city'), stop('red', 1)]);
    expect([here(tour), tour.fresh]).toEqual(['city', null]);
    const frozen = tourAfter(started([stop('city')]), { kind: 'freeze', frozen: true }, 0);
    expect(here(tourAfter(frozen, { kind: 'stops', stops: [stop('city'), stop('red', 1)], first: false }, 1))).toBe(
      'city',
    );
  });

  it('stays at its stop over a new snapshot, and starts at the first when that stop is gone', () => {
    const at = tourAfter(started([stop('a'), stop('b')]), { kind: 'due' }, 7000);
    expect(here(tourAfter(at, { kind: 'stops', stops: [stop('z'), stop('b')], first: false }, 8000))).toBe('b');
    expect(here(tourAfter(at, { kind: 'stops', stops: [stop('z'), stop('y')], first: false }, 8000))).toBe('z');
  });

  it('a stuck tour is pushed on, a resting one is not', () => {
    const tour = started([stop('a'), stop('b')]);
    const beat = { kind: 'heartbeat', locale: 'zh' } as const;
    expect(here(tourAfter(tour, beat, 21_000))).toBe('a');
    expect(here(tourAfter(tour, beat, 21_001))).toBe('b');
    expect(here(tourAfter(tourAfter(tour, { kind: 'touched' }, 0), beat, PAUSE_MS - 1))).toBe('a');
    expect(here(tourAfter(tourAfter(tour, { kind: 'freeze', frozen: true }, 0), beat, 1e9))).toBe('a');
  });

  it('goes where the operator says, also outside the list, and back', () => {
    const tour = started([stop('a'), stop('b'), stop('c')]);
    expect(here(tourAfter(tour, { kind: 'go', id: 'c' }, 10))).toBe('c');
    expect(tourAfter(tour, { kind: 'go', id: 'nowhere' }, 10)).toBe(tour);
    const visit = tourAfter(tour, { kind: 'visit', stop: stop('v') }, 10);
    expect(here(visit)).toBe('v');
    expect(here(tourAfter(visit, { kind: 'due' }, 10 + PAUSE_MS))).toBe('b');
    expect(here(tourAfter(tour, { kind: 'step', by: -1 }, 10))).toBe('c');
  });

  it('no stop at all is no trouble', () => {
    for (const kind of ['due', 'touched', 'resume'] as const)
      expect(here(tourAfter(EMPTY_TOUR, { kind }, 5))).toBeUndefined();
    expect(nextStepMs(EMPTY_TOUR, 'zh')).toBeNull();
  });
});
