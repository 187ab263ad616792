import { useMemo, useRef } from 'react';
import { type CellTotals, coarseTotals, finestTotals } from '../../query/roll-up.ts';
import { shownValue, usePanel, useSession } from '../../ui/use-panel.ts';
import { useGrid } from './use-grid.ts';

/** Counts of every cell of a resolution under the present filters; from the same answer the map draws. */
export function useCellTotals(resolution: number | null): CellTotals | null {
  const { panels } = useSession();
  const counts = shownValue(usePanel(panels.cells));
  const grid = useGrid(resolution);
  const made = useMemo(() => {
    if (!counts || !grid || resolution === null) return null;
    if (counts.kind === 'coarse') {
      return counts.resolution === resolution ? { resolution, n: counts.n, withheld: counts.withheld ?? 0 } : null;
    }
    return 'endId' in grid ? coarseTotals(counts, grid) : finestTotals(counts, resolution, grid.h3.length);
  }, [counts, grid, resolution]);
  // While the filters move, only the resolution on the map is counted; this one follows when they rest.
  const last = useRef<CellTotals | null>(null);
  if (made) last.current = made;
  return made ?? (last.current?.resolution === resolution ? last.current : null);
}
