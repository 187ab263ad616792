import { betaRatio } from './beta.ts';

/** `successes` of `trials`; both may be fractional (effective counts), 0 <= successes <= trials. */
export interface Proportion {
  readonly successes: number;
  readonly trials: number;
}

/** x with I_x(a, b) = probability, by bisection to the last bit. */
function betaQuantile(shape: { readonly a: number; readonly b: number }, probability: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (betaRatio({ ...shape, x: middle }) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Exact (Clopper–Pearson) interval of a proportion; covers at least `level`. Null without trials. Cost about 60 incomplete betas a side.
 * @see Clopper and Pearson (1934), Biometrika 26, 404–413
 */
export function binomialInterval(
  { successes, trials }: Proportion,
  level = 0.95,
): { readonly lower: number; readonly upper: number } | null {
  if (!(trials > 0 && successes >= 0 && successes <= trials && level > 0 && level < 1)) return null;
  const failures = trials - successes;
  const tail = (1 - level) / 2;
  return {
    lower: successes === 0 ? 0 : betaQuantile({ a: successes, b: failures + 1 }, tail),
    upper: failures === 0 ? 1 : betaQuantile({ a: successes + 1, b: failures }, 1 - tail),
  };
}
