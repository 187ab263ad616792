import type { ClockUnit } from '../../time/clock.ts';
import { KNOWN_HOURS } from '../hour-slots.ts';
import type { Block } from './facts.ts';
import type { FilterTables } from './passes.ts';
import { NO_ROW } from './windows.ts';

/** Counts per cell and unit of time of one share, units one after the other. */
export interface SeriesPart {
  /** Entries of unit u are `start[u] <= i < start[u + 1]`; a cell occurs once in a unit. */
  readonly start: Uint32Array;
  /** Row of the grid. */
  readonly row: Uint32Array;
  readonly n: Uint32Array;
  /** By unit: every incident that passes, with or without a place. */
  readonly total: Uint32Array;
  /** By unit: in a cell, but published only to a coarser one. */
  readonly withheld: Uint32Array;
}

interface SeriesShape {
  /** Row of the grid by slot; NO_ROW = not shown so fine, or in no cell. */
  readonly rowOf: Uint32Array;
  readonly firstRow: number;
  readonly rows: number;
  /** The slot of incidents in no cell. */
  readonly nowhere: number;
  readonly weeks: number;
  readonly unit: ClockUnit;
}

/** Two passes: how many of each unit, then which; equal cells of a unit are joined in place. */
export function seriesCounts(blocks: readonly Block[], tables: FilterTables, shape: SeriesShape): SeriesPart {
  const { rowOf, firstRow, rows, nowhere, weeks, unit } = shape;
  const perWeek = unit === 'day' ? 7 : 1;
  const units = weeks * perWeek;
  const total = new Uint32Array(units);
  const withheld = new Uint32Array(units);
  const place = new Uint32Array(units + 1);
  const weekday = Uint8Array.from({ length: KNOWN_HOURS + 7 }, (_, slot) =>
    slot < KNOWN_HOURS ? Math.floor(slot / 24) : slot - KNOWN_HOURS,
  );
  const each = (visit: (unit: number, slot: number) => void) => {
    const { kind, division, area, hours } = tables;
    for (const block of blocks)
      for (let week = 0; week < weeks; week++) {
        const end = block.weekStart[week + 1] as number;
        for (let i = block.weekStart[week] as number; i < end; i++) {
          if (kind[block.kind[i] as number] === 0) continue;
          const slot = block.slot[i] as number;
          const hour = block.hours[i] as number;
          if (area !== null && area[slot] === 0) continue;
          if (hours !== null && hours[hour] === 0) continue;
          if (division !== null && division[block.division[i] as number] === 0) continue;
          visit(unit === 'day' ? week * 7 + (weekday[hour] as number) : week, slot);
        }
      }
  };
  each((at, slot) => {
    total[at] = (total[at] as number) + 1;
    if (rowOf[slot] !== NO_ROW) place[at + 1] = (place[at + 1] as number) + 1;
    else if (slot !== nowhere) withheld[at] = (withheld[at] as number) + 1;
  });
  for (let u = 0; u < units; u++) place[u + 1] = (place[u + 1] as number) + (place[u] as number);
  const raw = new Uint32Array(place[units] as number);
  const next = place.slice();
  each((at, slot) => {
    const row = rowOf[slot] as number;
    if (row === NO_ROW) return;
    const to = next[at] as number;
    next[at] = to + 1;
    raw[to] = row;
  });
  const start = new Uint32Array(units + 1);
  const count = new Uint32Array(rows);
  const n = new Uint32Array(raw.length);
  let filled = 0;
  for (let u = 0; u < units; u++) {
    const [from, end] = [place[u] as number, place[u + 1] as number];
    for (let i = from; i < end; i++) {
      const local = (raw[i] as number) - firstRow;
      count[local] = (count[local] as number) + 1;
    }
    for (let i = from; i < end; i++) {
      const row = raw[i] as number;
      const times = count[row - firstRow] as number;
      if (times === 0) continue;
      count[row - firstRow] = 0;
      // Never ahead of what is read: `filled <= i`.
      raw[filled] = row;
      n[filled++] = times;
    }
    start[u + 1] = filled;
  }
  return { start, row: raw.slice(0, filled), n: n.slice(0, filled), total, withheld };
}
