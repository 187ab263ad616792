import { type FilterKey, type Filters, filtersKey, NO_FILTERS, without } from './filters.ts';
import { keyOf, type Sql } from './sql.ts';

/** Columns of a result by name. */
export type Columns = Readonly<Record<string, ArrayLike<number>>>;
export type Run = (query: Sql) => Promise<Columns>;

/** What a panel asks, as a function of the filters. `owner` = the filter it sets itself and is not narrowed by. */
export interface Panel<T> {
  readonly id: string;
  readonly owner: FilterKey | null;
  /** Smaller runs first. */
  readonly priority: number;
  readonly query: (filters: Filters) => Sql;
  /** The value to draw. Also called again, with no query, when other filters lead to the same question. */
  readonly decode: (columns: Columns, filters: Filters) => T;
  /** The same answer from the cubes, before all facts are loaded; null = the cubes cannot tell. */
  readonly preview?: (filters: Filters) => T | null;
}

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
  /** The data behind the queries changed: nothing remembered holds any longer. */
  invalidate(): void;
  retry(panelId: string): void;
}
export interface Mode {
  readonly engine: 'none' | 'running';
  readonly preferCubes: boolean;
}

export interface CoordinatorOptions {
  readonly run: Run;
  readonly nowMs: () => number;
  readonly onSettled?: (timing: SettledTiming) => void;
  /** Results remembered. */
  readonly remember?: number;
}

interface Mounted {
  readonly panel: Panel<unknown>;
  readonly listener: (state: PanelState<unknown>) => void;
  /** Key of the result it waits for or shows. */
  wanted: string | null;
  /** The filters it asks under, its own left out, and the same as text. */
  filters: Filters;
  narrowed: string;
  settled: boolean;
  shown: unknown;
}
interface Job {
  readonly key: string;
  readonly generation: number;
  readonly query: Sql;
  readonly waiters: Set<Mounted>;
}

/**
 * One query at a time (the worker has one thread): a panel's newer question replaces its older one while that still waits, equal
 * questions are asked once, answers nobody waits for any longer are not delivered.
 */
export function createCoordinator({ run, nowMs, onSettled, remember = 64 }: CoordinatorOptions): Coordinator {
  const mounted = new Set<Mounted>();
  const waiting = new Map<string, Job>();
  const known = new Map<string, Columns>();
  let running: Job | null = null;
  let filters = NO_FILTERS;
  let mode: Mode = { engine: 'none', preferCubes: true };
  let generation = 0;
  let batch: { startedMs: number; queries: QueryTiming[] } | null = null;

  function ask(member: Mounted): void {
    const { panel } = member;
    const narrowed = without(filters, panel.owner);
    const preview = mode.preferCubes ? (panel.preview?.(narrowed) ?? null) : null;
    if (preview !== null) {
      leaveJobs(member);
      member.wanted = null;
      deliver(member, preview, 'cube');
      return;
    }
    const query = panel.query(narrowed);
    const key = keyOf(query);
    const unchanged = member.wanted === key && member.narrowed === filtersKey(narrowed);
    if (unchanged) return;
    const underWay = member.wanted === key && !member.settled;
    member.narrowed = filtersKey(narrowed);
    member.filters = narrowed;
    if (underWay) return;
    leaveJobs(member);
    member.wanted = key;
    const remembered = known.get(key);
    if (remembered) {
      deliverColumns(member, remembered);
      return;
    }
    member.settled = false;
    member.listener({ status: 'loading', previous: member.shown });
    const sameRuns = running?.key === key && running.generation === generation;
    const job = sameRuns ? running! : (waiting.get(key) ?? { key, generation, query, waiters: new Set<Mounted>() });
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
    const job = mostUrgent(waiting.values());
    if (!job) return;
    waiting.delete(job.key);
    running = job;
    const startedMs = nowMs();
    run(job.query).then(
      (columns) => finish(job, startedMs, columns, null),
      (thrown: unknown) => finish(job, startedMs, null, thrown instanceof Error ? thrown.message : String(thrown)),
    );
  }

  function finish(job: Job, startedMs: number, columns: Columns | null, message: string | null): void {
    running = null;
    batch?.queries.push({ panels: [...job.waiters].map((member) => member.panel.id), ms: nowMs() - startedMs });
    if (columns && job.generation === generation) keep(job.key, columns);
    for (const member of job.waiters) {
      if (columns) deliverColumns(member, columns);
      else fail(member, message ?? 'unknown error');
    }
    next();
    settle();
  }

  function deliverColumns(member: Mounted, columns: Columns): void {
    try {
      deliver(member, member.panel.decode(columns, member.filters), 'facts');
    } catch (thrown) {
      fail(member, thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  function deliver(member: Mounted, value: unknown, basis: 'cube' | 'facts'): void {
    member.shown = value;
    member.settled = true;
    member.listener({ status: 'ready', value, basis });
  }

  function fail(member: Mounted, message: string): void {
    member.settled = true;
    member.listener({ status: 'failed', message, previous: member.shown });
  }

  function keep(key: string, columns: Columns): void {
    known.set(key, columns);
    const oldest = known.keys().next().value;
    if (known.size > remember && oldest !== undefined) known.delete(oldest);
  }

  function askAll(): void {
    batch = { startedMs: nowMs(), queries: [] };
    for (const member of mounted) ask(member);
    next();
    settle();
  }

  function settle(): void {
    if (!batch || running || waiting.size > 0) return;
    for (const member of mounted) if (!member.settled) return;
    const { startedMs, queries } = batch;
    batch = null;
    onSettled?.({ ms: nowMs() - startedMs, queries });
  }

  return {
    mount<T>(panel: Panel<T>, listener: (state: PanelState<T>) => void) {
      const member: Mounted = {
        panel: panel as Panel<unknown>,
        listener: listener as (state: PanelState<unknown>) => void,
        wanted: null,
        filters,
        narrowed: '',
        settled: false,
        shown: null,
      };
      mounted.add(member);
      ask(member);
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
    invalidate() {
      generation++;
      known.clear();
      waiting.clear();
      running?.waiters.clear();
      for (const member of mounted) member.wanted = null;
      askAll();
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

function mostUrgent(jobs: Iterable<Job>): Job | null {
  let best: Job | null = null;
  let bestPriority = Number.POSITIVE_INFINITY;
  for (const job of jobs) {
    const priority = Math.min(...[...job.waiters].map((member) => member.panel.priority));
    if (priority < bestPriority) {
      best = job;
      bestPriority = priority;
    }
  }
  return best;
}
