import { useEffect, useMemo, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { HOTSPOT_VARIANTS } from '../../../../core/contract/sense.ts';
import { hooks } from '../../app/hooks.ts';
import { classColours } from '../../layers/ramp.ts';
import { hotColours, riskColours } from '../../layers/sense-ramps.ts';
import { quantileBreaks } from '../../layers/step-scale.ts';
import type { CellFill, CityMap, MapEvents, MapOutline } from '../../map/contract.ts';
import { NO_FILTERS } from '../../query/filters.ts';
import { overviewCellCounts } from '../../query/preview.ts';
import { hatchOf } from '../../sense/hatch.ts';
import { hotspotClasses } from '../../sense/hotspots.ts';
import { levelOf } from '../../sense/levels.ts';
import { riskCells, riskWeek } from '../../sense/risk.ts';
import { useDesk } from '../../state/store.ts';
import { LevelMark } from '../../ui/level-mark.tsx';
import { GHOST } from '../desk/playback/ghost.ts';
import { windowClasses } from '../desk/playback/window-classes.ts';
import type { SourceFreshness } from './freshness.ts';
import type { Box } from './layout.ts';
import { readyPart, type WallData } from './load-wall.ts';
import { pixelRatioFor } from './pixel-ratio.ts';
import type { PlayedWeeks } from './played-weeks.ts';
import { usePlaying } from './playing.ts';
import { type Bounds, stopOf } from './tour.ts';
import { useFreshness } from './use-wall.ts';
import { type Shown, useWall } from './wall-store.ts';

const CASING = '#10181f';
const HATCH = { dark: '#93a1b8', light: '#66727a' } as const;

/** What fills the hexagons now; the legend reads it too. */
export type Fill =
  | {
      readonly kind: 'risk' | 'change';
      readonly colours: readonly string[];
      /** Cells ranked, and those told apart from the middle rank: these are coloured. */
      readonly ranked: number;
      readonly apart: number;
    }
  | { readonly kind: 'hotspots'; readonly group: number; readonly colours: readonly string[] }
  | { readonly kind: 'weeks'; readonly played: PlayedWeeks; readonly colours: readonly string[] }
  | { readonly kind: 'count'; readonly breaks: readonly number[]; readonly colours: readonly string[] };

interface WallMapProps {
  readonly shown: Shown;
  readonly box: Box;
  readonly visible: boolean;
}

/** The one map of the page: made once, and from then on given values. */
export function WallMap({ shown, box, visible }: WallMapProps) {
  const container = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<CityMap | null>(null);
  const theme = useWall((wall) => wall.options.theme);
  const locale = useDesk((desk) => desk.locale);
  const rebuilds = useWall((wall) => wall.rebuilds);
  const { data } = shown;
  const { snapshot } = data;

  useEffect(() => {
    let made: CityMap | null = null;
    let gone = false;
    const element = container.current;
    const { setHealth } = useWall.getState();
    const fail = (thrown: unknown) =>
      setHealth({ mapError: thrown instanceof Error ? thrown.message : String(thrown) });
    const events: MapEvents = {
      onView: () => undefined,
      onResolution: () => undefined,
      onPick: () => useWall.getState().tell({ kind: 'touched' }),
      onHover: () => undefined,
      onFirstMap: () => {
        hooks.state = hooks.state === 'booting' ? 'first-map' : hooks.state;
        setHealth({ mapError: null });
      },
      onError: fail,
    };
    const lost = () => setHealth({ contextLosses: useWall.getState().health.contextLosses + 1 });
    // The event does not bubble: heard on its way down.
    element?.addEventListener('webglcontextlost', lost, { capture: true });
    void import('../../map/city-map.ts')
      .then(({ createCityMap }) => {
        if (gone || !element) return null;
        const first = useWall.getState().shown!.data.snapshot;
        const pixelRatio = pixelRatioFor(
          { width: element.clientWidth, height: element.clientHeight },
          devicePixelRatio,
        );
        setHealth({ mapRatio: pixelRatio });
        return createCityMap({
          container: element,
          manifest: first.manifest,
          // Of the snapshot that is shown: the former one may have been collected.
          load: (path) => (useWall.getState().shown?.data.snapshot ?? first).bytes(path),
          view: null,
          theme: useWall.getState().options.theme,
          locale: useDesk.getState().locale,
          events,
          pixelRatio,
          controls: false,
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
      element?.removeEventListener('webglcontextlost', lost, { capture: true });
      if (hooks.map === made) hooks.map = null;
      made?.destroy();
    };
    // Never anew: a snapshot is handed over by the effects below.
  }, []);

  const counts = useMemo(() => {
    const { overview, overviewCells, manifest } = snapshot;
    const n = overviewCellCounts(overview, overviewCells.h3.length, manifest.dictionaries.categories, NO_FILTERS);
    return n && ({ kind: 'coarse', resolution: overviewCells.resolution, n } as const);
  }, [snapshot]);
  useEffect(() => {
    if (map && counts) map.setCounts(counts);
  }, [map, counts]);

  const fill = useFill(data);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `rebuilds` asks for the same layers anew
  useEffect(() => map?.setFill(fill.cells), [map, fill, rebuilds]);
  useEffect(() => map?.setTheme(theme), [map, theme]);
  useEffect(() => map?.setLocale(locale), [map, locale]);

  const stop = useWall((wall) => stopOf(wall.tour));
  // By value: a new snapshot makes the same stop anew, and the camera stays where it is.
  const target = JSON.stringify(stop && (stop.bounds ?? snapshot.manifest.bounds));
  useEffect(() => {
    const bounds: Bounds | null = JSON.parse(target);
    if (map && bounds && visible) map.flyTo({ bounds });
  }, [map, target, visible]);

  const ages = useFreshness(shown);
  const opened = stop?.kind === 'alert' ? stop.id.slice('alert/'.length) : null;
  const outlines = useOutlines(data, ages, opened, theme);
  // What stands today says nothing about the weeks before.
  const past = usePlaying(({ at }) => at !== null);
  useEffect(() => map?.setOutlines(past ? [] : outlines), [map, outlines, past]);
  return (
    <div className="wall-map" data-panel="map" style={{ left: box.x, top: box.y, width: box.w, height: box.h }}>
      <div ref={container} className="map" />
      {map && !past && <Pins map={map} data={data} opened={opened} />}
    </div>
  );
}

interface Filled {
  readonly look: Fill;
  readonly cells: CellFill | null;
}

/** One week; a cell of the week before that has too few now keeps a grey shade. */
function weekFill(played: PlayedWeeks, week: number, theme: 'light' | 'dark'): Filled {
  const { resolution, byWeek, breaks } = played;
  const colours = [...classColours(theme, breaks.length), GHOST[theme]];
  const now = byWeek.get(week);
  const classes =
    now && windowClasses({ now, before: byWeek.get(week - 1) ?? null }, breaks, new Uint32Array(now.length));
  return {
    look: { kind: 'weeks', played, colours },
    cells: { resolution, finest: resolution, cells: classes ? { resolution, classes, colours } : null },
  };
}

const COUNT_CLASSES = 5;

/** Without an index: reports of the whole time. The lowest class is all that a wall does not count out, fewer than k. */
function countFill({ snapshot, k }: WallData, theme: 'light' | 'dark'): Filled {
  const { overview, overviewCells, manifest } = snapshot;
  const now = overviewCellCounts(overview, overviewCells.h3.length, manifest.dictionaries.categories, NO_FILTERS);
  const told = now?.filter((n) => n >= k.usual) ?? new Uint32Array(0);
  const [, ...above] = quantileBreaks(told, COUNT_CLASSES - 1);
  const breaks = [1, ...(told.length > 0 ? [k.usual, ...above] : [])];
  const colours = classColours(theme, breaks.length);
  const { resolution } = overviewCells;
  const classes = now && windowClasses({ now, before: null }, breaks, new Uint32Array(now.length));
  return {
    look: { kind: 'count', breaks, colours },
    cells: { resolution, finest: resolution, cells: classes && { resolution, classes, colours } },
  };
}

export function useFill(data: WallData): Filled {
  const theme = useWall((wall) => wall.options.theme);
  const stop = useWall((wall) => stopOf(wall.tour));
  const alertId = stop?.kind === 'alert' ? stop.id.slice('alert/'.length) : null;
  const group = useMemo(() => (alertId === null ? null : groupOfAlert(data, alertId)), [data, alertId]);
  const played = readyPart(data.played);
  const week = usePlaying(({ at }) => at);
  const frame = useMemo(() => played && week !== null && weekFill(played, week, theme), [played, week, theme]);
  const still = useMemo((): Filled => {
    const sense = readyPart(data.sense);
    const { cells } = data.snapshot.manifest.grid;
    const hotspots = readyPart(data.hotspots);
    if (sense && hotspots && group !== null) {
      const { resolution } = sense.hotspots;
      const choice = { category: group, window: 0, variant: HOTSPOT_VARIANTS.indexOf('change') };
      const classes = hotspotClasses(hotspots, choice, cells[String(resolution)] ?? 0);
      const colours = hotColours(theme);
      if (stop?.bounds && anyInside(data, { resolution, classes }, stop.bounds))
        return {
          look: { kind: 'hotspots', group, colours },
          cells: { resolution, finest: resolution, cells: { resolution, classes, colours } },
        };
    }
    const risk = readyPart(data.risk);
    const newest = risk && riskWeek(risk);
    if (!sense || !risk || newest === null) return countFill(data, theme);
    const { resolution, kind } = sense.risk;
    const { classes, ranked, apart } = riskCells(risk, { week: newest, cells: cells[String(resolution)] ?? 0 });
    const colours = riskColours(theme);
    return {
      look: { kind, colours, ranked, apart },
      cells: { resolution, finest: resolution, cells: { resolution, classes, colours } },
    };
  }, [data, group, theme, stop?.bounds]);
  return frame || still;
}

/** Whether there is anything to see: an empty map of hot spots says less than the index does. */
function anyInside(
  { snapshot: { overviewCells } }: WallData,
  { resolution, classes }: { readonly resolution: number; readonly classes: Uint32Array },
  [west, south, east, north]: Bounds,
): boolean {
  if (overviewCells.resolution !== resolution) return false;
  const { lngE6, latE6 } = overviewCells;
  return classes.some((one, row) => {
    const [lng, lat] = [lngE6[row]! / 1e6, latE6[row]! / 1e6];
    return one > 0 && lng >= west && lng <= east && lat >= south && lat <= north;
  });
}

/** Level-1 category of an alert: hot spots are published for these. */
function groupOfAlert(data: WallData, id: string): number | null {
  const alert = readyPart(data.alerts)?.alerts.find((one) => one.id === id);
  const { categories } = data.snapshot.manifest.dictionaries;
  return alert
    ? (categories.find((one) => one.level === 1 && one.id <= alert.category && alert.category < one.end)?.id ?? null)
    : null;
}

/** Borders of the alerts, and strokes over every division of which a source is late or missing. */
function useOutlines(
  data: WallData,
  ages: readonly SourceFreshness[],
  opened: string | null,
  theme: 'light' | 'dark',
): readonly MapOutline[] {
  const affected = useMemo(() => affectedDivisions(data, ages), [data, ages]);
  const hatch = useMemo(() => {
    const rings = readyPart(data.outlines);
    const [west, , east] = data.snapshot.manifest.bounds;
    const stepDeg = (east - west) / 60;
    return affected.flatMap((id) =>
      hatchOf(rings?.get(id) ?? [], stepDeg).map((ring) => ({ ring, colour: HATCH[theme], widthPx: 1 })),
    );
  }, [affected, data, theme]);
  return useMemo(() => {
    const alerts = readyPart(data.alerts)?.alerts ?? [];
    const borders = alerts.flatMap((alert) =>
      (data.borders.get(alert.id) ?? []).flatMap((ring) => {
        const wide = alert.id === opened ? 2 : 0;
        return [
          { ring, colour: CASING, widthPx: 4.5 + 2 * wide },
          { ring, colour: levelOf(alert.level).colour, widthPx: 2.25 + wide },
        ];
      }),
    );
    return [...hatch, ...borders];
  }, [data, hatch, opened]);
}

/** Weeks at the end in which a missing delivery of a division still matters. */
const RECENT_WEEKS = 2;

/** Level-1 divisions that a source beyond its limit covers, or of which one has a missing delivery in the last weeks. */
export function affectedDivisions(data: WallData, ages: readonly SourceFreshness[]): readonly number[] {
  const coverage = readyPart(data.coverage);
  const { sources } = data.snapshot.manifest.dictionaries;
  const late = new Set(
    ages.filter(({ verdict }) => verdict === 'late' || verdict === 'silent').map(({ source }) => source),
  );
  const { divisions } = data.snapshot;
  const first = Array.from({ length: divisions.count }, (_, id) => id).filter((id) => divisions.level[id] === 1);
  if (late.size > 0) return first;
  if (!coverage) return [];
  return coverage.divisions.filter((_, at) =>
    coverage.sources.some(
      ({ key, states }) =>
        sources.some((source) => source.key === key) && (states[at + 1] ?? '').slice(-RECENT_WEEKS).includes('m'),
    ),
  );
}

interface PinsProps {
  readonly map: CityMap;
  readonly data: WallData;
  readonly opened: string | null;
}

function Pins({ map, data, opened }: PinsProps) {
  const pins = useMemo(
    () =>
      (readyPart(data.alerts)?.alerts ?? []).flatMap(({ id, level, centre }) => {
        if (!centre) return [];
        const element = document.createElement('div');
        element.className = 'wall-pin';
        return [{ id, level, lng: centre[0], lat: centre[1], element }];
      }),
    [data],
  );
  useEffect(() => {
    map.setPins(pins);
    return () => map.setPins([]);
  }, [map, pins]);
  return pins.map(({ id, level, element }) =>
    createPortal(
      <span data-pin={id} data-level={level} data-open={id === opened}>
        <LevelMark level={level} />
      </span>,
      element,
      id,
    ),
  );
}
