import { AsyncDuckDB, VoidLogger } from '@duckdb/duckdb-wasm';
import workerUrl from '@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url';
import wasmUrl from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url';
import { tableFromIPC } from '@uwdata/flechette';
import type { Columns } from './coordinator.ts';
import type { Sql } from './sql.ts';

/** DuckDB in its worker. Self-hosted assets only; nothing is installed or fetched at run time. */
export interface Engine {
  run(query: Sql): Promise<Columns>;
  /** Reads an Arrow stream into a new table, or appends it to one. The bytes are handed over. */
  insert(table: string, bytes: Uint8Array, how?: 'create' | 'append'): Promise<void>;
  close(): void;
}

/** A failed query carries its SQL. */
export class QueryError extends Error {
  readonly sql: string;
  constructor(message: string, sql: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'QueryError';
    this.sql = sql;
  }
}

/** A query that takes longer is taken as a hung worker. */
const HANG_MS = 60_000;
/** What a WebAssembly module says when it cannot go on. */
const FATAL =
  /memory access out of bounds|unreachable|RuntimeError|table index is out of bounds|Aborted|worker is not set/i;

const SETTINGS: readonly string[] = [
  // Dense integer keys are grouped in an array of up to 2^n slots instead of a hash table. Per cell and resolution, in WASM,
  // 57 k cells and 5 M rows: 441 ms at the default 12, 136 ms at 20. Larger hurts: 170 k cells and 71 k rows take 45 ms at
  // 20 (hashed) and 115 ms at 22 (4 M slots to clear).
  'SET perfect_ht_threshold=20',
  'SET enable_external_access=false',
  'SET autoinstall_known_extensions=false',
  'SET autoload_known_extensions=false',
  'SET lock_configuration=true',
];

/** @param onDead called once when the worker can no longer answer; start another engine then */
export async function startEngine(onDead: (reason: string) => void): Promise<Engine> {
  const worker = new Worker(new URL(workerUrl, location.href));
  const database = new AsyncDuckDB(new VoidLogger(), worker);
  let dead = false;
  let reject: (error: Error) => void = () => undefined;
  const death = new Promise<never>((_, fail) => {
    reject = fail;
  });
  death.catch(() => undefined);
  const die = (reason: string) => {
    if (dead) return;
    dead = true;
    worker.terminate();
    reject(new Error(reason));
    onDead(reason);
  };
  worker.addEventListener('error', (event) => die(event.message || 'worker failed'));
  const guarded = async <T>(work: Promise<T>): Promise<T> => {
    const timer = setTimeout(() => die(`no answer within ${HANG_MS / 1000} s`), HANG_MS);
    try {
      return await Promise.race([work, death]);
    } finally {
      clearTimeout(timer);
    }
  };

  await guarded(database.instantiate(new URL(wasmUrl, location.href).href));
  await guarded(database.open({ query: { castBigIntToDouble: true } }));
  const connection = await guarded(database.connectInternal());
  for (const setting of SETTINGS) await guarded(database.runQuery(connection, setting));
  const prepared = new Map<string, number>();

  async function statement(query: Sql): Promise<number> {
    const known = prepared.get(query.text);
    if (known !== undefined) return known;
    const made = await database.createPrepared(connection, query.text);
    prepared.set(query.text, made);
    return made;
  }

  async function execute(query: Sql): Promise<Columns> {
    try {
      const reads = /^\s*SELECT/.test(query.text);
      if (query.params.length === 0) return toColumns(await database.runQuery(connection, query.text));
      if (reads) return toColumns(await database.runPrepared(connection, await statement(query), [...query.params]));
      const once = await database.createPrepared(connection, query.text);
      const bytes = await database.runPrepared(connection, once, [...query.params]);
      await database.closePrepared(connection, once);
      return toColumns(bytes);
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      if (FATAL.test(message)) die(message);
      throw new QueryError(message, query.text, { cause: thrown });
    }
  }

  return {
    run: (query) => guarded(execute(query)),
    insert: (name, bytes, how = 'create') =>
      guarded(database.insertArrowFromIPCStream(connection, bytes, { name, create: how === 'create' })),
    close: () => {
      dead = true;
      worker.terminate();
    },
  };
}

function toColumns(bytes: Uint8Array): Columns {
  const table = tableFromIPC(bytes);
  return Object.fromEntries(table.names.map((name) => [String(name), table.getChild(name).toArray()]));
}
