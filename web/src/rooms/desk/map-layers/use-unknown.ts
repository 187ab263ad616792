import { useEffect, useMemo } from 'react';
import type { CityMap } from '../../../map/contract.ts';
import { useDesk } from '../../../state/store.ts';
import { useDocument } from '../../../ui/use-document.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useFilters } from '../filters.ts';
import { useFinestGrid } from '../use-grid.ts';
import { cellsOf, unknownDivisions } from './unknown-cells.ts';

/** Level-1 divisions, or the city (0), about which nothing was delivered under the present filters. */
export function useUnknownDivisions(): readonly number[] {
  const { snapshot } = useSession();
  const coverage = useDocument(snapshot.coverage);
  const sources = useDesk((desk) => desk.sources);
  const { weeks } = useFilters();
  const value = coverage.value ?? null;
  return useMemo(() => {
    if (!value) return [];
    const { divisions, city } = unknownDivisions(value, { sources, weeks });
    return city ? [0] : divisions;
  }, [value, sources, weeks]);
}

/** Tells the map at which cells nobody looked. */
export function useUnknownCells(map: CityMap, divisions: readonly number[]): void {
  const { snapshot } = useSession();
  const grid = useFinestGrid();
  const cells = useMemo(() => {
    if (!grid || divisions.length === 0) return null;
    return cellsOf(
      grid.division,
      divisions.map((id) => ({ id, end: snapshot.divisions.end[id] ?? id + 1 })),
    );
  }, [grid, divisions, snapshot]);
  useEffect(() => map.setUnknown(cells), [map, cells]);
}
