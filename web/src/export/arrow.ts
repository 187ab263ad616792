import { float64, int32, Table, tableFromArrays, tableToIPC, utf8 } from '@uwdata/flechette';
import type { About } from './about.ts';
import type { Sheet } from './sheet.ts';

/** Arrow IPC file (`.arrow`, Feather V2), uncompressed; what it is stands in the metadata of the schema. */
export function arrowOf(sheet: Sheet, about: About): Uint8Array {
  const names = distinct(sheet.columns.map(({ name }) => name));
  const columns = Object.fromEntries(names.map((name, i) => [name, sheet.rows.map((row) => row[i] ?? null)]));
  const types = Object.fromEntries(
    sheet.columns.map(({ kind }, i) => [
      names[i],
      kind === 'text' ? utf8() : fitsInt32(sheet, i) ? int32() : float64(),
    ]),
  );
  const table = tableFromArrays(columns, { types });
  const metadata = new Map(about.lines.map(({ key, text }) => [key, text]));
  const described = new Table(
    { ...table.schema, metadata },
    names.map((name) => table.getChild(name)),
  );
  const bytes = tableToIPC(described, { format: 'file' });
  if (!bytes) throw new Error('the table could not be encoded as Arrow');
  return bytes;
}

/** Columns of one name would overwrite each other: `n`, `n_2`, … */
export function distinct(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name}_${times}`;
  });
}

export function fitsInt32({ columns, rows }: Sheet, at: number): boolean {
  return (
    columns[at]?.kind === 'whole' && rows.every((row) => row[at] === null || Math.abs(Number(row[at])) < 2_147_483_648)
  );
}
