/** What every reader gives: the file's columns, then batches of rows in file order. */
export interface RowBatch {
  /** 1-based record number in the file of the first row; a header counts as record 1. */
  readonly firstRow: number;
  /** Cells in the order of `columns`; a row may be shorter or longer (then the reader's file is ragged). Blank lines are null. */
  readonly rows: readonly (readonly string[] | null)[];
}

export interface RowReader {
  /** Names in cell order. For JSON: the wanted paths. */
  readonly columns: readonly string[];
  readonly batches: AsyncIterable<RowBatch>;
  /** Names seen in the file that are not in `columns`; complete after the last batch. */
  readonly otherColumns: () => readonly string[];
}
