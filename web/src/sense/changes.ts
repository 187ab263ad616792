import type { Coverage } from '../../../core/contract/coverage.ts';
import type { Manifest } from '../../../core/contract/manifest.ts';
import { type Comparison, compareCounts } from '../../../core/metric/comparison.ts';
import { weekDispersion } from '../../../core/metric/week-dispersion.ts';
import { sameWeeksLastYear } from '../../../core/metric/year-on-year.ts';
import { daysFromSpringFestival } from '../../../core/time/lunar-festivals.ts';
import type { Filters } from '../query/filters.ts';
import type { SeriesTable } from '../snapshot/sense.ts';
import { isPartial, type Week, type WeekRange } from '../time/week.ts';
import { seriesDispersion } from './series.ts';

/** Weeks that are compared while no period is chosen. */
export const USUAL_WEEKS = 4;
/** Days around Spring Festival in which a week of last year is no fair counterpart; as in `core/metric/year-on-year.ts`. */
const AFFECTED = { before: -5, after: 20 } as const;

export interface Changes {
  /** Complete, filled weeks of the chosen period that are compared. */
  readonly weeks: WeekRange;
  readonly n: number;
  /** Weeks left out of the period, or after it while none is chosen: shorter than seven days, or still filling. */
  readonly leftOut: number;
  /** Against the period of the same length just before. */
  readonly previous: Comparison;
  /** Against the same ISO weeks of the year before. */
  readonly yearAgo: Comparison;
  /** Spring Festival is near in either year: by ISO week the two need not be alike. */
  readonly nearFestival: boolean;
}

export interface ChangeInput {
  readonly weeks: readonly Week[];
  /** Incidents under the filters, by week. */
  readonly counts: Uint32Array;
  /** Seven days inside the data, and no longer filling. */
  readonly usable: readonly boolean[];
  /** A source of the filter delivered nothing or little: its count says nothing. */
  readonly gaps: readonly boolean[];
  /** Chosen period; null = the last usable weeks. */
  readonly range: WeekRange | null;
  /** Of the series, variance / mean; 1 = not known. */
  readonly dispersion: number;
}

/** Changes of the chosen weeks, in the verdicts of `core/metric`. null = no week of the period can be compared. */
export function changesOf(input: ChangeInput): Changes | null {
  const { weeks, counts, usable, range } = input;
  const end = lastUsable(usable, range?.end ?? weeks.length, range?.first ?? 0);
  if (end === null) return null;
  const first = range ? firstUsable(usable, range.first, end) : Math.max(0, end - USUAL_WEEKS);
  const period = { first, end };
  const length = end - first;
  const day = weeks[first]!.firstDay;
  const lastYear = sameWeeksLastYear({ firstDay: day, endDay: day + 7 * length });
  const before = lastYear ? weeks.findIndex((week) => week.firstDay === lastYear.firstDay) : -1;
  const near = (from: number) =>
    Array.from({ length: 7 * length }, (_, i) => daysFromSpringFestival(from + i)).some(
      (distance) => distance >= AFFECTED.before && distance <= AFFECTED.after,
    );
  return {
    weeks: period,
    n: sum(counts, period),
    leftOut: range ? range.end - range.first - length : weeks.length - end,
    previous: compared(input, { first: first - length, end: first }, period),
    yearAgo: compared(input, { first: before, end: before + length }, period),
    nearFestival: near(day) || (lastYear !== null && near(lastYear.firstDay)),
  };
}

/** Two periods of the same length, in weeks of the data. */
export function compared(
  { counts, usable, gaps, dispersion }: ChangeInput,
  earlier: WeekRange,
  later: WeekRange,
): Comparison {
  if (earlier.first < 0 || earlier.end > counts.length) return { kind: 'not-comparable', why: 'no-counterpart' };
  for (const { first, end } of [earlier, later])
    for (let week = first; week < end; week++)
      if (!usable[week] || gaps[week]) return { kind: 'not-comparable', why: 'missing-days' };
  const days = 7 * (later.end - later.first);
  return compareCounts({
    before: { n: sum(counts, earlier), days },
    after: { n: sum(counts, later), days },
    dispersion,
  });
}

function sum(counts: Uint32Array, { first, end }: WeekRange): number {
  let n = 0;
  for (let week = first; week < end; week++) n += counts[week]!;
  return n;
}

function lastUsable(usable: readonly boolean[], end: number, first: number): number | null {
  for (let week = end - 1; week >= first; week--) if (usable[week]) return week + 1;
  return null;
}

function firstUsable(usable: readonly boolean[], first: number, end: number): number {
  let week = first;
  while (week < end - 1 && !usable[week]) week++;
  return week;
}

export interface ChangesUnder {
  readonly manifest: Pick<Manifest, 'weeks' | 'window' | 'dictionaries'>;
  /** null = the snapshot has none, or not yet: then no week counts as filling or missing. */
  readonly coverage: Coverage | null;
  /** null = not there: counts are taken as Poisson. */
  readonly series: SeriesTable | null;
  readonly filters: Filters;
  /** Incidents under the filters, by week. */
  readonly counts: Uint32Array;
}

/** Changes under filters: the one way in which every room gets them. */
export function changesUnder(under: ChangesUnder): Changes | null {
  return changesOf(changeInput(under));
}

/** Which weeks may be compared under filters, and how widely their counts vary. */
export function changeInput({ manifest, coverage, series, filters, counts }: ChangesUnder): ChangeInput {
  const { weeks, window, dictionaries } = manifest;
  const covered = coveredSources({ coverage, dictionaries }, filters);
  const filling = Math.max(0, ...covered.map(({ fillingDays }) => fillingDays));
  const usable = weeks.map((week) => !isPartial(week, window) && week.firstDay + 7 <= window.endDay - filling);
  // Before its first delivery a source counts nothing either.
  const gaps = weeks.map((_, week) => covered.some(({ states }) => 'tmb'.includes(states[0]?.[week] ?? 'd')));
  const published = series && seriesDispersion(series, filters, dictionaries.categories);
  const known = usable.map((whole, week) => whole && !gaps[week]);
  return {
    weeks,
    counts,
    usable,
    gaps,
    range: filters.weeks,
    dispersion:
      published ?? weekDispersion(counts, known, filters.weeks?.first ?? Math.max(0, weeks.length - USUAL_WEEKS)) ?? 1, // not known: counts as Poisson
  };
}

/** What the city knows about the deliveries of the chosen sources; empty = an older snapshot. */
function coveredSources(
  { coverage, dictionaries }: { readonly coverage: Coverage | null } & Pick<Manifest, 'dictionaries'>,
  filters: Pick<Filters, 'sources'>,
): Coverage['sources'] {
  const chosen = dictionaries.sources.filter(({ id }) => filters.sources.length === 0 || filters.sources.includes(id));
  return coverage?.sources.filter(({ key }) => chosen.some((source) => source.key === key)) ?? [];
}
