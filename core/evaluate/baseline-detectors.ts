import type { DailyCandidate, DailyDetector } from './daily-detector.ts';
import { clippedDisks, type Disks, diskCells, diskSums } from './disks.ts';
import type { EventStream, KnownCounts } from './event-stream.ts';
import { type SimpleBaseline, simpleBaseline } from './simple-baseline.ts';

/**
 * The detectors every run is compared with (METHODS part 2 section 4). Reference points, not the product's detector:
 * they stay as simple as their definition.
 */
const WINDOW_DAYS = 14;
const RADII = [0, 1, 2] as const;
const PERMUTATION_DAYS = 56;
const MIN_EVENTS = 2;
const EARS_SD_FLOOR = 0.5;
const RESIDUAL_DAYS = 7;

export interface DetectorInput {
  readonly stream: EventStream;
  /** Share of events known d days after they occurred; null = compare with the full expectation. */
  readonly completeness: Float64Array | null;
}

export type BaselineName = 'ebp-simple' | 'stp-56' | 'cell-residual-7' | 'ears-c2-disk1' | 'week-over-week';

export const BASELINE_NAMES: readonly BaselineName[] = [
  'ebp-simple',
  'stp-56',
  'cell-residual-7',
  'ears-c2-disk1',
  'week-over-week',
];

export function baselineDetector(name: BaselineName, input: DetectorInput): DailyDetector {
  switch (name) {
    case 'ebp-simple':
      return ebpDetector(input);
    case 'stp-56':
      return permutationDetector(input);
    case 'cell-residual-7':
      return residualDetector(input);
    case 'ears-c2-disk1':
      return earsDetector(input);
    case 'week-over-week':
      return weekOverWeekDetector(input);
    default:
      return name satisfies never;
  }
}

/**
 * Expectation-based Poisson scan on disks of radius 0..2 and windows of 1..14 days ending today, simple estimated baseline:
 * score = max c ln(c/mu) − (c − mu) over zones with c > mu and c >= 2.
 */
function ebpDetector({ stream, completeness }: DetectorInput): DailyDetector {
  const disks = RADII.map((k) => clippedDisks(stream.cells, k));
  const disk2 = disks[2]!;
  const cellCount = stream.cells.length;
  const events = new Float64Array(cellCount);
  const sums = new Float64Array(cellCount);
  const shareSums = new Float64Array(cellCount);
  return {
    name: 'ebp-simple',
    step: (known) => {
      const baseline = simpleBaseline(known, { dayClass: stream.dayClass, disk2 });
      if (!baseline) return null;
      let best = Number.NEGATIVE_INFINITY;
      let bestCell = -1;
      let bestDisks = disk2;
      for (const disk of disks) {
        diskSums(disk, baseline.share, shareSums);
        events.fill(0);
        let city = 0;
        for (let d = 0; d < WINDOW_DAYS && d <= known.today; d++) {
          addDay(known, known.today - d, events);
          city += expectedCity(baseline, stream, { day: known.today - d, age: d }, completeness);
          diskSums(disk, events, sums);
          for (let i = 0; i < cellCount; i++) {
            const c = sums[i]!;
            const mu = shareSums[i]! * city;
            if (c < MIN_EVENTS || c <= mu) continue;
            const score = c * Math.log(c / mu) - (c - mu);
            if (score > best) {
              best = score;
              bestCell = i;
              bestDisks = disk;
            }
          }
        }
      }
      return bestCell < 0 ? null : { day: known.today, score: best, cells: diskCells(bestDisks, bestCell) };
    },
  };
}

/**
 * Space-time permutation scan over the last 56 days, same zones and windows:
 * mu = (events of the zone) × (events of the window) / C, score = c ln(c/mu) + (C − c) ln((C − c)/(C − mu)).
 */
function permutationDetector({ stream }: DetectorInput): DailyDetector {
  const disks = RADII.map((k) => clippedDisks(stream.cells, k));
  const cellCount = stream.cells.length;
  const events = new Float64Array(cellCount);
  const all = new Float64Array(cellCount);
  const sums = new Float64Array(cellCount);
  const zoneSums = new Float64Array(cellCount);
  return {
    name: 'stp-56',
    step: (known) => {
      if (known.today < PERMUTATION_DAYS - 1) return null;
      all.fill(0);
      let total = 0;
      for (let d = 0; d < PERMUTATION_DAYS; d++) {
        addDay(known, known.today - d, all);
        total += known.cityCounts[known.today - d]!;
      }
      let best = Number.NEGATIVE_INFINITY;
      let bestCell = -1;
      let bestDisks = disks[2]!;
      for (const disk of disks) {
        diskSums(disk, all, zoneSums);
        events.fill(0);
        let city = 0;
        for (let d = 0; d < WINDOW_DAYS; d++) {
          addDay(known, known.today - d, events);
          city += known.cityCounts[known.today - d]!;
          diskSums(disk, events, sums);
          for (let i = 0; i < cellCount; i++) {
            const c = sums[i]!;
            const mu = (zoneSums[i]! * city) / total;
            if (c < MIN_EVENTS || c <= mu) continue;
            const rest = total - c;
            const score = c * Math.log(c / mu) + (rest > 0 ? rest * Math.log(rest / (total - mu)) : 0);
            if (score > best) {
              best = score;
              bestCell = i;
              bestDisks = disk;
            }
          }
        }
      }
      return bestCell < 0 ? null : { day: known.today, score: best, cells: diskCells(bestDisks, bestCell) };
    },
  };
}

