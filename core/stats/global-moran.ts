import type { GiField } from './getis-ord.ts';
import { rowWeight, type Weighting, weightSums } from './weight-sums.ts';

export type MoranReason = 'too-few-cells' | 'constant-field' | 'missing-value' | 'no-neighbours';

export type GlobalMoran =
  | {
      readonly kind: 'value';
      readonly i: number;
      readonly expected: number;
      /** Values permuted over the cells. */
      readonly varianceRandomisation: number;
      /** Values normal and independent. */
      readonly varianceNormality: number;
      readonly zRandomisation: number;
      readonly zNormality: number;
    }
  | { readonly kind: 'not-assessable'; readonly why: MoranReason };

/**
 * Global Moran's I: are neighbours alike over the whole map?
 *
 *     I = (n / S0) Σ_i Σ_j w_ij z_i z_j / Σ z²      z centred, E = −1/(n − 1)
 *
 * n counts the cells with a neighbour (an island has no pair; spdep does the same). Both variances of Cliff and Ord (1981, 2.3).
 * Unit: correlation-like, no unit. Needs a value in every cell. Not assessable: fewer than four cells with neighbours, no spread.
 * Cost O(neighbours × log degree). Compare: R spdep::moran.test.
 */
export function globalMoran(
  { values, neighbours: lists }: GiField,
  options: { readonly weighting: Weighting },
): GlobalMoran {
  const refuse = (why: MoranReason): GlobalMoran => ({ kind: 'not-assessable', why });
  const { offsets, neighbours } = lists;
  const cells = values.length;
  let n = 0;
  let mean = 0;
  for (let i = 0; i < cells; i++) {
    if (!Number.isFinite(values[i]!)) return refuse('missing-value');
    mean += values[i]! / cells;
    if (offsets[i + 1]! > offsets[i]!) n++;
  }
  if (neighbours.length === 0) return refuse('no-neighbours');
  if (n < 4) return refuse('too-few-cells');
  if (values.every((x) => x === values[0])) return refuse('constant-field');
  let [squares, fourths, products] = [0, 0, 0];
  for (let i = 0; i < cells; i++) {
    const z = values[i]! - mean;
    squares += z * z;
    fourths += z ** 4;
    let lag = 0;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) lag += values[neighbours[k]!]! - mean;
    products += z * lag * rowWeight(lists, options.weighting, i);
  }
  const { s0, s1, s2 } = weightSums(lists, options.weighting);
  const i = (n / s0) * (products / squares);
  const expected = -1 / (n - 1);
  const kurtosis = (cells * fourths) / (squares * squares);
  const s02 = s0 * s0;
  const varianceNormality = (n * n * s1 - n * s2 + 3 * s02) / (s02 * (n * n - 1)) - expected * expected;
  const varianceRandomisation =
    (n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s02) - kurtosis * (n * (n - 1) * s1 - 2 * n * s2 + 6 * s02)) /
      ((n - 1) * (n - 2) * (n - 3) * s02) -
    expected * expected;
  if (!(varianceRandomisation > 0)) return refuse('constant-field');
  return {
    kind: 'value',
    i,
    expected,
    varianceRandomisation,
    varianceNormality,
    zRandomisation: (i - expected) / Math.sqrt(varianceRandomisation),
    zNormality: (i - expected) / Math.sqrt(varianceNormality),
  };
}
