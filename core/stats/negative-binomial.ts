import { betaRatio } from './beta.ts';
import { halfDeviance, logGamma, stirlingError } from './gamma.ts';
import { normalQuantile } from './normal.ts';
import { poissonAtLeast, poissonAtMost, poissonPmf } from './poisson.ts';

/**
 * Negative binomial by mean and size: variance = mean + mean²/size. Counts are whole numbers, `mean` in events per period.
 * `size` above 0; Infinity is the Poisson distribution. With a variance φ·mean, size = mean/(φ - 1): `sizeOf`.
 * Tails through the incomplete beta function (NIST DLMF 8.17.5): relative error about 1e-12 (1e-11 for a size below 0.001), also far out.
 */
export interface NegativeBinomial {
  readonly mean: number;
  readonly size: number;
}
export interface NegativeBinomialCount extends NegativeBinomial {
  readonly count: number;
}

/** Size of the count whose variance is `variance`; Infinity (Poisson) where that is not above the mean. */
export function sizeOf({ mean, variance }: { readonly mean: number; readonly variance: number }): number {
  return variance > mean ? (mean * mean) / (variance - mean) : Infinity;
}

/** From here on a Poisson differs by less than the digits kept: the relative change of a mass is about (count - mean)²/(2 size). */
const POISSON_SIZE = 1e15;

function refuse({ count, mean, size }: NegativeBinomialCount): void {
  if (!(Number.isInteger(count) && mean >= 0 && mean < Infinity && size > 0))
    throw new RangeError(
      `negative binomial needs a whole count, mean >= 0 and size > 0, got count ${count}, mean ${mean}, size ${size}`,
    );
}

/** P(Y = count). Cost: constant. */
export function negativeBinomialPmf(at: NegativeBinomialCount): number {
  refuse(at);
  const { count, mean, size } = at;
  if (size >= POISSON_SIZE) return poissonPmf(at);
  if (count < 0) return 0;
  if (mean === 0) return count === 0 ? 1 : 0;
  if (count === 0) return Math.exp(-size * Math.log1p(mean / size));
  if (size < 1e-3)
    // Loader's form loses digits in Γ(size) here; the plain logarithms do not.
    return Math.exp(
      logGamma(count + size) -
        logGamma(size) -
        logGamma(count + 1) -
        size * Math.log1p(mean / size) +
        count * Math.log(mean / (mean + size)),
    );
  const n = count + size;
  const mass = Math.exp(
    stirlingError(n) -
      stirlingError(count) -
      stirlingError(size) -
      halfDeviance({ x: size, mean: (n * size) / (size + mean) }) -
      halfDeviance({ x: count, mean: (n * mean) / (size + mean) }),
  );
  return (size / n) * mass * Math.sqrt(n / (2 * Math.PI * count * size));
}

/** P(Y <= count). Cost: a few √count terms. */
export function negativeBinomialAtMost(at: NegativeBinomialCount): number {
  refuse(at);
  const { count, mean, size } = at;
  if (size >= POISSON_SIZE) return poissonAtMost(at);
  if (count < 0) return 0;
  if (mean === 0) return 1;
  return betaRatio({ a: size, b: count + 1, x: size / (size + mean), complement: mean / (size + mean) });
}

/** P(Y >= count). Cost: a few √count terms. */
export function negativeBinomialAtLeast(at: NegativeBinomialCount): number {
  refuse(at);
  const { count, mean, size } = at;
  if (size >= POISSON_SIZE) return poissonAtLeast(at);
  if (count <= 0) return 1;
  if (mean === 0) return 0;
  return betaRatio({ a: count, b: size, x: mean / (size + mean), complement: size / (size + mean) });
}

/** P(count + 1) / P(count). */
function massRatio(count: number, mean: number, size: number): number {
  return size >= POISSON_SIZE ? mean / (count + 1) : ((count + size) / (count + 1)) * (mean / (mean + size));
}

/** `tail` is P(Y > count) where the probability is above 1/2, else P(Y <= count): compared in the smaller tail, which keeps its digits. */
function enough(tail: number, probability: number): boolean {
  return probability > 0.5 ? tail <= (1 - probability) * (1 + 1e-13) : tail >= probability * (1 - 1e-13);
}

function reached(
  count: number,
  { mean, size, probability }: NegativeBinomial & { readonly probability: number },
): boolean {
  const tail =
    probability > 0.5
      ? negativeBinomialAtLeast({ count: count + 1, mean, size })
      : negativeBinomialAtMost({ count, mean, size });
  return enough(tail, probability);
}

/** Longest walk of the quantile: its rounding stays far below the digits of a tail. */
const WALK = 40;

/** Smallest count with P(Y <= count) >= probability, probability inside [0, 1). Cost: one tail, or a few where the guess is far. */
export function negativeBinomialQuantile(of: NegativeBinomial & { readonly probability: number }): number {
  const { mean, size, probability } = of;
  if (!(probability >= 0 && probability < 1))
    throw new RangeError(`negativeBinomialQuantile needs a probability in [0, 1), got ${probability}`);
  refuse({ count: 0, mean, size });
  if (mean === 0 || probability === 0) return 0;
  const z = normalQuantile(probability);
  const sd = Math.sqrt(mean + (mean * mean) / size);
  const skew = (1 + (2 * mean) / size) / sd;
  const guess = Math.max(0, Math.floor(mean + sd * (z + (skew * (z * z - 1)) / 6)));
  // Walk from the guess by the recurrence of the mass: one tail instead of one a step. Far guesses go on to the bracket below.
  const upper = probability > 0.5;
  let count = guess;
  let mass = negativeBinomialPmf({ count, mean, size });
  let tail = upper
    ? negativeBinomialAtLeast({ count: count + 1, mean, size })
    : negativeBinomialAtMost({ count, mean, size });
  let steps = 0;
  if (enough(tail, probability))
    for (; steps < WALK && count > 0; steps++) {
      tail = upper ? tail + mass : tail - mass;
      if (!enough(tail, probability)) return count;
      count--;
      mass /= massRatio(count, mean, size);
    }
  else
    for (; steps < WALK; steps++) {
      mass *= massRatio(count, mean, size);
      count++;
      tail = upper ? tail - mass : tail + mass;
      if (enough(tail, probability)) return count;
    }
  if (count === 0) return 0;
  // Bracket by doubled steps, then halve: the guess can be far off where the size is small.
  let low = guess;
  let high = guess;
  let step = 1;
  if (reached(guess, of)) {
    low = guess - 1;
    while (low >= 0 && reached(low, of)) {
      high = low;
      low -= step;
      step *= 2;
    }
    if (low < 0) low = -1;
  } else {
    high = guess + 1;
    while (!reached(high, of)) {
      low = high;
      high += step;
      step *= 2;
    }
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (reached(middle, of)) high = middle;
    else low = middle;
  }
  return high;
}
