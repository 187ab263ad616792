/**
 * Dispersion of a weekly series that has no published one (a single source): from the changes between neighbouring weeks,
 *
 *     z_t = 2 (√n_t − √n_{t−1}),   φ = max(1, median z² / (2 × 0.4549))
 *
 * For Poisson counts z has variance 2; 0.4549 is the median of χ²₁. The median, so that a single odd week does not widen what is
 * called normal. Up to 52 weeks before `end`.
 *
 * @param known is the count of the week whole: seven days, filled, delivered
 * @returns φ >= 1; null with fewer than 12 pairs of weeks. Cost: 52
 */
export function weekDispersion(counts: ArrayLike<number>, known: readonly boolean[], end: number): number | null {
  const squares: number[] = [];
  for (let week = Math.max(1, end - WEEKS); week < end; week++) {
    if (!known[week] || !known[week - 1]) continue;
    squares.push((2 * (Math.sqrt(counts[week] as number) - Math.sqrt(counts[week - 1] as number))) ** 2);
  }
  if (squares.length < LEAST_PAIRS) return null;
  squares.sort((a, b) => a - b);
  const middle = squares.length >> 1;
  const median =
    squares.length % 2 === 1
      ? (squares[middle] as number)
      : ((squares[middle - 1] as number) + (squares[middle] as number)) / 2;
  return Math.max(1, median / (2 * MEDIAN_CHI_SQUARE));
}

const WEEKS = 52;
const LEAST_PAIRS = 12;
const MEDIAN_CHI_SQUARE = 0.4549;
