import { type PointerEvent, useEffect, useRef } from 'react';
import { type LngLat, roundPoint, type Shape } from '../../../../../core/geo/area/area.ts';
import { groundDistanceM } from '../../../../../core/geo/area/ground.ts';
import { boxBetween, lassoOf, radiusTo, withShape } from '../../../area/edit.ts';
import type { CityMap } from '../../../map/contract.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { setTools, useAreaTools } from './tools.ts';
import { presentArea, takeShape } from './use-area.ts';

interface DragSurfaceProps {
  readonly map: CityMap;
  readonly tool: 'lasso' | 'box' | 'circle';
}

/** Points closer than this to the one before add nothing, CSS pixels. */
const STEP_PX = 2;
/** A stroke shorter than this is a slip of the hand. */
const SLIP_PX = 4;

/** One finger or button presses, drags and lets go. The wheel still zooms. */
export function DragSurface({ map, tool }: DragSurfaceProps) {
  const { snapshot } = useSession();
  const surface = useRef<HTMLDivElement>(null);
  const stroke = useRef<{
    readonly pointer: number;
    readonly px: [number, number][];
    readonly points: LngLat[];
  } | null>(null);
  const scale = (): number => {
    const [a, b] = [map.unproject(0, 0), map.unproject(100, 0)];
    return groundDistanceM(a.lng, a.lat, b.lng, b.lat) / 100;
  };
  const shapeNow = (): Shape | null => {
    const points = stroke.current?.points ?? [];
    const [first, last] = [points[0], points.at(-1)];
    if (!first || !last || points.length < 2) return null;
    if (tool === 'lasso') return lassoOf(points, scale());
    if (tool === 'box') return boxBetween(first, last);
    return { kind: 'circle', centre: roundPoint(first), radiusM: radiusTo(first, last) };
  };
  const add = (event: PointerEvent): boolean => {
    const box = surface.current?.getBoundingClientRect();
    const held = stroke.current;
    if (!box || !held) return false;
    const at: [number, number] = [event.clientX - box.left, event.clientY - box.top];
    const before = held.px.at(-1);
    if (before && Math.hypot(at[0] - before[0], at[1] - before[1]) < STEP_PX) return false;
    const { lng, lat } = map.unproject(...at);
    held.px.push(at);
    held.points.push([lng, lat]);
    return true;
  };
  const begin = (event: PointerEvent) => {
    // A second finger gives up the stroke: nobody draws with two.
    if (stroke.current) return cancel();
    if (event.button !== 0) return;
    event.preventDefault();
    surface.current?.setPointerCapture(event.pointerId);
    stroke.current = { pointer: event.pointerId, px: [], points: [] };
    setTools({ refusal: null, remark: null });
    add(event);
  };
  const go = (event: PointerEvent) => {
    if (stroke.current?.pointer !== event.pointerId || !add(event)) return;
    const shape = shapeNow();
    const { op } = useAreaTools.getState();
    if (shape) setTools({ draft: withShape(presentArea(), shape, op, null) });
  };
  const finish = (event: PointerEvent) => {
    if (stroke.current?.pointer !== event.pointerId) return;
    add(event);
    const shape = shapeNow();
    const [x0, y0] = stroke.current.px[0] ?? [0, 0];
    const slip = stroke.current.px.every(([x, y]) => Math.hypot(x - x0, y - y0) < SLIP_PX);
    stroke.current = null;
    if (shape && !slip) void takeShape(snapshot, shape);
    else setTools({ draft: null });
  };
  const cancel = () => {
    stroke.current = null;
    setTools({ draft: null });
  };
  // Esc took the draft away: the rest of the stroke draws nothing.
  useEffect(
    () =>
      useAreaTools.subscribe((state, before) => {
        if (before.draft && !state.draft) stroke.current = null;
      }),
    [],
  );
  useEffect(() => {
    const element = surface.current;
    if (!element) return;
    // React listens passively to the wheel; the page must not scroll, the map must zoom.
    const forward = (event: WheelEvent) => {
      event.preventDefault();
      element.closest('.map-panel')?.querySelector('canvas')?.dispatchEvent(new WheelEvent(event.type, event));
    };
    element.addEventListener('wheel', forward, { passive: false });
    return () => element.removeEventListener('wheel', forward);
  }, []);
  return (
    <div
      ref={surface}
      className="area-surface"
      data-tool={tool}
      onPointerDown={begin}
      onPointerMove={go}
      onPointerUp={finish}
      onPointerCancel={cancel}
    />
  );
}
