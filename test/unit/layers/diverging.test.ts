import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  changeZ,
  differenceEdges,
  differenceFill,
  divergingClass,
  divergingColours,
  significanceFill,
  Z_EDGES,
} from '../../../web/src/layers/diverging.ts';
import type { Theme } from '../../../web/src/map/contract.ts';
import { PALETTES } from '../../../web/src/map/palette.ts';
import { contrast, deuteranope, distance, linear, oklab, protanope, tritanope } from './colour-vision.ts';

describe('the diverging ramp', () => {
  for (const theme of ['light', 'dark'] as const satisfies readonly Theme[]) {
    const colours = divergingColours(theme, 4);
    const fewer = colours.slice(0, 4).reverse();
    const more = colours.slice(4);
    it(`has two arms with one lightness for one size: ${theme}`, () => {
      for (let i = 0; i < 4; i++)
        expect(Math.abs(oklab(linear(fewer[i]!))[0] - oklab(linear(more[i]!))[0])).toBeLessThan(0.03);
    });

    it(`gets away from the ground with size: ${theme}`, () => {
      const ground = PALETTES[theme].inside;
      for (const arm of [fewer, more])
        for (let i = 1; i < 4; i++)
          expect(contrast(arm[i]!, ground)).toBeGreaterThan(contrast(arm[i - 1]!, ground) * 1.2);
    });

    it(`keeps more and fewer apart for colour-blind viewers: ${theme}`, () => {
      for (const seenBy of [deuteranope, protanope, tritanope])
        for (let i = 1; i < 4; i++) {
          const [a, b] = [fewer[i]!, more[i]!].map((colour) => oklab(seenBy(linear(colour))));
          expect(distance(a!, b!), `${seenBy.name} step ${i}`).toBeGreaterThan(0.07);
        }
    });
  }
});

describe('a difference', () => {
  it('has the same class on both sides of 0', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), (size) => {
        const edges = [1, 4, 20];
        const [less, more] = [divergingClass(-size, edges), divergingClass(size, edges)];
        expect(size === 0 ? less + more : less + more - 1).toBe(size === 0 ? 0 : 6);
      }),
    );
  });

  it('is not filled where nothing changed, and never has more steps than sizes', () => {
    const now = Uint32Array.from([5, 5, 0, 9, 3]);
    const before = Uint32Array.from([5, 4, 3, 0, 3]);
    const edges = differenceEdges(now, before);
    expect(edges[0]).toBe(1);
    const { cells } = differenceFill({ resolution: 8, finest: 10, now, before }, edges, 'light');
    expect(cells?.classes[0]).toBe(0);
    expect(cells?.classes[4]).toBe(0);
    expect(cells?.classes[1]).toBeGreaterThan(edges.length);
    expect(cells?.classes[2]).toBeLessThanOrEqual(edges.length);
    expect(cells?.colours).toHaveLength(2 * edges.length);
  });

  it('in standard errors says nothing of cells without incidents', () => {
    expect(changeZ(0, 0)).toBeNaN();
    expect(changeZ(9, 0)).toBeCloseTo(3, 12);
    expect(changeZ(40, 60)).toBeCloseTo(-2, 12);
    const now = Uint32Array.from([0, 9, 40, 51]);
    const before = Uint32Array.from([0, 0, 60, 50]);
    const { cells } = significanceFill({ resolution: 8, finest: 10, now, before }, 'dark');
    expect([...(cells?.classes ?? [])]).toEqual([0, 2 * Z_EDGES.length, 2, 0]);
  });
});
