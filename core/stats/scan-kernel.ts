import { fitGumbel, type Gumbel, gumbelP } from './gumbel.ts';
import { monteCarloP } from './monte-carlo.ts';
import { type ScanZones, zoneMembers } from './scan-zones.ts';

/** Counts of a closed set of locations over periods. Whole numbers ≥ 0; a period nobody counted must not be in it. */
export interface SpaceTimeCounts {
  readonly locations: number;
  readonly periods: number;
  /** Location-major, oldest period first: `count[location * periods + period]`. */
  readonly count: Float64Array;
}

export interface ScanOptions {
  /** Windows under test are the last 1 … maxDuration periods. */
  readonly maxDuration: number;
  /** Smallest number of events a cluster may have. */
  readonly minCount: number;
  /** Monte Carlo replicates; 0 = no p values. */
  readonly replicates: number;
  /** How many clusters to report at most, the most likely one included. They share no location. */
  readonly maxClusters: number;
}

export interface ScanCluster {
  /** Index of the zone in the zones given. */
  readonly zone: number;
  readonly locations: Uint32Array;
  /** Length of the window in periods; it ends with the last period. */
  readonly duration: number;
  readonly firstPeriod: number;
  readonly observed: number;
  readonly expected: number;
  /** Log likelihood ratio (natural logarithm). */
  readonly score: number;
  /** Rank p over the simulated maxima; null without replicates. */
  readonly pMonteCarlo: number | null;
  /** Gumbel p from the simulated maxima; null with fewer than 2 replicates or no spread. */
  readonly pGumbel: number | null;
}

export type ScanNotAssessable =
  | 'count-not-whole'
  | 'no-events'
  | 'no-expectation'
  | 'no-zones'
  | 'too-few-periods'
  | 'sizes-differ';

export type ScanResult =
  | {
      readonly kind: 'assessed';
      /** Most likely first. Empty when no zone has an excess with enough events. */
      readonly clusters: readonly ScanCluster[];
      /** Largest score of each replicate; 0 where no zone had an excess. */
      readonly simulatedMaxima: Float64Array;
      readonly gumbel: Gumbel | null;
    }
  | { readonly kind: 'not-assessable'; readonly why: ScanNotAssessable };

/**
 * Score of a zone and window with c events, written as `ofCount[c] − c · slope + offset`, so that a replicate costs no
 * logarithm. Both likelihood ratios have this form:
 * expectation-based: c ln(c/mu) − (c − mu); conditional on the total C: c ln(c/mu) + (C − c) ln((C − c)/(C − mu)).
 */
export interface ScoreTable {
  readonly zones: ScanZones;
  readonly maxDuration: number;
  /** By `zone * maxDuration + duration − 1`, as are the next three. */
  readonly expected: Float64Array;
  readonly slope: Float64Array;
  readonly offset: Float64Array;
  /** Fewest events that count as an excess; beyond every count where the expectation leaves the score undefined. */
  readonly least: Float64Array;
  /** Grows on demand: see `coverCount`. */
  ofCount: Float64Array;
  /** Total C of the conditional form, or null. */
  readonly total: number | null;
}

const xLogX = (x: number): number => (x > 0 ? x * Math.log(x) : 0);

/** Why counts cannot be scanned, or null when they can. */
export function refuseCounts(data: SpaceTimeCounts, zones: ScanZones, options: ScanOptions): ScanNotAssessable | null {
  if (data.count.length !== data.locations * data.periods || zones.locations !== data.locations) return 'sizes-differ';
  if (zones.zoneEnd.length === 0) return 'no-zones';
  if (!(options.maxDuration >= 1 && options.maxDuration <= data.periods)) return 'too-few-periods';
  let total = 0;
  for (let i = 0; i < data.count.length; i++) {
    const count = data.count[i] as number;
    if (!(Number.isSafeInteger(count) && count >= 0)) return 'count-not-whole';
    total += count;
  }
  return total > 0 ? null : 'no-events';
}

/** Sums of the last 1 … maxDuration periods by location: `tail[location * maxDuration + duration − 1]`. */
export function tailSums(
  data: Pick<SpaceTimeCounts, 'locations' | 'periods'>,
  values: Float64Array,
  maxDuration: number,
) {
  const tail = new Float64Array(data.locations * maxDuration);
  for (let i = 0; i < data.locations; i++) {
    let sum = 0;
    for (let d = 0; d < maxDuration; d++) {
      sum += values[(i + 1) * data.periods - 1 - d] as number;
      tail[i * maxDuration + d] = sum;
    }
  }
  return tail;
}

