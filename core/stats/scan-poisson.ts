import { aliasTable, drawAlias } from './alias.ts';
import type { Random } from './random.ts';
import {
  accumulateTail,
  refuseCounts,
  runScan,
  type ScanOptions,
  type ScanResult,
  type SpaceTimeCounts,
  scoreTable,
  tailSums,
  zoneSums,
} from './scan-kernel.ts';
import type { ScanZones } from './scan-zones.ts';

/**
 * Poisson scan conditional on the total (Kulldorff 1997, Commun Stat 26:1481; prospective: Kulldorff 2001, JRSS A 164:61).
 * LLR = c ln(c/mu) + (C − c) ln((C − c)/(C − mu)) if c > mu; mu scaled so that the total expected is C.
 * Purely spatial: one period and maxDuration 1; prospective space-time: the last 1 … maxDuration periods.
 * `exposure`: population (or any ≥ 0 measure) by location and period, layout of the counts; not all zero.
 * Null: C events spread in proportion to exposure. Cost O(replicates · (C · share of the window + members · maxDuration)).
 */
export function scanPoisson(
  data: SpaceTimeCounts,
  exposure: Float64Array,
  zones: ScanZones,
  options: ScanOptions,
  random: Random,
): ScanResult {
  const why = refuseCounts(data, zones, options);
  if (why !== null) return { kind: 'not-assessable', why };
  if (exposure.length !== data.count.length) return { kind: 'not-assessable', why: 'sizes-differ' };
  const { maxDuration, minCount } = options;
  let total = 0;
  let all = 0;
  for (let i = 0; i < exposure.length; i++) {
    total += data.count[i] as number;
    all += exposure[i] as number;
  }
  const weight = new Float64Array(data.locations * maxDuration);
  let inWindow = 0;
  for (let i = 0; i < data.locations; i++)
    for (let d = 0; d < maxDuration; d++) {
      const value = exposure[(i + 1) * data.periods - 1 - d] as number;
      weight[i * maxDuration + d] = value;
      inWindow += value;
    }
  const alias = aliasTable(weight);
  if (alias === null || !(all > 0 && all < Number.POSITIVE_INFINITY))
    return { kind: 'not-assessable', why: 'no-expectation' };
  const sums = zoneSums(zones, tailSums(data, exposure, maxDuration), maxDuration);
  for (let i = 0; i < sums.length; i++) sums[i] = ((sums[i] as number) * total) / all;
  const table = scoreTable(zones, sums, { maxDuration, minCount, total });
  const share = Math.min(1, inWindow / all);
  const draw = (tail: Int32Array): number => {
    tail.fill(0);
    const events = maxDuration === data.periods ? total : random.binomial({ trials: total, probability: share });
    for (let k = 0; k < events; k++) {
      const slot = drawAlias(alias, random);
      tail[slot] = (tail[slot] as number) + 1;
    }
    accumulateTail(tail, maxDuration);
    return total;
  };
  return runScan(table, data, options, options.replicates > 0 ? draw : null);
}

/** Relative risk inside against outside: (c/mu) / ((C − c)/(C − mu)). Null when the outside is empty or without exposure. */
export function scanRelativeRisk(of: { readonly observed: number; readonly expected: number; readonly total: number }) {
  const outside = of.total - of.observed;
  const expectedOutside = of.total - of.expected;
  if (!(outside > 0 && expectedOutside > 0 && of.expected > 0)) return null;
  return of.observed / of.expected / (outside / expectedOutside);
}
