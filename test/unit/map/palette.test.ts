import { describe, expect, it } from 'vitest';
import { type GroundTheme, PALETTES } from '../../../web/src/map/palette.ts';
import { contrast } from '../layers/colour-vision.ts';

const THEMES = Object.keys(PALETTES) as GroundTheme[];

describe('what is no amount, on the ground of the map', () => {
  // WCAG 2.2, 1.4.11: what has to be seen to be understood.
  it.each(THEMES)('stripes of no data and dots of what is kept back stand out 3 : 1: %s', (theme) => {
    const { hatch, withheld, inside } = PALETTES[theme];
    expect(contrast(hatch, inside)).toBeGreaterThan(3);
    expect(contrast(withheld, inside)).toBeGreaterThan(3);
  });
});
