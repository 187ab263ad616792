import { conditionalDraws, drawnSums } from './conditional-permutation.ts';
import type { GiField } from './getis-ord.ts';
import type { MoranReason } from './global-moran.ts';
import { largestDegree } from './neighbours.ts';
import { normalCdf } from './normal.ts';
import type { Random } from './random.ts';

/** Codes of `quadrant`: own value, then the neighbours' mean. */
export const MORAN_QUADRANTS = ['undefined', 'high-high', 'low-low', 'high-low', 'low-high'] as const;

/** One value a cell; NaN where undefined: an island, and z and p of a cell that lies exactly on the mean (its variance is 0). */
export interface LocalMoranColumns {
  readonly i: Float64Array;
  /** Given z_i (Sokal, Oden and Thomson 1998). */
  readonly meanConditional: Float64Array;
  readonly varianceConditional: Float64Array;
  readonly zConditional: Float64Array;
  readonly pConditional: Float64Array;
  /** All values permuted (Anselin 1995). */
  readonly meanTotal: Float64Array;
  readonly varianceTotal: Float64Array;
  readonly zTotal: Float64Array;
  /** Index into `MORAN_QUADRANTS`. */
  readonly quadrant: Uint8Array;
}

export type LocalMoran =
  | { readonly kind: 'value'; readonly columns: LocalMoranColumns }
  | { readonly kind: 'not-assessable'; readonly why: MoranReason };

type Centred =
  | { readonly ok: true; readonly z: Float64Array; readonly m2: number; readonly b2: number }
  | { readonly ok: false; readonly why: MoranReason };

/** Values around their mean, m2 = Σz²/n and b2 = (Σz⁴/n)/m2². */
function centred(values: Float64Array): Centred {
  const n = values.length;
  if (n < 3) return { ok: false, why: 'too-few-cells' };
  let mean = 0;
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(values[i]!)) return { ok: false, why: 'missing-value' };
    mean += values[i]! / n;
  }
  if (values.every((x) => x === values[0])) return { ok: false, why: 'constant-field' };
  const z = values.map((x) => x - mean);
  let m2 = 0;
  let m4 = 0;
  for (let i = 0; i < n; i++) {
    m2 += z[i]! ** 2 / n;
    m4 += z[i]! ** 4 / n;
  }
  return { ok: true, z, m2, b2: m4 / (m2 * m2) };
}

/**
 * Local Moran's I of every cell; row-standardised weights, the cell itself left out.
 *
 *     I_i = (z_i / m2) · mean of z over the neighbours      z centred, m2 = Σz²/n
 *     conditional:  E = −z_i² / ((n − 1) m2),   Var = (z_i/m2)² (n/(n − 2)) (1/m − 1/(n − 1)) (m2 − z_i²/(n − 1))
 *     total:        E = −1/(n − 1),   Var = (n − b2)/((n − 1) m) + (2 b2 − n)(1 − 1/m)/((n − 1)(n − 2)) − E²
 *
 * p two-sided normal of the conditional z. Quadrant by the signs of z_i and of the neighbours' mean; exactly on the mean counts as low.
 * Unit: none. Undefined cells are NaN (see `LocalMoranColumns`). Needs a value in every cell, three cells, some spread.
 * Cost O(neighbours). Compare: R spdep::localmoran(conditional = TRUE / FALSE).
 * Source: Anselin (1995), Geographical Analysis 27, 93–115; Sokal, Oden and Thomson (1998), 30, 331–354.
 */
export function localMoran({ values, neighbours: lists }: GiField): LocalMoran {
  const found = centred(values);
  if (!found.ok) return { kind: 'not-assessable', why: found.why };
  if (lists.neighbours.length === 0) return { kind: 'not-assessable', why: 'no-neighbours' };
  const { z, m2, b2 } = found;
  const n = values.length;
  const column = (): Float64Array => new Float64Array(n).fill(Number.NaN);
  const columns = {
    i: column(),
    meanConditional: column(),
    varianceConditional: column(),
    zConditional: column(),
    pConditional: column(),
    meanTotal: column(),
    varianceTotal: column(),
    zTotal: column(),
    quadrant: new Uint8Array(n),
  };
  for (let c = 0; c < n; c++) {
    const start = lists.offsets[c]!;
    const end = lists.offsets[c + 1]!;
    const m = end - start;
    if (m === 0) continue;
    let sum = 0;
    for (let k = start; k < end; k++) sum += z[lists.neighbours[k]!]!;
    const own = z[c]!;
    const lag = sum / m;
    const i = (own / m2) * lag;
    columns.i[c] = i;
    const mean = -(own * own) / ((n - 1) * m2);
    const variance = (own / m2) ** 2 * (n / (n - 2)) * (1 / m - 1 / (n - 1)) * (m2 - (own * own) / (n - 1));
    columns.meanConditional[c] = mean;
    columns.varianceConditional[c] = variance;
    if (variance > 0) {
      columns.zConditional[c] = (i - mean) / Math.sqrt(variance);
      columns.pConditional[c] = 2 * normalCdf(-Math.abs(columns.zConditional[c]!));
    }
    const meanTotal = -1 / (n - 1);
    const varianceTotal =
      (n - b2) / ((n - 1) * m) + ((2 * b2 - n) * (1 - 1 / m)) / ((n - 1) * (n - 2)) - meanTotal * meanTotal;
    columns.meanTotal[c] = meanTotal;
    columns.varianceTotal[c] = varianceTotal;
    if (varianceTotal > 0) columns.zTotal[c] = (i - meanTotal) / Math.sqrt(varianceTotal);
    columns.quadrant[c] = own > 0 ? (lag > 0 ? 1 : 3) : lag > 0 ? 4 : 2;
  }
  return { kind: 'value', columns };
}

