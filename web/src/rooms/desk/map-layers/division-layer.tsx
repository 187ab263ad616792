import { useEffect, useMemo } from 'react';
import { classColours } from '../../../layers/ramp.ts';
import { quantileBreaks } from '../../../layers/step-scale.ts';
import { type CityMap, type MapEvents, NO_DATA_CLASS } from '../../../map/contract.ts';
import { lockedBreaks } from '../../../query/breaks.ts';
import { useDesk } from '../../../state/store.ts';
import { shownValue, usePanel, useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { divisionName } from '../divisions.ts';
import { useFilters } from '../filters.ts';
import { Breaks } from './breaks.tsx';
import { divisionClasses, divisionScalePanel, levelCounts } from './division-classes.ts';
import { useSayLayers } from './use-say.ts';

/** Classes a scale has that is not locked yet. */
const CLASSES = 6;

interface DivisionLayerProps {
  readonly map: CityMap;
  readonly unknown: readonly number[];
  readonly hovered: Parameters<NonNullable<MapEvents['onHoverDivision']>>[0];
}

/** Fills the divisions of a level by their counts, under the same rules as the cells; its legend and what the pointer is on. */
export function DivisionLayer({ map, unknown, hovered }: DivisionLayerProps) {
  const { snapshot, panels } = useSession();
  const { divisions, manifest } = snapshot;
  const say = useSayLayers();
  const { label, locale } = useText();
  const theme = useDesk((desk) => desk.theme);
  const { divisionLevel: level, scale: choice } = useDesk((desk) => desk.look);
  const engineReady = useDesk((desk) => desk.engine.status === 'ready');
  const { weeks } = useFilters();
  const counts = shownValue(usePanel(panels.divisions));
  const scalePanel = useMemo(
    () => (engineReady ? divisionScalePanel(divisions, level) : null),
    [engineReady, divisions, level],
  );
  const series = usePanel(scalePanel);
  const length = weeks ? weeks.end - weeks.first : manifest.weeks.length;
  const locked = useMemo(
    () =>
      series.status === 'ready'
        ? lockedBreaks(series.value, { resolution: level, length, weeks: manifest.weeks.length }, choice).breaks
        : null,
    [series, level, length, manifest, choice],
  );
  const n = useMemo(
    () => (counts && (counts.depth === 'all' || level === 1) ? levelCounts(counts, divisions, level) : null),
    [counts, divisions, level],
  );
  const breaks = useMemo(() => locked ?? (n ? quantileBreaks(n, CLASSES) : null), [locked, n]);
  const fill = useMemo(() => {
    if (!n || !breaks) return null;
    const classes = divisionClasses({ n, breaks, divisions, level, unknown });
    return { level, classes, colours: classColours(theme, breaks.length) };
  }, [n, breaks, divisions, level, unknown, theme]);
  useEffect(() => map.setDivisionFill(fill), [map, fill]);
  useEffect(() => () => map.setDivisionFill(null), [map]);
  const of = manifest.divisionLevels.find((entry) => entry.level === level);
  if (!fill || !breaks || !n) return null;
  const values = hovered && { name: divisionName(divisions, hovered.id, locale), n: n[hovered.id] ?? 0 };
  return (
    <>
      <aside className="legend" aria-label={say('division.legend', { level: of ? label(of.name) : level })}>
        <h2>{say('division.legend', { level: of ? label(of.name) : level })}</h2>
        <ol>
          <Breaks breaks={breaks} colours={fill.colours} />
          <li>
            <i className="swatch-zero" />
            {say('division.zero')}
          </li>
          {fill.classes.includes(NO_DATA_CLASS) && (
            <li>
              <i className="swatch-hatched" />
              {say('look.hatched')}
            </li>
          )}
        </ol>
        <p className="fine">{say(locked ? 'division.locked' : 'division.unlocked')}</p>
      </aside>
      {hovered && values && (
        <div
          className="map-hover division-hover"
          style={{ transform: `translate(${hovered.x + 14}px, ${hovered.y + 14}px)` }}
          aria-hidden="true"
        >
          {say(fill.classes[hovered.id] === NO_DATA_CLASS ? 'division.hoverUnknown' : 'division.hover', values)}
        </div>
      )}
    </>
  );
}
