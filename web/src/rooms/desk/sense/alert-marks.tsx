import { useEffect, useMemo, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import type { Alert } from '../../../../../core/contract/sense.ts';
import type { CityMap, MapOutline } from '../../../map/contract.ts';
import { levelOf } from '../../../sense/levels.ts';
import type { Ring } from '../../../sense/live-messages.ts';
import { liveStatistics } from '../../../sense/live-source.ts';
import { levelText, whereText } from '../../../sense/words.ts';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import { useDesk } from '../../../state/store.ts';
import { LevelMark } from '../../../ui/level-mark.tsx';
import { useSession } from '../../../ui/use-panel.ts';
import { findAlert, useNames } from './use-alerts.ts';
import { readyValue, useSay, useSense } from './use-sense.ts';

const NONE: readonly Alert[] = [];
/** Dark casing under every border: yellow alone vanishes on the light ground. */
const CASING = '#10181f';

/** A mark of its level on every alert of the list, a border around its cells; the opened one stands out, and the map goes there. */
export function AlertMarks({ map }: { readonly map: CityMap }) {
  const { snapshot } = useSession();
  const say = useSay();
  const names = useNames();
  const document = readyValue(useSense('alerts'));
  const opened = useDesk((desk) => desk.alert);
  const marks = useDesk((desk) => desk.marks);
  const { openAlert } = useDesk.getState();
  const open = document && opened !== null ? findAlert(document, opened) : null;
  const shown = useMemo(() => {
    const listed = marks ? (document?.alerts ?? NONE) : NONE;
    return open && !listed.includes(open) ? [...listed, open] : listed;
  }, [document, marks, open]);

  const pinned = useMemo(
    () =>
      shown.flatMap((alert) =>
        alert.centre ? [{ alert, lng: alert.centre[0], lat: alert.centre[1], element: pinElement() }] : [],
      ),
    [shown],
  );
  useEffect(() => {
    map.setPins(pinned);
    return () => map.setPins([]);
  }, [map, pinned]);

  const borders = useBorders(shown, snapshot);
  useEffect(() => {
    const outlines: MapOutline[] = shown.flatMap((alert) =>
      (borders.get(alert.id) ?? []).flatMap((ring) => {
        const wide = alert === open ? 1 : 0;
        return [
          { ring, colour: CASING, widthPx: 3.5 + 2.5 * wide },
          { ring, colour: levelOf(alert.level).colour, widthPx: 1.75 + 1.75 * wide },
        ];
      }),
    );
    map.setOutlines(outlines);
    return () => map.setOutlines([]);
  }, [map, shown, borders, open]);

  // A link brings its own camera; only a step of the reader moves it.
  const before = useRef<string | null | undefined>(undefined);
  useEffect(() => {
    if (!document) return;
    const last = before.current;
    before.current = opened;
    if (!open || last === opened || (last === undefined && useDesk.getState().view)) return;
    let gone = false;
    void areaOf(open, snapshot).then((bounds) => {
      if (!gone) map.flyTo({ bounds });
    });
    return () => {
      gone = true;
    };
  }, [map, document, open, opened, snapshot]);

  return pinned.map(({ alert, element }) =>
    createPortal(
      <button
        type="button"
        className="alert-pin"
        data-open={alert === open}
        data-pin={alert.id}
        data-level={alert.level}
        title={say('alerts.pin', {
          level: levelText(alert.level, say),
          where: `${names.category(alert.category)} · ${whereText(alert, names.division, say)}`,
        })}
        onClick={(event) => {
          event.stopPropagation();
          openAlert(alert.id);
        }}
      >
        <LevelMark level={alert.level} />
      </button>,
      element,
      alert.id,
    ),
  );
}

function pinElement(): HTMLElement {
  const element = window.document.createElement('div');
  element.className = 'alert-pin-place';
  // The button inside is what is pressed; MapLibre would call its place one too.
  element.setAttribute('role', 'presentation');
  return element;
}

/** Borders around the cells of each alert, as they come from the worker. Without them the marks still stand. */
function useBorders(alerts: readonly Alert[], snapshot: Snapshot): ReadonlyMap<string, readonly Ring[]> {
  const [borders, setBorders] = useState<ReadonlyMap<string, readonly Ring[]>>(new Map());
  useEffect(() => {
    let gone = false;
    for (const { id, cells, resolution } of alerts) {
      if (cells.length === 0 || resolution === null) continue;
      void gridOf(snapshot, resolution)
        .then(({ h3 }) => liveStatistics().border(BigUint64Array.from(cells, (row) => h3[row] as bigint)))
        .then(
          (rings) => !gone && setBorders((known) => new Map(known).set(id, rings)),
          () => undefined,
        );
    }
    return () => {
      gone = true;
    };
  }, [alerts, snapshot]);
  return borders;
}

const gridOf = (snapshot: Snapshot, resolution: number) =>
  resolution === snapshot.manifest.grid.finest ? snapshot.finestGrid() : snapshot.coarseGrid(resolution);

type Bounds = readonly [number, number, number, number];
/** Degrees shown around the outermost cell centres: a single cell is not worth the whole screen. */
const MARGIN = 0.02;

async function areaOf(alert: Alert, snapshot: Snapshot): Promise<Bounds> {
  const { centre, cells, resolution } = alert;
  if (!centre) return snapshot.manifest.bounds;
  let [west, south, east, north] = [centre[0], centre[1], centre[0], centre[1]];
  const grid = resolution === null || cells.length === 0 ? null : await gridOf(snapshot, resolution);
  if (grid && 'lngE6' in grid)
    for (const row of cells) {
      const [lng, lat] = [grid.lngE6[row]! / 1e6, grid.latE6[row]! / 1e6];
      [west, east] = [Math.min(west, lng), Math.max(east, lng)];
      [south, north] = [Math.min(south, lat), Math.max(north, lat)];
    }
  return [west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN];
}
