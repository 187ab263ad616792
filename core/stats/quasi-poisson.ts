import { anscombeWeights } from './anscombe-weights.ts';
import {
  type NegativeBinomial,
  negativeBinomialAtLeast,
  negativeBinomialQuantile,
  sizeOf,
} from './negative-binomial.ts';

/**
 * Quasi-Poisson log-linear regression: E y = exposure·exp(Xβ), Var y = φμ (McCullagh and Nelder 1989, ch. 6 and 9).
 * Fitted by iteratively reweighted least squares on the normal equations (Cholesky). Stops where the deviance changes by less than 1e-8 of
 * itself, and takes φ and the covariance with the working weights of the last step, as R's glm does: coefficients are right to about 1e-8, φ to
 * about 1e-5. φ = Pearson chi-square / residual degrees of freedom.
 * A new count is taken as negative binomial with mean μ and variance φμ (Poisson where φ <= 1).
 */
export interface LogLinearData {
  /** Row-major rows × columns; a constant is a column like any other. */
  readonly design: Float64Array;
  readonly columns: number;
  /** Counts, >= 0; one a row. */
  readonly count: Float64Array;
  /** > 0, multiplies the mean; left out = 1. */
  readonly exposure?: Float64Array | undefined;
  /** Prior weights > 0; left out = 1. */
  readonly weight?: Float64Array | undefined;
  /** Precision of a normal prior with mean 0 on each coefficient (a ridge); left out = 0, plain maximum likelihood. */
  readonly ridge?: Float64Array | undefined;
  /** Coefficients to begin with, for example those of a neighbouring fit. */
  readonly start?: Float64Array | undefined;
}

export interface QuasiPoissonFit {
  readonly kind: 'fitted';
  readonly coefficients: Float64Array;
  /** Row-major (X'WX + ridge)⁻¹, without φ. */
  readonly covariance: Float64Array;
  /** φ as estimated, may be below 1; null without residual degrees of freedom. */
  readonly dispersion: number | null;
  readonly residualDegrees: number;
  readonly deviance: number;
  /** μ_i. */
  readonly fitted: Float64Array;
  readonly iterations: number;
}

export type QuasiPoissonResult =
  | QuasiPoissonFit
  | {
      readonly kind: 'not-assessable';
      readonly why: 'too-few-rows' | 'all-zero' | 'collinear' | 'not-converged';
    };

const MAX_ITERATIONS = 50;
/** A pivot smaller than this share of its column's own sum of squares: the column is a combination of those before it. */
const COLLINEAR = 1e-11;

/** In-place Cholesky of a symmetric row-major matrix (lower part); false where it is not positive definite. */
function cholesky(a: Float64Array, p: number): boolean {
  for (let j = 0; j < p; j++) {
    const own = a[j * p + j]!;
    let pivot = own;
    for (let k = 0; k < j; k++) pivot -= a[j * p + k]! * a[j * p + k]!;
    if (!(pivot > own * COLLINEAR)) return false;
    const root = Math.sqrt(pivot);
    a[j * p + j] = root;
    for (let i = j + 1; i < p; i++) {
      let sum = a[i * p + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * p + k]! * a[j * p + k]!;
      a[i * p + j] = sum / root;
    }
  }
  return true;
}

/** Solves L L' x = b in place. */
function solve(l: Float64Array, p: number, b: Float64Array): void {
  for (let i = 0; i < p; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= l[i * p + k]! * b[k]!;
    b[i] = sum / l[i * p + i]!;
  }
  for (let i = p - 1; i >= 0; i--) {
    let sum = b[i]!;
    for (let k = i + 1; k < p; k++) sum -= l[k * p + i]! * b[k]!;
    b[i] = sum / l[i * p + i]!;
  }
}

function inverse(l: Float64Array, p: number): Float64Array {
  const out = new Float64Array(p * p);
  const column = new Float64Array(p);
  for (let j = 0; j < p; j++) {
    column.fill(0);
    column[j] = 1;
    solve(l, p, column);
    for (let i = 0; i < p; i++) out[i * p + j] = column[i]!;
  }
  return out;
}