/** Zone sums of tail sums: `sum[zone * maxDuration + duration − 1]`. */
export function zoneSums(zones: ScanZones, tail: Float64Array, maxDuration: number): Float64Array {
  const sums = new Float64Array(zones.zoneEnd.length * maxDuration);
  const running = new Float64Array(maxDuration);
  for (let c = 0; c + 1 < zones.memberStart.length; c++) {
    running.fill(0);
    let m = zones.memberStart[c] as number;
    for (let z = zones.zoneStart[c] as number; z < (zones.zoneStart[c + 1] as number); z++) {
      for (const end = zones.zoneEnd[z] as number; m < end; m++) {
        const base = (zones.member[m] as number) * maxDuration;
        for (let d = 0; d < maxDuration; d++) running[d] = (running[d] as number) + (tail[base + d] as number);
      }
      sums.set(running, z * maxDuration);
    }
  }
  return sums;
}

/** Score table for expected sums by zone and duration. `total` = C for the conditional form, null for the expectation-based. */
export function scoreTable(
  zones: ScanZones,
  expected: Float64Array,
  form: { readonly maxDuration: number; readonly minCount: number; readonly total: number | null },
): ScoreTable {
  const size = expected.length;
  const slope = new Float64Array(size);
  const offset = new Float64Array(size);
  const least = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const mu = expected[i] as number;
    const rest = form.total === null ? null : form.total - mu;
    if (!(mu > 0) || (rest !== null && !(rest > 1e-9))) {
      least[i] = Number.MAX_SAFE_INTEGER;
      continue;
    }
    least[i] = Math.max(form.minCount, Math.floor(mu) + 1);
    if (rest === null) {
      slope[i] = Math.log(mu) + 1;
      offset[i] = mu;
    } else {
      slope[i] = Math.log(mu) - Math.log(rest);
      offset[i] = -(form.total as number) * Math.log(rest);
    }
  }
  const ofCount = new Float64Array(0);
  return { zones, maxDuration: form.maxDuration, expected, slope, offset, least, ofCount, total: form.total };
}

/** Makes the table good for counts up to `largest`. */
export function coverCount(table: ScoreTable, largest: number): void {
  if (table.ofCount.length > largest) return;
  const size = table.total === null ? Math.max(largest + 1, 2 * table.ofCount.length) : table.total + 1;
  const ofCount = new Float64Array(size);
  for (let c = 0; c < size; c++) ofCount[c] = xLogX(c) + (table.total === null ? 0 : xLogX(table.total - c));
  table.ofCount = ofCount;
}

/** Largest score over all zones and windows for tail sums of counts; 0 without an excess. Cost O(members · maxDuration). */
export function largestScore(
  table: ScoreTable,
  tail: Int32Array,
  running: Int32Array,
  among: {
    /** Fewest events by zone and window; left out: those of the table. */
    readonly least: Float64Array | Int32Array;
    /** Centres whose zones may matter; null = all. */
    readonly centres: Uint32Array | null;
  } = { least: table.least, centres: null },
): number {
  const { zones, maxDuration, slope, offset, ofCount } = table;
  const { memberStart, member, zoneStart, zoneEnd } = zones;
  const { least } = among;
  const centres = among.centres === null ? memberStart.length - 1 : among.centres.length;
  const last = maxDuration - 1;
  let best = 0;
  for (let k = 0; k < centres; k++) {
    const c = among.centres === null ? k : (among.centres[k] as number);
    for (let d = 0; d < maxDuration; d++) running[d] = 0;
    let m = memberStart[c] as number;
    const zonesEnd = zoneStart[c + 1] as number;
    for (let z = zoneStart[c] as number; z < zonesEnd; z++) {
      const end = zoneEnd[z] as number;
      for (; m < end; m++) {
        const base = (member[m] as number) * maxDuration;
        if (tail[base + last] === 0) continue;
        for (let d = 0; d < maxDuration; d++) running[d] = (running[d] as number) + (tail[base + d] as number);
      }
      const row = z * maxDuration;
      for (let d = 0; d < maxDuration; d++) {
        const count = running[d] as number;
        const at = row + d;
        if (count >= (least[at] as number)) {
          const score = (ofCount[count] as number) - count * (slope[at] as number) + (offset[at] as number);
          if (score > best) best = score;
        }
      }
    }
  }
  return best;
}