/** How many of R replicates lie above the observed value, and how many tie with it. */
export interface ReplicateCounts {
  readonly above: number;
  readonly ties: number;
  readonly replicates: number;
}

/** Two-sided rank p: 2 min(s, R + 2 − s)/(R + 1), s = rank of the observed value from the top, ties share their ranks (rounded up). */
export function twoSidedRankP({ above, ties, replicates }: ReplicateCounts): number {
  const fromTop = above + Math.ceil(ties / 2) + 1;
  return Math.min(1, (2 * Math.min(fromTop, replicates + 2 - fromTop)) / (replicates + 1));
}

/** Folded p, one-sided on the observed side: (min(a, R − a) + 1)/(R + 1), a = replicates at or above the observed value. */
export function foldedP({ above, ties, replicates }: ReplicateCounts): number {
  const atOrAbove = above + ties;
  return (Math.min(atOrAbove, replicates - atOrAbove) + 1) / (replicates + 1);
}

/** NaN where undefined: an island (`above` and `ties` are 0 there). */
export interface LocalMoranPermutationColumns {
  /** Mean and variance (divisor R − 1) of I over the replicates. */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  readonly above: Uint32Array;
  readonly ties: Uint32Array;
  /** `twoSidedRankP` and `foldedP` of the counts. */
  readonly pTwoSidedRank: Float64Array;
  readonly pFolded: Float64Array;
  /** Two-sided normal p with the permutation mean and variance; NaN where that variance is 0. */
  readonly pNormal: Float64Array;
}

export type LocalMoranPermutation =
  | { readonly kind: 'value'; readonly columns: LocalMoranPermutationColumns }
  | { readonly kind: 'not-assessable'; readonly why: MoranReason };

/**
 * Conditional permutation of local Moran's I: the cell keeps its value, its neighbours get values of the others.
 * Three p conventions, each named: two-sided rank, folded (one-sided), normal with permutation moments.
 * Equal sums tie whatever the order of adding (within 1e-12); spdep lets the last bit decide, so its p of counts scatter between the
 * p without ties and the p with all of them.
 * `replacement` false is Anselin's permutation; true is what R's spdep::localmoran_perm 1.2 draws.
 * Unit: probability. Needs a value in every cell. Cost O(cells × replicates × neighbours); draws are shared, see `conditionalDraws`.
 * Source: Anselin (1995), Geographical Analysis 27, 93–115.
 */
export function localMoranPermutation(
  { values, neighbours: lists }: GiField,
  options: { readonly replicates: number; readonly replacement: boolean },
  random: Random,
): LocalMoranPermutation {
  const found = centred(values);
  if (!found.ok) return { kind: 'not-assessable', why: found.why };
  if (lists.neighbours.length === 0) return { kind: 'not-assessable', why: 'no-neighbours' };
  const { z, m2 } = found;
  const n = values.length;
  const { replicates, replacement } = options;
  const draws = conditionalDraws({ cells: n, replicates, size: largestDegree(lists), replacement }, random);
  const column = (): Float64Array => new Float64Array(n).fill(Number.NaN);
  const columns = {
    mean: column(),
    variance: column(),
    above: new Uint32Array(n),
    ties: new Uint32Array(n),
    pTwoSidedRank: column(),
    pFolded: column(),
    pNormal: column(),
  };
  const sums = new Float64Array(replicates);
  for (let c = 0; c < n; c++) {
    const start = lists.offsets[c]!;
    const m = lists.offsets[c + 1]! - start;
    if (m === 0) continue;
    let lag = 0;
    for (let k = start; k < start + m; k++) lag += z[lists.neighbours[k]!]!;
    const factor = z[c]! / (m2 * m);
    const observed = factor * lag;
    const slack = 1e-12 * Math.max(1, Math.abs(observed));
    drawnSums(z, draws, { cell: c, count: m }, sums);
    let [above, ties, total] = [0, 0, 0];
    for (let r = 0; r < replicates; r++) {
      const drawn = factor * sums[r]!;
      sums[r] = drawn;
      total += drawn;
      if (drawn > observed + slack) above++;
      else if (drawn >= observed - slack) ties++;
    }
    const mean = total / replicates;
    let squares = 0;
    for (let r = 0; r < replicates; r++) squares += (sums[r]! - mean) ** 2;
    const variance = squares / (replicates - 1);
    columns.mean[c] = mean;
    columns.variance[c] = variance;
    const counts = { above, ties, replicates };
    columns.above[c] = above;
    columns.ties[c] = ties;
    columns.pTwoSidedRank[c] = twoSidedRankP(counts);
    columns.pFolded[c] = foldedP(counts);
    if (variance > 0) columns.pNormal[c] = 2 * normalCdf(-Math.abs((observed - mean) / Math.sqrt(variance)));
  }
  return { kind: 'value', columns };
}
