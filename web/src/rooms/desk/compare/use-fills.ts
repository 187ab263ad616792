import { useMemo } from 'react';
import { changeZ, differenceEdges, divergingColours, Z_EDGES } from '../../../layers/diverging.ts';
import { classColours } from '../../../layers/ramp.ts';
import { type CellFill, NO_DATA_CLASS } from '../../../map/contract.ts';
import type { Beside } from '../../../state/compare-link.ts';
import { useDesk } from '../../../state/store.ts';
import { changeClasses, countClasses } from './cell-classes.ts';
import type { Sides } from './use-sides.ts';

export interface Fills {
  readonly now: CellFill;
  readonly beside: CellFill;
  /** Steps of the change on each side of none; null = the second map shows counts, or there is nothing to compare. */
  readonly edges: readonly number[] | null;
  /** Somewhere nobody looked: the legend explains the hatch. */
  readonly hatched: boolean;
}

const difference = (now: number, before: number): number => now - before;

/** Colours of both maps: counts in one scale, the change about 0. Nothing is filled while it is not counted. */
export function useFills({ now, before, breaks }: Sides, shown: Beside, finest: number): Fills {
  const theme = useDesk((desk) => desk.theme);
  const resolution = useDesk((desk) => desk.resolution);
  const counts = useMemo(() => {
    const of = (side: Sides['now']): CellFill => ({
      resolution: null,
      finest,
      cells:
        side && breaks
          ? {
              resolution: side.cells.resolution,
              classes: countClasses(side.cells, breaks),
              colours: classColours(theme, breaks.length),
            }
          : null,
    });
    return { now: of(now), before: of(before) };
  }, [now, before, breaks, theme, finest]);
  const change = useMemo(() => {
    if (shown === 'counts' || !now || !before || now.cells.resolution !== before.cells.resolution) return null;
    const edges = shown === 'z' ? Z_EDGES : differenceEdges(now.cells.n, before.cells.n);
    const classes = changeClasses(
      { now: now.cells, before: before.cells },
      edges,
      shown === 'z' ? changeZ : difference,
    );
    const cells = { resolution: now.cells.resolution, classes, colours: divergingColours(theme, edges.length) };
    return { edges, fill: { resolution: null, finest, cells } };
  }, [shown, now, before, theme, finest]);
  // The second map draws what the first draws, whatever it would choose by itself.
  const beside = useMemo((): CellFill => {
    const fill = shown === 'counts' ? counts.before : (change?.fill ?? { resolution: null, finest, cells: null });
    return { ...fill, resolution };
  }, [shown, counts, change, finest, resolution]);
  const hatched = useMemo(
    () => [counts.now, beside].some(({ cells }) => cells?.classes.includes(NO_DATA_CLASS) ?? false),
    [counts, beside],
  );
  return { now: counts.now, beside, edges: change?.edges ?? null, hatched };
}
