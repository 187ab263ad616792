import { useEffect, useMemo, useState } from 'react';
import type { Area, Shape } from '../../../../../core/geo/area/area.ts';
import { AREA_LIMITS } from '../../../../../core/geo/area/area.ts';
import { formatArea, parseArea } from '../../../../../core/geo/area/area-text.ts';
import { shapeProblem } from '../../../../../core/geo/area/shape-problem.ts';
import type { PartProblem } from '../../../area/area-cells.ts';
import type { AreaAnswer } from '../../../area/area-messages.ts';
import { areaSourceOf, Overtaken } from '../../../area/area-source.ts';
import { fittedToLink, NO_AREA, withShape } from '../../../area/edit.ts';
import type { ImportProblem } from '../../../area/geojson.ts';
import { edgeMetres } from '../../../snapshot/place.ts';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import { useDesk } from '../../../state/store.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { type Refusal, setTools, useAreaTools } from './tools.ts';

/** The area of the link. */
export function useArea(): Area {
  const text = useDesk((state) => state.area);
  return useMemo(() => (text === null ? null : parseArea(text)) ?? NO_AREA, [text]);
}

export const presentArea = (): Area => parseArea(useDesk.getState().area ?? '') ?? NO_AREA;

/** Cells of what the hand is drawing; the last answer until a newer is there. */
export function useDraftAnswer(): AreaAnswer | null {
  const { snapshot } = useSession();
  const draft = useAreaTools((state) => state.draft);
  const [answer, setAnswer] = useState<AreaAnswer | null>(null);
  useEffect(() => {
    if (!draft) return setAnswer(null);
    let gone = false;
    areaSourceOf(snapshot)
      .cells(draft, 'draft')
      .then(
        (value) => !gone && setAnswer(value),
        () => undefined,
      );
    return () => {
      gone = true;
    };
  }, [snapshot, draft]);
  return answer;
}

/** What a hand has drawn or typed becomes part of the area. */
export async function takeShape(snapshot: Snapshot, shape: Shape): Promise<boolean> {
  const { op, editing } = useAreaTools.getState();
  const problem = shapeProblem(shape);
  if (problem) {
    refuse(problemText(problem, snapshot));
    return false;
  }
  return takeArea(snapshot, withShape(presentArea(), shape, op, editing), editing);
}

/**
 * An area becomes the filter when it takes at least one cell and fits into a link; else it is refused with the reason and the one
 * from before stays.
 * @param at the part that was changed; null = the last one
 */
export async function takeArea(snapshot: Snapshot, wanted: Area, at: number | null = null): Promise<boolean> {
  if (wanted.parts.length === 0) {
    useDesk.getState().setArea(null);
    setTools({ draft: null, points: [], editing: null, refusal: null });
    return true;
  }
  if (wanted.parts.length > AREA_LIMITS.parts)
    return refuse({ key: 'problem.too-many-parts', values: { n: AREA_LIMITS.parts } });
  const fitted = fittedToLink(wanted);
  if (!fitted) return refuse({ key: 'problem.too-many-points' });
  try {
    const answer = await areaSourceOf(snapshot).cells(fitted.area, 'take');
    const part = answer.parts[at ?? answer.parts.length - 1];
    if (part?.problem) return refuse(problemText(part.problem, snapshot));
    if (answer.cells === 0) return refuse({ key: 'problem.nothing' });
  } catch (thrown) {
    if (thrown instanceof Overtaken) return false;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return refuse({ key: 'area.failed', values: { message } });
  }
  const remark: Refusal | null = fitted.movedM > 0 ? { key: 'remark.simplified', values: { m: fitted.movedM } } : null;
  useDesk.getState().setArea(formatArea(fitted.area));
  setTools({ draft: null, points: [], refusal: null, remark });
  return true;
}

function refuse(refusal: Refusal): false {
  setTools({ refusal, draft: null, points: [] });
  return false;
}

export function problemText(problem: PartProblem | ImportProblem, { manifest }: Snapshot): Refusal {
  const { radiusM: radius, widthM: width, k } = AREA_LIMITS;
  return { key: `problem.${problem}`, values: { edge: edgeMetres(manifest.grid.finest), radius, width, k } };
}
