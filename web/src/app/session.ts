import { tableFromArrays, tableToIPC, uint32 } from '@uwdata/flechette';
import { followArea, useAreaFilter } from '../area/area-filter.ts';
import { type Coordinator, createCoordinator, type SettledTiming } from '../query/coordinator.ts';
import type { Engine } from '../query/engine.ts';
import { loadFacts } from '../query/facts-loader.ts';
import { type DeskPanels, deskPanels } from '../query/panels.ts';
import type { Sql } from '../query/sql.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { resolveFilters } from '../state/resolve.ts';
import { useDesk } from '../state/store.ts';
import { hooks } from './hooks.ts';

/** One opened snapshot with its query engine. React reads it through a context; it owns no state of its own. */
export interface Session {
  readonly snapshot: Snapshot;
  readonly panels: DeskPanels;
  readonly coordinator: Coordinator;
  /** Starts the engine and fills it, again after a failure. */
  startEngine(): Promise<void>;
  close(): void;
}

/** A worker that dies again and again is left dead. */
const MAX_STARTS = 4;

export function createSession(snapshot: Snapshot): Session {
  let engine: Engine | null = null;
  let starts = 0;
  let closed = false;
  const { setEngine, setProgress } = useDesk.getState();
  const run = (query: Sql) =>
    engine ? engine.run(query) : Promise.reject(new Error('the query engine is not running'));
  const coordinator = createCoordinator({
    run,
    nowMs: () => performance.now(),
    onSettled: (timing: SettledTiming) => remember(timing),
  });

  const applyFilters = () =>
    coordinator.setFilters({
      ...resolveFilters(useDesk.getState(), snapshot.manifest, snapshot.divisions).filters,
      area: useAreaFilter.getState().ranges,
    });
  const area = followArea(snapshot);
  applyFilters();
  const unsubscribeArea = useAreaFilter.subscribe((state, before) => {
    if (state.ranges !== before.ranges) applyFilters();
  });
  const unsubscribe = useDesk.subscribe((state, before) => {
    const same =
      state.weeks === before.weeks &&
      state.sources === before.sources &&
      state.categories === before.categories &&
      state.division === before.division;
    if (!same) applyFilters();
  });

  async function startEngine(): Promise<void> {
    engine?.close();
    engine = null;
    starts++;
    setEngine({ status: starts === 1 ? 'starting' : 'restarting' });
    try {
      // 8 MB compressed: not part of what the first map waits for.
      const { startEngine: start } = await import('../query/engine.ts');
      const started = await start((reason) => {
        if (engine !== started || closed) return;
        coordinator.setMode({ engine: 'none', preferCubes: true });
        if (starts < MAX_STARTS) void startEngine();
        else setEngine({ status: 'failed', message: reason });
      });
      if (closed) return started.close();
      engine = started;
      await fill(started);
    } catch (thrown) {
      if (!closed) setEngine({ status: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  }

  async function fill(target: Engine): Promise<void> {
    setEngine({ status: 'loading' });
    performance.mark('hexsight:engine-ready');
    // A link's area is worked out before anything is counted.
    await area.settled();
    const result = await loadFacts(target, snapshot.manifest, snapshot.bytesOnce, (progress) => {
      setProgress(progress);
      coordinator.invalidate();
      coordinator.setMode({ engine: 'running', preferCubes: true });
    });
    performance.mark('hexsight:facts-loaded');
    await loadCells(target, snapshot);
    setProgress(result);
    setEngine({ status: 'ready' });
    // In this order: what is asked first would be thrown away by `invalidate`.
    coordinator.invalidate();
    coordinator.setMode({ engine: 'running', preferCubes: result.failed.length > 0 });
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
      engine?.close();
    },
  };
}

/** Enough for a test; the desk stays open for days. */
function remember(timing: SettledTiming): void {
  hooks.timings.push(timing);
  if (hooks.timings.length > 500) hooks.timings.splice(0, 100);
}

/** Table `cell`: for every finest cell the row of each coarser grid that holds it. */
async function loadCells(engine: Engine, snapshot: Snapshot): Promise<void> {
  const { finest, coarsest, cells } = snapshot.manifest.grid;
  const count = cells[String(finest)] ?? 0;
  const columns: Record<string, Uint32Array> = { cell_id: Uint32Array.from({ length: count }, (_, id) => id) };
  for (let resolution = coarsest; resolution < finest; resolution++) {
    const grid = await snapshot.coarseGrid(resolution);
    const rows = new Uint32Array(count);
    grid.firstId.forEach((first, row) => void rows.fill(row, first, grid.endId[row]));
    columns[`r${resolution}`] = rows;
  }
  const types = Object.fromEntries(Object.keys(columns).map((name) => [name, uint32()]));
  const bytes = tableToIPC(tableFromArrays(columns, { types }), { format: 'stream' });
  if (!bytes) throw new Error('the cell table could not be encoded');
  await engine.insert('cell', bytes);
}
