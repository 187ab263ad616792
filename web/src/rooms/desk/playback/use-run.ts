import { useEffect, useRef } from 'react';
import { useRoom } from '../../../state/room.ts';
import { useDesk } from '../../../state/store.ts';
import {
  advanced,
  type Clock,
  dayAt,
  firstPosition,
  lastPosition,
  moved,
  movedWeeks,
  positionOf,
  WINDOW_KINDS,
} from '../../../time/clock.ts';
import { rememberDay, usePlayback } from './playback-store.ts';

/** A tab that was asleep does not jump ahead. */
const LONGEST_FRAME_MS = 250;
/** While it runs the address follows this often. */
const REMEMBER_MS = 1000;

export function reducedMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Stops where it is. */
export function pause(): void {
  const { runningDay } = usePlayback.getState();
  usePlayback.setState({ runningDay: null, wantsRun: false });
  if (runningDay !== null) rememberDay(runningDay);
}

/** Drives the clock while it runs, and hands its controls to the keyboard. */
export function useRun(clock: Clock | null, at: number): void {
  const running = usePlayback(({ runningDay }) => runningDay !== null);
  const wantsRun = usePlayback((playback) => playback.wantsRun);
  const latest = useRef({ clock, at });
  latest.current = { clock, at };

  useEffect(() => {
    if (!wantsRun || !clock) return;
    usePlayback.setState({
      wantsRun: false,
      ...(reducedMotion() ? {} : { runningDay: dayAt(clock, latest.current.at) }),
    });
  }, [wantsRun, clock]);

  useEffect(() => {
    if (!running) return;
    let request = 0;
    let lastMs: number | null = null;
    let rememberedMs = 0;
    let carryDays = 0;
    const tick = (nowMs: number) => {
      const { clock: present, at: from } = latest.current;
      const { speed } = usePlayback.getState();
      if (useRoom.getState().room !== 'desk') return pause();
      request = requestAnimationFrame(tick);
      const elapsedMs = lastMs === null ? 0 : Math.min(LONGEST_FRAME_MS, nowMs - lastMs);
      lastMs = nowMs;
      if (!present) return;
      const next = advanced(present, { at: from, carryDays }, { elapsedMs, speed });
      carryDays = next.carryDays;
      const day = dayAt(present, next.at);
      if (next.at !== from) usePlayback.setState({ runningDay: day });
      if (next.ended) return pause();
      if (nowMs - rememberedMs < REMEMBER_MS) return;
      rememberedMs = nowMs;
      rememberDay(day);
    };
    request = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(request);
  }, [running]);

  useEffect(() => {
    const goTo = (position: (clock: Clock, at: number) => number) => {
      const { clock: present, at: from } = latest.current;
      if (!present) return;
      usePlayback.setState({ runningDay: null });
      rememberDay(dayAt(present, position(present, from)));
    };
    usePlayback.setState({
      controls: {
        toggle: () => {
          const { clock: present, at: from } = latest.current;
          if (usePlayback.getState().runningDay !== null) return pause();
          if (!present) return usePlayback.setState({ wantsRun: true });
          if (reducedMotion()) return goTo((of, position) => moved(of, position, 1));
          // At the end it begins anew.
          const start = from >= lastPosition(present) ? firstPosition(present) : from;
          usePlayback.setState({ runningDay: dayAt(present, start) });
        },
        step: (steps) => goTo((of, from) => moved(of, from, steps)),
        stepWeeks: (weeks) => goTo((of, from) => movedWeeks(of, from, weeks)),
        toFirst: () => goTo(firstPosition),
        toLast: () => goTo(lastPosition),
        resize: (by) => {
          const { playback, setPlayback } = useDesk.getState();
          const { clock: present, at: from } = latest.current;
          if (!playback) return;
          const window = WINDOW_KINDS[WINDOW_KINDS.indexOf(playback.window) + by];
          if (!window) return;
          const day = present ? dayAt(present, from) : playback.day;
          usePlayback.setState({ runningDay: null });
          setPlayback({ window, day });
        },
      },
    });
    return () => usePlayback.setState({ controls: null });
  }, []);
}

export function seek(clock: Clock, day: number): void {
  usePlayback.setState({ runningDay: null });
  rememberDay(dayAt(clock, positionOf(clock, day)));
}
