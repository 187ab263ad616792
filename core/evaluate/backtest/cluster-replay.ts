import type { DivisionShare } from '../../alert/candidate.ts';
import { type CellFinding, cellCandidate } from '../../alert/candidates/from-cells.ts';
import type { TimedCandidate } from '../../alert/candidates/from-series.ts';
import { dailyBest, dailyClusters } from '../../sense/cluster-detector.ts';
import { CLUSTER_OPTIONS, type ClusterOptions } from '../../sense/cluster-options.ts';
import { EPISODE_DAYS, episodeThreshold } from '../../sense/cluster-replay.ts';
import type { ClusterAlert, ClusterStream } from '../../sense/cluster-stream.ts';
import { distinctProblems, NO_PLACE, placeKey, problemRows } from '../../sense/distinct-problems.ts';
import { fitGumbel, gumbelP } from '../../stats/gumbel.ts';
import { type CityCalendar, dayClasses } from '../../time/city-calendar.ts';
import { type CityFacts, isChosen, sourceShares } from './city-facts.ts';
import { holeWeeks } from './delivery.ts';

/** Days before a block on which its threshold is set, and days a threshold is kept. */
export const CALIBRATION_DAYS = 150;
export const BLOCK_DAYS = 28;
/** Most clusters of one stream on one day. */
const MOST_ALERTS = 5;
const FOLLOW_DAYS = 7;
/** METHODS a, resolution rule: mean events per disk and week, else coarser. */
const LEAST_IN_DISK = 0.5;
const FEWEST_EVENTS = 50;

export interface ClusterParameters {
  readonly falseEpisodeDays: number;
  readonly leastObserved: number;
  readonly longestWindowDays: number;
}

export interface GroupStream {
  readonly group: number;
  readonly resolution: 7 | 8;
  readonly stream: ClusterStream;
  /** District of every event, −1 = none. */
  readonly district: Int32Array;
  /** Days in hole weeks: what was not delivered raises nothing. */
  readonly hole: Uint8Array;
}

/** Located problems of a group as a stream over the whole window; null with fewer than 50 reports. Reports are taken as known on their day. */
export function groupStream(facts: CityFacts, calendar: CityCalendar, group: number): GroupStream | null {
  const { window } = facts;
  const days = window.endDay - window.firstDay;
  const rows: number[] = [];
  for (let i = 0; i < facts.day.length; i++)
    if ((facts.cell[i] as number) >= 0 && isChosen(facts, i, { group })) rows.push(i);
  if (rows.length < FEWEST_EVENTS) return null;
  const perDisk = (rows.length * 7 * 7) / days / facts.cells.length;
  const resolution = perDisk >= LEAST_IN_DISK ? 8 : 7;
  const hole = new Uint8Array(days);
  const holes = holeWeeks(facts.delivered, sourceShares(facts, { group }), { district: -1, weeks: facts.weeks.length });
  for (let w = 0; w < holes.length; w++)
    if (holes[w] === 1)
      for (let d = 0; d < 7; d++) {
        const t = (facts.weeks[w] as number) + d - window.firstDay;
        if (t >= 0 && t < days) hole[t] = 1;
      }
  const reports: ClusterStream = {
    cells: resolution === 8 ? facts.cells : facts.coarseCells,
    days,
    occurredDay: Uint16Array.from(rows, (i) => (facts.day[i] as number) - window.firstDay),
    delayDays: new Uint8Array(rows.length),
    cell: Uint32Array.from(rows, (i) => {
      const cell = facts.cell[i] as number;
      return resolution === 8 ? cell : (facts.coarseOf[cell] as number);
    }),
    n: new Uint16Array(rows.length).fill(1),
    place: Uint32Array.from(rows, (i) => {
      const cell = facts.exactCell[i] as number;
      return cell < 0
        ? NO_PLACE
        : placeKey({ cell, item: facts.category[i] as number, items: facts.categoryEnd.length });
    }),
    dayClass: dayClasses(calendar, window),
  };
  const problems = problemRows(reports);
  return {
    group,
    resolution,
    hole,
    district: Int32Array.from(problems, (k) => facts.district[rows[k] as number] as number),
    stream: distinctProblems(reports, problems),
  };
}

export interface ReplayedAlert extends ClusterAlert {
  /** Days between chance findings of such a score, by Gumbel on the calibration days; null = not defined. */
  readonly recurrenceDays: number | null;
}

/**
 * Alerts of the days [firstDay, endDay) of a stream, thresholds set anew every 28 days on the 150 days before; days of hole weeks are left
 * out on both sides. Cost: two replays.
 */
