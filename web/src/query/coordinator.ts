import type { Columns } from './columns.ts';
import { areaAsNumber, type FilterKey, type Filters, NO_FILTERS, without } from './filters.ts';
import type { ScanQuestion } from './scan/messages.ts';
import type { ScanAnswer } from './scan/views.ts';
import { keyOf, type Sql } from './sql.ts';

export type { Columns } from './columns.ts';
export type Run = (query: Sql) => Promise<Columns>;
export type Scan = (question: ScanQuestion) => Promise<ScanAnswer>;

/** The same question for the scan, which answers all standing panels in one pass and knows the owners of filters itself. */
export interface ScanForm<T> {
  /** @param drawn resolution the map draws now */
  readonly question: (filters: Filters, drawn: number) => ScanQuestion;
  /** @param filters without those the panel owns */
  readonly read: (answer: ScanAnswer, filters: Filters) => T;
  /** Asked when the filters have come to rest: the same value in more detail. */
  readonly atRest?: (filters: Filters) => ScanQuestion;
}

/** What a panel asks, as a function of the filters. `owner` = the filter it sets itself and is not narrowed by. */
export interface Panel<T> {
  readonly id: string;
  readonly owner: FilterKey | null;
  /** Smaller runs first; from REST_PRIORITY on only when the filters have come to rest. */
  readonly priority: number;
  readonly query: (filters: Filters) => Sql;
  /** The value to draw. Also called again, with no query, when other filters lead to the same question. */
  readonly decode: (columns: Columns, filters: Filters) => T;
  /** The same answer from the cubes, before all facts are loaded; null = the cubes cannot tell. */
  readonly preview?: (filters: Filters) => T | null;
  /** Used instead of `query` where there is a scan. */
  readonly scan?: ScanForm<T>;
}

/** Panels of this priority or later are not part of what follows the hand. */
export const REST_PRIORITY = 20;
/** Without a change for so long, the filters have come to rest. */
const REST_MS = 180;

export type PanelState<T> =
  | { readonly status: 'loading'; readonly previous: T | null }
  | { readonly status: 'ready'; readonly value: T; readonly basis: 'cube' | 'facts' }
  | { readonly status: 'failed'; readonly message: string; readonly previous: T | null };

export interface QueryTiming {
  readonly panels: readonly string[];
  readonly ms: number;
}
/** From a change of the filters to the last visible panel. */
export interface SettledTiming {
  readonly ms: number;
  readonly queries: readonly QueryTiming[];
}

export interface Coordinator {
  /** Asks now and after every change, until unmounted. */
  mount<T>(panel: Panel<T>, listener: (state: PanelState<T>) => void): () => void;
  setFilters(filters: Filters): void;
  /** `facts`: run queries. `none`: no engine; answers come from the cubes or wait. `preferCubes`: facts are not complete yet. */
  setMode(mode: Mode): void;
  /** The data behind the queries changed: nothing remembered holds any longer. With a mode, both at once. */
  invalidate(mode?: Mode): void;
  retry(panelId: string): void;
  /** Resolution the map draws: the one of which cells are asked while the filters move. */
  setResolution(resolution: number): void;
  /** A panel that is off screen is not asked; back on screen it is asked if anything changed. */
  setVisible(panelId: string, visible: boolean): void;
}
export interface Mode {
  readonly engine: 'none' | 'running';
  readonly preferCubes: boolean;
  /** Nothing but the cubes will ever answer, and why: a panel they cannot answer says so instead of waiting. */
  readonly cubesOnly?: string;
}

export interface CoordinatorOptions {
  readonly run: Run;
  /** null = every panel by `run`. */
  readonly scan?: Scan;
  readonly nowMs: () => number;
  readonly onSettled?: (timing: SettledTiming) => void;
  /** Results remembered. */
  readonly remember?: number;
}

interface Mounted {
  readonly panel: Panel<unknown>;
  readonly listener: (state: PanelState<unknown>) => void;
  read: (answer: unknown) => unknown;
  /** Key of the result it waits for or shows. */
  wanted: string | null;
  /** Key of the detail it got, or waits for, since its last answer. */
  refined: string | null;
  /** The filters it asks under, its own left out, and the same as text. */
  filters: Filters;
  narrowed: string;
  /** Filters whose answer from the cubes it shows: they never change, so it is not drawn a second time. */
  previewed: string | null;
  settled: boolean;
  shown: unknown;
}
interface Question {
  readonly key: string;
  readonly ask: () => Promise<unknown>;
  readonly read: (answer: unknown, filters: Filters) => unknown;
}
interface Job {
  readonly key: string;
  readonly generation: number;
  readonly ask: () => Promise<unknown>;
  readonly waiters: Set<Mounted>;
  /** More detail for panels that have their answer: not kept, and nobody waits for it. */
  readonly refines: boolean;
}

