/** Monte Carlo p by rank: (r + 1) / (m + 1), r = simulated values ≥ the observed one (Dwass 1957). Null without simulations. */
export function monteCarloP(simulated: Float64Array, observed: number): number | null {
  const m = simulated.length;
  if (m === 0 || Number.isNaN(observed)) return null;
  // A simulated value equal up to rounding counts as equal.
  const bar = observed - 1e-9 * Math.max(1, Math.abs(observed));
  let atLeast = 0;
  for (let i = 0; i < m; i++) if ((simulated[i] as number) >= bar) atLeast++;
  return (atLeast + 1) / (m + 1);
}

/** Quantile of simulated values, linear between order statistics (R type 7). Null without values or outside 0 … 1. */
export function simulatedQuantile(simulated: Float64Array, probability: number): number | null {
  const n = simulated.length;
  if (n === 0 || !(probability >= 0 && probability <= 1)) return null;
  const sorted = simulated.slice().sort();
  const at = (n - 1) * probability;
  const low = Math.floor(at);
  const value = sorted[low] as number;
  return low + 1 < n ? value + (at - low) * ((sorted[low + 1] as number) - value) : value;
}
