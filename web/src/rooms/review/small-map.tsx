import { useEffect, useState } from 'react';
import type { Finding } from '../../../../core/brief/outstanding.ts';
import { ALL_CATEGORIES } from '../../../../core/contract/sense.ts';
import type { DayFacts } from '../../snapshot/day-facts.ts';
import type { Snapshot } from '../../snapshot/snapshot.ts';
import { useSession } from '../../ui/use-panel.ts';
import { findingBounds, MAP_STEPS, type MapShapes, mapResolution, mapShapes, stepOf } from './map-geometry.ts';
import { useReview } from './say.tsx';
import { useAreas } from './use-areas.ts';

interface SmallMapProps {
  readonly finding: Finding;
  readonly facts: DayFacts | null;
}

/** The place of a finding: this week's reports of its category by hexagon, with division outlines. */
export function SmallMap({ finding, facts }: SmallMapProps) {
  const { snapshot } = useSession();
  const say = useReview();
  const areas = useAreas();
  const [shapes, setShapes] = useState<MapShapes | 'nowhere' | null>(null);
  useEffect(() => {
    if (!facts || !areas) return;
    let gone = false;
    void shapesOf(finding, facts, snapshot, areas).then((made) => !gone && setShapes(made ?? 'nowhere'));
    return () => {
      gone = true;
    };
  }, [finding, facts, snapshot, areas]);
  if (shapes === 'nowhere') return <p className="fine small-map-none">{say('map.none')}</p>;
  if (!shapes) return <div className="small-map is-waiting" role="status" aria-label={say('map.loading')} />;
  const { width, height, bar, hexagons, outlines, focus } = shapes;
  return (
    <svg
      className="small-map"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={say('map.label', { n: shapes.n })}
    >
      <rect className="small-map-ground" width={width} height={height} />
      {outlines
        .filter(({ own }) => own)
        .map(({ d }) => (
          <path key={d} className="small-map-own" d={d} />
        ))}
      {hexagons.map(({ d, n }) => (
        <path key={d} className="small-map-cell" data-step={stepOf(n)} d={d} />
      ))}
      {outlines.map(({ d, level, own }) => (
        <path key={`${level}${d}`} className="small-map-line" data-level={level} data-own={own} d={d} />
      ))}
      {focus && <path className="small-map-focus" d={focus} />}
      <g className="small-map-bar">
        <line x1={8} x2={8 + bar.units} y1={height - 8} y2={height - 8} />
        <text x={8} y={height - 12}>
          {say('map.km', { n: bar.km })}
        </text>
      </g>
    </svg>
  );
}

/** One key for all maps of the page. */
export function MapKey() {
  const say = useReview();
  return (
    <p className="fine map-key">
      {say('map.key')}
      {MAP_STEPS.map((from, i) => (
        <span key={from}>
          <i className="map-swatch" data-step={i} />
          {MAP_STEPS[i + 1] === undefined
            ? say('map.above', { n: from })
            : from + 1 === MAP_STEPS[i + 1]
              ? from
              : `${from}–${(MAP_STEPS[i + 1] as number) - 1}`}
        </span>
      ))}
      <span>
        <i className="map-swatch" data-step="focus" />
        {say('map.focus')}
      </span>
      {say('map.note')}
    </p>
  );
}

export async function shapesOf(
  finding: Finding,
  facts: DayFacts,
  snapshot: Snapshot,
  areas: NonNullable<ReturnType<typeof useAreas>>,
): Promise<MapShapes | null> {
  const { finest, coarsest } = snapshot.manifest.grid;
  const gridAt = (resolution: number) => snapshot.coarseGrid(Math.min(finest - 1, Math.max(coarsest, resolution)));
  const own =
    finding.cells.length > 0 && finding.resolution !== null && finding.resolution < finest
      ? await gridAt(finding.resolution)
      : null;
  const bounds = findingBounds(finding, own, areas);
  if (!bounds) return null;
  const entry = snapshot.manifest.dictionaries.categories[finding.category];
  return mapShapes({
    bounds,
    grid: await gridAt(mapResolution(bounds)),
    rows: facts.rows,
    category: finding.category === ALL_CATEGORIES || !entry ? null : entry,
    areas,
    division: finding.division,
    cells: own ? BigUint64Array.from(finding.cells, (row) => own.h3[row] as bigint) : new BigUint64Array(),
  });
}
