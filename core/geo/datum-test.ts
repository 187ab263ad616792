import type { Crs } from '../contract/profile.ts';
import { type CandidateReading, type Converter, DATUM_CANDIDATES, type DatumCandidate, otherReadings } from './crs.ts';
import { type DatumSample, datumSample } from './datum-sample.ts';

/**
 * Are a file's coordinates in the datum that its contract declares? Told from the data alone: rows say their own division, and the
 * point lies in a division under the declared reading of the numbers and under every other reading (candidate).
 *
 * Only *discriminating* points matter: those whose division differs between the two readings; of these the *decisive* ones, whose own
 * division agrees with one of the two. p = share of decisive points that agree with the candidate. Some agree by chance, since people near a
 * border report the neighbour. How many, controls tell: the declared point moved as far as the candidate would, but the
 * opposite way and to both sides; q = their share among the points decisive for them. With a share s of points in the candidate's datum
 *
 *     p = s (1 − q) + (1 − s) q,   so   s = (p − q) / (1 − 2q)
 *
 * of the decisive points. A point of the candidate's datum is decisive where one of the declared datum would be under the opposite control;
 * with r = decisive under the opposite control : decisive, the share of all points is s / (s + r (1 − s)).
 *
 * The interval is Newcombe's for a difference, from Wilson intervals of p and q (z = 3.29, one-sided 5e-4), with both sample sizes
 * divided by their design effect: errors come in clusters (one border road), so the variance is taken between 32 groups of
 * blocks of about 2 km. The lower end also takes the worst of the three directions for q.
 *
 * Preconditions: outlines in WGS 84, and own divisions that are right more often than not. Counts are of distinct sampled points, not rows.
 */

/** Points evaluated per file and month. */
export const DATUM_SAMPLE_POINTS = 4000;
const GROUPS = 32;
/** Per group: agrees with declared, agrees with candidate; then the same for the control opposite, left, right. */
const COUNTS = 8;
const BLOCK_DEG = 0.02;
const Z = 3.29;
/** After so many points a month that plainly fits is left alone: most months cost a quarter. */
const LOOKS = [1000, 2000];
const PLAIN_HIGH = 0.1;
/** No division. */
export const NO_DIVISION = 0xffffffff;

export interface CandidateTally {
  discriminating: number;
  /** 32 groups × 8 counts. */
  readonly groups: number[];
}

/** One month of one file: plain data, crosses a worker boundary. */
export interface DatumTally {
  /** Rows with own division and readable coordinate. */
  rows: number;
  /** Distinct points evaluated. */
  points: number;
  /** Points whose own division agrees with the declared reading. */
  agreeing: number;
  readonly candidates: Partial<Record<DatumCandidate, CandidateTally>>;
}
/** Month key → tally. */
export type DatumTallies = Record<string, DatumTally>;

export interface DatumSetup {
  readonly crs: Crs;
  /** `toWgs84(crs, local)`. */
  readonly declared: Converter;
  /** Division of the own division's level that holds a WGS 84 point, NO_DIVISION where there is none: `DivisionIndex.through`. */
  readonly divisionAt: (lng: number, lat: number) => number;
  readonly samplePoints?: number;
}

export interface DatumEvidence {
  /** x, y as written (longitude or easting first); `own` NO_DIVISION = the row does not say. Call for every readable coordinate, also outside the study area. */
  readonly add: (x: number, y: number, own: number, month: number) => void;
  /** Evaluates the sample. Cost: about 11–19 µs a point, nearly all of it nine to eleven look-ups of a division (2 µs each with Tainan’s villages). */
  readonly tallies: () => DatumTallies;
}

