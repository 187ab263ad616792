/** Reports by place (finest cell) and class, one row a place, class, day and hours to closure; `n` reports each. In any order. */
export interface RepeatRows {
  readonly cell: ArrayLike<number>;
  readonly kind: ArrayLike<number>;
  readonly day: ArrayLike<number>;
  /** Whole hours from occurred to closed; `notClosed` where it is not closed, or nobody said. */
  readonly closeHours: ArrayLike<number>;
  readonly n: ArrayLike<number>;
}

/** A report is a repeat within so many days after a closure. */
export const REPEAT_DAYS = 30;

/**
 * Reports of a class at a place within 30 days after an earlier report of that class at that place was closed: per row 1 = all its reports
 * are, 0 = none is. The day of closure is the day it occurred and the hours to closure in whole days, so it may be a day early; a report
 * of the day of closure itself is none. Places, no persons. Cost: a sort.
 */
export function repeatRows(rows: RepeatRows, notClosed: number): Uint8Array {
  const { cell, kind, day, closeHours } = rows;
  const length = rows.n.length;
  const order = Uint32Array.from({ length }, (_, i) => i);
  order.sort(
    (a, b) =>
      (cell[a] as number) - (cell[b] as number) ||
      (kind[a] as number) - (kind[b] as number) ||
      (day[a] as number) - (day[b] as number),
  );
  const repeated = new Uint8Array(length);
  for (let from = 0; from < length; ) {
    const first = order[from] as number;
    let to = from + 1;
    while (to < length && cell[order[to] as number] === cell[first] && kind[order[to] as number] === kind[first]) to++;
    for (let k = from + 1; k < to; k++) {
      const now = order[k] as number;
      for (let e = from; e < k; e++) {
        const earlier = order[e] as number;
        if (closeHours[earlier] === notClosed) continue;
        const since =
          (day[now] as number) - (day[earlier] as number) - Math.floor((closeHours[earlier] as number) / 24);
        if (since > 0 && since <= REPEAT_DAYS) {
          repeated[now] = 1;
          break;
        }
      }
    }
    from = to;
  }
  return repeated;
}
