import { useEffect } from 'react';
import type { CityMap } from '../../../map/contract.ts';
import { DragSurface } from './drag-surface.tsx';
import { Handles } from './handles.tsx';
import { PenLine } from './pen-line.tsx';
import { useAreaTools } from './tools.ts';
import { usePick } from './use-pick.ts';

/** What takes the hand on the map: strokes, single points, or the corners of a shape that is changed. */
export function Surface({ map }: { readonly map: CityMap }) {
  const tool = useAreaTools((state) => state.tool);
  const editing = useAreaTools((state) => state.editing);
  const pick = usePick();
  const picks = tool === 'disk' || tool === 'division';
  useEffect(() => {
    if (!picks) return;
    map.setPen({ onClick: (lng, lat) => pick(tool, [lng, lat]), onMove: () => {}, onDouble: () => {} });
    return () => map.setPen(null);
  }, [map, picks, tool, pick]);
  if (tool === 'lasso' || tool === 'box' || tool === 'circle') return <DragSurface key={tool} map={map} tool={tool} />;
  if (tool === 'polygon' || tool === 'line') return <PenLine key={tool} map={map} tool={tool} />;
  return editing === null ? null : <Handles map={map} at={editing} />;
}
