import { useEffect, useState } from 'react';
import type { CoarseGrid, FinestGrid } from '../../snapshot/model.ts';
import { useSession } from '../../ui/use-panel.ts';

/** null until the table is there. */
export function useFinestGrid(): FinestGrid | null {
  const { snapshot } = useSession();
  const [grid, setGrid] = useState<FinestGrid | null>(null);
  useEffect(() => {
    let gone = false;
    snapshot.finestGrid().then(
      (value) => !gone && setGrid(value),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [snapshot]);
  return grid;
}

/** The grid of a resolution, the finest included; null until it is there. */
export function useGrid(resolution: number | null): CoarseGrid | FinestGrid | null {
  const { snapshot } = useSession();
  const [grid, setGrid] = useState<{ readonly resolution: number; readonly table: CoarseGrid | FinestGrid } | null>(
    null,
  );
  useEffect(() => {
    if (resolution === null) return;
    const { finest, coarsest } = snapshot.manifest.grid;
    if (resolution > finest || resolution < coarsest) return;
    let gone = false;
    const table = resolution === finest ? snapshot.finestGrid() : snapshot.coarseGrid(resolution);
    table.then(
      (value) => !gone && setGrid({ resolution, table: value }),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [snapshot, resolution]);
  return grid?.resolution === resolution ? grid.table : null;
}
