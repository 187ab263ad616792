import { pointHash } from './datum-sample.ts';

/**
 * Which coordinates do many rows of a file share, and what do those rows look like? Fed while the file is read.
 *
 * Every row is kept in 18 bytes until the file ends, then counted by point; nothing depends on the order of rows. When more than `capacity` distinct
 * points or `mostRows` rows have come, what is there is counted, points with a single row (or fewer than 1 in 50,000 of the rows) are
 * dropped, and counting begins anew; `missedAtMost` says how many rows of a point that may have cost. Of a place only 32-bit hashes are kept,
 * in memory.
 */
export interface PointSummary {
  /** As written. */
  readonly x: number;
  readonly y: number;
  readonly rows: number;
  /** Rows that may have come before counting began; 0 while the file fits into the capacity. */
  readonly missedAtMost: number;
  /** Hash of place text → rows, largest first, at most 256; `placeRows` has all rows with a place text. */
  readonly places: readonly (readonly [number, number])[];
  readonly placeRows: number;
  /** Own division → rows, likewise. */
  readonly owns: readonly (readonly [number, number])[];
  readonly ownRows: number;
  /** Category → rows, all of them. */
  readonly categories: readonly (readonly [number, number])[];
  /** Distinct days, the first 64. */
  readonly days: readonly number[];
  readonly firstDay: number;
  readonly lastDay: number;
}

export interface PointCounts {
  readonly rows: number;
  /** Distinct coordinates; a lower bound where points were dropped. */
  readonly points: number;
  readonly droppedPoints: number;
  /** Rows per category of all rows: what a point's mix is compared with. */
  readonly categories: readonly (readonly [number, number])[];
  /** Decimals written (`decimalsOf`, the larger of the two axes) → points. */
  readonly decimals: readonly (readonly [number, number])[];
  readonly summaries: readonly PointSummary[];
}

export interface PointCounter {
  /** x, y as written; `place` a 32-bit hash of the place text, 0 = none; `own` 0xffffffff = none; `day` a day number. */
  readonly add: (x: number, y: number, place: number, own: number, category: number, day: number) => void;
  /** Points with at least `minRows` rows, largest first. */
  readonly summary: (minRows: number) => PointCounts;
}

export const POINT_CAPACITY = 200_000;
const MOST_SHOWN = 256;
const MOST_DAYS = 64;
const NONE = 0xffffffff;
const FEWEST_OF_ROWS = 50_000;
export const ROW_CAPACITY = 4_000_000;

