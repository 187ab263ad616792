import { frozenAlerts } from '../../core/evaluate/alert-threshold.ts';
import type { NamedSource } from '../../core/evaluate/candidates.ts';
import { type CaseResult, caseResult, MAIN_PER_DAYS } from '../../core/evaluate/case-result.ts';
import { type ControlScore, controlScore } from '../../core/evaluate/control-score.ts';
import { type DetectorSummary, detectorSummary, type PairedTest, pairedTest } from '../../core/evaluate/summary.ts';
import { type AmocPoint, amocCurve } from '../../core/stats/amoc.ts';
import { controlCase } from '../../data/benchmark/control-case.ts';
import type { Conditions, Regime } from '../../data/benchmark/options.ts';
import type { CaseLoader } from './load-cases.ts';

export interface DetectorRun {
  readonly detector: string;
  readonly summary: DetectorSummary;
  /** The same, one summary a regime (events per cell and day). */
  readonly byRegime: readonly { readonly regime: number; readonly summary: DetectorSummary }[];
  readonly results: readonly CaseResult[];
  readonly controls: readonly ControlScore[];
  readonly cost: { readonly millisecondsPerDay: number; readonly peakRssMb: number };
}

export interface PlantedReport {
  readonly kind: 'planted';
  readonly cases: readonly {
    readonly name: string;
    readonly regime: number;
    readonly outbreaks: number;
    readonly placebos: number;
  }[];
  readonly detectors: readonly DetectorRun[];
  /** Every detector against the first. */
  readonly paired: readonly PairedTest[];
}

export interface Shell {
  readonly nowMs: () => number;
  readonly rssBytes: () => number;
  readonly report: (progress: { readonly done: number; readonly total: number; readonly what: string }) => void;
}

/** Runs every detector over every case. Thresholds come from calibration days only; every detector sees the same streams. */
export function plantedRun(
  given: {
    readonly loaders: readonly CaseLoader[];
    readonly sources: readonly NamedSource[];
    readonly controls: readonly { readonly regime: Regime; readonly seed: number; readonly conditions: Conditions }[];
  },
  shell: Shell,
): PlantedReport {
  const { loaders, sources } = given;
  const total = (loaders.length + given.controls.length) * sources.length;
  let done = 0;
  const results = sources.map((): CaseResult[] => []);
  const controls = sources.map((): ControlScore[] => []);
  const spent = sources.map(() => ({ ms: 0, days: 0, rss: 0 }));
  const timed = <T>(s: number, what: string, days: number, run: () => T): T => {
    const startMs = shell.nowMs();
    const value = run();
    const cost = spent[s]!;
    cost.ms += shell.nowMs() - startMs;
    cost.days += days;
    cost.rss = Math.max(cost.rss, shell.rssBytes());
    shell.report({ done: ++done, total, what });
    return value;
  };
  const cases = loaders.map(({ name, load }) => {
    const planted = load();
    const { calibration, test } = planted.stream;
    const span = { firstDay: calibration.firstDay, lastDay: test.lastDay };
    sources.forEach((source, s) => {
      const days = span.lastDay - span.firstDay + 1;
      const candidates = timed(s, `${source.name}: ${name}`, days, () => source.candidates(planted.stream, span));
      results[s]!.push(caseResult(planted, candidates));
    });
    return { name, regime: planted.regime, outbreaks: planted.outbreaks.length, placebos: planted.placebos.length };
  });
  for (const control of given.controls) {
    const { stream, controls: truth } = controlCase(control);
    const span = { firstDay: stream.calibration.firstDay, lastDay: stream.test.lastDay };
    sources.forEach((source, s) => {
      const days = span.lastDay - span.firstDay + 1;
      const candidates = timed(s, `${source.name}: controls`, days, () => source.candidates(stream, span));
      const { alerts } = frozenAlerts(candidates, { ...stream, perDays: MAIN_PER_DAYS });
      controls[s]!.push(controlScore(truth, { alerts, firstDay: stream.test.firstDay }));
    });
  }
  const detectors = sources.map(({ name }, s) =>
    detectorRun(name, { results: results[s]!, controls: controls[s]!, spent: spent[s]! }),
  );
  const [first, ...others] = detectors;
  const paired = first ? others.map((other) => pairedTest(first, other, MAIN_PER_DAYS)) : [];
  return { kind: 'planted', cases, detectors, paired };
}

function detectorRun(
  detector: string,
  given: {
    readonly results: readonly CaseResult[];
    readonly controls: readonly ControlScore[];
    readonly spent: { readonly ms: number; readonly days: number; readonly rss: number };
  },
): DetectorRun {
  const { results, controls, spent } = given;
  const regimes = [...new Set(results.map(({ regime }) => regime))].sort((a, b) => a - b);
  return {
    detector,
    summary: detectorSummary(detector, results),
    byRegime: regimes.map((regime) => ({
      regime,
      summary: detectorSummary(
        detector,
        results.filter((result) => result.regime === regime),
      ),
    })),
    results,
    controls,
    cost: { millisecondsPerDay: spent.ms / Math.max(1, spent.days), peakRssMb: spent.rss / 2 ** 20 },
  };
}

/** The streams' AMOC points averaged by setting, as a curve to draw. */
export function meanAmoc(results: readonly CaseResult[]): { readonly x: number; readonly y: number }[] {
  const settings = Math.min(...results.map(({ amoc }) => amoc.length));
  if (!Number.isFinite(settings)) return [];
  const points: AmocPoint[] = Array.from({ length: settings }, (_, i) => {
    const here = results.map(({ amoc }) => amoc[i]!);
    const known = here.flatMap(({ medianDelay }) => (medianDelay === null ? [] : [medianDelay]));
    const average = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      falsePerWeek: average(here.map(({ falsePerWeek }) => falsePerWeek)),
      pod: average(here.map(({ pod }) => pod)),
      medianDelay: known.length > 0 ? average(known) : null,
    };
  });
  return amocCurve(points);
}
