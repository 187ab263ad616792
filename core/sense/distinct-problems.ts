import type { ClusterStream } from './cluster-stream.ts';

/** Place of a report that is not known exactly: it is a problem of its own. */
export const NO_PLACE = 0xffff_ffff;

/** `place` of a report of an item (category id, below `items`) in a cell of the finest resolution. @throws RangeError past 32 bits */
export function placeKey({
  cell,
  item,
  items,
}: {
  readonly cell: number;
  readonly item: number;
  readonly items: number;
}): number {
  const key = cell * items + item;
  if (!(key < NO_PLACE)) throw new RangeError(`cell ${cell} × ${items} items is no number of 32 bits`);
  return key;
}

/** Reports about one place that occurred within so many days of a problem there are that problem (72 hours, METHODS part 2 section 1). */
export const REPEAT_WINDOW_DAYS = 3;

/** From this many reports a week on chance alone often puts two problems of a place into one window: a repeat cannot be told from a new problem. */
const BUSY_PER_WEEK = 0.3;
/** The year before a report says how busy its place is; of a younger stream what there is, taken as this many days at least. */
const BUSY_DAYS = { most: 364, least: 60 } as const;

/** Places of the rows, `NO_PLACE` where the place was busy when the report was received, by what had been received there before. Cost: a sort. */
function toldPlaces({ place, occurredDay, delayDays }: ClusterStream & { readonly place: Uint32Array }): {
  readonly told: Uint32Array;
  /** Rows with a place, by place and order of receipt. */
  readonly ordered: Uint32Array;
} {
  const received = (i: number): number => (occurredDay[i] as number) + (delayDays[i] as number);
  const ordered = Uint32Array.from(occurredDay, (_, i) => i).filter((i) => place[i] !== NO_PLACE);
  ordered.sort(
    (a, b) =>
      (place[a] as number) - (place[b] as number) ||
      received(a) - received(b) ||
      (occurredDay[a] as number) - (occurredDay[b] as number) ||
      a - b,
  );
  const told = Uint32Array.from(place);
  for (let k = 0, oldest = 0; k < ordered.length; k++) {
    const i = ordered[k] as number;
    if (k === 0 || place[i] !== place[ordered[k - 1] as number]) oldest = k;
    while (received(ordered[oldest] as number) < received(i) - BUSY_DAYS.most) oldest++;
    const days = Math.max(BUSY_DAYS.least, Math.min(BUSY_DAYS.most, received(i)));
    if (((k - oldest) / days) * 7 > BUSY_PER_WEEK) told[i] = NO_PLACE;
  }
  return { told, ordered };
}

/**
 * Rows of the reports that make a problem known, in the order of the stream. Reports of the same `place` (finest cell and item) that occurred at
 * most `REPEAT_WINDOW_DAYS` before or after a problem there are that problem again and fall away. A problem begins anew when it is reported after
 * that time: the window does not grow with every report, so a place is never mute for long. In a busy place every report counts.
 *
 * As-of: whether a report is a repeat is decided by reports received before it (of those received together, by the earlier day), so the
 * problems known on a day do not depend on later reports. Two callers and one caller twice are the same to it: places, no persons.
 * A stream without places has every row. Cost: a sort.
 */
export function problemRows(stream: ClusterStream): Uint32Array {
  const { place, occurredDay, days } = stream;
  const rows = Uint32Array.from(occurredDay, (_, i) => i);
  if (place === undefined) return rows;
  const { told, ordered } = toldPlaces({ ...stream, place });
  const known = ordered.filter((i) => told[i] !== NO_PLACE);
  const repeats = new Uint8Array(rows.length);
  /** By day, the last place, by its turn, with a problem that takes in reports of that day. */
  const taken = new Uint32Array(days + 2 * REPEAT_WINDOW_DAYS);
  let turn = 0;
  for (let k = 0; k < known.length; k++) {
    const i = known[k] as number;
    if (k === 0 || place[i] !== place[known[k - 1] as number]) turn++;
    const day = (occurredDay[i] as number) + REPEAT_WINDOW_DAYS;
    if (taken[day] === turn) repeats[i] = 1;
    else taken.fill(turn, day - REPEAT_WINDOW_DAYS, day + REPEAT_WINDOW_DAYS + 1);
  }
  return rows.filter((i) => repeats[i] === 0);
}

/** The stream with one row a problem instead of one a report; a problem has the day, delay and cell of the report that made it known. */
export function distinctProblems<Stream extends ClusterStream>(stream: Stream, rows = problemRows(stream)): Stream {
  const { place } = stream;
  if (place === undefined) return stream;
  const { told } = toldPlaces({ ...stream, place });
  return {
    ...stream,
    occurredDay: Uint16Array.from(rows, (i) => stream.occurredDay[i] as number),
    delayDays: Uint8Array.from(rows, (i) => stream.delayDays[i] as number),
    cell: Uint32Array.from(rows, (i) => stream.cell[i] as number),
    n: Uint16Array.from(rows, (i) => (told[i] === NO_PLACE ? (stream.n[i] as number) : 1)),
    place: Uint32Array.from(rows, (i) => place[i] as number),
  };
}
