import { describe, expect, it } from 'vitest';
import { classColours } from '../../../web/src/layers/ramp.ts';
import type { Theme } from '../../../web/src/map/contract.ts';
import { PALETTES } from '../../../web/src/map/palette.ts';

const ALERTS = ['#e5484d', '#ff9d2e', '#ffe873', '#4c8dff'];
const THEMES: readonly Theme[] = ['light', 'dark'];

type Rgb = readonly [number, number, number];
const linear = (colour: string): Rgb => {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255].map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
};
const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const contrast = (a: string, b: string) => {
  const [high, low] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
};
/** Deuteranopia after Viénot, Brettel and Mollon 1999, on linear RGB. */
const deuteranope = ([r, g, b]: Rgb): Rgb => [
  0.29275 * r + 0.70725 * g,
  0.29275 * r + 0.70725 * g,
  -0.02234 * r + 0.02234 * g + b,
];
const oklab = ([r, g, b]: Rgb): Rgb => {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
};
const distance = (a: Rgb, b: Rgb) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

describe('the ramp', () => {
  for (const theme of THEMES) {
    for (let classes = 2; classes <= 7; classes++) {
      it(`is monotonic in lightness, in nearly even steps: ${theme}, ${classes} classes`, () => {
        const lightness = classColours(theme, classes).map((colour) => oklab(linear(colour))[0]);
        const steps = lightness.slice(1).map((value, i) => (theme === 'light' ? -1 : 1) * (value - lightness[i]!));
        expect(Math.min(...steps)).toBeGreaterThan(0.06);
        expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.5);
      });

      it(`keeps neighbours apart for a deuteranope: ${theme}, ${classes} classes`, () => {
        const seen = classColours(theme, classes).map((colour) => oklab(deuteranope(linear(colour))));
        for (let i = 1; i < seen.length; i++) expect(distance(seen[i]!, seen[i - 1]!)).toBeGreaterThan(0.06);
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
