import type { Snapshot } from '../../snapshot/snapshot.ts';
import { useDesk } from '../../state/store.ts';
import { Command, openLine, type Report } from './channel.ts';
import { keepCopy } from './copy.ts';
import { localMinute } from './freshness.ts';
import { entryOf, parseJournal, withEntry } from './journal.ts';
import { adopt, keeperOf } from './keeper.ts';
import { readyPart } from './load-wall.ts';
import { divisionBox, nameOfDivision } from './model.ts';
import { pin } from './pin.ts';
import { followTour } from './playing.ts';
import { keep, readKept } from './storage.ts';
import { nextStepMs, type Stop, stopOf } from './tour.ts';
import { localFormat, localMinuteAt } from './wall-clock.ts';
import { type Shown, useWall } from './wall-store.ts';
import { heapSlope, nextStage, type Sample } from './watchdog.ts';

/** Everything on a wall that happens by itself: looking for snapshots, the tour, the clock, the watchdog. No loop of frames. */
const LOOK_EVERY_MS = 60_000;
const WATCH_EVERY_MS = 30_000;
const DRIFT_EVERY_MS = 180_000;
const HEARTBEAT_EVERY_MS = 30_000;
const FLUSH_EVERY_MS = 250;
const DRIFTS = [
  [0, 0],
  [1, 0],
  [2, 1],
  [1, 2],
  [0, 1],
] as const;
const SAMPLES = 240;

export const JOURNAL = 'hexsight.wall.journal';
const STATE = 'hexsight.wall.state';
const RELOADS = 'hexsight.wall.reloads';

export interface WallRuntime {
  /** For tests: one look for a newer snapshot, now. */
  look(): Promise<void>;
  stop(): void;
}

declare global {
  interface Window {
    /** For tests: what a minute would bring, at once. */
    __hexsightWall?: { readonly look: () => Promise<void>; readonly step: () => void };
  }
}

export function startWall(snapshot: Snapshot): WallRuntime {
  const timers = new Set<ReturnType<typeof setInterval>>();
  const every = (ms: number, act: () => void) => timers.add(setInterval(act, ms));
  const { options } = useWall.getState();
  const startedMs = Date.now();
  const format = localFormat(snapshot.manifest.zone);
  const tellTime = () => {
    const { health, setNow } = useWall.getState();
    const ms = Date.now() + (health.serverOffsetMs ?? 0); // not said yet: the machine's own
    setNow(
      options.clock === null
        ? localMinuteAt(ms, format)
        : Math.floor(localMinute(options.clock) + (Date.now() - startedMs) / 60_000),
    );
  };

  const settled = (adopted: Snapshot): void => {
    remember(adopted);
    void keepCopy(adopted.manifest).then((copy) => useWall.getState().setHealth({ copy }));
  };
  const keeper = keeperOf(settled, () => reload('other-ground'));
  const look = () => keeper.look().finally(tellTime);

  tellTime();
  if (!useWall.getState().shown)
    void adopt(snapshot, true).then(() => {
      restoreStop();
      settled(snapshot);
      void look();
    });
  else void look();

  every(LOOK_EVERY_MS, () => void look());
  every(1000 * 15, tellTime);
  every(DRIFT_EVERY_MS, () => {
    const [x, y] = DRIFTS[Math.floor(performance.now() / DRIFT_EVERY_MS) % DRIFTS.length]!;
    useWall.getState().setDrift({ x, y });
  });
  every(HEARTBEAT_EVERY_MS, () => useWall.getState().tell({ kind: 'heartbeat', locale: tongue() }));
  const stopWatch = watch(every);
  const stopTour = runTour();
  const stopPlaying = followTour();
  const line = openLine<Report, Command>(Command, obey);
  let reportTimer: ReturnType<typeof setTimeout> | null = null;
  const report = () => {
    reportTimer ??= setTimeout(() => {
      reportTimer = null;
      line.say(reportNow());
    }, FLUSH_EVERY_MS);
  };
  const stopReport = useWall.subscribe(report);
  report();

  const resized = () => useWall.getState().setSize({ width: window.innerWidth, height: window.innerHeight });
  // A machine that slept: clock, size and data are looked at before anything is believed.
  const woke = () => {
    if (document.visibilityState !== 'visible') return;
    resized();
    void look();
  };
  resized();
  window.addEventListener('resize', resized);
  document.addEventListener('visibilitychange', woke);
  window.addEventListener('online', woke);
  window.__hexsightWall = { look, step: () => useWall.getState().tell({ kind: 'step', by: 1 }) };

  function obey(command: Command): void {
    const { tell, setOperator, shown } = useWall.getState();
    switch (command.kind) {
      case 'hello':
        report();
        break;
      case 'go':
        setOperator({ pinned: null });
        tell({ kind: 'go', id: command.id });
        break;
      case 'visit': {
        const stop = shown && visitOf(shown, command.division);
        setOperator({ pinned: null });
        if (stop) tell({ kind: 'visit', stop });
        break;
      }
      case 'pin':
        pin(command.id);
        break;
      case 'freeze':
        tell(command.frozen ? { kind: 'freeze', frozen: true } : { kind: 'resume' });
        break;
      case 'step':
        setOperator({ pinned: null });
        tell({ kind: 'step', by: command.by });
        break;
      case 'resume':
        setOperator({ pinned: null });
        tell({ kind: 'resume' });
        break;
      case 'caption':
        setOperator({ caption: command.text });
        break;
      default:
        command satisfies never;
    }
  }

  return {
    look,
    stop: () => {
      for (const timer of timers) clearInterval(timer);
      if (reportTimer) clearTimeout(reportTimer);
      stopTour();
      stopPlaying();
      stopWatch();
      stopReport();
      line.close();
      window.removeEventListener('resize', resized);
      document.removeEventListener('visibilitychange', woke);
      window.removeEventListener('online', woke);
      delete window.__hexsightWall;
    },
  };
}

