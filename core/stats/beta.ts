import { halfDeviance, logGamma, stirlingError } from './gamma.ts';

/**
 * Incomplete beta function. Arguments without unit.
 * Sources: NIST DLMF 8.17.22 (continued fraction); Loader (2000), saddle-point form of the factor before it.
 */
export interface BetaPoint {
  /** Above 0. */
  readonly a: number;
  /** Above 0. */
  readonly b: number;
  /** In [0, 1]. */
  readonly x: number;
  /** 1 - x where the caller knows it better than the subtraction does. */
  readonly complement?: number;
}

/** ln B(a, b), a, b > 0. */
export function logBeta({ a, b }: { readonly a: number; readonly b: number }): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** x^a y^b / B(a, b). */
function factor(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  const mass = Math.exp(
    stirlingError(n) -
      stirlingError(a) -
      stirlingError(b) -
      halfDeviance({ x: a, mean: n * x }) -
      halfDeviance({ x: b, mean: n * y }),
  );
  return mass * Math.sqrt((a * b) / (2 * Math.PI * n));
}

function continuedFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 - ((a + b) * x) / (a + 1);
  d = 1 / (Math.abs(d) < tiny ? tiny : d);
  let h = d;
  for (let m = 1; m < 1e6; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 + even * d;
    if (Math.abs(d) < tiny) d = tiny;
    c = 1 + even / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 + odd * d;
    if (Math.abs(d) < tiny) d = tiny;
    c = 1 + odd / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return h;
}

/** Regularised I_x(a, b); relative error about 1e-13. Out of range is refused. Cost: a few √min(a, b) terms. */
export function betaRatio({ a, b, x, complement }: BetaPoint): number {
  if (!(a > 0 && b > 0 && x >= 0 && x <= 1))
    throw new RangeError(`incomplete beta needs a, b > 0 and x in [0, 1], got a ${a}, b ${b}, x ${x}`);
  const y = complement ?? 1 - x;
  if (x === 0) return 0;
  if (y === 0) return 1;
  const before = factor(a, b, x, y);
  if (x < (a + 1) / (a + b + 2)) return Math.min(1, (before * continuedFraction(a, b, x)) / a);
  return Math.max(0, 1 - (before * continuedFraction(b, a, y)) / b);
}