/** Events of one cell in 7 days against the simple baseline: score = (c − mu) / √max(mu, 1). */
function residualDetector({ stream, completeness }: DetectorInput): DailyDetector {
  const disk2 = clippedDisks(stream.cells, 2);
  const events = new Float64Array(stream.cells.length);
  return {
    name: 'cell-residual-7',
    step: (known) => {
      const baseline = simpleBaseline(known, { dayClass: stream.dayClass, disk2 });
      if (!baseline) return null;
      events.fill(0);
      let city = 0;
      for (let d = 0; d < RESIDUAL_DAYS && d <= known.today; d++) {
        addDay(known, known.today - d, events);
        city += expectedCity(baseline, stream, { day: known.today - d, age: d }, completeness);
      }
      for (let i = 0; i < events.length; i++) {
        const mu = baseline.share[i]! * city;
        events[i] = (events[i]! - mu) / Math.sqrt(Math.max(mu, 1));
      }
      return largest(known.today, events, null);
    },
  };
}

/** EARS C2 on the disk of radius 1: (y_t − mean) / max(sd, 0.5), mean and sample sd of days t−9 .. t−3. */
function earsDetector({ stream }: DetectorInput): DailyDetector {
  const disk1 = clippedDisks(stream.cells, 1);
  const cellCount = stream.cells.length;
  const day = new Float64Array(cellCount);
  const sums = new Float64Array(cellCount);
  const mean = new Float64Array(cellCount);
  const squares = new Float64Array(cellCount);
  return {
    name: 'ears-c2-disk1',
    step: (known) => {
      if (known.today < 9) return null;
      mean.fill(0);
      squares.fill(0);
      for (let d = 3; d <= 9; d++) {
        day.fill(0);
        addDay(known, known.today - d, day);
        diskSums(disk1, day, sums);
        for (let i = 0; i < cellCount; i++) {
          mean[i]! += sums[i]! / 7;
          squares[i]! += sums[i]! * sums[i]!;
        }
      }
      day.fill(0);
      addDay(known, known.today, day);
      diskSums(disk1, day, sums);
      for (let i = 0; i < cellCount; i++) {
        const variance = Math.max(0, (squares[i]! - 7 * mean[i]! * mean[i]!) / 6);
        sums[i] = (sums[i]! - mean[i]!) / Math.max(Math.sqrt(variance), EARS_SD_FLOOR);
      }
      return largest(known.today, sums, disk1);
    },
  };
}

/** The rule of many dashboards: (c − p) / max(p, 1), c events of a cell in the last 7 days, p in the 7 days before. */
function weekOverWeekDetector({ stream }: DetectorInput): DailyDetector {
  const change = new Float64Array(stream.cells.length);
  const before = new Float64Array(stream.cells.length);
  return {
    name: 'week-over-week',
    step: (known) => {
      if (known.today < 13) return null;
      change.fill(0);
      before.fill(0);
      for (let d = 0; d < 7; d++) {
        addDay(known, known.today - d, change);
        addDay(known, known.today - 7 - d, before);
      }
      for (let i = 0; i < change.length; i++) change[i] = (change[i]! - before[i]!) / Math.max(before[i]!, 1);
      return largest(known.today, change, null);
    },
  };
}

function addDay(known: KnownCounts, day: number, sums: Float64Array): void {
  const row = day * known.cellCount;
  for (let i = 0; i < sums.length; i++) sums[i]! += known.counts[row + i]!;
}

/** Expected events of the city that occurred on `day` and are known `age` days later. */
function expectedCity(
  baseline: SimpleBaseline,
  stream: EventStream,
  at: { readonly day: number; readonly age: number },
  known: Float64Array | null,
): number {
  const full = baseline.level * baseline.classFactor[stream.dayClass[at.day]!]!;
  return known ? full * known[Math.min(at.age, known.length - 1)]! : full;
}

/** First cell with the largest score; the alert names it, or its disk. */
function largest(day: number, scores: Float64Array, disks: Disks | null): DailyCandidate | null {
  let cell = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[cell]!) cell = i;
  return scores.length === 0 ? null : { day, score: scores[cell]!, cells: disks ? diskCells(disks, cell) : [cell] };
}