/** Collects one file. Cost of `add`: about 0.11 µs a row, no allocation but a new month's sample (about 160 kB). */
export function datumEvidence(setup: DatumSetup): DatumEvidence {
  const months = new Map<number, { sample: DatumSample; rows: number }>();
  const limit = setup.samplePoints ?? DATUM_SAMPLE_POINTS;
  let lastMonth = Number.NaN;
  let last: { sample: DatumSample; rows: number } | null = null;
  return {
    add: (x, y, own, month) => {
      if (own === NO_DIVISION) return;
      if (month !== lastMonth || last === null) {
        last = months.get(month) ?? null;
        if (last === null) {
          last = { sample: datumSample(limit), rows: 0 };
          months.set(month, last);
        }
        lastMonth = month;
      }
      last.rows++;
      last.sample.add(x, y, own);
    },
    tallies: () => {
      const found: DatumTallies = {};
      for (const [month, { sample, rows }] of [...months].sort((a, b) => a[0] - b[0])) {
        const tally: DatumTally = { rows, points: 0, agreeing: 0, candidates: {} };
        const judge = pointJudge(setup, tally);
        sample.each((x, y, own) => {
          judge(x, y, own);
          return !LOOKS.includes(tally.points) || !isPlain(tally);
        });
        found[String(month)] = tally;
      }
      return found;
    },
  };
}

/** Adds one distinct point to a tally. */
function pointJudge(setup: DatumSetup, tally: DatumTally): (x: number, y: number, own: number) => void {
  const readings = otherReadings(setup.crs, setup.declared).map((reading: CandidateReading) => {
    const counts: CandidateTally = { discriminating: 0, groups: new Array<number>(GROUPS * COUNTS).fill(0) };
    tally.candidates[reading.key] = counts;
    return { ...reading, counts };
  });
  const point = new Float64Array(2);
  const other = new Float64Array(2);
  const divisionAt = (lng: number, lat: number): number =>
    Number.isNaN(lng) ? NO_DIVISION : setup.divisionAt(lng, lat);
  return (x, y, own) => {
    setup.declared(x, y, point);
    const lng = point[0] as number;
    const lat = point[1] as number;
    const here = divisionAt(lng, lat);
    tally.points++;
    if (here === own) tally.agreeing++;
    for (const { key, read, counts } of readings) {
      read(x, y, other);
      const there = divisionAt(other[0] as number, other[1] as number);
      const group = groupOf(here === NO_DIVISION ? other : point) * COUNTS;
      const { groups } = counts;
      if (there !== here) {
        counts.discriminating++;
        if (here === own) groups[group] = (groups[group] as number) + 1;
        else if (there === own) groups[group + 1] = (groups[group + 1] as number) + 1;
      }
      // Exchanged axes lie far away: no chance agreement to estimate.
      if (key === 'swapped' || here === NO_DIVISION) continue;
      const eastDeg = (other[0] as number) - lng;
      const northDeg = (other[1] as number) - lat;
      if (Number.isNaN(eastDeg)) continue;
      const squeeze = Math.cos((lat * Math.PI) / 180);
      for (let turn = 1; turn <= 3; turn++) {
        const moved =
          turn === 1
            ? divisionAt(lng - eastDeg, lat - northDeg)
            : turn === 2
              ? divisionAt(lng - northDeg / squeeze, lat + eastDeg * squeeze)
              : divisionAt(lng + northDeg / squeeze, lat - eastDeg * squeeze);
        if (moved === here) continue;
        const at = group + turn * 2 + (here === own ? 0 : 1);
        if (here === own || moved === own) groups[at] = (groups[at] as number) + 1;
      }
    }
  };
}

/** Nothing but the declared datum, with room to spare. */
function isPlain(tally: DatumTally): boolean {
  if (tally.agreeing < tally.points / 2) return false;
  return DATUM_CANDIDATES.every((key) => {
    const counts = tally.candidates[key];
    const estimate = counts ? shareOf(counts) : null;
    return !counts || (estimate !== null && estimate.high < PLAIN_HIGH);
  });
}

/** Group of the block that holds a point. */
function groupOf(point: Float64Array): number {
  const column = Math.floor((point[0] as number) / BLOCK_DEG);
  const row = Math.floor((point[1] as number) / BLOCK_DEG);
  const hash = Math.imul(Math.imul(column, 0x9e3779b1) ^ Math.imul(row, 0x85ebca6b), 0xc2b2ae35);
  return (hash ^ (hash >>> 15)) & (GROUPS - 1);
}

/** Sum over the months of `tallies`, or over files: counts add up. */
export function mergeDatumTallies(tallies: readonly DatumTallies[]): DatumTallies {
  const merged: DatumTallies = {};
  for (const one of tallies) {
    for (const [month, tally] of Object.entries(one)) merged[month] = sum(merged[month], tally);
  }
  return merged;
}