export function clusterAlerts(
  { stream, hole }: Pick<GroupStream, 'stream' | 'hole'>,
  span: { readonly firstDay: number; readonly endDay: number },
  rule: ClusterParameters,
): ReplayedAlert[] {
  const options: ClusterOptions = {
    ...CLUSTER_OPTIONS,
    maxDuration: rule.longestWindowDays,
    minCount: rule.leastObserved,
  };
  const best = dailyBest(stream, options, {
    firstDay: Math.max(0, span.firstDay - CALIBRATION_DAYS),
    endDay: span.endDay,
  }).filter(({ day }) => hole[day] !== 1);
  const out: ReplayedAlert[] = [];
  for (let from = span.firstDay; from < span.endDay; from += BLOCK_DAYS) {
    const end = Math.min(span.endDay, from + BLOCK_DAYS);
    const before = best.filter(({ day }) => day >= from - CALIBRATION_DAYS && day < from);
    let days = 0;
    for (let t = Math.max(0, from - CALIBRATION_DAYS); t < from; t++) if (hole[t] !== 1) days++;
    const threshold = episodeThreshold(before, (days * EPISODE_DAYS) / rule.falseEpisodeDays);
    const above = best.filter(({ day, score }) => day >= from && day < end && score > threshold);
    if (above.length === 0) continue;
    const law = fitGumbel(Float64Array.from(before, ({ score }) => score));
    const raised = new Set(above.map(({ day }) => day));
    const first = (above[0] as ClusterAlert).day;
    const last = (above[above.length - 1] as ClusterAlert).day;
    for (const alert of dailyClusters(stream, options, {
      firstDay: first,
      endDay: last + 1,
      threshold,
      maxAlerts: MOST_ALERTS,
    })) {
      if (!raised.has(alert.day)) continue;
      const p = law === null ? 0 : gumbelP(law, alert.score);
      out.push({ ...alert, recurrenceDays: p > 0 ? 1 / p : null });
    }
  }
  return out;
}

/** What the alert engine is given. `follow` = the seven days after, none of which the rule had seen. Cost: rows of the windows. */
export function clusterCandidates(
  facts: CityFacts,
  source: GroupStream,
  alerts: readonly ReplayedAlert[],
): TimedCandidate[] {
  const { stream, group, resolution, hole } = source;
  const severity = facts.groups.find(({ id }) => id === group)?.severity;
  if (severity === undefined) throw new RangeError(`group ${group} is not in the dictionary`);
  const start = facts.window.firstDay;
  const order = Uint32Array.from(stream.occurredDay, (_, i) => i).sort(
    (a, b) => (stream.occurredDay[a] as number) - (stream.occurredDay[b] as number),
  );
  const firstOf = new Uint32Array(stream.days + 1);
  for (const day of stream.occurredDay) firstOf[day + 1] = (firstOf[day + 1] as number) + 1;
  for (let d = 0; d < stream.days; d++) firstOf[d + 1] = (firstOf[d + 1] as number) + (firstOf[d] as number);
  const eventsIn = (cells: ReadonlySet<number>, from: number, end: number): number[] => {
    const found: number[] = [];
    for (let k = firstOf[from] as number; k < (firstOf[Math.min(end, stream.days)] as number); k++)
      if (cells.has(stream.cell[order[k] as number] as number)) found.push(order[k] as number);
    return found;
  };
  return alerts.map((alert) => {
    const cells = new Set(alert.cells);
    const within = eventsIn(cells, Math.max(0, alert.firstDay), alert.day + 1);
    const next = alert.day + 1;
    const known = next + FOLLOW_DAYS <= stream.days && !hole.subarray(next, next + FOLLOW_DAYS).includes(1);
    const finding: CellFinding = {
      kind: 'cluster',
      rule: 'cluster-scan',
      category: group,
      severity,
      resolution,
      cells: Array.from(alert.cells),
      divisions: districtShares(facts, source, within),
      firstDay: start + alert.firstDay,
      endDay: start + next,
      observed: alert.observed,
      expected: alert.expected,
      dispersion: 1,
      p: null,
      recurrenceDays: alert.recurrenceDays,
      quality: [],
      follow: known
        ? {
            observed: eventsIn(cells, next, next + FOLLOW_DAYS).length,
            expected: (alert.expected * FOLLOW_DAYS) / (next - alert.firstDay),
          }
        : null,
    };
    return { fromDay: start + alert.day, toDay: start + alert.day, candidate: cellCandidate(finding) };
  });
}

function districtShares(facts: CityFacts, { district }: GroupStream, events: readonly number[]): DivisionShare[] {
  const counts = new Map<number, number>();
  for (const i of events) {
    const at = district[i] as number;
    if (at >= 0) counts.set(at, (counts.get(at) ?? 0) + 1); // a count starts at nothing
  }
  return [...counts]
    .map(([at, observed]) => ({
      division: (facts.districts[at] as { id: number }).id,
      level: 1,
      observed,
      share: observed / events.length,
    }))
    .sort((a, b) => b.observed - a.observed || a.division - b.division);
}
