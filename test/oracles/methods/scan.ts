import { gumbelP, recurrenceIntervalDays } from '../../../core/stats/gumbel.ts';
import { monteCarloP, simulatedQuantile } from '../../../core/stats/monte-carlo.ts';
import { Random } from '../../../core/stats/random.ts';
import { scanExpectation } from '../../../core/stats/scan-expectation.ts';
import {
  allScores,
  type ScanResult,
  type SpaceTimeCounts,
  scoreTable,
  tailSums,
  zoneSums,
} from '../../../core/stats/scan-kernel.ts';
import { scanNegativeBinomial } from '../../../core/stats/scan-negative-binomial.ts';
import { scanPermutation } from '../../../core/stats/scan-permutation.ts';
import { scanPoisson, scanRelativeRisk } from '../../../core/stats/scan-poisson.ts';
import { listedZones, nearestFirstZones } from '../../../core/stats/scan-zones.ts';
import type { Findings, OracleCase, OracleMethod } from '../oracle-case.ts';

const REPLICATES = 9999;
const SEED = 20_240_501;
const DAY_MS = 86_400_000;
const LLR = { abs: 2e-6 };
const EXPECTED = { abs: 0.005 };
/** Largest rounding of a figure printed with two decimals, on top of the tolerance. */
const PRINTED = { abs: 0.005 + 1e-9 };

interface Cluster {
  readonly locationIndex?: readonly number[];
  readonly locations?: readonly string[];
  readonly timeFrame?: string | null;
  readonly timeIndexFirst?: number;
  readonly timeIndexLast?: number;
  readonly cases: number;
  readonly expected: number;
  readonly expectedExact?: number;
  readonly observedOverExpected?: number;
  readonly relativeRisk?: number;
  readonly llr: number;
  readonly pMonteCarlo?: number;
  readonly pGumbel?: number | string;
  readonly recurrenceInterval?: string;
}

interface LikelihoodCase {
  readonly method: string;
  readonly parameters: {
    readonly model?: string;
    readonly purelySpatial?: boolean;
    readonly maxRadiusKm: number | null;
    readonly maxSpatialFraction: string;
    readonly maxTemporalDays: number;
    readonly minCases: number;
    readonly start: string;
    readonly end: string;
  };
  readonly input: {
    readonly xyKm?: readonly (readonly [number, number])[];
    readonly population?: readonly number[];
    readonly counts?: readonly (readonly number[])[];
    readonly locations?: readonly (readonly [string, number, number])[];
    readonly cases?: readonly (readonly [string, number, string])[];
  };
  readonly expected: {
    readonly clusters: readonly Cluster[];
    readonly secondaryByEnumeration?: readonly Cluster[];
    readonly nullDistribution: Readonly<Record<string, number>>;
  };
}

const dayNumber = (text: string): number => {
  const [year, month, day] = text.split(/[-/]/).map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day) / DAY_MS;
};

