/** How class breaks are chosen; see docs/methods of the map in docs/architecture.md. */
export type ScaleChoice =
  | { readonly method: 'quantile' }
  | { readonly method: 'jenks' }
  | { readonly method: 'fixed'; readonly breaks: readonly number[] };

export const DEFAULT_SCALE: ScaleChoice = { method: 'quantile' };
/** Round numbers; what a reader starts from who wants the same classes in every picture. */
export const FIXED_BREAKS: readonly number[] = [1, 5, 10, 20, 50, 100];
const MOST_CLASSES = 7;

/** Ascending whole numbers from 1 … 7 of them; null = not such a list. */
export function fixedBreaks(text: string): readonly number[] | null {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length > MOST_CLASSES || parts.some((part) => !/^[1-9]\d{0,8}$/.test(part))) return null;
  const breaks = parts.map(Number);
  return breaks.every((value, i) => i === 0 || value > breaks[i - 1]!) ? breaks : null;
}

/** More distinct counts than this are taken together first: the search is quadratic in the worst case. */
const MOST_VALUES = 1500;

/**
 * Natural breaks: the classes in which the squared distances from the class means are least (Fisher 1958, known by Jenks 1977).
 * Exact for up to 1,500 distinct counts; above that counts that differ by less than a share are taken together first.
 *
 * @param histogram how many times each count above 0 occurs
 * @returns first count of each class, ascending, the first one 1; fewer classes where there are fewer distinct counts
 * @see Fisher (1958), "On grouping for maximum homogeneity", JASA 53, 789–798
 */
export function jenksBreaks(histogram: ReadonlyMap<number, number>, classes: number): number[] {
  const { values, weights } = condensed(histogram);
  const n = values.length;
  if (n === 0) return [1];
  const k = Math.min(classes, n);
  const mean = values.reduce((sum, value, i) => sum + value * weights[i]!, 0) / weights.reduce((a, b) => a + b, 0);
  // Running sums about the mean: squares of large counts would lose the small differences.
  const w = new Float64Array(n + 1);
  const wx = new Float64Array(n + 1);
  const wxx = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    const x = values[i]! - mean;
    w[i + 1] = w[i]! + weights[i]!;
    wx[i + 1] = wx[i]! + weights[i]! * x;
    wxx[i + 1] = wxx[i]! + weights[i]! * x * x;
  }
  const cost = (from: number, end: number) => {
    const weight = w[end]! - w[from]!;
    const sum = wx[end]! - wx[from]!;
    return Math.max(0, wxx[end]! - wxx[from]! - (sum * sum) / weight);
  };
  let best = Float64Array.from({ length: n + 1 }, (_, end) => (end === 0 ? 0 : cost(0, end)));
  const starts: Int32Array[] = [];
  for (let used = 2; used <= k; used++) {
    const { costs, at } = oneMore(best, used, cost);
    best = costs;
    starts.push(at);
  }
  const breaks: number[] = [];
  let end = n;
  for (let used = k; used >= 2; used--) {
    end = starts[used - 2]![end]!;
    breaks.unshift(values[end]!);
  }
  return [1, ...breaks];
}

/** Least cost with one class more; where the last class starts moves only up with the end, so each half is searched once. */
function oneMore(before: Float64Array, used: number, cost: (from: number, end: number) => number) {
  const n = before.length - 1;
  const costs = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY);
  const at = new Int32Array(n + 1);
  const search = (low: number, high: number, least: number, most: number): void => {
    if (low > high) return;
    const end = (low + high) >> 1;
    for (let from = Math.max(least, used - 1); from <= Math.min(most, end - 1); from++) {
      const total = before[from]! + cost(from, end);
      if (total < costs[end]!) {
        costs[end] = total;
        at[end] = from;
      }
    }
    search(low, end - 1, least, at[end]!);
    search(end + 1, high, at[end]!, most);
  };
  search(used, n, used - 1, n - 1);
  return { costs, at };
}

function condensed(histogram: ReadonlyMap<number, number>): {
  readonly values: readonly number[];
  readonly weights: readonly number[];
} {
  const all = [...histogram].filter(([value, times]) => value > 0 && times > 0).sort((a, b) => a[0] - b[0]);
  if (all.length <= MOST_VALUES) return { values: all.map(([value]) => value), weights: all.map(([, times]) => times) };
  // Exact up to the middle of the allowed number, then steps that grow with the count.
  const values: number[] = [];
  const weights: number[] = [];
  const exact = MOST_VALUES / 2;
  const from = all[exact]![0];
  const ratio = (all.at(-1)![0] / from) ** (1 / exact);
  for (const [i, [value, times]] of all.entries()) {
    const last = values.length - 1;
    if (i > exact && last >= 0 && value < values[last]! * ratio) weights[last] = weights[last]! + times;
    else {
      values.push(value);
      weights.push(times);
    }
  }
  return { values, weights };
}
