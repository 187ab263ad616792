import type { ScanZones } from '../stats/scan-zones.ts';
import type { ClusterOptions } from './cluster-options.ts';
import type { ClusterStream } from './cluster-stream.ts';

const CLASSES = 256;
/** Fewest days of history before anything is expected. */
const MIN_SHARE_DAYS = 28;
/** Delays are learned from days at least this old, so that late reports are in. */
const SETTLED_DAYS = 28;

/** Days that speak about a place's present level; older ones weigh too little. */
const LEVEL_DAYS = 56;
/** Weight, in events, of all classes together in the delays of one class of days. */
const CLASS_DELAY_EVENTS = 50;
/** Weights of rings 0, 1 and 2 in the level of a disk of radius 0, 1 and 2: neighbours share most of their slow ups and downs. */
const RING_WEIGHT = [
  [1, 0.6, 0.35],
  [1, 1, 0.5],
  [1, 1, 1],
];
const RINGS = 3;

/** What is expected today, from what was known today: B of cell i over the last d + 1 days = share[i] · dayTail[d]. */
export interface ClusterExpectation {
  /** Share of the city; sum 1. */
  readonly share: Float64Array;
  /** Expected reported events of the whole city in the last 1 … maxDuration days. */
  readonly dayTail: Float64Array;
  /**
   * How far each zone lay off its share just before the window, by `zone * maxDuration + d`: (O − E) / (E + `levelEvents`), O and E of
   * the days before t − d with weight `levelMemory` per day, of the zone and, with smaller weights, of the rings around it
   * up to the second. Empty without `local`.
   */
  readonly lean: Float64Array;
}

export interface RecentTail {
  /** Counts by `cell * maxDuration + d`. */
  readonly counts: Int32Array;
  /** The cells with an event in these days, `cell[0 … used − 1]`: all others have none. */
  readonly cell: Uint32Array;
  readonly used: number;
}

/** Replays a stream day by day; after `advance(t)` it holds the reports received by the end of day t and nothing later. */
export interface ClusterHistory {
  readonly advance: (day: number) => void;
  /** What is known of the last 1 … maxDuration days; valid until the next day. */
  readonly recentTail: () => RecentTail;
  /** Known events by cell of the last `days` days, the window included, and the city's last 1 … maxDuration days. */
  readonly recent: (days: number) => {
    readonly byCell: Float64Array;
    readonly cityTail: Float64Array;
    readonly total: number;
  };
  /** Null: too little history, or no event in it. */
  readonly expectation: () => ClusterExpectation | null;
}

/** Rows ordered by key (a day); `start[k] … start[k + 1] − 1` are the places of key k in `row`. */
function rowsByDay(key: Uint32Array, days: number): { readonly start: Uint32Array; readonly row: Uint32Array } {
  const start = new Uint32Array(days + 2);
  for (let i = 0; i < key.length; i++) {
    const at = Math.min(key[i] as number, days) + 1;
    start[at] = (start[at] as number) + 1;
  }
  for (let k = 0; k <= days; k++) start[k + 1] = (start[k + 1] as number) + (start[k] as number);
  const next = start.slice();
  const row = new Uint32Array(key.length);
  for (let i = 0; i < key.length; i++) {
    const k = Math.min(key[i] as number, days);
    row[next[k] as number] = i;
    next[k] = (next[k] as number) + 1;
  }
  return { start, row };
}

/**
 * All sums are kept up to date from one day to the next (late reports are added where they belong), so a day costs
 * O(cells + events of the day · 19 + events of the window · maxDuration), not a fit of the whole history; with `local` also
 * O(cells · maxDuration · 19). Memory: days · cells · 2 bytes. `disks` = 2-step disks, one zone list per cell in cell order.
 */
