import { fitGumbel, type Gumbel, gumbelP, recurrenceIntervalDays } from '../stats/gumbel.ts';
import { diskZones, type ScanZones, zoneMembers } from '../stats/scan-zones.ts';
import { clusterHistory, type RecentTail } from './cluster-history.ts';
import type { ClusterOptions } from './cluster-options.ts';
import { learnSpread } from './cluster-spread.ts';
import type { ClusterAlert, ClusterStream } from './cluster-stream.ts';

const SHRINK_RINGS = 2;
/** Fewest clean days a recurrence interval is based on. */
const MIN_CLEAN_DAYS = 60;

/** Days firstDay … endDay − 1 of a replay. Days before are read for learning only. */
export interface ClusterSpan {
  readonly firstDay: number;
  readonly endDay: number;
}

/** Expectation-based Poisson score C ln(C/B) − (C − B). */
const poissonScore = (count: number, expected: number): number =>
  count * Math.log(count / expected) - (count - expected);

/**
 * The same for counts of variance B + phi B²: ratio of the negative binomials (size k = 1/phi) with mean C and mean B,
 * C ln(C/B) − (C + k) ln((C + k)/(B + k)). phi = 0: the Poisson score.
 */
const dispersedScore = (count: number, expected: number, phi: number): number => {
  if (!(phi * expected > 1e-6)) return poissonScore(count, expected);
  const size = 1 / phi;
  return count * Math.log(count / expected) - (count + size) * Math.log((count + size) / (expected + size));
};

/** Conditional score c ln(c/mu) + (C − c) ln((C − c)/(C − mu)) of the permutation scan. */
const conditionalScore = (count: number, expected: number, total: number): number =>
  count * Math.log(count / expected) +
  (total > count ? (total - count) * Math.log((total - count) / (total - expected)) : 0);

/** One day, by `(test * zones + zone) * maxDuration + d`. */
interface DayScores {
  readonly day: number;
  readonly zones: ScanZones;
  /** Of the last `scoreAbove`; what was not asked for is not in it. */
  readonly score: Float64Array;
  readonly observed: Int32Array;
  readonly expected: Float64Array;
  /** Position of the largest score above 0; −1 = no excess. */
  readonly best: () => number;
  /** Positions of all scores above a bar (0 or more), in order. */
  readonly above: (bar: number) => number[];
}

/**
 * Replays the stream and calls `visit` with the scores of every day of the span. The spread is learned on every `learnEvery`-th day
 * from the first on, whatever the span, so the scores of a day do not depend on where the span begins.
 */
