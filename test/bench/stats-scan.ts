import { gridDisk, latLngToCell } from 'h3-js';
import { Random } from '../../core/stats/random.ts';
import { scanExpectation } from '../../core/stats/scan-expectation.ts';
import { diskZones } from '../../core/stats/scan-zones.ts';

export interface ScanBenchFigures {
  readonly cells: number;
  readonly zones: number;
  readonly replicates: number;
  /** One day's scan: observed scores and all replicates, zones already built, seconds. */
  readonly scanSeconds: number;
  /** Building the zones of the study area, once per run, seconds. */
  readonly zonesSeconds: number;
}

/** A day's expectation-based scan: about 3,000 cells, disks of 0 … `rings`, windows of 1–14 days, 999 replicates, 0.1 events per cell-day. */
export function benchScan(settings: { readonly rings: number }): ScanBenchFigures {
  const cells = gridDisk(latLngToCell(31.299, 120.585, 8), 31);
  const random = new Random(20_240_601);
  const periods = 14;
  const expected = new Float64Array(cells.length * periods).map(() => 0.1 * random.gamma(2));
  const count = expected.map((mean) => random.poisson(mean / 2));
  const started = performance.now();
  const zones = diskZones(cells, settings.rings);
  const built = performance.now();
  const replicates = 999;
  const result = scanExpectation(
    { locations: cells.length, periods, count },
    expected.map((mean) => mean / 2),
    zones,
    { maxDuration: 14, minCount: 2, replicates, maxClusters: 5 },
    random,
  );
  const done = performance.now();
  if (result.kind !== 'assessed') throw new Error(`The scan of the bench was not assessable: ${result.why}`);
  return {
    cells: cells.length,
    zones: zones.zoneEnd.length,
    replicates: result.simulatedMaxima.length,
    scanSeconds: (done - built) / 1000,
    zonesSeconds: (built - started) / 1000,
  };
}
