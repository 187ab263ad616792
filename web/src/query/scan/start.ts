import type { Snapshot } from '../../snapshot/snapshot.ts';
import { scanSizes, sharesOf } from './layout.ts';
import { createScanPool, type ScanPool } from './pool.ts';

/** More than this many find no second core on an office PC. */
const MOST_WORKERS = 4;

/** One worker a core; shares cut by the counts of the overview cube. */
export async function startScan(snapshot: Snapshot, onDead: (reason: string) => void): Promise<ScanPool> {
  const { manifest, divisions } = snapshot;
  const workers = Math.min(MOST_WORKERS, Math.max(1, navigator.hardwareConcurrency || 1));
  const { endId } = await snapshot.coarseGrid(manifest.grid.coarsest);
  return createScanPool({
    sizes: scanSizes(manifest, divisions.count),
    shares: sharesOf({ endId, n: incidentsIn(snapshot, endId) }, workers),
    startWorker: () => new Worker(new URL('./scan.worker.ts', import.meta.url), { type: 'module', name: 'scan' }),
    endIds: async (resolution) => (await snapshot.coarseGrid(resolution)).endId,
    onDead,
  });
}

/** Incidents in each of some coarser cells, from the cube of the first map. */
function incidentsIn({ overview, overviewCells }: Snapshot, endId: Uint32Array): Uint32Array {
  const parent = new Uint32Array(overviewCells.endId.length);
  let row = 0;
  overviewCells.endId.forEach((end, cell) => {
    while (end > (endId[row] as number)) row++;
    parent[cell] = row;
  });
  const counts = new Uint32Array(endId.length);
  overview.cell.forEach((cell, i) => {
    const at = parent[cell] as number;
    counts[at] = (counts[at] as number) + (overview.n[i] as number);
  });
  return counts;
}
