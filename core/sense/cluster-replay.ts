import type { NotAssessable } from '../contract/sense.ts';
import { fitGumbelQuartiles, gumbelScore } from '../stats/gumbel.ts';
import type { ScanZones } from '../stats/scan-zones.ts';
import { calibratedClusters } from './cluster-detector.ts';
import type { ClusterOptions } from './cluster-options.ts';
import type { ClusterAlert, ClusterStream } from './cluster-stream.ts';
import { distinctProblems } from './distinct-problems.ts';

/** One stream to be replayed. Days count from the first day of the stream. */
export interface ClusterJob {
  /** Of reports; with `place` the detector is given distinct problems (`distinctProblems`). */
  readonly stream: ClusterStream;
  /** Disks of `options.rings` steps around the cells of the stream, made once for all streams of a grid; left out: made here. */
  readonly zones?: ScanZones | undefined;
  readonly options: ClusterOptions;
  /** One false episode in so many days. */
  readonly episodeDays: number;
  /** Days the threshold is set on, half-open; they end where the replay begins. */
  readonly calibration: { readonly firstDay: number; readonly endDay: number };
  readonly replay: { readonly firstDay: number; readonly endDay: number };
}

/** `observed` and `expected` count problems, `reports` what was received of them in these cells and days by the day of the alert. */
export interface ReplayedCluster extends ClusterAlert {
  readonly reports: number;
}

export interface ClusterReplay {
  /** `assessed`, or why no day can speak. */
  readonly why: NotAssessable;
  /**
   * Score from which a day speaks: the smaller of that above which the calibration days have one episode per 30 days, and the 30-day score of
   * their robust law, as nobody has cleared these days. Null = not assessed.
   */
  readonly threshold: number | null;
  /** The best of every day of the replay, oldest first, also below the threshold; a day without any excess has none. */
  readonly candidates: readonly ClusterAlert[];
  /** All above the threshold of every day of the replay, no two of a day with a cell in common, best first within a day. */
  readonly alerts: readonly ReplayedCluster[];
  /** Reports over problems, whole stream; 1 where places are not known. */
  readonly reportsPerProblem: number;
  /** Days of calibration. */
  readonly calibrationDays: number;
  /** Best score of each calibration day that had one: what chance gives in this stream. */
  readonly calibrationScores: readonly number[];
  /** Share of a day's reports that has come in d days later, of days old enough to tell; [1] where nothing is known. */
  readonly completeness: readonly number[];
}

/** One false episode in so many days. */
export const EPISODE_DAYS = 30;
/** Alerts that share a cell within so many days are one episode (METHODS.md, part 2, section 3). */
export const EPISODE_GAP_DAYS = 7;
/** Fewer calibration days cannot tell one episode in 30 days from three. */
export const LEAST_CALIBRATION_DAYS = 90;
const LEAST_EVENTS = 50;
/** Most clusters of one stream on one day. */
const MOST_ALERTS = 5;

/** Replays one stream and sets its threshold on the days before. Cost: see `calibratedClusters`. */
export function clusterReplay({
  stream: reports,
  zones,
  options,
  episodeDays,
  calibration,
  replay,
}: ClusterJob): ClusterReplay {
  const stream = distinctProblems(reports);
  const nothing = (why: NotAssessable): ClusterReplay => ({
    why,
    threshold: null,
    candidates: [],
    alerts: [],
    reportsPerProblem: 1,
    calibrationDays: 0,
    calibrationScores: [],
    completeness: [1],
  });
  const events = sum(stream.n);
  if (events === 0) return nothing('all-zero');
  if (events < LEAST_EVENTS) return nothing('too-few-cases');
  const days = calibration.endDay - calibration.firstDay;
  if (days < LEAST_CALIBRATION_DAYS) return nothing('too-few-periods');
  const { threshold, before, candidates, alerts } = calibratedClusters(stream, options, {
    firstDay: calibration.firstDay,
    endDay: replay.endDay,
    replayDay: replay.firstDay,
    maxAlerts: MOST_ALERTS,
    zones,
    threshold: (clean) => {
      const law = fitGumbelQuartiles(clean.map((alert) => alert.score));
      // `episodeThreshold` allows one episode in 30 days: so many days stand for these.
      const counted = episodeThreshold(clean, (days * EPISODE_DAYS) / episodeDays);
      return law ? Math.min(counted, gumbelScore(law, 1 / episodeDays)) : counted;
    },
  });
  return {
    why: 'assessed',
    threshold,
    candidates,
    alerts: withReports(reports, alerts),
    reportsPerProblem: sum(reports.n) / events,
    calibrationDays: days,
    calibrationScores: before.map((alert) => alert.score),
    completeness: streamCompleteness(stream),
  };
}

