import { completenessAfter } from '../quality/reporting-delay.ts';

/**
 * What is known of a period of a series, given which sources make the series up.
 *
 *     missing  nobody knows the count: the sources that did not deliver make up all of the series
 *     cut      the count is short: sources that did not deliver, or delivered thin, make up more than 10 % of the series
 *     whole    the count is what it says
 *
 * A missing count is published as null, a cut one as it is; neither is a baseline, and neither is assessed.
 */
export const KNOWN = { whole: 0, cut: 1, missing: 2 } as const;

/** Sources that make up less than this of a series may be absent without a word. */
export const TOLERATED_SHARE = 0.1;

/** State of a source in one period: everything there, part of it, nothing. */
export const DELIVERED = { all: 0, part: 1, none: 2 } as const;

/**
 * @param states  per source, one `DELIVERED` a period
 * @param shares  per source, its share of the series, sum 1; all zeros = no report ever, then every source counts alike
 * @returns one `KNOWN` a period. Cost: sources × periods
 */
export function knownPeriods(states: readonly Uint8Array[], shares: readonly number[]): Uint8Array {
  const periods = states[0]?.length ?? 0; // no sources, no periods
  const known = new Uint8Array(periods);
  const none = shares.every((share) => share === 0);
  for (let t = 0; t < periods; t++) {
    let absent = 0;
    let short = 0;
    for (let s = 0; s < states.length; s++) {
      const share = none ? 1 / states.length : (shares[s] as number);
      const state = (states[s] as Uint8Array)[t];
      if (state === DELIVERED.none) absent += share;
      else if (state === DELIVERED.part) short += share;
    }
    if (absent > 1 - 1e-9) known[t] = KNOWN.missing;
    else if (absent + short > TOLERATED_SHARE) known[t] = KNOWN.cut;
  }
  return known;
}

/** How a source fills up: learned completeness, or only after how many days it is taken to be complete. */
export interface Filling {
  /** Newest day the source has reported about; null = never. */
  readonly asOfDay: number | null;
  /** F(d), d = 0.. days after the day itself; null = not learned. */
  readonly completeness: readonly number[] | null;
  /** Without a learned F: days after which a day is taken as complete. Until then nothing is known of it. */
  readonly fillingDays: number;
}

/** Completeness of a day of one source, 0..1; NaN = not known. */
export function dayCompleteness({ asOfDay, completeness, fillingDays }: Filling, day: number): number {
  if (asOfDay === null || day > asOfDay) return 0;
  if (completeness) return completenessAfter(completeness, asOfDay - day);
  return asOfDay - day >= fillingDays ? 1 : Number.NaN;
}

/**
 * Share of a period's reports that has come in: mean over the sources by their share of the series, and over the days of the period.
 * Every day of a week weighs alike. A source without a share is not asked. @returns one value a period; NaN = not known
 */
export function periodCompleteness(
  sources: readonly Filling[],
  shares: readonly number[],
  span: { readonly firstDay: number; readonly periods: number; readonly daysPerPeriod: number },
): Float64Array {
  const known = shares.reduce((sum, share) => sum + share, 0);
  const out = new Float64Array(span.periods);
  for (let t = 0; t < span.periods; t++) {
    let sum = 0;
    for (let s = 0; s < sources.length; s++) {
      const share = known > 0 ? (shares[s] as number) / known : 1 / sources.length;
      if (share === 0) continue;
      for (let d = 0; d < span.daysPerPeriod; d++)
        sum +=
          (share * dayCompleteness(sources[s] as Filling, span.firstDay + t * span.daysPerPeriod + d)) /
          span.daysPerPeriod;
    }
    out[t] = Math.min(1, sum);
  }
  return out;
}

/** A period is complete enough to be compared without a word. */
export const COMPLETE = 0.95;
