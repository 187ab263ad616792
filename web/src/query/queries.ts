import { inArea } from './area-sql.ts';
import { type Filters, type IdRange, mergedRanges, NO_FILTERS } from './filters.ts';
import { KNOWN_HOURS } from './hour-slots.ts';
import { id, join, type Sql, sql, uint8, uint16, uint32 } from './sql.ts';

/**
 * Tables in the worker (engine.ts makes them):
 *   facts    one row an incident: cell_id, res, week, source, category, division, hours (hour-slots.ts)
 *   summary  facts counted by week, source, category, located (LOCATED in summary.ts); answers everything that names no place
 *   cell     one row a finest cell: cell_id and the row of each coarser grid holding it, r5 .. r9
 */

export interface CellCountRow {
  readonly cell_id: number;
  readonly res: number;
  readonly n: number;
}
export interface CountRow {
  readonly id: number;
  readonly n: number;
}
export interface SummaryRow {
  readonly week: number;
  readonly source: number;
  readonly category: number;
  /** LOCATED in summary.ts. */
  readonly located: number;
  readonly n: number;
}
export interface CellWeekRow {
  readonly cell: number;
  readonly week: number;
  readonly n: number;
}

/** A cell of any resolution: the range of its finest cells. */
export interface CellRange extends IdRange {
  readonly resolution: number;
}

/** In no order: sorting 600 k rows here costs 150 of 500 ms; `finestCounts` puts them in order by address instead. */
export const cellCounts = (filters: Filters) => sql<CellCountRow>`
  SELECT cell_id, res, count(*)::UINTEGER AS n
  FROM facts
  WHERE cell_id IS NOT NULL AND ${matching(filters)}
  GROUP BY cell_id, res`;

/**
 * Incidents of the place and hours asked for (else of the city) by week, source, category and how they are located: some ten thousand rows
 * from which every view without a place is counted at once (summary.ts). Asked again only when the focus changes, so a brush
 * or a click on a category costs no query for those views.
 */
export const summary = ({ division, area, hours }: Filters) =>
  division || area || hours
    ? sql<SummaryRow>`
  SELECT week, source, category, (CASE WHEN cell_id IS NOT NULL THEN 1 WHEN division IS NOT NULL THEN 2 ELSE 0 END)::UTINYINT AS located,
    count(*)::UINTEGER AS n
  FROM facts
  WHERE ${matching({ ...NO_FILTERS, division, area, hours })}
  GROUP BY 1, 2, 3, 4
  ORDER BY 1, 2, 3, 4`
    : sql<SummaryRow>`
  SELECT week, source, category, located, n
  FROM summary
  ORDER BY week, source, category, located`;

/** By the deepest division; the caller rolls up along the tree. Incidents without a place are in no division. */
export const divisionCounts = (filters: Filters) => sql<CountRow>`
  SELECT division AS id, count(*)::UINTEGER AS n
  FROM facts
  WHERE division IS NOT NULL AND ${matching(filters)}
  GROUP BY division
  ORDER BY division`;

/** By hour of the week (hour-slots.ts). */
export const hourCounts = (filters: Filters) => sql<CountRow>`
  SELECT hours AS id, count(*)::UINTEGER AS n
  FROM facts
  WHERE ${matching(filters)}
  GROUP BY hours
  ORDER BY hours`;

/** As `summary`, for what may be shown in one cell. */
export const cellSummary = (cell: CellRange, { division, area, hours }: Filters) => sql<SummaryRow>`
  SELECT week, source, category, 1::UTINYINT AS located, count(*)::UINTEGER AS n
  FROM facts
  WHERE ${inCell(cell)} AND ${matching({ ...NO_FILTERS, division, area, hours })}
  GROUP BY week, source, category
  ORDER BY week, source, category`;

/** For the class breaks: every week, whatever window is chosen. Finer than `res` an incident is not shown, so not counted. */
export const cellWeekSeries = (resolution: number, finest: number, filters: Filters) =>
  resolution === finest
    ? sql<CellWeekRow>`
  SELECT cell_id AS cell, week, count(*)::UINTEGER AS n
  FROM facts
  WHERE cell_id IS NOT NULL AND res >= ${uint8(resolution)} AND ${matching(filters)}
  GROUP BY cell_id, week
  ORDER BY cell_id, week`
    : sql<CellWeekRow>`
  SELECT cell.${id(`r${resolution}`)} AS cell, facts.week, count(*)::UINTEGER AS n
  FROM facts JOIN cell ON cell.cell_id = facts.cell_id
  WHERE facts.res >= ${uint8(resolution)} AND ${matching(filters)}
  GROUP BY 1, 2
  ORDER BY 1, 2`;

/** As `cellWeekSeries`, by the deepest division; the caller rolls up along the tree. */
export const divisionWeekSeries = (filters: Filters) => sql<CellWeekRow>`
  SELECT division AS cell, week, count(*)::UINTEGER AS n
  FROM facts
  WHERE division IS NOT NULL AND ${matching(filters)}
  GROUP BY 1, 2
  ORDER BY 1, 2`;

/** TRUE when nothing is filtered, so that it can stand after AND. */
export function matching(filters: Filters): Sql {
  const conditions: Sql[] = [];
  const { weeks, sources, categories, division, area, hours } = filters;
  if (weeks) conditions.push(sql`week >= ${uint16(weeks.first)} AND week < ${uint16(weeks.end)}`);
  if (sources.length > 0) {
    const members = [...sources].sort((a, b) => a - b);
    conditions.push(sql`source IN (${join(members.map(uint8), ', ')})`);
  }
  if (categories.length > 0) {
    const ranges = mergedRanges(categories).map(
      (range) => sql`category >= ${uint16(range.id)} AND category < ${uint16(range.end)}`,
    );
    conditions.push(sql`(${join(ranges, ' OR ')})`);
  }
  if (division) conditions.push(sql`division >= ${uint32(division.id)} AND division < ${uint32(division.end)}`);
  if (area) conditions.push(inArea(area));
  if (hours) {
    const { firstDay, endDay, firstHour, endHour } = hours;
    conditions.push(sql`hours < ${uint8(KNOWN_HOURS)} AND hours // 24 >= ${uint8(firstDay)} AND hours // 24 < ${uint8(endDay)}
      AND hours % 24 >= ${uint8(firstHour)} AND hours % 24 < ${uint8(endHour)}`);
  }
  return conditions.length > 0 ? join(conditions, ' AND ') : sql`TRUE`;
}

function inCell(cell: CellRange): Sql {
  return sql`cell_id >= ${uint32(cell.id)} AND cell_id < ${uint32(cell.end)} AND res >= ${uint8(cell.resolution)}`;
}
