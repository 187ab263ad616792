import { type Comparison, directionOf } from '../../../../../core/metric/comparison.ts';
import { previousPeriod } from '../../../../../core/metric/period-comparison.ts';
import type { Words } from '../../../../../core/metric/verdict-words.ts';
import { sameFestivalDaysLastYear, sameWeeksLastYear, yearOnYear } from '../../../../../core/metric/year-on-year.ts';
import { type ChangeInput, changesOf, compared } from '../../../sense/changes.ts';
import type { ComparedSide } from '../../../state/compare-link.ts';
import type { DayRange, WeekRange } from '../../../time/week.ts';

/** What two maps are about, in days, and what may be said of the change between them. */
export interface PeriodsCompared {
  /** Complete, filled weeks of the chosen period: what both maps and every sentence count. */
  readonly weeks: WeekRange;
  readonly now: DayRange;
  /** Weeks of the chosen period that are still filling or cut: counted nowhere. */
  readonly leftOut: number;
  /** The same number of days; null = the data has no such days, or not all of them. */
  readonly before: DayRange | null;
  readonly comparison: Comparison;
  readonly previous: Comparison;
  readonly yearAgo: Comparison;
  /** By days from Spring Festival; null = the festival is far away, or the city does not keep it. */
  readonly festival: Comparison | null;
  /** Both ways of the year before were compared and do not say the same. */
  readonly disagree: Words | null;
}

export interface PeriodsInput {
  /** As for the sentences under the week chart: equal weeks, equal verdicts. */
  readonly change: ChangeInput;
  /** Incidents by day from the Monday of the first week; null = only weeks are known, and no day can be moved with the festival. */
  readonly daily: Float64Array | null;
  /** Days that have data. */
  readonly covered: DayRange;
  readonly springFestival: boolean;
}

const NONE: Comparison = { kind: 'not-comparable', why: 'no-counterpart' };

/** null = no week of the chosen period is complete and filled. */
export function periodsCompared(
  input: PeriodsInput,
  side: Exclude<ComparedSide, { kind: 'place' }>,
): PeriodsCompared | null {
  const { change, covered } = input;
  const changes = changesOf(change);
  if (!changes) return null;
  const { weeks, leftOut, previous, yearAgo } = changes;
  const firstDay = change.weeks[weeks.first]!.firstDay;
  const now: DayRange = { firstDay, endDay: firstDay + 7 * (weeks.end - weeks.first) };
  const year = dailyYear(input, now);
  const festival = year?.byFestival?.comparison ?? null;
  const disagree = year?.disagree && yearAgo.kind === 'compared' ? year.note : null;
  const chosen = ((): { readonly days: DayRange | null; readonly comparison: Comparison } => {
    switch (side.kind) {
      case 'previous':
        return { days: previousPeriod(now), comparison: previous };
      case 'year':
        return { days: sameWeeksLastYear(now), comparison: yearAgo };
      case 'festival':
        return { days: festival && (sameFestivalDaysLastYear(now)?.period ?? null), comparison: festival ?? NONE };
      case 'week': {
        const first = change.weeks.findIndex(({ iso }) => iso === side.from);
        const earlier = { first, end: first + weeks.end - weeks.first };
        const day = change.weeks[first]?.firstDay;
        const overlaps = earlier.first < weeks.end && earlier.end > weeks.first;
        if (day === undefined || overlaps) return { days: null, comparison: NONE };
        return {
          days: { firstDay: day, endDay: day + now.endDay - now.firstDay },
          comparison: compared(change, earlier, weeks),
        };
      }
      default:
        return side satisfies never;
    }
  })();
  const inside =
    chosen.days !== null && chosen.days.firstDay >= covered.firstDay && chosen.days.endDay <= covered.endDay;
  return {
    weeks,
    now,
    leftOut,
    before: inside ? chosen.days : null,
    comparison: chosen.comparison,
    previous,
    yearAgo,
    festival,
    disagree: disagree && festival?.kind === 'compared' && differ(yearAgo, festival) ? disagree : null,
  };
}

const differ = (a: Comparison, b: Comparison): boolean =>
  a.kind === 'compared' && b.kind === 'compared' && directionOf(a.verdict) !== directionOf(b.verdict);

/** The year before by days; days of weeks that were not delivered are not known. */
function dailyYear({ change, daily, covered, springFestival }: PeriodsInput, now: DayRange) {
  const monday = change.weeks[0]?.firstDay;
  if (!daily || monday === undefined || !springFestival) return null;
  const counts = daily.slice();
  for (let i = 0; i < counts.length; i++) {
    const day = monday + i;
    if (day < covered.firstDay || day >= covered.endDay || change.gaps[Math.floor(i / 7)]) counts[i] = Number.NaN;
  }
  return yearOnYear(
    { firstDay: monday, counts, asOfDay: covered.endDay - 1, completeness: null, dispersion: change.dispersion },
    now,
    { springFestival },
  );
}
