import { type Batch, tableFromIPC } from '@uwdata/flechette';
import { KNOWN_HOURS, weekdayOf } from '../hour-slots.ts';
import type { ScanSizes, Share } from './layout.ts';

/**
 * Incidents of one period in nine bytes each, ordered by week and, inside a week, as in the files (by place): a window of weeks is
 * one range of rows.
 */
export interface Block {
  readonly rows: number;
  /** Rows of week w are `weekStart[w] <= row < weekStart[w + 1]`. */
  readonly weekStart: Uint32Array;
  /** Where the incident counts on the map: see Slots. */
  readonly slot: Uint32Array;
  /** What is counted together without a place: see Kinds. */
  readonly kind: Uint16Array;
  /** Deepest division; the number of divisions = in none. */
  readonly division: Uint16Array | Uint32Array;
  /** hour-slots.ts */
  readonly hours: Uint8Array;
}

export const LOCATION = { nowhere: 0, divisionOnly: 1, cell: 2 } as const;

/** A distinct (source, category, how it is located): a few hundred stand for all incidents in every view without a place. */
export class Kinds {
  readonly source: number[] = [];
  readonly category: number[] = [];
  /** LOCATION; in a cell: `LOCATION.cell + res`. */
  readonly location: number[] = [];
  readonly #byKey: Int32Array;
  readonly #categories: number;
  static readonly #LOCATIONS = 32;

  constructor({ sources, categories }: Pick<ScanSizes, 'sources' | 'categories'>) {
    this.#categories = categories;
    this.#byKey = new Int32Array(sources * categories * Kinds.#LOCATIONS).fill(-1);
  }

  get count(): number {
    return this.source.length;
  }

  idOf(source: number, category: number, location: number): number {
    const key = (source * this.#categories + category) * Kinds.#LOCATIONS + location;
    const known = this.#byKey[key];
    if (known === undefined) throw new RangeError(`source ${source}, category ${category} are not in the manifest`);
    if (known >= 0) return known;
    const id = this.count;
    if (id > 0xffff) throw new RangeError('more than 65,536 kinds of incidents');
    this.#byKey[key] = id;
    this.source.push(source);
    this.category.push(category);
    this.location.push(location);
    return id;
  }
}

/**
 * Where an incident counts on the map. Slot s below `span` is the finest cell `firstCell + s`; slot `span` is no cell; the slots after
 * it are the cells of which the place is published only to a coarser resolution, each with that resolution.
 */
export class Slots {
  readonly firstCell: number;
  readonly span: number;
  readonly extraCell: number[] = [];
  readonly extraRes: number[] = [];
  readonly #extras = new Map<number, number>();

  constructor({ firstCell, endCell }: Share) {
    this.firstCell = firstCell;
    this.span = endCell - firstCell;
  }

  get count(): number {
    return this.span + 1 + this.extraCell.length;
  }

