import { kernelIntensity, type PlaneWindow } from './kde.ts';
import type { PlanePoints } from './neighbours.ts';

function variance(values: Float64Array): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
}

/** Sample quantile, type 7 of Hyndman and Fan. */
function quantile(sorted: Float64Array, probability: number): number {
  const at = (sorted.length - 1) * probability;
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}

/**
 * Scott's rule for two dimensions: s n^(−1/6) along each axis, and their geometric mean. Unit: that of the points.
 * null below two points or where an axis has no spread. Source: Scott (1992), Multivariate Density Estimation, 152; R spatstat bw.scott.
 */
export function bandwidthScott(
  points: PlanePoints,
): { readonly x: number; readonly y: number; readonly isotropic: number } | null {
  const n = points.x.length;
  if (n < 2) return null;
  const [x, y] = [points.x, points.y].map((axis) => Math.sqrt(variance(axis)) * n ** (-1 / 6)) as [number, number];
  return x > 0 && y > 0 ? { x, y, isotropic: Math.sqrt(x * y) } : null;
}

/**
 * Normal reference bandwidth of one axis in the scale of R's MASS::bandwidth.nrd: 4 × 1.06 min(s, IQR/1.34) n^(−1/5), that is four
 * standard deviations of the kernel. Unit: that of the values. null below two values or without spread.
 */
export function bandwidthNormalReference(values: Float64Array): number | null {
  if (values.length < 2) return null;
  const sorted = values.slice().sort();
  const robust = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.34;
  const h = 4 * 1.06 * Math.min(Math.sqrt(variance(values)), robust) * values.length ** (-1 / 5);
  return h > 0 ? h : null;
}

/** Smallest value on a geometric grid, then a golden section between its neighbours. */
function minimise(f: (sigma: number) => number, range: { readonly low: number; readonly high: number }): number {
  const steps = 48;
  const ratio = Math.log(range.high / range.low) / steps;
  let best = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (let k = 0; k <= steps; k++) {
    const value = f(range.low * Math.exp(ratio * k));
    if (value < smallest) [smallest, best] = [value, k];
  }
  const golden = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [Math.max(0, best - 1), Math.min(steps, best + 1)];
  const at = (k: number): number => range.low * Math.exp(ratio * k);
  for (let round = 0; round < 30; round++) {
    const [c, d] = [b - golden * (b - a), a + golden * (b - a)];
    if (f(at(c)) < f(at(d))) b = d;
    else a = c;
  }
  return at((a + b) / 2);
}

/** Share of a circle around a point that lies inside the window, as a fraction of its length; for radii up to half the shorter side and beyond. */
function circleInside(
  place: { readonly x: number; readonly y: number; readonly r: number },
  window: PlaneWindow,
): number {
  const { x, y, r } = place;
  let outside = 0;
  const sides = [x - window.x[0], window.x[1] - x, y - window.y[0], window.y[1] - y];
  for (const d of sides) if (d < r) outside += 2 * Math.acos(d / r);
  // Where two sides that meet are both cut, the arc around the corner was taken off twice.
  for (const dx of sides.slice(0, 2))
    for (const dy of sides.slice(2))
      if (dx * dx + dy * dy < r * r) outside -= Math.acos(dx / r) + Math.acos(dy / r) - Math.PI / 2;
  return Math.max(1e-3, 1 - outside / (2 * Math.PI));
}

/** Radii that are tried, up to a quarter of the shorter side. */
const RADII = 512;

/** Distances of all ordered pairs with Ripley's isotropic weight, nearest first. */
function weightedPairs(
  points: PlanePoints,
  window: PlaneWindow,
): { readonly r: Float64Array; readonly weight: Float64Array } {
  const n = points.x.length;
  const pairs: [number, number][] = [];
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      const r = Math.hypot(points.x[i]! - points.x[j]!, points.y[i]! - points.y[j]!);
      pairs.push([r, r > 0 ? 1 / circleInside({ x: points.x[i]!, y: points.y[i]!, r }, window) : 1]);
    }
  }
  pairs.sort((a, b) => a[0] - b[0]);
  return { r: Float64Array.from(pairs, ([r]) => r), weight: Float64Array.from(pairs, ([, w]) => w) };
}

