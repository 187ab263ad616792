import { type AreaGrid, areaGrid, cellsInArea } from './area-cells.ts';
import type { AreaReply, AreaRequest } from './area-messages.ts';
import { areaOutlines } from './outlines.ts';

type Question = Extract<AreaRequest, { readonly kind: 'area' }>;

/** Geometry off the main thread: a large lasso looks at hundreds of thousands of centres. */
let grid: AreaGrid | null = null;
let waiting: readonly Question[] = [];
let busy = false;

self.onmessage = ({ data }: MessageEvent<AreaRequest>) => {
  if (data.kind === 'grid') {
    grid = areaGrid(data);
    return;
  }
  waiting = [...waiting.filter(({ purpose }) => purpose !== data.purpose), data];
  if (!busy) work();
};

function work(): void {
  const [next, ...rest] = waiting;
  waiting = rest;
  busy = next !== undefined;
  if (!next) return;
  self.postMessage(answered(next));
  setTimeout(work);
}

function answered({ id, area, divisions }: Question): AreaReply {
  try {
    if (!grid) throw new Error('the grid was not sent');
    const found = cellsInArea(area, grid, (code) => divisions[code] ?? null);
    return { id, ok: true, answer: { ...found, outlines: areaOutlines(area) } };
  } catch (error) {
    return { id, ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}