/** Linear predictor of row i, without the exposure. */
function linear(design: Float64Array, from: number, columns: number, beta: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < columns; j++) sum += design[from + j]! * beta[j]!;
  return sum;
}

/** The fit. Cost: rows × columns² / 2 an iteration, about 5 iterations. */
export function quasiPoisson(data: LogLinearData): QuasiPoissonResult {
  const { design, columns: p, count, exposure, weight, ridge, start } = data;
  const n = count.length;
  if (n < p || n === 0) return { kind: 'not-assessable', why: 'too-few-rows' };
  let sum = 0;
  for (let i = 0; i < n; i++) sum += count[i]!;
  if (!(sum > 0)) return { kind: 'not-assessable', why: 'all-zero' };

  const beta = new Float64Array(p);
  const fitted = new Float64Array(n);
  const link = new Float64Array(n);
  if (start !== undefined) beta.set(start);
  for (let i = 0; i < n; i++) {
    const share = exposure === undefined ? 1 : exposure[i]!;
    const mu = start === undefined ? count[i]! + 0.1 * share : share * Math.exp(linear(design, i * p, p, beta));
    fitted[i] = mu;
    link[i] = Math.log(mu / share);
  }
  // Entries that are not 0, row after row: indicator columns cost nothing where they are 0.
  const places = new Int32Array(n * p);
  const rowEnd = new Int32Array(n);
  let entries = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) if (design[i * p + j] !== 0) places[entries++] = j;
    rowEnd[i] = entries;
  }
  const matrix = new Float64Array(p * p);
  const next = new Float64Array(p);
  const working = new Float64Array(n);
  let deviance = Number.POSITIVE_INFINITY;
  let iterations = 0;
  let settled = false;
  while (!settled && iterations < MAX_ITERATIONS) {
    iterations++;
    matrix.fill(0);
    next.fill(0);
    for (let i = 0; i < n; i++) {
      const mu = fitted[i]!;
      const w = weight === undefined ? mu : weight[i]! * mu;
      working[i] = w;
      const z = link[i]! + (count[i]! - mu) / mu;
      const row = i * p;
      const from = i === 0 ? 0 : rowEnd[i - 1]!;
      const to = rowEnd[i]!;
      for (let a = from; a < to; a++) {
        const j = places[a]!;
        const wx = w * design[row + j]!;
        next[j]! += wx * z;
        const into = j * p;
        for (let b = from; b <= a; b++) {
          const k = places[b]!;
          matrix[into + k]! += wx * design[row + k]!;
        }
      }
    }
    if (ridge !== undefined) for (let j = 0; j < p; j++) matrix[j * p + j]! += ridge[j]!;
    if (!cholesky(matrix, p)) return { kind: 'not-assessable', why: iterations === 1 ? 'collinear' : 'not-converged' };
    solve(matrix, p, next);
    beta.set(next);
    const before = deviance;
    deviance = 0;
    for (let i = 0; i < n; i++) {
      const share = exposure === undefined ? 1 : exposure[i]!;
      let eta = 0;
      for (let a = i === 0 ? 0 : rowEnd[i - 1]!; a < rowEnd[i]!; a++)
        eta += design[i * p + places[a]!]! * beta[places[a]!]!;
      // A step that would overflow is no step: far out the weights vanish and the next one comes back.
      if (eta > 40) eta = 40;
      else if (eta < -40) eta = -40;
      link[i] = eta;
      const mu = share * Math.exp(eta);
      fitted[i] = mu;
      const y = count[i]!;
      const part = (y > 0 ? y * Math.log(y / mu) : 0) - (y - mu);
      deviance += weight === undefined ? 2 * part : 2 * weight[i]! * part;
    }
    if (!Number.isFinite(deviance)) return { kind: 'not-assessable', why: 'not-converged' };
    settled = Math.abs(deviance - before) < 1e-8 * (Math.abs(deviance) + 0.1);
  }
  if (!settled) return { kind: 'not-assessable', why: 'not-converged' };
  let pearson = 0;
  for (let i = 0; i < n; i++) {
    const gap = (count[i]! - fitted[i]!) / fitted[i]!;
    pearson += working[i]! * gap * gap;
  }
  const residualDegrees = n - p;
  return {
    kind: 'fitted',
    coefficients: beta,
    covariance: inverse(matrix, p),
    dispersion: residualDegrees > 0 ? pearson / residualDegrees : null,
    residualDegrees,
    deviance,
    fitted,
    iterations,
  };
}

