/**
 * Sen slope: median of all pairwise slopes (x_j − x_i)/(j − i). Gaps (NaN) are dropped and keep their length: i and j are the
 * original positions. An even number of pairs takes the mean of the middle two.
 * Unit: value per step. null with fewer than two values. Cost O(n² log n) time, O(n²) memory.
 * Source: Sen (1968), JASA 63, 1379–1389.
 */
export function senSlope(series: Float64Array): number | null {
  const slopes = new Float64Array((series.length * (series.length - 1)) / 2);
  let count = 0;
  for (let j = 1; j < series.length; j++) {
    const x = series[j]!;
    for (let i = 0; i < j; i++) {
      const slope = (x - series[i]!) / (j - i);
      if (!Number.isNaN(slope)) slopes[count++] = slope;
    }
  }
  if (count === 0) return null;
  const sorted = slopes.subarray(0, count).sort();
  const middle = count >> 1;
  return count % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