  coarse(cell: number, res: number): number {
    const key = cell * 16 + res;
    const known = this.#extras.get(key);
    if (known !== undefined) return known;
    const slot = this.count;
    this.#extras.set(key, slot);
    this.extraCell.push(cell);
    this.extraRes.push(res);
    return slot;
  }
}

interface IntBatch {
  readonly values: ArrayLike<number>;
  readonly validity: Uint8Array;
  readonly nulls: boolean;
}
interface Piece {
  readonly length: number;
  readonly cell: IntBatch;
  readonly res: IntBatch;
  readonly day: IntBatch;
  readonly hour: IntBatch;
  readonly source: IntBatch;
  readonly category: IntBatch;
  readonly division: IntBatch;
}

const COLUMNS = {
  cell: 'cell_id',
  res: 'res',
  day: 'day',
  hour: 'hour',
  source: 'source',
  category: 'category',
  division: 'division',
} as const;

/** Record batches of a file of facts. A file without a column of the contract is refused by name. */
function piecesOf(bytes: Uint8Array): readonly Piece[] {
  const table = tableFromIPC(bytes);
  const batches = (name: string): readonly Batch<unknown>[] => {
    if (!table.names.includes(name)) throw new Error(`facts lack column ${name}`);
    return table.getChild(name).data;
  };
  const cells = batches(COLUMNS.cell);
  return cells.map((first, i) => {
    const part = (name: string): IntBatch => {
      const batch = batches(name)[i] as Batch<unknown> & { readonly values: ArrayLike<number> };
      return { values: batch.values, validity: batch.validity as Uint8Array, nulls: batch.nullCount > 0 };
    };
    return {
      length: first.length,
      cell: part(COLUMNS.cell),
      res: part(COLUMNS.res),
      day: part(COLUMNS.day),
      hour: part(COLUMNS.hour),
      source: part(COLUMNS.source),
      category: part(COLUMNS.category),
      division: part(COLUMNS.division),
    };
  });
}

const isNull = ({ nulls, validity }: IntBatch, row: number): boolean =>
  nulls && ((validity[row >> 3] as number) & (1 << (row & 7))) === 0;

/** The rows of a share in the files of one period. */
export function blockOf(
  files: readonly Uint8Array[],
  sizes: ScanSizes,
  share: Share,
  { kinds, slots }: { readonly kinds: Kinds; readonly slots: Slots },
): Block {
  const pieces = files.flatMap(piecesOf);
  const weekStart = new Uint32Array(sizes.weeks + 1);
  const { monday, weeks, finest } = sizes;
  const { firstCell, endCell, unlocated } = share;
  const weekAt = (piece: Piece, row: number): number => {
    const week = Math.floor(((piece.day.values[row] as number) - monday) / 7);
    if (week < 0 || week >= weeks)
      throw new RangeError(`day ${piece.day.values[row]} lies outside the weeks of the snapshot`);
    return week;
  };
  const mine = ({ cell }: Piece, row: number): boolean => {
    if (isNull(cell, row)) return unlocated;
    const id = cell.values[row] as number;
    return id >= firstCell && id < endCell;
  };
  for (const piece of pieces)
    for (let row = 0; row < piece.length; row++)
      if (mine(piece, row)) {
        const after = weekAt(piece, row) + 1;
        weekStart[after] = (weekStart[after] as number) + 1;
      }
  for (let w = 0; w < weeks; w++) weekStart[w + 1] = (weekStart[w + 1] as number) + (weekStart[w] as number);
  const rows = weekStart[weeks] as number;
  const next = weekStart.slice();
  const slot = new Uint32Array(rows);
  const kind = new Uint16Array(rows);
  const division = sizes.divisions <= 0xffff ? new Uint16Array(rows) : new Uint32Array(rows);
  const hours = new Uint8Array(rows);
  for (const piece of pieces)
    for (let row = 0; row < piece.length; row++) {
      if (!mine(piece, row)) continue;
      const week = weekAt(piece, row);
      const at = next[week] as number;
      next[week] = at + 1;
      const inCell = !isNull(piece.cell, row);
      const inDivision = !isNull(piece.division, row);
      const res = piece.res.values[row] as number;
      const day = piece.day.values[row] as number;
      const location = inCell ? LOCATION.cell + res : inDivision ? LOCATION.divisionOnly : LOCATION.nowhere;
      kind[at] = kinds.idOf(piece.source.values[row] as number, piece.category.values[row] as number, location);
      division[at] = inDivision ? (piece.division.values[row] as number) : sizes.divisions;
      hours[at] = isNull(piece.hour, row)
        ? KNOWN_HOURS + weekdayOf(day)
        : weekdayOf(day) * 24 + (piece.hour.values[row] as number);
      if (!inCell) slot[at] = slots.span;
      else if (res === finest) slot[at] = (piece.cell.values[row] as number) - firstCell;
      else slot[at] = slots.coarse(piece.cell.values[row] as number, res);
    }
  return { rows, weekStart, slot, kind, division, hours };
}