/** Cost of `add`: 0.1–0.35 µs (the more distinct points, the more cache misses), 0.6 µs when it must flush; `summary` about 1 µs a row of the points it lists. Memory: about 40 bytes × `capacity`, and 18 bytes a row up to `mostRows`. */
export function pointCounter(capacity: number = POINT_CAPACITY, mostRows: number = ROW_CAPACITY): PointCounter {
  const slots = 1 << Math.ceil(Math.log2(capacity * 2 + 2));
  const table = new Uint32Array(slots);
  /** x, y by point: side by side, because memory is what a look-up waits for. */
  const xy = new Float64Array(capacity * 2);
  let log = newLog(Math.min(mostRows, 16_384));
  let points = 0;
  let rows = 0;
  const finished: PointCounts[] = [];

  /** Points with at least `minRows` of the rows since the last flush. */
  const counted = (minRows: number): PointCounts => {
    const rowsOf = new Uint32Array(points);
    for (let i = 0; i < rows; i++) {
      const at = log.point[i] as number;
      rowsOf[at] = (rowsOf[at] as number) + 1;
    }
    const decimals = new Map<number, number>();
    for (let i = 0; i < points; i++) {
      const written = Math.max(decimalsOf(xy[i * 2] as number), decimalsOf(xy[i * 2 + 1] as number));
      decimals.set(written, (decimals.get(written) ?? 0) + 1); // a count starts at nothing
    }
    const categories = new Map<number, number>();
    for (let i = 0; i < rows; i++) {
      const category = log.category[i] as number;
      categories.set(category, (categories.get(category) ?? 0) + 1); // a count starts at nothing
    }
    const summaries: PointSummary[] = [];
    const scratch = new Float64Array(rowsOf.reduce((most, n) => Math.max(most, n), 0));
    const { order, starts } = rowsByPoint(log.point, rows, rowsOf, minRows);
    for (let i = 0; i < points; i++) {
      const n = rowsOf[i] as number;
      if (n < minRows) continue;
      const start = starts[i] as number;
      summaries.push(
        summaryOf(xy[i * 2] as number, xy[i * 2 + 1] as number, log, order.subarray(start, start + n), scratch),
      );
    }
    return {
      rows,
      points,
      droppedPoints: 0,
      categories: sorted([...categories]),
      decimals: [...decimals].sort((a, b) => a[0] - b[0]),
      summaries: summaries.sort(byRows),
    };
  };
  const flush = (): void => {
    const fewest = Math.max(2, Math.ceil(rows / FEWEST_OF_ROWS));
    const part = counted(fewest);
    finished.push({ ...part, droppedPoints: part.points - part.summaries.length });
    table.fill(0);
    points = 0;
    rows = 0;
  };
  const find = (x: number, y: number): number => {
    let slot = pointHash(x, y, 0) & (slots - 1);
    for (;;) {
      const index = (table[slot] as number) - 1;
      if (index < 0) break;
      if (xy[index * 2] === x && xy[index * 2 + 1] === y) return index;
      slot = (slot + 1) & (slots - 1);
    }
    if (points === capacity) {
      flush();
      slot = pointHash(x, y, 0) & (slots - 1);
    }
    const index = points++;
    table[slot] = index + 1;
    xy[index * 2] = x;
    xy[index * 2 + 1] = y;
    return index;
  };
  return {
    add: (x, y, place, own, category, day) => {
      if (rows === mostRows) flush();
      const index = find(x, y);
      if (rows === log.point.length) log = grown(log, Math.min(mostRows, rows * 2));
      log.point[rows] = index;
      log.place[rows] = place;
      log.own[rows] = own;
      log.category[rows] = category;
      log.day[rows] = day;
      rows++;
    },
    summary: (minRows) => {
      if (finished.length === 0) return counted(minRows);
      const merged = mergePointCounts([...finished, counted(2)]);
      // Each part may have held one row less than what it was asked for.
      const missedAtMost = finished.reduce(
        (sum, part) => sum + Math.max(1, Math.ceil(part.rows / FEWEST_OF_ROWS) - 1),
        1,
      );
      const enough = merged.summaries.filter((summary) => summary.rows + missedAtMost >= minRows);
      return { ...merged, summaries: enough.map((summary) => ({ ...summary, missedAtMost })) };
    },
  };
}

interface RowLog {
  readonly point: Uint32Array;
  readonly place: Uint32Array;
  readonly own: Uint32Array;
  readonly category: Uint16Array;
  readonly day: Int32Array;
}

const newLog = (rows: number): RowLog => ({
  point: new Uint32Array(rows),
  place: new Uint32Array(rows),
  own: new Uint32Array(rows),
  category: new Uint16Array(rows),
  day: new Int32Array(rows),
});

function grown(log: RowLog, rows: number): RowLog {
  const larger = newLog(rows);
  larger.point.set(log.point);
  larger.place.set(log.place);
  larger.own.set(log.own);
  larger.category.set(log.category);
  larger.day.set(log.day);
  return larger;
}

/** Row numbers by point, for the points with at least `minRows`; `starts[point]` is where its run begins. */
function rowsByPoint(
  point: Uint32Array,
  rows: number,
  rowsOf: Uint32Array,
  minRows: number,
): { order: Uint32Array; starts: Uint32Array } {
  const starts = new Uint32Array(rowsOf.length);
  let total = 0;
  for (let i = 0; i < rowsOf.length; i++) {
    starts[i] = total;
    if ((rowsOf[i] as number) >= minRows) total += rowsOf[i] as number;
  }
  const next = starts.slice();
  const order = new Uint32Array(total);
  for (let row = 0; row < rows; row++) {
    const at = point[row] as number;
    if ((rowsOf[at] as number) < minRows) continue;
    order[next[at] as number] = row;
    next[at] = (next[at] as number) + 1;
  }
  return { order, starts };
}

function summaryOf(x: number, y: number, log: RowLog, rows: Uint32Array, scratch: Float64Array): PointSummary {
  const places = runs(rows, log.place, 0, scratch);
  const owns = runs(rows, log.own, NONE, scratch);
  const days = runs(rows, log.day, null, scratch).pairs.map(([day]) => day);
  return {
    x,
    y,
    rows: rows.length,
    missedAtMost: 0,
    places: sorted(places.pairs).slice(0, MOST_SHOWN),
    placeRows: places.rows,
    owns: sorted(owns.pairs).slice(0, MOST_SHOWN),
    ownRows: owns.rows,
    categories: sorted(runs(rows, log.category, null, scratch).pairs),
    days: days.slice(0, MOST_DAYS),
    firstDay: days[0] as number,
    lastDay: days[days.length - 1] as number,
  };
}

