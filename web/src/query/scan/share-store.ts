import type { Filters } from '../filters.ts';
import { type Block, blockOf, Kinds, LOCATION, Slots } from './facts.ts';
import { groupCounts } from './groups.ts';
import type { ScanSizes, Share } from './layout.ts';
import type { CellRows, ScanQuestion, ShareAnswer, ShareCells } from './messages.ts';
import { filterTables } from './passes.ts';
import { seriesCounts } from './series.ts';
import { Tallies, type Tally } from './tally.ts';
import { NO_ROW, windowCounts } from './windows.ts';

interface GridRows {
  /** Row of the grid by slot; NO_ROW = not shown so fine, or in no cell. */
  readonly rowOf: Uint32Array;
  /** Rows of this share: the first, and how many. */
  readonly firstRow: number;
  readonly rows: number;
}

/** The incidents of one share and the answers over them. Runs in a worker; knows nothing of one. */
export class ShareStore {
  readonly #sizes: ScanSizes;
  readonly #share: Share;
  readonly #kinds: Kinds;
  readonly #slots: Slots;
  readonly #blocks: Block[] = [];
  readonly #tallies: Tallies;
  /** The same under a chosen area: where there is one, the map asks with it and without it, in turn. */
  readonly #inArea: Tallies;
  /** For questions beside the standing ones, so that they do not throw a kept tally away. */
  readonly #aside: Tallies;
  readonly #endIds = new Map<number, Uint32Array>();
  readonly #grids = new Map<number, GridRows>();

  constructor(sizes: ScanSizes, share: Share) {
    this.#sizes = sizes;
    this.#share = share;
    this.#kinds = new Kinds(sizes);
    this.#slots = new Slots(share);
    const held = {
      blocks: this.#blocks,
      kinds: this.#kinds,
      slots: this.#slots,
      weeks: sizes.weeks,
      divisions: sizes.divisions,
    };
    this.#tallies = new Tallies(held);
    this.#inArea = new Tallies(held);
    this.#aside = new Tallies(held);
  }

