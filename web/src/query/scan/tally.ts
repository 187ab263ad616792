import type { WeekRange } from '../../time/week.ts';
import { type Filters, without } from '../filters.ts';
import { HOUR_SLOTS } from '../hour-slots.ts';
import type { Block, Kinds, Slots } from './facts.ts';
import { type FilterTables, filterTables } from './passes.ts';

/** Everything the standing panels show, of one share, from one pass. Each array is not narrowed by the filter of its own panel. */
export interface Tally {
  /** By week, whatever weeks are chosen. */
  readonly weeks: Uint32Array;
  /** By kind, whatever sources and categories are chosen. */
  readonly kinds: Uint32Array;
  /** The same over the whole city, whatever division is chosen. */
  readonly cityKinds: Uint32Array;
  /** By slot, under all filters. */
  readonly cells: Uint32Array;
  /** By deepest division, under all filters; the last = in none. */
  readonly divisions: Uint32Array;
  /** By hour of the week, whatever hours are chosen. */
  readonly hours: Uint32Array;
}

interface Held {
  readonly blocks: readonly Block[];
  readonly kinds: Kinds;
  readonly slots: Slots;
  readonly weeks: number;
  readonly divisions: number;
}

/** Incidents by week and kind: what names neither place nor hour is read from here, without a look at a row. */
function weekKindsOf({ blocks, kinds, weeks }: Held): Uint32Array {
  const count = kinds.count;
  const cube = new Uint32Array(weeks * count);
  for (const { weekStart, kind } of blocks)
    for (let w = 0; w < weeks; w++) {
      const end = weekStart[w + 1] as number;
      for (let row = weekStart[w] as number; row < end; row++) {
        const at = w * count + (kind[row] as number);
        cube[at] = (cube[at] as number) + 1;
      }
    }
  return cube;
}

/**
 * Keeps the last tally. Where only the weeks changed, the rows of the weeks that entered are added and those of the weeks that left
 * taken away: the cost of a brush is what it passes over, not what is in the city.
 */
export class Tallies {
  readonly #held: Held;
  #weekKinds: Uint32Array | null = null;
  #key: string | null = null;
  #range: WeekRange = { first: 0, end: 0 };
  #tables: FilterTables | null = null;
  #tally: Tally | null = null;

  constructor(held: Held) {
    this.#held = held;
  }

  /** Rows were added: nothing kept holds any longer. */
  reset(): void {
    this.#weekKinds = null;
    this.#key = null;
    this.#tally = null;
  }

  /** The arrays are the kept ones: copy what leaves. */
  of(filters: Filters): Tally {
    const { weeks } = this.#held;
    const range = filters.weeks ?? { first: 0, end: weeks };
    const key = JSON.stringify(without(filters, 'weeks'));
    if (key !== this.#key || !this.#tally || !this.#tables) this.#start(filters, key, range);
    else this.#move(this.#tally, this.#tables, range);
    this.#range = range;
    return this.#tally as Tally;
  }

  #start(filters: Filters, key: string, range: WeekRange): void {
    const { kinds, slots, divisions, weeks } = this.#held;
    const tables = filterTables(filters, divisions, this.#held);
    // The largest one is used again; the others are small.
    const cells = this.#tally?.cells.length === slots.count ? this.#tally.cells.fill(0) : new Uint32Array(slots.count);
    const tally: Tally = {
      weeks: new Uint32Array(weeks),
      kinds: new Uint32Array(kinds.count),
      cityKinds: new Uint32Array(kinds.count),
      cells,
      divisions: new Uint32Array(divisions + 1),
      hours: new Uint32Array(HOUR_SLOTS),
    };
    this.#key = key;
    this.#tables = tables;
    this.#tally = tally;
    this.#add(tally, tables, range, 1, true);
    for (let week = 0; week < weeks; week++)
      if (week < range.first || week >= range.end) tally.weeks[week] = this.#count(tables, week);
  }

  #move(tally: Tally, tables: FilterTables, range: WeekRange): void {
    const before = this.#range;
    const first = Math.max(before.first, range.first);
    const end = Math.min(before.end, range.end);
    const overlap = end > first;
    const left = overlap ? cut(before, { first, end }) : [before];
    const entered = overlap ? cut(range, { first, end }) : [range];
    const rows = (ranges: readonly WeekRange[]) => ranges.reduce((sum, of) => sum + this.#rowsIn(of), 0);
    if (rows(left) + rows(entered) < this.#rowsIn(range)) {
      for (const of of left) this.#add(tally, tables, of, -1, false);
      for (const of of entered) this.#add(tally, tables, of, 1, false);
      return;
    }
    tally.kinds.fill(0);
    tally.cityKinds.fill(0);
    tally.cells.fill(0);
    tally.divisions.fill(0);
    tally.hours.fill(0);
    this.#add(tally, tables, range, 1, false);
  }

  #rowsIn({ first, end }: WeekRange): number {
    return this.#held.blocks.reduce(
      (sum, { weekStart }) => sum + (weekStart[end] as number) - (weekStart[first] as number),
      0,
    );
  }

  #add(tally: Tally, tables: FilterTables, range: WeekRange, sign: 1 | -1, countWeeks: boolean): void {
    const { blocks, kinds } = this.#held;
    const plain = !tables.division && !tables.area && !tables.hours;
    if (plain) {
      const cube = this.#cube();
      const count = kinds.count;
      for (let w = range.first; w < range.end; w++) {
        let passed = 0;
        for (let k = 0; k < count; k++) {
          const n = cube[w * count + k] as number;
          tally.kinds[k] = (tally.kinds[k] as number) + sign * n;
          passed += n * (tables.kind[k] as number);
        }
        if (countWeeks) tally.weeks[w] = passed;
      }
      for (const block of blocks)
        addPlain(
          block,
          block.weekStart[range.first] as number,
          block.weekStart[range.end] as number,
          sign,
          tables,
          tally,
        );
      tally.cityKinds.set(tally.kinds);
      return;
    }
    for (const block of blocks)
      for (let w = range.first; w < range.end; w++) {
        const n = addFiltered(
          block,
          block.weekStart[w] as number,
          block.weekStart[w + 1] as number,
          sign,
          tables,
          tally,
        );
        if (countWeeks) tally.weeks[w] = (tally.weeks[w] as number) + n;
      }
    if (!tables.division) tally.cityKinds.set(tally.kinds);
  }

  #count(tables: FilterTables, week: number): number {
    let n = 0;
    if (!tables.division && !tables.area && !tables.hours) {
      const cube = this.#cube();
      const count = this.#held.kinds.count;
      for (let k = 0; k < count; k++) n += (cube[week * count + k] as number) * (tables.kind[k] as number);
      return n;
    }
    for (const block of this.#held.blocks)
      n += countFiltered(block, block.weekStart[week] as number, block.weekStart[week + 1] as number, tables);
    return n;
  }

  #cube(): Uint32Array {
    this.#weekKinds ??= weekKindsOf(this.#held);
    return this.#weekKinds;
  }
}