/**
 * Berman and Diggle's bandwidth: the σ = h/2 that minimises the mean square error of a disc kernel of radius h under a Cox process,
 *
 *     M(h) = (1/λ − 2 K(h)) / (π h²) + (π h²)^(−2) ∫_0^{2h} a_h(r) dK(r)      a_h = common area of two discs at distance r
 *
 * K with Ripley's isotropic edge correction. Unit: that of the points. Assumes clustering; tends to small values. null below 10 points.
 * Cost O(512 n²), n up to some thousand. Source: Berman and Diggle (1989), JRSS B 51, 81–92; Diggle (2003), 115–118; R spatstat bw.diggle.
 */
export function bandwidthDiggle(points: PlanePoints, window: PlaneWindow): number | null {
  const n = points.x.length;
  if (n < 10) return null;
  const [width, height] = [window.x[1] - window.x[0], window.y[1] - window.y[0]];
  const area = width * height;
  const { r, weight } = weightedPairs(points, window);
  const unit = area / (n * (n - 1));
  const criterion = (h: number): number => {
    let near = 0;
    let common = 0;
    for (let k = 0; k < r.length && r[k]! < 2 * h; k++) {
      if (r[k]! <= h) near += weight[k]! * unit;
      const half = r[k]! / (2 * h);
      common += 2 * h * h * (Math.acos(half) - half * Math.sqrt(1 - half * half)) * weight[k]! * unit;
    }
    const disc = Math.PI * h * h;
    return (area / n - 2 * near) / disc + common / (disc * disc);
  };
  // K is a staircase, so M has many small minima: every radius of a fine grid is tried.
  let best = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (let k = 1; k < RADII; k++) {
    const h = (k * Math.min(width, height)) / 4 / (RADII - 1);
    const value = criterion(h);
    if (value < smallest) [smallest, best] = [value, h];
  }
  return best / 2;
}

/** Cells along a side of the raster that integrates the intensity. */
const RASTER = 32;

/**
 * Likelihood cross-validation: the σ that maximises Σ log f_(−i)(x_i) − ∫ f over the window, f the uniformly corrected intensity.
 * Unit: that of the points. null below 10 points. Cost O((n² + 1024 n) × 110), n up to some thousand.
 * Source: Loader (1999), Local Regression and Likelihood, 5.3; R spatstat bw.ppl.
 */
export function bandwidthLikelihood(points: PlanePoints, window: PlaneWindow): number | null {
  const n = points.x.length;
  if (n < 10) return null;
  const [width, height] = [window.x[1] - window.x[0], window.y[1] - window.y[0]];
  const raster = { x: new Float64Array(RASTER * RASTER), y: new Float64Array(RASTER * RASTER) };
  for (let k = 0; k < RASTER * RASTER; k++) {
    raster.x[k] = window.x[0] + (((k % RASTER) + 0.5) / RASTER) * width;
    raster.y[k] = window.y[0] + ((Math.floor(k / RASTER) + 0.5) / RASTER) * height;
  }
  const own = new Float64Array(n);
  const surface = new Float64Array(RASTER * RASTER);
  const edge = { kind: 'uniform', window } as const;
  const criterion = (sigma: number): number => {
    const sigmas = Float64Array.of(sigma);
    kernelIntensity(points, { sigmas, edge, leaveOut: true }, points, own);
    kernelIntensity(points, { sigmas, edge }, raster, surface);
    const logs = own.reduce((sum, f) => sum + Math.log(f), 0);
    const integral = (surface.reduce((sum, f) => sum + f, 0) / surface.length) * width * height;
    return integral - logs;
  };
  const shorter = Math.min(width, height);
  return minimise(criterion, { low: shorter / 200, high: shorter / 2 });
}
