/**
 * Which weeks may be read as counts. A week of a series is a hole when sources that make up more than a tenth of it did not deliver it, or
 * delivered it thin: a short count is no quiet week.
 */
export interface DeliveredWeeks {
  /** Per source, per row (0 = the source as a whole, then districts in their order), one letter a week as in `coverage.json`. */
  readonly states: readonly (readonly string[])[];
  /** Per source, one flag a week: 1 = the calendar declares an outage that touches the week. */
  readonly outages: readonly Uint8Array[];
}

/** A source that makes up less of a series may be absent without making a hole. */
export const TOLERATED_SHARE = 0.1;

/** Letters of `coverage.json` that are counts: delivered, and a believable zero. */
const COUNTED = new Set(['d', 'z']);

/** @param district position of the district, −1 = the city. @returns 1 = hole, one a week */
export function holeWeeks(
  { states, outages }: DeliveredWeeks,
  shares: ArrayLike<number>,
  span: { readonly district: number; readonly weeks: number },
): Uint8Array {
  const holes = new Uint8Array(span.weeks);
  for (let w = 0; w < span.weeks; w++) {
    let absent = 0;
    for (let s = 0; s < states.length; s++) {
      const letter = states[s]?.[span.district + 1]?.[w];
      const counted = letter !== undefined && COUNTED.has(letter) && outages[s]?.[w] !== 1;
      if (!counted) absent += shares[s] as number;
    }
    if (absent > TOLERATED_SHARE) holes[w] = 1;
  }
  return holes;
}

/** Weeks (by Monday) that a half-open span of days touches are marked. */
export function markWeeks(
  flags: Uint8Array,
  mondays: Int32Array,
  span: { readonly firstDay: number; readonly endDay: number },
): void {
  for (let w = 0; w < mondays.length; w++) {
    const monday = mondays[w] as number;
    if (monday < span.endDay && monday + 7 > span.firstDay) flags[w] = 1;
  }
}
