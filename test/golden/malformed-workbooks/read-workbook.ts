import type { Format } from '../../../core/contract/profile.ts';
import { NUMBER_LOST_DIGITS, readXlsxRecords, type XlsxOptions } from '../../../pipelines/io/readers/xlsx-records.ts';

/** A sheet read to its end. Rows as `number: a | b`, blank ones left out; `!` = an id that lost digits, `#n` = ragged with n cells. */
export interface ReadSheet {
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  readonly lost: Readonly<Record<string, number>>;
  readonly dates: Readonly<Record<string, number>>;
}

export async function readWorkbook(
  path: string,
  format: Partial<Extract<Format, { type: 'xlsx' }>> = {},
  options: XlsxOptions = {},
): Promise<ReadSheet> {
  const reader = await readXlsxRecords(path, { type: 'xlsx', headerRow: 1, headerRows: 1, ...format }, options);
  const width = reader.columns.length;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const rows: string[] = [];
  for await (const { firstRow, count, bytes, start, end, cells } of reader.blocks) {
    for (let r = 0; r < count; r++) {
      if (cells[r] === 0) continue;
      const texts = Array.from({ length: width }, (_, c) =>
        decoder.decode(bytes.subarray(start[r * width + c], end[r * width + c])),
      );
      const kind = cells[r] === width ? '' : cells[r] === NUMBER_LOST_DIGITS ? '!' : `#${cells[r]}`;
      rows.push(`${firstRow + r}${kind}: ${kind.startsWith('#') ? '' : texts.join(' | ')}`);
    }
  }
  return {
    columns: reader.columns,
    rows,
    lost: Object.fromEntries(reader.lostDigits()),
    dates: Object.fromEntries(reader.dateCells()),
  };
}