/** Distinct values of a column over some rows, ascending, with their counts; `none` is not counted. */
function runs(
  rows: Uint32Array,
  column: Uint32Array | Uint16Array | Int32Array,
  none: number | null,
  scratch: Float64Array,
): { pairs: [number, number][]; rows: number } {
  const values = scratch.subarray(0, rows.length);
  for (let i = 0; i < rows.length; i++) values[i] = column[rows[i] as number] as number;
  values.sort();
  const pairs: [number, number][] = [];
  let counted = 0;
  for (let i = 0; i < values.length; ) {
    const value = values[i] as number;
    let end = i + 1;
    while (end < values.length && values[end] === value) end++;
    if (value !== none) {
      pairs.push([value, end - i]);
      counted += end - i;
    }
    i = end;
  }
  return { pairs, rows: counted };
}

/**
 * Digits after the point of a number as written, 0–15; trailing zeros are gone, so a single coordinate may have fewer by chance.
 * Up to nine by trying; more than nine are told as 10.
 */
export function decimalsOf(value: number): number {
  const size = Math.abs(value);
  for (let digits = 0, scale = 1; digits < 10; digits++, scale *= 10) {
    const scaled = size * scale;
    // Doubles near 120 have steps of 1.4e-14; scaled by 1e9 an error below 1e-4.
    if (Math.abs(scaled - Math.round(scaled)) < 1e-13 * scaled + 1e-9) return digits;
  }
  return 10;
}

/** Largest first; equal counts by value, so that the order of rows leaves no trace. */
const sorted = (found: [number, number][]): [number, number][] => found.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
const byRows = (a: PointSummary, b: PointSummary): number => b.rows - a.rows || a.x - b.x || a.y - b.y;

/**
 * Counts of several files of a feed as one. A point that has fewer rows in a file than that file was asked for is not in its summary: with f
 * files and `minRows` m each, up to f (m − 1) rows of a point may go unseen.
 */
export function mergePointCounts(files: readonly PointCounts[]): PointCounts {
  const merged = new Map<string, PointSummary[]>();
  for (const file of files) {
    for (const summary of file.summaries) {
      const key = `${summary.x} ${summary.y}`;
      const same = merged.get(key);
      if (same) same.push(summary);
      else merged.set(key, [summary]);
    }
  }
  const total = (pick: (file: PointCounts) => number): number => files.reduce((sum, file) => sum + pick(file), 0);
  return {
    rows: total((file) => file.rows),
    points: total((file) => file.points),
    droppedPoints: total((file) => file.droppedPoints),
    categories: added(files.map((file) => file.categories)),
    decimals: added(files.map((file) => file.decimals)).sort((a, b) => a[0] - b[0]),
    summaries: [...merged.values()].map(mergeSummaries).sort(byRows),
  };
}

function mergeSummaries(parts: readonly PointSummary[]): PointSummary {
  const first = parts[0] as PointSummary;
  if (parts.length === 1) return first;
  const total = (pick: (part: PointSummary) => number): number => parts.reduce((sum, part) => sum + pick(part), 0);
  const days = [...new Set(parts.flatMap((part) => part.days))].sort((a, b) => a - b);
  return {
    x: first.x,
    y: first.y,
    rows: total((part) => part.rows),
    missedAtMost: total((part) => part.missedAtMost),
    places: added(parts.map((part) => part.places)).slice(0, MOST_SHOWN),
    placeRows: total((part) => part.placeRows),
    owns: added(parts.map((part) => part.owns)).slice(0, MOST_SHOWN),
    ownRows: total((part) => part.ownRows),
    categories: added(parts.map((part) => part.categories)),
    days: days.slice(0, MOST_DAYS),
    firstDay: Math.min(...parts.map((part) => part.firstDay)),
    lastDay: Math.max(...parts.map((part) => part.lastDay)),
  };
}

function added(lists: readonly (readonly (readonly [number, number])[])[]): [number, number][] {
  const sums = new Map<number, number>();
  for (const list of lists) {
    for (const [value, times] of list) sums.set(value, (sums.get(value) ?? 0) + times); // a sum starts at nothing
  }
  return sorted([...sums]);
}
