import { useEffect, useMemo, useState } from 'react';
import { useAreaFilter } from '../../../area/area-filter.ts';
import type { Outline } from '../../../area/outlines.ts';
import type { CityMap, MapOutline, Theme } from '../../../map/contract.ts';
import { PALETTES } from '../../../map/palette.ts';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import { useDesk } from '../../../state/store.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useAreaTools } from './tools.ts';
import { useArea, useDraftAnswer } from './use-area.ts';

/** Draws what is chosen: a full line for what is added, a thin one for what only keeps or cuts out. */
export function useAreaOutlines(map: CityMap): void {
  const { snapshot } = useSession();
  const area = useArea();
  const draft = useAreaTools((state) => state.draft);
  const found = useAreaFilter((state) => state.found);
  const draftAnswer = useDraftAnswer();
  const theme = useDesk((state) => state.theme);
  const shown = draft ?? area;
  const outlines = (draft ? draftAnswer : found)?.outlines;
  const divisions = useDivisionOutlines(
    snapshot,
    shown.parts.flatMap(({ shape }) => (shape.kind === 'division' ? [shape.code] : [])).join('\n'),
  );
  const drawn = useMemo(
    () =>
      shown.parts.flatMap(({ op, shape }, i) => {
        const rings = shape.kind === 'division' ? divisions.get(shape.code) : outlines?.[i];
        return (rings ?? []).flatMap((ring) => strokes(ring, op === 'union', theme));
      }),
    [shown, outlines, divisions, theme],
  );
  useEffect(() => map.setArea(drawn), [map, drawn]);
  useEffect(() => () => map.setArea([]), [map]);
}

function strokes(ring: Outline, whole: boolean, theme: Theme): readonly MapOutline[] {
  const { mark, markCasing } = PALETTES[theme];
  return [
    { ring, colour: markCasing, widthPx: whole ? 5 : 3.5 },
    { ring, colour: mark, widthPx: whole ? 2.25 : 1 },
  ];
}

type ByCode = ReadonlyMap<string, readonly Outline[]>;
const NONE: ByCode = new Map();

/** From the snapshot's own outlines. @param codes one a line */
function useDivisionOutlines(snapshot: Snapshot, codes: string): ByCode {
  const [found, setFound] = useState<ByCode>(NONE);
  useEffect(() => {
    if (codes === '') return setFound(NONE);
    let gone = false;
    Promise.all(codes.split('\n').map(async (code) => [code, await divisionOutlines(snapshot, code)] as const)).then(
      (entries) => !gone && setFound(new Map(entries)),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [snapshot, codes]);
  return found;
}

export async function divisionOutlines(snapshot: Snapshot, code: string): Promise<readonly Outline[]> {
  const { divisions } = snapshot;
  const id = divisions.code.indexOf(code);
  const path = id === 0 ? 'study-area.geojson' : `divisions/${divisions.level[id]}.geojson`;
  if (id < 0 || !snapshot.manifest.files.some((file) => file.path === path)) return [];
  const read: unknown = JSON.parse(new TextDecoder().decode(await snapshot.bytes(path)));
  const features = (read as GeoJSON.FeatureCollection).features ?? [read as GeoJSON.Feature];
  const { geometry } = features.find(({ properties }) => id === 0 || properties?.id === id) ?? {};
  if (geometry?.type === 'Polygon') return geometry.coordinates as unknown as readonly Outline[];
  return geometry?.type === 'MultiPolygon' ? (geometry.coordinates.flat() as unknown as readonly Outline[]) : [];
}
