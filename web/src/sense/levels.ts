/**
 * Levels Ⅰ–Ⅳ: hue, shape and numeral together, since orange and yellow are hard to tell apart for many (UX.md 1.4).
 * The hues are reserved: no data ramp uses them.
 */
export const LEVELS = [
  { level: 1, numeral: 'Ⅰ', colour: '#e5484d', shape: 'hexagon', word: 'level.1' },
  { level: 2, numeral: 'Ⅱ', colour: '#ff9d2e', shape: 'triangle', word: 'level.2' },
  { level: 3, numeral: 'Ⅲ', colour: '#ffe873', shape: 'diamond', word: 'level.3' },
  { level: 4, numeral: 'Ⅳ', colour: '#4c8dff', shape: 'circle', word: 'level.4' },
] as const;
export type Level = (typeof LEVELS)[number];

export function levelOf(level: number): Level {
  return LEVELS.find((entry) => entry.level === level) ?? LEVELS[3];
}

/** Corners in a box of 24 by 24; the circle has none. The numeral stands at (12, y). */
export const SHAPES: Readonly<Record<Level['shape'], { readonly points: string | null; readonly y: number }>> = {
  hexagon: { points: '6.5,2.5 17.5,2.5 23,12 17.5,21.5 6.5,21.5 1,12', y: 12.5 },
  triangle: { points: '12,0.8 23.6,22.4 0.4,22.4', y: 16 },
  diamond: { points: '12,0.4 23.6,12 12,23.6 0.4,12', y: 12.5 },
  circle: { points: null, y: 12.5 },
};
