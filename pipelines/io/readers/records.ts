/**
 * What every reader gives: the file's columns, then blocks of records in file order. Cells stay bytes: dates, numbers and ids are
 * read from them without making a string each.
 */
export interface RecordBlock {
  /** 1-based record number in the file of the first record; a header counts as record 1. */
  readonly firstRow: number;
  readonly count: number;
  /** Cell bytes in the reader's `encoding`, unquoted and unescaped. Valid until the next block is asked for. */
  readonly bytes: Uint8Array;
  /** Cell c of record r is `bytes[start[r × width + c], end[r × width + c])`, width = number of columns. */
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** Cells found in each record: 0 = blank line, no record; anything but the width = ragged, its spans mean nothing. */
  readonly cells: Int32Array;
}

export interface RecordReader {
  /** Names in cell order. For JSON and Parquet: the wanted paths. */
  readonly columns: readonly string[];
  /** ASCII bytes mean ASCII in both; UTF-16 is turned into UTF-8 on the way in. */
  readonly encoding: 'utf-8' | 'gb18030';
  readonly blocks: AsyncIterable<RecordBlock>;
  /** Names seen in the file that are not in `columns`; complete after the last block. */
  readonly otherColumns: () => readonly string[];
  /** Lets go of the file; whoever opens a reader calls it, also after an error. Then `blocks` is at its end. May be called again. */
  readonly close: () => Promise<void>;
}

/** Ends generators in this order, those that never began too: what holds the file comes last. */
export async function endAll(...generators: readonly AsyncGenerator<unknown>[]): Promise<void> {
  for (const generator of generators) await generator.return(undefined);
}

/** A batch of text rows, as workbooks and JSON documents give them; null = blank. */
export interface TextRows {
  readonly firstRow: number;
  readonly rows: readonly (readonly string[] | null)[];
}

/** Text rows as blocks of UTF-8. */
export async function* blocksOfText(batches: AsyncIterable<TextRows>, width: number): AsyncGenerator<RecordBlock> {
  let bytes = Buffer.allocUnsafe(1 << 16);
  for await (const { firstRow, rows } of batches) {
    const start = new Int32Array(rows.length * width);
    const end = new Int32Array(rows.length * width);
    const cells = new Int32Array(rows.length);
    let at = 0;
    rows.forEach((row, r) => {
      if (!row) return;
      cells[r] = row.length;
      if (row.length !== width) return;
      for (let c = 0; c < width; c++) {
        const text = row[c] as string;
        if (at + text.length * 3 > bytes.length) {
          const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, at + text.length * 3));
          bytes.copy(larger, 0, 0, at);
          bytes = larger;
        }
        start[r * width + c] = at;
        at += bytes.write(text, at);
        end[r * width + c] = at;
      }
    });
    yield { firstRow, count: rows.length, bytes, start, end, cells };
  }
}
