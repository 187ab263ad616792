/**
 * How old the newest record of a source is against the cadence the source declared. Whole days of the city: a source that gives
 * dates only is not older at noon than one that gives minutes.
 *
 * With a cadence of c days and an age of a days (civil days from the newest record to now):
 *
 *     fresh   a <= c
 *     due     c < a <= max(c + 1, ceil(1.5 c))     may still come
 *     late       …  <= max(c + 3, ceil(3 c))
 *     silent     beyond, or nothing was ever delivered
 */
export type FreshnessVerdict = 'fresh' | 'due' | 'late' | 'silent';

export interface Freshness {
  readonly verdict: FreshnessVerdict;
  /** Day of the newest record, days since 1970-01-01 in the city's zone; null = nothing accepted. */
  readonly asOfDay: number | null;
  /** Null = nothing accepted. Never negative: a record dated after `now` is of today. */
  readonly ageDays: number | null;
  /** Days beyond the cadence, 0 when fresh; null = nothing was ever delivered, so nobody knows since when. */
  readonly overdueDays: number | null;
}

/**
 * @param asOfMinute newest reported (else occurred) local minute of the source; null = nothing accepted
 * @param nowMinute  local minute it is compared with: when publishing the newest as-of among the sources, in a browser the clock
 */
export function freshness(asked: {
  readonly asOfMinute: number | null;
  readonly cadenceDays: number;
  readonly nowMinute: number;
}): Freshness {
  const { asOfMinute, cadenceDays, nowMinute } = asked;
  if (asOfMinute === null) return { verdict: 'silent', asOfDay: null, ageDays: null, overdueDays: null };
  const asOfDay = Math.floor(asOfMinute / 1440);
  const ageDays = Math.max(0, Math.floor(nowMinute / 1440) - asOfDay);
  return {
    verdict: verdictOf(ageDays, cadenceDays),
    asOfDay,
    ageDays,
    overdueDays: Math.max(0, Math.ceil(ageDays - cadenceDays)),
  };
}

function verdictOf(age: number, cadence: number): FreshnessVerdict {
  if (age <= cadence) return 'fresh';
  if (age <= Math.max(cadence + 1, Math.ceil(1.5 * cadence))) return 'due';
  if (age <= Math.max(cadence + 3, Math.ceil(3 * cadence))) return 'late';
  return 'silent';
}
