import { create } from 'zustand';
import { parseArea } from '../../../core/geo/area/area-text.ts';
import type { WholeRange } from '../../../core/grid/cell-tree.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { useDesk } from '../state/store.ts';
import type { AreaAnswer } from './area-messages.ts';

/**
 * The area of the link as cells of this snapshot. `ranges` is what filters now: while a newer area is worked out, and when it turns out
 * to hold nothing, the last good one stays.
 */
export interface AreaFilter {
  readonly status: 'none' | 'working' | 'ready' | 'empty' | 'failed';
  readonly ranges: readonly WholeRange[] | null;
  /** Of the area the link names; null = not known (yet). */
  readonly found: AreaAnswer | null;
  readonly message: string | null;
  /** After a failure; null = nothing failed. */
  readonly retry: (() => void) | null;
}

const NONE: AreaFilter = { status: 'none', ranges: null, found: null, message: null, retry: null };

export const useAreaFilter = create<AreaFilter>()(() => NONE);

/** Keeps the cells equal to the link's area. The geometry comes when there is an area for the first time. */
export function followArea(snapshot: Snapshot): { readonly settled: () => Promise<void>; readonly stop: () => void } {
  let work: Promise<void> = Promise.resolve();
  let close = () => {};
  const set = (state: Partial<AreaFilter>) => useAreaFilter.setState(state);
  const follow = (text: string | null, opening: boolean) => {
    const area = text === null ? null : parseArea(text);
    if (!area) return set(NONE);
    // No cells at all instead of all cells: nothing may be counted under an area that is not known yet.
    set(opening ? { ...NONE, status: 'working', ranges: [] } : { status: 'working', message: null, retry: null });
    const current = () => useDesk.getState().area === text;
    work = (async () => {
      try {
        const { areaSourceOf } = await import('./area-source.ts');
        const source = areaSourceOf(snapshot);
        close = source.close;
        const found = await source.cells(area, 'filter');
        if (!current()) return;
        if (found.cells > 0) set({ status: 'ready', ranges: found.ranges, found });
        else set({ status: 'empty', found, ...(opening ? { ranges: null } : {}) });
      } catch (thrown) {
        if (!current()) return;
        const message = thrown instanceof Error ? thrown.message : String(thrown);
        const retry = () => follow(text, false);
        set({ status: 'failed', message, found: null, retry, ...(opening ? { ranges: null } : {}) });
      }
    })();
  };
  useAreaFilter.setState(NONE);
  follow(useDesk.getState().area, true);
  const unsubscribe = useDesk.subscribe((state, before) => {
    if (state.area !== before.area) follow(state.area, false);
  });
  return {
    settled: () => work,
    stop: () => {
      unsubscribe();
      close();
    },
  };
}
