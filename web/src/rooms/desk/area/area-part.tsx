import { useEffect } from 'react';
import type { CityMap } from '../../../map/contract.ts';
import { useRoom } from '../../../state/room.ts';
import { AreaBar } from './area-bar.tsx';
import { Surface } from './surface.tsx';
import { AREA_TOOLS, chooseTool, useAreaTools } from './tools.ts';
import { useAreaOutlines } from './use-outlines.ts';
import './area.css';

/** Choosing an area on the map: its outline always, the tools when they are open. */
export function AreaPart({ map }: { readonly map: CityMap }) {
  const open = useAreaTools((state) => state.open);
  useAreaOutlines(map);
  useEffect(() => (open ? listenToDigits() : undefined), [open]);
  return (
    <>
      <AreaBar map={map} />
      {open && <Surface map={map} />}
    </>
  );
}

/** 1 … 7 choose a tool while the tools are open. */
function listenToDigits(): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (useRoom.getState().room !== 'desk') return;
    if (event.target instanceof HTMLElement && event.target.matches('input, textarea, select')) return;
    const tool = AREA_TOOLS[Number(event.key) - 1];
    if (tool) chooseTool(useAreaTools.getState().tool === tool ? null : tool);
  };
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
}
