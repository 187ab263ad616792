import { WALL_PLAYED_RESOLUTION, WALL_WEEKS } from '../../../../core/contract/wall-tables.ts';
import { openTable } from '../../snapshot/decode.ts';
import { type Clock, clockOf } from '../../time/clock.ts';
import type { Week } from '../../time/week.ts';

/** The last complete weeks one by one, as grade wall tells them: "not less than", in multiples of k. */
export interface PlayedWeeks {
  readonly resolution: number;
  /** Over these weeks, one after the other. */
  readonly clock: Clock;
  /** By week of the clock: reports by row of the grid, at least; 0 = fewer than k, told with a larger place, or none. */
  readonly byWeek: ReadonlyMap<number, Uint32Array>;
  /** By week: reports that are in some cell of the map, at least. */
  readonly onMap: ReadonlyMap<number, number>;
  /** One scale for all of the weeks. */
  readonly breaks: readonly number[];
}

const CLASSES = 5;
/** One picture moves nothing. */
const LEAST_WEEKS = 2;

/** Rows of the file. */
export interface WeekRows {
  readonly week: ArrayLike<number>;
  readonly place: ArrayLike<number>;
  /** Null = the row stands for no cell. */
  readonly cell: ArrayLike<number | null>;
  readonly floor: ArrayLike<number>;
}

export function decodeWeeks(bytes: Uint8Array, file: string): WeekRows {
  const table = openTable(bytes, file, WALL_WEEKS);
  return {
    week: Uint16Array.from(table.getChild('week').toArray()),
    place: Uint8Array.from(table.getChild('place').toArray()),
    cell: Array.from(table.getChild('cell').toArray() as ArrayLike<number | null>),
    floor: Uint32Array.from(table.getChild('floor').toArray()),
  };
}

/**
 * Reports of sensitive classes have rows of their own; both are added up, and so are the parts of a cell that a border cuts.
 *
 * @returns null when there are too few weeks to play
 */
export function playedWeeks(
  { week, place, cell, floor }: WeekRows,
  { weeks, cells }: { readonly weeks: readonly Week[]; readonly cells: number },
): PlayedWeeks | null {
  const byWeek = new Map<number, Uint32Array>();
  const onMap = new Map<number, number>();
  for (let i = 0; i < week.length; i++) {
    const at = week[i]!;
    if (!weeks[at]) continue;
    if (!byWeek.has(at)) {
      byWeek.set(at, new Uint32Array(cells));
      onMap.set(at, 0);
    }
    const row = cell[i];
    if (place[i] !== WALL_PLAYED_RESOLUTION || row === null || row === undefined || row >= cells) continue;
    byWeek.get(at)![row]! += floor[i]!;
    onMap.set(at, onMap.get(at)! + floor[i]!);
  }
  const told = [...byWeek.keys()];
  if (told.length < LEAST_WEEKS) return null;
  const [first, last] = [Math.min(...told), Math.max(...told)];
  const covered = { firstDay: weeks[first]!.firstDay, endDay: weeks[last]!.firstDay + 7 };
  const clock = clockOf({ weeks, covered, chosen: { first, end: last + 1 } }, 'week', 'step');
  if (!clock) return null;
  const values = [...byWeek.values()].flatMap((counts) => Array.from(counts).filter((n) => n > 0));
  if (values.length === 0) return null;
  // Nothing below the least multiple of k can be on the map.
  const least = values.reduce((low, n) => Math.min(low, n), Number.POSITIVE_INFINITY);
  const most = values.reduce((high, n) => Math.max(high, n), 0);
  // Doubling: most places have few, and quantiles would give all that is more one class.
  const breaks = Array.from({ length: CLASSES }, (_, i) => least * 2 ** i).filter((from) => from <= most);
  return { resolution: WALL_PLAYED_RESOLUTION, clock, byWeek, onMap, breaks };
}
