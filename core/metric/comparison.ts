import { comparePoisson, rateRatioInterval } from '../stats/poisson-comparison.ts';

/**
 * One comparison of two counts, with the word that may be said about it. Every room and the brief use this and nothing else.
 *
 *     equal windows, base >= 20   z = 2 (√n₂ − √n₁) / √φ;   |z| <= 2 正常波动, |z| > 2 有所上升/下降, |z| >= 3 明显上升/下降
 *     otherwise                   exact conditional Poisson p;  p > 0.0455 正常波动, p <= 0.0455 有所, p <= 0.0027 明显
 *     明显 always needs p <= 0.0027 too: when both counts are random z has variance 2, not 1, so |z| >= 3 alone would be said of 3.4 %
 *     of stable weeks. The exact p keeps it below 0.3 %, which leaves room for a φ that is only estimated.
 *     样本太少: no split of these events could have been anything but 正常波动.
 *
 * φ is the dispersion of the series (variance / mean, >= 1). A percentage is given on a base of 20 or more only. Volume is demand: this
 * compares a unit with itself, never units with one another.
 * @see Wheeler (2016), Crime Mapping and Analysis; `core/stats/poisson-comparison.ts`
 */
export const LEAST_BASE_FOR_PERCENT = 20;
export const SOME_Z = 2;
export const CLEAR_Z = 3;
/** Two-sided probabilities of a standard normal beyond 2 and beyond 3. */
export const SOME_P = 0.0455;
export const CLEAR_P = 0.0027;

export type Verdict = 'clear-rise' | 'some-rise' | 'normal' | 'some-fall' | 'clear-fall' | 'too-few';
export type Direction = 'rise' | 'fall' | 'none';

/** Why two counts cannot be set side by side. */
export type NotComparable = 'break' | 'missing-days' | 'still-filling' | 'no-counterpart' | 'bad-count';

export interface CountInWindow {
  readonly n: number;
  /** Length in days of what was counted. */
  readonly days: number;
}

export interface Compared {
  readonly kind: 'compared';
  readonly before: CountInWindow;
  readonly after: CountInWindow;
  /** Change of the daily rate in percent; null on a base below 20. */
  readonly percent: number | null;
  /** Null for unequal windows. */
  readonly z: number | null;
  /** Exact two-sided p; null when nothing was counted in either window. */
  readonly p: number | null;
  readonly basis: 'root-difference' | 'exact';
  readonly dispersion: number;
  readonly verdict: Verdict;
}

export type Comparison = Compared | { readonly kind: 'not-comparable'; readonly why: NotComparable };

const isCount = ({ n, days }: CountInWindow): boolean =>
  Number.isInteger(n) && n >= 0 && days > 0 && Number.isFinite(days);

/** The rule above. `bad-count` for negative, fractional or missing counts, windows without days, or φ below 1. Cost: a few incomplete betas. */
export function compareCounts(counts: {
  readonly before: CountInWindow;
  readonly after: CountInWindow;
  /** φ; default 1. */
  readonly dispersion?: number | undefined;
}): Comparison {
  const { before, after, dispersion = 1 } = counts;
  if (!isCount(before) || !isCount(after) || !(dispersion >= 1 && Number.isFinite(dispersion)))
    return { kind: 'not-comparable', why: 'bad-count' };
  const exact = comparePoisson({ before, after, dispersion });
  const assessed = exact.kind === 'assessed' ? exact : null;
  const equal = before.days === after.days;
  const z = equal ? (2 * (Math.sqrt(after.n) - Math.sqrt(before.n))) / Math.sqrt(dispersion) : null;
  const byZ = z !== null && before.n >= LEAST_BASE_FOR_PERCENT;
  return {
    kind: 'compared',
    before,
    after,
    percent: assessed?.ratio != null && before.n >= LEAST_BASE_FOR_PERCENT ? 100 * (assessed.ratio - 1) : null,
    z,
    p: assessed?.pTwoSided ?? null,
    basis: byZ ? 'root-difference' : 'exact',
    dispersion,
    verdict:
      assessed === null || assessed.leastP > SOME_P
        ? 'too-few'
        : verdictOf({
            rises: after.n * before.days > before.n * after.days,
            p: assessed.pTwoSided,
            size: byZ ? Math.abs(z) : null,
          }),
  };
}

/** `size` = |z| where the root difference decides, else null. */
function verdictOf(evidence: { readonly rises: boolean; readonly p: number; readonly size: number | null }): Verdict {
  const { rises, p, size } = evidence;
  if (p <= CLEAR_P && (size === null || size >= CLEAR_Z)) return rises ? 'clear-rise' : 'clear-fall';
  if (size === null ? p <= SOME_P : size > SOME_Z) return rises ? 'some-rise' : 'some-fall';
  return 'normal';
}

/** 95 % interval of `percent`, dispersion included; `upper` null = without bound. Null where there is no percentage. Cost: about 120 incomplete betas. */
export function percentInterval(compared: Compared): { readonly lower: number; readonly upper: number | null } | null {
  const ratio = compared.percent === null ? null : rateRatioInterval(compared);
  const percentOf = (value: number): number => 100 * (value - 1);
  return ratio && { lower: percentOf(ratio.lower), upper: ratio.upper === null ? null : percentOf(ratio.upper) };
}

/** Direction that the verdict claims; `none` where it claims nothing. */
export function directionOf(verdict: Verdict): Direction {
  if (verdict === 'clear-rise' || verdict === 'some-rise') return 'rise';
  return verdict === 'clear-fall' || verdict === 'some-fall' ? 'fall' : 'none';
}

/** Each indicator declares what a rise means. */
export type Polarity = 'worse' | 'better' | 'neutral';

/** What the change means for the place; null where the verdict claims no change or the indicator is neutral. */
export function meaningOf(verdict: Verdict, higherIs: Polarity): 'worse' | 'better' | null {
  const direction = directionOf(verdict);
  if (direction === 'none' || higherIs === 'neutral') return null;
  return (direction === 'rise') === (higherIs === 'worse') ? 'worse' : 'better';
}
