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
 * Expectation-based Poisson scan, prospective (Neill et al. 2005; Neill 2009, Int J Forecasting 25:498).
 * Score of zone and last d periods: C ln(C/B) − (C − B) if C > B. Null: independent Poisson(B) counts.
 * `expected`: B by location and period, layout of the counts, ≥ 0, from a model of history. A zone and window with
 * B = 0 is not scored. Undefined cases are the reasons of `ScanNotAssessable`.
 * Cost O(replicates · (expected events + members · maxDuration)).
 */
export function scanExpectation(
  data: SpaceTimeCounts,
  expected: Float64Array,
  zones: ScanZones,
  options: ScanOptions,
  random: Random,
): ScanResult {
  const why = refuseCounts(data, zones, options);
  if (why !== null) return { kind: 'not-assessable', why };
  if (expected.length !== data.count.length) return { kind: 'not-assessable', why: 'sizes-differ' };
  const { maxDuration, minCount } = options;
  // Weight of each slot (location, periods back): what the null draws from.
  const weight = new Float64Array(data.locations * maxDuration);
  let mean = 0;
  for (let i = 0; i < data.locations; i++)
    for (let d = 0; d < maxDuration; d++) {
      const value = expected[(i + 1) * data.periods - 1 - d] as number;
      weight[i * maxDuration + d] = value;
      mean += value;
    }
  const alias = aliasTable(weight);
  if (alias === null) return { kind: 'not-assessable', why: 'no-expectation' };
  const sums = zoneSums(zones, tailSums(data, expected, maxDuration), maxDuration);
  const table = scoreTable(zones, sums, { maxDuration, minCount, total: null });
  const draw = (tail: Int32Array): number => {
    tail.fill(0);
    // Independent Poisson counts = a Poisson total shared out by weight.
    const total = random.poisson(mean);
    for (let k = 0; k < total; k++) {
      const slot = drawAlias(alias, random);
      tail[slot] = (tail[slot] as number) + 1;
    }
    accumulateTail(tail, maxDuration);
    return total;
  };
  return runScan(table, data, options, options.replicates > 0 ? draw : null);
}
