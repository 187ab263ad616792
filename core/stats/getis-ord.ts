import { largestDegree, type NeighbourLists } from './neighbours.ts';

/** Why a whole map has no z. A single undefined cell is NaN in the column. */
export type GiReason = 'too-few-cells' | 'constant-field' | 'not-finite';

/** What the z of one map refer to. `cells`: cells with a value; `mean`, `sd` (divisor n): over these. */
export type GiAssessment =
  | { readonly kind: 'value'; readonly cells: number; readonly mean: number; readonly sd: number }
  | { readonly kind: 'not-assessable'; readonly why: GiReason };

export interface GiField {
  /** One value a cell, in the order of the neighbour lists. A cell without incidents is 0. NaN = nobody looked. */
  readonly values: Float64Array;
  readonly neighbours: NeighbourLists;
}

interface Moments {
  readonly n: number;
  readonly mean: number;
  /** Σ (x − x̄)². */
  readonly squares: number;
}

type MomentsOrReason =
  | { readonly ok: true; readonly moments: Moments }
  | { readonly ok: false; readonly why: GiReason };

/** Two passes, so that a large constant does not eat the digits. */
function momentsOf(values: Float64Array): MomentsOrReason {
  let n = 0;
  let sum = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    if (Number.isNaN(x)) continue;
    n++;
    sum += x;
    if (x < low) low = x;
    if (x > high) high = x;
  }
  if (n < 2) return { ok: false, why: 'too-few-cells' };
  if (!Number.isFinite(sum)) return { ok: false, why: 'not-finite' };
  if (low === high) return { ok: false, why: 'constant-field' };
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const d = values[i]! - mean;
    if (!Number.isNaN(d)) squares += d * d;
  }
  // Tiny or huge values whose squares underflow or overflow a double have no usable spread.
  if (!Number.isFinite(squares)) return { ok: false, why: 'not-finite' };
  return squares > 0 ? { ok: true, moments: { n, mean, squares } } : { ok: false, why: 'constant-field' };
}

function assessed(found: MomentsOrReason, z: Float64Array): GiAssessment {
  if (!found.ok) {
    z.fill(Number.NaN);
    return { kind: 'not-assessable', why: found.why };
  }
  const { n, mean, squares } = found.moments;
  return { kind: 'value', cells: n, mean, sd: Math.sqrt(squares / n) };
}

function checkSizes({ values, neighbours }: GiField, z: Float64Array): void {
  if (neighbours.offsets.length !== values.length + 1 || z.length !== values.length)
    throw new RangeError(
      `${values.length} values, ${neighbours.offsets.length - 1} neighbour lists, ${z.length} places for z`,
    );
}

/** 1 / (S √((n m − m²)/(n − 1))) for every disk size m; NaN where the disk is the whole grid. */
function fillScale(scale: Float64Array, { n, squares }: Moments): void {
  const sd = Math.sqrt(squares / n);
  for (let m = 0; m < scale.length; m++)
    scale[m] = m > 0 && m < n ? 1 / (sd * Math.sqrt((n * m - m * m) / (n - 1))) : Number.NaN;
}

/** The loop that the live map and the cube run: every cell has a value. */
function starComplete(
  values: Float64Array,
  lists: NeighbourLists,
  mean: number,
  scale: Float64Array,
  z: Float64Array,
): void {
  const { offsets, neighbours } = lists;
  let k = 0;
  for (let i = 0; i < values.length; i++) {
    const end = offsets[i + 1]!;
    const m = end - k + 1;
    let sum = values[i]!;
    for (; k < end; k++) sum += values[neighbours[k]!]!;
    z[i] = (sum - m * mean) * scale[m]!;
  }
}

/** Cells without a value count nowhere: not in n, not in a disk. */
function starWithGaps(
  values: Float64Array,
  lists: NeighbourLists,
  mean: number,
  scale: Float64Array,
  z: Float64Array,
): void {
  const { offsets, neighbours } = lists;
  for (let i = 0; i < values.length; i++) {
    let sum = values[i]!;
    let m = 1;
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      const x = values[neighbours[k]!]!;
      if (!Number.isNaN(x)) {
        sum += x;
        m++;
      }
    }
    z[i] = (sum - m * mean) * scale[m]!;
  }
}

/**
 * Getis–Ord Gi* z of every cell; binary weights, the cell itself included.
 *
 *     z_i = (Σ_j x_j − m x̄) / (S √((n m − m²) / (n − 1)))      j in the disk of i, m cells in it
 *
 * n cells with a value, x̄ and S (divisor n) their mean and standard deviation. A cell without incidents must be present as 0:
 * dropping it moves x̄ and S. A cell that is NaN (nobody looked) is left out of n and of every disk, and gets NaN.
 * Row-standardised weights give the same z. An island gets (x_i − x̄)/S.
 *
 * Unit: standard deviations, no unit. Undefined cells are NaN in `z`: a disk that is the whole grid. A whole map without spread
 * (or with fewer than two values, or not finite) fills `z` with NaN and says why.
 * Cost O(cells × disk): 100 000 cells of 7 in a few ms. Compare: R spdep::localG(include.self).
 * Source: Getis and Ord (1992), Geographical Analysis 24, 189–206; Ord and Getis (1995), 27, 286–306.
 */
