import { create } from 'zustand';
import type { Area, AreaOp, LngLat } from '../../../../../core/geo/area/area.ts';
import type { AreaKey } from '../../../i18n/area-texts.ts';

/** In the order of the bar: the digit that chooses each is its place, from 1. */
export const AREA_TOOLS = ['lasso', 'polygon', 'box', 'circle', 'line', 'disk', 'division'] as const;
export type AreaTool = (typeof AREA_TOOLS)[number];

/** Why something that was drawn, typed or opened was not taken, as a key of the area texts with its values. */
export interface Refusal {
  readonly key: AreaKey;
  readonly values?: Readonly<Record<string, string | number>>;
}

interface AreaTools {
  readonly open: boolean;
  readonly tool: AreaTool | null;
  /** What the next shape does to what is there. */
  readonly op: AreaOp;
  /** Corners set so far. */
  readonly points: readonly LngLat[];
  /** Part whose corners can be moved. */
  readonly editing: number | null;
  /** While a hand is on it: drawn and counted, not yet a filter. */
  readonly draft: Area | null;
  readonly refusal: Refusal | null;
  /** Not an error: what was changed on the way in. */
  readonly remark: Refusal | null;
  readonly radiusM: number;
  readonly widthM: number;
  readonly k: number;
}

const CLOSED: AreaTools = {
  open: false,
  tool: null,
  op: 'union',
  points: [],
  editing: null,
  draft: null,
  refusal: null,
  remark: null,
  radiusM: 500,
  widthM: 100,
  k: 1,
};

export const useAreaTools = create<AreaTools>()(() => CLOSED);

export const setTools = (state: Partial<AreaTools>): void => useAreaTools.setState(state);

export function toggleAreaTools(): void {
  const { open } = useAreaTools.getState();
  setTools({ open: !open, tool: null, points: [], editing: null, draft: null, refusal: null, remark: null });
}

export function chooseTool(tool: AreaTool | null): void {
  setTools({ open: true, tool, points: [], editing: null, draft: null, refusal: null, remark: null });
}

/** Esc: what is being drawn, then the tool, then the bar. @returns false when there was nothing to leave */
export function stepBack(): boolean {
  const { open, tool, points, editing, draft } = useAreaTools.getState();
  if (!open) return false;
  if (points.length > 0 || draft) setTools({ points: [], draft: null, refusal: null });
  else if (tool !== null || editing !== null) setTools({ tool: null, editing: null, refusal: null });
  else toggleAreaTools();
  return true;
}