export function clusterHistory(stream: ClusterStream, disks: ScanZones, options: ClusterOptions): ClusterHistory {
  const n = stream.cells.length;
  const { days, occurredDay, delayDays, dayClass } = stream;
  if (dayClass.length !== days) throw new RangeError(`${dayClass.length} day classes for ${days} days`);
  const reported = new Uint32Array(occurredDay.length);
  for (let i = 0; i < reported.length; i++) {
    reported[i] = (occurredDay[i] as number) + (delayDays[i] as number);
    if ((occurredDay[i] as number) >= days || (stream.cell[i] as number) >= n)
      throw new RangeError(`Event ${i} lies outside the ${days} days and ${n} cells of the stream`);
  }
  const arrivals = rowsByDay(reported, days);
  const byOccurrence = rowsByDay(Uint32Array.from(occurredDay), days);
  const counts = new Uint16Array(days * n);
  const city = new Float64Array(days);
  /** By class of the day of the event, and in row CLASSES of all. */
  const delays = new Float64Array((CLASSES + 1) * (SETTLED_DAYS + 1));
  const shareSum = new Float64Array(n);
  /** Of the 2-step disks; kept from the first day something is expected on. The stale cells' own shares must be worked out again. */
  const diskSum = new Float64Array(n);
  let disksSummed = false;
  const isStale = new Uint8Array(n);
  const stale = new Uint32Array(n);
  let staleCells = 0;
  const duration = options.maxDuration;
  const { local } = options;
  let today = -1;

  /** Moves the rows of one day into (+1) or out of (−1) a running sum by cell. */
  const shift = (sum: Float64Array, day: number, sign: number): void => {
    if (day < 0) return;
    const row = day * n;
    for (let i = 0; i < n; i++) sum[i] = (sum[i] as number) + sign * (counts[row + i] as number);
  };
  /** A cell's events of the share days by `by`, and those of every disk it is in: a cell lies in the disks of its disk. Sums of whole numbers are exact. */
  const addToShare = (cell: number, by: number): void => {
    shareSum[cell] = (shareSum[cell] as number) + by;
    if (!disksSummed) return;
    for (let m = disks.memberStart[cell] as number; m < (disks.memberStart[cell + 1] as number); m++) {
      const centre = disks.member[m] as number;
      diskSum[centre] = (diskSum[centre] as number) + by;
      if (isStale[centre] === 0) {
        isStale[centre] = 1;
        stale[staleCells++] = centre;
      }
    }
  };
  /** Moves what is known today of one day into (+1) or out of (−1) the share. */
  const shiftShare = (day: number, sign: number): void => {
    if (day < 0) return;
    for (let k = byOccurrence.start[day] as number; k < (byOccurrence.start[day + 1] as number); k++) {
      const i = byOccurrence.row[k] as number;
      if ((reported[i] as number) <= today) addToShare(stream.cell[i] as number, sign * (stream.n[i] as number));
    }
  };
  const learnDelay = (day: number, sign: number): void => {
    if (day < 0) return;
    for (let k = byOccurrence.start[day] as number; k < (byOccurrence.start[day + 1] as number); k++) {
      const i = byOccurrence.row[k] as number;
      const delay = delayDays[i] as number;
      // A report later than the settled span is not known yet.
      if (delay > SETTLED_DAYS) continue;
      const events = sign * (stream.n[i] as number);
      const ofClass = (dayClass[day] as number) * (SETTLED_DAYS + 1) + delay;
      const ofAll = CLASSES * (SETTLED_DAYS + 1) + delay;
      delays[ofClass] = (delays[ofClass] as number) + events;
      delays[ofAll] = (delays[ofAll] as number) + events;
    }
  };
  /** First and last day of a span that ends `back` days before today. */
  const shareLast = (day: number): number => day - options.guardDays;
  const receive = (day: number): void => {
    for (let k = arrivals.start[day] as number; k < (arrivals.start[day + 1] as number); k++) {
      const i = arrivals.row[k] as number;
      const occurred = occurredDay[i] as number;
      const cell = stream.cell[i] as number;
      const events = stream.n[i] as number;
      const at = occurred * n + cell;
      counts[at] = (counts[at] as number) + events;
      city[occurred] = (city[occurred] as number) + events;
      // A report about a day that is already inside a running sum joins it. Sums are those of yesterday here.
      const yesterday = day - 1;
      if (occurred <= shareLast(yesterday) && occurred > shareLast(yesterday) - options.shareDays)
        addToShare(cell, events);
    }
  };
  const advance = (day: number): void => {
    if (day < today || day >= days) throw new RangeError(`The replay is at day ${today} of ${days}; not ${day}`);
    while (today < day) {
      receive(today + 1);
      today++;
      shiftShare(shareLast(today), 1);
      shiftShare(shareLast(today) - options.shareDays, -1);
      learnDelay(today - SETTLED_DAYS, 1);
      learnDelay(today - SETTLED_DAYS - options.shareDays, -1);
    }
  };

  const tail = { counts: new Int32Array(n * duration), cell: new Uint32Array(n), used: 0 };
  const isInTail = new Uint8Array(n);
  const recentTail = (): RecentTail => {
    for (let k = 0; k < tail.used; k++) {
      const cell = tail.cell[k] as number;
      tail.counts.fill(0, cell * duration, (cell + 1) * duration);
      isInTail[cell] = 0;
    }
    tail.used = 0;
    const first = byOccurrence.start[Math.max(0, today - duration + 1)] as number;
    for (let k = first; k < (byOccurrence.start[today + 1] as number); k++) {
      const i = byOccurrence.row[k] as number;
      const cell = stream.cell[i] as number;
      if ((reported[i] as number) > today || isInTail[cell] === 1) continue;
      isInTail[cell] = 1;
      tail.cell[tail.used++] = cell;
    }
    for (let k = 0; k < tail.used; k++) {
      const cell = tail.cell[k] as number;
      let sum = 0;
      for (let d = 0; d < duration; d++) {
        if (d <= today) sum += counts[(today - d) * n + cell] as number;
        tail.counts[cell * duration + d] = sum;
      }
    }
    return tail;
  };

  const classEvents = new Float64Array(CLASSES);
  const classDays = new Float64Array(CLASSES);
  /** Factor of each class: its mean over the mean of all days, with pseudo-days at 1. Written to classEvents. */
  const classFactors = (): void => {
    classEvents.fill(0);
    classDays.fill(0);
    const last = today - options.guardDays;
    const first = Math.max(0, last - options.calendarDays + 1);
    let total = 0;
    for (let day = first; day <= last; day++) {
      const k = dayClass[day] as number;
      classEvents[k] = (classEvents[k] as number) + (city[day] as number);
      classDays[k] = (classDays[k] as number) + 1;
      total += city[day] as number;
    }
    const mean = total / (last - first + 1);
    for (let k = 0; k < CLASSES; k++)
      classEvents[k] =
        mean > 0
          ? ((classEvents[k] as number) / mean + options.pseudoDays) / ((classDays[k] as number) + options.pseudoDays)
          : 1;
  };

  const share = new Float64Array(n);
  const dayTail = new Float64Array(options.maxDuration);
  const disk = (i: number, values: Float64Array): number => {
    let sum = 0;
    for (let m = disks.memberStart[i] as number; m < (disks.memberStart[i + 1] as number); m++)
      sum += values[disks.member[m] as number] as number;
    return sum;
  };
  /** Shares before they are made to sum to 1. */
  const weight = new Float64Array(n);
  const fillShare = (): boolean => {
    if (!disksSummed) {
      for (let i = 0; i < n; i++) {
        diskSum[i] = disk(i, shareSum);
        isStale[i] = 1;
        stale[i] = i;
      }
      staleCells = n;
      disksSummed = true;
    }
    for (let k = 0; k < staleCells; k++) {
      const i = stale[k] as number;
      isStale[i] = 0;
      const mean = (diskSum[i] as number) / ((disks.memberStart[i + 1] as number) - (disks.memberStart[i] as number));
      const value = (mean * ((shareSum[i] as number) + options.shrinkEvents)) / (mean + options.shrinkEvents);
      weight[i] = Number.isNaN(value) ? 0 : value;
    }
    staleCells = 0;
    let total = 0;
    for (let i = 0; i < n; i++) total += weight[i] as number;
    if (!(total > 0)) return false;
    for (let i = 0; i < n; i++) share[i] = (weight[i] as number) / total;
    return true;
  };

  const before = new Float64Array(local === null ? 0 : n * duration);
  const cityBefore = new Float64Array(duration);
  const lean = new Float64Array(local === null ? 0 : disks.zoneEnd.length * duration);
  const memory = new Float64Array(n);
  const ringSum = new Float64Array(RINGS * duration);
  const fillLean = (): void => {
    if (local === null) return;
    const { levelMemory, levelEvents } = local;
    memory.fill(0);
    let all = 0;
    for (let s = Math.min(today, LEVEL_DAYS); s > 0; s--) {
      const row = (today - s) * n;
      for (let i = 0; i < n; i++) memory[i] = levelMemory * (memory[i] as number) + (counts[row + i] as number);
      all = levelMemory * all + (city[today - s] as number);
      if (s > duration) continue;
      for (let i = 0; i < n; i++) before[i * duration + s - 1] = memory[i] as number;
      cityBefore[s - 1] = all;
    }
    const part = new Float64Array(RINGS);
    for (let i = 0; i < n; i++) {
      ringSum.fill(0);
      part.fill(0);
      const first = disks.zoneStart[i] as number;
      const end = disks.zoneStart[i + 1] as number;
      let m = disks.memberStart[i] as number;
      for (let r = 0; first + r < end; r++)
        for (const last = disks.zoneEnd[first + r] as number; m < last; m++) {
          const cell = disks.member[m] as number;
          part[r] = (part[r] as number) + (share[cell] as number);
          for (let d = 0; d < duration; d++) {
            const at = r * duration + d;
            ringSum[at] = (ringSum[at] as number) + (before[cell * duration + d] as number);
          }
        }
      for (let z = first; z < end; z++) {
        const weight = RING_WEIGHT[z - first] as readonly number[];
        const [w0, w1, w2] = [weight[0] as number, weight[1] as number, weight[2] as number];
        const shares = w0 * (part[0] as number) + w1 * (part[1] as number) + w2 * (part[2] as number);
        for (let d = 0; d < duration; d++) {
          const events =
            w0 * (ringSum[d] as number) +
            w1 * (ringSum[duration + d] as number) +
            w2 * (ringSum[2 * duration + d] as number);
          const expected = shares * (cityBefore[d] as number);
          lean[z * duration + d] = (events - expected) / (expected + levelEvents);
        }
      }
    }
  };

  /** Share of the events of a day known d days later, learned from settled days of its class, shrunk to that of all days. */
  const settledEvents = (row: number, last: number): number => {
    let sum = 0;
    for (let d = 0; d <= last; d++) sum += delays[row * (SETTLED_DAYS + 1) + d] as number;
    return sum;
  };
  const complete = (day: number, age: number): number => {
    const total = settledEvents(CLASSES, SETTLED_DAYS);
    if (!(total > 0)) return 1;
    const known = settledEvents(CLASSES, age) / total;
    if (!options.delayByClass) return known;
    const row = dayClass[day] as number;
    return (
      (settledEvents(row, age) + CLASS_DELAY_EVENTS * known) / (settledEvents(row, SETTLED_DAYS) + CLASS_DELAY_EVENTS)
    );
  };

  const expectation = (): ClusterExpectation | null => {
    if (today - options.guardDays + 1 < MIN_SHARE_DAYS) return null;
    if (!fillShare()) return null;
    classFactors();
    let events = 0;
    let effort = 0;
    for (let day = Math.max(0, today - options.levelFrom); day <= today - options.levelTo; day++) {
      events += city[day] as number;
      effort += classEvents[dayClass[day] as number] as number;
    }
    if (!(events > 0 && effort > 0)) return null;
    let sum = 0;
    for (let d = 0; d < options.maxDuration; d++) {
      const day = today - d;
      if (day >= 0) {
        const known = options.completeness ? complete(day, Math.min(d, SETTLED_DAYS)) : 1;
        const normal = (events / effort) * (classEvents[dayClass[day] as number] as number) * known;
        const shape = options.cityDayShape;
        sum += shape === null ? normal : (normal * (shape + (city[day] as number))) / (shape + normal);
      }
      dayTail[d] = sum;
    }
    fillLean();
    return { share, dayTail, lean };
  };
  const recentByCell = new Float64Array(n);
  const cityTail = new Float64Array(options.maxDuration);
  const recent = (span: number) => {
    recentByCell.fill(0);
    let total = 0;
    for (let d = 0; d < span && d <= today; d++) {
      shift(recentByCell, today - d, 1);
      total += city[today - d] as number;
      if (d < options.maxDuration) cityTail[d] = total;
    }
    return { byCell: recentByCell, cityTail, total };
  };
  return { advance, recentTail, recent, expectation };
}
