import { countBelow, sortedValues } from './ranks.ts';

/**
 * Bringing indicators of different units to one scale (OECD/JRC 2008, step 5). NaN = missing: it stays NaN and takes no part.
 * A constant indicator tells nothing apart: not assessable, never 0 or 0.5.
 */
export type Normalised =
  | { readonly kind: 'values'; readonly values: Float64Array }
  | { readonly kind: 'not-assessable'; readonly why: 'no-values' | 'constant' | 'infinite' };

interface Summary {
  readonly n: number;
  readonly least: number;
  readonly most: number;
  readonly mean: number;
}

function summary(values: ArrayLike<number>): Summary | 'no-values' | 'infinite' {
  let [n, least, most, sum] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) continue;
    n++;
    least = Math.min(least, value);
    most = Math.max(most, value);
    sum += value;
  }
  if (n === 0) return 'no-values';
  return Number.isFinite(least) && Number.isFinite(most) ? { n, least, most, mean: sum / n } : 'infinite';
}

const refused = (why: 'no-values' | 'constant' | 'infinite'): Normalised => ({ kind: 'not-assessable', why });

/**
 * (x − least) / (most − least), 0..1. With fixed `goalposts` values beyond them are held at 0 or 1; use them when periods are to be
 * compared, as the sample's own extremes move. Cost O(n).
 */
export function minMax(
  values: ArrayLike<number>,
  goalposts?: { readonly least: number; readonly most: number },
): Normalised {
  const found = summary(values);
  if (typeof found === 'string') return refused(found);
  const { least, most } = goalposts ?? found;
  if (!(most > least)) return refused('constant');
  return {
    kind: 'values',
    values: Float64Array.from(values, (value) => Math.min(1, Math.max(0, (value - least) / (most - least)))),
  };
}

/** (x − mean) / sd with the sample sd (divisor n − 1). Cost O(n). */
export function zScore(values: ArrayLike<number>): Normalised {
  const found = summary(values);
  if (typeof found === 'string') return refused(found);
  if (found.least === found.most) return refused('constant');
  let squares = 0;
  for (let i = 0; i < values.length; i++)
    if (!Number.isNaN(values[i])) squares += ((values[i] as number) - found.mean) ** 2;
  const sd = Math.sqrt(squares / (found.n - 1));
  return { kind: 'values', values: Float64Array.from(values, (value) => (value - found.mean) / sd) };
}

/**
 * Hazen's plotting position (r − 0.5) / n with average ranks, which is (lower + half of the equal) / n; between 0 and 1.
 * With a `reference` (a frozen period) lower and equal are counted there, so that a value means the same in every period; 0 and 1 then
 * can be reached. Cost O((n + m) log m). @see Hazen (1914)
 */
export function percentile(values: ArrayLike<number>, reference: ArrayLike<number> = values): Normalised {
  const found = summary(values);
  if (typeof found === 'string') return refused(found);
  const known = summary(reference);
  if (typeof known === 'string') return refused(known);
  if (known.least === known.most) return refused('constant');
  const sorted = sortedValues(reference);
  const share = (value: number): number =>
    Number.isNaN(value)
      ? Number.NaN
      : (countBelow(sorted, value, false) + countBelow(sorted, value, true)) / 2 / sorted.length;
  return { kind: 'values', values: Float64Array.from(values, share) };
}
