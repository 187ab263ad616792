import type { FileEntry } from '../../core/contract/manifest.ts';
import type { Profile } from '../../core/contract/profile.ts';
import { WALL_MAP, WALL_TIME, WALL_WEEKS } from '../../core/contract/wall-tables.ts';
import type { CoarseGrid } from '../../core/grid/study-grid.ts';
import { type WallInput, type WallRows, type WallTables, wallTables } from '../../core/privacy/wall-tables.ts';
import { type CellParents, NONE } from '../../core/privacy/wall-tree.ts';
import { arrowBytes, type ColumnValues } from '../io/arrow.ts';
import { runTasks } from '../worker-pool.ts';
import type { TimeFrame } from './aggregate.ts';
import type { ArtifactWriter } from './artifact-writer.ts';
import { NONE_U32 } from './incident-columns.ts';
import type { Counts } from './units.ts';

export interface WallSource {
  readonly rows: WallRows;
  /** Per row of `grid/r8.arrow`: its row in r7, r6, r5. */
  readonly parents: CellParents;
  /** Ids of level 1, ascending, without the city. */
  readonly divisions: readonly number[];
  /** Number of sources, and of category ids. */
  readonly sources: number;
  readonly groups: number;
  /** As in the manifest, and the day after the last one covered. */
  readonly weeks: readonly { readonly iso: string; readonly firstDay: number }[];
  readonly endDay: number;
  readonly publish: Profile['publish'];
}

/** What the privacy report tells of the tables. */
export type WallTold = Pick<WallTables, 'reach' | 'complementary' | 'barred' | 'withheldSlices' | 'proven'>;

/** Index of the last week whose seven days are all covered; −1 = none. A first week cut short counts as far as it goes. */
export function lastCompleteWeek({ weeks, endDay }: Pick<WallSource, 'weeks' | 'endDay'>): number {
  let last = weeks.length - 1;
  while (last >= 0 && (weeks[last] as { firstDay: number }).firstDay + 7 > endDay) last--;
  return last;
}

/** Makes the tables, on this thread or another: a pure function of what it is given. */
export type TablesOf = (input: WallInput) => Promise<WallTables>;

const tablesHere: TablesOf = async (input) => wallTables(input);

/** Starting a thread costs more than the tables of so few rows. */
const FEW_ROWS = 100_000;

/** On a thread of its own, beside whatever else the run does. */
export const tablesAside =
  (signal?: AbortSignal, fewRows = FEW_ROWS): TablesOf =>
  async (input) => {
    if (input.rows.n.length < fewRows) return wallTables(input);
    const made: WallTables[] = [];
    await runTasks(
      { shapes: null, ingest: null },
      [{ kind: 'wall', number: 0, input }],
      (message) => {
        if (message.kind === 'wall') made.push(message.tables);
      },
      { signal },
    );
    return made[0] as WallTables; // a task without a result has thrown
  };

/**
 * Writes `wall/map.arrow`, `wall/time.arrow` and `wall/weeks.arrow` (grade wall). Equal counts give equal bytes, whatever the order of rows.
 * @returns the tables with their exact statistics, for `privacyWallSection`: those are grade desk
 */
export async function publishWall(
  source: WallSource,
  writer: ArtifactWriter,
  tablesOf: TablesOf = tablesHere,
): Promise<{ tables: WallTables; files: FileEntry[] }> {
  const tables = await tablesOf({
    rows: source.rows,
    parents: source.parents,
    divisions: source.divisions,
    groups: source.groups,
    sources: source.sources,
    lastWeek: lastCompleteWeek(source),
    k: source.publish.k,
    kSensitive: source.publish.kSensitive,
    sensitiveResolution: source.publish.sensitiveResolution,
  });
  const { map, time, weeks } = tables;
  const info = { kind: 'cube', grade: 'wall' } as const;
  const mapFile = await writer.write(
    { path: 'wall/map.arrow', rows: map.floor.length, ...info },
    arrowBytes(WALL_MAP, map.floor.length, {
      weeks: { values: map.weeks },
      group: withNulls(map.group),
      sensitive: { flags: map.sensitive },
      place: { values: map.place },
      division: withNulls(map.division),
      cell: withNulls(map.cell),
      floor: withNulls(map.floor),
    }),
  );
  const timeFile = await writer.write(
    { path: 'wall/time.arrow', rows: time.floor.length, ...info },
    arrowBytes(WALL_TIME, time.floor.length, {
      week: { values: time.week },
      sensitive: { flags: time.sensitive },
      depth: { values: time.depth },
      division: withNulls(time.division),
      source: withNulls(time.source),
      group: withNulls(time.group),
      floor: { values: time.floor },
    }),
  );
  const weeksFile = await writer.write(
    { path: 'wall/weeks.arrow', rows: weeks.floor.length, ...info },
    arrowBytes(WALL_WEEKS, weeks.floor.length, {
      week: { values: weeks.week },
      sensitive: { flags: weeks.sensitive },
      place: { values: weeks.place },
      division: withNulls(weeks.division),
      cell: withNulls(weeks.cell),
      floor: { values: weeks.floor },
    }),
  );
  return { tables, files: [mapFile, timeFile, weeksFile] };
}

/** NONE becomes null, with a fixed value under it. */
function withNulls(values: Uint32Array): ColumnValues {
  const nulls = new Uint8Array(values.length);
  const shown = values.slice();
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== NONE) continue;
    nulls[i] = 1;
    shown[i] = 0;
  }
  return { values: shown, nulls };
}

/** Counts of the units as rows of the wall tables. A report known only to a place coarser than resolution 8 has no cell here, unless it is sensitive. */
export function wallRows(counts: Counts, frame: TimeFrame): WallRows {
  const firstWeek = Math.floor(((frame.weeks[0]?.firstDay ?? 0) + 3) / 7); // no weeks, no rows
  const res = counts.column('res');
  const cell = new Uint32Array(counts.column('r8'));
  const weeks = counts.column('week');
  const week = new Uint16Array(counts.length);
  for (let i = 0; i < counts.length; i++) {
    if ((res[i] as number) < 8) cell[i] = NONE_U32;
    week[i] = (weeks[i] as number) - firstWeek;
  }
  return {
    cell,
    division: new Uint32Array(counts.column('district')),
    week,
    source: counts.source,
    group: new Uint16Array(counts.column('group')),
    sensitive: new Uint8Array(counts.column('sensitive')),
    n: new Uint32Array(counts.column('n')),
  };
}

/** Rows of r7, r6, r5 that hold each row of r8. */
export function cellParents(coarse: readonly CoarseGrid[]): CellParents {
  const at = (resolution: number): CoarseGrid => coarse.find((grid) => grid.resolution === resolution) as CoarseGrid;
  const children = at(8);
  const rowsIn = (parent: CoarseGrid): Uint32Array => {
    const rows = new Uint32Array(children.h3.length);
    let row = 0;
    for (let i = 0; i < rows.length; i++) {
      while ((parent.endId[row] as number) <= (children.firstId[i] as number)) row++;
      rows[i] = row;
    }
    return rows;
  };
  return { r7: rowsIn(at(7)), r6: rowsIn(at(6)), r5: rowsIn(at(5)) };
}
