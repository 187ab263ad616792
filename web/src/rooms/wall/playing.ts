import { create } from 'zustand';
import { firstPosition, lastPosition, moved, movedWeeks } from '../../time/clock.ts';
import { readyPart } from './load-wall.ts';
import type { PlayedWeeks } from './played-weeks.ts';
import { stopOf } from './tour.ts';
import { useWall } from './wall-store.ts';

/** Where the weeks of the tour stand. The clock is the one of the desk; here is only the moment. */
interface Playing {
  /** Index of the week on the map; null = the tour stands elsewhere. */
  readonly at: number | null;
  readonly running: boolean;
}

export const usePlaying = create<Playing>()(() => ({ at: null, running: false }));

/** Id of the stop that plays. */
export const WEEKS_STOP = 'weeks';
/** One week of data a second. */
const WEEK_MS = 1000;
/** Weeks of Shift + arrow. */
const LONG_STEP = 4;

export const playedOf = (): PlayedWeeks | null =>
  readyPart(useWall.getState().shown?.data.played ?? { status: 'absent' });

function atStop(): PlayedWeeks | null {
  return stopOf(useWall.getState().tour)?.id === WEEKS_STOP ? playedOf() : null;
}

/** Stops where it is. */
export function holdWeeks(): void {
  if (usePlaying.getState().running) usePlaying.setState({ running: false });
}

function play(played: PlayedWeeks, from: number | null): void {
  const start = from === null || from >= lastPosition(played.clock) ? firstPosition(played.clock) : from;
  // Whoever asked for less motion gets the last week, and the keys.
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  usePlaying.setState(calm ? { at: lastPosition(played.clock), running: false } : { at: start, running: true });
}

/** Plays while the tour stands at its stop; one timer, and none otherwise. @returns stops it */
export function followTour(): () => void {
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    const played = atStop();
    const { at } = usePlaying.getState();
    if (!played || at === null) return;
    const next = moved(played.clock, at, 1);
    usePlaying.setState({ at: next, running: next < lastPosition(played.clock) });
  };
  const stopTimer = usePlaying.subscribe(({ running }, before) => {
    if (running === before.running) return;
    clearInterval(timer);
    if (running) timer = setInterval(tick, WEEK_MS);
  });
  const follow = () => {
    const played = atStop();
    const { at } = usePlaying.getState();
    if (!played) {
      if (at !== null) usePlaying.setState({ at: null, running: false });
    } else if (at === null) play(played, null);
    // Another snapshot: its weeks may be others.
    else if (at < firstPosition(played.clock) || at > lastPosition(played.clock))
      usePlaying.setState({ at: lastPosition(played.clock), running: false });
  };
  const stopFollow = useWall.subscribe((state, before) => {
    if (state.tour === before.tour && state.shown === before.shown) return;
    follow();
    const { frozen, pausedUntilMs } = state.tour;
    // Frozen or pinned: it stands still. A touch holds it too, but the step that led here is no touch.
    if (frozen && !before.tour.frozen) holdWeeks();
    const touched = pausedUntilMs !== before.tour.pausedUntilMs && stopOf(before.tour)?.id === WEEKS_STOP;
    if (touched && pausedUntilMs !== null) holdWeeks();
  });
  follow();
  return () => {
    clearInterval(timer);
    stopTimer();
    stopFollow();
    usePlaying.setState({ at: null, running: false });
  };
}

/** Keys while the weeks are on the map; true = taken. At either end the arrows go on with the tour. */
export function onWeekKey({ key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>): boolean {
  const played = atStop();
  const { at, running } = usePlaying.getState();
  if (!played || at === null) return false;
  const { clock } = played;
  const to = (next: number) => {
    useWall.getState().tell({ kind: 'touched' });
    usePlaying.setState({ at: next, running: false });
    return true;
  };
  switch (key) {
    case ' ':
      useWall.getState().tell({ kind: 'touched' });
      if (!running) play(played, at);
      return true;
    case 'ArrowRight':
      return at < lastPosition(clock) && to(shiftKey ? movedWeeks(clock, at, LONG_STEP) : moved(clock, at, 1));
    case 'ArrowLeft':
      return at > firstPosition(clock) && to(shiftKey ? movedWeeks(clock, at, -LONG_STEP) : moved(clock, at, -1));
    case 'Home':
      return to(firstPosition(clock));
    case 'End':
      return to(lastPosition(clock));
    default:
      return false;
  }
}
