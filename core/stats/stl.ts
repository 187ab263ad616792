/**
 * STL: seasonal-trend decomposition by loess (Cleveland, Cleveland, McRae and Terpenning 1990, J. Official Statistics 6:3), the algorithm of
 * the authors' netlib program. For display. The last points move when data arrive: no alert rests on it alone.
 */
export interface StlOptions {
  /** Periods of a season; at least 2. */
  readonly period: number;
  /** Loess windows in periods, odd, at least 3: seasonal, trend, low pass. */
  readonly seasonalWindow: number;
  readonly trendWindow: number;
  readonly lowPassWindow: number;
  /** Degree of the local polynomials; 0 or 1. */
  readonly seasonalDegree: 0 | 1;
  readonly trendDegree: 0 | 1;
  readonly lowPassDegree: 0 | 1;
  /** Loess is evaluated at every jump-th point, between them linear. */
  readonly seasonalJump: number;
  readonly trendJump: number;
  readonly lowPassJump: number;
  readonly inner: number;
  /** Robustness iterations; 0 = not robust. */
  readonly outer: number;
  /** The seasonal part is replaced by its mean over all cycles. */
  readonly periodic: boolean;
}

const odd = (x: number): number => {
  const whole = Math.ceil(x);
  return whole % 2 === 0 ? whole + 1 : whole;
};

/** The usual settings for a season of `period` with a fixed seasonal pattern (the authors' section 3.3-3.6). */
export function stlPeriodic({
  period,
  length,
  robust,
}: {
  readonly period: number;
  readonly length: number;
  readonly robust: boolean;
}): StlOptions {
  const seasonalWindow = 10 * length + 1;
  return {
    period,
    seasonalWindow,
    trendWindow: odd((1.5 * period) / (1 - 1.5 / seasonalWindow)),
    lowPassWindow: odd(period),
    seasonalDegree: 0,
    trendDegree: 1,
    lowPassDegree: 1,
    seasonalJump: 1,
    trendJump: 1,
    lowPassJump: 1,
    inner: robust ? 1 : 2,
    outer: robust ? 15 : 0,
    periodic: true,
  };
}

export type Stl =
  | {
      readonly kind: 'decomposed';
      readonly seasonal: Float64Array;
      readonly trend: Float64Array;
      readonly remainder: Float64Array;
    }
  | { readonly kind: 'not-assessable'; readonly why: 'too-few-periods' | 'missing' };

interface Loess {
  readonly window: number;
  readonly degree: 0 | 1;
  readonly jump: number;
}

/** Positions count from 1, as in the authors' text; `at` may lie one outside the data. NaN where no weight is left. */
function loessAt(
  y: Float64Array,
  n: number,
  { window, degree }: Loess,
  { at, left, right }: { readonly at: number; readonly left: number; readonly right: number },
  robustness: Float64Array | null,
  w: Float64Array,
): number {
  let h = Math.max(at - left, right - at);
  if (window > n) h += Math.floor((window - n) / 2);
  const far = 0.999 * h;
  const near = 0.001 * h;
  let sum = 0;
  for (let j = left; j <= right; j++) {
    const r = Math.abs(j - at);
    let value = 0;
    if (r <= far) {
      if (r <= near) value = 1;
      else {
        const q = r / h;
        const c = 1 - q * q * q;
        value = c * c * c;
      }
      if (robustness !== null) value *= robustness[j - 1]!;
      sum += value;
    }
    w[j - 1] = value;
  }
  if (sum <= 0) return Number.NaN;
  for (let j = left; j <= right; j++) w[j - 1]! /= sum;
  if (h > 0 && degree > 0) {
    let centre = 0;
    for (let j = left; j <= right; j++) centre += w[j - 1]! * j;
    let spread = 0;
    for (let j = left; j <= right; j++) spread += w[j - 1]! * (j - centre) * (j - centre);
    if (Math.sqrt(spread) > 0.001 * (n - 1)) {
      const slope = (at - centre) / spread;
      for (let j = left; j <= right; j++) w[j - 1]! *= slope * (j - centre) + 1;
    }
  }
  let value = 0;
  for (let j = left; j <= right; j++) value += w[j - 1]! * y[j - 1]!;
  return value;
}

/** Loess at all n points, into `out` from `offset`. */
function loess(
  y: Float64Array,
  n: number,
  how: Loess,
  robustness: Float64Array | null,
  out: Float64Array,
  offset: number,
  w: Float64Array,
): void {
  if (n < 2) {
    out[offset] = y[0]!;
    return;
  }
  const jump = Math.min(how.jump, n - 1);
  const half = Math.floor((how.window + 1) / 2);
  let left = 1;
  let right = Math.min(how.window, n);
  const put = (i: number): void => {
    const value = loessAt(y, n, how, { at: i, left, right }, robustness, w);
    out[offset + i - 1] = Number.isNaN(value) ? y[i - 1]! : value;
  };
  for (let i = 1; i <= n; i += jump) {
    if (how.window < n) {
      if (jump === 1) {
        if (i > half && right !== n) {
          left++;
          right++;
        }
      } else {
        left = i < half ? 1 : i >= n - half + 1 ? n - how.window + 1 : i - half + 1;
        right = left + how.window - 1;
      }
    }
    put(i);
  }
  if (jump === 1) return;
  const between = (from: number, to: number): void => {
    const delta = (out[offset + to - 1]! - out[offset + from - 1]!) / (to - from);
    for (let j = from + 1; j < to; j++) out[offset + j - 1] = out[offset + from - 1]! + delta * (j - from);
  };
  let last = 1;
  for (let i = 1; i <= n - jump; i += jump) {
    between(i, i + jump);
    last = i + jump;
  }
  if (last !== n) {
    put(n);
    between(last, n);
  }
}

