import { cellToLatLng, greatCircleDistance, UNITS } from 'h3-js';
import type { Random } from '../../core/stats/random.ts';

/** Great-circle distance of every pair of cell centres, km, row-major. */
export function cellDistancesKm(cells: readonly string[]): Float64Array {
  const centres = cells.map((cell) => cellToLatLng(cell));
  const n = cells.length;
  const km = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) km[i * n + j] = km[j * n + i] = greatCircleDistance(centres[i]!, centres[j]!, UNITS.km);
  return km;
}

/** Lower Cholesky factor of the covariance exp(−distance / range), unit variance, row-major. Cost O(n³ / 3). */
export function exponentialFactor(km: Float64Array, rangeKm: number): Float64Array {
  const n = Math.round(Math.sqrt(km.length));
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = Math.exp(-km[i * n + j]! / rangeKm);
      for (let k = 0; k < j; k++) sum -= factor[i * n + k]! * factor[j * n + k]!;
      factor[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / factor[j * n + j]!;
    }
  }
  return factor;
}

/** One draw of the field with that factor: standard normal in every cell, correlated in space. */
export function fieldDraw(factor: Float64Array, random: Random): Float64Array {
  const n = Math.round(Math.sqrt(factor.length));
  const white = new Float64Array(n);
  for (let i = 0; i < n; i++) white[i] = random.normal();
  const field = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += factor[i * n + j]! * white[j]!;
    field[i] = sum;
  }
  return field;
}