/**
 * One query at a time (the worker has one thread): a panel's newer question replaces its older one while that still waits, equal
 * questions are asked once, answers nobody waits for any longer are not delivered.
 */
export function createCoordinator({ run, scan, nowMs, onSettled, remember = 24 }: CoordinatorOptions): Coordinator {
  const mounted = new Set<Mounted>();
  const waiting = new Map<string, Job>();
  const known = new Map<string, unknown>();
  const hidden = new Set<string>();
  let drawn = 0;
  let atRest = false;
  let restTimer: ReturnType<typeof setTimeout> | undefined;
  let running: Job | null = null;
  let filters = NO_FILTERS;
  let mode: Mode = { engine: 'none', preferCubes: true };
  let generation = 0;
  let batch: { startedMs: number; queries: QueryTiming[] } | null = null;

  function questionOf(panel: Panel<unknown>, narrowed: Filters): Question {
    const form = panel.scan;
    if (form && scan) {
      const question = form.question(filters, drawn);
      const read = (answer: unknown, under: Filters) => form.read(answer as ScanAnswer, under);
      return { key: `scan ${JSON.stringify(question, areaAsNumber)}`, ask: () => scan(question), read };
    }
    const query = panel.query(narrowed);
    const read = (answer: unknown, under: Filters) => panel.decode(answer as Columns, under);
    return { key: keyOf(query), ask: () => run(query), read };
  }

  function ask(member: Mounted): void {
    const { panel } = member;
    if (hidden.has(panel.id)) return;
    const narrowed = without(filters, panel.owner);
    if (mode.preferCubes && panel.preview) {
      const under = narrowedKey(narrowed);
      if (member.previewed === under) return;
      const preview = panel.preview(narrowed);
      if (preview !== null) {
        leaveJobs(member);
        member.wanted = null;
        deliver(member, preview, 'cube');
        member.previewed = under;
        return;
      }
    }
    if (mode.cubesOnly !== undefined) {
      leaveJobs(member);
      member.wanted = null;
      fail(member, mode.cubesOnly);
      return;
    }
    const { key, ask: run, read } = questionOf(panel, narrowed);
    const unchanged = member.wanted === key && member.narrowed === narrowedKey(narrowed);
    if (unchanged) return;
    const underWay = member.wanted === key && !member.settled;
    member.narrowed = narrowedKey(narrowed);
    member.filters = narrowed;
    member.read = (answer) => read(answer, member.filters);
    if (underWay) return;
    leaveJobs(member);
    member.wanted = key;
    member.refined = null;
    const remembered = known.get(key);
    if (remembered !== undefined) {
      deliverAnswer(member, remembered);
      return;
    }
    member.settled = false;
    member.previewed = null;
    member.listener({ status: 'loading', previous: member.shown });
    const sameRuns = running?.key === key && running.generation === generation;
    const job = sameRuns
      ? running!
      : (waiting.get(key) ?? { key, generation, ask: run, waiters: new Set<Mounted>(), refines: false });
    job.waiters.add(member);
    if (job !== running) waiting.set(key, job);
  }

  function leaveJobs(member: Mounted): void {
    running?.waiters.delete(member);
    for (const job of waiting.values()) {
      job.waiters.delete(member);
      if (job.waiters.size === 0) waiting.delete(job.key);
    }
  }

  function next(): void {
    if (running || mode.engine === 'none') return;
    const job = mostUrgent(waiting.values(), atRest);
    if (!job) return;
    waiting.delete(job.key);
    running = job;
    const startedMs = nowMs();
    job.ask().then(
      (answer) => finish(job, startedMs, { answer }, null),
      (thrown: unknown) => finish(job, startedMs, null, thrown instanceof Error ? thrown.message : String(thrown)),
    );
  }

  function finish(
    job: Job,
    startedMs: number,
    done: { readonly answer: unknown } | null,
    message: string | null,
  ): void {
    running = null;
    batch?.queries.push({ panels: [...job.waiters].map((member) => member.panel.id), ms: nowMs() - startedMs });
    if (done && job.generation === generation && !job.refines) keep(job.key, done.answer);
    for (const member of job.waiters) {
      if (done) deliverAnswer(member, done.answer);
      // Whoever has its answer already keeps it.
      else if (!job.refines) fail(member, message ?? 'unknown error');
    }
    next();
    settle();
  }

  function deliverAnswer(member: Mounted, answer: unknown): void {
    try {
      deliver(member, member.read(answer), 'facts');
    } catch (thrown) {
      fail(member, thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  function deliver(member: Mounted, value: unknown, basis: 'cube' | 'facts'): void {
    member.shown = value;
    member.previewed = null;
    member.settled = true;
    member.listener({ status: 'ready', value, basis });
  }

  function fail(member: Mounted, message: string): void {
    member.settled = true;
    member.previewed = null;
    member.listener({ status: 'failed', message, previous: member.shown });
  }

  function keep(key: string, answer: unknown): void {
    known.set(key, answer);
    const oldest = known.keys().next().value;
    if (known.size > remember && oldest !== undefined) known.delete(oldest);
  }

  function askAll(): void {
    batch = { startedMs: nowMs(), queries: [] };
    atRest = false;
    for (const member of mounted) ask(member);
    next();
    settle();
    clearTimeout(restTimer);
    restTimer = setTimeout(rest, REST_MS);
  }

  function rest(): void {
    atRest = true;
    for (const member of mounted) refine(member);
    next();
  }

  function refine(member: Mounted): void {
    const question = member.panel.scan?.atRest?.(filters);
    // Not before its first answer: the rest comes again after it.
    if (!question || !scan || member.wanted === null || hidden.has(member.panel.id) || mode.engine === 'none') return;
    const key = `scan ${JSON.stringify(question)}`;
    if (key === member.wanted || key === member.refined) return;
    member.refined = key;
    const job = waiting.get(key) ?? {
      key,
      generation,
      ask: () => scan(question),
      waiters: new Set<Mounted>(),
      refines: true,
    };
    job.waiters.add(member);
    waiting.set(key, job);
  }

  function settle(): void {
    if (!batch) return;
    for (const member of mounted) {
      const waited = member.panel.priority < REST_PRIORITY && !hidden.has(member.panel.id);
      if (waited && !member.settled) return;
    }
    const { startedMs, queries } = batch;
    batch = null;
    onSettled?.({ ms: nowMs() - startedMs, queries });
  }

  return {
    mount<T>(panel: Panel<T>, listener: (state: PanelState<T>) => void) {
      const member: Mounted = {
        panel: panel as Panel<unknown>,
        listener: listener as (state: PanelState<unknown>) => void,
        read: () => null,
        wanted: null,
        refined: null,
        filters,
        narrowed: '',
        previewed: null,
        settled: false,
        shown: null,
      };
      mounted.add(member);
      ask(member);
      if (atRest) refine(member);
      next();
      return () => {
        leaveJobs(member);
        mounted.delete(member);
      };
    },
    setFilters(value) {
      filters = value;
      askAll();
    },
    setMode(value) {
      mode = value;
      askAll();
    },
    invalidate(value = mode) {
      mode = value;
      generation++;
      known.clear();
      waiting.clear();
      running?.waiters.clear();
      for (const member of mounted) member.wanted = null;
      askAll();
    },
    setResolution(resolution) {
      drawn = resolution;
    },
    setVisible(panelId, visible) {
      if (!visible) return void hidden.add(panelId);
      if (!hidden.delete(panelId)) return;
      for (const member of mounted) if (member.panel.id === panelId) ask(member);
      next();
      settle();
    },
    retry(panelId) {
      for (const member of mounted) {
        if (member.panel.id !== panelId) continue;
        leaveJobs(member);
        member.wanted = null;
        ask(member);
      }
      next();
    },
  };
}

function narrowedKey(filters: Filters): string {
  return JSON.stringify(filters, areaAsNumber);
}

function mostUrgent(jobs: Iterable<Job>, atRest: boolean): Job | null {
  let best: Job | null = null;
  let bestPriority = Number.POSITIVE_INFINITY;
  for (const job of jobs) {
    const own = Math.min(...[...job.waiters].map((member) => member.panel.priority));
    const priority = job.refines ? REST_PRIORITY + own : own;
    if (priority >= REST_PRIORITY && !atRest) continue;
    if (priority < bestPriority) {
      best = job;
      bestPriority = priority;
    }
  }
  return best;
}
