import { type IncidentIndex, incidentIndex, type PlaceDetail, placeDetail } from '../../core/alert/incident-index.ts';
import type { CategoryEntry } from '../../core/contract/manifest.ts';
import { ALL_CATEGORIES } from '../../core/contract/sense.ts';
import type { CoarseGrid } from '../../core/grid/study-grid.ts';
import type { Duck } from '../io/duck.ts';
import type { Division } from '../steps/divisions.ts';
import { runPlan } from './counts.ts';

/** What the last weeks hold of any place and category; cells of the index are those of resolution 9. */
export interface AlertPlaces {
  /** @param cells rows of `grid/r<resolution>.arrow` */
  readonly ofCells: (
    place: { readonly resolution: number; readonly cells: readonly number[] },
    span: { readonly firstDay: number; readonly endDay: number; readonly category: number },
  ) => PlaceDetail;
  readonly ofDivision: (
    division: number,
    span: { readonly firstDay: number; readonly endDay: number; readonly category: number },
  ) => PlaceDetail;
  /** First day the index holds. */
  readonly firstDay: number;
}

/** Reads the incidents from `firstDay` on that are known to a cell of at least resolution 8. */
export async function alertPlaces(
  duck: Duck,
  given: {
    readonly coarse: readonly CoarseGrid[];
    readonly categories: readonly CategoryEntry[];
    readonly divisions: readonly Division[];
    readonly firstDay: number;
  },
): Promise<AlertPlaces> {
  const fine = gridOf(given.coarse, 9);
  const counts = await runPlan(duck, {
    name: 'alert places',
    by: ['r9', 'day', 'category', 'source', 'hour', 'street'],
    where: [
      { dimension: 'res', is: '>=', value: 8 },
      { dimension: 'day', is: '>=', value: given.firstDay },
    ],
    measures: [{ kind: 'count', as: 'n' }],
  });
  const index: IncidentIndex = incidentIndex(
    {
      cell: counts.column('r9'),
      day: counts.column('day'),
      category: counts.column('category'),
      source: counts.column('source'),
      hour: counts.column('hour'),
      division: counts.column('street'),
      n: counts.n,
    },
    fine.h3.length,
  );
  const categoryEnd = (category: number): number =>
    category === ALL_CATEGORIES ? ALL_CATEGORIES : (given.categories[category]?.end ?? category + 1);
  const from = (category: number): number => (category === ALL_CATEGORIES ? 0 : category);
  // Cells by division of level 1 and 2, by their centre; made when first asked for.
  let byDivision: Map<number, number[]> | null = null;
  return {
    firstDay: given.firstDay,
    ofCells: ({ resolution, cells }, span) =>
      placeDetail(index, {
        ...span,
        category: from(span.category),
        categoryEnd: categoryEnd(span.category),
        cells: childRows(gridOf(given.coarse, resolution), fine, cells),
      }),
    ofDivision: (division, span) => {
      byDivision ??= cellsByDivision(index, given.divisions);
      return placeDetail(index, {
        ...span,
        category: from(span.category),
        categoryEnd: categoryEnd(span.category),
        cells: division === 0 ? allRows(fine.h3.length) : (byDivision.get(division) ?? []),
      });
    },
  };
}

function gridOf(coarse: readonly CoarseGrid[], resolution: number): CoarseGrid {
  const grid = coarse.find((part) => part.resolution === resolution);
  if (!grid) throw new Error(`the grid has no resolution ${resolution}`);
  return grid;
}

/** Rows of the finer grid inside cells of a coarser one: id ranges are nested, so each cell's are one range. */
function childRows(parent: CoarseGrid, fine: CoarseGrid, cells: readonly number[]): number[] {
  if (parent === fine) return [...cells];
  return cells.flatMap((cell) => {
    const rows: number[] = [];
    const end = parent.endId[cell] as number;
    for (let row = lowerBound(fine.firstId, parent.firstId[cell] as number); row < fine.h3.length; row++) {
      if ((fine.firstId[row] as number) >= end) break;
      rows.push(row);
    }
    return rows;
  });
}

function lowerBound(sorted: Uint32Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const allRows = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Cells with a row of the division or of one inside it. A cell on a border is in both: its rows of the other side come along. */
function cellsByDivision({ rows }: IncidentIndex, divisions: readonly Division[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (let i = 0; i < rows.cell.length; i++) {
    for (let id: number | null = rows.division[i] as number; id !== null && id > 0; ) {
      const division: Division | undefined = divisions[id];
      if (!division) break;
      const list = found.get(id);
      if (!list) found.set(id, [rows.cell[i] as number]);
      else if (list[list.length - 1] !== rows.cell[i]) list.push(rows.cell[i] as number);
      id = division.parent;
    }
  }
  return found;
}
