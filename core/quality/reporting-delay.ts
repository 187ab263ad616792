/**
 * How complete a day is d days later, learned from when rows were first seen.
 *
 *     n[t, d]  rows of day t first seen d days after t, d = 0..D; observable when t + d <= last seen day
 *     g_d  =  Σ_t n[t, d]  /  Σ_t Σ_{d' <= d} n[t, d']        over the t for which d is observable
 *     F(d) =  Π_{k > d} (1 − g_k)                              completeness after d days, F(D) = 1
 *
 * Reverse-time hazards (chain ladder): days whose late rows are not in yet count only for the delays that could be seen, so the right
 * edge does not pull F up. Rows later than D days are left out of F and counted: F is the share of what comes within D days.
 *
 * @see Lawless (1994), Canadian Journal of Statistics 22(1), 15–31
 */
export const MAX_DELAY_DAYS = 60;

/** Columns of equal length: `n[i]` rows of day `occurredDay[i]` first seen `delayDays[i]` days later. Days since 1970-01-01. */
export interface DelayCounts {
  readonly occurredDay: ArrayLike<number>;
  readonly delayDays: ArrayLike<number>;
  readonly n: ArrayLike<number>;
}

export interface DelayCurve {
  /** g_d, d = 0..D; g_0 = 1. */
  readonly reverseHazard: readonly number[];
  /** F(d), d = 0..D; 0..1, never falling. */
  readonly completeness: readonly number[];
  readonly rowsUsed: number;
}

export interface DelaySpan {
  /** Last day on which anything could have been seen. */
  readonly lastSeenDay: number;
  /** Rows of earlier days are not used: what came with the first delivery has no delay of its own. */
  readonly firstDay: number;
  readonly maxDelayDays?: number;
}

/** The definition above. A delay without any observable row has g = 0: nothing is known against it. Cost: rows + days. */
export function delayCurve(counts: DelayCounts, span: DelaySpan): DelayCurve {
  const last = span.maxDelayDays ?? MAX_DELAY_DAYS;
  const days = Math.max(0, span.lastSeenDay - span.firstDay + 1);
  const width = last + 1;
  const triangle = new Float64Array(days * width);
  let rowsUsed = 0;
  for (let i = 0; i < counts.n.length; i++) {
    const t = (counts.occurredDay[i] as number) - span.firstDay;
    const delay = counts.delayDays[i] as number;
    if (t < 0 || delay < 0 || delay > last || t + delay >= days) continue;
    const at = t * width + delay;
    triangle[at] = (triangle[at] as number) + (counts.n[i] as number);
    rowsUsed += counts.n[i] as number;
  }
  const seen = new Float64Array(days);
  const reverseHazard: number[] = [];
  for (let d = 0; d <= last; d++) {
    let now = 0;
    let all = 0;
    for (let t = 0; t + d < days; t++) {
      const n = triangle[t * width + d] as number;
      seen[t] = (seen[t] as number) + n;
      now += n;
      all += seen[t] as number;
    }
    reverseHazard.push(all > 0 ? now / all : d === 0 ? 1 : 0);
  }
  const completeness = new Array<number>(width).fill(1);
  for (let d = last - 1; d >= 0; d--)
    completeness[d] = (completeness[d + 1] as number) * (1 - (reverseHazard[d + 1] as number));
  return { reverseHazard, completeness, rowsUsed };
}

/** Completeness after so many days; 1 beyond the curve, 0 before the day itself. */
export function completenessAfter(completeness: readonly number[], elapsedDays: number): number {
  if (elapsedDays < 0) return 0;
  return completeness[elapsedDays] ?? 1; // beyond the curve all of what it counts has come
}

/** No estimate is given for a day of which less than this has come in (METHODS.md, reporting delay). */
export const LEAST_COMPLETE = 0.3;

/** Rows of a day when all have come: seen so far / F; null while F < 0.3. */
export function nowcast(seen: number, elapsedDays: number, completeness: readonly number[]): number | null {
  const share = completenessAfter(completeness, elapsedDays);
  return share < LEAST_COMPLETE ? null : seen / share;
}

export type ReportingDelay =
  | {
      readonly kind: 'learned';
      /** F(d), d = 0..60. */
      readonly completeness: readonly number[];
      /** Smallest d with F(d) >= 0.95: so many of the last days are still filling. */
      readonly daysTo95: number;
      readonly rowsUsed: number;
      /** Rows first seen more than 60 days later: not in F. */
      readonly rowsBeyond: number;
    }
  | {
      readonly kind: 'not-assessable';
      readonly why: 'no-first-seen' | 'too-few-rows' | 'too-short';
      readonly rowsUsed: number;
    };

/** Fewer rows than this do not make a curve: one standard error of F at 0.95 would be more than 2 %. */
const FEWEST_ROWS = 100;
/** Shorter histories cannot show delays of four weeks. */
const SHORTEST_DAYS = 28;
const FILLED = 0.95;

/**
 * Reporting delay of one source, or why there is none. Rows of days before the first day on which anything was seen are left out: they
 * came in one delivery, whatever their own delay was. Rows seen before their own day (clock of the source) are left out too.
 */
export function reportingDelay(counts: DelayCounts): ReportingDelay {
  let firstSeen = Number.POSITIVE_INFINITY;
  let lastSeen = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < counts.n.length; i++) {
    if ((counts.delayDays[i] as number) < 0 || counts.n[i] === 0) continue;
    const seen = (counts.occurredDay[i] as number) + (counts.delayDays[i] as number);
    if (seen < firstSeen) firstSeen = seen;
    if (seen > lastSeen) lastSeen = seen;
  }
  if (lastSeen < firstSeen) return { kind: 'not-assessable', why: 'no-first-seen', rowsUsed: 0 };
  const { completeness, rowsUsed } = delayCurve(counts, { firstDay: firstSeen, lastSeenDay: lastSeen });
  if (lastSeen - firstSeen + 1 < SHORTEST_DAYS) return { kind: 'not-assessable', why: 'too-short', rowsUsed };
  if (rowsUsed < FEWEST_ROWS) return { kind: 'not-assessable', why: 'too-few-rows', rowsUsed };
  let rowsBeyond = 0;
  for (let i = 0; i < counts.n.length; i++)
    if ((counts.delayDays[i] as number) > MAX_DELAY_DAYS && (counts.occurredDay[i] as number) >= firstSeen)
      rowsBeyond += counts.n[i] as number;
  return {
    kind: 'learned',
    completeness,
    daysTo95: completeness.findIndex((share) => share >= FILLED - 1e-12),
    rowsUsed,
    rowsBeyond,
  };
}