/** h_i = w_i x_i'(X'WX)⁻¹x_i. Cost: rows × columns². */
export function leverages(data: LogLinearData, fit: QuasiPoissonFit): Float64Array {
  const n = data.count.length;
  const p = data.columns;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++)
    out[i] = (data.weight?.[i] ?? 1) * fit.fitted[i]! * quadraticForm(fit.covariance, data.design, i * p, p);
  return out;
}

function quadraticForm(covariance: Float64Array, x: Float64Array, from: number, p: number): number {
  let sum = 0;
  for (let j = 0; j < p; j++) {
    const xj = x[from + j]!;
    if (xj === 0) continue;
    let inner = covariance[j * p + j]! * xj;
    for (let k = 0; k < j; k++) inner += 2 * covariance[j * p + k]! * x[from + k]!;
    sum += xj * inner;
  }
  return sum;
}

/** The fit, then once more with past exceedances downweighted (Anscombe residuals above `threshold`). Cost: two fits. */
export function quasiPoissonReweighted(
  data: LogLinearData,
  threshold: number,
): QuasiPoissonResult & { readonly downweighted?: number } {
  const plain = quasiPoisson(data);
  if (plain.kind !== 'fitted' || plain.dispersion === null) return plain;
  const weight = new Float64Array(data.count.length);
  const downweighted = anscombeWeights(
    {
      count: data.count,
      fitted: plain.fitted,
      leverage: leverages(data, plain),
      rows: data.count.length,
      dispersion: Math.max(1, plain.dispersion),
    },
    threshold,
    weight,
  );
  if (downweighted === 0) return { ...plain, downweighted };
  const again = quasiPoisson({ ...data, weight, start: plain.coefficients });
  return again.kind === 'fitted' ? { ...again, downweighted } : again;
}

export interface Prediction {
  readonly expected: number;
  /** Standard error of log expected, φ as estimated included; null without φ. */
  readonly linkError: number | null;
}

/** Mean of a new row and its standard error. `exposure` multiplies the mean. Cost: columns². */
export function predict(fit: QuasiPoissonFit, row: Float64Array, exposure = 1): Prediction {
  const p = fit.coefficients.length;
  const variance = quadraticForm(fit.covariance, row, 0, p);
  return {
    expected: exposure * Math.exp(linear(row, 0, p, fit.coefficients)),
    linkError: fit.dispersion === null ? null : Math.sqrt(fit.dispersion * variance),
  };
}

/** Negative binomial with the given mean and variance φ·mean; Poisson where φ <= 1. */
export function predictive({
  expected,
  dispersion,
}: {
  readonly expected: number;
  readonly dispersion: number;
}): NegativeBinomial {
  return { mean: expected, size: sizeOf({ mean: expected, variance: expected * dispersion }) };
}

/** Smallest count reached with probability 1 - alpha. */
export function predictiveUpper(of: NegativeBinomial, alpha: number): number {
  return negativeBinomialQuantile({ ...of, probability: 1 - alpha });
}

/** P(Y >= observed); a fractional count is reached by the next whole one only. */
export function exceedanceProbability(of: NegativeBinomial, observed: number): number {
  return negativeBinomialAtLeast({ ...of, count: Math.ceil(observed) });
}