/** Great-circle distance in km on a sphere of 6371 km. */
function greatCircleKm(a: readonly [string, number, number], b: readonly [string, number, number]): number {
  const rad = Math.PI / 180;
  const dLat = (b[1] - a[1]) * rad;
  const dLng = (b[2] - a[2]) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a[1] * rad) * Math.cos(b[1] * rad) * Math.sin(dLng / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Counts, names and distances of either input form: coordinates with a matrix, or a list of located cases. */
function likelihoodInput({ input, parameters }: LikelihoodCase) {
  const first = dayNumber(parameters.start);
  if (input.counts !== undefined && input.xyKm !== undefined) {
    const xy = input.xyKm;
    const periods = input.counts[0]?.length ?? 0;
    const data: SpaceTimeCounts = {
      locations: xy.length,
      periods,
      count: Float64Array.from(input.counts.flat()),
    };
    const distance = (i: number, j: number): number => {
      const [ax, ay] = xy[i] as readonly [number, number];
      const [bx, by] = xy[j] as readonly [number, number];
      return Math.hypot(ax - bx, ay - by);
    };
    return { data, distance, names: null };
  }
  const places = input.locations ?? [];
  const names = places.map(([name]) => name);
  const periods = dayNumber(parameters.end) - first + 1;
  const count = new Float64Array(places.length * periods);
  for (const [name, n, date] of input.cases ?? []) {
    const at = names.indexOf(name) * periods + dayNumber(date) - first;
    count[at] = (count[at] as number) + n;
  }
  const distance = (i: number, j: number): number =>
    greatCircleKm(places[i] as (typeof places)[number], places[j] as (typeof places)[number]);
  return { data: { locations: places.length, periods, count }, distance, names };
}

function checkNull(
  findings: Findings,
  result: ScanResult & { kind: 'assessed' },
  expected: LikelihoodCase['expected'],
) {
  for (const [key, value] of Object.entries(expected.nullDistribution)) {
    const probability = Number(key);
    if (Number.isNaN(probability)) continue;
    findings.near(`nullDistribution.${key}`, simulatedQuantile(result.simulatedMaxima, probability), value, {
      abs: probability >= 0.99 ? 0.4 : 0.15,
    });
  }
  const { simulatedMaxima } = result;
  const mean = simulatedMaxima.reduce((a, b) => a + b, 0) / simulatedMaxima.length;
  const sd = Math.sqrt(simulatedMaxima.reduce((a, b) => a + (b - mean) ** 2, 0) / (simulatedMaxima.length - 1));
  findings.near('nullDistribution.mean', mean, expected.nullDistribution.mean, { abs: 0.15 });
  findings.near('nullDistribution.sd', sd, expected.nullDistribution.sd, { abs: 0.15 });
}

/** p of an expected score against our own null; the bounds are those of the case. */
function checkP(findings: Findings, field: string, result: ScanResult & { kind: 'assessed' }, cluster: Cluster): void {
  // Printed scores are rounded; the same score in the simulations must still count as equal.
  const score = cluster.llr - LLR.abs;
  if (cluster.pMonteCarlo !== undefined) {
    const p = cluster.pMonteCarlo;
    const bound = 4 * Math.sqrt(p * (1 - p) * (1 / 9999 + 1 / REPLICATES)) + 1 / REPLICATES;
    findings.near(`${field}.pMonteCarlo`, monteCarloP(result.simulatedMaxima, score), p, { abs: bound });
  }
  if (cluster.pGumbel === undefined || result.gumbel === null) return;
  const p = gumbelP(result.gumbel, score);
  const small = (found: number, expected: number) => found > expected / 2 && found < expected * 2;
  if (typeof cluster.pGumbel === 'string') {
    const bound = Number(cluster.pGumbel.replace(/[<\s]/g, ''));
    findings.holds(`${field}.pGumbel`, p < 2 * bound, p, `${cluster.pGumbel} within a factor of 2`);
  } else if (cluster.pGumbel < 0.01)
    findings.holds(`${field}.pGumbel`, small(p, cluster.pGumbel), p, `${cluster.pGumbel} within a factor of 2`);
  else findings.near(`${field}.pGumbel`, p, cluster.pGumbel, { abs: 0.02 });
  if (cluster.recurrenceInterval === undefined) return;
  const [value, unit] = cluster.recurrenceInterval.split(' ');
  const days = Number(value) * (unit?.startsWith('year') ? 365.2425 : 1);
  const found = recurrenceIntervalDays({ p, analysisIntervalDays: 1 });
  // Days are printed as whole numbers: half a day of rounding on top of the bound of p.
  const ok =
    found !== null && (small(found, days) || Math.abs(1 / found - 1 / days) <= 0.02 || Math.abs(found - days) <= 1);
  findings.holds(`${field}.recurrenceInterval`, ok, found, cluster.recurrenceInterval);
}

function runLikelihood({ data: json }: OracleCase, findings: Findings): void {
  const given = json as unknown as LikelihoodCase;
  const { data, distance, names } = likelihoodInput(given);
  const { parameters, expected } = given;
  const cases = new Float64Array(data.locations);
  for (let i = 0; i < data.count.length; i++) {
    const at = Math.floor(i / data.periods);
    cases[at] = (cases[at] as number) + (data.count[i] as number);
  }
  const population = given.input.population ? Float64Array.from(given.input.population) : null;
  const zones = nearestFirstZones({
    distance,
    maxRadius: parameters.maxRadiusKm,
    weight: population ?? cases,
    maxFraction: Number.parseFloat(parameters.maxSpatialFraction),
  });
  const options = {
    maxDuration: parameters.purelySpatial ? data.periods : parameters.maxTemporalDays,
    minCount: parameters.minCases,
    replicates: REPLICATES,
    maxClusters: 1 + Math.max(expected.clusters.length - 1, expected.secondaryByEnumeration?.length ?? 0),
  };
  const random = new Random(SEED);
  const exposure = new Float64Array(data.count.length);
  if (population) for (let i = 0; i < exposure.length; i++) exposure[i] = population[Math.floor(i / data.periods)] ?? 0;
  const result = /permutation/i.test(given.method)
    ? scanPermutation(data, zones, options, random)
    : scanPoisson(data, exposure, zones, options, random);
  findings.same('kind', result.kind, 'assessed');
  if (result.kind !== 'assessed') return;
  const total = cases.reduce((a, b) => a + b, 0);
  const first = dayNumber(parameters.start);

  const compare = (field: string, index: number, cluster: Cluster): void => {
    const found = result.clusters[index];
    // Secondary zones that differ only by locations without any event have one score: either is acceptable.
    const counts = (i: number): boolean => index === 0 || (cases[i] as number) > 0;
    const sorted = found ? [...found.locations].filter(counts).sort((a, b) => a - b) : null;
    if (cluster.locations)
      findings.same(
        `${field}.locations`,
        sorted?.map((i) => names?.[i]).sort() ?? null,
        cluster.locations.filter((name) => counts(names?.indexOf(name) ?? -1)).sort(),
      );
    if (cluster.locationIndex)
      findings.same(
        `${field}.locationIndex`,
        sorted,
        cluster.locationIndex.filter(counts).sort((a, b) => a - b),
      );
    if (cluster.timeFrame && found) {
      const [from, to] = cluster.timeFrame.split(' to ').map((text) => dayNumber(text) - first);
      findings.same(`${field}.timeFrame`, [found.firstPeriod, found.firstPeriod + found.duration - 1], [from, to]);
    }
    if (cluster.timeIndexFirst !== undefined)
      findings.same(`${field}.timeIndexFirst`, found?.firstPeriod ?? null, cluster.timeIndexFirst);
    if (cluster.timeIndexLast !== undefined)
      findings.same(`${field}.timeIndexLast`, found ? data.periods - 1 : null, cluster.timeIndexLast);
    findings.near(`${field}.llr`, found?.score ?? null, cluster.llr, LLR);
    findings.same(`${field}.cases`, found?.observed ?? null, cluster.cases);
    findings.near(`${field}.expected`, found?.expected ?? null, cluster.expected, EXPECTED);
    if (cluster.expectedExact !== undefined)
      findings.near(`${field}.expectedExact`, found?.expected ?? null, cluster.expectedExact, EXPECTED);
    if (cluster.observedOverExpected !== undefined)
      findings.near(
        `${field}.observedOverExpected`,
        found ? found.observed / found.expected : null,
        cluster.observedOverExpected,
        PRINTED,
      );
    if (cluster.relativeRisk !== undefined)
      findings.near(
        `${field}.relativeRisk`,
        found ? scanRelativeRisk({ observed: found.observed, expected: found.expected, total }) : null,
        cluster.relativeRisk,
        PRINTED,
      );
  };
  expected.clusters.forEach((cluster, i) => {
    // Of the reference program's secondaries only those of the enumeration are unique; without it, all are compared.
    if (i === 0 || expected.secondaryByEnumeration === undefined) compare(`clusters[${i}]`, i, cluster);
    checkP(findings, `clusters[${i}]`, result, cluster);
  });
  expected.secondaryByEnumeration?.forEach((cluster, i) => {
    compare(`secondaryByEnumeration[${i}]`, i + 1, cluster);
  });
  checkNull(findings, result, expected);
}

interface ExpectationCase {
  readonly input: {
    readonly counts: readonly (readonly number[])[];
    readonly baselines: readonly (readonly number[])[];
    readonly zones: readonly (readonly number[])[];
  };
  readonly expected: {
    readonly score: number;
    readonly relativeRisk: number;
    readonly duration: number;
    readonly locations: readonly number[];
    readonly cases: number;
    readonly expected: number;
    readonly pMonteCarlo: number;
    readonly nsim: number;
    readonly nullQuantiles: Readonly<Record<string, number>>;
    readonly top10: readonly { readonly zoneIndex: number; readonly duration: number; readonly score: number }[];
    readonly negativeBinomialScore?: {
      readonly score: number;
      readonly duration: number;
      readonly zoneIndex: number;
      readonly theta: number;
    };
  };
}

/** Rows by time to location-major columns. */
function byLocation(rows: readonly (readonly number[])[]): Float64Array {
  const periods = rows.length;
  const locations = rows[0]?.length ?? 0;
  const values = new Float64Array(periods * locations);
  rows.forEach((row, t) => {
    row.forEach((value, i) => {
      values[i * periods + t] = value;
    });
  });
  return values;
}

function runExpectation({ data: json }: OracleCase, findings: Findings): void {
  const { input, expected } = json as unknown as ExpectationCase;
  const periods = input.counts.length;
  const data: SpaceTimeCounts = {
    locations: input.counts[0]?.length ?? 0,
    periods,
    count: byLocation(input.counts),
  };
  const baseline = byLocation(input.baselines);
  const zones = listedZones(data.locations, input.zones);
  const options = { maxDuration: periods, minCount: 1, replicates: REPLICATES, maxClusters: 1 };
  const result = scanExpectation(data, baseline, zones, options, new Random(SEED));
  findings.same('kind', result.kind, 'assessed');
  if (result.kind !== 'assessed') return;
  const best = result.clusters[0];
  findings.near('score', best?.score ?? null, expected.score, { abs: 1e-8 });
  findings.same('duration', best?.duration ?? null, expected.duration);
  findings.same('locations', best ? [...best.locations].sort((a, b) => a - b) : null, expected.locations);
  findings.same('cases', best?.observed ?? null, expected.cases);
  findings.near('expected', best?.expected ?? null, expected.expected, { abs: 1e-8 });
  findings.near('relativeRisk', best ? best.observed / best.expected : null, expected.relativeRisk, { abs: 1e-8 });
  const p = expected.pMonteCarlo;
  const bound = 4 * Math.sqrt(p * (1 - p) * (1 / expected.nsim + 1 / REPLICATES)) + 2 / expected.nsim;
  findings.near('pMonteCarlo', best?.pMonteCarlo ?? null, p, { abs: bound });
  for (const [key, value] of Object.entries(expected.nullQuantiles))
    findings.near(`nullQuantiles.${key}`, simulatedQuantile(result.simulatedMaxima, Number(key)), value, { abs: 0.5 });
  const sums = zoneSums(zones, tailSums(data, baseline, periods), periods);
  const table = scoreTable(zones, sums, { maxDuration: periods, minCount: 1, total: null });
  const scores = allScores(table, zoneSums(zones, tailSums(data, data.count, periods), periods));
  const order = Array.from(scores.keys())
    .filter((at) => !Number.isNaN(scores[at]))
    .sort((a, b) => (scores[b] as number) - (scores[a] as number))
    .slice(0, expected.top10.length)
    .map((at) => ({
      zoneIndex: Math.floor(at / periods),
      duration: (at % periods) + 1,
      score: scores[at] as number,
    }));
  findings.near('top10', order, expected.top10, { abs: 1e-8 });
  const law = expected.negativeBinomialScore;
  if (law === undefined) return;
  const tango = scanNegativeBinomial(data, baseline, zones, { theta: law.theta, maxDuration: periods });
  const found = tango.kind === 'assessed' ? tango.best : null;
  findings.near('negativeBinomialScore.score', found?.score ?? null, law.score, { abs: 1e-8 });
  findings.same('negativeBinomialScore.duration', found?.duration ?? null, law.duration);
  findings.same('negativeBinomialScore.zoneIndex', found?.zone ?? null, law.zoneIndex);
}

const hasMethod =
  (pattern: RegExp) =>
  (data: OracleCase['data']): boolean =>
    typeof data.method === 'string' && pattern.test(data.method);

export const SCAN_METHODS: readonly OracleMethod[] = [
  {
    name: 'expectation-based Poisson scan',
    takes: hasMethod(/expectation-based Poisson .*scan/i),
    run: runExpectation,
  },
  { name: 'space-time permutation scan', takes: hasMethod(/space-time permutation scan/i), run: runLikelihood },
  { name: 'Poisson scan', takes: hasMethod(/(spatial|prospective space-time) Poisson scan/i), run: runLikelihood },
];
