import { AsyncDuckDB, VoidLogger } from '@duckdb/duckdb-wasm';
import workerUrl from '@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url';
import wasmUrl from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url';
import { type ConsoleInput, type FillProgress, fillConsole } from './fill.ts';
import { describeError, QueryRefused } from './problem.ts';
import { type QueryResult, runGuarded } from './run.ts';
import type { ConsoleTable } from './tables.ts';

/** An instance of its own: what the console does to it, the desk does not feel. */
export interface ConsoleDatabase {
  readonly tables: readonly ConsoleTable[];
  /** @throws QueryRefused */
  run(sql: string): Promise<QueryResult>;
  /** Ends the worker, and with it whatever it is doing; the database is gone. */
  end(reason: QueryRefused): void;
}

/** @param onEnd called once, when the worker is gone for whatever reason */
export async function openConsole(
  input: ConsoleInput,
  onProgress: (progress: FillProgress) => void,
  onEnd: () => void,
): Promise<ConsoleDatabase> {
  const worker = new Worker(new URL(workerUrl, location.href));
  const database = new AsyncDuckDB(new VoidLogger(), worker);
  let ended = false;
  let reject: (reason: Error) => void = () => undefined;
  const death = new Promise<never>((_, fail) => {
    reject = fail;
  });
  death.catch(() => undefined);
  const end = (reason: Error) => {
    if (ended) return;
    ended = true;
    // DuckDB has one thread: a running query can be stopped only with it.
    worker.terminate();
    reject(reason);
    onEnd();
  };
  worker.addEventListener('error', (event) =>
    end(new QueryRefused({ kind: 'stopped', message: event.message || 'worker failed' })),
  );
  const alive = <T>(work: Promise<T>): Promise<T> => Promise.race([work, death]);

  await alive(database.instantiate(new URL(wasmUrl, location.href).href));
  await alive(database.open({ query: { castBigIntToDouble: false, castDecimalToDouble: true } }));
  const connection = await alive(database.connectInternal());
  const db = {
    run: (sql: string) => alive(database.runQuery(connection, sql)),
    runPrepared: async (sql: string) => {
      const statement = await alive(database.createPrepared(connection, sql));
      try {
        return await alive(database.runPrepared(connection, statement, []));
      } finally {
        if (!ended) await alive(database.closePrepared(connection, statement)).catch(() => undefined);
      }
    },
    insert: (name: string, bytes: Uint8Array, how: 'create' | 'append') =>
      alive(database.insertArrowFromIPCStream(connection, bytes, { name, create: how === 'create' })),
  };
  try {
    const tables = await fillConsole(db, input, onProgress);
    return {
      tables,
      run: async (sql) => {
        try {
          return await runGuarded(db, sql);
        } catch (thrown) {
          if (isFatal(thrown)) end(new QueryRefused(describeError(thrown, 0)));
          throw thrown;
        }
      },
      end,
    };
  } catch (thrown) {
    end(thrown instanceof Error ? thrown : new Error(String(thrown)));
    throw thrown;
  }
}

/** What a WebAssembly module says when it cannot go on. */
const FATAL = /memory access out of bounds|unreachable|table index is out of bounds|Aborted|INTERNAL Error/i;

function isFatal(thrown: unknown): boolean {
  return thrown instanceof QueryRefused && thrown.problem.kind === 'error' && FATAL.test(thrown.problem.message);
}
