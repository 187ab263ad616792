import { useCallback, useEffect, useState } from 'react';
import { type LngLat, roundPoint, type Shape } from '../../../../../core/geo/area/area.ts';
import { shapeProblem } from '../../../../../core/geo/area/shape-problem.ts';
import { withShape } from '../../../area/edit.ts';
import type { CityMap } from '../../../map/contract.ts';
import { useRoom } from '../../../state/room.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { setTools, useAreaTools } from './tools.ts';
import { presentArea, takeShape } from './use-area.ts';
import { useCamera } from './use-camera.ts';
import { useSayArea } from './use-say.ts';

interface PenLineProps {
  readonly map: CityMap;
  readonly tool: 'polygon' | 'line';
}

/** Corners closer than this are one, CSS pixels: a double click is two clicks. */
const SAME_PX = 8;

/** Corner by corner; the map can be dragged and zoomed between two clicks. */
export function PenLine({ map, tool }: PenLineProps) {
  const say = useSayArea();
  const { snapshot } = useSession();
  const points = useAreaTools((state) => state.points);
  const widthM = useAreaTools((state) => state.widthM);
  const [pointer, setPointer] = useState<LngLat | null>(null);
  useCamera(map);
  const shapeOf = useCallback(
    (corners: readonly LngLat[]): Shape =>
      tool === 'polygon' ? { kind: 'polygon', rings: [corners] } : { kind: 'line', points: corners, widthM },
    [tool, widthM],
  );
  const finish = useCallback(
    () => void takeShape(snapshot, shapeOf(useAreaTools.getState().points)),
    [snapshot, shapeOf],
  );
  const set = useCallback(
    (corners: readonly LngLat[]) => {
      const shape = shapeOf(corners);
      const { op } = useAreaTools.getState();
      const draft = shapeProblem(shape) === null ? withShape(presentArea(), shape, op, null) : null;
      setTools({ points: corners, draft, refusal: null, remark: null });
    },
    [shapeOf],
  );
  useEffect(() => {
    const near = (a: LngLat, b: LngLat) => {
      const [p, q] = [map.project(...a), map.project(...b)];
      return Math.hypot(p.x - q.x, p.y - q.y) < SAME_PX;
    };
    map.setPen({
      onClick: (lng, lat) => {
        const corners = useAreaTools.getState().points;
        const at = roundPoint([lng, lat]);
        const [first, last] = [corners[0], corners.at(-1)];
        if (last && near(last, at)) return;
        if (tool === 'polygon' && first && corners.length > 2 && near(first, at)) finish();
        else set([...corners, at]);
      },
      onMove: (lng, lat) => setPointer([lng, lat]),
      onDouble: finish,
    });
    return () => map.setPen(null);
  }, [map, tool, set, finish]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || useRoom.getState().room !== 'desk') return;
      if (event.target instanceof HTMLElement && event.target.matches('input, textarea, select, button')) return;
      const corners = useAreaTools.getState().points;
      if (event.key === 'Enter' && corners.length > 0) {
        // Before the map takes it as "select the cell in the middle".
        event.stopPropagation();
        finish();
      } else if (event.key === 'Backspace' && corners.length > 0) {
        event.preventDefault();
        set(corners.slice(0, -1));
      }
    };
    window.addEventListener('keydown', onKey, { capture: true });
    return () => window.removeEventListener('keydown', onKey, { capture: true });
  }, [set, finish]);

  const px = points.map((point) => map.project(...point));
  const end = pointer && px.length > 0 ? map.project(...pointer) : null;
  const path = [...px, ...(end ? [end] : [])].map(({ x, y }) => `${x},${y}`).join(' ');
  return (
    <>
      <svg className="area-pen" aria-hidden="true">
        <polyline className="casing" points={path} />
        <polyline points={path} />
        {px.map(({ x, y }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a corner is known by its place
          <circle key={i} cx={x} cy={y} r={5} />
        ))}
      </svg>
      {points.length >= (tool === 'polygon' ? 3 : 2) && (
        <button type="button" className="area-finish" onClick={finish}>
          {say('form.finish')}
        </button>
      )}
    </>
  );
}
