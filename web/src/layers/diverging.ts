import type { CellFill, Theme } from '../map/contract.ts';
import { hex } from './ramp.ts';

/**
 * Two arms about 0: more is purple, fewer is green, the middle is not filled. Nearly the pair of the hot spots, turned a little so that a
 * deuteranope tells even the weakest two apart. Blue and orange, the usual ones, are levels of alerts here (UX.md 1.4).
 */
const MORE_HUE = 318;
const FEWER_HUE = 145;
const LIGHTNESS: Readonly<Record<Theme, readonly [near: number, far: number]>> = {
  light: [0.86, 0.42],
  dark: [0.42, 0.86],
};

/** `#rrggbb`: fewer from the strongest to the weakest, then more from the weakest to the strongest; `steps` of each. */
export function divergingColours(theme: Theme, steps: number): string[] {
  const [near, far] = LIGHTNESS[theme];
  const of = (hue: number, chroma: number) =>
    Array.from({ length: steps }, (_, i) => {
      const share = steps === 1 ? 0.6 : i / (steps - 1);
      return hex({ lightness: near + (far - near) * share, chroma: chroma * (0.55 + 0.45 * share), hue });
    });
  return [...of(FEWER_HUE, 0.115).reverse(), ...of(MORE_HUE, 0.175)];
}

/** Classes about 0, the same distances on both sides. `edges` ascending from above 0: |x| >= edges[i] is in step i + 1. */
export interface Diverging {
  readonly classes: Uint32Array;
  readonly edges: readonly number[];
}

/** @returns 0 = within the first edge; 1 … steps = fewer, strongest first; steps + 1 … 2 steps = more, weakest first */
export function divergingClass(value: number, edges: readonly number[]): number {
  const size = Math.abs(value);
  let step = 0;
  while (step < edges.length && size >= edges[step]!) step++;
  if (step === 0 || Number.isNaN(value)) return 0;
  return value < 0 ? edges.length - step + 1 : edges.length + step;
}

/** Shares of the cells that changed which lie below each step after the first. */
const STEP_SHARES = [0.5, 0.8, 0.95] as const;

/** Edges of |difference|, whole, ascending, the first one 1: locked by the caller over both signs, so that the legend is symmetric. */
export function differenceEdges(now: Uint32Array, before: Uint32Array): readonly number[] {
  const sizes: number[] = [];
  for (let i = 0; i < now.length; i++) {
    const size = Math.abs(now[i]! - before[i]!);
    if (size > 0) sizes.push(size);
  }
  const sorted = Uint32Array.from(sizes).sort();
  const edges = [1];
  for (const share of STEP_SHARES) {
    const at = sorted[Math.floor(share * sorted.length)];
    if (at !== undefined && at > edges[edges.length - 1]!) edges.push(at);
  }
  return edges;
}

/**
 * How many standard errors the change from `before` to `now` is away from none, when both are counts over spans of the same length
 * and would be Poisson with one rate:
 *
 *     z = (now − before) / √(now + before)
 *
 * NaN where both are 0: nothing was counted, nothing can be said. Below 10 together it is rough; the legend says so.
 * @see Przyborowski & Wilenski (1940), Biometrika 31, 313–323 (the exact, conditional test this approximates)
 */
export function changeZ(now: number, before: number): number {
  return now + before === 0 ? Number.NaN : (now - before) / Math.sqrt(now + before);
}

/** Two-sided 10, 5 and 1 per cent of one cell, without a correction for many cells; the legend says that too. */
export const Z_EDGES = [1.645, 1.96, 2.576] as const;

interface Counts {
  readonly resolution: number;
  readonly finest: number;
  readonly now: Uint32Array;
  readonly before: Uint32Array;
}

/** This period less the one it is compared with. */
export function differenceFill(
  { resolution, finest, now, before }: Counts,
  edges: readonly number[],
  theme: Theme,
): CellFill {
  return filled({ resolution, finest, edges, theme, changeOf: (row) => now[row]! - before[row]!, rows: now.length });
}

/** The same as standard errors. */
export function significanceFill({ resolution, finest, now, before }: Counts, theme: Theme): CellFill {
  return filled({
    resolution,
    finest,
    edges: Z_EDGES,
    theme,
    changeOf: (row) => changeZ(now[row]!, before[row]!),
    rows: now.length,
  });
}

function filled(options: {
  readonly resolution: number;
  readonly finest: number;
  readonly edges: readonly number[];
  readonly theme: Theme;
  readonly changeOf: (row: number) => number;
  readonly rows: number;
}): CellFill {
  const { resolution, finest, edges, theme, changeOf, rows } = options;
  const classes = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) classes[row] = divergingClass(changeOf(row), edges);
  return { resolution: null, finest, cells: { resolution, classes, colours: divergingColours(theme, edges.length) } };
}
