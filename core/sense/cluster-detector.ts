import { fitGumbel, type Gumbel, gumbelP, recurrenceIntervalDays } from '../stats/gumbel.ts';
import { diskZones, type ScanZones, zoneMembers } from '../stats/scan-zones.ts';
import { clusterHistory } from './cluster-history.ts';
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

/** Scores of one day by `(test * zones + zone) * maxDuration + d`; NaN = no excess, too few events, or not above what was asked for. */
interface DayScores {
  readonly day: number;
  readonly zones: ScanZones;
  readonly score: Float64Array;
  readonly observed: Int32Array;
  readonly expected: Float64Array;
}

/**
 * Replays the stream and calls `visit` with the scores of every day of the span. The spread is learned on every `learnEvery`-th day
 * from the first on, whatever the span, so the scores of a day do not depend on where the span begins.
 */
function replayScores(
  stream: ClusterStream,
  options: ClusterOptions,
  span: ClusterSpan & { readonly above: number; readonly onlyBest: boolean },
  visit: (scores: DayScores) => void,
): void {
  const { maxDuration, minCount, tests, local } = options;
  if (local !== null && options.rings !== SHRINK_RINGS)
    throw new RangeError(`a place's own level is made for ${SHRINK_RINGS} rings, not ${options.rings}`);
  const cells = stream.cells.length;
  const zones = diskZones(stream.cells, options.rings);
  const disks = options.rings === SHRINK_RINGS ? zones : diskZones(stream.cells, SHRINK_RINGS);
  const history = clusterHistory(stream, disks, options);
  const size = zones.zoneEnd.length * maxDuration;
  const score = new Float64Array(size * tests.length);
  const observed = new Int32Array(size * tests.length);
  const expected = new Float64Array(size * tests.length);
  const tail = new Int32Array(cells * maxDuration);
  const count = new Int32Array(maxDuration);
  const halfLife = local === null ? 1 : local.learnHalfLife / local.learnEvery;
  const largest = local?.largest ?? 0;
  const spread = learnSpread(zones, { rings: options.rings, maxDuration, halfLife, largest });

  /** Expectations without the place's own level; only kept where they are learned from. */
  const plain = new Float64Array(local === null ? 0 : size);

  /** Events of the longest window in the largest zone around a cell. */
  const eventsAround = (c: number): number => {
    let events = 0;
    for (let m = zones.memberStart[c] as number; m < (zones.memberStart[c + 1] as number); m++)
      events += tail[((zones.member[m] as number) + 1) * maxDuration - 1] as number;
    return events;
  };

  /** Counts of all zones from row `base` on, and their expectation weight · city, weight = sum of `byCell` over the zone. */
  const sumZones = (base: number, byCell: Float64Array, city: Float64Array): void => {
    for (let c = 0; c < cells; c++) {
      let m = zones.memberStart[c] as number;
      // Too few events in the largest zone and window are too few in all of them; a spread is learned from all zones.
      if (local === null && eventsAround(c) < minCount) {
        observed.fill(
          0,
          base + (zones.zoneStart[c] as number) * maxDuration,
          base + (zones.zoneStart[c + 1] as number) * maxDuration,
        );
        continue;
      }
      count.fill(0);
      let weight = 0;
      for (let z = zones.zoneStart[c] as number; z < (zones.zoneStart[c + 1] as number); z++) {
        for (const end = zones.zoneEnd[z] as number; m < end; m++) {
          const cell = zones.member[m] as number;
          weight += byCell[cell] as number;
          for (let d = 0; d < maxDuration; d++)
            count[d] = (count[d] as number) + (tail[cell * maxDuration + d] as number);
        }
        const row = base + z * maxDuration;
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
  /** Scores at or below the bar are not worked out: (C − B)² / 2B is never less than the score. */
  let bar = span.above;
  const scoreZones = (base: number, total: number | null): void => {
    for (let z = 0; z < zones.zoneEnd.length; z++) {
      const ring = z - (zones.zoneStart[zones.zoneCentre[z] as number] as number);
      for (let d = 0; d < maxDuration; d++) {
        const at = base + z * maxDuration + d;
        const events = observed[at] as number;
        const normal = expected[at] as number;
        score[at] = Number.NaN;
        if (events < minCount || !(normal > 0 && events > normal)) continue;
        if (total !== null) {
          score[at] = conditionalScore(events, normal, total);
          continue;
        }
        if ((events - normal) ** 2 <= 2 * normal * bar) continue;
        const value = dispersedScore(events, normal, spread.phi[ring * maxDuration + d] as number);
        score[at] = value;
        if (span.onlyBest && value > bar) bar = value;
      }
    }
  };

  for (let day = 0; day < span.endDay; day++) {
    const learns = local !== null && day % local.learnEvery === 0;
    if (day < span.firstDay && !learns) continue;
    history.advance(day);
    const expectation = history.expectation();
    if (expectation === null) continue;
    const { share, dayTail, lean } = expectation;
    history.fillTail(tail);
    bar = span.above;
    for (let test = 0; test < tests.length; test++) {
      if (tests[test] === 'permutation') {
        const { byCell: recent, cityTail, total } = history.recent(options.permutationDays);
        const scale = recent.map((events) => events / total);
        sumZones(test * size, scale, cityTail);
        scoreZones(test * size, total);
        continue;
      }
      sumZones(test * size, share, dayTail);
      if (local !== null) applyLean(test * size, lean);
      scoreZones(test * size, null);
    }
    if (day >= span.firstDay) visit({ day, zones, score, observed, expected });
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
export function dailyBest(stream: ClusterStream, options: ClusterOptions, span: ClusterSpan): ClusterAlert[] {
  const alerts: ClusterAlert[] = [];
  replayScores(stream, options, { ...span, above: 0, onlyBest: true }, (scores) => {
    let at = -1;
    let best = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < scores.score.length; k++)
      if ((scores.score[k] as number) > best) {
        best = scores.score[k] as number;
        at = k;
      }
    if (at >= 0) alerts.push(alertAt(scores, at, options.maxDuration));
  });
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
  replayScores(stream, options, { ...run, above: run.threshold, onlyBest: false }, (scores) => {
    const above: number[] = [];
    for (let k = 0; k < scores.score.length; k++) if ((scores.score[k] as number) > run.threshold) above.push(k);
    above.sort((a, b) => (scores.score[b] as number) - (scores.score[a] as number) || a - b);
    const taken = new Uint8Array(stream.cells.length);
    let raised = 0;
    for (const at of above) {
      if (raised >= run.maxAlerts) break;
      const alert = alertAt(scores, at, options.maxDuration);
      if (alert.cells.some((cell) => taken[cell] === 1)) continue;
      for (const cell of alert.cells) taken[cell] = 1;
      alerts.push({ ...alert, recurrenceDays: recurrenceDays(run.law ?? null, alert.score) });
      raised++;
    }
  });
  return alerts;
}
