import { followArea, useAreaFilter } from '../area/area-filter.ts';
import { translate } from '../i18n/texts.ts';
import { type Coordinator, createCoordinator, type SettledTiming } from '../query/coordinator.ts';
import { lazySql } from '../query/lazy-sql.ts';
import { type DeskPanels, deskPanels } from '../query/panels.ts';
import { beyondBudget, ROW_BUDGET } from '../query/row-budget.ts';
import { loadScan } from '../query/scan/load.ts';
import type { ScanPool } from '../query/scan/pool.ts';
import { startScan } from '../query/scan/start.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { resolveFilters } from '../state/resolve.ts';
import { useDesk } from '../state/store.ts';
import { hooks } from './hooks.ts';

/** One opened snapshot with its query engine. React reads it through a context; it owns no state of its own. */
export interface Session {
  readonly snapshot: Snapshot;
  readonly panels: DeskPanels;
  readonly coordinator: Coordinator;
  /** Starts the workers of the scan and fills them, again after a failure. */
  startEngine(): Promise<void>;
  close(): void;
}

/** A worker that dies again and again is left dead. */
const MAX_STARTS = 4;

export function createSession(snapshot: Snapshot): Session {
  let scan: ScanPool | null = null;
  let starts = 0;
  let closed = false;
  const { setEngine, setProgress } = useDesk.getState();
  const sql = lazySql(snapshot);
  const coordinator = createCoordinator({
    run: sql.run,
    scan: (question) => (scan ? scan.ask(question) : Promise.reject(new Error('the query engine is not running'))),
    nowMs: () => performance.now(),
    onSettled: (timing: SettledTiming) => remember(timing),
  });

  const applyFilters = () =>
    coordinator.setFilters({
      ...resolveFilters(useDesk.getState(), snapshot.manifest, snapshot.divisions).filters,
      area: useAreaFilter.getState().ranges,
    });
  const area = followArea(snapshot);
  const applyResolution = ({ resolution }: { readonly resolution: number | null }) =>
    coordinator.setResolution(resolution ?? snapshot.manifest.grid.overview);
  applyResolution(useDesk.getState());
  applyFilters();
  const unsubscribeArea = useAreaFilter.subscribe((state, before) => {
    if (state.ranges !== before.ranges) applyFilters();
  });
  const unsubscribe = useDesk.subscribe((state, before) => {
    applyResolution(state);
    const same =
      state.weeks === before.weeks &&
      state.sources === before.sources &&
      state.categories === before.categories &&
      state.division === before.division &&
      state.hours === before.hours;
    if (!same) applyFilters();
  });

  async function startEngine(): Promise<void> {
    if (beyondBudget(snapshot.manifest) > 0) {
      const why = translate(useDesk.getState().locale, 'progress.cubesOnly', { budget: ROW_BUDGET });
      setEngine({ status: 'cubes-only', message: why });
      coordinator.setMode({ engine: 'none', preferCubes: true, cubesOnly: why });
      return;
    }
    scan?.close();
    scan = null;
    starts++;
    setEngine({ status: starts === 1 ? 'starting' : 'restarting' });
    try {
      const started = await startScan(snapshot, (reason) => {
        if (scan !== started || closed) return;
        scan = null;
        coordinator.setMode({ engine: 'none', preferCubes: true });
        if (starts < MAX_STARTS) void startEngine();
        else setEngine({ status: 'failed', message: reason });
      });
      if (closed) return started.close();
      scan = started;
      hooks.scan = started;
      await fill(started);
    } catch (thrown) {
      if (!closed) setEngine({ status: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  }

  async function fill(target: ScanPool): Promise<void> {
    setEngine({ status: 'loading' });
    performance.mark('hexsight:engine-ready');
    // A link's area is worked out before anything is counted.
    await area.settled();
    const result = await loadScan(target, snapshot.manifest, (progress) => {
      if (scan !== target) return;
      setProgress(progress);
      coordinator.invalidate({ engine: 'running', preferCubes: true });
    });
    // Another one took its place meanwhile.
    if (scan !== target) return;
    setEngine({ status: 'ready' });
    coordinator.invalidate({ engine: 'running', preferCubes: result.failed.length > 0 });
    starts = 1;
    if (result.failed.length > 0) return;
    hooks.state = 'filters-ready';
    performance.mark('hexsight:filters-ready');
  }

  return {
    snapshot,
    panels: deskPanels(snapshot),
    coordinator,
    startEngine,
    close: () => {
      closed = true;
      unsubscribe();
      unsubscribeArea();
      area.stop();
      scan?.close();
      sql.close();
    },
  };
}

/** Enough for a test; the desk stays open for days. */
function remember(timing: SettledTiming): void {
  hooks.timings.push(timing);
  if (hooks.timings.length > 500) hooks.timings.splice(0, 100);
}
