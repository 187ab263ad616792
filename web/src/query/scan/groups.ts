import type { WeekRange } from '../../time/week.ts';
import type { Columns } from '../columns.ts';
import { HOUR_SLOTS } from '../hour-slots.ts';
import { NO_ID } from '../table-queries.ts';
import { type Block, type Kinds, LOCATION, type Slots } from './facts.ts';
import type { FilterTables } from './passes.ts';

export type GroupBy = 'division' | 'category' | 'source' | 'week' | 'hours' | 'cell';

/** Weeks in which a group is counted; each is a column of its own. */
export interface GroupWindows {
  /** null = every week. */
  readonly n: WeekRange | null;
  /** null = nothing is compared. */
  readonly after: WeekRange | null;
  readonly before: WeekRange | null;
}

/** Rows of one share: every group in which there is an incident of any week. */
export interface GroupPart {
  /** NO_ID = belongs to no group. */
  readonly id: Uint32Array;
  /** Cells only, as in `table-queries.ts`: to which resolution it may be shown; 1 = in a division but no cell, 0 = in neither. */
  readonly res: Uint8Array;
  readonly n: Uint32Array;
  readonly after: Uint32Array;
  readonly before: Uint32Array;
}

interface Held {
  readonly kinds: Kinds;
  readonly slots: Slots;
  readonly weeks: number;
  readonly divisions: number;
  readonly categories: number;
  readonly sources: number;
  readonly finest: number;
}

/** A key of the pass: a small number by row, and what it stands for. */
interface Keys {
  readonly count: number;
  readonly of: (block: Block, row: number, week: number) => number;
  readonly label: (key: number) => { readonly id: number; readonly res: number };
}

/** One pass over the incidents under the filters but their weeks. */
export function groupCounts(
  blocks: readonly Block[],
  tables: FilterTables,
  { by, windows, held }: { readonly by: GroupBy; readonly windows: GroupWindows; readonly held: Held },
): GroupPart {
  const keys = keysOf(by, held);
  const seen = new Uint8Array(keys.count);
  const counts = {
    n: new Uint32Array(keys.count),
    after: new Uint32Array(keys.count),
    before: new Uint32Array(keys.count),
  };
  const { kind, division, area, hours } = tables;
  for (const block of blocks)
    for (let week = 0; week < held.weeks; week++) {
      const into = [
        windows.n === null || holds(windows.n, week) ? counts.n : null,
        holds(windows.after, week) ? counts.after : null,
        holds(windows.before, week) ? counts.before : null,
      ].flatMap((column) => column ?? []);
      const end = block.weekStart[week + 1] as number;
      for (let row = block.weekStart[week] as number; row < end; row++) {
        if (kind[block.kind[row] as number] === 0) continue;
        if (area !== null && area[block.slot[row] as number] === 0) continue;
        if (hours !== null && hours[block.hours[row] as number] === 0) continue;
        if (division !== null && division[block.division[row] as number] === 0) continue;
        const key = keys.of(block, row, week);
        seen[key] = 1;
        for (const column of into) column[key] = (column[key] as number) + 1;
      }
    }
  const shown: number[] = [];
  for (let key = 0; key < keys.count; key++) if (seen[key] === 1) shown.push(key);
  const labels = shown.map(keys.label);
  const column = (from: Uint32Array) => Uint32Array.from(shown, (key) => from[key] as number);
  return {
    id: Uint32Array.from(labels, ({ id }) => id),
    res: Uint8Array.from(labels, ({ res }) => res),
    n: column(counts.n),
    after: column(counts.after),
    before: column(counts.before),
  };
}

/** Adds up the shares; rows ascend by id, then `res`. */
export function joinedGroups(parts: readonly GroupPart[]): Columns {
  const rows = new Map<number, { id: number; res: number; n: number; after: number; before: number }>();
  for (const { id, res, n, after, before } of parts)
    for (let i = 0; i < id.length; i++) {
      const key = (id[i] as number) * 256 + (res[i] as number);
      const row = rows.get(key) ?? { id: id[i] as number, res: res[i] as number, n: 0, after: 0, before: 0 };
      row.n += n[i] as number;
      row.after += after[i] as number;
      row.before += before[i] as number;
      rows.set(key, row);
    }
  const sorted = [...rows.values()].sort((a, b) => a.id - b.id || a.res - b.res);
  return {
    id: Uint32Array.from(sorted, ({ id }) => id),
    res: Uint8Array.from(sorted, ({ res }) => res),
    n: Uint32Array.from(sorted, ({ n }) => n),
    after: Uint32Array.from(sorted, ({ after }) => after),
    before: Uint32Array.from(sorted, ({ before }) => before),
  };
}

const holds = (range: WeekRange | null, week: number): boolean =>
  range !== null && week >= range.first && week < range.end;

function keysOf(by: GroupBy, { kinds, slots, weeks, divisions, categories, sources, finest }: Held): Keys {
  const plain = (count: number, of: Keys['of']): Keys => ({
    count,
    of,
    label: (id) => ({ id, res: 0 }),
  });
  switch (by) {
    case 'division':
      return {
        ...plain(divisions + 1, ({ division }, row) => division[row] as number),
        label: (key) => ({ id: key === divisions ? NO_ID : key, res: 0 }),
      };
    case 'category':
      return plain(categories, ({ kind }, row) => kinds.category[kind[row] as number] as number);
    case 'source':
      return plain(sources, ({ kind }, row) => kinds.source[kind[row] as number] as number);
    case 'week':
      return plain(weeks, (_, __, week) => week);
    case 'hours':
      return plain(HOUR_SLOTS, ({ hours }, row) => hours[row] as number);
    case 'cell': {
      const { span, firstCell, count, extraCell, extraRes } = slots;
      // Slot `span` is no cell; the last key: no cell, but a division.
      const label = (key: number) =>
        key < span
          ? { id: firstCell + key, res: finest }
          : key === span
            ? { id: NO_ID, res: 0 }
            : key === count
              ? { id: NO_ID, res: 1 }
              : { id: extraCell[key - span - 1] as number, res: extraRes[key - span - 1] as number };
      return {
        count: count + 1,
        of: ({ slot, kind }, row) => {
          const at = slot[row] as number;
          return at === span && kinds.location[kind[row] as number] === LOCATION.divisionOnly ? count : at;
        },
        label,
      };
    }
    default:
      return by satisfies never;
  }
}
