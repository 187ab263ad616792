import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../../core/contract/manifest.ts';
import { factsInOrder, periodsOf } from '../../web/src/query/facts-loader.ts';
import { type ScanSizes, type Share, scanSizes, sharesOf } from '../../web/src/query/scan/layout.ts';
import { ShareStore } from '../../web/src/query/scan/share-store.ts';
import { decodeCoarseGrid, decodeOverviewCube } from '../../web/src/snapshot/decode.ts';
import { baselinePass } from './web-baseline.ts';
import { type Baseline, filtersOf, type Subtrees } from './web-baseline-page.ts';
import type { FilterChange } from './web-changes.ts';

/**
 * The scan apart from the browser: processor time, which other programs on the machine do not stretch as they do the clock. The shares
 * are asked one after the other; in the page they work at the same time, so the longest of them counts.
 */
export function scanFigures(
  snapshot: string,
  manifest: Manifest,
  {
    changes,
    brush,
    baseline,
    subtree,
  }: {
    readonly changes: readonly FilterChange[];
    readonly brush: readonly FilterChange[];
    readonly baseline: Baseline;
    readonly subtree: Subtrees;
  },
) {
  const read = (path: string) => {
    const entry = manifest.files.find((file) => file.path === path);
    if (!entry) throw new Error(`the snapshot lacks ${path}`);
    return new Uint8Array(readFileSync(join(snapshot, entry.file)));
  };
  const grid = (resolution: number) => {
    const path = `grid/r${resolution}.arrow`;
    return decodeCoarseGrid(read(path), path, resolution);
  };
  const { coarsest, overview } = manifest.grid;
  const sizes = scanSizes(manifest, baseline.sizes.divisions);
  const cells = grid(overview);
  const shares = sharesOf(
    { endId: grid(coarsest).endId, n: coarseCounts(read('cube/overview.arrow'), cells.endId, grid(coarsest).endId) },
    2,
  );
  const { stores, cpuMs: buildCpuMs } = build(snapshot, manifest, sizes, shares);
  for (const store of stores) store.setGrid(overview, cells.endId);
  const pass = (change: FilterChange): number =>
    Math.max(
      ...stores.map((store) =>
        cpuMs(() =>
          store.answer({ kind: 'tally', filters: filtersOf(change, manifest, subtree), resolution: overview }),
        ),
      ),
    );
  const base = (change: FilterChange): number =>
    cpuMs(() => baselinePass(baseline.columns, baseline.sizes, filtersOf(change, manifest, subtree)));
  // Both are compiled before they are measured.
  for (const change of changes.slice(0, 8)) {
    pass(change);
    base(change);
  }
  const passes: number[] = [];
  const bases: number[] = [];
  for (const change of changes) {
    passes.push(pass(change));
    bases.push(base(change));
  }
  const brushed = brush.map(pass).slice(1);
  return {
    shares: stores.map((store) => store.rows),
    scanBuildCpuMs: buildCpuMs,
    scanCpu: passes,
    baselineCpu: bases,
    brushCpu: brushed,
    scanBytesHeld: stores.reduce((sum, store) => sum + store.bytesHeld, 0),
  };
}

/** @returns the processor time of the slower share: reading the columns, without transfer and hash */
function build(snapshot: string, manifest: Manifest, sizes: ScanSizes, shares: readonly Share[]) {
  const times: number[] = [];
  const stores = shares.map((share) => {
    const store = new ShareStore(sizes, share);
    let spent = 0;
    for (const period of periodsOf(factsInOrder(manifest))) {
      const files = period.map(({ file }) => new Uint8Array(readFileSync(join(snapshot, file))));
      spent += cpuMs(() => store.addPeriod(files));
    }
    times.push(spent);
    return store;
  });
  return { stores, cpuMs: Math.max(...times) };
}

function coarseCounts(cube: Uint8Array, cellEnds: Uint32Array, coarseEnds: Uint32Array): Uint32Array {
  const { cell, n } = decodeOverviewCube(cube, 'cube/overview.arrow');
  const counts = new Uint32Array(coarseEnds.length);
  cell.forEach((of, i) => {
    const row = coarseEnds.findIndex((end) => (cellEnds[of] as number) <= end);
    counts[row] = (counts[row] as number) + (n[i] as number);
  });
  return counts;
}

function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
