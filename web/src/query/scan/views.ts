import { UNMAPPED_CATEGORY_ID } from '../../../../core/incident/dimensions.ts';
import type { CellCounts } from '../../map/contract.ts';
import { type CellSeries, joinedSeries } from '../cell-series.ts';
import type { Columns } from '../columns.ts';
import { type Filters, inRanges } from '../filters.ts';
import { HOUR_SLOTS } from '../hour-slots.ts';
import { LOCATED, type Totals } from '../summary.ts';
import { joinedGroups } from './groups.ts';
import type { ScanSizes } from './layout.ts';
import type { ScanQuestion, ShareAnswer } from './messages.ts';

/** What the standing panels show, of the whole city, each not narrowed by the filter of its own panel. */
export interface Views {
  readonly byWeek: Uint32Array;
  readonly bySource: Uint32Array;
  readonly byCategory: Uint32Array;
  /** Index = deepest division. */
  readonly byDivision: Uint32Array;
  /** hour-slots.ts */
  readonly byHour: Uint32Array;
  readonly totals: Totals;
  /** Whatever division is chosen. */
  readonly cityTotals: Totals;
  /** null = not asked for. */
  readonly cells: CellCounts | null;
}

export type ScanAnswer =
  | { readonly kind: 'tally'; readonly views: Views }
  /** (cell, window) pairs by count above 0. */
  | { readonly kind: 'windows'; readonly histogram: ReadonlyMap<number, number> }
  | { readonly kind: 'series'; readonly series: CellSeries }
  /** As the rows of `table-queries.ts`. */
  | { readonly kind: 'groups'; readonly columns: Columns }
  | { readonly kind: 'cell'; readonly columns: Columns };

/** Adds up the shares. `rowsOf` = rows of the grid of a resolution. */
export function joined(
  question: ScanQuestion,
  answers: readonly ShareAnswer[],
  sizes: ScanSizes,
  rowsOf: (resolution: number) => number,
): ScanAnswer {
  if (question.kind === 'tally')
    return { kind: 'tally', views: viewsOf(partsOf(answers, 'tally'), question.filters, sizes, rowsOf) };
  if (question.kind === 'windows') {
    const histogram = new Map<number, number>();
    for (const { value, times } of partsOf(answers, 'windows'))
      value.forEach((n, i) => void histogram.set(n, (histogram.get(n) ?? 0) + (times[i] as number)));
    return { kind: 'windows', histogram };
  }
  if (question.kind === 'series') {
    const { unit, resolution } = question;
    const units = sizes.weeks * (unit === 'day' ? 7 : 1);
    const parts = partsOf(answers, 'series').map(({ part }) => part);
    return { kind: 'series', series: joinedSeries(parts, { unit, units, resolution, rows: rowsOf(resolution) }) };
  }
  if (question.kind === 'groups')
    return { kind: 'groups', columns: joinedGroups(partsOf(answers, 'groups').map(({ part }) => part)) };
  // A cell lies in one share: at most one of these has rows.
  const rows = partsOf(answers, 'cell').map((answer) => answer.rows);
  const { week, source, category, n } = rows.find((part) => part.n.length > 0) ?? (rows[0] as (typeof rows)[number]);
  return { kind: 'cell', columns: { week, source, category, n, located: new Uint8Array(n.length).fill(LOCATED.cell) } };
}

function partsOf<K extends ShareAnswer['kind']>(answers: readonly ShareAnswer[], kind: K) {
  return answers.map((answer) => {
    if (answer.kind !== kind) throw new Error(`the scan answered ${answer.kind} instead of ${kind}`);
    return answer as Extract<ShareAnswer, { kind: K }>;
  });
}

type TallyPart = Extract<ShareAnswer, { kind: 'tally' }>;

function viewsOf(
  parts: readonly TallyPart[],
  { sources, categories }: Filters,
  sizes: ScanSizes,
  rowsOf: (resolution: number) => number,
): Views {
  const bySource = new Uint32Array(sizes.sources);
  const byCategory = new Uint32Array(sizes.categories);
  const totals = noTotals();
  const cityTotals = noTotals();
  for (const { kinds } of parts)
    for (let k = 0; k < kinds.n.length; k++) {
      const source = kinds.source[k] as number;
      const category = kinds.category[k] as number;
      const location = kinds.location[k] as number;
      const n = kinds.n[k] as number;
      const inSources = sources.length === 0 || sources.includes(source);
      const inCategories = inRanges(categories, category);
      if (inCategories) bySource[source] = (bySource[source] as number) + n;
      if (inSources) byCategory[category] = (byCategory[category] as number) + n;
      if (!inSources || !inCategories) continue;
      count(totals, { n, location, category });
      count(cityTotals, { n: kinds.city[k] as number, location, category });
    }
  return {
    byWeek: sum(
      parts.map(({ weeks }) => weeks),
      sizes.weeks,
    ),
    bySource,
    byCategory,
    // Without the last one, "in no division".
    byDivision: sum(
      parts.map(({ divisions }) => divisions),
      sizes.divisions + 1,
    ).subarray(0, sizes.divisions),
    byHour: sum(
      parts.map(({ hours }) => hours),
      HOUR_SLOTS,
    ),
    totals,
    cityTotals,
    cells: joinedCells(parts, rowsOf),
  };
}

interface Counting {
  n: number;
  unlocated: number;
  divisionOnly: number;
  unmapped: number;
}
const noTotals = (): Counting => ({ n: 0, unlocated: 0, divisionOnly: 0, unmapped: 0 });

/** `location` as in facts.ts: 0 nowhere, 1 a division only, else a cell. */
function count(totals: Counting, { n, location, category }: { n: number; location: number; category: number }): void {
  totals.n += n;
  if (location === 0) totals.unlocated += n;
  else if (location === 1) totals.divisionOnly += n;
  if (category === UNMAPPED_CATEGORY_ID) totals.unmapped += n;
}

function sum(parts: readonly Uint32Array[], length: number): Uint32Array {
  const total = new Uint32Array(length);
  for (const part of parts) for (let i = 0; i < length; i++) total[i] = (total[i] as number) + (part[i] as number);
  return total;
}

function joinedCells(parts: readonly TallyPart[], rowsOf: (resolution: number) => number): CellCounts | null {
  const cells = parts.flatMap(({ cells: own }) => (own ? [own] : []));
  const coarse = cells.flatMap((part) => (part.kind === 'coarse' ? [part] : []));
  const finest = cells.flatMap((part) => (part.kind === 'finest' ? [part] : []));
  const [first] = coarse;
  if (first) {
    const n = new Uint32Array(rowsOf(first.resolution));
    let withheld = 0;
    for (const part of coarse) {
      n.set(part.n, part.firstRow);
      withheld += part.withheld;
    }
    return { kind: 'coarse', resolution: first.resolution, n, withheld };
  }
  if (finest.length === 0) return null;
  // Shares follow each other in cell order.
  const rows = finest.reduce((total, part) => total + part.n.length, 0);
  const joinedFinest = { cellId: new Uint32Array(rows), res: new Uint8Array(rows), n: new Uint32Array(rows) };
  let at = 0;
  for (const part of finest) {
    joinedFinest.cellId.set(part.cellId, at);
    joinedFinest.res.set(part.res, at);
    joinedFinest.n.set(part.n, at);
    at += part.n.length;
  }
  return { kind: 'finest', ...joinedFinest };
}