function sum(into: DatumTally | undefined, more: DatumTally): DatumTally {
  const total: DatumTally = into ?? { rows: 0, points: 0, agreeing: 0, candidates: {} };
  total.rows += more.rows;
  total.points += more.points;
  total.agreeing += more.agreeing;
  for (const key of DATUM_CANDIDATES) {
    const add = more.candidates[key];
    if (!add) continue;
    const known = total.candidates[key];
    total.candidates[key] = {
      discriminating: (known?.discriminating ?? 0) + add.discriminating, // a sum starts at nothing
      groups: known ? known.groups.map((count, i) => count + (add.groups[i] as number)) : [...add.groups],
    };
  }
  return total;
}

/** Why nothing can be said. */
export const DATUM_UNKNOWN = {
  'no-own-division': { zh: '没有可用的自带区划', en: 'no row says its own division' },
  'own-division-disagrees': {
    zh: '自带区划与坐标在任何坐标系下都对不上',
    en: 'own divisions agree with the points under no datum',
  },
  'too-few-points': { zh: '能区分坐标系的点太少', en: 'too few points tell the datums apart' },
  inconclusive: { zh: '证据不足以判定', en: 'the evidence decides neither way' },
} as const satisfies Record<string, { zh: string; en: string }>;
export type DatumUnknown = keyof typeof DATUM_UNKNOWN;

interface Evidence {
  /** The candidate that the figures are about: the one found, or the one least excluded. */
  readonly candidate: DatumCandidate | null;
  /** Estimated share of points in the candidate's datum, 0–1, with its interval (about 99.9 %); null without decisive points. */
  readonly share: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly discriminating: number;
  readonly points: number;
  readonly rows: number;
}
export type DatumReading =
  | (Evidence & { readonly verdict: 'fits' | 'mixed' | 'mislabelled' })
  | (Evidence & { readonly verdict: 'not-assessable'; readonly why: DatumUnknown });

/** All months together, and each month. */
export interface DatumVerdict {
  readonly whole: DatumReading;
  readonly months: Readonly<Record<string, DatumReading>>;
}

/** A share is called found when its interval ends above this part of `maxShare`. */
const LOW_OF_MAX = 0.2;
/** Fewer points that agree with one of the two readings say nothing of a file: one mistyped coordinate in a quiet month is no other datum. */
const FEWEST_DECISIVE = 5;
/** From this share on the whole file is in the other datum: what is left is noise of the own divisions. */
const WHOLLY = 0.85;
/** `fits` promises that this share would have been seen. */
const SEEN_SHARE = 0.2;

/**
 * Verdict per file (or feed) and per month. Stops the run: `mixed` and `mislabelled`.
 * @param maxShare largest share of points in another datum that is let pass (`thresholds.maxDatumShare`)
 */
export function datumVerdict(tallies: DatumTallies, { maxShare }: { readonly maxShare: number }): DatumVerdict {
  const months: Record<string, DatumReading> = {};
  let whole: DatumTally | undefined;
  for (const [month, tally] of Object.entries(tallies)) {
    months[month] = reading(tally, maxShare);
    whole = sum(whole, tally);
  }
  return { whole: reading(whole ?? { rows: 0, points: 0, agreeing: 0, candidates: {} }, maxShare), months };
}

function reading(tally: DatumTally, maxShare: number): DatumReading {
  const { rows, points } = tally;
  const nothing = { candidate: null, share: null, low: null, high: null, discriminating: 0, points, rows };
  if (points === 0) return { ...nothing, verdict: 'not-assessable', why: 'no-own-division' };
  const estimates = DATUM_CANDIDATES.flatMap((key) => {
    const counts = tally.candidates[key];
    const estimate = counts ? shareOf(counts) : null;
    return counts && estimate ? [{ key, counts, ...estimate }] : [];
  });
  const evidence = (of: (typeof estimates)[number]): Evidence => ({
    candidate: of.key,
    share: of.share,
    low: of.low,
    high: of.high,
    discriminating: of.counts.discriminating,
    points,
    rows,
  });
  const found = estimates
    .filter(
      ({ share, low, decisive }) => decisive >= FEWEST_DECISIVE && share > maxShare && low > maxShare * LOW_OF_MAX,
    )
    .sort((a, b) => b.share - a.share || b.decisive - a.decisive)[0];
  if (found) return { ...evidence(found), verdict: found.share >= WHOLLY ? 'mislabelled' : 'mixed' };
  // Exchanged axes are excluded by the first point that lies in the city; what remains open is the shift.
  const open = estimates.filter(({ key }) => key !== 'swapped').sort((a, b) => b.high - a.high)[0];
  if (tally.agreeing < points / 2)
    return { ...(open ? evidence(open) : nothing), verdict: 'not-assessable', why: 'own-division-disagrees' };
  if (!open) return { ...nothing, verdict: 'not-assessable', why: 'too-few-points' };
  const isSuspect = open.low > 0 && open.share > maxShare;
  if (open.high < SEEN_SHARE && !isSuspect) return { ...evidence(open), verdict: 'fits' };
  const why = open.low > 0 ? 'inconclusive' : 'too-few-points';
  return { ...evidence(open), verdict: 'not-assessable', why };
}

