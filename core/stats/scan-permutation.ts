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
 * Space-time permutation scan, prospective (Kulldorff et al. 2005, PLoS Med 2:e59).
 * mu = (events of the zone over the study period)(events of all locations in the window) / C, then the conditional LLR.
 * Null: dates permuted over events, which keeps every purely spatial and purely temporal pattern; blind to city-wide rises.
 * Keep the study period short (56 days) so that shifts of population do not bias.
 * Cost O(replicates · (events of the longest window + members · maxDuration)).
 */
export function scanPermutation(
  data: SpaceTimeCounts,
  zones: ScanZones,
  options: ScanOptions,
  random: Random,
): ScanResult {
  const why = refuseCounts(data, zones, options);
  if (why !== null) return { kind: 'not-assessable', why };
  const { maxDuration, minCount } = options;
  const { locations, periods, count } = data;
  const perLocation = new Float64Array(locations);
  const perPeriod = new Float64Array(periods);
  let total = 0;
  for (let i = 0; i < locations; i++)
    for (let p = 0; p < periods; p++) {
      const value = count[i * periods + p] as number;
      perLocation[i] = (perLocation[i] as number) + value;
      perPeriod[p] = (perPeriod[p] as number) + value;
      total += value;
    }
  const expected = new Float64Array(count.length);
  for (let i = 0; i < locations; i++)
    for (let p = 0; p < periods; p++)
      expected[i * periods + p] = ((perLocation[i] as number) * (perPeriod[p] as number)) / total;
  const sums = zoneSums(zones, tailSums(data, expected, maxDuration), maxDuration);
  const table = scoreTable(zones, sums, { maxDuration, minCount, total });
  // Only which events fall into the longest window, and on which of its periods, matters: a partial shuffle.
  const place = new Uint32Array(total);
  let at = 0;
  for (let i = 0; i < locations; i++) for (let k = perLocation[i] as number; k > 0; k--) place[at++] = i * maxDuration;
  let dated = 0;
  for (let d = 0; d < maxDuration; d++) dated += perPeriod[periods - 1 - d] as number;
  const slot = new Uint32Array(dated);
  at = 0;
  for (let d = 0; d < maxDuration; d++) for (let k = perPeriod[periods - 1 - d] as number; k > 0; k--) slot[at++] = d;
  const draw = (tail: Int32Array): number => {
    tail.fill(0);
    for (let k = 0; k < dated; k++) {
      const j = k + Math.floor(random.uint32() * 2 ** -32 * (total - k));
      const drawn = place[j] as number;
      place[j] = place[k] as number;
      place[k] = drawn;
      const cell = drawn + (slot[k] as number);
      tail[cell] = (tail[cell] as number) + 1;
    }
    accumulateTail(tail, maxDuration);
    return total;
  };
  return runScan(table, data, options, options.replicates > 0 ? draw : null);
}
