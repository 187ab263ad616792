/** How many of the sorted (rising) values are below the value, or also equal to it when `orEqual`. Cost O(log n). */
export function countBelow(sorted: Float64Array, value: number, orEqual: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const here = sorted[middle] as number;
    if (here < value || (orEqual && here === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The values that are there, rising. */
export function sortedValues(values: ArrayLike<number>): Float64Array {
  const sorted = new Float64Array(values).sort(); // NaN last
  let n = sorted.length;
  while (n > 0 && Number.isNaN(sorted[n - 1])) n--;
  return sorted.subarray(0, n);
}

/**
 * Ranks from 1; equal values share the mean of their ranks. NaN stays NaN and takes no rank.
 * `highest-first` gives rank 1 to the largest value. Cost O(n log n).
 */
export function averageRanks(
  values: ArrayLike<number>,
  order: 'lowest-first' | 'highest-first' = 'lowest-first',
): Float64Array {
  const sorted = sortedValues(values);
  const ranks = new Float64Array(values.length).fill(Number.NaN);
  for (let i = 0; i < ranks.length; i++) {
    const value = values[i] as number;
    if (Number.isNaN(value)) continue;
    const rank = (countBelow(sorted, value, false) + 1 + countBelow(sorted, value, true)) / 2;
    ranks[i] = order === 'lowest-first' ? rank : sorted.length + 1 - rank;
  }
  return ranks;
}
