/**
 * Quasi-Poisson log-linear model with one factor and a straight trend: μ_i = exposure_i · exp(a[level_i] + b·t_i).
 *
 * For a given b the levels are closed: exp(a_l) = Σ ωy / Σ ω·exposure·exp(bt). What is left is one equation in b, solved by Newton on a
 * convex function; the information matrix is an arrow, so standard errors and leverages are closed too. Same maximum as iteratively
 * reweighted least squares on the full design (McCullagh and Nelder 1989, ch. 2, 6, 9), at O(rows) a step.
 */
export interface TrendFactorRows {
  /** Counts, >= 0; the first `rows` entries of each column are used. */
  readonly count: Float64Array;
  /** In a unit that keeps b·t moderate, for example years before the assessed period. */
  readonly time: Float64Array;
  /** 0..levels-1. */
  readonly level: Int32Array;
  /** > 0; 1 where there is none. */
  readonly exposure: Float64Array;
  /** Prior weights ω > 0. */
  readonly weight: Float64Array;
  readonly rows: number;
  readonly levels: number;
}

export interface TrendFactorFit {
  /** b per unit of time; null without a trend. */
  readonly trend: number | null;
  /** exp(a_l): expected count of the level at time 0 and exposure 1; 0 where all counts of the level are 0, NaN for a level without rows. */
  readonly levelMean: Float64Array;
  /** μ_i. */
  readonly fitted: Float64Array;
  /** h_i = w_i x_i'(X'WX)⁻¹x_i; 0 where μ_i is 0. */
  readonly leverage: Float64Array;
  /** Σ ω(y-μ)²/μ / residual degrees of freedom; null without any. */
  readonly dispersion: number | null;
  readonly residualDegrees: number;
  /** Variance of b over the dispersion; NaN without a trend. */
  readonly trendVariance: number;
  /** Variance of the linear predictor of a level at a time, over the dispersion. NaN where the level's mean is 0. */
  readonly linkVariance: (at: { readonly level: number; readonly time: number }) => number;
}

const MAX_STEPS = 60;

/** The fit, or null where the trend asked for cannot be estimated (all counts at one time, or no convergence). Cost: O(rows) a step. */
export function trendFactorFit(
  data: TrendFactorRows,
  { trend, start = 0 }: { readonly trend: boolean; readonly start?: number },
): TrendFactorFit | null {
  const { count, time, level, exposure, weight, rows, levels } = data;
  const total = new Float64Array(levels);
  const members = new Int32Array(levels);
  let scoreOfCounts = 0;
  for (let i = 0; i < rows; i++) {
    const l = level[i]!;
    const wy = weight[i]! * count[i]!;
    total[l]! += wy;
    members[l]!++;
    scoreOfCounts += wy * time[i]!;
  }
  const sum0 = new Float64Array(levels);
  const sum1 = new Float64Array(levels);
  const sum2 = new Float64Array(levels);
  const base = new Float64Array(rows);
  let b = trend ? start : 0;
  let information = 0;
  let converged = !trend;
  for (let step = 0; step < MAX_STEPS; step++) {
    sum0.fill(0);
    sum1.fill(0);
    sum2.fill(0);
    for (let i = 0; i < rows; i++) {
      const l = level[i]!;
      const t = time[i]!;
      const raw = b === 0 ? exposure[i]! : exposure[i]! * Math.exp(b * t);
      base[i] = raw;
      const e = weight[i]! * raw;
      sum0[l]! += e;
      sum1[l]! += e * t;
      sum2[l]! += e * t * t;
    }
    if (converged) break;
    let score = scoreOfCounts;
    information = 0;
    for (let l = 0; l < levels; l++) {
      if (total[l]! === 0) continue;
      const mean = sum1[l]! / sum0[l]!;
      score -= total[l]! * mean;
      information += total[l]! * (sum2[l]! / sum0[l]! - mean * mean);
    }
    if (!(information > 1e-9)) return null;
    let move = score / information;
    if (move > 2) move = 2;
    else if (move < -2) move = -2;
    b += move;
    if (!(Math.abs(b) < 100)) return null;
    // Once more through the sums, so that they belong to the last b.
    if (Math.abs(move) < 1e-9 * (1 + Math.abs(b))) converged = true;
  }
  if (!converged) return null;

  const levelMean = new Float64Array(levels);
  let used = trend ? 1 : 0;
  information = 0;
  for (let l = 0; l < levels; l++) {
    levelMean[l] = members[l] === 0 ? Number.NaN : total[l]! / sum0[l]!;
    if (members[l]! > 0) used++;
    if (total[l]! > 0) {
      const mean = sum1[l]! / sum0[l]!;
      information += total[l]! * (sum2[l]! / sum0[l]! - mean * mean);
    }
  }
  const fitted = base;
  const leverage = new Float64Array(rows);
  let pearson = 0;
  for (let i = 0; i < rows; i++) {
    const l = level[i]!;
    const mu = base[i]! * levelMean[l]!;
    fitted[i] = mu;
    if (!(mu > 0)) continue;
    const w = weight[i]!;
    const gap = count[i]! - mu;
    pearson += (w * gap * gap) / mu;
    let h = 1 / total[l]!;
    if (trend) {
      const away = time[i]! - sum1[l]! / sum0[l]!;
      h += (away * away) / information;
    }
    leverage[i] = w * mu * h;
  }
  const residualDegrees = rows - used;
  return {
    trend: trend ? b : null,
    levelMean,
    fitted,
    leverage,
    dispersion: residualDegrees > 0 ? pearson / residualDegrees : null,
    residualDegrees,
    trendVariance: trend ? 1 / information : Number.NaN,
    linkVariance: (at) => {
      if (!(total[at.level]! > 0)) return Number.NaN;
      const away = at.time - sum1[at.level]! / sum0[at.level]!;
      return 1 / total[at.level]! + (trend ? (away * away) / information : 0);
    },
  };
}