const tongue = (): 'zh' | 'en' => (useDesk.getState().locale === 'en' ? 'en' : 'zh');

/** One timer for the next step, set anew whenever the tour changes: nothing piles up while a window sleeps. */
function runTour(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const plan = () => {
    clearTimeout(timer);
    const due = nextStepMs(useWall.getState().tour, tongue());
    if (due === null) return;
    timer = setTimeout(() => useWall.getState().tell({ kind: 'due' }), Math.max(0, due - performance.now()) + 20);
  };
  const stop = useWall.subscribe((state, before) => {
    if (state.tour !== before.tour) plan();
  });
  plan();
  return () => {
    clearTimeout(timer);
    stop();
  };
}

function watch(every: (ms: number, act: () => void) => void): () => void {
  const samples: Sample[] = [];
  let steppedAtMs = 0;
  let stopped = false;
  useWall.getState().setHealth({ reloads: Number(readKept(RELOADS) ?? 0) || 0 });
  every(WATCH_EVERY_MS, () => {
    if (document.visibilityState !== 'visible') return;
    const asked = performance.now();
    requestAnimationFrame(() => {
      if (stopped) return;
      const frameMs = performance.now() - asked;
      const heapMb = usedHeapMb();
      samples.push({ atMs: Date.now(), heapMb, frameMs });
      if (samples.length > SAMPLES) samples.shift();
      const { health, setHealth, rebuild, tour } = useWall.getState();
      const stage = nextStage(samples, health.stage, steppedAtMs);
      if (stage > health.stage) {
        steppedAtMs = Date.now();
        if (stage === 1) performance.clearResourceTimings();
        if (stage === 2) rebuild();
      }
      setHealth({ stage, heapMb, frameMs: Math.round(frameMs), heapSlopeMb: heapSlope(samples) });
      // A quiet minute: no alert of level Ⅰ on the wall, nobody at it.
      if (stage === 3 && stopOf(tour)?.level !== 1 && (tour.pausedUntilMs ?? 0) < performance.now()) reload('watchdog');
    });
  });
  return () => {
    stopped = true;
  };
}

