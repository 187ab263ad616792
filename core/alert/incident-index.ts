/**
 * Counts of the last weeks by small cell, day, item, source, hour and division, ordered by cell, so that the rows of any place and span are
 * read without looking at the others. For what an alert's card says.
 */
export interface IncidentRows {
  /** Rows in ascending order of `cell`; columns of equal length. */
  readonly cell: Uint32Array;
  readonly day: Uint32Array;
  /** Category id of the deepest level the source gave. */
  readonly category: Uint32Array;
  readonly source: Uint32Array;
  /** Local hour 0..23; 255 = not known, or withheld. */
  readonly hour: Uint32Array;
  /** Deepest ancestor of level 1 or 2; 4294967295 = none. */
  readonly division: Uint32Array;
  readonly n: Uint32Array;
}

export interface IncidentIndex {
  readonly rows: IncidentRows;
  /** Rows of cell c are `[start[c], start[c + 1])`. */
  readonly start: Uint32Array;
}

/** @throws RangeError when the rows are not in order of the cell, or a cell is not below `cells` */
export function incidentIndex(rows: IncidentRows, cells: number): IncidentIndex {
  const start = new Uint32Array(cells + 1);
  let before = 0;
  for (let i = 0; i < rows.cell.length; i++) {
    const cell = rows.cell[i] as number;
    if (cell < before || cell >= cells) throw new RangeError(`row ${i}: cell ${cell} after ${before}, of ${cells}`);
    before = cell;
    start[cell + 1] = (start[cell + 1] as number) + 1;
  }
  for (let c = 0; c < cells; c++) start[c + 1] = (start[c + 1] as number) + (start[c] as number);
  return { rows, start };
}

export interface PlaceSpan {
  /** Rows of the index's cells. */
  readonly cells: Iterable<number>;
  /** Half-open days. */
  readonly firstDay: number;
  readonly endDay: number;
  /** Subtree of category ids `[category, categoryEnd)`. */
  readonly category: number;
  readonly categoryEnd: number;
}

export interface PlaceDetail {
  readonly observed: number;
  readonly byDay: Uint32Array;
  readonly byHour: Uint32Array;
  readonly hoursKnown: number;
  /** Item, source, division → incidents. */
  readonly byCategory: ReadonlyMap<number, number>;
  readonly bySource: ReadonlyMap<number, number>;
  readonly byDivision: ReadonlyMap<number, number>;
  /** Incidents that share cell, item and day with at least two others. */
  readonly repeated: number;
}

/** Everything of one place, span and category. Cost: the rows of its cells. */
export function placeDetail({ rows, start }: IncidentIndex, span: PlaceSpan): PlaceDetail {
  const byDay = new Uint32Array(Math.max(0, span.endDay - span.firstDay));
  const byHour = new Uint32Array(24);
  const byCategory = new Map<number, number>();
  const bySource = new Map<number, number>();
  const byDivision = new Map<number, number>();
  const sameDay = new Map<number, number>();
  let observed = 0;
  let hoursKnown = 0;
  for (const cell of span.cells) {
    for (let i = start[cell] as number; i < (start[cell + 1] as number); i++) {
      const day = rows.day[i] as number;
      const category = rows.category[i] as number;
      if (day < span.firstDay || day >= span.endDay || category < span.category || category >= span.categoryEnd)
        continue;
      const n = rows.n[i] as number;
      observed += n;
      byDay[day - span.firstDay] = (byDay[day - span.firstDay] as number) + n;
      const hour = rows.hour[i] as number;
      if (hour < 24) {
        byHour[hour] = (byHour[hour] as number) + n;
        hoursKnown += n;
      }
      add(byCategory, category, n);
      add(bySource, rows.source[i] as number, n);
      add(byDivision, rows.division[i] as number, n);
      add(sameDay, (cell * 65_536 + category) * 512 + (day - span.firstDay), n);
    }
  }
  let repeated = 0;
  for (const n of sameDay.values()) if (n >= 3) repeated += n;
  return { observed, byDay, byHour, hoursKnown, byCategory, bySource, byDivision, repeated };
}

function add(map: Map<number, number>, key: number, n: number): void {
  map.set(key, (map.get(key) ?? 0) + n); // a sum starts at nothing
}