const sum = (n: Uint16Array): number => {
  let all = 0;
  for (const one of n) all += one;
  return all;
};

/** Cost: reports in the cells of the alerts, once an alert. */
function withReports(reports: ClusterStream, alerts: readonly ClusterAlert[]): ReplayedCluster[] {
  const inCell = new Map<number, number[]>();
  for (const alert of alerts) for (const cell of alert.cells) if (!inCell.has(cell)) inCell.set(cell, []);
  for (let i = 0; i < reports.cell.length; i++) inCell.get(reports.cell[i] as number)?.push(i);
  return alerts.map((alert) => {
    let known = 0;
    for (const cell of alert.cells)
      for (const i of inCell.get(cell) as number[]) {
        const day = reports.occurredDay[i] as number;
        if (day >= alert.firstDay && day <= alert.day && day + (reports.delayDays[i] as number) <= alert.day)
          known += reports.n[i] as number;
      }
    return { ...alert, reports: known };
  });
}

const OLD_DAYS = 60;

/** F(d) of the days that are at least 60 days old. Cost: the events. */
export function streamCompleteness({ occurredDay, delayDays, n, days }: ClusterStream): number[] {
  const byDelay = new Float64Array(OLD_DAYS);
  let all = 0;
  for (let i = 0; i < n.length; i++) {
    if ((occurredDay[i] as number) + OLD_DAYS > days) continue;
    all += n[i] as number;
    const delay = delayDays[i] as number;
    if (delay < OLD_DAYS) byDelay[delay] = (byDelay[delay] as number) + (n[i] as number);
  }
  if (all === 0) return [1];
  let known = 0;
  return Array.from(byDelay, (rows) => {
    known += rows;
    return known / all;
  });
}

/**
 * Smallest threshold above which these alerts make at most one episode per `EPISODE_DAYS`: alerts that share a cell with one of the
 * episode within `EPISODE_GAP_DAYS` belong to it. 0 where all of them may speak. Cost: alerts × episodes × cells, a few times
 */
export function episodeThreshold(alerts: readonly ClusterAlert[], days: number): number {
  const allowed = Math.floor(days / EPISODE_DAYS);
  const scores = [...new Set(alerts.map((alert) => alert.score))].sort((a, b) => b - a);
  let [low, high] = [0, scores.length]; // the first `low` scores may speak
  while (low < high) {
    const middle = (low + high) >>> 1;
    const bar = scores[middle] as number;
    if (episodes(alerts.filter((alert) => alert.score >= bar)) <= allowed) low = middle + 1;
    else high = middle;
  }
  return scores[low] ?? 0; // all may speak
}

/** How many episodes these alerts make; in order of days. */
export function episodes(alerts: readonly ClusterAlert[]): number {
  const open: { readonly cells: Set<number>; lastDay: number }[] = [];
  for (const alert of alerts) {
    const same = open.find(
      (episode) =>
        alert.day - episode.lastDay <= EPISODE_GAP_DAYS && alert.cells.some((cell) => episode.cells.has(cell)),
    );
    if (same) {
      same.lastDay = alert.day;
      for (const cell of alert.cells) same.cells.add(cell);
    } else open.push({ cells: new Set(alert.cells), lastDay: alert.day });
  }
  return open.length;
}
