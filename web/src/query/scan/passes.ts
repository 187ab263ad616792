import type { Filters, IdRange } from '../filters.ts';
import { inRanges } from '../filters.ts';
import { HOUR_SLOTS, inHours } from '../hour-slots.ts';
import type { Kinds, Slots } from './facts.ts';

/** The filters but the weeks as a table each: 1 = passes. null = nothing is filtered there. */
export interface FilterTables {
  /** By kind: source and category. */
  readonly kind: Uint8Array;
  /** By division; one more for "in none". */
  readonly division: Uint8Array | null;
  /** By slot. */
  readonly area: Uint8Array | null;
  /** hour-slots.ts */
  readonly hours: Uint8Array | null;
}

export function filterTables(
  { sources, categories, division, area, hours }: Filters,
  divisions: number,
  { kinds, slots }: { readonly kinds: Kinds; readonly slots: Slots },
): FilterTables {
  const kind = new Uint8Array(kinds.count);
  for (let k = 0; k < kinds.count; k++) {
    const source = sources.length === 0 || sources.includes(kinds.source[k] as number);
    if (source && inRanges(categories, kinds.category[k] as number)) kind[k] = 1;
  }
  const divisionTable = division
    ? new Uint8Array(divisions + 1).fill(1, division.id, Math.min(division.end, divisions))
    : null;
  const hoursTable = hours ? Uint8Array.from({ length: HOUR_SLOTS }, (_, slot) => Number(inHours(hours, slot))) : null;
  return { kind, division: divisionTable, area: area ? areaTable(area, slots) : null, hours: hoursTable };
}

function areaTable(area: NonNullable<Filters['area']>, slots: Slots): Uint8Array {
  const table = new Uint8Array(slots.count);
  for (const { id, end } of area) {
    const first = Math.max(0, id - slots.firstCell);
    const last = Math.min(slots.span, end - slots.firstCell);
    if (first < last) table.fill(1, first, last);
  }
  slots.extraCell.forEach((cell, i) => {
    const range = rangeAt(area, cell);
    if (range && range.res <= (slots.extraRes[i] as number)) table[slots.span + 1 + i] = 1;
  });
  return table;
}

/** The range that holds an id, of ascending ones. */
function rangeAt<T extends IdRange>(ranges: readonly T[], id: number): T | null {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle] as T).end <= id) low = middle + 1;
    else high = middle;
  }
  const found = ranges[low];
  return found && found.id <= id ? found : null;
}
