import type { Random } from './random.ts';

/** Rows of positions among the other cells; the row of every replicate serves every cell. */
export interface ConditionalDraws {
  readonly replicates: number;
  /** Positions a row holds; a cell with m neighbours uses the first m. */
  readonly size: number;
  /** Cells − 1 positions to draw from: position p stands for cell p, or p + 1 from the fixed cell on. */
  readonly positions: Int32Array;
}

/**
 * Draws for a conditional permutation test: the value of a cell stays, its neighbours get values of the other cells − 1 cells.
 * The same draws serve every cell (as in GeoDa and PySAL), so Monte Carlo errors of two cells are not independent; each p alone is valid.
 * `replacement`: false is the permutation of Anselin (1995); true is what R's spdep 1.2 does (its variance is larger by (n − 2)/(n − 1 − m)).
 * Cost O(replicates × size). Throws a RangeError when `size` is not below `cells`.
 */
export function conditionalDraws(
  shape: { readonly cells: number; readonly replicates: number; readonly size: number; readonly replacement: boolean },
  random: Random,
): ConditionalDraws {
  const { cells, replicates, size } = shape;
  const others = cells - 1;
  if (size > others || others < 1)
    throw new RangeError(`${size} neighbours cannot be drawn from ${others} other cells`);
  const positions = new Int32Array(replicates * size);
  if (shape.replacement) {
    for (let k = 0; k < positions.length; k++) positions[k] = random.below(others);
  } else {
    // A partial Fisher–Yates shuffle of a deck that is never put back in order: every start is as good.
    const deck = new Int32Array(others);
    for (let k = 0; k < others; k++) deck[k] = k;
    for (let r = 0; r < replicates; r++) {
      for (let d = 0; d < size; d++) {
        const at = d + random.below(others - d);
        const drawn = deck[at]!;
        deck[at] = deck[d]!;
        deck[d] = drawn;
        positions[r * size + d] = drawn;
      }
    }
  }
  return { replicates, size, positions };
}

export interface CellDraw {
  readonly cell: number;
  /** Neighbours to draw. */
  readonly count: number;
}

/** Sum of `count` drawn values for every replicate, `cell` left out. Cost O(replicates × count). */
export function drawnSums(
  values: Float64Array,
  draws: ConditionalDraws,
  { cell, count }: CellDraw,
  sums: Float64Array,
): void {
  const { positions, size, replicates } = draws;
  for (let r = 0; r < replicates; r++) {
    let sum = 0;
    const start = r * size;
    for (let d = start; d < start + count; d++) {
      const position = positions[d]!;
      sum += values[position < cell ? position : position + 1]!;
    }
    sums[r] = sum;
  }
}
