/**
 * Ranks from 1; equal values share the mean of their ranks. NaN stays NaN and takes no rank.
 * `highest-first` gives rank 1 to the largest value. Cost O(n log n).
 */
export function averageRanks(
  values: ArrayLike<number>,
  order: 'lowest-first' | 'highest-first' = 'lowest-first',
): Float64Array {
  const sign = order === 'lowest-first' ? 1 : -1;
  const ranks = new Float64Array(values.length).fill(Number.NaN);
  const index = Uint32Array.from({ length: values.length }, (_, i) => i)
    .filter((i) => !Number.isNaN(values[i]))
    .sort((a, b) => sign * ((values[a] as number) - (values[b] as number)) || a - b);
  for (let from = 0; from < index.length; ) {
    let end = from + 1;
    while (end < index.length && values[index[end] as number] === values[index[from] as number]) end++;
    for (let i = from; i < end; i++) ranks[index[i] as number] = (from + 1 + end) / 2;
    from = end;
  }
  return ranks;
}
