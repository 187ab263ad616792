import type { CellSeries } from '../../../query/cell-series.ts';
import type { Panel } from '../../../query/coordinator.ts';
import type { Filters, IdRange } from '../../../query/filters.ts';

/** The same series of another division, whatever place is chosen. */
export function seriesOfPlace(panel: Panel<CellSeries>, division: IdRange): Panel<CellSeries> {
  const there = (filters: Filters): Filters => ({ ...filters, division, area: null });
  const { scan } = panel;
  return {
    ...panel,
    id: 'compare-place',
    query: (filters) => panel.query(there(filters)),
    ...(scan ? { scan: { ...scan, question: (filters, drawn) => scan.question(there(filters), drawn) } } : {}),
  };
}
