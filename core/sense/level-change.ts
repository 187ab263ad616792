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

export interface LevelRule {
  /** Bound of the adjusted p. */
  readonly alpha: number;
  readonly leastRatio: number;
  readonly leastExcess: number;
}

export interface LevelLook {
  /** Counts by group and place: of the reference, of each part of the last weeks, and of the weeks after; null = those are not in yet. */
  readonly reference: readonly Float64Array[];
  readonly parts: readonly (readonly Float64Array[])[];
  readonly next: readonly Float64Array[] | null;
}

export interface LevelRise {
  readonly place: number;
  readonly observed: number;
  readonly expected: number;
  readonly p: number;
  /** Found now, not only standing from before. */
  readonly rises: boolean;
  /** Stood, and has fallen to less than half of the way above its share. */
  readonly isInside: boolean;
  /** The weeks after, against the same share. */
  readonly follow: { readonly observed: number; readonly expected: number } | null;
}

/** Fewer expected in the last weeks: a handful of reports would be a multiple. */
const LEAST_EXPECTED = 2;

/**
 * Places whose level has changed, by the rule, and those that `stood` at the look before. New ones are above half of the way to the ratio in every
 * part: a month of many reports is no new level. Cost: groups × places.
 */
export function levelRises(
  { reference, parts, next }: LevelLook,
  rule: LevelRule,
  stood: (place: number) => boolean,
): LevelRise[] {
  const last = reference.map((own, g) =>
    own.map((_n, i) => parts.reduce((sum, part) => sum + ((part[g] as Float64Array)[i] as number), 0)),
  );
  const levels = placeLevels({ last, reference });
  const changes = levelChanges(levels, { leastExpected: LEAST_EXPECTED });
  if (changes === null) return [];
  const byPart = parts.map((part) => placeLevels({ last: part, reference }));
  const after = next && placeLevels({ last: next, reference });
  const half = (1 + rule.leastRatio) / 2;
  const found: LevelRise[] = [];
  for (let place = 0; place < levels.observed.length; place++) {
    const [observed, expected] = [levels.observed[place] as number, levels.expected[place] as number];
    const rises =
      (changes.q[place] as number) <= rule.alpha &&
      observed >= rule.leastRatio * expected &&
      observed - expected >= rule.leastExcess &&
      byPart.every((part) => (part.observed[place] as number) > half * (part.expected[place] as number));
    if (!rises && !stood(place)) continue;
    const p = changes.p[place] as number;
    found.push({
      place,
      observed,
      expected,
      p: Number.isNaN(p) ? 1 : p, // too few to be compared now: no evidence
      rises,
      isInside: !rises && observed <= half * expected,
      follow: after && { observed: after.observed[place] as number, expected: after.expected[place] as number },
    });
  }
  return found;
}

/** Positions in the weeks that a look is made of. */
export interface LevelSpan {
  readonly reference: readonly number[];
  /** The last weeks in three parts, oldest first. */
  readonly parts: readonly (readonly number[])[];
  /** The four weeks after; null = not all in yet. */
  readonly next: readonly number[] | null;
}

const PARTS = 3;
/** Fewer weeks before are no year. */
const FEWEST_REFERENCE_WEEKS = 26;
/** What lasts for months is looked at every so many weeks. */
export const LEVEL_LOOK_WEEKS = 4;

/**
 * Weeks of the look at the end of week `end − 1`; null without enough of a past. What has been so for half a year is still new: with the months in
 * between as reference it would soon be its own normal. `settledEnd` = first week that is not all in.
 */
export function levelSpan(
  end: number,
  rule: { readonly weeks: number; readonly referenceEndsWeeks: number; readonly referenceWeeks: number },
  settledEnd: number,
): LevelSpan | null {
  const { weeks } = rule;
  const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
  const before = end - rule.referenceEndsWeeks;
  const first = Math.max(0, before - rule.referenceWeeks);
  if (before - first < FEWEST_REFERENCE_WEEKS) return null;
  return {
    reference: range(first, before),
    parts: Array.from({ length: PARTS }, (_, k) =>
      range(end - weeks + Math.round((k * weeks) / PARTS), end - weeks + Math.round(((k + 1) * weeks) / PARTS)),
    ),
    next: end + LEVEL_LOOK_WEEKS <= settledEnd ? range(end, end + LEVEL_LOOK_WEEKS) : null,
  };
}

/** What stood at one look, by its key, and whether it was inside its normal. */
export interface LevelStands {
  readonly key: string;
  readonly isInside: boolean;
}

/** What still stands after a look, and for how many weeks each has been inside: it ends after `endWeeks` of them, so that a level does not flicker. */
export function stillStanding<One extends LevelStands>(
  found: readonly One[],
  before: ReadonlyMap<string, number>,
  endWeeks: number,
): { readonly standing: readonly One[]; readonly inside: ReadonlyMap<string, number> } {
  const weeks = ({ key, isInside }: One): number => (isInside ? (before.get(key) ?? 0) + LEVEL_LOOK_WEEKS : 0); // was above until now
  const standing = found.filter((one) => !one.isInside || weeks(one) < endWeeks);
  return { standing, inside: new Map(standing.map((one) => [one.key, weeks(one)])) };
}