/** Replicates that are scored in full before the bar is set. */
const FULL_REPLICATES = 20;
const BEYOND_ALL_COUNTS = 2 ** 31 - 1;

/** Fewest events with a score of at least `bar`, by zone and window: scores rise with the count above the expectation. */
function countsForScore(table: ScoreTable, bar: number): Int32Array {
  const need = new Int32Array(table.least.length).fill(BEYOND_ALL_COUNTS);
  const largest = table.ofCount.length - 1;
  for (let at = 0; at < need.length; at++) {
    for (let count = table.least[at] as number; count <= largest; count++) {
      const score =
        (table.ofCount[count] as number) - count * (table.slope[at] as number) + (table.offset[at] as number);
      if (score >= bar) {
        need[at] = count;
        break;
      }
    }
  }
  return need;
}

/** Windows in groups of like length, by their longest: 1, 2, 3–4, 5–8, 9–16 … periods. */
function windowGroups(maxDuration: number): Uint32Array {
  const ends: number[] = [];
  for (let length = 1; length < maxDuration; length *= 2) ends.push(length - 1);
  return Uint32Array.from([...ends, maxDuration - 1]);
}

/**
 * Finds the centres with a window that may reach `need`, from one sum a group: the count of the group's longest window is no smaller than that of
 * its shorter ones, so where it lies below what the least demanding window of the group needs, none of them reaches it. Cost O(members · groups).
 */
function centreSieve(table: ScoreTable, need: Int32Array): (tail: Int32Array) => Uint32Array {
  const { zones, maxDuration } = table;
  const { memberStart, member, zoneStart, zoneEnd } = zones;
  const ends = windowGroups(maxDuration);
  const groups = ends.length;
  const groupNeed = new Int32Array(zoneEnd.length * groups).fill(BEYOND_ALL_COUNTS);
  for (let z = 0; z < zoneEnd.length; z++)
    for (let g = 0, d = 0; g < groups; g++)
      for (; d <= (ends[g] as number); d++)
        groupNeed[z * groups + g] = Math.min(groupNeed[z * groups + g] as number, need[z * maxDuration + d] as number);
  const sums = new Int32Array(zones.locations * groups);
  const running = new Int32Array(groups);
  const centres = memberStart.length - 1;
  const passed = new Uint32Array(centres);
  return (tail) => {
    for (let i = 0; i < zones.locations; i++)
      for (let g = 0; g < groups; g++) sums[i * groups + g] = tail[i * maxDuration + (ends[g] as number)] as number;
    let found = 0;
    for (let c = 0; c < centres; c++) {
      for (let g = 0; g < groups; g++) running[g] = 0;
      let m = memberStart[c] as number;
      let matters = false;
      for (let z = zoneStart[c] as number; z < (zoneStart[c + 1] as number) && !matters; z++) {
        for (const end = zoneEnd[z] as number; m < end; m++) {
          const base = (member[m] as number) * groups;
          if (sums[base + groups - 1] === 0) continue;
          for (let g = 0; g < groups; g++) running[g] = (running[g] as number) + (sums[base + g] as number);
        }
        for (let g = 0; g < groups; g++)
          if ((running[g] as number) >= (groupNeed[z * groups + g] as number)) matters = true;
      }
      if (matters) passed[found++] = c;
    }
    return passed.subarray(0, found);
  };
}

/**
 * Largest scores of the replicates. After the first ones a bar just below their smallest maximum says how many events a zone
 * needs to matter, so most centres are passed over by a few sums; a replicate that stays below the bar is scored in full. Exact.
 */
function simulateMaxima(table: ScoreTable, draw: DrawTail, maxima: Float64Array, tail: Int32Array): void {
  const running = new Int32Array(table.maxDuration);
  let smallest = Number.POSITIVE_INFINITY;
  let need: Int32Array | null = null;
  let sieve: ReturnType<typeof centreSieve> | null = null;
  let covered = 0;
  for (let r = 0; r < maxima.length; r++) {
    coverCount(table, draw(tail));
    if (r >= FULL_REPLICATES && (need === null || covered !== table.ofCount.length)) {
      covered = table.ofCount.length;
      need = countsForScore(table, 0.95 * smallest);
      sieve = centreSieve(table, need);
    }
    let best =
      need === null || sieve === null ? 0 : largestScore(table, tail, running, { least: need, centres: sieve(tail) });
    if (best === 0) best = largestScore(table, tail, running);
    maxima[r] = best;
    if (need === null && best < smallest) smallest = best;
  }
}