function replayScores(
  stream: ClusterStream,
  options: ClusterOptions,
  span: ClusterSpan,
  visit: (scores: DayScores) => void,
  given: ScanZones | undefined,
): void {
  const { maxDuration, minCount, tests, local } = options;
  if (local !== null && options.rings !== SHRINK_RINGS)
    throw new RangeError(`a place's own level is made for ${SHRINK_RINGS} rings, not ${options.rings}`);
  const cells = stream.cells.length;
  const zones = given ?? diskZones(stream.cells, options.rings);
  const disks = options.rings === SHRINK_RINGS ? zones : diskZones(stream.cells, SHRINK_RINGS);
  const history = clusterHistory(stream, disks, options);
  const size = zones.zoneEnd.length * maxDuration;
  const score = new Float64Array(size * tests.length);
  const observed = new Int32Array(size * tests.length);
  const expected = new Float64Array(size * tests.length);
  const count = new Int32Array(maxDuration);
  const halfLife = local === null ? 1 : local.learnHalfLife / local.learnEvery;
  const largest = local?.largest ?? 0;
  const spread = learnSpread(zones, { rings: options.rings, maxDuration, halfLife, largest });

  /** Expectations without the place's own level; only kept where they are learned from. */
  const plain = new Float64Array(local === null ? 0 : size);

  /** Events of the longest window in the largest zone around every cell: a cell lies in the largest zones of the members of its own. */
  const around = new Int32Array(cells);
  const fillAround = ({ counts: tail, cell, used }: RecentTail): void => {
    around.fill(0);
    for (let k = 0; k < used; k++) {
      const at = cell[k] as number;
      const events = tail[(at + 1) * maxDuration - 1] as number;
      for (let m = zones.memberStart[at] as number; m < (zones.memberStart[at + 1] as number); m++) {
        const centre = zones.member[m] as number;
        around[centre] = (around[centre] as number) + events;
      }
    }
  };

  /** Centres whose zones are summed today, by test: `centre[0 … used − 1]`. */
  const active = tests.map(() => ({ centre: new Uint32Array(cells), used: 0 }));

  /** Counts of all zones from row `base` on, and their expectation weight · city, weight = sum of `byCell` over the zone. */
  const sumZones = (test: number, tail: Int32Array, byCell: Float64Array, city: Float64Array): void => {
    const base = test * size;
    const list = active[test] as { centre: Uint32Array; used: number };
    list.used = 0;
    for (let c = 0; c < cells; c++) {
      let m = zones.memberStart[c] as number;
      // Too few events in the largest zone and window are too few in all of them; a spread is learned from all zones.
      if (local === null && (around[c] as number) < minCount) continue;
      list.centre[list.used++] = c;
      count.fill(0);
      let weight = 0;
      for (let z = zones.zoneStart[c] as number; z < (zones.zoneStart[c + 1] as number); z++) {
        for (const end = zones.zoneEnd[z] as number; m < end; m++) {
          const cell = zones.member[m] as number;
          weight += byCell[cell] as number;
          if (tail[(cell + 1) * maxDuration - 1] === 0) continue;
          for (let d = 0; d < maxDuration; d++)
            count[d] = (count[d] as number) + (tail[cell * maxDuration + d] as number);
        }
        const row = base + z * maxDuration;
        // Too few in the longest window of the zone are too few in all of them: nobody looks at the others.
        if (local === null && (count[maxDuration - 1] as number) < minCount) {
          observed[row + maxDuration - 1] = 0;
          continue;
        }
        for (let d = 0; d < maxDuration; d++) {
          observed[row + d] = count[d] as number;
          expected[row + d] = weight * (city[d] as number);
        }
      }
    }
  };
  /** Moves the expectations from row `base` on to the place's own present level. */
  const applyLean = (base: number, lean: Float64Array): void => {
    plain.set(expected.subarray(base, base + size));
    for (let z = 0; z < zones.zoneEnd.length; z++) {
      const ring = z - (zones.zoneStart[zones.zoneCentre[z] as number] as number);
      for (let d = 0; d < maxDuration; d++) {
        const at = z * maxDuration + d;
        const lift = (spread.gain[ring * maxDuration + d] as number) * (lean[at] as number);
        expected[base + at] = (plain[at] as number) * (1 + Math.max(-largest, Math.min(largest, lift)));
      }
    }
  };
  const totals: (number | null)[] = tests.map(() => null);
  /**
   * Visits the positions with a score above the bar; `rises`: a found score is the next bar. Scores at or below it are not worked out where that is seen
   * before: (C − B)² / 2B is never less than the score.
   */
  const scoreZones = (from: number, rises: boolean, found: (at: number, value: number) => void): void => {
    let bar = from;
    for (let test = 0; test < tests.length; test++) {
      const total = totals[test] as number | null;
      const { centre, used } = active[test] as { centre: Uint32Array; used: number };
      for (let k = 0; k < used; k++) {
        const first = zones.zoneStart[centre[k] as number] as number;
        for (let z = first; z < (zones.zoneStart[(centre[k] as number) + 1] as number); z++) {
          if ((observed[test * size + (z + 1) * maxDuration - 1] as number) < minCount) continue;
          for (let d = 0; d < maxDuration; d++) {
            const at = test * size + z * maxDuration + d;
            const events = observed[at] as number;
            const normal = expected[at] as number;
            if (events < minCount || !(normal > 0 && events > normal)) continue;
            if (total === null && (events - normal) ** 2 <= 2 * normal * bar) continue;
            const value =
              total === null
                ? dispersedScore(events, normal, spread.phi[(z - first) * maxDuration + d] as number)
                : conditionalScore(events, normal, total);
            if (!(value > bar)) continue;
            score[at] = value;
            found(at, value);
            if (rises) bar = value;
          }
        }
      }
    }
  };
  /** Score today of a position that was looked at before; 0 where it is not looked at today. Only of the test on expectations. */
  const scoreNow = (at: number): number => {
    const zone = Math.floor(at / maxDuration);
    if (local !== null || tests.length > 1 || totals[0] !== null || zone >= zones.zoneEnd.length) return 0;
    if ((around[zones.zoneCentre[zone] as number] as number) < minCount) return 0;
    if ((observed[(zone + 1) * maxDuration - 1] as number) < minCount) return 0;
    const [events, normal] = [observed[at] as number, expected[at] as number];
    return events >= minCount && normal > 0 && events > normal ? dispersedScore(events, normal, 0) : 0;
  };
  /** Of the last day. */
  let bestBefore = -1;
  const best = (): number => {
    let at = -1;
    // What was best yesterday is good today: its score, as it is now, passes most others by without a logarithm. A hair less, so that it is found itself.
    const from = bestBefore < 0 ? 0 : Math.max(0, scoreNow(bestBefore) * (1 - 1e-9));
    scoreZones(from, true, (found) => {
      at = found;
    });
    bestBefore = at;
    return at;
  };
  const above = (bar: number): number[] => {
    const all: number[] = [];
    scoreZones(bar, false, (found) => all.push(found));
    return all;
  };

  for (let day = 0; day < span.endDay; day++) {
    const learns = local !== null && day % local.learnEvery === 0;
    if (day < span.firstDay && !learns) continue;
    history.advance(day);
    const expectation = history.expectation();
    if (expectation === null) continue;
    const { share, dayTail, lean } = expectation;
    const recentTail = history.recentTail();
    const tail = recentTail.counts;
    if (local === null) fillAround(recentTail);
    for (let test = 0; test < tests.length; test++) {
      if (tests[test] === 'permutation') {
        const { byCell: recent, cityTail, total } = history.recent(options.permutationDays);
        const scale = recent.map((events) => events / total);
        sumZones(test, tail, scale, cityTail);
        totals[test] = total;
        continue;
      }
      sumZones(test, tail, share, dayTail);
      if (local !== null) applyLean(test * size, lean);
    }
    if (day >= span.firstDay) visit({ day, zones, score, observed, expected, best, above });
    if (!learns) continue;
    const first = tests.indexOf('expectation') * size;
    if (first < 0) continue;
    spread.learn({
      observed: observed.subarray(first, first + size),
      plain,
      expected: expected.subarray(first, first + size),
      lean,
    });
  }
}

