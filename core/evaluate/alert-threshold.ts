import { alertEpisodes, type CellAlert } from '../stats/event-metrics.ts';
import type { DailyCandidate } from './daily-detector.ts';
import type { DaySpan } from './event-stream.ts';

/** Candidates that are raised: score strictly above the threshold. The alert's id is its day: there is one a day at most. */
export function raised(candidates: readonly DailyCandidate[], threshold: number): CellAlert[] {
  return candidates.filter(({ score }) => score > threshold).map(({ day, cells }) => ({ id: day, day, cells }));
}

/** Episodes a stream of clean days may have at one per `perDays`: whole episodes, rounded down. */
export const allowedEpisodes = (given: { readonly days: number; readonly perDays: number }): number =>
  Math.floor(given.days / given.perDays);

/**
 * Lowest threshold at which the candidates of clean days form at most `episodes` alert episodes, going down from the largest score
 * until the limit is passed for the first time. (Lower thresholds may merge episodes again; they are not taken.)
 * Null when there is no candidate. Only candidates of calibration days may be given: the caller slices them.
 * Cost O(log n) episode counts, each O(n).
 */
export function calibratedThreshold(clean: readonly DailyCandidate[], episodes: number): number | null {
  const scores = [...new Set(clean.map(({ score }) => score))].sort((a, b) => b - a);
  if (scores.length === 0) return null;
  for (let i = 0; i < scores.length; i++) {
    const next = scores[i + 1] ?? Number.NEGATIVE_INFINITY;
    if (alertEpisodes(raised(clean, next)).length > episodes) return scores[i]!;
  }
  return Number.NEGATIVE_INFINITY;
}

/** What a detector raises on the test days with a threshold learned on the calibration days, and frozen. */
export interface FrozenAlerts {
  readonly perDays: number;
  readonly allowed: number;
  /** Null = no candidate on calibration days, nothing can be raised. */
  readonly threshold: number | null;
  readonly alerts: readonly CellAlert[];
}

export function frozenAlerts(
  candidates: readonly DailyCandidate[],
  given: { readonly calibration: DaySpan; readonly test: DaySpan; readonly perDays: number },
): FrozenAlerts {
  const { calibration, test, perDays } = given;
  const days = calibration.lastDay - calibration.firstDay + 1;
  const allowed = allowedEpisodes({ days, perDays });
  const threshold = calibratedThreshold(within(candidates, calibration), allowed);
  const alerts = threshold === null ? [] : raised(within(candidates, test), threshold);
  return { perDays, allowed, threshold, alerts };
}

const within = (candidates: readonly DailyCandidate[], span: DaySpan): DailyCandidate[] =>
  candidates.filter(({ day }) => day >= span.firstDay && day <= span.lastDay);
