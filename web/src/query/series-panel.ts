import type { Manifest } from '../../../core/contract/manifest.ts';
import type { ClockUnit } from '../time/clock.ts';
import { type CellSeries, seriesOfColumns } from './cell-series.ts';
import { type Panel, REST_PRIORITY } from './coordinator.ts';
import * as queries from './queries.ts';

/** Up to so many incidents the page holds them by day, above by week: at most some 8 B an incident. */
export const DAY_BUDGET = 4_000_000;

/** Asked once per filters and resolution; a frame of playback asks nothing. Not narrowed by the weeks: those are what plays. */
export function seriesPanel(resolution: number, { grid, weeks, totals }: Manifest): Panel<CellSeries> {
  const unit: ClockUnit = totals.accepted <= DAY_BUDGET ? 'day' : 'week';
  const rows = grid.cells[String(resolution)] ?? 0; // a resolution without cells has none to count
  return {
    id: 'playback',
    owner: 'weeks',
    priority: REST_PRIORITY,
    query: (filters) => queries.cellWeekSeries(resolution, grid.finest, { ...filters, weeks: null }),
    decode: (columns) => seriesOfColumns(columns, { unit: 'week', units: weeks.length, resolution, rows }),
    scan: {
      question: (filters) => ({ kind: 'series', filters: { ...filters, weeks: null }, resolution, unit }),
      read: (answer) => {
        if (answer.kind !== 'series') throw new Error(`the scan answered ${answer.kind}`);
        return answer.series;
      },
    },
  };
}
