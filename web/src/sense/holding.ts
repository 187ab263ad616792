/** Row whose finest cells hold the id: `firstId[row] <= id < endId[row]`; null = none does. Rows are ascending and disjoint. */
export function rowHolding(
  { firstId, endId }: { readonly firstId: Uint32Array; readonly endId: Uint32Array },
  id: number,
): number | null {
  let low = 0;
  let high = firstId.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (id < firstId[middle]!) high = middle - 1;
    else if (id >= endId[middle]!) low = middle + 1;
    else return middle;
  }
  return null;
}
