import { latLngToCell } from 'h3-js';
import { useCallback } from 'react';
import type { LngLat } from '../../../../../core/geo/area/area.ts';
import { NO_DIVISION, pathOf } from '../../../snapshot/model.ts';
import { rowOfIndex } from '../../../snapshot/place.ts';
import { useDesk } from '../../../state/store.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { divisionLevel } from './division-level.ts';
import { setTools, useAreaTools } from './tools.ts';
import { problemText, takeShape } from './use-area.ts';

/** A click takes the cell of the drawn resolution, or the division of the chosen level that its finest cell belongs to. */
export function usePick(): (what: 'disk' | 'division', at: LngLat) => void {
  const { snapshot } = useSession();
  return useCallback(
    (what, [lng, lat]) => {
      const { finest } = snapshot.manifest.grid;
      if (what === 'disk') {
        const cell = latLngToCell(lat, lng, useDesk.getState().resolution ?? finest);
        void takeShape(snapshot, { kind: 'disk', cell, k: useAreaTools.getState().k });
        return;
      }
      snapshot.finestGrid().then(
        (grid) => {
          const row = rowOfIndex(grid.h3, latLngToCell(lat, lng, finest));
          const deepest = row < 0 ? NO_DIVISION : (grid.division[row] as number);
          const outside = () => setTools({ refusal: problemText('outside', snapshot) });
          if (deepest === NO_DIVISION) return outside();
          const path = pathOf(snapshot.divisions, deepest);
          const wanted = path.filter((id) => (snapshot.divisions.level[id] ?? 0) <= divisionLevel()).at(-1);
          const code = wanted ? snapshot.divisions.code[wanted] : undefined;
          if (code === undefined) outside();
          else void takeShape(snapshot, { kind: 'division', code });
        },
        (thrown: unknown) => setTools({ refusal: { key: 'area.failed', values: { message: String(thrown) } } }),
      );
    },
    [snapshot],
  );
}
