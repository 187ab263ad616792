import { cellToParent, gridDisk, latLngToCell } from 'h3-js';
import type { CityFacts } from '../../../../../core/evaluate/backtest/city-facts.ts';
import { Random } from '../../../../../core/stats/random.ts';

/** 37 cells, two districts, one source, one group; Poisson counts by cell and day. Monday 2015-01-05 on. */
export function smallCity(given: {
  readonly weeks: number;
  readonly perCellDay: number;
  readonly states?: string;
  readonly extra?: readonly { readonly day: number; readonly cell: number; readonly n: number }[];
}): CityFacts {
  const firstDay = 16_440;
  const days = given.weeks * 7;
  const random = new Random(3);
  const cells = [...gridDisk(latLngToCell(23, 120.2, 8), 3)].sort();
  const coarseCells = [...new Set(cells.map((cell) => cellToParent(cell, 7)))].sort();
  const rows: { day: number; cell: number }[] = [];
  for (let day = 0; day < days; day++)
    for (let cell = 0; cell < cells.length; cell++)
      for (let n = random.poisson(given.perCellDay); n > 0; n--) rows.push({ day, cell });
  for (const { day, cell, n } of given.extra ?? []) for (let k = 0; k < n; k++) rows.push({ day, cell });
  const state = given.states ?? 'd'.repeat(given.weeks);
  return {
    window: { firstDay, endDay: firstDay + days },
    day: Uint16Array.from(rows, ({ day }) => firstDay + day),
    cell: Int32Array.from(rows, ({ cell }) => cell),
    placeCell: Int32Array.from(rows, ({ cell }) => cell),
    exactCell: new Int32Array(rows.length).fill(-1),
    district: Int32Array.from(rows, ({ cell }) => (cell < 18 ? 0 : 1)),
    source: new Uint8Array(rows.length),
    category: new Uint16Array(rows.length).fill(2),
    group: new Uint16Array(rows.length).fill(1),
    closeHours: new Int32Array(rows.length).fill(-1),
    cells,
    placeCells: cells,
    cellArea: new Float64Array(cells.length).fill(49),
    coarseOf: Uint32Array.from(cells, (cell) => coarseCells.indexOf(cellToParent(cell, 7))),
    coarseCells,
    districts: [
      { id: 1, name: 'west' },
      { id: 2, name: 'east' },
    ],
    sources: [{ key: 'hotline', name: 'hotline' }],
    groups: [{ id: 1, code: 'noise', name: 'noise', severity: 1 }],
    categoryEnd: Uint16Array.of(1, 4, 3, 4),
    weeks: Int32Array.from({ length: given.weeks }, (_, w) => firstDay + 7 * w),
    delivered: { states: [[state, state, state]], outages: [new Uint8Array(given.weeks)] },
  };
}

export const NO_CALENDAR = {
  holidays: [],
  makeUpWorkdays: new Set<number>(),
  publishedYears: null,
  springFestival: false,
  schoolTerms: [],
  breaks: [],
};
