import { useMemo, useState } from 'react';
import type { CityMap, MapEvents } from '../../../map/contract.ts';
import { useDesk } from '../../../state/store.ts';
import { shownValue, useSession } from '../../../ui/use-panel.ts';
import { useFill } from '../sense/use-fill.ts';
import { BesideMap } from './beside-map.tsx';
import { CompareBar } from './compare-bar.tsx';
import { CompareHover } from './compare-hover.tsx';
import { CompareLegend } from './compare-legend.tsx';
import { useFills } from './use-fills.ts';
import { useSides } from './use-sides.ts';
import './compare.css';

export type Hovered = Parameters<MapEvents['onHover']>[0];

interface ComparePartProps {
  readonly map: CityMap;
  /** Under the pointer on the first map. */
  readonly hovered: Hovered;
}

/** Beside the map of the desk a second one: bar above, one legend below, one camera, and the same cell marked in both. */
export function ComparePart({ map, hovered }: ComparePartProps) {
  const link = useDesk((desk) => desk.compare);
  const { snapshot } = useSession();
  const { divisions, manifest } = snapshot;
  const [beside, setBeside] = useState<CityMap | null>(null);
  const [hoveredBeside, setHoveredBeside] = useState<Hovered>(null);
  const code = link?.side.kind === 'place' ? link.side.division : null;
  const division = useMemo(() => {
    const id = code === null ? -1 : divisions.code.indexOf(code);
    return id < 0 ? null : { id, end: divisions.end[id] as number };
  }, [code, divisions]);
  const shown = link ?? LEAVING;
  const sides = useSides(shown.side, division);
  const fills = useFills(sides, shown.beside, manifest.grid.finest);
  useFill(map, fills.now);
  if (!link) return null;
  const counted = shownValue(sides.state) !== null;
  return (
    <>
      <CompareBar link={link} sides={sides} division={division} />
      <BesideMap
        first={map}
        fill={fills.beside}
        division={division}
        onMap={setBeside}
        onHover={setHoveredBeside}
        ready={counted && sides.now !== null}
      />
      <CompareHover
        first={map}
        beside={beside}
        sides={sides}
        paired={link.side.kind !== 'place'}
        hovered={hovered}
        hoveredBeside={hoveredBeside}
      />
      <CompareLegend sides={sides} fills={fills} beside={link.beside} />
    </>
  );
}

const LEAVING = { side: { kind: 'previous' }, beside: 'counts' } as const;
