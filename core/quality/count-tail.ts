/**
 * Tails of counts: negative binomial by mean and variance, Poisson where the variance is not larger than the mean.
 *
 * Every function takes what is expected of a *new* count, so the caller adds the uncertainty of its own mean to the variance.
 */
export interface ExpectedCount {
  readonly mean: number;
  readonly variance: number;
}

/** P(X <= n). Cost: the terms until they no longer count, at most n + 1. */
export function atMost(n: number, { mean, variance }: ExpectedCount): number {
  if (mean <= 0) return 1;
  if (n > mean) return Math.max(0, 1 - sumUp(n + 1, mean, variance));
  let term = Math.exp(logMass(n, mean, variance));
  let sum = 0;
  for (let x = n; x >= 0 && term > sum * 1e-17; x--) {
    sum += term;
    term /= ratio(x - 1, mean, variance);
  }
  return Math.min(1, sum);
}

/** P(X >= n). Cost as `atMost`. */
export function atLeast(n: number, expected: ExpectedCount): number {
  if (n <= 0) return 1;
  if (expected.mean <= 0) return 0;
  return n <= expected.mean
    ? Math.max(0, 1 - atMost(n - 1, expected))
    : Math.min(1, sumUp(n, expected.mean, expected.variance));
}

/** P(X >= n) for n above the mean: terms fall from the first on. */
function sumUp(n: number, mean: number, variance: number): number {
  let term = Math.exp(logMass(n, mean, variance));
  let sum = 0;
  for (let x = n; term > sum * 1e-17 && x < n + 1e6; x++) {
    sum += term;
    term *= ratio(x, mean, variance);
  }
  return sum;
}

/** Below this excess of the variance a negative binomial is a Poisson to more digits than are kept. */
const POISSON_EXCESS = 1e-6;

/** P(x + 1) / P(x). */
function ratio(x: number, mean: number, variance: number): number {
  if (variance <= mean * (1 + POISSON_EXCESS)) return mean / (x + 1);
  const size = (mean * mean) / (variance - mean);
  return ((x + size) / (x + 1)) * (mean / (mean + size));
}

function logMass(n: number, mean: number, variance: number): number {
  if (variance <= mean * (1 + POISSON_EXCESS)) return n * Math.log(mean) - mean - logGamma(n + 1);
  const size = (mean * mean) / (variance - mean);
  return (
    logGamma(n + size) -
    logGamma(size) -
    logGamma(n + 1) +
    size * Math.log(size / (size + mean)) +
    n * Math.log(mean / (size + mean))
  );
}

/** ln Γ(x), x > 0: Stirling's series above 12, reached by the recurrence; error below 1e-12. */
function logGamma(x: number): number {
  let shift = 0;
  let y = x;
  while (y < 12) shift += Math.log(y++);
  const inverse = 1 / y;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
