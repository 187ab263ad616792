import { alertEpisodes, type CellAlert } from '../stats/event-metrics.ts';
import type { DailyCandidate } from './daily-detector.ts';
import type { DaySpan } from './event-stream.ts';

/** Candidates that are raised: score strictly above the threshold. Ids number the candidates: earlier ones of a day come first. */
export function raised(candidates: readonly DailyCandidate[], threshold: number): CellAlert[] {
  return candidates.flatMap(({ day, cells, score }, id) => (score > threshold ? [{ id, day, cells }] : []));
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

/** Fewer allowed episodes than this are no quantile: the tail is fitted. */
const FEWEST_EPISODES = 6;
/** Episodes in the tail that is fitted: one per 15 days or more rarely. */
const TAIL_PER_DAYS = 15;

/**
 * Threshold for rare alerts: the peaks of the N clean episodes above the threshold u of one per 15 days are taken as u + exponential (the tail
 * of a Gumbel law) with mean excess b, so that `episodes` of them are expected above u + b ln(N / episodes).
 * The largest scores of one year alone would say little about an event of half a year. Null without candidates; the plain threshold
 * when no tail can be fitted. Cost as `calibratedThreshold`.
 */
export function tailThreshold(
  clean: readonly DailyCandidate[],
  given: { readonly days: number; readonly episodes: number },
): number | null {
  const plain = calibratedThreshold(clean, given.episodes);
  const base = calibratedThreshold(clean, allowedEpisodes({ days: given.days, perDays: TAIL_PER_DAYS }));
  if (plain === null || base === null || !(base > Number.NEGATIVE_INFINITY) || given.episodes === 0) return plain;
  const episodes = alertEpisodes(raised(clean, base));
  if (episodes.length <= given.episodes) return plain;
  const excess = episodes.map(({ alerts }) => Math.max(...alerts.map(({ id }) => clean[id]!.score)) - base);
  const mean = excess.reduce((sum, value) => sum + value, 0) / excess.length;
  return base + mean * Math.log(excess.length / given.episodes);
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
  const clean = within(candidates, calibration);
  const threshold =
    allowed < FEWEST_EPISODES ? tailThreshold(clean, { days, episodes: allowed }) : calibratedThreshold(clean, allowed);
  const alerts = threshold === null ? [] : raised(within(candidates, test), threshold);
  return { perDays, allowed, threshold, alerts };
}

const within = (candidates: readonly DailyCandidate[], span: DaySpan): DailyCandidate[] =>
  candidates.filter(({ day }) => day >= span.firstDay && day <= span.lastDay);
