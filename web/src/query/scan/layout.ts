import type { Manifest } from '../../../../core/contract/manifest.ts';

/** Sizes of one snapshot, as every part of the scan needs them. */
export interface ScanSizes {
  readonly weeks: number;
  /** Day number of the Monday of the first week. */
  readonly monday: number;
  readonly sources: number;
  readonly categories: number;
  readonly divisions: number;
  /** Cells of the finest resolution. */
  readonly cells: number;
  readonly finest: number;
}

export function scanSizes(manifest: Manifest, divisions: number): ScanSizes {
  const { weeks, window, dictionaries, grid } = manifest;
  return {
    weeks: weeks.length,
    monday: weeks[0]?.firstDay ?? window.firstDay,
    sources: Math.max(0, ...dictionaries.sources.map(({ id }) => id + 1)),
    categories: dictionaries.categories.length,
    divisions,
    cells: grid.cells[String(grid.finest)] ?? 0,
    finest: grid.finest,
  };
}

/** The finest cells one worker holds, half-open, and whether it holds the incidents that are in no cell. */
export interface Share {
  readonly firstCell: number;
  readonly endCell: number;
  readonly unlocated: boolean;
}

/**
 * Cuts the city at edges of the coarsest cells, so that a cell of any resolution lies in one share: sums and windows of shares then
 * add up without looking at each other. As even as these edges allow.
 *
 * @param coarse ascending end ids of the coarsest cells, and how many incidents lie in each
 */
export function sharesOf(
  coarse: { readonly endId: ArrayLike<number>; readonly n: ArrayLike<number> },
  workers: number,
): readonly Share[] {
  const total = Array.from(coarse.n).reduce((sum, n) => sum + n, 0);
  const cells = coarse.endId[coarse.endId.length - 1] ?? 0;
  const ends: number[] = [];
  let sum = 0;
  for (let i = 0; i < coarse.endId.length && ends.length < workers - 1; i++) {
    const wanted = (total * (ends.length + 1)) / workers;
    const n = coarse.n[i] as number;
    // The edge nearer to the wanted share.
    if (sum + n >= wanted) {
      const before = i === 0 ? 0 : (coarse.endId[i - 1] as number);
      ends.push(wanted - sum < sum + n - wanted ? before : (coarse.endId[i] as number));
    }
    sum += n;
  }
  while (ends.length < workers - 1) ends.push(cells);
  ends.push(cells);
  let lightest = 0;
  let fewest = Number.POSITIVE_INFINITY;
  const shares = ends.map((endCell, i) => ({ firstCell: i === 0 ? 0 : (ends[i - 1] as number), endCell }));
  shares.forEach(({ firstCell, endCell }, i) => {
    let n = 0;
    for (let c = 0; c < coarse.endId.length; c++) {
      const end = coarse.endId[c] as number;
      if (end > firstCell && end <= endCell) n += coarse.n[c] as number;
    }
    if (n < fewest) {
      fewest = n;
      lightest = i;
    }
  });
  return shares.map((share, i) => ({ ...share, unlocated: i === lightest }));
}
