import { useMemo } from 'react';
import { type CellTotals, coarseTotals, finestTotals } from '../../query/roll-up.ts';
import { shownValue, usePanel, useSession } from '../../ui/use-panel.ts';
import { useGrid } from './use-grid.ts';

/** Counts of every cell of a resolution under the present filters; from the same answer the map draws. */
export function useCellTotals(resolution: number | null): CellTotals | null {
  const { panels } = useSession();
  const counts = shownValue(usePanel(panels.cells));
  const grid = useGrid(resolution);
  return useMemo(() => {
    if (!counts || !grid || resolution === null) return null;
    if (counts.kind === 'coarse') {
      return counts.resolution === resolution ? { resolution, n: counts.n, withheld: 0 } : null;
    }
    return 'endId' in grid ? coarseTotals(counts, grid) : finestTotals(counts, resolution, grid.h3.length);
  }, [counts, grid, resolution]);
}