/**
 * The zone and window with the highest score of every day of the span (as-of: only reports received by that day);
 * no entry for a day without any excess or with too little history. Compare with a threshold from clean days.
 * Unit of the score: natural log likelihood ratio.
 * Cost O(days · tests · cells · disk size · maxDuration).
 */
export function dailyBest(
  stream: ClusterStream,
  options: ClusterOptions,
  span: ClusterSpan & { readonly zones?: ScanZones | undefined },
): ClusterAlert[] {
  const alerts: ClusterAlert[] = [];
  replayScores(
    stream,
    options,
    span,
    (scores) => {
      const at = scores.best();
      if (at >= 0) alerts.push(alertAt(scores, at, options.maxDuration));
    },
    span.zones,
  );
  return alerts;
}

function alertAt({ day, zones, score, observed, expected }: DayScores, at: number, maxDuration: number): ClusterAlert {
  return {
    day,
    cells: zoneMembers(zones, Math.floor(at / maxDuration) % zones.zoneEnd.length),
    firstDay: day - (at % maxDuration),
    observed: observed[at] as number,
    expected: expected[at] as number,
    score: score[at] as number,
    recurrenceDays: null,
  };
}

/**
 * Law of the daily best scores of clean days (Gumbel by moments; at least 60 of them), for the recurrence interval of later alerts.
 * Scores of neighbouring days are alike, so the interval counts days with such a score, not separate events: it is on the careful side.
 */
