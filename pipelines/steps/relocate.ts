import type { CategoryEntry } from '../../core/contract/manifest.ts';
import { sha256 } from '../io/atomic.ts';
import { NONE_U32, type PartColumns } from './incident-columns.ts';
import { LOCATED, UNLOCATED_KEYS } from './locate.ts';

/**
 * Rows whose coordinates are not to be believed: those on a geocoder's default point, and all of a file whose datum is in doubt. They
 * keep the division they can be said to lie in, and lose the cell; they never make a hot spot.
 */
export interface Relocation {
  readonly distrusted: boolean;
  /** x → y → division of the default point; 0 = nowhere in particular. */
  readonly points: ReadonlyMap<number, ReadonlyMap<number, number>>;
  /** Equal hashes, equal places. */
  readonly hash: string;
}

export const METHOD_DIVISION = 3;
const METHOD_GAZETTEER = 2;
export const METHOD_PILE_UP = 4;
const DEFAULT_POINT = UNLOCATED_KEYS.indexOf('coordinate-default');
const DOUBTFUL = UNLOCATED_KEYS.indexOf('datum-doubtful');

export function relocation(
  distrusted: boolean,
  points: readonly { readonly x: number; readonly y: number; readonly division: number | null }[],
): Relocation {
  const byX = new Map<number, Map<number, number>>();
  for (const { x, y, division } of points) {
    const byY = byX.get(x) ?? new Map<number, number>();
    byY.set(y, division ?? 0); // 0 = the city: nowhere in particular
    byX.set(x, byY);
  }
  const list = points.map(({ x, y, division }) => [x, y, division]).sort();
  return { distrusted, points: byX, hash: sha256(JSON.stringify([distrusted, list])) };
}

export const isNothing = ({ distrusted, points }: Relocation): boolean => !distrusted && points.size === 0;

type Columns = Pick<
  PartColumns,
  'x' | 'y' | 'own' | 'category' | 'method' | 'cell_id' | 'res' | 'division' | 'unlocated'
>;

/** Writes the new place of row i into the columns (copies of the part's). */
export function relocateRow(
  move: Relocation,
  columns: Columns,
  i: number,
  categories: readonly CategoryEntry[],
  coarseDivision: Uint32Array,
): void {
  const x = columns.x[i] as number;
  // A place found by its name does not hang on the coordinates.
  if (Number.isNaN(x) || columns.method[i] === METHOD_GAZETTEER) return;
  let division: number;
  let problem: number;
  const own = columns.own[i] as number;
  if (move.distrusted) {
    division = own;
    problem = DOUBTFUL;
  } else {
    const found = move.points.get(x)?.get(columns.y[i] as number);
    if (found === undefined) return;
    division = own !== NONE_U32 ? own : found === 0 ? NONE_U32 : found;
    problem = DEFAULT_POINT;
  }
  const isSensitive = categories[columns.category[i] as number]?.sensitive === true;
  columns.cell_id[i] = NONE_U32;
  columns.res[i] = 0;
  columns.division[i] =
    division === NONE_U32 ? NONE_U32 : isSensitive ? (coarseDivision[division] as number) : division;
  columns.method[i] = division === NONE_U32 ? 0 : move.distrusted ? METHOD_DIVISION : METHOD_PILE_UP;
  columns.unlocated[i] = division === NONE_U32 ? problem : LOCATED;
}
