/**
 * Downweighting of past exceedances by standardised Anscombe residuals (Farrington et al. 1996; threshold 2.58 Noufaily et al. 2013):
 *
 *     s_i = 1.5 (y^(2/3) μ^(-1/6) - μ^(1/2)) / √(φ(1 - h_i)),    ω_i = γ s_i^-2 where s_i > threshold, else γ,    Σω = n
 *
 * Writes ω into `weight`. s is 0 where μ is 0. Returns how many rows were downweighted. Cost: one pass, a cube root a row.
 */
export function anscombeWeights(
  fit: {
    readonly count: Float64Array;
    readonly fitted: Float64Array;
    readonly leverage: Float64Array;
    readonly rows: number;
    readonly dispersion: number;
  },
  threshold: number,
  weight: Float64Array,
): number {
  const { count, fitted, leverage, rows, dispersion } = fit;
  let sum = 0;
  let lowered = 0;
  for (let i = 0; i < rows; i++) {
    const mu = fitted[i]!;
    let raw = 1;
    // At or below its mean s is not positive: no roots needed.
    if (count[i]! > mu && mu > 0) {
      const y = count[i]!;
      const root = Math.sqrt(mu);
      const free = Math.max(1e-12, 1 - leverage[i]!);
      const s = (1.5 * (Math.cbrt(y * y) / Math.cbrt(root) - root)) / Math.sqrt(dispersion * free);
      if (s > threshold) {
        raw = 1 / (s * s);
        lowered++;
      }
    }
    weight[i] = raw;
    sum += raw;
  }
  const gamma = rows / sum;
  for (let i = 0; i < rows; i++) weight[i]! *= gamma;
  return lowered;
}
