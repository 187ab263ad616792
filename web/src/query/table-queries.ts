import type { WeekRange } from '../time/week.ts';
import type { Filters } from './filters.ts';
import { matching } from './queries.ts';
import { join, type Sql, sql, uint16 } from './sql.ts';

/** Two windows that are set side by side, beside the one of the filters. */
export interface Windows {
  readonly after: WeekRange;
  readonly before: WeekRange;
}

export interface GroupRow {
  readonly id: number;
  readonly n: number;
  readonly after: number;
  readonly before: number;
}
export interface CellGroupRow extends GroupRow {
  /** Finest resolution at which it may be shown; 1 = in a division but no cell, 0 = in neither. */
  readonly res: number;
}

/** Stands for null in `id`. */
export const NO_ID = 0xffffffff;

export type GroupKey = 'division' | 'category' | 'source' | 'week' | 'hours';

const KEYS = {
  division: sql`coalesce(division, 4294967295)`,
  category: sql`category`,
  source: sql`source`,
  week: sql`week`,
  hours: sql`hours`,
} as const satisfies Record<GroupKey, Sql>;

/** Incidents by one key under all filters, and in both windows under the filters without their period. */
export const groupCounts = (key: GroupKey, windows: Windows | null, filters: Filters) => sql<GroupRow>`
  SELECT ${KEYS[key]} AS id, ${counts(windows, filters)}
  FROM facts
  WHERE ${matching(within(filters))}
  GROUP BY 1
  ORDER BY 1`;

/** Weeks outside the period stay in: the first of them is compared with the one before. */
export const weekCounts = (filters: Filters) => sql<{ readonly id: number; readonly n: number }>`
  SELECT week AS id, count(*)::UINTEGER AS n
  FROM facts
  WHERE ${matching(within(filters))}
  GROUP BY 1
  ORDER BY 1`;

export const cellGroupCounts = (windows: Windows | null, filters: Filters) => sql<CellGroupRow>`
  SELECT coalesce(cell_id, 4294967295) AS id,
    (CASE WHEN cell_id IS NOT NULL THEN res WHEN division IS NOT NULL THEN 1 ELSE 0 END)::UTINYINT AS res, ${counts(windows, filters)}
  FROM facts
  WHERE ${matching(within(filters))}
  GROUP BY 1, 2
  ORDER BY 1, 2`;

const within = (filters: Filters): Filters => ({ ...filters, weeks: null });

function counts(windows: Windows | null, { weeks }: Filters): Sql {
  return join(
    [counted(weeks, 'n'), counted(windows?.after ?? NOTHING, 'after'), counted(windows?.before ?? NOTHING, 'before')],
    ', ',
  );
}

const NOTHING: WeekRange = { first: 0, end: 0 };
const NAMES = { n: sql`n`, after: sql`after`, before: sql`before` } as const;

function counted(range: WeekRange | null, name: keyof typeof NAMES): Sql {
  const condition = range ? sql`week >= ${uint16(range.first)} AND week < ${uint16(range.end)}` : sql`TRUE`;
  return sql`(count(*) FILTER (WHERE ${condition}))::UINTEGER AS ${NAMES[name]}`;
}
