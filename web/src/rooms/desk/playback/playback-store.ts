import { create } from 'zustand';
import { useDesk } from '../../../state/store.ts';
import type { Speed } from '../../../time/clock.ts';

/** What the bar lets the keyboard do. It knows the clock; keys only name the wish. */
export interface PlaybackControls {
  toggle(): void;
  step(steps: number): void;
  stepWeeks(weeks: number): void;
  toFirst(): void;
  toLast(): void;
  /** 1 = the next longer window. */
  resize(by: 1 | -1): void;
}

/** Counts of the frame on the map, by cell; null = not a cell of it. */
export type CountOf = (cell: { readonly h3: string; readonly resolution: number }) => number | null;

/**
 * What moves while playback runs. Window kind and resting position are in the link (store.ts); a running position is only here, so
 * that a frame neither touches the address nor wakes another panel.
 */
interface PlaybackState {
  readonly speed: Speed;
  /** Last day of the window while it runs; null = at rest. */
  readonly runningDay: number | null;
  /** Runs as soon as its counts are there. */
  readonly wantsRun: boolean;
  /** Locked from the first frame on; null = not open. */
  readonly resolution: number | null;
  readonly controls: PlaybackControls | null;
  readonly countOf: CountOf | null;
}

export const usePlayback = create<PlaybackState>()(() => ({
  speed: 7,
  runningDay: null,
  wantsRun: false,
  resolution: null,
  controls: null,
  countOf: null,
}));

export function openPlayback(): void {
  const { setLayer, setPlayback } = useDesk.getState();
  setLayer('count');
  usePlayback.setState({ wantsRun: true });
  setPlayback({ window: 'step', day: null });
}

export function closePlayback(): void {
  useDesk.getState().setPlayback(null);
}

/** The position goes into the link: when it rests, and now and then while it runs. */
export function rememberDay(day: number): void {
  const { playback, setPlayback } = useDesk.getState();
  if (!playback || playback.day === day) return;
  remembered = { ...playback, day };
  setPlayback(remembered);
}

let remembered: ReturnType<typeof useDesk.getState>['playback'] = null;

useDesk.subscribe(({ playback, layer, setPlayback }, before) => {
  // It plays counts; another layer is another question.
  if (playback && layer !== 'count') return setPlayback(null);
  if (playback === before.playback) return;
  if (!playback) usePlayback.setState({ runningDay: null, wantsRun: false, resolution: null });
  // Back, or an opened link: restored at rest.
  else if (playback !== remembered && playback.day !== before.playback?.day) usePlayback.setState({ runningDay: null });
});
