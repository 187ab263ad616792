import { lazy, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { hooks } from '../../app/hooks.ts';
import type { CityMap, MapEvents } from '../../map/contract.ts';
import { NO_FILTERS } from '../../query/filters.ts';
import { scalePanel } from '../../query/panels.ts';
import { divisionBounds, resolutionOf } from '../../snapshot/place.ts';
import { useDesk } from '../../state/store.ts';
import { LazyPart } from '../../ui/lazy-part.tsx';
import { shownValue, usePanel, useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { useAreaTools } from './area/tools.ts';
import { useFocus } from './divisions.ts';
import { useFilters } from './filters.ts';
import { Legend, type LegendClasses } from './legend.tsx';
import { MapHover } from './map-hover.tsx';
import { useConsole } from './sql/console-store.ts';

const SenseMap = lazy(() => import('./sense/sense-map.tsx').then(({ SenseMap: part }) => ({ default: part })));
const AreaPart = lazy(() => import('./area/area-part.tsx').then(({ AreaPart: part }) => ({ default: part })));

const SqlLayer = lazy(() => import('./sql/sql-layer.tsx').then(({ SqlLayer: part }) => ({ default: part })));

const MapLayers = lazy(() => import('./map-layers/map-layers.tsx').then(({ MapLayers: part }) => ({ default: part })));
const CompareLayer = lazy(() =>
  import('./map-layers/compare-layer.tsx').then(({ CompareLayer: part }) => ({ default: part })),
);

const PlaybackMap = lazy(() =>
  import('./playback/playback-map.tsx').then(({ PlaybackMap: part }) => ({ default: part })),
);

const ComparePart = lazy(() =>
  import('./compare/compare-part.tsx').then(({ ComparePart: part }) => ({ default: part })),
);

type Hovered = Parameters<MapEvents['onHover']>[0];
type HoveredDivision = Parameters<NonNullable<MapEvents['onHoverDivision']>>[0];

/** Hands values to the map island and takes its events; draws the legend from what the map says it drew. */
export function MapPanel({ onFirstMap }: { readonly onFirstMap: () => void }) {
  const { snapshot, panels, coordinator } = useSession();
  const { t } = useText();
  const container = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<CityMap | null>(null);
  const [hovered, setHovered] = useState<Hovered>(null);
  const [hoveredDivision, setHoveredDivision] = useState<HoveredDivision>(null);
  const [classes, setClasses] = useState<LegendClasses | null>(null);
  const theme = useDesk((desk) => desk.theme);
  const locale = useDesk((desk) => desk.locale);
  const cell = useDesk((desk) => desk.cell);
  const resolution = useDesk((desk) => desk.resolution);
  const layer = useDesk((desk) => desk.layer);
  const { mode, scale: scaleChoice } = useDesk((desk) => desk.look);
  const mapSettled = useDesk((desk) => desk.mapSettled);
  const playing = useDesk((desk) => desk.playback !== null && desk.mapSettled);
  const comparing = useDesk((desk) => desk.compare !== null && desk.mapSettled);
  const sqlOnMap = useConsole((state) => state.onMap);
  const engineReady = useDesk((desk) => desk.engine.status === 'ready');
  const focus = useFocus();
  const filters = useFilters();
  const { manifest } = snapshot;

  // While an area is being chosen the map shows what lies around it too.
  const choosing = useAreaTools((tools) => tools.open);
  const counts = usePanel(choosing ? panels.cellsAround : panels.cells);
  // A link may ask for what the cubes cannot tell. The first map then shows every incident, and its legend says so.
  const everything = useMemo(() => panels.cells.preview?.(NO_FILTERS) ?? null, [panels]);
  const answered = shownValue(counts);
  const shown = answered ?? everything;
  const length = filters.weeks ? filters.weeks.end - filters.weeks.first : manifest.weeks.length;
  const scale = useMemo(
    () =>
      engineReady && resolution !== null
        ? scalePanel(resolution, { finest: manifest.grid.finest, length, weeks: manifest.weeks.length }, scaleChoice)
        : null,
    [engineReady, resolution, length, manifest, scaleChoice],
  );
  const locked = shownValue(usePanel(scale));

  const firstMap = useRef(onFirstMap);
  firstMap.current = onFirstMap;
  // Before the effects of all other panels: the graphics card then works while they count.
  useLayoutEffect(() => {
    let made: CityMap | null = null;
    let gone = false;
    const {
      view,
      theme: startTheme,
      locale: startLocale,
      setView,
      setResolution,
      pinCell,
      focusDivision,
      notify,
    } = useDesk.getState();
    const fail = (thrown: unknown) =>
      notify({ kind: 'map-error', message: thrown instanceof Error ? thrown.message : String(thrown) });
    const read = () => made && setClasses(made.legend());
    const events: MapEvents = {
      onView: (value) => {
        setView(value);
        read();
      },
      onResolution: (value) => {
        setResolution(value);
        requestAnimationFrame(read);
      },
      onPick: (picked) => {
        if (picked.kind === 'division')
          focusDivision(picked.id === 0 ? null : (snapshot.divisions.code[picked.id] ?? null));
        else pinCell(picked.kind === 'cell' ? picked.h3 : null);
      },
      onHover: setHovered,
      onHoverDivision: setHoveredDivision,
      onDetail: read,
      onFirstMap: () => {
        hooks.state = hooks.state === 'booting' ? 'first-map' : hooks.state;
        firstMap.current();
        read();
      },
      onError: fail,
    };
    void import('../../map/city-map.ts')
      .then(({ createCityMap }) => {
        if (gone || !container.current) return null;
        return createCityMap({
          container: container.current,
          manifest: snapshot.manifest,
          load: snapshot.bytes,
          view,
          theme: startTheme,
          locale: startLocale,
          events,
        });
      })
      .then((created) => {
        if (gone) return created?.destroy();
        made = created;
        hooks.map = created;
        setMap(created);
      })
      .catch(fail);
    return () => {
      gone = true;
      hooks.map = null;
      made?.destroy();
    };
  }, [snapshot]);

  useEffect(() => {
    if (map && shown) map.setCounts(shown);
  }, [map, shown]);
  useEffect(() => {
    if (map && locked) map.setScale(locked);
  }, [map, locked]);
  useEffect(() => map?.setTheme(theme), [map, theme]);
  useEffect(() => map?.setLocale(locale), [map, locale]);
  useEffect(
    () => map?.setSelection(cell ? { kind: 'cell', resolution: resolutionOf(cell), h3: cell } : { kind: 'none' }),
    [map, cell],
  );
  // After the effects above, so that it reads what they drew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of these changes what the map draws
  useEffect(() => {
    if (map) setClasses(map.legend());
  }, [map, shown, locked, resolution, theme]);

  const shownFocus = useRef<number | null>(null);
  useEffect(() => {
    if (!map) return;
    map.setFocus(focus === 0 ? null : focus);
    const before = shownFocus.current;
    shownFocus.current = focus;
    // A link brings its own camera; only a step of the reader moves it.
    if (before === null && (focus === 0 || useDesk.getState().view)) return;
    if (before === focus) return;
    let gone = false;
    void boundsOf(focus, snapshot).then((bounds) => bounds && !gone && map.flyTo({ bounds }));
    return () => {
      gone = true;
    };
  }, [map, focus, snapshot]);

  return (
    <section
      className="map-panel"
      aria-label={t('panel.map')}
      data-panel="cells"
      data-comparing={comparing ? '' : undefined}
    >
      <div ref={container} className="map" />
      {map && comparing && (
        <LazyPart>
          <ComparePart map={map} hovered={hovered} />
        </LazyPart>
      )}
      {hovered && !comparing && <MapHover cell={hovered} />}
      <div className="map-side">
        {playing && map && (
          <LazyPart>
            <PlaybackMap map={map} />
          </LazyPart>
        )}
        {map && sqlOnMap && layer === 'count' && !playing && !comparing && (
          <LazyPart>
            <SqlLayer map={map} onMap={sqlOnMap} />
          </LazyPart>
        )}
        {layer === 'count' && !playing && !comparing && !sqlOnMap && mode !== 'count' && map && mapSettled && (
          <LazyPart>
            <CompareLayer map={map} />
          </LazyPart>
        )}
        {layer === 'count' && !playing && !sqlOnMap && mode === 'count' && (
          <Legend
            classes={classes}
            locked={locked !== null && locked.resolution === classes?.resolution}
            state={counts}
            pending={answered === null}
          />
        )}
        {map && mapSettled && (
          <LazyPart>
            <MapLayers map={map} hovered={hoveredDivision} />
          </LazyPart>
        )}
        {map && mapSettled && !comparing && (
          <LazyPart>
            <SenseMap map={map} />
          </LazyPart>
        )}
      </div>
      {map && mapSettled && !comparing && (
        <LazyPart>
          <AreaPart map={map} />
        </LazyPart>
      )}
      {counts.status === 'failed' && (
        <div className="map-failed panel-failed" role="alert">
          <strong>{t('panel.failed', { panel: t('panel.map') })}</strong>
          <span className="panel-reason">{counts.message}</span>
          <button type="button" onClick={() => coordinator.retry('cells')}>
            {t('action.retry')}
          </button>
        </div>
      )}
    </section>
  );
}

async function boundsOf(focus: number, snapshot: ReturnType<typeof useSession>['snapshot']) {
  if (focus === 0) return snapshot.manifest.bounds;
  const { finest, coarsest } = snapshot.manifest.grid;
  const [fine, coarse] = await Promise.all([
    snapshot.finestGrid(),
    snapshot.coarseGrid(Math.max(coarsest, finest - 1)),
  ]);
  return divisionBounds({ id: focus, end: snapshot.divisions.end[focus] as number }, fine, coarse);
}
