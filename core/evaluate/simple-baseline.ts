import { type Disks, diskSums } from './disks.ts';
import { DAY_CLASSES, type KnownCounts } from './event-stream.ts';

const SHARE_DAYS = 364;
const GUARD_DAYS = 14;
const PRIOR_EVENTS = 4;
const LEVEL_FIRST = 38;
const LEVEL_LAST = 11;
const CALENDAR_DAYS = 728;
const PSEUDO_DAYS = 5;

export interface SimpleBaseline {
  /** Share of each cell in the events of the city; sums to 1. */
  readonly share: Float64Array;
  /** Expected events of the city on an average day. */
  readonly level: number;
  /** Factor of each class of DAY_CLASSES, mean 1 over the days it was learned from. */
  readonly classFactor: Float64Array;
}

/**
 * The baseline of the benchmark (METHODS part 2 section 4): expected events of cell i on day d =
 *
 *     share_i × level × factor(class of d)
 *
 * share: last 364 days before a 14-day guard, gamma-Poisson shrunk to the mean m_i of the disk of radius 2 with the weight of
 * 4 events, (n_i + 4) / (m_i + 4) × m_i; level: city mean of days t−38 .. t−11 with the calendar taken out; factor: city mean of the
 * class in the last 2 years before the guard over the mean, with 5 pseudo-days at 1. The last 10 days do not enter.
 * Null when the span holds no event. Cost O(364 × cells).
 */
export function simpleBaseline(
  known: KnownCounts,
  given: { readonly dayClass: Uint8Array; readonly disk2: Disks },
): SimpleBaseline | null {
  const { counts, cityCounts, cellCount, today } = known;
  const end = today - GUARD_DAYS;
  const first = Math.max(0, end - SHARE_DAYS);
  if (end - first < 28) return null;
  const n = new Float64Array(cellCount);
  for (let day = first; day < end; day++) {
    const row = day * cellCount;
    for (let i = 0; i < cellCount; i++) n[i]! += counts[row + i]!;
  }
  const sums = new Float64Array(cellCount);
  diskSums(given.disk2, n, sums);
  const share = new Float64Array(cellCount);
  let total = 0;
  for (let i = 0; i < cellCount; i++) {
    const m = sums[i]! / (given.disk2.starts[i + 1]! - given.disk2.starts[i]!);
    share[i] = (m * (n[i]! + PRIOR_EVENTS)) / (m + PRIOR_EVENTS);
    total += share[i]!;
  }
  if (!(total > 0)) return null;
  for (let i = 0; i < cellCount; i++) share[i]! /= total;
  const classFactor = classFactors(cityCounts, given.dayClass, { first: Math.max(0, end - CALENDAR_DAYS), end });
  let events = 0;
  let weight = 0;
  for (let day = Math.max(0, today - LEVEL_FIRST); day <= today - LEVEL_LAST; day++) {
    events += cityCounts[day]!;
    weight += classFactor[given.dayClass[day]!]!;
  }
  return weight > 0 && events > 0 ? { share, level: events / weight, classFactor } : null;
}

function classFactors(
  cityCounts: Float64Array,
  dayClass: Uint8Array,
  span: { first: number; end: number },
): Float64Array {
  const events = new Float64Array(DAY_CLASSES.length);
  const days = new Float64Array(DAY_CLASSES.length);
  let total = 0;
  for (let day = span.first; day < span.end; day++) {
    events[dayClass[day]!]! += cityCounts[day]!;
    days[dayClass[day]!]! += 1;
    total += cityCounts[day]!;
  }
  const mean = total / (span.end - span.first);
  return events.map((sum, k) => (mean > 0 ? (sum / mean + PSEUDO_DAYS) / (days[k]! + PSEUDO_DAYS) : 1));
}
