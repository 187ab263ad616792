import { useEffect, useRef, useState } from 'react';
import { hooks } from '../../../app/hooks.ts';
import type { CellCounts, CellFill, CityMap } from '../../../map/contract.ts';
import { divisionBounds, resolutionOf } from '../../../snapshot/place.ts';
import { useDesk } from '../../../state/store.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useFocus } from '../divisions.ts';
import { type CameraShift, lockCameras } from './camera-lock.ts';
import type { Hovered } from './compare-part.tsx';
import { useSayCompare } from './use-say.ts';

interface BesideMapProps {
  readonly first: CityMap;
  readonly fill: CellFill;
  /** The other place; null = the same place. */
  readonly division: { readonly id: number; readonly end: number } | null;
  readonly onMap: (map: CityMap | null) => void;
  readonly onHover: (cell: Hovered) => void;
  readonly ready: boolean;
}

/** Its hexagons are a fill: counts of its own it has none. */
const NO_COUNTS: CellCounts = {
  kind: 'finest',
  cellId: new Uint32Array(),
  res: new Uint8Array(),
  n: new Uint32Array(),
};
const SAME_PLACE: CameraShift = { lng: 0, lat: 0 };

/** The second map. It is there only while two are compared, and has the camera of the first. */
export function BesideMap({ first, fill, division, onMap, onHover, ready }: BesideMapProps) {
  const { snapshot } = useSession();
  const say = useSayCompare();
  const container = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<CityMap | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [drawn, setDrawn] = useState(false);
  const theme = useDesk((desk) => desk.theme);
  const locale = useDesk((desk) => desk.locale);
  const cell = useDesk((desk) => desk.cell);
  const { layers, columns, divisionLevel } = useDesk((desk) => desk.look);
  const focus = useFocus();
  const shift = useShift(division);
  const listeners = useRef({ onHover, onMap });
  listeners.current = { onHover, onMap };

  useEffect(() => {
    let made: CityMap | null = null;
    let gone = false;
    const fail = (thrown: unknown) => setFailed(thrown instanceof Error ? thrown.message : String(thrown));
    const state = useDesk.getState();
    void import('../../../map/city-map.ts')
      .then(({ createCityMap }) =>
        gone || !container.current
          ? null
          : createCityMap({
              container: container.current,
              manifest: snapshot.manifest,
              load: snapshot.bytes,
              view: first.camera(),
              theme: state.theme,
              locale: state.locale,
              controls: false,
              events: {
                onView: () => undefined,
                onResolution: () => undefined,
                onPick: (picked) => useDesk.getState().pinCell(picked.kind === 'cell' ? picked.h3 : null),
                onHover: (hovered) => listeners.current.onHover(hovered),
                onFirstMap: () => setDrawn(true),
                onError: fail,
              },
            }),
      )
      .then((created) => {
        if (gone) return created?.destroy();
        made = created;
        hooks.beside = created;
        created?.setCounts(NO_COUNTS);
        setMap(created);
        listeners.current.onMap(created);
      })
      .catch(fail);
    return () => {
      gone = true;
      hooks.beside = null;
      listeners.current.onMap(null);
      listeners.current.onHover(null);
      made?.destroy();
    };
  }, [snapshot, first]);

  useEffect(() => (map ? lockCameras(first, map, shift) : undefined), [first, map, shift]);
  useEffect(() => map?.setFill(fill), [map, fill]);
  useEffect(() => map?.setTheme(theme), [map, theme]);
  useEffect(() => map?.setLocale(locale), [map, locale]);
  useEffect(() => map?.setLayers(layers), [map, layers]);
  useEffect(() => map?.setColumns(columns), [map, columns]);
  useEffect(() => map?.setSeamLevel(divisionLevel), [map, divisionLevel]);
  useEffect(
    () => map?.setSelection(cell ? { kind: 'cell', resolution: resolutionOf(cell), h3: cell } : { kind: 'none' }),
    [map, cell],
  );
  useEffect(() => {
    const id = division?.id ?? focus;
    map?.setFocus(id === 0 ? null : id);
  }, [map, division, focus]);

  return (
    <div className="compare-map" data-drawn={drawn && ready ? 'true' : 'false'}>
      <section ref={container} className="map" aria-label={say('map')} />
      {failed !== null && (
        <p className="mark warn" role="alert">
          {say('mapFailed', { message: failed })}
        </p>
      )}
    </div>
  );
}

/** From the middle of the place of the first map to that of the other. */
function useShift(division: { readonly id: number; readonly end: number } | null): CameraShift {
  const { snapshot } = useSession();
  const focus = useFocus();
  const [shift, setShift] = useState(SAME_PLACE);
  useEffect(() => {
    if (!division) return setShift(SAME_PLACE);
    let gone = false;
    const { finest, coarsest } = snapshot.manifest.grid;
    void Promise.all([snapshot.finestGrid(), snapshot.coarseGrid(Math.max(coarsest, finest - 1))]).then(
      ([fine, coarse]) => {
        const there = divisionBounds(division, fine, coarse);
        const here =
          focus === 0
            ? snapshot.manifest.bounds
            : divisionBounds({ id: focus, end: snapshot.divisions.end[focus] as number }, fine, coarse);
        if (gone || !there || !here) return;
        setShift({ lng: middle(there, 0) - middle(here, 0), lat: middle(there, 1) - middle(here, 1) });
      },
    );
    return () => {
      gone = true;
    };
  }, [division, focus, snapshot]);
  return shift;
}

const middle = (bounds: readonly [number, number, number, number], axis: 0 | 1): number =>
  (bounds[axis] + bounds[axis + 2]!) / 2;
