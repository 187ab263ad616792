import type { PlanePoints } from './neighbours.ts';
import { normalCdf } from './normal.ts';

/** Axis-parallel window in the unit of the points (projected metres). */
export interface PlaneWindow {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/**
 * What is done about mass that falls outside the window. `uniform`: divide by the kernel mass inside the window at the place asked;
 * `diggle`: divide each point's term by the mass at the point, which keeps the total.
 */
export type EdgeCorrection =
  | { readonly kind: 'none' }
  | { readonly kind: 'uniform' | 'diggle'; readonly window: PlaneWindow };

/** Share of a Gaussian with standard deviation `sigma` at (x, y) that lies inside the window. */
export function massInside(
  place: { readonly x: number; readonly y: number; readonly sigma: number },
  window: PlaneWindow,
): number {
  const { x, y, sigma } = place;
  const side = (at: number, [low, high]: readonly [number, number]): number =>
    normalCdf((high - at) / sigma) - normalCdf((low - at) / sigma);
  return side(x, window.x) * side(y, window.y);
}

/**
 * Gaussian kernel intensity at the places of `at`: cosmetic surface only, never evidence.
 *
 *     f(u) = Σ_i K_σi(u − x_i)      K isotropic bivariate normal with standard deviation σ_i
 *
 * `sigmas`: one value for all (fixed), or one a point (adaptive, see `abramsonBandwidths`). Adaptive with `uniform` correction is refused
 * (no single mass at u). `leaveOut`: `at` is the points themselves and each is left out of its own sum.
 * Unit: events per square unit of the points: metres, never degrees. Cost O(points × places).
 * Source: Diggle (1985), Applied Statistics 34, 138–147; compare R spatstat density.ppp.
 */
export function kernelIntensity(
  points: PlanePoints,
  options: { readonly sigmas: Float64Array; readonly edge: EdgeCorrection; readonly leaveOut?: boolean },
  at: PlanePoints,
  intensity: Float64Array,
): void {
  const { sigmas, edge, leaveOut = false } = options;
  const n = points.x.length;
  const fixed = sigmas.length === 1;
  if (!fixed && sigmas.length !== n) throw new RangeError(`${sigmas.length} bandwidths for ${n} points`);
  if (!sigmas.every((sigma) => sigma > 0)) throw new RangeError('a bandwidth is not above 0');
  if (!fixed && edge.kind === 'uniform') throw new RangeError('uniform edge correction needs one bandwidth');
  const height = new Float64Array(n);
  const decay = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const sigma = sigmas[fixed ? 0 : i]!;
    const inside = edge.kind === 'diggle' ? massInside({ x: points.x[i]!, y: points.y[i]!, sigma }, edge.window) : 1;
    height[i] = 1 / (2 * Math.PI * sigma * sigma * inside);
    decay[i] = -1 / (2 * sigma * sigma);
  }
  for (let u = 0; u < at.x.length; u++) {
    const [x, y] = [at.x[u]!, at.y[u]!];
    let sum = 0;
    for (let i = 0; i < n; i++) {
      if (leaveOut && i === u) continue;
      const dx = x - points.x[i]!;
      const dy = y - points.y[i]!;
      sum += height[i]! * Math.exp((dx * dx + dy * dy) * decay[i]!);
    }
    intensity[u] = edge.kind === 'uniform' ? sum / massInside({ x, y, sigma: sigmas[0]! }, edge.window) : sum;
  }
}

/** Factor above which an Abramson bandwidth is cut. */
const WIDEST = 5;

/**
 * Abramson's adaptive bandwidths: σ_i = σ min(f(x_i)^(−1/2) / g, 5), pilot f = uncorrected fixed intensity at the points (each point
 * counts itself), g = geometric mean of f^(−1/2). Unit: that of the points. Cost O(n²).
 * Source: Abramson (1982), Annals of Statistics 10, 1217–1223.
 */
export function abramsonBandwidths(points: PlanePoints, options: { readonly sigma: number }): Float64Array {
  const n = points.x.length;
  const pilot = new Float64Array(n);
  kernelIntensity(points, { sigmas: Float64Array.of(options.sigma), edge: { kind: 'none' } }, points, pilot);
  let logs = 0;
  for (let i = 0; i < n; i++) logs += -0.5 * Math.log(pilot[i]!);
  const g = Math.exp(logs / n);
  return pilot.map((f) => options.sigma * Math.min(1 / (Math.sqrt(f) * g), WIDEST));
}
