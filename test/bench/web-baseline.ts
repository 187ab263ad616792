import type { Filters } from '../../web/src/query/filters.ts';

/** Facts as a program of one thread would hold them. */
export interface BaselineColumns {
  readonly rows: number;
  readonly cell: Uint32Array;
  readonly week: Uint8Array;
  readonly source: Uint8Array;
  readonly category: Uint8Array;
  readonly division: Uint16Array;
  readonly hours: Uint8Array;
}

export interface BaselineSizes {
  readonly weeks: number;
  readonly sources: number;
  readonly categories: number;
  readonly divisions: number;
  readonly cells: number;
}

/** Counts by small integer, of every view of the desk; each not narrowed by the filter of its own view. */
export interface BaselineViews {
  readonly n: number;
  readonly city: number;
  readonly byWeek: Uint32Array;
  readonly bySource: Uint32Array;
  readonly byCategory: Uint32Array;
  /** The last = in no division. */
  readonly byDivision: Uint32Array;
  readonly byHour: Uint32Array;
  /** The last = in no cell. */
  readonly byCell: Uint32Array;
}

/**
 * One pass over typed arrays that makes every view the desk shows, in one thread: the filters as bits, a row that fails only the
 * filter of a panel counts in that panel. Serialised into the page; nothing outside its own body may be used.
 */
export function baselinePass(columns: BaselineColumns, sizes: BaselineSizes, filters: Filters): BaselineViews {
  const { rows, cell, week, source, category, division, hours } = columns;
  const weekFails = new Uint8Array(sizes.weeks);
  const sourceFails = new Uint8Array(sizes.sources);
  const categoryFails = new Uint8Array(sizes.categories);
  const divisionFails = new Uint8Array(sizes.divisions + 1);
  const hourFails = new Uint8Array(175);
  if (filters.weeks) weekFails.fill(1).fill(0, filters.weeks.first, filters.weeks.end);
  if (filters.sources.length > 0) {
    sourceFails.fill(2);
    for (const id of filters.sources) sourceFails[id] = 0;
  }
  if (filters.categories.length > 0) {
    categoryFails.fill(4);
    for (const { id, end } of filters.categories) categoryFails.fill(0, id, end);
  }
  if (filters.division) divisionFails.fill(8).fill(0, filters.division.id, filters.division.end);
  if (filters.hours) {
    hourFails.fill(16);
    const { firstDay, endDay, firstHour, endHour } = filters.hours;
    for (let day = firstDay; day < endDay; day++) hourFails.fill(0, day * 24 + firstHour, day * 24 + endHour);
  }
  const byWeek = new Uint32Array(sizes.weeks);
  const bySource = new Uint32Array(sizes.sources);
  const byCategory = new Uint32Array(sizes.categories);
  const byDivision = new Uint32Array(sizes.divisions + 1);
  const byHour = new Uint32Array(175);
  const byCell = new Uint32Array(sizes.cells + 1);
  let city = 0;
  let n = 0;
  for (let row = 0; row < rows; row++) {
    const w = week[row] as number;
    const s = source[row] as number;
    const c = category[row] as number;
    const d = division[row] as number;
    const h = hours[row] as number;
    const fails =
      (weekFails[w] as number) |
      (sourceFails[s] as number) |
      (categoryFails[c] as number) |
      (divisionFails[d] as number) |
      (hourFails[h] as number);
    if (fails === 0) {
      n++;
      city++;
      const at = cell[row] as number;
      byWeek[w] = (byWeek[w] as number) + 1;
      bySource[s] = (bySource[s] as number) + 1;
      byCategory[c] = (byCategory[c] as number) + 1;
      byDivision[d] = (byDivision[d] as number) + 1;
      byHour[h] = (byHour[h] as number) + 1;
      byCell[at] = (byCell[at] as number) + 1;
    } else if (fails === 1) byWeek[w] = (byWeek[w] as number) + 1;
    else if (fails === 2) bySource[s] = (bySource[s] as number) + 1;
    else if (fails === 4) byCategory[c] = (byCategory[c] as number) + 1;
    else if (fails === 8) city++;
    else if (fails === 16) byHour[h] = (byHour[h] as number) + 1;
  }
  return { n, city, byWeek, bySource, byCategory, byDivision, byHour, byCell };
}
