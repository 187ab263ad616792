import type { GridTable } from './grid-table.ts';

/** Rows of a table at which nobody looked: all their finest cells are marked. null = none is. */
export function unknownRows(finest: Uint8Array, table: GridTable): Uint8Array | null {
  const { ranges } = table;
  if (!ranges) return finest.length === table.h3.length ? finest : null;
  const rows = new Uint8Array(table.h3.length);
  let any = false;
  for (let row = 0; row < rows.length; row++) {
    let id = ranges.firstId[row]!;
    const end = ranges.endId[row]!;
    while (id < end && finest[id] === 1) id++;
    if (id < end) continue;
    rows[row] = 1;
    any = true;
  }
  return any ? rows : null;
}