/** Scores of all zones and windows for observed zone sums; NaN where there is no excess with enough events. */
export function allScores(table: ScoreTable, observed: Float64Array): Float64Array {
  let largest = 0;
  for (let i = 0; i < observed.length; i++) if ((observed[i] as number) > largest) largest = observed[i] as number;
  coverCount(table, largest);
  const scores = new Float64Array(observed.length).fill(Number.NaN);
  for (let i = 0; i < observed.length; i++) {
    const count = observed[i] as number;
    if (count < (table.least[i] as number)) continue;
    scores[i] = (table.ofCount[count] as number) - count * (table.slope[i] as number) + (table.offset[i] as number);
  }
  return scores;
}

/**
 * The best window, then the best of all zones that share no location with those before. Ties: the smaller zone index,
 * then the shorter window. `scores` by `zone * maxDuration + duration − 1`, NaN = none.
 */
export function nonOverlapping(
  zones: ScanZones,
  scores: Float64Array,
  limits: { readonly maxDuration: number; readonly maxClusters: number; readonly above: number },
): readonly { readonly zone: number; readonly duration: number }[] {
  const zoneCount = zones.zoneEnd.length;
  const bestWindow = new Float64Array(zoneCount).fill(Number.NaN);
  const bestDuration = new Uint32Array(zoneCount);
  const candidates: number[] = [];
  for (let z = 0; z < zoneCount; z++) {
    for (let d = 0; d < limits.maxDuration; d++) {
      const score = scores[z * limits.maxDuration + d] as number;
      if (score > limits.above && !(score <= (bestWindow[z] as number))) {
        bestWindow[z] = score;
        bestDuration[z] = d + 1;
      }
    }
    if (!Number.isNaN(bestWindow[z])) candidates.push(z);
  }
  candidates.sort((a, b) => (bestWindow[b] as number) - (bestWindow[a] as number) || a - b);
  const taken = new Uint8Array(zones.locations);
  const chosen: { zone: number; duration: number }[] = [];
  for (const zone of candidates) {
    if (chosen.length >= limits.maxClusters) break;
    const from = zones.memberStart[zones.zoneCentre[zone] as number] as number;
    const to = zones.zoneEnd[zone] as number;
    let free = true;
    for (let m = from; m < to && free; m++) free = taken[zones.member[m] as number] === 0;
    if (!free) continue;
    for (let m = from; m < to; m++) taken[zones.member[m] as number] = 1;
    chosen.push({ zone, duration: bestDuration[zone] as number });
  }
  return chosen;
}

/** Fills tail counts (`location * maxDuration + duration − 1`) with one replicate of the null; returns the largest count possible. */
export type DrawTail = (tail: Int32Array) => number;

/** Observed clusters and the simulated maxima of the null. Cost O(replicates · members · maxDuration). */
export function runScan(
  table: ScoreTable,
  data: SpaceTimeCounts,
  options: ScanOptions,
  draw: DrawTail | null,
): ScanResult {
  const { zones, maxDuration } = table;
  const observed = zoneSums(zones, tailSums(data, data.count, maxDuration), maxDuration);
  const scores = allScores(table, observed);
  const simulatedMaxima = new Float64Array(draw === null ? 0 : options.replicates);
  const tail = new Int32Array(data.locations * maxDuration);
  if (draw !== null) simulateMaxima(table, draw, simulatedMaxima, tail);
  const gumbel = fitGumbel(simulatedMaxima);
  const { maxClusters } = options;
  const clusters = nonOverlapping(zones, scores, { maxDuration, maxClusters, above: 0 }).map(({ zone, duration }) => {
    const at = zone * maxDuration + duration - 1;
    const score = scores[at] as number;
    return {
      zone,
      locations: zoneMembers(zones, zone),
      duration,
      firstPeriod: data.periods - duration,
      observed: observed[at] as number,
      expected: table.expected[at] as number,
      score,
      pMonteCarlo: monteCarloP(simulatedMaxima, score),
      pGumbel: gumbel === null ? null : gumbelP(gumbel, score),
    };
  });
  return { kind: 'assessed', clusters, simulatedMaxima, gumbel };
}

/** Turns counts by (location, duration slot) into running sums over the slots, in place. */
export function accumulateTail(tail: Int32Array, maxDuration: number): void {
  for (let base = 0; base < tail.length; base += maxDuration) {
    let sum = 0;
    for (let d = 0; d < maxDuration; d++) {
      sum += tail[base + d] as number;
      tail[base + d] = sum;
    }
  }
}
