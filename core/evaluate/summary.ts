import { amocArea } from '../stats/amoc.ts';
import { bootstrapInterval, type Interval } from '../stats/bootstrap-interval.ts';
import { median, netPod } from '../stats/event-metrics.ts';
import { mcnemarP } from '../stats/mcnemar.ts';
import { Random } from '../stats/random.ts';
import type { CaseResult, Outcome } from './case-result.ts';

const DRAWS = 1000;
const BOOTSTRAP_SEED = 20_240_601;

export interface Estimate {
  readonly value: number | null;
  /** 95 % percentile bootstrap over clusters; null below 2 clusters. */
  readonly interval: Interval | null;
}

export interface GroupScore {
  /** What the footprints have in common, for example `kappa 7`. */
  readonly group: string;
  readonly clusters: number;
  readonly pod: Estimate;
  readonly placeboPod: number | null;
  readonly netPod: Estimate;
  readonly medianDelayDetected: number | null;
  readonly restrictedMeanDelay: number | null;
  readonly saved: Estimate;
}

export interface PooledSetting {
  readonly perDays: number;
  readonly all: GroupScore;
  readonly groups: readonly GroupScore[];
  readonly falseEpisodes: number;
  readonly falseAlarmRatio: number | null;
  /** False episodes of the test days ÷ the number the setting stands for; every stream and the mean. */
  readonly falseRateRatio: { readonly mean: number | null; readonly worst: number | null };
  readonly firstAlertPrecision: number | null;
  readonly firstAlertRecall: number | null;
}

export interface DetectorSummary {
  readonly detector: string;
  readonly streams: number;
  readonly settings: readonly PooledSetting[];
  /** Mean over the streams, days; lower is better. */
  readonly amocArea: number | null;
}

/** Pools the streams of one detector. Equal results give equal intervals: the bootstrap has its own fixed seed. */
export function detectorSummary(detector: string, results: readonly CaseResult[]): DetectorSummary {
  const areas = results.map(({ amoc }) => amocArea(amoc)).filter((area) => area !== null);
  const perDays = results[0]?.settings.map((setting) => setting.perDays) ?? [];
  return {
    detector,
    streams: results.length,
    settings: perDays.map((days) => pooledSetting(days, results)),
    amocArea: mean(areas),
  };
}

function pooledSetting(perDays: number, results: readonly CaseResult[]): PooledSetting {
  const settings = results.flatMap((result) => result.settings.filter((setting) => setting.perDays === perDays));
  const outcomes = settings.flatMap((setting) => setting.outcomes);
  const falseEpisodes = settings.reduce((sum, { score }) => sum + score.falseEpisodes, 0);
  const episodes = settings.reduce((sum, { score }) => sum + score.episodes, 0);
  const ratios = settings.map(({ falseRateRatio }) => falseRateRatio);
  const planted = outcomes.filter(({ placebo }) => !placebo);
  return {
    perDays,
    all: groupScore('all', outcomes),
    groups: groupNames(outcomes).map(({ name, takes }) => groupScore(name, outcomes.filter(takes))),
    falseEpisodes,
    falseAlarmRatio: episodes > 0 ? falseEpisodes / episodes : null,
    falseRateRatio: { mean: mean(ratios), worst: ratios.length > 0 ? Math.max(...ratios) : null },
    firstAlertPrecision: mean(planted.flatMap(({ cellPrecision }) => (cellPrecision === null ? [] : [cellPrecision]))),
    firstAlertRecall: mean(planted.flatMap(({ cellRecall }) => (cellRecall === null ? [] : [cellRecall]))),
  };
}

interface Group {
  readonly name: string;
  readonly takes: (outcome: Outcome) => boolean;
}

const sizeClass = (cells: number): string => (cells === 1 ? '1 cell' : cells <= 7 ? '2-7 cells' : '8-19 cells');

