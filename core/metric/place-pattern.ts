import { gammaQuantile } from '../stats/gamma.ts';

/**
 * Which places have the same pattern: not the same volume, but the same classes above and below what the city's mix would give them.
 * A place with n reports, n_k of class k, the city's share q_k:
 *
 *     e_k = n q_k       x_k = 2 (√n_k − √e_k)       strength X = Σ_k x_k²
 *     similarity of two places = Σ_k x_k y_k / √(Σ x² Σ y²)          −1 … 1, cosine of the two vectors
 *
 * Each x_k has a standard deviation of about 1 when the place draws from the city's mix, so X is then about χ² with K − 1 degrees of freedom
 * (K classes with q_k > 0). A place is only compared when n >= 30 and X lies above the 99 % point: otherwise its mix is not told apart from
 * the city's, and a likeness would be one of noise. Cost: places × classes.
 */
export const LEAST_REPORTS = 30;
export const MIX_LEVEL = 0.99;

export interface PlacePattern {
  readonly n: number;
  /** By class; 0 where the city has none. */
  readonly residuals: Float64Array;
  readonly strength: number;
  /** May be compared: enough reports, and a mix of its own. */
  readonly own: boolean;
}

export interface ClassCounts {
  /** By place and class: place × classes + class. */
  readonly counts: ArrayLike<number>;
  readonly places: number;
  readonly classes: number;
}

/** The strength that a place with the city's mix reaches with a probability of 1 %; null with fewer than two classes. */
export function leastStrength(classes: number): number | null {
  return classes < 2 ? null : 2 * gammaQuantile({ shape: (classes - 1) / 2, probability: MIX_LEVEL });
}

/** @param city reports of the whole city by class, also those in no place */
export function placePatterns(
  { counts, places, classes }: ClassCounts,
  city: ArrayLike<number>,
): readonly PlacePattern[] {
  let total = 0;
  let present = 0;
  for (let k = 0; k < classes; k++) {
    total += city[k] as number;
    if ((city[k] as number) > 0) present++;
  }
  const least = leastStrength(present);
  return Array.from({ length: places }, (_, place) => {
    let n = 0;
    for (let k = 0; k < classes; k++) n += counts[place * classes + k] as number;
    const residuals = new Float64Array(classes);
    let strength = 0;
    if (n > 0 && total > 0)
      for (let k = 0; k < classes; k++) {
        const expected = (n * (city[k] as number)) / total;
        const x = 2 * (Math.sqrt(counts[place * classes + k] as number) - Math.sqrt(expected));
        residuals[k] = x;
        strength += x * x;
      }
    return { n, residuals, strength, own: n >= LEAST_REPORTS && least !== null && strength > least };
  });
}

export interface SimilarPlace {
  readonly place: number;
  readonly n: number;
  readonly similarity: number;
  /** Classes above the city's mix in both (x > 2), strongest together first. */
  readonly shared: readonly number[];
}

export interface SimilarPlaces {
  /** How many places were compared with it: enough reports and a mix of their own. */
  readonly compared: number;
  /** Most similar first; only those with a class above in common. */
  readonly places: readonly SimilarPlace[];
}

const ABOVE = 2;

/** Null = the place itself has no pattern that could be compared. */
export function similarPlaces(patterns: readonly PlacePattern[], own: number, most: number): SimilarPlaces | null {
  const mine = patterns[own];
  if (!mine?.own) return null;
  const found: SimilarPlace[] = [];
  let compared = 0;
  patterns.forEach((other, place) => {
    if (place === own || !other.own) return;
    compared++;
    let dot = 0;
    const shared: { readonly k: number; readonly x: number }[] = [];
    for (let k = 0; k < mine.residuals.length; k++) {
      const [x, y] = [mine.residuals[k] as number, other.residuals[k] as number];
      dot += x * y;
      if (x > ABOVE && y > ABOVE) shared.push({ k, x: Math.min(x, y) });
    }
    if (shared.length === 0) return;
    found.push({
      place,
      n: other.n,
      similarity: dot / Math.sqrt(mine.strength * other.strength),
      shared: shared.sort((a, b) => b.x - a.x || a.k - b.k).map(({ k }) => k),
    });
  });
  return {
    compared,
    places: found.sort((a, b) => b.similarity - a.similarity || b.n - a.n || a.place - b.place).slice(0, most),
  };
}
