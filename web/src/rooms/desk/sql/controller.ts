import type { Snapshot } from '../../../snapshot/snapshot.ts';
import { useConsole } from './console-store.ts';
import type { ConsoleDatabase } from './database.ts';
import { guard } from './guard.ts';
import { QueryRefused } from './problem.ts';

/** One database for the page; it comes with the first look at the console and is made anew after a query that had to be ended. */
let database: ConsoleDatabase | null = null;
let opening: Promise<ConsoleDatabase> | null = null;

export function openDatabase(snapshot: Snapshot): Promise<ConsoleDatabase> {
  if (opening) return opening;
  const { setStatus, setTables } = useConsole.getState();
  setStatus({ kind: 'loading', progress: null });
  const { manifest, divisions, bytesOnce } = snapshot;
  const started = import('./database.ts').then(({ openConsole }) =>
    openConsole(
      { manifest, divisions, bytes: bytesOnce },
      (progress) => setStatus({ kind: 'loading', progress }),
      () => {
        if (opening !== started) return;
        database = null;
        opening = null;
      },
    ),
  );
  opening = started;
  started.then(
    (opened) => {
      database = opened;
      setTables(opened.tables);
      setStatus({ kind: 'ready' });
    },
    (thrown: unknown) => {
      if (opening === started) opening = null;
      setStatus({ kind: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) });
    },
  );
  return started;
}

/** Runs the text; a slow one is ended with its worker, and the database is filled again in the background. */
export async function runQuery(snapshot: Snapshot, sql: string): Promise<void> {
  const state = useConsole.getState();
  if (state.status.kind === 'running') return;
  const guarded = guard(sql);
  // Refused without waiting for the database.
  if (guarded.kind === 'refused') return state.setAnswer({ problem: guarded });
  state.remember(sql);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const opened = await openDatabase(snapshot);
    const startedMs = performance.now();
    state.setStatus({ kind: 'running', startedMs });
    const seconds = state.timeoutS;
    timer = setTimeout(() => opened.end(new QueryRefused({ kind: 'timeout', seconds })), seconds * 1000);
    const result = await opened.run(sql);
    state.setAnswer({ result: { ...result, sql, ms: performance.now() - startedMs } });
    state.setStatus({ kind: 'ready' });
  } catch (thrown) {
    if (thrown instanceof QueryRefused) state.setAnswer({ problem: thrown.problem });
    if (database) state.setStatus({ kind: 'ready' });
    else if (thrown instanceof QueryRefused) void openDatabase(snapshot).catch(() => undefined);
  } finally {
    clearTimeout(timer);
  }
}

export function cancelQuery(): void {
  database?.end(new QueryRefused({ kind: 'cancelled' }));
}