interface ShareEstimate {
  readonly share: number;
  readonly low: number;
  readonly high: number;
  readonly decisive: number;
}

function shareOf({ groups }: CandidateTally): ShareEstimate | null {
  const candidate = proportion(groups, [0]);
  if (candidate.n === 0) return null;
  const chance = proportion(groups, [2, 4, 6]);
  const opposite = proportion(groups, [2]);
  const q = Math.min(chance.value, 0.45);
  const worst = Math.max(...[2, 4, 6].map((first) => proportion(groups, [first]).value));
  const chanceHigh = Math.max(chance.high, worst, q);
  const difference = candidate.value - q;
  const scale = 1 - 2 * q;
  const low = (difference - Math.hypot(candidate.value - candidate.low, chanceHigh - q)) / scale;
  const high = (difference + Math.hypot(candidate.high - candidate.value, q - chance.low)) / scale;
  const ratio = opposite.n === 0 ? 1 : (opposite.n + RATIO_PRIOR) / (candidate.n + RATIO_PRIOR);
  const r = Math.min(3, Math.max(1 / 3, ratio));
  const ofPoints = (share: number): number => {
    const s = clamp(share);
    return s / (s + r * (1 - s));
  };
  return {
    share: ofPoints(difference / scale),
    // More than half agree with the candidate: whatever chance below one half is at work, so does more than half of the file.
    low: ofPoints(candidate.low > 0.5 ? Math.max(low, 0.5) : low),
    high: ofPoints(high),
    decisive: candidate.n,
  };
}

/** Counts added on both sides of the ratio of opposite to forward, so that a few points do not make it wild. */
const RATIO_PRIOR = 20;

const clamp = (share: number): number => Math.min(1, Math.max(0, share));

interface Proportion {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** Share of second counts among pairs (first, second), summed over `firsts`; Wilson interval with the design effect between groups. */
function proportion(groups: readonly number[], firsts: readonly number[]): Proportion {
  let n = 0;
  let hits = 0;
  for (let g = 0; g < GROUPS * COUNTS; g += COUNTS) {
    for (const first of firsts) {
      hits += groups[g + first + 1] as number;
      n += (groups[g + first] as number) + (groups[g + first + 1] as number);
    }
  }
  // No decisive point: chance unknown; the interval says so.
  if (n === 0) return { value: 0, low: 0, high: 0, n: 0 };
  const value = hits / n;
  let squares = 0;
  for (let g = 0; g < GROUPS * COUNTS; g += COUNTS) {
    let groupN = 0;
    let groupHits = 0;
    for (const first of firsts) {
      groupHits += groups[g + first + 1] as number;
      groupN += (groups[g + first] as number) + (groups[g + first + 1] as number);
    }
    squares += (groupHits - value * groupN) ** 2;
  }
  const variance = (squares * GROUPS) / (GROUPS - 1);
  const binomial = n * value * (1 - value);
  const effective = n / (binomial > 0 ? Math.max(1, variance / binomial) : 1);
  const z2 = Z * Z;
  const middle = (value + z2 / (2 * effective)) / (1 + z2 / effective);
  const half =
    (Z * Math.sqrt((value * (1 - value)) / effective + z2 / (4 * effective * effective))) / (1 + z2 / effective);
  return { value, low: Math.max(0, middle - half), high: Math.min(1, middle + half), n };
}
