import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileAt, Manifest } from '../../core/contract/manifest.ts';
import type { ConsoleConnection, ConsoleInput } from '../../web/src/rooms/desk/sql/fill.ts';
import { decodeDivisions } from '../../web/src/snapshot/decode.ts';

const require = createRequire(import.meta.url);

/** The engine of the browser (the same WebAssembly file), without a worker. */
export async function consoleDuckdb(): Promise<ConsoleConnection & { readonly close: () => void }> {
  const duckdb =
    require('@duckdb/duckdb-wasm/dist/duckdb-node-blocking.cjs') as typeof import('@duckdb/duckdb-wasm/blocking');
  const folder = dirname(require.resolve('@duckdb/duckdb-wasm/dist/duckdb-eh.wasm'));
  const bundle = (name: string) => ({ mainModule: join(folder, `duckdb-${name}.wasm`), mainWorker: '' });
  const db = await duckdb.createDuckDB(
    { mvp: bundle('mvp'), eh: bundle('eh') },
    new duckdb.VoidLogger(),
    duckdb.NODE_RUNTIME,
  );
  await db.instantiate(() => undefined);
  db.open({ query: { castBigIntToDouble: false, castDecimalToDouble: true } });
  const connection = db.connect();
  // biome-ignore lint/correctness/useHookAtTopLevel: the name of a method of DuckDB
  const id = connection.useUnsafe((_: unknown, handle: number) => handle);
  return {
    run: async (sql) => db.runQuery(id, sql),
    runPrepared: async (sql) => {
      const statement = db.createPrepared(id, sql);
      try {
        return db.runPrepared(id, statement, []);
      } finally {
        db.closePrepared(id, statement);
      }
    },
    insert: async (name, bytes, how) => db.insertArrowFromIPCStream(id, bytes, { name, create: how === 'create' }),
    close: () => {
      connection.close();
      db.reset();
    },
  };
}

/** The published files of a folder, as the console reads them. */
export function consoleInput(folder: string): ConsoleInput {
  const manifest = Manifest.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  const bytes = async (path: string) => new Uint8Array(readFileSync(join(folder, fileAt(manifest, path).file)));
  const divisions = decodeDivisions(
    new Uint8Array(readFileSync(join(folder, fileAt(manifest, 'divisions.arrow').file))),
    'divisions.arrow',
  );
  return { manifest, divisions, bytes };
}
