import { dailyBest, dailyClusters } from '../../sense/cluster-detector.ts';
import { CLUSTER_OPTIONS } from '../../sense/cluster-options.ts';
import { episodeThreshold } from '../../sense/cluster-replay.ts';
import type { ClusterAlert, ClusterStream } from '../../sense/cluster-stream.ts';
import { seriesBaseline } from '../../sense/series-baseline.ts';

/**
 * A known outbreak, for evaluation only: cases by village and day. Would the product's detectors have spoken in time? Nothing of it is
 * published and no profile reads such data (health records are refused).
 */
export interface OutbreakCases {
  /** Days since 1970-01-01, half-open; a day without a case is a zero (the register is complete). */
  readonly firstDay: number;
  readonly endDay: number;
  readonly cells: readonly string[];
  readonly districts: readonly string[];
  /** One entry a village and day with cases. */
  readonly cases: readonly {
    readonly day: number;
    /** Position in `cells`; −1 = village without a known place. */
    readonly cell: number;
    readonly district: number;
    readonly n: number;
  }[];
}

export interface OutbreakOptions {
  /** End of the days on which the threshold is set. */
  readonly cleanEndDay: number;
  /** Fewest cases of an exceedance of a series, and of a cluster. */
  readonly leastObserved: number;
  readonly leastInCluster: number;
  readonly seriesAlpha: number;
  readonly falseEpisodeDays: number;
}

export interface DistrictNaming {
  readonly district: string;
  /** First day a cluster named it as the division with the most cases, and first day of its own exceedance; null = never. */
  readonly byCluster: number | null;
  readonly bySeries: number | null;
  /** All days on which a cluster named it, ascending. */
  readonly clusterDays: readonly number[];
}

export interface OutbreakReplay {
  readonly cases: number;
  readonly placed: number;
  readonly threshold: number;
  /** First exceedance of the city's daily series at alpha. */
  readonly cityDay: number | null;
  /** Exceedances of the city's daily series before the outbreak, from the clean days. */
  readonly cleanExceedances: number;
  readonly firstCluster: (Pick<ClusterAlert, 'day' | 'observed' | 'expected'> & { readonly district: string }) | null;
  readonly clusters: number;
  readonly districts: readonly DistrictNaming[];
}

/** Cost: a replay of the cluster detector over the year, a fit a fortnight and series. */
export function outbreakReplay(given: OutbreakCases, options: OutbreakOptions): OutbreakReplay {
  const days = given.endDay - given.firstDay;
  const placed = given.cases.filter(({ cell }) => cell >= 0);
  const stream: ClusterStream = {
    cells: given.cells,
    days,
    occurredDay: Uint16Array.from(placed, ({ day }) => day - given.firstDay),
    delayDays: new Uint8Array(placed.length),
    cell: Uint32Array.from(placed, ({ cell }) => cell),
    n: Uint16Array.from(placed, ({ n }) => n),
    dayClass: new Uint8Array(days),
  };
  const settings = { ...CLUSTER_OPTIONS, minCount: options.leastInCluster };
  const best = dailyBest(stream, settings, { firstDay: 0, endDay: days });
  const clean = options.cleanEndDay - given.firstDay;
  const threshold = episodeThreshold(
    best.filter(({ day }) => day < clean),
    (clean * 30) / options.falseEpisodeDays,
  );
  const first = best.find(({ day, score }) => day >= clean && score > threshold);
  const clusters =
    first === undefined
      ? []
      : dailyClusters(stream, settings, { firstDay: first.day, endDay: days, threshold, maxAlerts: 5 });
  const named = clusters.map((cluster) => ({ cluster, district: mostOf(placed, cluster, given.firstDay) }));
  const series = (district: number | null): number[] => exceedances(given, district, options);
  const city = series(null);
  const opening = named[0];
  return {
    cases: sum(given.cases),
    placed: sum(placed),
    threshold,
    cityDay: city.find((day) => day >= options.cleanEndDay) ?? null,
    cleanExceedances: city.filter((day) => day < options.cleanEndDay).length,
    firstCluster:
      opening === undefined
        ? null
        : {
            day: given.firstDay + opening.cluster.day,
            observed: opening.cluster.observed,
            expected: opening.cluster.expected,
            district: given.districts[opening.district] ?? '',
          },
    clusters: clusters.length,
    districts: given.districts.map((district, at) => {
      const own = named.filter((one) => one.district === at).map(({ cluster }) => given.firstDay + cluster.day);
      const clusterDays = [...new Set(own)].sort((a, b) => a - b);
      return {
        district,
        byCluster: clusterDays[0] ?? null,
        clusterDays,
        bySeries: series(at).find((day) => day >= options.cleanEndDay) ?? null,
      };
    }),
  };
}

const sum = (cases: OutbreakCases['cases']): number => cases.reduce((all, { n }) => all + n, 0);

/** District with the most cases of the cluster; −1 without one. */
function mostOf(cases: OutbreakCases['cases'], { cells, firstDay, day }: ClusterAlert, start: number): number {
  const within = new Set(cells);
  const counts = new Map<number, number>();
  for (const one of cases)
    if (within.has(one.cell) && one.day >= start + firstDay && one.day <= start + day)
      counts.set(one.district, (counts.get(one.district) ?? 0) + one.n); // a count starts at nothing
  let [most, n] = [-1, 0];
  for (const [district, count] of counts) if (count > n) [most, n] = [district, count];
  return most;
}

/** Days on which the series' own past gives so many cases or more a probability of at most alpha. */
function exceedances(
  { cases, firstDay, endDay }: OutbreakCases,
  district: number | null,
  { leastObserved, seriesAlpha }: OutbreakOptions,
): number[] {
  const counts = new Float64Array(endDay - firstDay);
  for (const one of cases)
    if (district === null || one.district === district)
      counts[one.day - firstDay] = (counts[one.day - firstDay] as number) + one.n;
  return seriesBaseline({ period: 'day', counts }, { from: 0, to: counts.length, alpha: seriesAlpha }).flatMap((one) =>
    one.kind === 'assessed' && one.observed >= leastObserved && one.exceedanceProbability <= seriesAlpha
      ? [firstDay + one.index]
      : [],
  );
}
