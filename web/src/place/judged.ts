import { confidenceOf, type NormalVerdict, ownNormal, verdictOf } from '../../../core/metric/own-normal.ts';
import type { WeekBand } from '../sense/series.ts';
import type { WeekStates } from '../sense/week-states.ts';
import type { WeekRange } from '../time/week.ts';

/** A place held against its normal over some weeks. */
export interface Judged {
  readonly observed: number;
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
  readonly verdict: NormalVerdict;
  /** Usable weeks that were counted. */
  readonly weeks: number;
  /** `series`: published, with season and trend; `own`: the mean of its own last year. */
  readonly basis: 'series' | 'own';
  /** For `own`: usable weeks before, and reports in them. */
  readonly references: number | null;
  readonly past: number | null;
}
export type JudgedAnswer = Judged | { readonly why: 'too-short' | 'no-usable-week' };

/** Weeks that are read while no period is chosen. */
export const USUAL_WEEKS = 4;

/** The weeks a card speaks of: the chosen ones up to the last usable week, else the last four usable ones. Null = none is usable. */
export function spokenWeeks(chosen: WeekRange | null, usable: readonly boolean[]): WeekRange | null {
  const [from, to] = chosen ? [chosen.first, chosen.end] : [0, usable.length];
  let last = to - 1;
  while (last >= from && !usable[last]) last--;
  if (last < from) return null;
  return { first: chosen ? from : Math.max(0, last + 1 - USUAL_WEEKS), end: last + 1 };
}

export function judgedByOwn(counts: ArrayLike<number>, states: WeekStates, weeks: WeekRange): JudgedAnswer {
  const known = states.usable.map((usable, week) => usable && !states.gaps[week]);
  const normal = ownNormal({ counts, known }, weeks);
  if (normal.kind !== 'normal') return { why: normal.why };
  const { observed, expected, lower, upper, verdict, references, past } = normal;
  return { observed, expected, lower, upper, verdict, weeks: normal.weeks, basis: 'own', references, past };
}

/** By the published series: its intervals are of single weeks, so the last of the weeks is read. Null = not assessed then. */
export function judgedBySeries(band: WeekBand, { end }: WeekRange): Judged | null {
  const week = end - 1;
  const [observed, expected] = [band.observed[week] ?? Number.NaN, band.expected[week] ?? Number.NaN];
  const [lower, upper] = [band.lower[week] ?? Number.NaN, band.upper[week] ?? Number.NaN];
  if ([observed, expected, lower, upper].some(Number.isNaN)) return null;
  const verdict = verdictOf({ observed, expected, lower, upper });
  return { observed, expected, lower, upper, verdict, weeks: 1, basis: 'series', references: null, past: null };
}

/** Expected, lower and upper of each single week up to `end`, from the place's own past; NaN = not assessed. */
export function ownBand(
  counts: ArrayLike<number>,
  states: WeekStates,
  { first, end }: WeekRange,
): Pick<WeekBand, 'expected' | 'lower' | 'upper'> {
  const column = () => new Float64Array(states.usable.length).fill(Number.NaN);
  const band = { expected: column(), lower: column(), upper: column() };
  for (let week = first; week < end; week++) {
    const judged = judgedByOwn(counts, states, { first: week, end: week + 1 });
    if ('why' in judged) continue;
    band.expected[week] = judged.expected;
    band.lower[week] = judged.lower;
    band.upper[week] = judged.upper;
  }
  return band;
}

export function confidence(judged: Judged): 'high' | 'medium' | 'low' | null {
  return judged.references === null || judged.past === null
    ? null
    : confidenceOf({ references: judged.references, past: judged.past });
}