export function giStar(field: GiField, z: Float64Array): GiAssessment {
  checkSizes(field, z);
  return starInto(field, z, new Float64Array(largestDegree(field.neighbours) + 2));
}

function starInto({ values, neighbours }: GiField, z: Float64Array, scale: Float64Array): GiAssessment {
  const found = momentsOf(values);
  if (found.ok) {
    fillScale(scale, found.moments);
    if (found.moments.n === values.length) starComplete(values, neighbours, found.moments.mean, scale, z);
    else starWithGaps(values, neighbours, found.moments.mean, scale, z);
  }
  return assessed(found, z);
}

export interface GiCube {
  /** Period-major: value of cell i in period t at `t * cells + i`. Counts may come as integers. */
  readonly values: Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array | Int32Array;
  readonly cells: number;
  readonly neighbours: NeighbourLists;
}

/**
 * Gi* of every cell in every period, each period against its own mean and S: as many maps as there are periods.
 * Fills `z` (period-major, NaN = undefined as in `giStar`) and says for each period what it refers to.
 * Unit, formula, source: see `giStar`. Cost O(cells × periods × disk); 100 000 cells × 156 weeks of k = 1 in under a second on one core.
 */
export function giStarCube(cube: GiCube, z: Float64Array): GiAssessment[] {
  const { values, cells, neighbours } = cube;
  if (
    !(cells > 0) ||
    values.length % cells !== 0 ||
    z.length !== values.length ||
    neighbours.offsets.length !== cells + 1
  )
    throw new RangeError(
      `${values.length} values of ${cells} cells, ${neighbours.offsets.length - 1} lists, ${z.length} places for z`,
    );
  const scale = new Float64Array(largestDegree(neighbours) + 2);
  // One copy a period keeps the hot loop on one array type, whatever the counts came as.
  const slice = new Float64Array(cells);
  const assessments: GiAssessment[] = [];
  for (let start = 0; start < values.length; start += cells) {
    slice.set(values.subarray(start, start + cells));
    assessments.push(starInto({ values: slice, neighbours }, z.subarray(start, start + cells), scale));
  }
  return assessments;
}

export interface GiWeightedField extends GiField {
  /** Weight of `neighbours.neighbours[k]` at k. */
  readonly weights: Float64Array;
  /** Weight of the cell itself: given for Gi*, null for Gi. */
  readonly selfWeights: Float64Array | null;
}

/** Share of Σ(x − x̄)² below which the spread that is left is rounding. */
const ROUNDING = 1e-13;

/**
 * Gi* (with `selfWeights`) or Gi (null) of every cell, any weights.
 *
 *     Gi*:  z_i = (Σ_j w_ij x_j − x̄ W_i) / (S √((n S1_i − W_i²) / (n − 1)))      W_i = Σ_j w_ij,  S1_i = Σ_j w_ij²
 *     Gi:   the same over the other n − 1 cells: their mean and S, n − 1 for n, j ≠ i
 *
 * Multiplying a row of weights by a constant leaves z unchanged. Cells that are NaN are left out as in `giStar`.
 * Unit: standard deviations. Undefined cells are NaN: no spread (for Gi: among the others), weights that reach all cells equally,
 * Gi of an island. Cost O(cells + weights). Compare: R spdep::localG. PySAL esda's row-standardised z is not matched: it uses the
 * variance of binary weights. Source: Ord and Getis (1995), Geographical Analysis 27, 286–306.
 */
export function giWeighted(field: GiWeightedField, z: Float64Array): GiAssessment {
  checkSizes(field, z);
  const { values, neighbours: lists, weights, selfWeights } = field;
  if (weights.length !== lists.neighbours.length || (selfWeights && selfWeights.length !== values.length))
    throw new RangeError(`${weights.length} weights for ${lists.neighbours.length} neighbours`);
  const found = momentsOf(values);
  if (!found.ok) return assessed(found, z);
  const { n, mean, squares } = found.moments;
  for (let i = 0; i < values.length; i++) {
    const own = values[i]! - mean;
    const self = selfWeights?.[i] ?? 0; // Gi gives the cell itself no weight: that is its definition
    let sum = self * own;
    let total = self;
    let total2 = self * self;
    for (let k = lists.offsets[i]!; k < lists.offsets[i + 1]!; k++) {
      const d = values[lists.neighbours[k]!]! - mean;
      const w = weights[k]!;
      if (Number.isNaN(d)) continue;
      sum += w * d;
      total += w;
      total2 += w * w;
    }
    const count = selfWeights ? n : n - 1;
    // Values are centred on the mean of all, so the mean of the others is −own / (n − 1).
    const centre = selfWeights ? 0 : -own / count;
    const left = selfWeights ? squares : squares - own * own - count * centre * centre;
    const spread = count * total2 - total * total;
    const defined = count > 1 && left > ROUNDING * squares && spread > ROUNDING * count * total2;
    z[i] = defined ? (sum - centre * total) / Math.sqrt((left / count) * (spread / (count - 1))) : Number.NaN;
  }
  return assessed(found, z);
}

/** Gi without the star, binary weights: `giWeighted` with weight 1 for every neighbour. */
export function gi(field: GiField, z: Float64Array): GiAssessment {
  const weights = new Float64Array(field.neighbours.neighbours.length).fill(1);
  return giWeighted({ ...field, weights, selfWeights: null }, z);
}
