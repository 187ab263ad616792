import { useMemo } from 'react';
import type { AreaFound } from '../../../area/area-cells.ts';
import { partlyInside } from '../../../area/coarser.ts';
import { partlyInArea } from '../../../query/area-sql.ts';
import { type Panel, REST_PRIORITY } from '../../../query/coordinator.ts';
import { matching } from '../../../query/queries.ts';
import { sql } from '../../../query/sql.ts';
import { useDesk } from '../../../state/store.ts';
import { shownValue, usePanel, useSession } from '../../../ui/use-panel.ts';
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
  const { finest } = useSession().snapshot.manifest.grid;
  const panel = useMemo(() => (found && ready ? coarserPanel(found, finest) : null), [found, ready, finest]);
  const n = shownValue(usePanel(panel));
  return panel ? n : null;
}

const coarserPanel = ({ inPart }: AreaFound, finest: number): Panel<number> => ({
  id: 'area-coarser',
  owner: 'area',
  // At rest: it is no part of what follows the hand.
  priority: REST_PRIORITY,
  query: (filters) => sql<{ n: number }>`
  SELECT count(*)::UINTEGER AS n
  FROM facts
  WHERE ${matching(filters)} AND ${partlyInArea(inPart)}`,
  decode: (columns) => Number(columns.n?.[0] ?? Number.NaN),
  scan: {
    question: (filters) => ({ kind: 'tally', filters: { ...filters, area: null }, resolution: finest }),
    read: (answer) => {
      if (answer.kind !== 'tally' || !answer.views.cells) throw new Error('the scan was not asked for cells');
      return partlyInside(answer.views.cells, inPart, finest);
    },
  },
});
