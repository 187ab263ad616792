import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import type { LngLat, Shape } from '../../../../../core/geo/area/area.ts';
import { handlesOf, movedHandle, withMiddle, withoutHandle, withShape } from '../../../area/edit.ts';
import type { CityMap } from '../../../map/contract.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { setTools, useAreaTools } from './tools.ts';
import { presentArea, takeShape, useArea } from './use-area.ts';
import { useCamera } from './use-camera.ts';
import { useSayArea } from './use-say.ts';

interface HandlesProps {
  readonly map: CityMap;
  /** Part of the area. */
  readonly at: number;
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** One press of an arrow, CSS pixels; with Shift ten times as far. */
const NUDGE_PX = 2;
/** So many corners are still apart for a hand; the others are changed by typing. */
const MOST = 400;

/** The corners of one part: a hand or the keyboard moves, adds and removes them. */
export function Handles({ map, at }: HandlesProps) {
  const say = useSayArea();
  const { snapshot } = useSession();
  const area = useArea();
  const draft = useAreaTools((state) => state.draft);
  const held = useRef<{ readonly handle: number; readonly pointer: number } | null>(null);
  const surface = useRef<HTMLDivElement>(null);
  useCamera(map);
  const shape: Shape | undefined = (draft ?? area).parts[at]?.shape;
  if (!shape) return null;
  const handles = handlesOf(shape);
  const show = (next: Shape) => setTools({ draft: withShape(presentArea(), next, 'union', at), refusal: null });
  const shapeNow = () => useAreaTools.getState().draft?.parts[at]?.shape ?? shape;
  const drag = (event: PointerEvent) => {
    const box = surface.current?.getBoundingClientRect();
    if (!box || held.current?.pointer !== event.pointerId) return;
    const { lng, lat } = map.unproject(event.clientX - box.left, event.clientY - box.top);
    show(movedHandle(shapeNow(), held.current.handle, [lng, lat]));
  };
  const drop = (event: PointerEvent) => {
    if (held.current?.pointer !== event.pointerId) return;
    held.current = null;
    if (useAreaTools.getState().draft) void takeShape(snapshot, shapeNow());
  };
  const onKey = (event: KeyboardEvent, handle: number, point: LngLat) => {
    const arrow = ARROWS[event.key];
    if (arrow) {
      event.preventDefault();
      event.stopPropagation();
      const { x, y } = map.project(...point);
      const far = NUDGE_PX * (event.shiftKey ? 10 : 1);
      const { lng, lat } = map.unproject(x + arrow[0] * far, y + arrow[1] * far);
      void takeShape(snapshot, movedHandle(shape, handle, [lng, lat]));
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      const less = withoutHandle(shape, handle);
      if (less) void takeShape(snapshot, less);
      else setTools({ refusal: { key: 'problem.few-points' } });
    } else if (event.key === '+' || event.key === '=') {
      event.preventDefault();
      void takeShape(snapshot, withMiddle(shape, handle));
    }
  };
  return (
    <div ref={surface} className="area-handles">
      {handles.slice(0, MOST).map((point, handle) => {
        const { x, y } = map.project(...point);
        return (
          <button
            // biome-ignore lint/suspicious/noArrayIndexKey: a corner is known by its place
            key={handle}
            type="button"
            className="area-handle"
            data-rim={shape.kind === 'circle' && handle === 1}
            aria-label={say('part.handle', { n: handle + 1, lng: point[0].toFixed(5), lat: point[1].toFixed(5) })}
            style={{ left: `${x}px`, top: `${y}px` }}
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              held.current = { handle, pointer: event.pointerId };
            }}
            onPointerMove={drag}
            onPointerUp={drop}
            onPointerCancel={drop}
            onKeyDown={(event) => onKey(event, handle, point)}
          />
        );
      })}
    </div>
  );
}