/** Moving average over `length` of the first n values: n - length + 1 values. */
function movingAverage(x: Float64Array, n: number, length: number, out: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += x[i]!;
  out[0] = sum / length;
  for (let i = length; i < n; i++) {
    sum += x[i]! - x[i - length]!;
    out[i - length + 1] = sum / length;
  }
}

/** The decomposition; at least two whole seasons without a hole. Cost: (inner × (outer + 1)) × periods × windows. */
export function stl(values: Float64Array, options: StlOptions): Stl {
  const n = values.length;
  const { period } = options;
  if (period < 2 || n < 2 * period) return { kind: 'not-assessable', why: 'too-few-periods' };
  for (let i = 0; i < n; i++) if (!Number.isFinite(values[i]!)) return { kind: 'not-assessable', why: 'missing' };
  const seasonalLoess = { window: options.seasonalWindow, degree: options.seasonalDegree, jump: options.seasonalJump };
  const trendLoess = { window: options.trendWindow, degree: options.trendDegree, jump: options.trendJump };
  const lowLoess = { window: options.lowPassWindow, degree: options.lowPassDegree, jump: options.lowPassJump };
  const long = n + 2 * period;
  const seasonal = new Float64Array(n);
  const trend = new Float64Array(n);
  const detrended = new Float64Array(n);
  const cycle = new Float64Array(long);
  const averaged = new Float64Array(long);
  const averagedTwice = new Float64Array(long);
  const low = new Float64Array(n);
  const w = new Float64Array(long);
  const longest = Math.ceil(n / period) + 2;
  const sub = new Float64Array(longest);
  const subWeight = new Float64Array(longest);
  const smooth = new Float64Array(longest + 2);
  let robustness: Float64Array | null = null;

  const cycleSubseries = (): void => {
    for (let j = 0; j < period; j++) {
      const k = Math.floor((n - j - 1) / period) + 1;
      for (let i = 0; i < k; i++) sub[i] = detrended[i * period + j]!;
      if (robustness !== null) for (let i = 0; i < k; i++) subWeight[i] = robustness[i * period + j]!;
      const weights = robustness === null ? null : subWeight;
      loess(sub, k, seasonalLoess, weights, smooth, 1, w);
      const before = loessAt(
        sub,
        k,
        seasonalLoess,
        { at: 0, left: 1, right: Math.min(seasonalLoess.window, k) },
        weights,
        w,
      );
      smooth[0] = Number.isNaN(before) ? smooth[1]! : before;
      const left = Math.max(1, k - seasonalLoess.window + 1);
      const after = loessAt(sub, k, seasonalLoess, { at: k + 1, left, right: k }, weights, w);
      smooth[k + 1] = Number.isNaN(after) ? smooth[k]! : after;
      for (let m = 0; m < k + 2; m++) cycle[m * period + j] = smooth[m]!;
    }
  };

  for (let round = 0; round <= options.outer; round++) {
    for (let step = 0; step < options.inner; step++) {
      for (let i = 0; i < n; i++) detrended[i] = values[i]! - trend[i]!;
      cycleSubseries();
      movingAverage(cycle, long, period, averaged);
      movingAverage(averaged, n + period + 1, period, averagedTwice);
      movingAverage(averagedTwice, n + 2, 3, averaged);
      loess(averaged, n, lowLoess, null, low, 0, w);
      for (let i = 0; i < n; i++) {
        seasonal[i] = cycle[period + i]! - low[i]!;
        detrended[i] = values[i]! - seasonal[i]!;
      }
      loess(detrended, n, trendLoess, robustness, trend, 0, w);
    }
    if (round < options.outer) robustness = bisquare(values, seasonal, trend);
  }
  if (options.periodic)
    for (let j = 0; j < period; j++) {
      let sum = 0;
      let k = 0;
      for (let i = j; i < n; i += period) {
        sum += seasonal[i]!;
        k++;
      }
      for (let i = j; i < n; i += period) seasonal[i] = sum / k;
    }
  const remainder = new Float64Array(n);
  for (let i = 0; i < n; i++) remainder[i] = values[i]! - seasonal[i]! - trend[i]!;
  return { kind: 'decomposed', seasonal, trend, remainder };
}

/** Bisquare weights of the remainder, scale 6 × median absolute remainder. */
function bisquare(values: Float64Array, seasonal: Float64Array, trend: Float64Array): Float64Array {
  const n = values.length;
  const size = new Float64Array(n);
  for (let i = 0; i < n; i++) size[i] = Math.abs(values[i]! - seasonal[i]! - trend[i]!);
  const sorted = size.slice().sort();
  const scale = 3 * (sorted[Math.floor(n / 2)]! + sorted[n - Math.floor(n / 2) - 1]!);
  for (let i = 0; i < n; i++) {
    const r = size[i]!;
    if (r <= 0.001 * scale) size[i] = 1;
    else if (r <= 0.999 * scale) size[i] = (1 - (r / scale) ** 2) ** 2;
    else size[i] = 0;
  }
  return size;
}
