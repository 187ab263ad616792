import { tableFromArrays, tableToIPC, uint32 } from '@uwdata/flechette';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { type Engine, startEngine } from './engine.ts';
import { loadFacts } from './facts-loader.ts';

/** DuckDB with every incident of the snapshot in it. 8 MB compressed, and the facts a second time: only for whoever asks in SQL. */
export async function startSqlFacts(snapshot: Snapshot, onDead: () => void): Promise<Engine> {
  const engine = await startEngine(onDead);
  const { failed } = await loadFacts(engine, snapshot.manifest, snapshot.bytesOnce, () => undefined);
  if (failed[0]) {
    engine.close();
    throw new Error(`${failed[0].file}: ${failed[0].detail}`);
  }
  await loadCells(engine, snapshot);
  return engine;
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
