import type { CellCounts } from './contract.ts';
import { type GridTable, rowAtId } from './grid-table.ts';

/** A coarser cell to which incidents are known, though not where in it. */
export interface WithheldCell {
  readonly resolution: number;
  readonly row: number;
  readonly n: number;
}

/**
 * Cells that hold incidents which may not be shown as fine as `resolution`. What is not drawn in the finer hexagons is so still said
 * to be there: each of these gets a dotted outline.
 *
 * @param tableOf table of a coarser resolution, if it has been read; `missing` lists those that have not
 */
export function withheldCells(
  counts: CellCounts,
  resolution: number,
  tableOf: (resolution: number) => GridTable | undefined,
): { readonly cells: readonly WithheldCell[]; readonly missing: readonly number[] } {
  if (counts.kind === 'coarse') return { cells: [], missing: [] };
  const { cellId, res, n } = counts;
  const found = new Map<number, Map<number, number>>();
  const missing = new Set<number>();
  for (let i = 0; i < cellId.length; i++) {
    const at = res[i]!;
    if (at >= resolution || n[i] === 0) continue;
    const table = tableOf(at);
    if (!table) {
      missing.add(at);
      continue;
    }
    const rows = found.get(at) ?? new Map<number, number>();
    found.set(at, rows);
    const row = rowAtId(table, cellId[i]!);
    rows.set(row, (rows.get(row) ?? 0) + n[i]!); // first met: none yet
  }
  const cells = [...found].flatMap(([at, rows]) => [...rows].map(([row, sum]) => ({ resolution: at, row, n: sum })));
  return { cells, missing: [...missing] };
}