  /** @returns rows kept */
  addPeriod(files: readonly Uint8Array[]): number {
    const block = blockOf(files, this.#sizes, this.#share, { kinds: this.#kinds, slots: this.#slots });
    this.#blocks.push(block);
    this.#tallies.reset();
    this.#inArea.reset();
    this.#aside.reset();
    this.#grids.clear();
    return block.rows;
  }

  setGrid(resolution: number, endId: Uint32Array): void {
    this.#endIds.set(resolution, endId);
    this.#grids.delete(resolution);
  }

  get rows(): number {
    return this.#blocks.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Bytes of the columns and of the tables kept over them. */
  get bytesHeld(): number {
    let bytes = 0;
    for (const { weekStart, slot, kind, division, hours } of this.#blocks)
      for (const column of [weekStart, slot, kind, division, hours]) bytes += column.byteLength;
    for (const { rowOf } of this.#grids.values()) bytes += rowOf.byteLength;
    return bytes + 3 * 4 * this.#slots.count;
  }

  answer(question: ScanQuestion): ShareAnswer {
    if (question.kind === 'tally') {
      const { resolution, filters } = question;
      const tally = (resolution === null ? this.#aside : filters.area ? this.#inArea : this.#tallies).of(filters);
      return this.#tallyAnswer(tally, resolution);
    }
    if (question.kind === 'windows') {
      const { filters, resolution, length } = question;
      const { rowOf, firstRow, rows } = this.#grid(resolution);
      const tables = filterTables(filters, this.#sizes.divisions, { kinds: this.#kinds, slots: this.#slots });
      const local = firstRow === 0 ? rowOf : rowOf.map((row) => (row === NO_ROW ? NO_ROW : row - firstRow));
      return {
        kind: 'windows',
        ...windowCounts(this.#blocks, tables, { rowOf: local, rows, length, weeks: this.#sizes.weeks }),
      };
    }
    if (question.kind === 'series') {
      const { filters, resolution, unit } = question;
      const tables = filterTables(filters, this.#sizes.divisions, { kinds: this.#kinds, slots: this.#slots });
      const shape = { ...this.#grid(resolution), nowhere: this.#slots.span, weeks: this.#sizes.weeks, unit };
      return { kind: 'series', part: seriesCounts(this.#blocks, tables, shape) };
    }
    if (question.kind === 'groups') {
      const { by, windows, filters } = question;
      const tables = filterTables(filters, this.#sizes.divisions, { kinds: this.#kinds, slots: this.#slots });
      const held = { ...this.#sizes, kinds: this.#kinds, slots: this.#slots };
      return { kind: 'groups', part: groupCounts(this.#blocks, tables, { by, windows, held }) };
    }
    return { kind: 'cell', rows: this.#cellRows(question.filters, question.cell) };
  }

  #tallyAnswer(tally: Tally, resolution: number | null): ShareAnswer {
    const { source, category, location } = this.#kinds;
    return {
      kind: 'tally',
      weeks: tally.weeks.slice(),
      kinds: {
        source: Uint8Array.from(source),
        category: Uint16Array.from(category),
        location: Uint8Array.from(location),
        n: tally.kinds.slice(),
        city: tally.cityKinds.slice(),
      },
      divisions: tally.divisions.slice(),
      hours: tally.hours.slice(),
      cells: resolution === null ? null : this.#cellsAt(tally.cells, resolution),
    };
  }

  #cellsAt(cells: Uint32Array, resolution: number): ShareCells {
    if (resolution === this.#sizes.finest) return this.#finestCells(cells);
    const { rowOf, firstRow, rows } = this.#grid(resolution);
    const n = new Uint32Array(rows);
    let withheld = 0;
    const { span } = this.#slots;
    for (let s = 0; s < cells.length; s++) {
      const count = cells[s] as number;
      if (count === 0 || s === span) continue;
      const row = rowOf[s] as number;
      if (row === NO_ROW) withheld += count;
      else n[row - firstRow] = (n[row - firstRow] as number) + count;
    }
    return { kind: 'coarse', resolution, firstRow, n, withheld };
  }

  #finestCells(cells: Uint32Array): ShareCells {
    const { span, firstCell, extraCell, extraRes } = this.#slots;
    const extras = extraCell
      .map((cell, i) => ({ cell, res: extraRes[i] as number, n: cells[span + 1 + i] as number }))
      .filter(({ n }) => n > 0)
      .sort((a, b) => a.cell - b.cell || a.res - b.res);
    let filled = extras.length;
    for (let s = 0; s < span; s++) if (cells[s] !== 0) filled++;
    const cellId = new Uint32Array(filled);
    const res = new Uint8Array(filled);
    const n = new Uint32Array(filled);
    let at = 0;
    let next = 0;
    const putExtras = (before: number) => {
      for (let extra = extras[next]; extra && extra.cell < before; extra = extras[++next]) {
        cellId[at] = extra.cell;
        res[at] = extra.res;
        n[at++] = extra.n;
      }
    };
    const { finest } = this.#sizes;
    for (let s = 0; s < span; s++) {
      const count = cells[s] as number;
      if (count === 0) continue;
      // A coarsened row of the same cell comes before the exact one.
      putExtras(firstCell + s + 1);
      cellId[at] = firstCell + s;
      res[at] = finest;
      n[at++] = count;
    }
    putExtras(Number.POSITIVE_INFINITY);
    return { kind: 'finest', cellId, res, n };
  }

  #grid(resolution: number): GridRows {
    const known = this.#grids.get(resolution);
    if (known) return known;
    const { span, firstCell, count, extraCell, extraRes } = this.#slots;
    const rowOf = new Uint32Array(count).fill(NO_ROW);
    const endId = this.#endIds.get(resolution);
    if (!endId && resolution !== this.#sizes.finest)
      throw new Error(`the grid of resolution ${resolution} was not sent`);
    const rowHolding = (cell: number): number => (endId ? firstAbove(endId, cell) : cell);
    let row = span > 0 ? rowHolding(firstCell) : 0;
    const firstRow = row;
    for (let s = 0; s < span; s++) {
      if (endId) while (firstCell + s >= (endId[row] as number)) row++;
      else row = firstCell + s;
      rowOf[s] = row;
    }
    const made = { rowOf, firstRow, rows: span > 0 ? row - firstRow + 1 : 0 };
    extraCell.forEach((cell, i) => {
      if ((extraRes[i] as number) >= resolution) rowOf[span + 1 + i] = rowHolding(cell);
    });
    this.#grids.set(resolution, made);
    return made;
  }

  #cellRows(
    filters: Filters,
    cell: { readonly id: number; readonly end: number; readonly resolution: number },
  ): CellRows {
    const { span, firstCell, count, extraCell, extraRes } = this.#slots;
    const { weeks, divisions, finest } = this.#sizes;
    const kinds = this.#kinds.count;
    const counts = new Uint32Array(weeks * kinds);
    const inside = new Uint8Array(count);
    const first = Math.max(0, cell.id - firstCell);
    const end = Math.min(span, cell.end - firstCell);
    if (first < end && finest >= cell.resolution) inside.fill(1, first, end);
    extraCell.forEach((id, i) => {
      if (id >= cell.id && id < cell.end && (extraRes[i] as number) >= cell.resolution) inside[span + 1 + i] = 1;
    });
    const tables = filterTables({ ...filters, sources: [], categories: [] }, divisions, {
      kinds: this.#kinds,
      slots: this.#slots,
    });
    if (inside.includes(1))
      for (const block of this.#blocks)
        for (let week = 0; week < weeks; week++) {
          const last = block.weekStart[week + 1] as number;
          for (let row = block.weekStart[week] as number; row < last; row++) {
            const s = block.slot[row] as number;
            if (inside[s] === 0) continue;
            if (tables.area !== null && tables.area[s] === 0) continue;
            if (tables.division !== null && tables.division[block.division[row] as number] === 0) continue;
            if (tables.hours !== null && tables.hours[block.hours[row] as number] === 0) continue;
            const at = week * kinds + (block.kind[row] as number);
            counts[at] = (counts[at] as number) + 1;
          }
        }
    return summedRows(counts, this.#kinds, weeks);
  }
}

function summedRows(counts: Uint32Array, kinds: Kinds, weeks: number): CellRows {
  const rows: { readonly week: number; readonly kind: number; readonly n: number }[] = [];
  for (let week = 0; week < weeks; week++)
    for (let kind = 0; kind < kinds.count; kind++) {
      const n = counts[week * kinds.count + kind] as number;
      if (n > 0) rows.push({ week, kind, n });
    }
  return {
    week: Uint16Array.from(rows, ({ week }) => week),
    source: Uint8Array.from(rows, ({ kind }) => kinds.source[kind] as number),
    category: Uint16Array.from(rows, ({ kind }) => kinds.category[kind] as number),
    n: Uint32Array.from(rows, ({ n }) => n),
  };
}

/** First index whose value is above `id`; the values ascend. */
function firstAbove(values: Uint32Array, id: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] as number) <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Buffers of an answer that can be handed over instead of copied. */
export function buffersOf(answer: ShareAnswer): ArrayBufferLike[] {
  if (answer.kind === 'tally') {
    const { weeks, kinds, divisions, hours, cells } = answer;
    const cellArrays = cells === null ? [] : cells.kind === 'coarse' ? [cells.n] : [cells.cellId, cells.res, cells.n];
    return [weeks, divisions, hours, ...Object.values(kinds), ...cellArrays].map(({ buffer }) => buffer);
  }
  if (answer.kind === 'groups') return Object.values(answer.part).map(({ buffer }) => buffer);
  if (answer.kind === 'series') return Object.values(answer.part).map(({ buffer }) => buffer);
  if (answer.kind === 'cell') return Object.values(answer.rows).map(({ buffer }) => buffer);
  return [];
}

export { LOCATION };
