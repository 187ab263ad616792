import { adjustedP } from '../stats/benjamini-hochberg.ts';
import { normalCdf } from '../stats/normal.ts';

/**
 * Places that lie above their own share of the city and stay there (持续高于以往): the last weeks against a year before them.
 *
 *     E_i = Σ_g y_ref,ig · (Y_last,g / Y_ref,g)            every group at the city's own rise: season, storms and a new channel move all places
 *     z_i = 2 (√(y_i + 3/8) − √(E_i + 3/8)) / √(1 + r)      r = ΣE / Σy_ref: the reference is a count too
 *
 * A city's places differ from their share by more than chance, so z is compared with the middle half of all places (its median, and its
 * quartiles as a normal law has them; never narrower than 1), and p are adjusted over all places (Benjamini–Hochberg).
 */
export interface LevelCounts {
  /** Reports by place of each group, in the last weeks and in the reference; unknown weeks left out of both, for every place alike. */
  readonly last: readonly Float64Array[];
  readonly reference: readonly Float64Array[];
}

export interface Levels {
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  /** r of the definition. */
  readonly weight: number;
}

/** Counts of all groups and what the places' shares lead to expect; a group the reference has none of takes no part. Cost: groups × places. */
export function placeLevels({ last, reference }: LevelCounts): Levels {
  const places = last[0]?.length ?? 0; // no groups, no places
  const [observed, expected] = [new Float64Array(places), new Float64Array(places)];
  let [all, past] = [0, 0];
  last.forEach((now, g) => {
    const before = reference[g] as Float64Array;
    const [cityNow, cityBefore] = [total(now), total(before)];
    if (!(cityBefore > 0)) return;
    const rise = cityNow / cityBefore;
    for (let i = 0; i < places; i++) {
      observed[i] = (observed[i] as number) + (now[i] as number);
      expected[i] = (expected[i] as number) + (before[i] as number) * rise;
    }
    all += cityNow;
    past += cityBefore;
  });
  return { observed, expected, weight: past > 0 ? all / past : 0 };
}

const total = (values: Float64Array): number => values.reduce((sum, n) => sum + n, 0);

export interface LevelOptions {
  /** Places expected to have fewer are not compared. */
  readonly leastExpected: number;
}

export interface LevelChanges {
  /** By place; NaN = not compared. */
  readonly z: Float64Array;
  readonly p: Float64Array;
  readonly q: Float64Array;
  /** Spread of z over the places, at least 1. */
  readonly spread: number;
  readonly compared: number;
}

/** Fewer places do not show how far places of this city usually stray. A city may have no more than ten districts. */
const FEWEST_PLACES = 8;
/** Distance of the quartiles of a normal law, in standard deviations. */
const QUARTILES = 1.349;

/** Definition above; null with fewer than 8 places to compare. Cost: a sort. */
export function levelChanges(
  { observed, expected, weight }: Levels,
  { leastExpected }: LevelOptions,
): LevelChanges | null {
  const places = observed.length;
  const z = new Float64Array(places).fill(Number.NaN);
  const compared: number[] = [];
  for (let i = 0; i < places; i++) {
    if (!((expected[i] as number) >= leastExpected)) continue;
    z[i] =
      (2 * (Math.sqrt((observed[i] as number) + 0.375) - Math.sqrt((expected[i] as number) + 0.375))) /
      Math.sqrt(1 + weight);
    compared.push(i);
  }
  if (compared.length < FEWEST_PLACES) return null;
  const sorted = Float64Array.from(compared, (i) => z[i] as number).sort();
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] as number;
  const spread = Math.max(1, (at(0.75) - at(0.25)) / QUARTILES);
  const p = new Float64Array(places).fill(Number.NaN);
  for (const i of compared) p[i] = normalCdf((at(0.5) - (z[i] as number)) / spread);
  const own = Float64Array.from(compared, (i) => p[i] as number);
  const adjusted = new Float64Array(own.length);
  adjustedP(own, adjusted);
  const q = new Float64Array(places).fill(Number.NaN);
  compared.forEach((i, k) => {
    q[i] = adjusted[k] as number;
  });
  return { z, p, q, spread, compared: compared.length };
}

/** Places in order of evidence that share nothing with a better one. `parts` = what a place is made of. Cost: places × parts. */
export function apartFromBetter(
  places: readonly number[],
  { p, parts }: { readonly p: Float64Array; readonly parts: (place: number) => readonly number[] },
): number[] {
  const taken = new Set<number>();
  return [...places]
    .sort((a, b) => (p[a] as number) - (p[b] as number) || a - b)
    .filter((place) => {
      const own = parts(place);
      if (own.some((part) => taken.has(part))) return false;
      for (const part of own) taken.add(part);
      return true;
    });
}
