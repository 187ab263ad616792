import { digamma, gammaQ, gammaQuantile, logGamma, trigamma } from './gamma.ts';

/**
 * Empirical Bayes rates of small areas.
 *
 * Marshall (1991, Applied Statistics 40:283), method of moments: m = Σy/Σn, s² = Σ n(r-m)²/Σn, a = max(0, s² - m/n̄),
 * shrunken rate = m + (r - m)·a/(a + m/n_i). Global over all areas, local over an area and its neighbours.
 * Gamma-Poisson (Clayton and Kaldor 1987, Biometrics 43:671): y ~ Poisson(Eθ), θ ~ Gamma(shape a, rate b) by maximum likelihood of the
 * negative binomial marginal; θ | y ~ Gamma(a + y, b + E).
 */
export interface AreaCounts {
  readonly events: Float64Array;
  /** Population or expected count of each area; NaN and 0 have no rate. */
  readonly exposure: Float64Array;
}

export interface MarshallGlobal {
  /** y/n; NaN where the exposure is not above 0 or a value is missing. */
  readonly raw: Float64Array;
  /** NaN as in `raw`. */
  readonly smoothed: Float64Array;
  /** Variance of the true rates. */
  readonly a: number;
  /** Overall rate m. */
  readonly b: number;
}

interface Moments {
  readonly mean: number;
  readonly variance: number;
}

/** m and a of the areas listed (all where null); null where nothing is known, or nothing happened. */
function moments({ events, exposure }: AreaCounts, areas: ArrayLike<number> | null): Moments | null {
  const length = areas === null ? events.length : areas.length;
  let y = 0;
  let n = 0;
  let used = 0;
  for (let k = 0; k < length; k++) {
    const i = areas === null ? k : areas[k]!;
    if (!(exposure[i]! > 0) || !(events[i]! >= 0)) continue;
    y += events[i]!;
    n += exposure[i]!;
    used++;
  }
  if (used === 0 || y === 0) return null;
  const mean = y / n;
  let squares = 0;
  for (let k = 0; k < length; k++) {
    const i = areas === null ? k : areas[k]!;
    if (!(exposure[i]! > 0) || !(events[i]! >= 0)) continue;
    squares += exposure[i]! * (events[i]! / exposure[i]! - mean) ** 2;
  }
  return { mean, variance: Math.max(0, squares / n - mean / (n / used)) };
}

function rates({ events, exposure }: AreaCounts): Float64Array {
  const raw = new Float64Array(events.length).fill(Number.NaN);
  for (let i = 0; i < raw.length; i++) if (exposure[i]! > 0 && events[i]! >= 0) raw[i] = events[i]! / exposure[i]!;
  return raw;
}

function shrink(raw: number, exposure: number, { mean, variance }: Moments): number {
  return mean + ((raw - mean) * variance) / (variance + mean / exposure);
}

/** Global Marshall rates; null where there are no events at all. Cost: two passes. */
export function marshallGlobal(counts: AreaCounts): MarshallGlobal | null {
  const all = moments(counts, null);
  if (all === null) return null;
  const raw = rates(counts);
  const smoothed = new Float64Array(raw.length).fill(Number.NaN);
  for (let i = 0; i < raw.length; i++) smoothed[i] = shrink(raw[i]!, counts.exposure[i]!, all);
  return { raw, smoothed, a: all.variance, b: all.mean };
}

/**
 * Local Marshall rates over each area and its neighbours; NaN where all counts of the set are 0 or the area has no exposure.
 * `neighbours[i]` does not list i itself. Cost: two passes over all neighbour lists.
 */
export function marshallLocal(
  counts: AreaCounts,
  neighbours: readonly ArrayLike<number>[],
): { readonly raw: Float64Array; readonly smoothed: Float64Array } {
  const raw = rates(counts);
  const smoothed = new Float64Array(raw.length).fill(Number.NaN);
  for (let i = 0; i < raw.length; i++) {
    if (Number.isNaN(raw[i]!)) continue;
    const around = neighbours[i]!;
    const set = new Int32Array(around.length + 1);
    set[0] = i;
    for (let k = 0; k < around.length; k++) set[k + 1] = around[k]!;
    const local = moments(counts, set);
    if (local !== null) smoothed[i] = shrink(raw[i]!, counts.exposure[i]!, local);
  }
  return { raw, smoothed };
}

/** Shape a and rate b of the gamma distribution of θ. */
export interface GammaPrior {
  readonly shape: number;
  readonly rate: number;
}

export type GammaPoissonMl =
  | ({ readonly kind: 'fitted' } & GammaPrior)
  /** The counts vary no more than Poisson counts do: all areas share the rate Σy/ΣE. */
  | { readonly kind: 'no-excess-variance'; readonly mean: number }
  | { readonly kind: 'not-assessable'; readonly why: 'too-few-areas' | 'all-zero' };

/** Counts below this are met again and again among thousands of areas. */
const COMMON_COUNTS = 64;

/** A function of a count that works out each small whole one once. */
function byCount(of: (count: number) => number): (count: number) => number {
  const known = new Float64Array(COMMON_COUNTS).fill(Number.NaN);
  return (count) => {
    if (!(count < COMMON_COUNTS) || !Number.isInteger(count)) return of(count);
    const before = known[count]!;
    if (!Number.isNaN(before)) return before;
    const now = of(count);
    known[count] = now;
    return now;
  };
}