/** Chromium only. */
export function usedHeapMb(): number | null {
  const { memory } = performance as { readonly memory?: { readonly usedJSHeapSize: number } };
  return memory ? Math.round(memory.usedJSHeapSize / 1e5) / 10 : null;
}

/** Keeps what the operator had set, counts, and opens the page anew. */
export function reload(reason: string): void {
  const { tour, pinned, caption } = useWall.getState();
  const state = { stop: stopOf(tour)?.id ?? null, frozen: tour.frozen, jumped: tour.jumped, pinned, caption, reason };
  keep(STATE, JSON.stringify(state));
  keep(RELOADS, String((Number(readKept(RELOADS) ?? 0) || 0) + 1));
  location.reload();
}

/** After a reload of its own the wall stands where it stood. */
function restoreStop(): void {
  const text = readKept(STATE);
  if (text === null) return;
  keep(STATE, '');
  try {
    const said: unknown = JSON.parse(text || 'null');
    const { stop, frozen, pinned, caption } = (said ?? {}) as Readonly<Record<string, unknown>>;
    const { tell, setOperator } = useWall.getState();
    if (typeof stop === 'string') {
      tell({ kind: 'go', id: stop });
      tell(frozen === true ? { kind: 'freeze', frozen: true } : { kind: 'resume' });
    }
    setOperator({
      pinned: typeof pinned === 'string' ? pinned : null,
      caption: typeof caption === 'string' ? caption : null,
    });
  } catch {
    // Damaged: the tour starts at its first stop.
  }
}

function remember(snapshot: Snapshot): void {
  const alerts = readyPart(useWall.getState().shown?.data.alerts ?? { status: 'absent' });
  if (!alerts) return;
  const journal = parseJournal(readKept(JOURNAL));
  const next = withEntry(journal, entryOf(alerts, snapshot.manifest.snapshot, Date.now()));
  if (next !== journal) keep(JOURNAL, JSON.stringify(next));
}

function visitOf({ data }: Shown, code: string): Stop | null {
  const id = data.snapshot.divisions.code.indexOf(code);
  const bounds = id <= 0 ? null : divisionBox(data, id);
  return (
    bounds && { id: `visit/${code}`, kind: 'place', bounds, level: null, caption: nameOfDivision(data.snapshot, id) }
  );
}

function reportNow(): Report {
  const { shown, tour, pinned, caption, health, size, options } = useWall.getState();
  return {
    kind: 'report',
    snapshot: shown?.data.snapshot.manifest.snapshot ?? '',
    at: stopOf(tour)?.id ?? null,
    frozen: tour.frozen,
    paused: tour.pausedUntilMs !== null && tour.pausedUntilMs > performance.now(),
    pinned,
    caption,
    stops: tour.stops.map(({ id, level, caption: words }) => ({ id, level, caption: words })),
    health: {
      adoptedAt: shown ? new Date(shown.adoptedAtMs).toISOString() : null,
      uptimeMin: Math.round(performance.now() / 60_000),
      lostSince: health.lostSinceMs === null ? null : new Date(health.lostSinceMs).toISOString(),
      lastAnswer: health.lastAnswerMs === null ? null : new Date(health.lastAnswerMs).toISOString(),
      serverOffsetS: health.serverOffsetMs === null ? null : Math.round(health.serverOffsetMs / 1000),
      refused: health.refused ? `${health.refused.file}: ${health.refused.detail}` : null,
      swaps: health.swaps,
      contextLosses: health.contextLosses,
      mapError: health.mapError,
      mapRatio: health.mapRatio,
      copy: health.copy,
      stage: health.stage,
      heapMb: health.heapMb,
      heapSlopeMb: health.heapSlopeMb === null ? null : Math.round(health.heapSlopeMb * 10) / 10,
      frameMs: health.frameMs,
      reloads: health.reloads,
      canvas: `${size.width}×${size.height} @${devicePixelRatio}`,
      tiles: options.tiles ? `${options.tiles.columns}×${options.tiles.rows}` : null,
    },
  };
}
