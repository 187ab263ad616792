/**
 * Holt-Winters exponential smoothing with given weights and start values (Holt 1957, Winters 1960), for display and forecasts.
 * Additive: fit = level + trend + season; multiplicative: (level + trend)·season. The recursion starts one season into the series.
 */
export interface HoltWintersOptions {
  readonly seasonal: 'additive' | 'multiplicative';
  /** Weights in [0, 1] of level, trend and season. */
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly levelStart: number;
  readonly trendStart: number;
  /** One value per period of the season. */
  readonly seasonStart: Float64Array;
}

export interface HoltWinters {
  /** One-step forecasts of observations season.. to the end. */
  readonly fitted: Float64Array;
  /** State before each of them was seen. */
  readonly level: Float64Array;
  readonly trend: Float64Array;
  readonly season: Float64Array;
  readonly squaredErrorSum: number;
  readonly forecast: Float64Array;
}

/** A hole (NaN) leaves the state to run on by its own trend. null where the series is not longer than the season. Cost: one pass. */
export function holtWinters(values: Float64Array, options: HoltWintersOptions, horizon: number): HoltWinters | null {
  const { alpha, beta, gamma, seasonStart } = options;
  const period = seasonStart.length;
  const n = values.length - period;
  if (period === 0 || n < 1) return null;
  const times = options.seasonal === 'multiplicative';
  const fitted = new Float64Array(n);
  const level = new Float64Array(n);
  const trend = new Float64Array(n);
  const season = new Float64Array(n);
  const cycle = Float64Array.from(seasonStart);
  let l = options.levelStart;
  let b = options.trendStart;
  let squaredErrorSum = 0;
  for (let i = 0; i < n; i++) {
    const slot = i % period;
    const s = cycle[slot]!;
    const base = l + b;
    level[i] = l;
    trend[i] = b;
    season[i] = s;
    fitted[i] = times ? base * s : base + s;
    const y = values[period + i]!;
    if (Number.isNaN(y)) {
      l = base;
      continue;
    }
    squaredErrorSum += (y - fitted[i]!) ** 2;
    const next = alpha * (times ? y / s : y - s) + (1 - alpha) * base;
    b = beta * (next - l) + (1 - beta) * b;
    cycle[slot] = gamma * (times ? y / next : y - next) + (1 - gamma) * s;
    l = next;
  }
  const forecast = new Float64Array(horizon);
  for (let h = 1; h <= horizon; h++) {
    const s = cycle[(n + h - 1) % period]!;
    forecast[h - 1] = times ? (l + h * b) * s : l + h * b + s;
  }
  return { fitted, level, trend, season, squaredErrorSum, forecast };
}
