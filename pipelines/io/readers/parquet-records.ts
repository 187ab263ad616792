import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { InputError } from '../../errors.ts';
import { blocksOfText, endAll, type RecordReader, type TextRows } from './records.ts';

const BATCH_ROWS = 8192;

export interface ParquetReader extends RecordReader {
  /** Every column of the file with its type as DuckDB says it (`TIMESTAMP`, `STRUCT(…)`). */
  readonly types: ReadonlyMap<string, string>;
}

/**
 * Records of a Parquet file in the order of the file; the wanted columns only, each as text: a timestamp without zone
 * `yyyy-MM-dd HH:mm:ss`, an instant `yyyy-MM-ddTHH:mm:ssZ` (both without fractions of a second), a date `yyyy-MM-dd`, a number in the
 * fewest digits that give it back, null as ''. `columns` are the wanted ones that the file has, in the wanted order.
 *
 * An engine of its own that may open this one file and nothing else. Memory: one row group, at most 1 GB.
 *
 * @throws InputError for a damaged file, and for wanted columns that are nested or binary, by name
 */
export async function readParquetRecords(path: string, wanted: readonly string[]): Promise<ParquetReader> {
  await checkEnds(path);
  const engine = await openEngine(path);
  const damaged = (cause: unknown): InputError =>
    new InputError(path, [`the Parquet file is damaged: ${firstLine(cause)}`], { cause });
  try {
    const file = literal(globFree(resolve(path)));
    const source = `read_parquet(${file}, file_row_number = true, hive_partitioning = false)`;
    const types = await columnTypes(engine.connection, source).catch((cause: unknown) => {
      throw damaged(cause);
    });
    const columns = wanted.filter((name) => types.has(name));
    const nested = columns.filter((name) => asText(name, types.get(name) as string) === null);
    if (nested.length > 0)
      throw new InputError(
        path,
        nested.map(
          (name) =>
            `column "${name}" is ${/^\w*/.exec(types.get(name) as string)?.[0]}, which cannot be read as one value`,
        ),
      );
    const others = [...types.keys()].filter((name) => !columns.includes(name));
    const texts = columns.map((name) => asText(name, types.get(name) as string));
    const query = `SELECT ${[...texts, 'file_row_number'].join(', ')} FROM ${source}`;
    const rows = batches(path, engine, query, columns.length);
    const blocks = blocksOfText(rows, columns.length);
    return {
      columns,
      encoding: 'utf-8',
      blocks,
      otherColumns: () => others,
      close: async () => {
        await endAll(blocks, rows);
        await engine.close();
      },
      types,
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

interface Engine {
  readonly connection: DuckDBConnection;
  readonly close: () => Promise<void>;
}

async function openEngine(path: string): Promise<Engine> {
  // One thread: the rows come in the order of the file and memory holds one row group.
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    memory_limit: '1GB',
    preserve_insertion_order: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run(`SET temp_directory = ''`);
  await connection.run(`SET allowed_paths = [${literal(resolve(path))}, ${literal(globFree(resolve(path)))}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  let closed = false;
  return {
    connection,
    close: async () => {
      if (closed) return;
      closed = true;
      // A result that was not read to its end keeps the file open until it is collected; the next statement ends it.
      await connection.run('SELECT 1');
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function columnTypes(connection: DuckDBConnection, source: string): Promise<Map<string, string>> {
  const rows = (await connection.runAndReadAll(`DESCRIBE SELECT * EXCLUDE (file_row_number) FROM ${source}`)).getRows();
  return new Map(rows.map((row) => [String(row[0]), String(row[1])]));
}

/** The SQL that makes a column text, null for types that have no single text. */
function asText(name: string, type: string): string | null {
  const column = `"${name.replaceAll('"', '""')}"`;
  if (/^(STRUCT|MAP|UNION|GEOMETRY|VARIANT)\b|\[\d*\]$/.test(type) || /^(BLOB|BIT|INTERVAL)$/.test(type)) return null;
  if (type === 'TIMESTAMP WITH TIME ZONE') return `strftime(make_timestamp(epoch_us(${column})), '%Y-%m-%dT%H:%M:%SZ')`;
  if (type.startsWith('TIMESTAMP')) return `strftime(${column}::TIMESTAMP, '%Y-%m-%d %H:%M:%S')`;
  return `${column}::VARCHAR`;
}

async function* batches(path: string, engine: Engine, query: string, width: number): AsyncGenerator<TextRows> {
  let firstRow = 1;
  let rows: string[][] = [];
  try {
    const result = await engine.connection.stream(query);
    for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
      const order = chunk.getColumnVector(width);
      const vectors = Array.from({ length: width }, (_, i) => chunk.getColumnVector(i));
      for (let r = 0; r < chunk.rowCount; r++) {
        if (Number(order.getItem(r)) !== firstRow + rows.length - 1)
          throw new Error(`record ${firstRow + rows.length} came out of order`);
        const cells = new Array<string>(width);
        for (let c = 0; c < width; c++) cells[c] = (vectors[c]?.getItem(r) as string | null) ?? '';
        rows.push(cells);
      }
      if (rows.length >= BATCH_ROWS) {
        yield { firstRow, rows };
        firstRow += rows.length;
        rows = [];
      }
    }
  } catch (cause) {
    throw new InputError(path, [`the Parquet file is damaged: ${firstLine(cause)}`], { cause });
  } finally {
    await engine.close();
  }
  if (rows.length > 0) yield { firstRow, rows };
}

/** A Parquet file begins and ends with `PAR1`; looked at first, so that other files get a plain message. */
async function checkEnds(path: string): Promise<void> {
  const fail = (problem: string, cause?: unknown): InputError =>
    new InputError(path, [problem], cause === undefined ? undefined : { cause });
  const { size } = await stat(path).catch((cause: unknown) => {
    throw fail(`cannot be read: ${(cause as Error).message}`, cause);
  });
  if (size === 0) throw fail('the file is empty');
  const ends = Buffer.alloc(8);
  if (size >= 12) {
    const file = await open(path);
    try {
      await file.read(ends, 0, 4, 0);
      await file.read(ends, 4, 4, size - 4);
    } finally {
      await file.close();
    }
  }
  const [head, tail] = [ends.toString('latin1', 0, 4), ends.toString('latin1', 4)];
  if (tail === 'PARE') throw fail('the Parquet file is encrypted');
  if (head !== 'PAR1') throw fail('is not a Parquet file');
  if (tail !== 'PAR1') throw fail('the Parquet file is cut off: its end is missing');
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
/** DuckDB takes `*?[` in a path for a pattern; in brackets they stand for themselves. */
const globFree = (path: string): string => path.replace(/[*?[]/g, '[$&]');
/** The engine quotes values in some of its messages: what stands in quotes is not told. */
const firstLine = (cause: unknown): string =>
  ((cause as Error).message.split('\n')[0] as string).replace(/"[^"]*"?|'[^']*'?/g, '"…"').slice(0, 300);
