/**
 * Poisson CUSUM: S_t = max(0, S_{t-1} + z_t - k), alarm when S_t >= h. z standardises the count x with in-control mean m:
 * standard z = (x - m)/√m; rossi z = (x - 3m + 2√(xm))/(2√m) (Rossi, Lampugnani and Marchi 1999, Stat Med 18:2111).
 */
export interface CusumOptions {
  /** Reference value, in standard deviations. */
  readonly k: number;
  /** Decision limit, in standard deviations. */
  readonly h: number;
  readonly transform: 'standard' | 'rossi';
  /** true (our default): back to 0 after an alarm. Without it an alarm hardly ever ends. */
  readonly reset?: boolean;
}

export interface Cusum {
  /** S_t before any reset; a hole (NaN count, mean not above 0) is NaN and leaves S as it was. */
  readonly statistic: Float64Array;
  readonly alarm: Uint8Array;
  /** Smallest real count that brings an alarm, given S_{t-1}; NaN in holes. */
  readonly upper: Float64Array;
}

/** `mean`: in-control mean m per period, events. Cost: one pass. */
export function poissonCusum(counts: Float64Array, mean: Float64Array, options: CusumOptions): Cusum {
  const { k, h, transform, reset = true } = options;
  const n = counts.length;
  const statistic = new Float64Array(n).fill(Number.NaN);
  const upper = new Float64Array(n).fill(Number.NaN);
  const alarm = new Uint8Array(n);
  let s = 0;
  for (let t = 0; t < n; t++) {
    const x = counts[t]!;
    const m = mean[t]!;
    if (!(x >= 0) || !(m > 0)) continue;
    const root = Math.sqrt(m);
    const needed = h + k - s;
    // Rossi's z is quadratic in √x: (√x + √m)² = 2√m·z + 4m.
    upper[t] =
      transform === 'standard'
        ? m + needed * root
        : Math.max(0, Math.sqrt(Math.max(0, 2 * root * needed + 4 * m)) - root) ** 2;
    const z = transform === 'standard' ? (x - m) / root : (x - 3 * m + 2 * Math.sqrt(x * m)) / (2 * root);
    s = Math.max(0, s + z - k);
    statistic[t] = s;
    if (s >= h) {
      alarm[t] = 1;
      if (reset) s = 0;
    }
  }
  return { statistic, alarm, upper };
}
