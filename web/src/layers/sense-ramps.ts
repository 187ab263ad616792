import type { Theme } from '../map/contract.ts';
import { HOT_CLASSES } from '../sense/hotspots.ts';
import { RISK_STEPS } from '../sense/risk.ts';
import { classColours, hex } from './ramp.ts';

/**
 * Colours of the sensing layers. The hues of the levels (red, orange, yellow, blue) are kept free: high is magenta, low is green,
 * a pair that stays apart for colour-blind viewers. Stronger = darker on the light ground, lighter on the dark one.
 */
const MAGENTA = 338;
const GREEN = 152;

const LIGHTNESS: Readonly<Record<Theme, readonly [number, number, number]>> = {
  light: [0.84, 0.68, 0.46],
  dark: [0.46, 0.62, 0.8],
};
const CHROMA = [0.075, 0.14, 0.175] as const;

/** By class of `HOT_CLASSES`. */
export function hotColours(theme: Theme): string[] {
  return HOT_CLASSES.map((name) => {
    const strength = Number(name.at(-1)) - 1;
    const hot = name.startsWith('hot');
    const chroma = CHROMA[strength]! * (hot ? 1 : 0.62);
    return hex({ lightness: LIGHTNESS[theme][strength]!, chroma, hue: hot ? MAGENTA : GREEN });
  });
}

/**
 * By class 1..16 of `EMERGING`: 8 high, 8 low. The order of urgency runs from strong to pale; hue turns a little with each, so that
 * neighbours in the list can be told apart. The legend and the card give the name: colour alone cannot carry 16 classes.
 */
const URGENCY = [0, 2, 1, 3, 5, 6, 4, 7] as const;
/** By class from 1: which one stands for a coarser cell. The more urgent one, and any high one before a low one. */
export const EMERGING_STRENGTH: readonly number[] = [
  ...URGENCY.map((place) => 16 - place),
  ...URGENCY.map((place) => 8 - place),
];
export function emergingColours(theme: Theme): string[] {
  const [strong, pale] = theme === 'light' ? [0.4, 0.86] : [0.86, 0.42];
  const of = (hue: number, turn: number, chroma: number) =>
    URGENCY.map((place) => {
      const share = place / (URGENCY.length - 1);
      return hex({
        lightness: strong + (pale - strong) * share,
        chroma: chroma * (1 - 0.6 * share),
        hue: hue + turn * ((place % 2) - 0.5) * 2,
      });
    });
  return [...of(MAGENTA - 8, 14, 0.175), ...of(GREEN, 16, 0.11)];
}

/** Amount, by class of `RISK_STEPS`: the ramp of counts, as it is read the same way. */
export function riskColours(theme: Theme): string[] {
  return classColours(theme, RISK_STEPS.length);
}
