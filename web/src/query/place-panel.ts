import type { Manifest } from '../../../core/contract/manifest.ts';
import { type CellSeries, seriesOfColumns } from './cell-series.ts';
import { type Panel, REST_PRIORITY } from './coordinator.ts';
import * as queries from './queries.ts';

/** Weekly counts of every cell of a resolution, for the card of one and its neighbours: under the filters but the weeks. */
export function placePanel(resolution: number, { grid, weeks }: Manifest): Panel<CellSeries> {
  const rows = grid.cells[String(resolution)] ?? 0; // a resolution without cells has none to count
  return {
    id: 'place-weeks',
    owner: 'weeks',
    priority: REST_PRIORITY,
    query: (filters) => queries.cellWeekSeries(resolution, grid.finest, { ...filters, weeks: null }),
    decode: (columns) => seriesOfColumns(columns, { unit: 'week', units: weeks.length, resolution, rows }),
    scan: {
      question: (filters) => ({ kind: 'series', filters: { ...filters, weeks: null }, resolution, unit: 'week' }),
      read: (answer) => {
        if (answer.kind !== 'series') throw new Error(`the scan answered ${answer.kind}`);
        return answer.series;
      },
    },
  };
}

/** Counts by week of some rows, in their order. Cost: one pass over what is held. */
export function weeksOfRows(series: CellSeries, rows: readonly number[]): readonly Uint32Array[] {
  const out = rows.map(() => new Uint32Array(series.units));
  const at = new Map(rows.map((row, i) => [row, i]));
  for (const { start, row, n } of series.parts)
    for (let unit = 0; unit < series.units; unit++)
      for (let i = start[unit] as number; i < (start[unit + 1] as number); i++) {
        const counts = out[at.get(row[i] as number) ?? -1];
        if (counts) counts[unit] = (counts[unit] as number) + (n[i] as number);
      }
  return out;
}
