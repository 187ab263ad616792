/** A table to hand out: to the clipboard, a CSV, Parquet or Arrow file. Null = not known, never 0. */
export type Cell = string | number | null;
export interface Column {
  readonly name: string;
  /** `whole`: integers; `number`: any; `text`. */
  readonly kind: 'text' | 'whole' | 'number';
}
export interface Sheet {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}
