import { describe, expect, it } from 'vitest';
import { confidenceOf, ownNormal, verdictOf } from '../../../core/metric/own-normal.ts';
import { Random } from '../../../core/stats/random.ts';

const flat = (weeks: number, n: number) => Array.from({ length: weeks }, () => n);
const all = (weeks: number) => Array.from({ length: weeks }, () => true);

describe('the normal of a place from its own past', () => {
  it('is the mean of its last year, with an interval around it', () => {
    const normal = ownNormal({ counts: [...flat(52, 10), 10, 10], known: all(54) }, { first: 52, end: 54 });
    expect(normal).toMatchObject({
      kind: 'normal',
      observed: 20,
      references: 52,
      past: 520,
      weeks: 2,
      verdict: 'within',
    });
    if (normal.kind !== 'normal') return;
    expect(normal.expected).toBeCloseTo((2 * 520.5) / 52, 10);
    // Poisson(20.02): 12 and 29.
    expect(normal.lower).toBeGreaterThanOrEqual(11);
    expect(normal.lower).toBeLessThanOrEqual(12);
    expect(normal.upper).toBeGreaterThanOrEqual(29);
    expect(normal.upper).toBeLessThanOrEqual(30);
  });

  it('leaves out weeks that nobody can count, on both sides', () => {
    const known = all(54).map((_, week) => week !== 10 && week !== 53);
    const counts = flat(54, 4).map((n, week) => (known[week] ? n : 999));
    expect(ownNormal({ counts, known }, { first: 52, end: 54 })).toMatchObject({
      observed: 4,
      weeks: 1,
      references: 51,
      past: 204,
    });
  });

  it('says nothing with less than half a year before, or without a usable week', () => {
    expect(ownNormal({ counts: flat(30, 4), known: all(30) }, { first: 25, end: 26 })).toEqual({
      kind: 'not-assessed',
      why: 'too-short',
    });
    expect(ownNormal({ counts: flat(60, 4), known: all(60).map((_, w) => w < 59) }, { first: 59, end: 60 })).toEqual({
      kind: 'not-assessed',
      why: 'no-usable-week',
    });
  });

  it('a single report where there never was one is no finding; three are', () => {
    const counts = (n: number) => ({ counts: [...flat(52, 0), n], known: all(53) });
    expect(ownNormal(counts(1), { first: 52, end: 53 })).toMatchObject({ verdict: 'too-few' });
    expect(ownNormal(counts(3), { first: 52, end: 53 })).toMatchObject({ verdict: 'above' });
    expect(verdictOf({ observed: 0, expected: 9, lower: 4, upper: 15 })).toBe('below');
  });

  it('covers: stable Poisson places are outside of it about as often as it says', () => {
    const random = new Random(7);
    const poisson = (mean: number) => {
      let [k, p] = [0, random.uniform()];
      for (let at = Math.exp(-mean); p > at; at = (at * mean) / k) {
        p -= at;
        k++;
      }
      return k;
    };
    let [above, below] = [0, 0];
    const places = 2000;
    for (let place = 0; place < places; place++) {
      const counts = Array.from({ length: 56 }, () => poisson(3));
      const normal = ownNormal({ counts, known: all(56) }, { first: 52, end: 56 });
      if (normal.kind !== 'normal') throw new Error('assessed');
      if (normal.verdict === 'above') above++;
      if (normal.verdict === 'below') below++;
    }
    // Discrete and never below its level: at most 2.5 % a side, and not far below.
    for (const share of [above / places, below / places]) {
      expect(share).toBeLessThan(0.032);
      expect(share).toBeGreaterThan(0.004);
    }
  });

  it('grades what it stands on', () => {
    expect(confidenceOf({ past: 5, references: 52 })).toBe('low');
    expect(confidenceOf({ past: 500, references: 30 })).toBe('medium');
    expect(confidenceOf({ past: 500, references: 50 })).toBe('high');
  });
});
