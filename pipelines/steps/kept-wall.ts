import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { FileEntry } from '../../core/contract/manifest.ts';
import type { WallRows } from '../../core/privacy/wall-tables.ts';
import { readCheckedJson, writeCheckedJson } from '../io/checked-json.ts';
import type { ArtifactWriter } from './artifact-writer.ts';
import { lastCompleteWeek, publishWall, type TablesOf, type WallSource, type WallTold } from './publish-wall.ts';

interface Kept {
  readonly key: string;
  readonly files: FileEntry[];
  readonly told: WallTold;
}

/**
 * The tables of grade wall, made anew only when a count of a complete week changed: on most days the new one lies in a week that is not
 * complete, and the wall does not show it yet. `basis` = hash of configuration, grid and code.
 */
export async function keptWall(
  { store, basis }: { readonly store: string; readonly basis: string },
  source: WallSource,
  writer: ArtifactWriter,
  tablesOf?: TablesOf,
): Promise<{ told: WallTold; files: FileEntry[] }> {
  const path = join(store, 'wall.json');
  const key = wallKey(basis, source);
  const known = readCheckedJson(path) as Kept | undefined;
  if (known?.key === key && (await Promise.all(known.files.map((entry) => writer.holds(entry)))).every(Boolean))
    return { told: known.told, files: known.files };
  const { tables, files } = await publishWall(source, writer, tablesOf);
  const { reach, complementary, barred, withheldSlices, proven } = tables;
  const told = { reach, complementary, barred, withheldSlices, proven };
  writeCheckedJson(path, { key, files, told } satisfies Kept);
  return { told, files };
}

/** Hash of everything the tables are made from. Rows in another order give another hash, and the same tables. */
function wallKey(basis: string, source: WallSource): string {
  const { rows, parents: _basis, weeks: _weeks, endDay: _endDay, ...rest } = source;
  const lastWeek = lastCompleteWeek(source);
  const hash = createHash('sha256').update(JSON.stringify([basis, lastWeek, rest]));
  for (const column of Object.values(completeRows(rows, lastWeek)))
    hash.update(`${column.length},`).update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  return hash.digest('hex');
}

/** Rows up to the last complete week: the others are not looked at. */
function completeRows(rows: WallRows, lastWeek: number): WallRows {
  const total = rows.week.length;
  const picked = new Uint32Array(total);
  let length = 0;
  for (let i = 0; i < total; i++) if ((rows.week[i] as number) <= lastWeek) picked[length++] = i;
  const of = <T extends Uint8Array | Uint16Array | Uint32Array>(column: T): T => {
    const out = new (column.constructor as new (length: number) => T)(length);
    for (let i = 0; i < length; i++) out[i] = column[picked[i] as number] as number;
    return out;
  };
  return {
    cell: of(rows.cell),
    division: of(rows.division),
    week: of(rows.week),
    source: of(rows.source),
    group: of(rows.group),
    sensitive: of(rows.sensitive),
    n: of(rows.n),
  };
}
