import type { DeliveredWeeks } from './delivery.ts';

/** A city's published incidents as columns, for replays. One row an incident, in any order; nothing in it names a person. */
export interface CityFacts {
  /** Half-open days since 1970-01-01, city zone; the first week starts on the Monday of `weeks[0]`. */
  readonly window: { readonly firstDay: number; readonly endDay: number };
  readonly day: Uint16Array;
  /** Position in `cells`; −1 = not located, or only to something coarser. */
  readonly cell: Int32Array;
  /** Row of the grid of resolution 9, −1 = not located that finely: for what recurs at one place. */
  readonly placeCell: Int32Array;
  /** H3 indexes of that grid. */
  readonly placeCells: readonly string[];
  /** Row of the finest grid, −1 = not located that finely: reports of one item there within days are one problem. */
  readonly exactCell: Int32Array;
  /** Position in `districts`; −1 = in none, or not known. */
  readonly district: Int32Array;
  readonly source: Uint8Array;
  /** Category id, and that of its level-1 group (0 = unmapped). */
  readonly category: Uint16Array;
  readonly group: Uint16Array;
  /** Whole hours to closure; −1 = not closed, or nobody said. */
  readonly closeHours: Int32Array;
  readonly cells: readonly string[];
  /** In finest cells of the study area. */
  readonly cellArea: Float64Array;
  /** Position in the grid of resolution 7 of every cell, and those cells. */
  readonly coarseOf: Uint32Array;
  readonly coarseCells: readonly string[];
  readonly districts: readonly { readonly id: number; readonly name: string }[];
  readonly sources: readonly { readonly key: string; readonly name: string }[];
  readonly groups: readonly {
    readonly id: number;
    readonly code: string;
    readonly name: string;
    /** 0..4. */
    readonly severity: number;
  }[];
  /** Subtree of category id i is `[i, categoryEnd[i])`. */
  readonly categoryEnd: Uint16Array;
  /** Mondays. */
  readonly weeks: Int32Array;
  readonly delivered: DeliveredWeeks;
}

/** All categories together. */
export const ALL_GROUPS = 65_535;

/** Rows that a stream is about: of one group, of one source, or all. */
export interface RowChoice {
  readonly group?: number;
  readonly source?: number;
}

export function isChosen(facts: CityFacts, row: number, { group, source }: RowChoice): boolean {
  return (
    (group === undefined || group === ALL_GROUPS || facts.group[row] === group) &&
    (source === undefined || facts.source[row] === source)
  );
}

/** Share of each source in the rows of a choice; all 0 without a row. Cost O(rows). */
export function sourceShares(facts: CityFacts, choice: RowChoice): Float64Array {
  const shares = new Float64Array(facts.sources.length);
  let total = 0;
  for (let i = 0; i < facts.day.length; i++) {
    if (!isChosen(facts, i, choice)) continue;
    shares[facts.source[i] as number] = (shares[facts.source[i] as number] as number) + 1;
    total++;
  }
  return total === 0 ? shares : shares.map((n) => n / total);
}
