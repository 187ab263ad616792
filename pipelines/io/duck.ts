import { type DuckDBConnection, DuckDBDataChunk, DuckDBInstance, type DuckDBType } from '@duckdb/node-api';

/**
 * DuckDB for the batch steps. Columns cross as whole typed arrays: the binding's per-value calls cost 50–100 ns each, which at
 * eighteen columns and ten million rows would be most of the run. Values are never null on the way (missing has its own code).
 */
export interface Duck {
  readonly connection: DuckDBConnection;
  readonly run: (sql: string) => Promise<void>;
  /** Rows as objects; for small results only. */
  readonly rows: <T>(sql: string) => Promise<T[]>;
  /** A result in blocks of columns, in the order of the query. Columns must be numeric and not null. */
  readonly blocks: (sql: string) => AsyncGenerator<ColumnBlock>;
  readonly close: () => void;
}

type NumericArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | BigUint64Array | BigInt64Array | Float64Array;
export interface ColumnBlock {
  readonly length: number;
  readonly columns: readonly NumericArray[];
}

/** @throws Error with the SQL that failed */
export async function openDuck(options: {
  readonly temporaryFolder: string;
  readonly memoryLimit: string;
  /** Default 2. */
  readonly threads?: number;
}): Promise<Duck> {
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: options.memoryLimit,
    temp_directory: options.temporaryFolder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'false',
    threads: String(options.threads ?? 2),
  });
  const connection = await instance.connect();
  const failed = (sql: string, cause: unknown): Error =>
    new Error(`query failed: ${(cause as Error).message}\n${sql}`, { cause });
  return {
    connection,
    run: async (sql) => {
      await connection.run(sql).catch((cause: unknown) => {
        throw failed(sql, cause);
      });
    },
    rows: async <T>(sql: string) => {
      const reader = await connection.runAndReadAll(sql).catch((cause: unknown) => {
        throw failed(sql, cause);
      });
      return reader.getRowObjectsJS() as T[];
    },
    blocks: async function* (sql) {
      const result = await connection.stream(sql).catch((cause: unknown) => {
        throw failed(sql, cause);
      });
      for (;;) {
        const chunk = await result.fetchChunk();
        if (!chunk || chunk.rowCount === 0) return;
        yield {
          length: chunk.rowCount,
          columns: Array.from({ length: chunk.columnCount }, (_, i) => itemsOf(chunk, i)),
        };
      }
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

const CHUNK_ROWS = 2048;

/** Appends whole columns to a table. The chunk is reused: nothing is allocated per row. */
export async function columnAppender(duck: Duck, table: string, types: readonly DuckDBType[]) {
  const appender = await duck.connection.createAppender(table);
  let reused: { readonly rows: number; readonly chunk: DuckDBDataChunk } | null = null;
  return {
    append: (columns: readonly NumericArray[], length: number): void => {
      for (let from = 0; from < length; from += CHUNK_ROWS) {
        const rows = Math.min(CHUNK_ROWS, length - from);
        if (reused?.rows !== rows) reused = { rows, chunk: DuckDBDataChunk.create(types, rows) };
        const { chunk } = reused;
        columns.forEach((column, i) => {
          const vector = chunk.getColumnVector(i) as unknown as {
            items: { set(values: NumericArray): void };
            flush(): void;
          };
          vector.items.set(column.subarray(from, from + rows));
          vector.flush();
        });
        appender.appendDataChunk(chunk);
      }
    },
    close: (): void => {
      appender.flushSync();
      appender.closeSync();
    },
  };
}

/** The vector's own array; the one place that reaches behind the binding's per-value interface. Copied, as the chunk is reused. */
function itemsOf(chunk: DuckDBDataChunk, column: number): NumericArray {
  const vector = chunk.getColumnVector(column) as unknown as { items?: NumericArray };
  if (!ArrayBuffer.isView(vector.items)) throw new Error(`column ${column} is not numeric`);
  return vector.items.slice() as NumericArray;
}
