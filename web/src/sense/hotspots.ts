import { ALL_CATEGORIES, EMERGING, HOTSPOT_VARIANTS } from '../../../core/contract/sense.ts';
import type { IdRange } from '../query/filters.ts';
import type { HotspotTable } from '../snapshot/sense.ts';

/** Significance classes of a map of Gi*: 0 = not significant; 1..3 high at q <= 0.10, 0.05, 0.01; 4..6 low, the same. */
export const HOT_CLASSES = ['hot1', 'hot2', 'hot3', 'cold1', 'cold2', 'cold3'] as const;
export type HotClass = (typeof HOT_CLASSES)[number];
const NOT_ASSESSED = 255;

/** By class: the surer one stands for a coarser cell; of equals the hot one, since it asks for somebody. */
export const HOT_STRENGTH: readonly number[] = HOT_CLASSES.map(
  (name) => Number(name.at(-1)) + (name.startsWith('hot') ? 0.5 : 0),
);

/** @param q Benjamini–Hochberg adjusted; NaN = undefined, which is in no class */
export function hotClass({ z, q }: { readonly z: number; readonly q: number }): number {
  if (!(q <= 0.1) || !(z !== 0)) return 0;
  const strength = q <= 0.01 ? 3 : q <= 0.05 ? 2 : 1;
  return z > 0 ? strength : 3 + strength;
}

/** Which published map is meant. Numbers as in `hotspots.arrow`. */
export interface HotspotChoice {
  readonly category: number;
  readonly window: number;
  readonly variant: number;
}

/** Class by row of the grid. */
export function hotspotClasses(table: HotspotTable, choice: HotspotChoice, cells: number): Uint32Array {
  const classes = new Uint32Array(cells);
  for (let i = 0; i < table.cell.length; i++) {
    if (table.category[i] !== choice.category || table.window[i] !== choice.window) continue;
    if (table.variant[i] !== choice.variant || table.cell[i]! >= cells) continue;
    classes[table.cell[i]!] = hotClass({ z: table.z[i]!, q: table.q[i]! });
  }
  return classes;
}

/** Index into `EMERGING` by row of the grid; 0 = none, and where nothing is said. The same in all windows. */
export function emergingClasses(
  table: HotspotTable,
  choice: Pick<HotspotChoice, 'category' | 'variant'>,
  cells: number,
): Uint32Array {
  const classes = new Uint32Array(cells);
  for (let i = 0; i < table.cell.length; i++) {
    if (table.category[i] !== choice.category || table.variant[i] !== choice.variant) continue;
    const emerging = table.emerging[i]!;
    if (emerging < EMERGING.length && table.cell[i]! < cells) classes[table.cell[i]!] = emerging;
  }
  return classes;
}

/** How many cells are in each class; index = class. */
export function tallyOf(classes: Uint32Array, kinds: number): readonly number[] {
  const tally = new Array<number>(kinds).fill(0);
  for (let i = 0; i < classes.length; i++) tally[classes[i]!]!++;
  return tally;
}

/** Variants that have any row; the one against the cell's own past first, since counts mostly show where people are. */
export function variantsIn(table: HotspotTable): readonly (typeof HOTSPOT_VARIANTS)[number][] {
  const found = new Set(table.variant);
  return (['change', 'rate', 'count'] as const).filter((name) => found.has(HOTSPOT_VARIANTS.indexOf(name)));
}

export interface ShownCategory {
  /** Category id of the published map; 65535 = all. */
  readonly category: number;
  /** How it stands to the filter: the same, the group above the chosen class, or all since several are chosen. */
  readonly fit: 'exact' | 'above' | 'several';
}

/** Published maps and series exist per level-1 category and for all: the one nearest to the filter. */
export function shownCategory(
  chosen: readonly IdRange[],
  entries: readonly { readonly id: number; readonly end: number; readonly level: number }[],
): ShownCategory {
  const only = chosen[0];
  if (!only) return { category: ALL_CATEGORIES, fit: 'exact' };
  if (chosen.length > 1) return { category: ALL_CATEGORIES, fit: 'several' };
  const group = entries.find(({ id, end, level }) => level <= 1 && id <= only.id && only.id < end);
  if (!group) return { category: ALL_CATEGORIES, fit: 'several' };
  return { category: group.id, fit: group.id === only.id ? 'exact' : 'above' };
}

/** What is said about one cell under one category. */
export interface CellFinding {
  readonly window: number;
  readonly variant: number;
  readonly z: number;
  readonly q: number;
}
export interface CellHotspots {
  readonly findings: readonly CellFinding[];
  /** Index into `EMERGING` by variant; null = not assessed or nothing said. */
  readonly emerging: readonly { readonly variant: number; readonly kind: number | null }[];
}

export function cellHotspots(
  table: HotspotTable,
  place: { readonly cell: number; readonly category: number },
): CellHotspots {
  const findings: CellFinding[] = [];
  const emerging = new Map<number, number | null>();
  for (let i = 0; i < table.cell.length; i++) {
    if (table.cell[i] !== place.cell || table.category[i] !== place.category) continue;
    const [window, variant] = [table.window[i]!, table.variant[i]!];
    findings.push({ window, variant, z: table.z[i]!, q: table.q[i]! });
    emerging.set(variant, table.emerging[i] === NOT_ASSESSED ? null : table.emerging[i]!);
  }
  return { findings, emerging: [...emerging].map(([variant, kind]) => ({ variant, kind })) };
}

/**
 * Counts as Gi* wants them: NaN in cells without a finest cell in the division and the area, since nobody asked there. null = the whole
 * city; `area` = sorted disjoint ranges of finest cells.
 */
export function countsWithin(
  n: Uint32Array,
  place: { readonly division: IdRange | null; readonly area: readonly IdRange[] | null },
  grids: { readonly finest: { readonly division: Uint32Array }; readonly cells: CellRanges } | null,
): Float64Array {
  const out = Float64Array.from(n);
  const { division, area } = place;
  if ((!division && !area) || !grids) return out;
  const inDivision = (id: number): boolean => {
    if (!division) return true;
    const of = grids.finest.division[id]!;
    return of >= division.id && of < division.end;
  };
  // Rows are in the order of their cells, as the ranges are: one walk over both.
  let range = 0;
  const inArea = (id: number): boolean => {
    if (!area) return true;
    while (range < area.length && area[range]!.end <= id) range++;
    return range < area.length && id >= area[range]!.id;
  };
  for (let row = 0; row < out.length; row++) {
    let inside = false;
    const end = grids.cells.endId(row);
    for (let id = grids.cells.firstId(row); id < end && !inside; id++) inside = inArea(id) && inDivision(id);
    if (!inside) out[row] = Number.NaN;
  }
  return out;
}

/** Finest cells of a row: `firstId(row) <= id < endId(row)`. */
export interface CellRanges {
  firstId(row: number): number;
  endId(row: number): number;
}
