import { useMemo } from 'react';
import { ringRows } from '../../../place/bordering.ts';
import { placePanel, weeksOfRows } from '../../../query/place-panel.ts';
import type { PlacedCell } from '../../../snapshot/place.ts';
import { shownValue, usePanel, useSession } from '../../../ui/use-panel.ts';
import { useGrid } from '../use-grid.ts';

export type CellRing =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly message: string }
  | {
      readonly status: 'ready';
      /** Weekly counts of the cell, and of those around it. */
      readonly own: Uint32Array;
      readonly ring: readonly { readonly row: number; readonly counts: Uint32Array }[];
    };

/** Weekly counts of a cell and its ring under the filters but the weeks. */
export function useCellRing(cell: PlacedCell): CellRing {
  const { manifest } = useSession().snapshot;
  const grid = useGrid(cell.resolution);
  const panel = useMemo(() => placePanel(cell.resolution, manifest), [cell.resolution, manifest]);
  const state = usePanel(panel);
  const series = shownValue(state);
  return useMemo((): CellRing => {
    if (state.status === 'failed') return { status: 'failed', message: state.message };
    if (!series || !grid) return { status: 'loading' };
    const rows = ringRows(cell.h3, grid);
    const [own, ...others] = weeksOfRows(series, [cell.row, ...rows]);
    if (!own) return { status: 'loading' };
    return { status: 'ready', own, ring: rows.map((row, i) => ({ row, counts: others[i] as Uint32Array })) };
  }, [state, series, grid, cell]);
}
