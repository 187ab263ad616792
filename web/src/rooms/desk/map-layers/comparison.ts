import type { Manifest } from '../../../../../core/contract/manifest.ts';
import type { CellCounts } from '../../../map/contract.ts';
import type { Panel } from '../../../query/coordinator.ts';
import type { Filters } from '../../../query/filters.ts';
import * as queries from '../../../query/queries.ts';
import { finestCounts } from '../../../query/roll-up.ts';
import type { ComparedWith } from '../../../state/map-look.ts';
import type { WeekRange } from '../../../time/week.ts';

/** 52 weeks, not a year: weeks are compared with weeks of the same days. */
const YEAR_WEEKS = 52;

export type Comparison =
  | { readonly kind: 'periods'; readonly now: WeekRange; readonly before: WeekRange }
  | { readonly kind: 'no-period' }
  | { readonly kind: 'outside' };

/** The period of the same length before this one, or 52 weeks before it. Periods that overlap are no comparison. */
export function comparisonOf(weeks: WeekRange | null, against: ComparedWith): Comparison {
  if (!weeks) return { kind: 'no-period' };
  const length = weeks.end - weeks.first;
  const back = against === 'year' ? YEAR_WEEKS : length;
  const before = { first: weeks.first - back, end: weeks.end - back };
  if (before.first < 0 || before.end > weeks.first) return { kind: 'outside' };
  return { kind: 'periods', now: weeks, before };
}

/** Counts of the other period under the same filters. */
export function comparedCells(manifest: Manifest, against: ComparedWith): Panel<CellCounts> {
  const other = (filters: Filters): Filters => {
    const comparison = comparisonOf(filters.weeks, against);
    return comparison.kind === 'periods' ? { ...filters, weeks: comparison.before } : filters;
  };
  return {
    id: `cells-${against}`,
    owner: null,
    priority: 3,
    query: (filters) => queries.cellCounts(other(filters)),
    decode: (columns) => ({ kind: 'finest', ...finestCounts(columns, manifest.grid) }),
  };
}
