import { diskZones, type ScanZones, zoneMembers } from '../stats/scan-zones.ts';
import { clusterHistory } from './cluster-history.ts';
import type { ClusterOptions } from './cluster-options.ts';
import { learnSpread } from './cluster-spread.ts';
import type { ClusterAlert, ClusterStream } from './cluster-stream.ts';

const SHRINK_RINGS = 2;

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

/** Scores of one day by `(test * zones + zone) * maxDuration + d`; NaN = no excess or too few events. */
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
  span: ClusterSpan,
  visit: (scores: DayScores) => void,
): void {
  const { maxDuration, minCount, tests, local } = options;
  const cells = stream.cells.length;
  const zones = diskZones(stream.cells, options.rings);
  const disks = options.rings === SHRINK_RINGS ? zones : diskZones(stream.cells, SHRINK_RINGS);
  const history = clusterHistory(stream, disks, options);
  const size = zones.zoneEnd.length * maxDuration;
  const score = new Float64Array(size * tests.length);
  const observed = new Int32Array(size * tests.length);
  const expected = new Float64Array(size * tests.length);
  const tail = new Int32Array(cells * maxDuration);
  const byCell = new Float64Array(cells * maxDuration);
  const count = new Int32Array(maxDuration);
  const mean = new Float64Array(maxDuration);
  const halfLife = local === null ? 1 : local.learnHalfLife / local.learnEvery;
  const largest = local?.largest ?? 0;
  const spread = learnSpread(zones, { rings: options.rings, maxDuration, halfLife, largest });

  /** Sums of `tail` and `byCell` over all zones, from row `base` on. */
  const sumZones = (base: number): void => {
    for (let c = 0; c < cells; c++) {
      count.fill(0);
      mean.fill(0);
      let m = zones.memberStart[c] as number;
      for (let z = zones.zoneStart[c] as number; z < (zones.zoneStart[c + 1] as number); z++) {
        for (const end = zones.zoneEnd[z] as number; m < end; m++) {
          const row = (zones.member[m] as number) * maxDuration;
          for (let d = 0; d < maxDuration; d++) {
            count[d] = (count[d] as number) + (tail[row + d] as number);
            mean[d] = (mean[d] as number) + (byCell[row + d] as number);
          }
        }
        const row = base + z * maxDuration;
        for (let d = 0; d < maxDuration; d++) {
          observed[row + d] = count[d] as number;
          expected[row + d] = mean[d] as number;
        }
      }
    }
  };
  const scoreZones = (base: number, total: number | null): void => {
    for (let z = 0; z < zones.zoneEnd.length; z++) {
      const ring = z - (zones.zoneStart[zones.zoneCentre[z] as number] as number);
      for (let d = 0; d < maxDuration; d++) {
        const at = base + z * maxDuration + d;
        const events = observed[at] as number;
        const normal = expected[at] as number;
        if (events < minCount || !(normal > 0 && events > normal)) score[at] = Number.NaN;
        else if (total !== null) score[at] = conditionalScore(events, normal, total);
        else score[at] = dispersedScore(events, normal, spread.phi[ring * maxDuration + d] as number);
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
    for (let test = 0; test < tests.length; test++) {
      if (tests[test] === 'permutation') {
        const { byCell: recent, cityTail, total } = history.recent(options.permutationDays);
        for (let i = 0; i < cells; i++)
          for (let d = 0; d < maxDuration; d++)
            byCell[i * maxDuration + d] = ((recent[i] as number) * (cityTail[d] as number)) / total;
        sumZones(test * size);
        scoreZones(test * size, total);
        continue;
      }
      for (let i = 0; i < cells; i++)
        for (let d = 0; d < maxDuration; d++) {
          const at = i * maxDuration + d;
          const lift = local === null ? 0 : (spread.gain[d] as number) * (lean[at] as number);
          byCell[at] =
            (share[i] as number) * (dayTail[d] as number) * (1 + Math.max(-largest, Math.min(largest, lift)));
        }
      sumZones(test * size);
      scoreZones(test * size, null);
    }
    if (day >= span.firstDay) visit({ day, zones, score, observed, expected });
    if (!learns) continue;
    const first = tests.indexOf('expectation') * size;
    if (first < 0) continue;
    const plain = byCell;
    for (let i = 0; i < cells; i++)
      for (let d = 0; d < maxDuration; d++) plain[i * maxDuration + d] = (share[i] as number) * (dayTail[d] as number);
    spread.learn({
      cellCount: tail,
      cellExpected: plain,
      lean,
      observed: observed.subarray(first, first + size),
      expected: expected.subarray(first, first + size),
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
  replayScores(stream, options, span, (scores) => {
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
  };
}

/**
 * All alerts above a frozen threshold: for every day of the span the best zone, then the best of those that share no cell with a
 * better one, at most `maxAlerts` a day. Cost as `dailyBest`.
 */
export function dailyClusters(
  stream: ClusterStream,
  options: ClusterOptions,
  run: ClusterSpan & { readonly threshold: number; readonly maxAlerts: number },
): ClusterAlert[] {
  const alerts: ClusterAlert[] = [];
  replayScores(stream, options, run, (scores) => {
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
      alerts.push(alert);
      raised++;
    }
  });
  return alerts;
}
