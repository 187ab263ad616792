/**
 * Gamma function and gamma distribution (unit scale). Arguments without unit.
 * Sources: NIST DLMF 5.11 (Stirling), 8.7.1 and 8.9.2 (incomplete gamma); Loader (2000), saddle-point form of the density.
 */

export interface GammaPoint {
  /** Above 0. */
  readonly shape: number;
  /** At least 0. */
  readonly x: number;
}

const HALF_LOG_2PI = 0.9189385332046728;

/** ln Γ(x), x > 0; error below 1e-14 of the larger of 1 and the value. Cost: at most 15 multiplications. */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`logGamma needs x > 0, got ${x}`);
  if (x === 1 || x === 2) return 0;
  let product = 1;
  let y = x;
  while (y < 15) product *= y++;
  return (y - 0.5) * Math.log(y) - y + HALF_LOG_2PI + stirlingSeries(y) - (product === 1 ? 0 : Math.log(product));
}

/** ln Γ(y) less Stirling's formula, y >= 15. */
function stirlingSeries(y: number): number {
  const square = 1 / (y * y);
  return (
    (1 / 12 -
      square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - square / 519.3877665))))) /
    y
  );
}

/** ln Γ(x+1) - [(x+1/2) ln x - x + ln √(2π)], x > 0: what Stirling's formula leaves. */
export function stirlingError(x: number): number {
  if (x >= 15) return stirlingSeries(x);
  return logGamma(x + 1) - (x + 0.5) * Math.log(x) + x - HALF_LOG_2PI;
}

/** x ln(x/m) + m - x for x, m > 0, without cancellation where x is near m (Loader's bd0): half a Poisson deviance. */
export function halfDeviance({ x, mean }: { readonly x: number; readonly mean: number }): number {
  const gap = x - mean;
  if (Math.abs(gap) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - gap;
  const v = gap / (x + mean);
  let sum = gap * v;
  let term = 2 * x * v;
  const square = v * v;
  for (let j = 1; j < 1000; j++) {
    term *= square;
    const next = sum + term / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** x^a e^-x / Γ(a+1): a Poisson mass at the real number a. */
export function poissonDensity({ shape, x }: GammaPoint): number {
  if (x === 0) return shape === 0 ? 1 : 0;
  if (shape === 0) return Math.exp(-x);
  return Math.exp(-stirlingError(shape) - halfDeviance({ x: shape, mean: x })) / Math.sqrt(2 * Math.PI * shape);
}

function series({ shape, x }: GammaPoint): number {
  let sum = 1;
  let term = 1;
  for (let n = 1; n < 1e6; n++) {
    term *= x / (shape + n);
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return sum * poissonDensity({ shape, x });
}

/** Lentz's evaluation of the continued fraction. */
function continuedFraction({ shape, x }: GammaPoint): number {
  const tiny = 1e-300;
  let b = x + 1 - shape;
  let c = 1 / tiny;
  let d = 1 / (Math.abs(b) < tiny ? tiny : b);
  let h = d;
  for (let i = 1; i < 1e6; i++) {
    const an = -i * (i - shape);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return h * shape * poissonDensity({ shape, x });
}

function refuse({ shape, x }: GammaPoint): void {
  if (!(shape > 0 && shape < Infinity && x >= 0))
    throw new RangeError(`incomplete gamma needs shape > 0 and x >= 0, got shape ${shape}, x ${x}`);
}

/** Regularised P(a, x) = γ(a, x)/Γ(a); relative error about 1e-14. Cost: a few √a terms. */
export function gammaP(point: GammaPoint): number {
  refuse(point);
  if (point.x === 0) return 0;
  if (point.x === Infinity) return 1;
  return Math.min(1, point.x < point.shape + 1 ? series(point) : 1 - continuedFraction(point));
}

/** Regularised Q(a, x) = 1 - P(a, x), without its cancellation where x > a + 1; absolute error about 1e-14 below. Cost as `gammaP`. */
export function gammaQ(point: GammaPoint): number {
  refuse(point);
  if (point.x === 0) return 1;
  if (point.x === Infinity) return 0;
  return Math.max(0, point.x < point.shape + 1 ? 1 - series(point) : continuedFraction(point));
}

/** x with P(shape, x) = probability, 0 < probability < 1. Bisection inside a bracket, mended by Newton. */
export function gammaQuantile({
  shape,
  probability,
}: {
  readonly shape: number;
  readonly probability: number;
}): number {
  if (!(probability > 0 && probability < 1) || !(shape > 0))
    throw new RangeError(`gammaQuantile needs shape > 0 and a probability inside (0, 1), got ${shape}, ${probability}`);
  let low = 0;
  let high = shape + 10 * Math.sqrt(shape) + 10;
  while (gammaP({ shape, x: high }) < probability) high *= 2;
  // For small x, P = x^a / Γ(a+1): a start that is right where the density is steepest.
  let x = Math.exp((Math.log(probability) + logGamma(shape + 1)) / shape);
  if (!(x > low && x < high)) x = shape < high ? shape : high / 2;
  for (let i = 0; i < 200; i++) {
    const upper = probability > 0.5;
    const gap = upper ? 1 - probability - gammaQ({ shape, x }) : gammaP({ shape, x }) - probability;
    if (gap > 0) high = x;
    else low = x;
    const density = (poissonDensity({ shape, x }) * shape) / x;
    let next = x - gap / density;
    if (!(next > low && next < high)) next = low === 0 && high < 1e-3 ? high / 16 : (low + high) / 2;
    if (next === x || Math.abs(next - x) <= 1e-15 * x) return next;
    x = next;
  }
  return x;
}

/** ψ(x) = d ln Γ(x) / dx, x > 0; error about 1e-15. Cost: at most 10 divisions. */
export function digamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`digamma needs x > 0, got ${x}`);
  let shift = 0;
  let y = x;
  while (y < 12) shift -= 1 / y++;
  const square = 1 / (y * y);
  const tail =
    square *
    (1 / 12 -
      square *
        (1 / 120 -
          square * (1 / 252 - square * (1 / 240 - square * (1 / 132 - square * (691 / 32760 - square / 12))))));
  return shift + Math.log(y) - 0.5 / y - tail;
}

/** ψ'(x), x > 0; error about 1e-15. Cost: at most 12 divisions. */
export function trigamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`trigamma needs x > 0, got ${x}`);
  let shift = 0;
  let y = x;
  while (y < 12) {
    shift += 1 / (y * y);
    y++;
  }
  const square = 1 / (y * y);
  const tail =
    square *
    (1 / 6 -
      square *
        (1 / 30 -
          square * (1 / 42 - square * (1 / 30 - square * (5 / 66 - square * (691 / 2730 - (square * 7) / 6))))));
  return shift + 1 / y + square / 2 + tail / y;
}