export function recurrenceLaw(clean: readonly ClusterAlert[]): Gumbel | null {
  return clean.length < MIN_CLEAN_DAYS ? null : fitGumbel(Float64Array.from(clean, ({ score }) => score));
}

/** Days = 1 / p of one day of one stream. Null without a law, or when p is too small for a number. */
const recurrenceDays = (law: Gumbel | null, score: number): number | null =>
  law === null ? null : recurrenceIntervalDays({ p: gumbelP(law, score), analysisIntervalDays: 1 });

/**
 * All alerts above a frozen threshold: for every day of the span the best zone, then the best of those that share no cell with a
 * better one, at most `maxAlerts` a day. Cost as `dailyBest`.
 */
export function dailyClusters(
  stream: ClusterStream,
  options: ClusterOptions,
  run: ClusterSpan & {
    readonly threshold: number;
    readonly maxAlerts: number;
    /** Of clean days of the same stream (`recurrenceLaw`); null or left out: alerts have no recurrence interval. */
    readonly law?: Gumbel | null;
  },
): ClusterAlert[] {
  const alerts: ClusterAlert[] = [];
  replayScores(
    stream,
    options,
    run,
    (scores) => {
      for (const alert of apart(scores, { ...run, cells: stream.cells.length, maxDuration: options.maxDuration }))
        alerts.push({ ...alert, recurrenceDays: recurrenceDays(run.law ?? null, alert.score) });
    },
    undefined,
  );
  return alerts;
}

/** Of one day the best above the threshold, then the best of those that share no cell with a better one. */
function apart(
  scores: DayScores,
  limits: {
    readonly threshold: number;
    readonly maxAlerts: number;
    readonly cells: number;
    readonly maxDuration: number;
  },
): ClusterAlert[] {
  const above = scores.above(limits.threshold);
  above.sort((a, b) => (scores.score[b] as number) - (scores.score[a] as number) || a - b);
  const taken = new Uint8Array(limits.cells);
  const alerts: ClusterAlert[] = [];
  for (const at of above) {
    if (alerts.length >= limits.maxAlerts) break;
    const alert = alertAt(scores, at, limits.maxDuration);
    if (alert.cells.some((cell) => taken[cell] === 1)) continue;
    for (const cell of alert.cells) taken[cell] = 1;
    alerts.push(alert);
  }
  return alerts;
}

/**
 * Calibration and replay in one pass over the days: the best of every day of the span; on the first day from `replayDay` on `threshold` is asked,
 * given the best of the days before, and from then on also all alerts above it as in `dailyClusters`. Cost as `dailyBest`.
 */
export function calibratedClusters(
  stream: ClusterStream,
  options: ClusterOptions,
  run: ClusterSpan & {
    readonly replayDay: number;
    readonly threshold: (before: readonly ClusterAlert[]) => number;
    readonly maxAlerts: number;
    readonly zones?: ScanZones | undefined;
  },
): {
  readonly threshold: number;
  readonly before: readonly ClusterAlert[];
  readonly candidates: readonly ClusterAlert[];
  readonly alerts: readonly ClusterAlert[];
} {
  const [before, candidates, alerts]: [ClusterAlert[], ClusterAlert[], ClusterAlert[]] = [[], [], []];
  let bar: number | null = null;
  replayScores(
    stream,
    options,
    run,
    (scores) => {
      const at = scores.best();
      if (at < 0) return;
      const best = alertAt(scores, at, options.maxDuration);
      if (scores.day < run.replayDay) {
        before.push(best);
        return;
      }
      candidates.push(best);
      bar ??= run.threshold(before);
      if (best.score > bar)
        alerts.push(
          ...apart(scores, {
            threshold: bar,
            maxAlerts: run.maxAlerts,
            cells: stream.cells.length,
            maxDuration: options.maxDuration,
          }),
        );
    },
    run.zones,
  );
  return { threshold: bar ?? run.threshold(before), before, candidates, alerts };
}
