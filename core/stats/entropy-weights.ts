/**
 * Entropy weights of normalised indicators (values >= 0), a diagnostic only: they reward dispersion, not importance.
 *
 *     p_ij = v_ij / Σ_i v_ij      e_j = −Σ_i p_ij ln p_ij / ln n   (0 ln 0 = 0)      w_j = (1 − e_j) / Σ_j (1 − e_j)
 *
 * Null for fewer than two rows, a NaN, a negative value, an indicator that sums to 0, or when all indicators are constant.
 * Cost O(n m). @see Shannon (1948); Zeleny (1982)
 */
export function entropyWeights(
  columns: readonly ArrayLike<number>[],
): { readonly entropy: Float64Array; readonly weights: Float64Array } | null {
  const n = columns[0]?.length ?? 0;
  if (n < 2 || columns.some((column) => column.length !== n)) return null;
  const entropy = new Float64Array(columns.length);
  let spread = 0;
  for (let j = 0; j < columns.length; j++) {
    const column = columns[j] as ArrayLike<number>;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      if (!((column[i] as number) >= 0)) return null;
      sum += column[i] as number;
    }
    if (!(sum > 0) || sum === Number.POSITIVE_INFINITY) return null;
    let bits = 0;
    for (let i = 0; i < n; i++) {
      const p = (column[i] as number) / sum;
      if (p > 0) bits -= p * Math.log(p);
    }
    entropy[j] = bits / Math.log(n);
    spread += 1 - (entropy[j] as number);
  }
  // Rounding alone leaves about 1e-16 a column.
  return spread > 1e-12 ? { entropy, weights: entropy.map((e) => (1 - e) / spread) } : null;
}
