import { parquetWriteBuffer } from 'hyparquet-writer';
import type { About } from './about.ts';
import { distinct, fitsInt32 } from './arrow.ts';
import type { Sheet } from './sheet.ts';

/**
 * Parquet by hyparquet-writer: DuckDB-WASM has its writer in an extension that it would fetch from the network ("Copy Function with name
 * "parquet" is not in the catalog"). What it is stands in the key-value metadata of the footer.
 */
export function parquetOf(sheet: Sheet, about: About): Uint8Array {
  const names = distinct(sheet.columns.map(({ name }) => name));
  const columnData = sheet.columns.map(({ kind }, i) => {
    const type = kind === 'text' ? 'STRING' : fitsInt32(sheet, i) ? 'INT32' : 'DOUBLE';
    const data = sheet.rows.map((row) => row[i] ?? null);
    return { name: names[i] as string, type, data } as const;
  });
  const kvMetadata = about.lines.map(({ key, text }) => ({ key, value: text }));
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata, createdBy: 'hexsight' }));
}
