import { describe, expect, it } from 'vitest';
import { classColours } from '../../../web/src/layers/ramp.ts';
import type { Theme } from '../../../web/src/map/contract.ts';
import { PALETTES } from '../../../web/src/map/palette.ts';
import { contrast, deuteranope, distance, linear, luminance, oklab, protanope, tritanope } from './colour-vision.ts';

const ALERTS = ['#e5484d', '#ff9d2e', '#ffe873', '#4c8dff'];
const THEMES: readonly Theme[] = ['light', 'dark'];

describe('the ramp', () => {
  for (const theme of THEMES) {
    for (let classes = 2; classes <= 7; classes++) {
      it(`is monotonic in lightness, in nearly even steps: ${theme}, ${classes} classes`, () => {
        const lightness = classColours(theme, classes).map((colour) => oklab(linear(colour))[0]);
        const steps = lightness.slice(1).map((value, i) => (theme === 'light' ? -1 : 1) * (value - lightness[i]!));
        expect(Math.min(...steps)).toBeGreaterThan(0.06);
        expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.5);
      });

      it(`keeps neighbours apart for colour-blind viewers: ${theme}, ${classes} classes`, () => {
        for (const seenBy of [deuteranope, protanope, tritanope]) {
          const seen = classColours(theme, classes).map((colour) => oklab(seenBy(linear(colour))));
          for (let i = 1; i < seen.length; i++)
            expect(distance(seen[i]!, seen[i - 1]!), seenBy.name).toBeGreaterThan(0.06);
        }
      });
    }

    it(`stays clear of the four alert hues: ${theme}`, () => {
      for (const colour of classColours(theme, 7)) {
        for (const alert of ALERTS) expect(distance(oklab(linear(colour)), oklab(linear(alert)))).toBeGreaterThan(0.1);
      }
    });

    it(`shows the least class against the ground: ${theme}`, () => {
      const least = classColours(theme, 6)[0]!;
      // Dark: UX.md 1.3 asks 2:1, or low cells vanish. Light: a pale cell on white is told by area, not by text contrast.
      expect(contrast(least, PALETTES[theme].inside)).toBeGreaterThan(theme === 'dark' ? 2 : 1.25);
      expect(contrast(least, PALETTES[theme].outside)).toBeGreaterThan(theme === 'dark' ? 2 : 1.1);
    });
  }

  it('means more by dark on light ground and by light on dark ground', () => {
    const ends = (theme: Theme) => classColours(theme, 6).map((colour) => luminance(linear(colour)));
    expect(ends('light')[0]).toBeGreaterThan(ends('light')[5]!);
    expect(ends('dark')[0]).toBeLessThan(ends('dark')[5]!);
  });
});
