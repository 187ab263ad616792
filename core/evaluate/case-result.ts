import type { AmocPoint } from '../stats/amoc.ts';
import { type PlantedEvent, savedShare } from '../stats/event-metrics.ts';
import { type FrozenAlerts, frozenAlerts } from './alert-threshold.ts';
import type { DailyCandidate } from './daily-detector.ts';
import { DAY_CLASSES, type EventStream } from './event-stream.ts';
import { type PlantedScore, plantedScore } from './planted-score.ts';

/** A planted footprint with what a table is split by. */
export interface Footprint extends PlantedEvent {
  readonly kappa: number;
  readonly size: number;
  readonly profile: string;
}

export interface ScoredCase {
  readonly stream: EventStream;
  readonly outbreaks: readonly Footprint[];
  readonly placebos: readonly Footprint[];
  readonly regime: number;
}

/** One footprint and what the detector made of it. */
export interface Outcome {
  /** Stream and footprint, the same for every detector. */
  readonly key: string;
  readonly placebo: boolean;
  readonly kappa: number;
  readonly size: number;
  readonly profile: string;
  readonly regime: number;
  readonly durationDays: number;
  /** Onset on a statutory holiday or in the festival weeks. */
  readonly holiday: boolean;
  /** Null = missed. */
  readonly delayDays: number | null;
  readonly saved: number;
  readonly cellPrecision: number | null;
  readonly cellRecall: number | null;
}

export interface SettingResult {
  /** At most one false episode per this many days, on calibration days. */
  readonly perDays: number;
  readonly threshold: number | null;
  readonly score: PlantedScore;
  readonly outcomes: readonly Outcome[];
  readonly alerts: number;
  /** False episodes of the test days ÷ the number the setting stands for. */
  readonly falseRateRatio: number;
}

export interface CaseResult {
  readonly stream: string;
  readonly regime: number;
  readonly testDays: number;
  readonly settings: readonly SettingResult[];
  readonly amoc: readonly AmocPoint[];
}

export const MAIN_PER_DAYS = 30;
export const SETTINGS_PER_DAYS: readonly number[] = [30, 7, 182];
const AMOC_PER_DAYS: readonly number[] = [2, 3.5, 5, 7, 10, 14, 20, 30, 60, 90, 182];
const FESTIVE = new Set(
  DAY_CLASSES.flatMap((name, i) => (name === 'holiday' || name.includes('Spring Festival') ? [i] : [])),
);

/** Freezes thresholds on the calibration days and scores the test days. Candidates must cover both spans. */
export function caseResult(given: ScoredCase, candidates: readonly DailyCandidate[]): CaseResult {
  const { stream, regime } = given;
  const testDays = stream.test.lastDay - stream.test.firstDay + 1;
  const settings = SETTINGS_PER_DAYS.map((perDays) =>
    settingResult(given, frozenAlerts(candidates, { ...stream, perDays })),
  );
  const amoc = AMOC_PER_DAYS.flatMap((perDays): AmocPoint[] => {
    const { alerts } = frozenAlerts(candidates, { ...stream, perDays });
    const { pod, medianDelayDetected, falseEpisodesPer7Days } = plantedScore(given, alerts);
    if (pod === null || falseEpisodesPer7Days === null) return [];
    return [{ pod, medianDelay: medianDelayDetected, falsePerWeek: falseEpisodesPer7Days }];
  });
  return { stream: stream.name, regime, testDays, settings, amoc };
}

function settingResult(given: ScoredCase, frozen: FrozenAlerts): SettingResult {
  const { stream, outbreaks, placebos } = given;
  const score = plantedScore(given, frozen.alerts);
  const chance = plantedScore({ stream, outbreaks: placebos, placebos: [] }, frozen.alerts);
  const testDays = stream.test.lastDay - stream.test.firstDay + 1;
  return {
    perDays: frozen.perDays,
    threshold: frozen.threshold,
    score,
    outcomes: [
      ...outbreaks.map((event) => outcome(given, { event, score, placebo: false })),
      ...placebos.map((event) => outcome(given, { event, score: chance, placebo: true })),
    ],
    alerts: frozen.alerts.length,
    falseRateRatio: score.falseEpisodes / (testDays / frozen.perDays),
  };
}

function outcome(
  given: ScoredCase,
  { event, score, placebo }: { readonly event: Footprint; readonly score: PlantedScore; readonly placebo: boolean },
): Outcome {
  const delayDays = score.delayDays[event.id] ?? null;
  const spatial = score.firstAlertSpatial.find(({ outbreak }) => outbreak === event.id);
  return {
    key: `${given.stream.name}/${event.id}`,
    placebo,
    kappa: event.kappa,
    size: event.cells.length,
    profile: event.profile,
    regime: given.regime,
    durationDays: event.end - event.onset + 1,
    holiday: FESTIVE.has(given.stream.dayClass[event.onset]!),
    delayDays,
    saved: savedShare(event, delayDays),
    cellPrecision: spatial?.cellPrecision ?? null,
    cellRecall: spatial?.cellRecall ?? null,
  };
}