/** Placebos are drawn like the planted ones, so each group has its own. */
function groupNames(outcomes: readonly Outcome[]): Group[] {
  const by = (label: (outcome: Outcome) => string, order: (a: string, b: string) => number = compareNumbers): Group[] =>
    [...new Set(outcomes.map(label))]
      .sort(order)
      .map((name) => ({ name, takes: (outcome) => label(outcome) === name }));
  return [
    ...by(({ kappa }) => `kappa ${kappa}`),
    ...by(({ regime }) => `regime ${regime}`),
    ...by(({ size }) => sizeClass(size)),
    ...by(({ durationDays }) => `${durationDays} days`),
    ...by(({ profile }) => profile),
    ...by(({ holiday }) => (holiday ? 'onset in holidays' : 'onset on ordinary days')),
  ];
}

const firstNumber = (text: string): number => Number(/[\d.]+/.exec(text)?.[0] ?? 0);
const compareNumbers = (a: string, b: string): number => firstNumber(a) - firstNumber(b) || (a < b ? -1 : 1);

function groupScore(group: string, outcomes: readonly Outcome[]): GroupScore {
  const planted = outcomes.filter(({ placebo }) => !placebo);
  const empty = outcomes.filter(({ placebo }) => placebo);
  const random = new Random(BOOTSTRAP_SEED);
  const podOf = (list: readonly Outcome[], times: Uint16Array | null): number | null => {
    let hits = 0;
    let all = 0;
    list.forEach(({ delayDays }, i) => {
      const n = times ? times[i]! : 1;
      all += n;
      if (delayDays !== null) hits += n;
    });
    return all > 0 ? hits / all : null;
  };
  const interval = (statistic: (times: Uint16Array) => number | null): Interval | null =>
    bootstrapInterval({ items: planted.length, draws: DRAWS, random, statistic });
  const placeboTimes = new Uint16Array(empty.length);
  const drawPlacebos = (): Uint16Array => {
    placeboTimes.fill(0);
    for (let i = 0; i < empty.length; i++) placeboTimes[random.below(empty.length)]!++;
    return placeboTimes;
  };
  const pod = podOf(planted, null);
  const placeboPod = podOf(empty, null);
  const known = planted.flatMap(({ delayDays }) => (delayDays === null ? [] : [delayDays]));
  return {
    group,
    clusters: planted.length,
    pod: { value: pod, interval: interval((times) => podOf(planted, times)) },
    placeboPod,
    netPod: {
      value: netPod({ pod, placeboPod }),
      interval: interval((times) => netPod({ pod: podOf(planted, times), placeboPod: podOf(empty, drawPlacebos()) })),
    },
    medianDelayDetected: median(known),
    restrictedMeanDelay: mean(planted.map(({ delayDays, durationDays }) => delayDays ?? durationDays)),
    saved: {
      value: mean(planted.map(({ saved }) => saved)),
      interval: interval((times) => {
        let sum = 0;
        for (let i = 0; i < planted.length; i++) sum += times[i]! * planted[i]!.saved;
        return sum / planted.length;
      }),
    },
  };
}

export interface PairedTest {
  readonly first: string;
  readonly second: string;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly p: number | null;
}

/** McNemar on hit or miss of the same planted clusters at one setting. */
export function pairedTest(
  first: { readonly detector: string; readonly results: readonly CaseResult[] },
  second: { readonly detector: string; readonly results: readonly CaseResult[] },
  perDays: number,
): PairedTest {
  const hits = (results: readonly CaseResult[]): Map<string, boolean> =>
    new Map(
      results
        .flatMap(({ settings }) => settings.filter((setting) => setting.perDays === perDays))
        .flatMap(({ outcomes }) => outcomes.filter(({ placebo }) => !placebo))
        .map(({ key, delayDays }) => [key, delayDays !== null]),
    );
  const b = hits(second.results);
  let onlyFirst = 0;
  let onlySecond = 0;
  for (const [key, hit] of hits(first.results)) {
    const other = b.get(key);
    if (other === undefined || other === hit) continue;
    if (hit) onlyFirst++;
    else onlySecond++;
  }
  return {
    first: first.detector,
    second: second.detector,
    onlyFirst,
    onlySecond,
    p: mcnemarP({ onlyFirst, onlySecond }),
  };
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
