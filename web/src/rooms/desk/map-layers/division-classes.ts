import { classOf } from '../../../layers/step-scale.ts';
import { NO_DATA_CLASS } from '../../../map/contract.ts';
import type { Columns, Panel } from '../../../query/coordinator.ts';
import type { TreeCounts } from '../../../query/panels.ts';
import * as queries from '../../../query/queries.ts';
import { rangeSum } from '../../../query/roll-up.ts';
import type { Divisions } from '../../../snapshot/model.ts';

/** Weekly counts per division of one level, for class breaks that hold in every period. */
export function divisionScalePanel(divisions: Divisions, level: number): Panel<Columns> {
  return {
    id: `division-scale-${level}`,
    owner: null,
    priority: 21,
    query: (filters) => queries.divisionWeekSeries({ ...filters, weeks: null, division: null }),
    decode: (columns) => rolledUp(columns, divisions, level),
  };
}

/** Counts by the deepest division → by the one of `level` above it. Ascending by division, then week; what lies above the level falls out. */
export function rolledUp(series: Columns, divisions: Divisions, level: number): Columns {
  const { cell = [], week = [], n = [] } = series;
  const above = ancestors(divisions, level);
  const sums = new Map<number, number>();
  for (let i = 0; i < cell.length; i++) {
    const at = above[cell[i]!] ?? -1;
    if (at < 0) continue;
    const key = at * 65_536 + week[i]!;
    sums.set(key, (sums.get(key) ?? 0) + n[i]!); // first met: none yet
  }
  const keys = [...sums.keys()].sort((a, b) => a - b);
  return {
    cell: keys.map((key) => Math.floor(key / 65_536)),
    week: keys.map((key) => key % 65_536),
    n: keys.map((key) => sums.get(key)!),
  };
}

/** By division id the one of `level` that holds it, itself included; −1 = it lies above. */
function ancestors({ count, level: levels, end }: Divisions, level: number): Int32Array {
  const above = new Int32Array(count).fill(-1);
  for (let id = 0; id < count; id++) if (levels[id] === level) above.fill(id, id, end[id]!);
  return above;
}

/** Counts by division id of the level; what is not of the level is 0. */
export function levelCounts(counts: TreeCounts, divisions: Divisions, level: number): Uint32Array {
  const n = new Uint32Array(divisions.count);
  for (let id = 0; id < n.length; id++)
    if (divisions.level[id] === level) n[id] = rangeSum(counts.sums, { id, end: divisions.end[id]! });
  return n;
}

/** Classes by division id as `DivisionFill` wants them. `unknown` = divisions (with all below them) about which nothing came. */
export function divisionClasses(options: {
  readonly n: Uint32Array;
  readonly breaks: readonly number[];
  readonly divisions: Divisions;
  readonly level: number;
  readonly unknown: readonly number[];
}): Uint32Array {
  const { n, breaks, divisions, level, unknown } = options;
  return Uint32Array.from(n, (count, id) => {
    if (divisions.level[id] !== level) return 0;
    if (count === 0 && unknown.some((top) => id >= top && id < divisions.end[top]!)) return NO_DATA_CLASS;
    return classOf(count, breaks) + 1;
  });
}
