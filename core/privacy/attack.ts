/**
 * The differencing attack: what somebody can work out who has everything published at a grade and knows the rules it was made by.
 * Unknown are base counts; known are sums of some of them within bounds (a floor f of step k says f ≤ sum ≤ f + k − 1). Bounds are
 * tightened over all sums until nothing changes: a sum less the least of its other members bounds each member, and the other way
 * round; differences of nested sums are sums too. A test tool, never run on the way to a snapshot.
 */
export interface KnownSum {
  /** Unknowns in the sum, each once. */
  readonly of: ArrayLike<number>;
  readonly lower: number;
  /** Infinity = no upper bound is known. */
  readonly upper: number;
}

export interface Bounds {
  readonly lower: Float64Array;
  /** Infinity = open. */
  readonly upper: Float64Array;
  /** Per known sum what follows for it. */
  readonly sumLower: Float64Array;
  readonly sumUpper: Float64Array;
  /** The sums contradict each other: an assumption of the attacker was wrong. */
  readonly contradiction: boolean;
  readonly rounds: number;
}

export interface Unknowns {
  readonly count: number;
  /** Known bounds of each; default 0 and open. Differences between snapshots may be negative. */
  readonly lower?: ArrayLike<number>;
  readonly upper?: ArrayLike<number>;
}

/**
 * Bounds tightened to a fixpoint. Integer bounds stay integers. Cost: O(rounds × Σ members); stops after `mostRounds`, when the bounds
 * are valid though perhaps not the tightest (intervals can creep).
 */
export function tighten(unknowns: Unknowns, sums: readonly KnownSum[], mostRounds = 200): Bounds {
  const lower = Float64Array.from({ length: unknowns.count }, (_, i) => unknowns.lower?.[i] ?? 0); // a count is never negative
  const upper = Float64Array.from(
    { length: unknowns.count },
    (_, i) => unknowns.upper?.[i] ?? Number.POSITIVE_INFINITY,
  );
  const sumLower = Float64Array.from(sums, (sum) => sum.lower);
  const sumUpper = Float64Array.from(sums, (sum) => sum.upper);
  let rounds = 0;
  let contradiction = false;
  for (let changed = true; changed && rounds < mostRounds && !contradiction; rounds++) {
    changed = false;
    for (let s = 0; s < sums.length; s++) {
      const { of } = sums[s] as KnownSum;
      let least = 0;
      let most = 0;
      let openLeast = 0; // members without a bound: with one open member only that one can be bounded
      let openMost = 0;
      for (let m = 0; m < of.length; m++) {
        const i = of[m] as number;
        if (lower[i] === Number.NEGATIVE_INFINITY) openLeast++;
        else least += lower[i] as number;
        if (upper[i] === Number.POSITIVE_INFINITY) openMost++;
        else most += upper[i] as number;
      }
      if (openLeast === 0 && least > (sumLower[s] as number)) {
        sumLower[s] = least;
        changed = true;
      }
      if (openMost === 0 && most < (sumUpper[s] as number)) {
        sumUpper[s] = most;
        changed = true;
      }
      const low = sumLower[s] as number;
      const high = sumUpper[s] as number;
      if (low > high) contradiction = true;
      for (let m = 0; m < of.length; m++) {
        const i = of[m] as number;
        const li = lower[i] as number;
        const ui = upper[i] as number;
        const othersLeast =
          li === Number.NEGATIVE_INFINITY
            ? openLeast === 1
              ? least
              : -Infinity
            : openLeast === 0
              ? least - li
              : -Infinity;
        const othersMost =
          ui === Number.POSITIVE_INFINITY ? (openMost === 1 ? most : Infinity) : openMost === 0 ? most - ui : Infinity;
        if (high - othersLeast < ui) {
          upper[i] = high - othersLeast;
          if (ui === Number.POSITIVE_INFINITY) {
            openMost--;
            most += upper[i] as number;
          } else most += (upper[i] as number) - ui;
          changed = true;
        }
        if (low - othersMost > li) {
          lower[i] = low - othersMost;
          if (li === Number.NEGATIVE_INFINITY) {
            openLeast--;
            least += lower[i] as number;
          } else least += (lower[i] as number) - li;
          changed = true;
        }
        if ((lower[i] as number) > (upper[i] as number)) contradiction = true;
      }
    }
  }
  return { lower, upper, sumLower, sumUpper, contradiction, rounds };
}

/** A sum that follows from two published ones, one inside the other: its members and the bounds of the difference. */
export function nestedDifferences(sums: readonly KnownSum[], unknowns: number): KnownSum[] {
  const holders: number[][] = Array.from({ length: unknowns }, () => []);
  sums.forEach((sum, s) => {
    for (let m = 0; m < sum.of.length; m++) (holders[sum.of[m] as number] as number[]).push(s);
  });
  const sets = sums.map((sum) => new Set(Array.from(sum.of)));
  const out: KnownSum[] = [];
  sums.forEach((inner, s) => {
    if (inner.of.length === 0) return;
    for (const o of holders[inner.of[0] as number] as number[]) {
      const outer = sums[o] as KnownSum;
      if (o === s || outer.of.length <= inner.of.length) continue;
      if (!Array.from(inner.of).every((i) => (sets[o] as Set<number>).has(i))) continue;
      const of = Array.from(outer.of).filter((i) => !(sets[s] as Set<number>).has(i));
      out.push({ of, lower: outer.lower - inner.upper, upper: outer.upper - inner.lower });
    }
  });
  return out;
}

export interface Recovered {
  /** Base counts told exactly, with 0 < value < k. */
  readonly counts: readonly number[];
  /** Sums and differences of sums told exactly, with 0 < value < k: their members. */
  readonly sums: readonly (readonly number[])[];
}

/**
 * What the attack tells exactly and rightly of what the rule protects.
 *
 * @param truth the true base counts, only to judge: a claim that is wrong is no disclosure
 * @param k smallest count that may be known, per unknown
 */
export function recovered(
  unknowns: Unknowns,
  published: readonly KnownSum[],
  { truth, k }: { readonly truth: ArrayLike<number>; readonly k: ArrayLike<number> },
): Recovered {
  const sums = [...published, ...nestedDifferences(published, unknowns.count)];
  const bounds = tighten(unknowns, sums);
  if (bounds.contradiction) return { counts: [], sums: [] };
  const isSmall = (value: number, limit: number): boolean => value !== 0 && Math.abs(value) < limit;
  const counts: number[] = [];
  for (let i = 0; i < unknowns.count; i++) {
    const value = truth[i] as number;
    if (bounds.lower[i] === bounds.upper[i] && bounds.lower[i] === value && isSmall(value, k[i] as number))
      counts.push(i);
  }
  const told: number[][] = [];
  sums.forEach((sum, s) => {
    if (bounds.sumLower[s] !== bounds.sumUpper[s] || sum.of.length === 0) return;
    const members = Array.from(sum.of);
    const value = members.reduce((total, i) => total + (truth[i] as number), 0);
    if (bounds.sumLower[s] === value && isSmall(value, k[members[0] as number] as number)) told.push(members);
  });
  return { counts, sums: told };
}