/** A function of the exposure, worked out once where it is the same for all areas. */
function byExposure<Value>(exposures: readonly number[], of: (exposure: number) => Value): (exposure: number) => Value {
  const only = exposures[0]!;
  if (exposures.some((exposure) => exposure !== only)) return of;
  const value = of(only);
  return () => value;
}

/** Beyond this shape the gamma is a point for every purpose. */
const LARGEST_SHAPE = 1e6;

/**
 * Maximum likelihood of a and b: mean μ = a/b by scoring and ln a by Newton in turn (the two are orthogonal). `exposure` is E, areas without
 * it are left out. Cost: a few passes with digamma of every area.
 */
export function gammaPoissonMl({ events, exposure }: AreaCounts): GammaPoissonMl {
  const y: number[] = [];
  const e: number[] = [];
  let sum = 0;
  let total = 0;
  for (let i = 0; i < events.length; i++) {
    if (!(exposure[i]! > 0) || !(events[i]! >= 0)) continue;
    y.push(events[i]!);
    e.push(exposure[i]!);
    sum += events[i]!;
    total += exposure[i]!;
  }
  const n = y.length;
  if (n < 3) return { kind: 'not-assessable', why: 'too-few-areas' };
  if (sum === 0) return { kind: 'not-assessable', why: 'all-zero' };
  let mean = sum / total;
  // Moment start: Σ[(y - Em)² - Em] = m²/a ΣE².
  let excess = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const m = e[i]! * mean;
    excess += (y[i]! - m) ** 2 - y[i]!;
    squares += m * m;
  }
  let shape = excess > 0 ? Math.min(1e4, Math.max(1e-2, squares / excess)) : 100;
  const logLikelihood = (a: number, m: number): number => {
    let value = 0;
    const own = logGamma(a);
    const ofCount = byCount((count) => logGamma(a + count));
    const ofExposure = byExposure(e, (exposed) => {
      const mu = exposed * m;
      return { zero: a * Math.log1p(mu / a), event: Math.log(mu / (a + mu)) };
    });
    for (let i = 0; i < n; i++) {
      const { zero, event } = ofExposure(e[i]!);
      value += ofCount(y[i]!) - own - zero + (y[i]! > 0 ? y[i]! * event : 0);
    }
    return value;
  };
  let best = logLikelihood(shape, mean);
  for (let step = 0; step < 500; step++) {
    let score = 0;
    let information = 0;
    for (let i = 0; i < n; i++) {
      const mu = e[i]! * mean;
      const w = shape / (shape + mu);
      score += (y[i]! - mu) * w;
      information += mu * w;
    }
    const meanBefore = mean;
    mean *= Math.exp(Math.max(-1, Math.min(1, score / information)));
    let first = 0;
    let second = 0;
    const a = shape;
    const [ownDigamma, ownTrigamma] = [digamma(a), trigamma(a)];
    const digammaOf = byCount((count) => digamma(a + count));
    const trigammaOf = byCount((count) => trigamma(a + count));
    const at = mean;
    const logOf = byExposure(e, (exposed) => Math.log(a / (a + exposed * at)));
    for (let i = 0; i < n; i++) {
      const mu = e[i]! * mean;
      const sumOf = shape + mu;
      first += digammaOf(y[i]!) - ownDigamma + logOf(e[i]!) + 1 - (shape + y[i]!) / sumOf;
      second += trigammaOf(y[i]!) - ownTrigamma + 1 / shape - 2 / sumOf + (shape + y[i]!) / (sumOf * sumOf);
    }
    // In ln a: gradient a·l', curvature a·l' + a²·l''.
    const gradient = shape * first;
    const curvature = gradient + shape * shape * second;
    let move = curvature < 0 ? -gradient / curvature : Math.sign(gradient);
    move = Math.max(-1.5, Math.min(1.5, move));
    let next = shape * Math.exp(move);
    let value = logLikelihood(next, mean);
    for (let half = 0; half < 30 && value < best - 1e-12 * Math.abs(best); half++) {
      move /= 2;
      next = shape * Math.exp(move);
      value = logLikelihood(next, mean);
    }
    best = value;
    shape = next;
    if (shape > LARGEST_SHAPE) return { kind: 'no-excess-variance', mean: sum / total };
    if (Math.abs(move) < 1e-10 && Math.abs(mean / meanBefore - 1) < 1e-12) break;
  }
  return { kind: 'fitted', shape, rate: shape / mean };
}

/** θ | y of one area: Gamma(a + y, b + E). */
export function gammaPosterior(
  prior: GammaPrior,
  area: { readonly events: number; readonly exposure: number },
): GammaPrior {
  return { shape: prior.shape + area.events, rate: prior.rate + area.exposure };
}

/** Mean of the ratio θ. */
export function gammaMean({ shape, rate }: GammaPrior): number {
  return shape / rate;
}

/** Equal-tailed interval of θ holding `probability`. Cost: two gamma quantiles. */
export function gammaInterval(
  { shape, rate }: GammaPrior,
  probability: number,
): { readonly lower: number; readonly upper: number } {
  const tail = (1 - probability) / 2;
  return {
    lower: gammaQuantile({ shape, probability: tail }) / rate,
    upper: gammaQuantile({ shape, probability: 1 - tail }) / rate,
  };
}

/** P(θ > ratio), ratio >= 0. */
export function gammaExceedance({ shape, rate }: GammaPrior, ratio: number): number {
  return gammaQ({ shape, x: rate * ratio });
}
