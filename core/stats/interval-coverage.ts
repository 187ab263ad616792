import { binomialInterval } from './binomial-interval.ts';

export interface IntervalCoverage {
  /** Share of observations inside their interval, ends included. */
  readonly share: number;
  readonly below: number;
  readonly above: number;
  /** Intervals that could be tested. */
  readonly n: number;
  /** Exact 95 % interval of the share. Rows of one series are not independent: it is then too narrow. */
  readonly shareInterval: { readonly lower: number; readonly upper: number };
}

/**
 * How often stated intervals held. Rows with a NaN are left out. Null without a row. Intervals of counts cover more than stated where
 * counts are small, as ends are whole numbers. Cost O(n).
 */
export function intervalCoverage(columns: {
  readonly observed: ArrayLike<number>;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}): IntervalCoverage | null {
  const { observed, lower, upper } = columns;
  if (lower.length !== observed.length || upper.length !== observed.length) return null;
  let [n, below, above] = [0, 0, 0];
  for (let i = 0; i < observed.length; i++) {
    const [y, low, high] = [observed[i] as number, lower[i] as number, upper[i] as number];
    if (Number.isNaN(y) || Number.isNaN(low) || Number.isNaN(high)) continue;
    n++;
    if (y < low) below++;
    else if (y > high) above++;
  }
  const shareInterval = binomialInterval({ successes: n - below - above, trials: n });
  return shareInterval && { share: (n - below - above) / n, below, above, n, shareInterval };
}
