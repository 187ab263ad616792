import { gammaP, gammaQ, poissonDensity } from './gamma.ts';
import { normalQuantile } from './normal.ts';

/**
 * Poisson distribution, exact tails. Counts are whole numbers; `mean` is in events per period, at least 0.
 * Tails through the incomplete gamma function (NIST DLMF 8.4.9): relative error about 1e-13, also far out.
 */
export interface PoissonCount {
  readonly count: number;
  readonly mean: number;
}

function refuse({ count, mean }: PoissonCount): void {
  if (!(Number.isInteger(count) && mean >= 0 && mean < Infinity))
    throw new RangeError(`Poisson needs a whole count and a mean >= 0, got count ${count}, mean ${mean}`);
}

/** P(Y = count). Cost: constant. */
export function poissonPmf(at: PoissonCount): number {
  refuse(at);
  return at.count < 0 ? 0 : poissonDensity({ shape: at.count, x: at.mean });
}

/** P(Y <= count). Cost: a few √count terms. */
export function poissonAtMost(at: PoissonCount): number {
  refuse(at);
  if (at.count < 0) return 0;
  return at.mean === 0 ? 1 : gammaQ({ shape: at.count + 1, x: at.mean });
}

/** P(Y >= count). Cost: a few √count terms. */
export function poissonAtLeast(at: PoissonCount): number {
  refuse(at);
  if (at.count <= 0) return 1;
  return at.mean === 0 ? 0 : gammaP({ shape: at.count, x: at.mean });
}

/** P(Y > count) + P(Y = count)/2: the mid-p of an upper tail. */
export function poissonMidP(at: PoissonCount): number {
  return poissonAtLeast({ count: at.count + 1, mean: at.mean }) + 0.5 * poissonPmf(at);
}

/** Smallest count with P(Y <= count) >= probability, probability inside [0, 1). Cost: a few tails. */
export function poissonQuantile({
  probability,
  mean,
}: {
  readonly probability: number;
  readonly mean: number;
}): number {
  if (!(probability >= 0 && probability < 1))
    throw new RangeError(`poissonQuantile needs a probability in [0, 1), got ${probability}`);
  refuse({ count: 0, mean });
  if (mean === 0 || probability === 0) return 0;
  const z = normalQuantile(probability);
  let count = Math.max(0, Math.floor(mean + z * Math.sqrt(mean) + (z * z - 1) / 6));
  const above = 1 - probability;
  // Compared in the smaller tail, so that a probability near 1 keeps its digits.
  const reached = (n: number) =>
    probability > 0.5
      ? poissonAtLeast({ count: n + 1, mean }) <= above * (1 + 1e-14)
      : poissonAtMost({ count: n, mean }) >= probability * (1 - 1e-14);
  if (reached(count)) while (count > 0 && reached(count - 1)) count--;
  else while (!reached(count)) count++;
  return count;
}
