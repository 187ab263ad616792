import { diskZones, type ScanZones, zoneMembers } from '../stats/scan-zones.ts';
import { type ClusterExpectation, clusterHistory } from './cluster-history.ts';
import type { ClusterOptions } from './cluster-options.ts';
import type { ClusterAlert, ClusterStream } from './cluster-stream.ts';

const SHRINK_RINGS = 2;
/** Misses beyond this many standard deviations are taken for events, not for spread. */
const TRIM_SD = 4;
/** What is believed of the extra variance before the first day, and how many squared expected events that is worth. */
const PRIOR_EXTRA_VARIANCE = 0.02;
const PRIOR_WEIGHT = 1e4;

/** Days firstDay … endDay − 1 of a replay. Days before are read for learning only. */
export interface ClusterSpan {
  readonly firstDay: number;
  readonly endDay: number;
}

/** Extra variance (beyond Poisson, relative to B²) by ring and duration, learned from past misses of the detector itself. */
interface ExtraVariance {
  readonly sigma2: Float64Array;
  readonly learn: (row: number, count: number, expected: number) => void;
  readonly settle: () => void;
}

function extraVariance(rows: number): ExtraVariance {
  const sigma2 = new Float64Array(rows).fill(PRIOR_EXTRA_VARIANCE);
  const excess = new Float64Array(rows).fill(PRIOR_EXTRA_VARIANCE * PRIOR_WEIGHT);
  const weight = new Float64Array(rows).fill(PRIOR_WEIGHT);
  return {
    sigma2,
    learn: (row, count, expected) => {
      const miss = count - expected;
      const variance = expected + (sigma2[row] as number) * expected * expected;
      if (miss * miss > TRIM_SD * TRIM_SD * variance) return;
      excess[row] = (excess[row] as number) + miss * miss - expected;
      weight[row] = (weight[row] as number) + expected * expected;
    },
    settle: () => {
      for (let k = 0; k < rows; k++) sigma2[k] = Math.max(1e-6, (excess[k] as number) / (weight[k] as number));
    },
  };
}

/** Expectation-based Poisson score C ln(C/B) − (C − B). */
const poissonScore = (count: number, expected: number): number =>
  count * Math.log(count / expected) - (count - expected);

/** Likelihood ratio of a negative binomial with mean C against mean B, size 1/sigma2. */
function dispersedScore(count: number, expected: number, sigma2: number): number {
  const size = 1 / sigma2;
  return count * Math.log(count / expected) - (count + size) * Math.log((count + size) / (expected + size));
}

interface DayScan {
  readonly day: number;
  readonly tail: Int32Array;
  readonly expectation: ClusterExpectation;
  readonly zones: ScanZones;
}

/**
 * Replays the stream and calls `visit` with the score of every zone and window of every day of the span
 * (`scores[zone * maxDuration + d]`, NaN = no excess or too few events).
 */
function replayScores(
  stream: ClusterStream,
  options: ClusterOptions,
  span: ClusterSpan,
  visit: (scan: DayScan, scores: Float64Array, observed: Int32Array, expected: Float64Array) => void,
): void {
  const { maxDuration, minCount } = options;
  const zones = diskZones(stream.cells, options.rings);
  const disks = options.rings === SHRINK_RINGS ? zones : diskZones(stream.cells, SHRINK_RINGS);
  const history = clusterHistory(stream, disks, options);
  const zoneCount = zones.zoneEnd.length;
  const scores = new Float64Array(zoneCount * maxDuration);
  const observed = new Int32Array(zoneCount * maxDuration);
  const expected = new Float64Array(zoneCount * maxDuration);
  const tail = new Int32Array(stream.cells.length * maxDuration);
  const running = new Int32Array(maxDuration);
  const learned = options.dispersion === 'learned' ? extraVariance((options.rings + 1) * maxDuration) : null;
  // Spread is learned on the days before the span as well.
  const from = learned === null ? span.firstDay : Math.min(span.firstDay, options.guardDays + 28);
  for (let day = from; day < span.endDay; day++) {
    history.advance(day);
    const expectation = history.expectation();
    if (expectation === null) continue;
    history.fillTail(tail);
    const { cellWeight, dayTail } = expectation;
    for (let c = 0; c + 1 < zones.memberStart.length; c++) {
      running.fill(0);
      let weight = 0;
      let m = zones.memberStart[c] as number;
      const firstZone = zones.zoneStart[c] as number;
      for (let z = firstZone; z < (zones.zoneStart[c + 1] as number); z++) {
        for (const end = zones.zoneEnd[z] as number; m < end; m++) {
          const cell = zones.member[m] as number;
          weight += cellWeight[cell] as number;
          for (let d = 0; d < maxDuration; d++)
            running[d] = (running[d] as number) + (tail[cell * maxDuration + d] as number);
        }
        for (let d = 0; d < maxDuration; d++) {
          const at = z * maxDuration + d;
          const row = (z - firstZone) * maxDuration + d;
          const count = running[d] as number;
          const mean = weight * (dayTail[d] as number);
          observed[at] = count;
          expected[at] = mean;
          scores[at] =
            count < minCount || !(mean > 0) || count <= mean
              ? Number.NaN
              : learned === null
                ? poissonScore(count, mean)
                : dispersedScore(count, mean, learned.sigma2[row] as number);
          if (learned !== null) learned.learn(row, count, mean);
        }
      }
    }
    if (day >= span.firstDay) visit({ day, tail, expectation, zones }, scores, observed, expected);
    learned?.settle();
  }
}

/**
 * The zone and window with the highest score of every day of the span (as-of: only reports received by that day);
 * no entry for a day without any excess or with too little history. Compare with a threshold from clean days.
 * Score: log likelihood ratio (natural). Cost O(days · cells · disk size · maxDuration).
 */
export function dailyBest(stream: ClusterStream, options: ClusterOptions, span: ClusterSpan): ClusterAlert[] {
  const alerts: ClusterAlert[] = [];
  replayScores(stream, options, span, ({ day, zones }, scores, observed, expected) => {
    let at = -1;
    let score = 0;
    for (let k = 0; k < scores.length; k++)
      if ((scores[k] as number) > score) {
        score = scores[k] as number;
        at = k;
      }
    if (at < 0) return;
    const duration = (at % options.maxDuration) + 1;
    alerts.push({
      day,
      cells: zoneMembers(zones, Math.floor(at / options.maxDuration)),
      firstDay: day - duration + 1,
      observed: observed[at] as number,
      expected: expected[at] as number,
      score,
    });
  });
  return alerts;
}
