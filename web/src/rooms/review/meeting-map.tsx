import { useEffect, useRef, useState } from 'react';
import type { Finding } from '../../../../core/brief/outstanding.ts';
import { ALL_CATEGORIES } from '../../../../core/contract/sense.ts';
import type { CellCounts, CityMap, MapEvents } from '../../map/contract.ts';
import { finestCounts } from '../../query/roll-up.ts';
import { borderOf } from '../../sense/border.ts';
import { levelOf } from '../../sense/levels.ts';
import type { DayFacts } from '../../snapshot/day-facts.ts';
import { useDesk } from '../../state/store.ts';
import { weekName } from '../../time/week.ts';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { findingBounds } from './map-geometry.ts';
import { useReview } from './say.tsx';
import { useAreas } from './use-areas.ts';

interface MeetingMapProps {
  readonly here: boolean;
  /** Null = the city. */
  readonly finding: Finding | null;
  /** What is counted; null = everything. */
  readonly category: number | null;
  readonly week: number;
  readonly facts: DayFacts | null;
}

const CASING = '#10181f';

/** One map for the whole meeting: slides change its counts and its camera only. */
export function MeetingMap({ here, finding, category, week, facts }: MeetingMapProps) {
  const { snapshot } = useSession();
  const { manifest } = snapshot;
  const { locale, label, number } = useText();
  const say = useReview();
  const theme = useDesk((desk) => desk.theme);
  const areas = useAreas();
  const container = useRef<HTMLDivElement>(null);
  const [map, setMap] = useState<CityMap | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [classes, setClasses] = useState<ReturnType<CityMap['legend']> | null>(null);

  useEffect(() => {
    let made: CityMap | null = null;
    let gone = false;
    const fail = (thrown: unknown) => setFailed(thrown instanceof Error ? thrown.message : String(thrown));
    const read = () => requestAnimationFrame(() => made && !gone && setClasses(made.legend()));
    const events: MapEvents = {
      onView: read,
      onResolution: read,
      onPick: () => undefined,
      onHover: () => undefined,
      onFirstMap: read,
      onError: fail,
    };
    const { theme: startTheme, locale: startLocale } = useDesk.getState();
    void import('../../map/city-map.ts')
      .then(({ createCityMap }) => {
        if (gone || !container.current) return null;
        return createCityMap({
          container: container.current,
          manifest: snapshot.manifest,
          load: snapshot.bytes,
          view: null,
          theme: startTheme,
          locale: startLocale,
          events,
        });
      })
      .then((created) => {
        if (gone) return created?.destroy();
        made = created;
        setMap(created);
      })
      .catch(fail);
    return () => {
      gone = true;
      made?.destroy();
    };
  }, [snapshot]);

  useEffect(() => map?.setTheme(theme), [map, theme]);
  useEffect(() => map?.setLocale(locale), [map, locale]);
  useEffect(() => {
    if (!map || !facts) return;
    map.setCounts(countsOf(facts, category, manifest));
    const timer = requestAnimationFrame(() => setClasses(map.legend()));
    return () => cancelAnimationFrame(timer);
  }, [map, facts, category, manifest]);
  useEffect(() => {
    if (!map || !areas || !here) return;
    let gone = false;
    void (async () => {
      const { finest } = manifest.grid;
      const hasCells =
        finding && finding.cells.length > 0 && finding.resolution !== null && finding.resolution < finest;
      const grid = hasCells ? await snapshot.coarseGrid(finding.resolution as number) : null;
      if (gone) return;
      const bounds = finding && findingBounds(finding, grid, areas);
      map.flyTo({ bounds: bounds ?? manifest.bounds });
      const rings =
        grid && finding ? borderOf(BigUint64Array.from(finding.cells, (row) => grid.h3[row] as bigint)) : [];
      map.setOutlines(
        rings.flatMap((ring) => [
          { ring, colour: CASING, widthPx: 6 },
          { ring, colour: levelOf(finding?.level ?? 4).colour, widthPx: 3.5 },
        ]),
      );
      map.setFocus(finding?.division ?? null);
    })();
    return () => {
      gone = true;
    };
  }, [map, areas, finding, here, manifest, snapshot]);

  const entry = category === null || category === ALL_CATEGORIES ? null : manifest.dictionaries.categories[category];
  const name = entry ? label(entry.name) : say('map.allCategories');
  return (
    <div className="meeting-map">
      <div ref={container} className="map" />
      {failed && (
        <p className="panel-failed" role="alert">
          {say('map.failed')} {failed}
        </p>
      )}
      <p className="meeting-legend fine">
        {say('map.legend', { what: name, week: weekName(manifest.weeks[week]?.iso ?? '', locale) })}
        {classes?.breaks.map((from, i) => (
          <span key={from}>
            <i className="map-swatch" style={{ background: classes.colours[i] }} />
            {classes.breaks[i + 1] === undefined ? say('map.above', { n: from }) : number(from)}
          </span>
        ))}
      </p>
    </div>
  );
}

/** The week's located incidents of a category by finest cell, as the map takes them. */
function countsOf(
  { rows }: DayFacts,
  category: number | null,
  manifest: {
    readonly dictionaries: { readonly categories: readonly { readonly id: number; readonly end: number }[] };
    readonly grid: Parameters<typeof finestCounts>[1] & { readonly finest: number };
  },
): CellCounts {
  const range = category === null || category === ALL_CATEGORIES ? null : manifest.dictionaries.categories[category];
  const byKey = new Map<number, number>();
  for (let i = 0; i < rows.cell.length; i++) {
    const kind = rows.category[i] as number;
    if (range && (kind < range.id || kind >= range.end)) continue;
    const key = (rows.cell[i] as number) * 16 + (rows.res[i] as number);
    byKey.set(key, (byKey.get(key) ?? 0) + 1); // first of its cell
  }
  const keys = [...byKey.keys()];
  return {
    kind: 'finest',
    ...finestCounts(
      { cell_id: keys.map((key) => Math.floor(key / 16)), res: keys.map((key) => key % 16), n: [...byKey.values()] },
      manifest.grid,
    ),
  };
}
