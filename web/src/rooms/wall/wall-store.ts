import { create } from 'zustand';
import type { SnapshotProblem } from '../../snapshot/problem.ts';
import type { WallData } from './load-wall.ts';
import type { WallModel } from './model.ts';
import { EMPTY_TOUR, type TourEvent, type TourState, tourAfter } from './tour.ts';
import { parseOptions, type WallOptions } from './wall-options.ts';
import type { Stage } from './watchdog.ts';

/** A snapshot as it is shown: one value, so that all panels change in one step. */
export interface Shown {
  readonly data: WallData;
  readonly model: WallModel;
  readonly adoptedAtMs: number;
}

export interface WallHealth {
  /** Since when the server has not answered; null = it does. Machine clock. */
  readonly lostSinceMs: number | null;
  readonly lastAnswerMs: number | null;
  readonly serverOffsetMs: number | null;
  /** A newer snapshot that could not be taken over. */
  readonly refused: SnapshotProblem | null;
  readonly swaps: number;
  readonly contextLosses: number;
  readonly mapError: string | null;
  readonly mapRatio: number | null;
  /** Whether a copy is kept for a start without the server. */
  readonly copy: 'none' | 'not-possible' | 'kept' | 'failed';
  readonly stage: Stage;
  readonly heapMb: number | null;
  readonly heapSlopeMb: number | null;
  readonly frameMs: number | null;
  readonly reloads: number;
}

interface WallState {
  readonly options: WallOptions;
  readonly shown: Shown | null;
  readonly tour: TourState;
  readonly pinned: string | null;
  readonly caption: string | null;
  /** Local minute of the city by the clock that is trusted. */
  readonly nowMinute: number;
  /** CSS pixels by which what stands still is moved, so that nothing burns in. */
  readonly drift: { readonly x: number; readonly y: number };
  readonly size: { readonly width: number; readonly height: number };
  /** Counts up when the layers are to be built anew. */
  readonly rebuilds: number;
  readonly health: WallHealth;
  readonly setShown: (shown: Shown) => void;
  readonly tell: (event: TourEvent) => void;
  readonly setOperator: (said: Partial<Pick<WallState, 'pinned' | 'caption'>>) => void;
  readonly setNow: (nowMinute: number) => void;
  readonly setDrift: (drift: { readonly x: number; readonly y: number }) => void;
  readonly setSize: (size: { readonly width: number; readonly height: number }) => void;
  readonly rebuild: () => void;
  readonly setHealth: (health: Partial<WallHealth>) => void;
  readonly setOptions: (options: WallOptions) => void;
}

export const useWall = create<WallState>()((set) => {
  const options = parseOptions(location.search);
  return {
    options,
    shown: null,
    tour: { ...EMPTY_TOUR, off: !options.tour },
    pinned: null,
    caption: null,
    nowMinute: Math.floor(Date.now() / 60_000),
    drift: { x: 0, y: 0 },
    size: { width: window.innerWidth, height: window.innerHeight },
    rebuilds: 0,
    health: {
      lostSinceMs: null,
      lastAnswerMs: null,
      serverOffsetMs: null,
      refused: null,
      swaps: 0,
      contextLosses: 0,
      mapError: null,
      mapRatio: null,
      copy: 'none',
      stage: 0,
      heapMb: null,
      heapSlopeMb: null,
      frameMs: null,
      reloads: 0,
    },
    setShown: (shown) => set({ shown }),
    tell: (event) => set((state) => ({ tour: tourAfter(state.tour, event, performance.now()) })),
    setOperator: (said) => set(said),
    setNow: (nowMinute) => set((state) => (state.nowMinute === nowMinute ? state : { nowMinute })),
    setDrift: (drift) => set({ drift }),
    setSize: (size) => set({ size }),
    rebuild: () => set((state) => ({ rebuilds: state.rebuilds + 1 })),
    setHealth: (health) => set((state) => ({ health: { ...state.health, ...health } })),
    setOptions: (next) => set({ options: next }),
  };
});
