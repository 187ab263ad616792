import { useMemo } from 'react';
import type { AreaFound } from '../../../area/area-cells.ts';
import { partlyInArea } from '../../../query/area-sql.ts';
import type { Panel } from '../../../query/coordinator.ts';
import { matching } from '../../../query/queries.ts';
import { sql } from '../../../query/sql.ts';
import { useDesk } from '../../../state/store.ts';
import { shownValue, usePanel } from '../../../ui/use-panel.ts';
import { useSayArea } from './use-say.ts';

/** How many incidents may or may not lie in the area: their place is published to a cell that is only partly in it. */
export function CoarserNote({ found }: { readonly found: AreaFound }) {
  const say = useSayArea();
  const n = useCoarser(found);
  return (
    <>
      <p className="fine" data-area="coarser">
        {n === null ? say('area.coarserWait') : n === 0 ? say('area.coarserNone') : say('area.coarser', { n })}
      </p>
      <p className="fine">{say('area.noCell')}</p>
    </>
  );
}

/** null = not known: no area, or the facts are not there yet. */
export function useCoarser(found: AreaFound | null): number | null {
  const ready = useDesk((state) => state.engine.status === 'ready');
  const panel = useMemo(() => (found && ready ? coarserPanel(found) : null), [found, ready]);
  const n = shownValue(usePanel(panel));
  return panel ? n : null;
}

const coarserPanel = ({ inPart }: AreaFound): Panel<number> => ({
  id: 'area-coarser',
  owner: 'area',
  priority: 6,
  query: (filters) => sql<{ n: number }>`
  SELECT count(*)::UINTEGER AS n
  FROM facts
  WHERE ${matching(filters)} AND ${partlyInArea(inPart)}`,
  decode: (columns) => Number(columns.n?.[0] ?? Number.NaN),
});
