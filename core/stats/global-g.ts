import type { GiField } from './getis-ord.ts';
import { normalCdf } from './normal.ts';
import { weightSums } from './weight-sums.ts';

export type GlobalGReason = 'too-few-cells' | 'constant-field' | 'negative-value' | 'missing-value' | 'no-neighbours';

export type GlobalG =
  | {
      readonly kind: 'value';
      readonly g: number;
      readonly expected: number;
      readonly variance: number;
      readonly z: number;
      /** Tail on the side of z. */
      readonly pOneSided: number;
      readonly pTwoSided: number;
    }
  | { readonly kind: 'not-assessable'; readonly why: GlobalGReason };

/**
 * Getis–Ord general G: do high values lie together over the whole map? Binary weights, the cell itself left out.
 *
 *     G = Σ_i Σ_j w_ij x_i x_j / Σ_i Σ_{j≠i} x_i x_j      E = S0 / (n (n − 1))
 *
 * Variance under randomisation (Getis and Ord 1992, with the corrections of their note of 1993), z normal.
 * Unit: share. Needs non-negative values in every cell and at least four cells. Not assessable: constant field, one cell with everything
 * (no product to share out), no neighbours. Cost O(neighbours). Compare: R spdep::globalG.test(B1correct = TRUE), PySAL esda G.
 */
export function globalG({ values, neighbours }: GiField): GlobalG {
  const refuse = (why: GlobalGReason): GlobalG => ({ kind: 'not-assessable', why });
  const n = values.length;
  if (n < 4) return refuse('too-few-cells');
  const { offsets, neighbours: lists } = neighbours;
  let [m1, m2, m3, m4, near] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const x = values[i]!;
    if (!Number.isFinite(x)) return refuse('missing-value');
    if (x < 0) return refuse('negative-value');
    m1 += x;
    m2 += x * x;
    m3 += x ** 3;
    m4 += x ** 4;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) near += x * values[lists[k]!]!;
  }
  const { s0, s1, s2 } = weightSums(neighbours, 'binary');
  if (s0 === 0) return refuse('no-neighbours');
  const pairs = m1 * m1 - m2;
  if (!(pairs > 1e-13 * m2) || values.every((x) => x === values[0])) return refuse('constant-field');
  const g = near / pairs;
  const expected = s0 / (n * (n - 1));
  const n2 = n * n;
  const s02 = s0 * s0;
  const b0 = (n2 - 3 * n + 3) * s1 - n * s2 + 3 * s02;
  const b1 = -((n2 - n) * s1 - 2 * n * s2 + 6 * s02);
  const b2 = -(2 * n * s1 - (n + 3) * s2 + 6 * s02);
  const b3 = 4 * (n - 1) * s1 - 2 * (n + 1) * s2 + 8 * s02;
  const b4 = s1 - s2 + s02;
  const square =
    (b0 * m2 * m2 + b1 * m4 + b2 * m1 * m1 * m2 + b3 * m1 * m3 + b4 * m1 ** 4) /
    (pairs * pairs * n * (n - 1) * (n - 2) * (n - 3));
  const variance = square - expected * expected;
  if (!(variance > 0)) return refuse('constant-field');
  const z = (g - expected) / Math.sqrt(variance);
  const pOneSided = normalCdf(-Math.abs(z));
  return { kind: 'value', g, expected, variance, z, pOneSided, pTwoSided: 2 * pOneSided };
}
