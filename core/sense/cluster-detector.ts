import { diskZones, type ScanZones, zoneMembers } from '../stats/scan-zones.ts';
import { clusterHistory } from './cluster-history.ts';
import type { ClusterOptions } from './cluster-options.ts';
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

/** Replays the stream and calls `visit` with the scores of every day of the span. */
function replayScores(
  stream: ClusterStream,
  options: ClusterOptions,
  span: ClusterSpan,
  visit: (scores: DayScores) => void,
): void {
  const { maxDuration, minCount, tests } = options;
  const zones = diskZones(stream.cells, options.rings);
  const disks = options.rings === SHRINK_RINGS ? zones : diskZones(stream.cells, SHRINK_RINGS);
  const history = clusterHistory(stream, disks, options);
  const size = zones.zoneEnd.length * maxDuration;
  const score = new Float64Array(size * tests.length);
  const observed = new Int32Array(size * tests.length);
  const expected = new Float64Array(size * tests.length);
  const tail = new Int32Array(stream.cells.length * maxDuration);
  const running = new Int32Array(maxDuration);
  for (let day = span.firstDay; day < span.endDay; day++) {
    history.advance(day);
    const expectation = history.expectation();
    if (expectation === null) continue;
    history.fillTail(tail);
    for (let test = 0; test < tests.length; test++) {
      const recent = tests[test] === 'permutation' ? history.recent(options.permutationDays) : null;
      const byCell = recent?.byCell ?? expectation.cellWeight;
      const byDay = recent?.cityTail ?? expectation.dayTail;
      const total = recent?.total ?? 1;
      for (let c = 0; c + 1 < zones.memberStart.length; c++) {
        // Too few in the largest zone and window are too few in all of them.
        let most = 0;
        for (let m = zones.memberStart[c] as number; m < (zones.memberStart[c + 1] as number); m++)
          most += tail[((zones.member[m] as number) + 1) * maxDuration - 1] as number;
        if (most < minCount) {
          const from = test * size;
          score.fill(
            Number.NaN,
            from + (zones.zoneStart[c] as number) * maxDuration,
            from + (zones.zoneStart[c + 1] as number) * maxDuration,
          );
          continue;
        }
        running.fill(0);
        let weight = 0;
        let m = zones.memberStart[c] as number;
        for (let z = zones.zoneStart[c] as number; z < (zones.zoneStart[c + 1] as number); z++) {
          for (const end = zones.zoneEnd[z] as number; m < end; m++) {
            const cell = zones.member[m] as number;
            weight += byCell[cell] as number;
            for (let d = 0; d < maxDuration; d++)
              running[d] = (running[d] as number) + (tail[cell * maxDuration + d] as number);
          }
          for (let d = 0; d < maxDuration; d++) {
            const at = test * size + z * maxDuration + d;
            const count = running[d] as number;
            const mean = (weight * (byDay[d] as number)) / total;
            observed[at] = count;
            expected[at] = mean;
            if (count < minCount || !(mean > 0 && count > mean)) score[at] = Number.NaN;
            else score[at] = recent === null ? poissonScore(count, mean) : conditionalScore(count, mean, total);
          }
        }
      }
    }
    visit({ day, zones, score, observed, expected });
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