/** `whole` without the part `inner` of it. */
function cut(whole: WeekRange, inner: WeekRange): readonly WeekRange[] {
  return [
    { first: whole.first, end: inner.first },
    { first: inner.end, end: whole.end },
  ].filter(({ first, end }) => end > first);
}

function addPlain(block: Block, begin: number, end: number, sign: number, tables: FilterTables, tally: Tally): void {
  const { kind, slot, division, hours } = block;
  const passes = tables.kind;
  const { cells, divisions, hours: byHour } = tally;
  for (let row = begin; row < end; row++) {
    if (passes[kind[row] as number] === 0) continue;
    const s = slot[row] as number;
    const d = division[row] as number;
    const h = hours[row] as number;
    cells[s] = (cells[s] as number) + sign;
    divisions[d] = (divisions[d] as number) + sign;
    byHour[h] = (byHour[h] as number) + sign;
  }
}

/** @returns incidents under all filters but the weeks */
function addFiltered(
  block: Block,
  begin: number,
  end: number,
  sign: number,
  tables: FilterTables,
  tally: Tally,
): number {
  const { kind, slot, division, hours } = block;
  const { cells, divisions, hours: byHour, kinds, cityKinds } = tally;
  const { division: inDivision, area: inArea, hours: inTime, kind: passes } = tables;
  let passed = 0;
  for (let row = begin; row < end; row++) {
    const s = slot[row] as number;
    if (inArea !== null && inArea[s] === 0) continue;
    const k = kind[row] as number;
    const h = hours[row] as number;
    const d = division[row] as number;
    const time = inTime === null || inTime[h] === 1;
    if (inDivision !== null) {
      if (time) cityKinds[k] = (cityKinds[k] as number) + sign;
      if (inDivision[d] === 0) continue;
    }
    if (time) kinds[k] = (kinds[k] as number) + sign;
    if (passes[k] === 0) continue;
    byHour[h] = (byHour[h] as number) + sign;
    if (!time) continue;
    passed++;
    cells[s] = (cells[s] as number) + sign;
    divisions[d] = (divisions[d] as number) + sign;
  }
  return passed;
}

function countFiltered(block: Block, begin: number, end: number, tables: FilterTables): number {
  const { kind, slot, division, hours } = block;
  const { division: inDivision, area: inArea, hours: inTime, kind: passes } = tables;
  let n = 0;
  for (let row = begin; row < end; row++) {
    if (inDivision !== null && inDivision[division[row] as number] === 0) continue;
    if (inArea !== null && inArea[slot[row] as number] === 0) continue;
    if (inTime !== null && inTime[hours[row] as number] === 0) continue;
    n += passes[kind[row] as number] as number;
  }
  return n;
}
