/** Counts of one delivered file: what a faultless reading of it must find. */
export interface FileTally {
  readonly file: string;
  readonly source: string;
  rows: number;
  /** By the reason names of the pipeline. */
  readonly rejected: Record<string, number>;
  readonly unlocated: Record<string, number>;
  readonly warnings: Record<string, number>;
  unmapped: number;
  /** Rows in GCJ-02 that the contract calls WGS 84. */
  datumMistakes: number;
  /** Rows that carry a made ID number in their free text. */
  idNumbers: number;
}

export function fileTally(file: string, source: string): FileTally {
  return {
    file,
    source,
    rows: 0,
    rejected: {},
    unlocated: {},
    warnings: {},
    unmapped: 0,
    datumMistakes: 0,
    idNumbers: 0,
  };
}

export function count(counts: Record<string, number>, key: string, by = 1): void {
  counts[key] = (counts[key] ?? 0) + by;
}

/** Rows that must be accepted: read = accepted + rejected. */
export function accepted(tally: FileTally): number {
  return tally.rows - Object.values(tally.rejected).reduce((sum, n) => sum + n, 0);
}
