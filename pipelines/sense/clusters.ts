import type { CategoryEntry } from '../../core/contract/manifest.ts';
import { CLUSTER_OPTIONS, DENSE_PER_CELL_DAY, SPARSE_CLUSTER_OPTIONS } from '../../core/sense/cluster-options.ts';
import type { ClusterJob } from '../../core/sense/cluster-replay.ts';
import { NO_PLACE, placeKey } from '../../core/sense/distinct-problems.ts';
import { diskZones, type ScanZones } from '../../core/stats/scan-zones.ts';
import { type CityCalendar, dayClasses } from '../../core/time/city-calendar.ts';
import { NONE_U8 } from '../steps/incident-columns.ts';
import type { PlanCounts } from './counts.ts';
import type { SenseGrid } from './hotspots.ts';

/** The detector every stream runs; options by its density, see `core/sense/cluster-options.ts`. */
export const DETECTOR = { name: 'expectation-scan' } as const;
/** A report known down to this resolution has an exact place; one known to its street has none. */
const EXACT_RESOLUTION = 10;
/** Days replayed: what the alerts of the last 12 weeks would have said. */
export const REPLAY_DAYS = 84;
/** Most days the threshold is set on, before the replay. */
export const CALIBRATION_DAYS = 150;
/** Days of the streams: the replay, the calibration, and what the detector learns from before. */
export const STREAM_DAYS = REPLAY_DAYS + CALIBRATION_DAYS + CLUSTER_OPTIONS.shareDays + CLUSTER_OPTIONS.guardDays;

export interface ClusterStreamPlan {
  readonly category: number;
  readonly resolution: 7 | 8;
  /** Day since 1970-01-01 of day 0 of the stream. */
  readonly firstDay: number;
  readonly job: ClusterJob;
}

/** Parameters of the rule `cluster-scan`. */
export interface ClusterRule {
  readonly falseEpisodeDays: number;
  readonly leastObserved: number;
  readonly longestWindowDays: number;
}

/** Cells of the largest disk, and fewest events it must have in the longest window for the scan to be done at resolution 8. */
const LARGEST_DISK = 1 + 3 * CLUSTER_OPTIONS.rings * (CLUSTER_OPTIONS.rings + 1);
const FEWEST_IN_LARGEST = 0.25;

/** The scan looks at disks and windows of many sizes, so it is the largest that must hold something: 7 where they do not. */
const scanResolution = (perCellDay: number, longestDays: number): 7 | 8 =>
  perCellDay * LARGEST_DISK * longestDays >= FEWEST_IN_LARGEST ? 8 : 7;

/**
 * One stream a group with a report in these days. A day that was not delivered is replayed as a quiet one: it lowers what is expected
 * for a while and can raise nothing itself; alerts of these weeks carry the flag of the series.
 */
export function clusterStreams(
  counts: PlanCounts,
  categories: readonly CategoryEntry[],
  span: { readonly firstDay: number; readonly asOfDay: number },
  grids: { readonly 7: () => SenseGrid; readonly 8: () => SenseGrid },
  calendar: CityCalendar,
  rule: ClusterRule,
): ClusterStreamPlan[] {
  const days = span.asOfDay - span.firstDay + 1;
  if (days <= 0) return [];
  const dayClass = dayClasses(calendar, { firstDay: span.firstDay, endDay: span.asOfDay + 1 });
  const group = counts.column('group');
  const [r8, day, delay] = [counts.column('r8'), counts.column('day'), counts.column('delay')];
  const [cell, res, item] = [counts.column('cell'), counts.column('res'), counts.column('category')];
  const replayFrom = Math.max(0, days - REPLAY_DAYS);
  const plans: ClusterStreamPlan[] = [];
  const made = new Map<number, ScanZones>();
  const zonesOf = (resolution: 7 | 8): ScanZones => {
    const zones = made.get(resolution) ?? diskZones(grids[resolution]().cells, CLUSTER_OPTIONS.rings);
    made.set(resolution, zones);
    return zones;
  };
  let from = 0;
  while (from < counts.length) {
    let to = from;
    let events = 0;
    while (to < counts.length && group[to] === group[from]) events += counts.n[to++] as number;
    const category = group[from] as number;
    if (categories[category]?.level === 1) {
      const resolution = scanResolution(events / days / grids[8]().cells.length, rule.longestWindowDays);
      const grid = grids[resolution]();
      const kept: number[] = [];
      for (let i = from; i < to; i++) if ((day[i] as number) <= span.asOfDay) kept.push(i);
      plans.push({
        category,
        resolution,
        firstDay: span.firstDay,
        job: {
          zones: zonesOf(resolution),
          stream: {
            cells: grid.cells,
            days,
            occurredDay: Uint16Array.from(kept, (i) => (day[i] as number) - span.firstDay),
            // A source that does not say when it was seen is taken to be seen at once: its own days are then complete or nothing.
            delayDays: Uint8Array.from(kept, (i) => (delay[i] === NONE_U8 ? 0 : (delay[i] as number))),
            cell: Uint32Array.from(kept, (i) => grid.fromR8[r8[i] as number] as number),
            n: Uint16Array.from(kept, (i) => counts.n[i] as number),
            place: Uint32Array.from(kept, (i) =>
              (res[i] as number) < EXACT_RESOLUTION
                ? NO_PLACE
                : placeKey({ cell: cell[i] as number, item: item[i] as number, items: categories.length }),
            ),
            dayClass,
          },
          options: {
            ...(events / (days * grid.cells.length) >= DENSE_PER_CELL_DAY ? CLUSTER_OPTIONS : SPARSE_CLUSTER_OPTIONS),
            maxDuration: rule.longestWindowDays,
            minCount: rule.leastObserved,
          },
          episodeDays: rule.falseEpisodeDays,
          calibration: { firstDay: Math.max(0, replayFrom - CALIBRATION_DAYS), endDay: replayFrom },
          replay: { firstDay: replayFrom, endDay: days },
        },
      });
    }
    from = to;
  }
  return plans;
}
