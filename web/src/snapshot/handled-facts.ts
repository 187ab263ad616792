import { FACTS } from '../../../core/contract/tables.ts';
import type { StagedReports } from '../../../core/metric/stage-ages.ts';
import { openTable } from './decode.ts';
import { NO_DIVISION } from './model.ts';
import type { Snapshot } from './snapshot.ts';

/** Reports of one file with what became of them; the scan holds neither stage nor hours to close. */
export interface HandledFacts extends StagedReports {
  /** NO_DIVISION = in none. */
  readonly division: Uint32Array;
  readonly category: Uint16Array;
  /** Finest cell; read it only where `res` allows. 0 of `res` = no cell. */
  readonly cell: Uint32Array;
  readonly res: Uint8Array;
}

interface Days {
  readonly firstDay: number;
  readonly endDay: number;
}

/** Files kept decoded: the card of one place after the other reads the same ones. */
const KEPT = 32;
const kept = new WeakMap<Snapshot, Map<string, Promise<HandledFacts>>>();

/**
 * The files that may hold reports of these days and this division (id range; null = anywhere). Rows outside are still in them.
 * Cost: what the files weigh, once.
 */
export function handledFacts(
  snapshot: Snapshot,
  { firstDay, endDay }: Days,
  division: { readonly id: number; readonly end: number } | null,
): Promise<readonly HandledFacts[]> {
  const { manifest, divisions } = snapshot;
  const files = manifest.files.filter(({ kind, period, division: cutBy }) => {
    if (kind !== 'facts' || !period || period.firstDay >= endDay || period.endDay <= firstDay) return false;
    const of = cutBy === null || !division ? -1 : divisions.code.indexOf(cutBy);
    if (of < 0 || !division) return division === null || cutBy !== 'none';
    return of < division.end && (divisions.end[of] as number) > division.id;
  });
  const known = kept.get(snapshot) ?? new Map<string, Promise<HandledFacts>>();
  kept.set(snapshot, known);
  return Promise.all(
    files.map(({ path }) => {
      const held = known.get(path);
      if (held) return held;
      const read = readFile(snapshot, path);
      known.set(path, read);
      const oldest = known.keys().next().value;
      if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
      read.catch(() => known.delete(path));
      return read;
    }),
  );
}

async function readFile(snapshot: Snapshot, path: string): Promise<HandledFacts> {
  const table = openTable(await snapshot.bytesOnce(path), path, FACTS);
  const rows = table.numRows;
  const column = <A extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(
    name: string,
    target: A,
    absent: number,
  ): A => {
    let row = 0;
    for (const batch of table.getChild(name).data)
      for (let i = 0; i < batch.length; i++) {
        const value: unknown = batch.at(i);
        target[row++] = value === null ? absent : Number(value);
      }
    return target;
  };
  return {
    day: column('day', new Uint16Array(rows), 0),
    source: column('source', new Uint8Array(rows), 0),
    stage: column('stage', new Uint8Array(rows), 0),
    closeHours: column('close_hours', new Float64Array(rows), Number.NaN),
    division: column('division', new Uint32Array(rows), NO_DIVISION),
    category: column('category', new Uint16Array(rows), 0),
    cell: column('cell_id', new Uint32Array(rows), 0),
    res: column('res', new Uint8Array(rows), 0),
  };
}
