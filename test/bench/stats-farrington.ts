import { execFileSync } from 'node:child_process';
import { type SeriesAssessed, seriesBaseline } from '../../core/sense/series-baseline.ts';
import { EARS_DEFAULT, earsBound } from '../../core/stats/ears.ts';
import { FARRINGTON_FLEXIBLE, farrington } from '../../core/stats/farrington.ts';
import { Random } from '../../core/stats/random.ts';
import {
  CURRENT_WEEKS,
  outbreakSeries,
  type SkillTally,
  stableSeries,
  tally,
  WEEKLY_SCENARIOS,
} from '../support/outbreak-series.ts';

export interface FarringtonBench {
  /** Farrington Flexible, last 52 weeks of a series of 364 weeks, milliseconds a series. */
  readonly flexibleMs: number;
  /** The product's baseline, last 52 of 156 weeks, milliseconds a series. */
  readonly baselineMs: number;
  /** The product's baseline, last 365 of 1,096 days, milliseconds a series. */
  readonly baselineDailyMs: number;
  /** R surveillance::farringtonFlexible on the same kind of series; null where R or the package is not there. */
  readonly surveillanceMs: number | null;
  readonly ratio: number | null;
}

const SERIES = 60;

/** User time of this process: what the work costs, whatever else the machine does. */
function timed(work: (i: number) => void): number {
  for (let i = 0; i < 10; i++) work(i);
  const start = process.cpuUsage();
  for (let i = 0; i < SERIES; i++) work(i);
  return process.cpuUsage(start).user / 1000 / SERIES;
}

const R_SCRIPT = `
suppressMessages(library(surveillance))
counts <- scan(file("stdin"), quiet = TRUE)
s <- sts(matrix(counts, ncol = 1), start = c(2000, 1), frequency = 52)
control <- list(range = (length(counts) - 51):length(counts), b = 5, w = 3, noPeriods = 10, pastWeeksNotIncluded = 26,
  weightsThreshold = 2.58, pThresholdTrend = 1, reweight = TRUE, alpha = 0.01, thresholdMethod = "nbPlugin", trend = TRUE)
invisible(farringtonFlexible(s, control))
n <- 3
cat(system.time(for (i in 1:n) farringtonFlexible(s, control))[["user.self"]] * 1000 / n)
`;

function surveillanceMs(counts: Float64Array): number | null {
  try {
    const out = execFileSync('Rscript', ['-e', R_SCRIPT], {
      input: counts.join('\n'),
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const ms = Number(out.trim());
    return ms > 0 ? ms : null;
  } catch {
    return null; // no R, or no package: there is nothing to compare with
  }
}

export function benchFarrington(): FarringtonBench {
  const scenario = WEEKLY_SCENARIOS[3]!;
  const of = (length: number) =>
    Array.from({ length: SERIES }, (_, i) => stableSeries(scenario, length, new Random(i + 1)));
  const long = of(364);
  const flexibleMs = timed((i) => {
    for (let t = 312; t < 364; t++) farrington({ counts: long[i]! }, t, FARRINGTON_FLEXIBLE);
  });
  const three = of(156);
  const baselineMs = timed((i) => {
    seriesBaseline({ period: 'week', counts: three[i]! }, { from: 104, to: 156 });
  });
  const daily = of(1096);
  const weekday = Uint8Array.from({ length: 1096 }, (_, i) => i % 7);
  const baselineDailyMs = timed((i) => {
    seriesBaseline({ period: 'day', counts: daily[i]!, calendarClass: weekday }, { from: 731, to: 1096 });
  });
  const theirs = surveillanceMs(long[0]!);
  return {
    flexibleMs,
    baselineMs,
    baselineDailyMs,
    surveillanceMs: theirs,
    ratio: theirs === null ? null : theirs / flexibleMs,
  };
}

export interface Skill {
  readonly detector: string;
  readonly scenario: string;
  readonly falsePositiveRate: number;
  readonly probabilityOfDetection: number;
}

function baselineAlarm(counts: Float64Array, rule: (one: SeriesAssessed) => boolean): (week: number) => boolean {
  const from = counts.length - CURRENT_WEEKS;
  const all = seriesBaseline({ period: 'week', counts }, { from, to: counts.length });
  return (t) => {
    const one = all[t - from]!;
    return one.kind === 'assessed' && rule(one);
  };
}

/** FPR a week and POD of the scenarios, with `replicates` series each; the last line of each detector is the mean. */
export function farringtonSkill(replicates: number, weeks: number, only?: readonly string[]): readonly Skill[] {
  const out: Skill[] = [];
  const detectors: Record<string, (counts: Float64Array) => (week: number) => boolean> = {
    'nbPlugin 0.01': (counts) => (t) => {
      const one = farrington({ counts }, t, { ...FARRINGTON_FLEXIBLE, limit: null });
      return one.kind === 'assessed' && one.alarm;
    },
    'baseline 0.01': (counts) => baselineAlarm(counts, (one) => one.observed > one.alertUpper),
    'baseline mid-p 0.01': (counts) => baselineAlarm(counts, (one) => one.midExceedance <= 0.01),
    'EARS C2': (counts) => {
      const { upper } = earsBound(counts, EARS_DEFAULT, 2);
      return (t) => counts[t]! > upper[t]!;
    },
  };
  for (const [detector, make] of Object.entries(detectors)) {
    if (only?.includes(detector) === false) continue;
    const all: Skill[] = WEEKLY_SCENARIOS.map((scenario, s) => {
      const sum: SkillTally = { weeks: 0, false: 0, outbreaks: 0, found: 0 };
      for (let i = 0; i < replicates; i++) {
        const series = outbreakSeries(scenario, weeks, new Random(1000 * s + i));
        tally(sum, series, make(series.counts));
      }
      return {
        detector,
        scenario: scenario.name,
        falsePositiveRate: sum.false / sum.weeks,
        probabilityOfDetection: sum.found / sum.outbreaks,
      };
    });
    const mean = (of: (one: Skill) => number) => all.reduce((sum, one) => sum + of(one), 0) / all.length;
    out.push(...all, {
      detector,
      scenario: 'mean',
      falsePositiveRate: mean((one) => one.falsePositiveRate),
      probabilityOfDetection: mean((one) => one.probabilityOfDetection),
    });
  }
  return out;
}

/** Printed by `npx tsx test/bench/stats-farrington.ts`. */
if (process.argv[1]?.endsWith('stats-farrington.ts')) {
  console.log(benchFarrington());
  for (const weeks of process.argv[2] === '0' ? [] : [156, 364]) {
    console.log(`${weeks} weeks`);
    console.table(farringtonSkill(Number(process.argv[2] ?? 100), weeks));
  }
}
