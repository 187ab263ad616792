import { linearComposite } from './composite.ts';
import type { Random } from './random.ts';
import { averageRanks } from './ranks.ts';
import { spearman } from './spearman.ts';

/**
 * How far the ranking of a linear composite depends on choices: ranks under random weights and alternative normalisations.
 *
 *     weights ~ Dirichlet(concentration × w)      mean w; sd of w_j = √(w_j (1 − w_j) / (concentration + 1))
 *
 * Each draw takes one of the `alternatives` (other normalisations, or posterior draws of the indicators) with equal chance. Rank 1 is
 * the highest score; ties share their mean rank. A row with a missing indicator has no rank (NaN).
 * @see Saisana, Saltelli and Tarantola (2005), JRSS A 168, 307–323
 */
export interface RankQuestion {
  /** Each alternative: the indicator columns normalised its way. The first is the chosen one. */
  readonly alternatives: readonly (readonly ArrayLike<number>[])[];
  /** Chosen weights, scaled to sum 1. An indicator of weight 0 stays at 0. */
  readonly weights: ArrayLike<number>;
  /** Default 500. */
  readonly draws?: number;
  /** Default 50: with four equal weights one of 0.25 has an sd of 0.06. */
  readonly concentration?: number;
}

export interface RankIntervals {
  readonly kind: 'assessed';
  /** Rank by the chosen weights and the first alternative. */
  readonly rank: Float64Array;
  /** 5 % and 95 % quantiles of the rank over the draws (the nearest drawn rank outwards). */
  readonly p5: Float64Array;
  readonly p95: Float64Array;
  /** Share of draws in which the row is among the first ceil(10 % of rows). */
  readonly topTenthShare: Float64Array;
  /** Per indicator: Spearman of the scores with and without it, the rest rescaled; null when undefined. */
  readonly dropOne: readonly (DroppedIndicator | null)[];
}

const BLOCK_ROWS = 16;

export interface DroppedIndicator {
  readonly spearman: number;
  readonly meanAbsoluteRankShift: number;
}

/** Definition above. Cost O(draws × n log n) time, draws × n × 4 bytes. */
export function rankIntervals(
  question: RankQuestion,
  random: Pick<Random, 'gamma' | 'below'>,
): RankIntervals | { readonly kind: 'not-assessable'; readonly why: 'bad-composite' | 'no-draws' } {
  const { alternatives, draws = 500, concentration = 50 } = question;
  const chosen = alternatives[0];
  const base = chosen ? linearComposite({ columns: chosen, weights: question.weights }) : null;
  if (!chosen || base?.kind !== 'assessed') return { kind: 'not-assessable', why: 'bad-composite' };
  if (!(draws >= 1 && concentration > 0)) return { kind: 'not-assessable', why: 'no-draws' };
  const rows = base.scores.length;
  const rank = averageRanks(base.scores, 'highest-first');
  const top = Math.ceil(rank.filter((r) => !Number.isNaN(r)).length / 10);
  const drawn = new Float32Array(rows * draws);
  const inTop = new Float64Array(rows);
  for (let d = 0; d < draws; d++) {
    const columns = alternatives[random.below(alternatives.length)] as readonly ArrayLike<number>[];
    const weights = base.weights.map((w) => (w > 0 ? random.gamma(concentration * w) : 0));
    const scored = linearComposite({ columns, weights });
    if (scored.kind !== 'assessed' || scored.scores.length !== rows)
      return { kind: 'not-assessable', why: 'bad-composite' };
    const ranks = averageRanks(scored.scores, 'highest-first');
    drawn.set(ranks, d * rows);
    for (let i = 0; i < rows; i++) {
      if ((ranks[i] as number) <= top) inTop[i] = (inTop[i] as number) + 1;
    }
  }
  const p5 = new Float64Array(rows);
  const p95 = new Float64Array(rows);
  // Rows in blocks of a cache line, or every number read would fetch a line for itself.
  const block = new Float32Array(BLOCK_ROWS * draws);
  for (let first = 0; first < rows; first += BLOCK_ROWS) {
    const size = Math.min(BLOCK_ROWS, rows - first);
    for (let d = 0; d < draws; d++)
      for (let r = 0; r < size; r++) block[r * draws + d] = drawn[d * rows + first + r] as number;
    for (let r = 0; r < size; r++) {
      const sorted = block.subarray(r * draws, (r + 1) * draws).sort();
      p5[first + r] = sorted[Math.floor(0.05 * (draws - 1))] as number;
      p95[first + r] = sorted[Math.ceil(0.95 * (draws - 1))] as number;
    }
  }
  const missing = (i: number): boolean => Number.isNaN(rank[i]);
  const topTenthShare = inTop.map((count, i) => (missing(i) ? Number.NaN : count / draws));
  const dropOne = dropOneIndicator(chosen, question.weights);
  return { kind: 'assessed', rank, p5, p95, topTenthShare, dropOne };
}

/** What the ranking owes to each indicator: the composite without it (the rest rescaled) against the whole one. Cost O(m n log n). */
export function dropOneIndicator(
  columns: readonly ArrayLike<number>[],
  weights: ArrayLike<number>,
): (DroppedIndicator | null)[] {
  const whole = linearComposite({ columns, weights });
  return columns.map((_, dropped) => {
    const rest = linearComposite({
      columns: columns.filter((_, j) => j !== dropped),
      weights: Array.from(weights).filter((_, j) => j !== dropped),
    });
    if (whole.kind !== 'assessed' || rest.kind !== 'assessed') return null;
    const rho = spearman({ a: whole.scores, b: rest.scores });
    if (rho === null) return null;
    const before = averageRanks(whole.scores, 'highest-first');
    const after = averageRanks(rest.scores, 'highest-first');
    const shifts = before.map((r, i) => Math.abs(r - (after[i] as number))).filter((shift) => !Number.isNaN(shift));
    return { spearman: rho, meanAbsoluteRankShift: shifts.reduce((a, b) => a + b, 0) / shifts.length };
  });
}

/** Whether two rows are told apart: their rank intervals do not overlap. False means "not separable" (难分先后). Cost O(1). */
export function separable(
  intervals: Pick<RankIntervals, 'p5' | 'p95'>,
  pair: { readonly a: number; readonly b: number },
): boolean {
  const { p5, p95 } = intervals;
  return (p95[pair.a] as number) < (p5[pair.b] as number) || (p95[pair.b] as number) < (p5[pair.a] as number);
}
