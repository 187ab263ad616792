/**
 * The partial sort that the authors' STL program takes its median with: Singleton's quicksort (CACM 12:185, algorithm 347), which goes on
 * only in segments that hold a wanted position. It asks for the two middle positions of an even count in *descending* order, although the
 * sort needs them ascending, so now and then the upper one is not put in its place and the "median" is too large. Kept so that the
 * program's published results can be compared with; nothing else uses it (`stl` takes the true median).
 */
const SHORT = 10;

/** Sorts `a` far enough that `a[wanted[i]]` would be in its place if `wanted` ascended. Positions count from 0. In place. */
export function netlibPartialSort(a: Float64Array, wanted: readonly number[]): void {
  const open: { i: number; j: number; first: number; last: number }[] = [
    { i: 0, j: a.length - 1, first: 0, last: wanted.length - 1 },
  ];
  for (let segment = open.pop(); segment; segment = open.pop()) {
    let { i, j, first, last } = segment;
    let isWanted = first <= last;
    // The first segment is always split, however short, as the program does.
    while (isWanted && (j - i > SHORT || (i === 0 && i < j))) {
      const { lower, upper } = split(a, i, j);
      // The longer part waits with its share of the wanted positions.
      if (lower - i <= j - upper) {
        const right = { i: upper, j, first, last };
        j = lower;
        while (first <= last && (wanted[last] as number) > j) last--;
        right.first = last + 1;
        open.push(right);
      } else {
        const left = { i, j: lower, first, last };
        i = upper;
        while (first <= last && (wanted[first] as number) < i) first++;
        left.last = first - 1;
        open.push(left);
      }
      isWanted = first <= last;
    }
    if (isWanted) insertionSort(a, i, j);
  }
}

/** Median-of-three split: everything up to `lower` is at most the pivot, everything from `upper` on at least. */
function split(a: Float64Array, i: number, j: number): { readonly lower: number; readonly upper: number } {
  const middle = Math.floor((i + j + 2) / 2) - 1;
  let pivot = a[middle]!;
  const exchange = (at: number): void => {
    a[middle] = a[at]!;
    a[at] = pivot;
    pivot = a[middle]!;
  };
  if (a[i]! > pivot) exchange(i);
  if (a[j]! < pivot) {
    exchange(j);
    if (a[i]! > pivot) exchange(i);
  }
  let upper = i;
  let lower = j;
  for (;;) {
    do lower--;
    while (a[lower]! > pivot);
    const low = a[lower]!;
    do upper++;
    while (a[upper]! < pivot);
    if (upper > lower) return { lower, upper };
    a[lower] = a[upper]!;
    a[upper] = low;
  }
}

function insertionSort(a: Float64Array, i: number, j: number): void {
  for (let k = i + 1; k <= j; k++) {
    const value = a[k]!;
    let at = k - 1;
    while (at >= i && a[at]! > value) {
      a[at + 1] = a[at]!;
      at--;
    }
    a[at + 1] = value;
  }
}
