/**
 * Composite index of normalised indicators.
 *
 *     linear      Σ_j w_j v_ij                         contributions w_j v_ij add up to the score exactly
 *     geometric   Π_j max(v_ij, floor)^w_j             less compensation between indicators; a check, not the index
 *
 * Weights are scaled to sum 1. A row with a missing indicator (NaN) has no score (NaN): missing is not zero.
 * @see OECD/JRC (2008), Handbook on Constructing Composite Indicators, steps 6 and 7
 */
export interface Composite {
  /** Normalised indicators, one column each, all of one length. */
  readonly columns: readonly ArrayLike<number>[];
  readonly weights: ArrayLike<number>;
}

export type CompositeReason = 'no-indicators' | 'unequal-lengths' | 'bad-weights';

/**
 * Weights scaled to sum 1; null when one is negative or not finite, or all are 0. Weights that sum to 1 already are used as they stand,
 * so that a contribution is weight × value to the last bit.
 */
export function unitWeights(weights: ArrayLike<number>): Float64Array | null {
  let sum = 0;
  for (let j = 0; j < weights.length; j++) {
    const w = weights[j] as number;
    if (!(w >= 0)) return null;
    sum += w;
  }
  if (!(sum > 0 && Number.isFinite(sum))) return null;
  const scale = Math.abs(sum - 1) < 1e-12 ? 1 : sum;
  return Float64Array.from(weights, (w) => w / scale);
}

function fault({ columns, weights }: Composite): CompositeReason | null {
  if (columns.length === 0) return 'no-indicators';
  if (weights.length !== columns.length) return 'unequal-lengths';
  if (columns.some((column) => column.length !== (columns[0] as ArrayLike<number>).length)) return 'unequal-lengths';
  return unitWeights(weights) ? null : 'bad-weights';
}

export type LinearComposite =
  | {
      readonly kind: 'assessed';
      readonly scores: Float64Array;
      /** One column per indicator. `scores[i]` is their sum from the first to the last, to the last bit. */
      readonly contributions: readonly Float64Array[];
      readonly weights: Float64Array;
    }
  | { readonly kind: 'not-assessable'; readonly why: CompositeReason };

/** Linear aggregation with its decomposition. Cost O(n m). */
export function linearComposite(composite: Composite): LinearComposite {
  const why = fault(composite);
  if (why) return { kind: 'not-assessable', why };
  const weights = unitWeights(composite.weights) as Float64Array;
  const rows = (composite.columns[0] as ArrayLike<number>).length;
  const scores = new Float64Array(rows);
  const contributions = composite.columns.map((column, j) => {
    const w = weights[j] as number;
    const part = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      part[i] = w * (column[i] as number);
      scores[i] = (scores[i] as number) + (part[i] as number);
    }
    return part;
  });
  return { kind: 'assessed', scores, contributions, weights };
}

/** Below this a value counts as this: one zero shall not erase a row. */
export const GEOMETRIC_FLOOR = 0.01;

/** Geometric aggregation with a floor; null where `linearComposite` is not assessable. Cost O(n m). */
export function geometricComposite(composite: Composite, floor = GEOMETRIC_FLOOR): Float64Array | null {
  if (fault(composite) || !(floor > 0)) return null;
  const weights = unitWeights(composite.weights) as Float64Array;
  const logs = new Float64Array((composite.columns[0] as ArrayLike<number>).length);
  composite.columns.forEach((column, j) => {
    const w = weights[j] as number;
    for (let i = 0; i < logs.length; i++)
      logs[i] = (logs[i] as number) + w * Math.log(Math.max(column[i] as number, floor));
  });
  return logs.map(Math.exp);
}

export interface ContributionChange {
  /** Change of the score because the indicator's value moved: mean weight × change of value. */
  readonly byValue: Float64Array;
  /** Change because its weight was set anew: mean value × change of weight. */
  readonly byWeight: Float64Array;
}

/**
 * One row's change between two periods, by indicator and cause. Midpoint split, so the order of the two causes does not matter and
 * byValue + byWeight = w₂v₂ − w₁v₁. Missing values give NaN. Cost O(m).
 */
export function contributionChange(
  before: { readonly values: ArrayLike<number>; readonly weights: ArrayLike<number> },
  after: { readonly values: ArrayLike<number>; readonly weights: ArrayLike<number> },
): ContributionChange {
  const m = before.values.length;
  const byValue = new Float64Array(m);
  const byWeight = new Float64Array(m);
  for (let j = 0; j < m; j++) {
    const [v1, v2] = [before.values[j] as number, after.values[j] as number];
    const [w1, w2] = [before.weights[j] as number, after.weights[j] as number];
    byValue[j] = ((w1 + w2) / 2) * (v2 - v1);
    byWeight[j] = ((v1 + v2) / 2) * (w2 - w1);
  }
  return { byValue, byWeight };
}

/**
 * One row's contributions as whole units of the last digit shown (decimals 1: tenths), so that the digits on screen add up to the score
 * on screen. Largest remainders are rounded up; equal remainders go by order. Null with a missing contribution. Cost O(m log m).
 */
export function shownContributions(
  contributions: ArrayLike<number>,
  decimals: number,
): { readonly score: number; readonly parts: Float64Array } | null {
  const unit = 10 ** decimals;
  const exact = Float64Array.from(contributions, (part) => part * unit);
  const sum = exact.reduce((a, b) => a + b, 0);
  if (!Number.isFinite(sum)) return null;
  const parts = exact.map(Math.floor);
  const short = Math.round(sum) - parts.reduce((a, b) => a + b, 0);
  const order = Array.from(exact.keys()).sort(
    (a, b) => (exact[b] as number) - (parts[b] as number) - ((exact[a] as number) - (parts[a] as number)) || a - b,
  );
  for (const j of order.slice(0, Math.max(0, short))) parts[j] = (parts[j] as number) + 1;
  return { score: Math.round(sum), parts };
}
