import { ALL_CATEGORIES, NOT_ASSESSABLE, type NotAssessable } from '../../../core/contract/sense.ts';
import type { Filters, IdRange } from '../query/filters.ts';
import type { SeriesTable } from '../snapshot/sense.ts';

/** The weekly normal of one division × category, index = week of the manifest; NaN = not assessed in that week. */
export interface WeekBand {
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Observed above the bound of the rule. */
  readonly exceeds: readonly boolean[];
  readonly filling: readonly boolean[];
  /** The feed was not delivered: nobody knows. */
  readonly missing: readonly boolean[];
}

export type BandAnswer =
  | { readonly kind: 'band'; readonly band: WeekBand }
  | { readonly kind: 'not-assessed'; readonly why: NotAssessable }
  /** There is no series for these filters. */
  | { readonly kind: 'no-series' }
  | { readonly kind: 'sources-filtered' }
  | { readonly kind: 'area-filtered' };

const WEEK = 0;

export function bandFor(
  table: SeriesTable,
  filters: Pick<Filters, 'sources' | 'categories' | 'division' | 'area'>,
  city: { readonly categories: readonly IdRange[]; readonly weeks: number },
): BandAnswer {
  if (filters.area) return { kind: 'area-filtered' };
  if (filters.sources.length > 0) return { kind: 'sources-filtered' };
  const { index } = table;
  const at = seriesAt(table, filters, city.categories);
  if (at === null) return { kind: 'no-series' };
  const reason = NOT_ASSESSABLE[index.reason[at]!] ?? 'no-model';
  const band = bandOf(table, at, city.weeks);
  // Not assessed in its newest period only: what was assessed before is still drawn.
  if (reason !== 'assessed' && band.expected.every(Number.isNaN)) return { kind: 'not-assessed', why: reason };
  return { kind: 'band', band };
}

/** Weekly series of exactly these filters; null = there is none. */
function seriesAt(
  { index }: SeriesTable,
  filters: Pick<Filters, 'categories' | 'division'>,
  categories: readonly IdRange[],
): number | null {
  const category = seriesCategory(filters.categories, categories);
  if (category === null) return null;
  const division = filters.division?.id ?? 0; // no division chosen: the city, row 0
  const at = index.division.findIndex(
    (id, i) => id === division && index.category[i] === category && index.step[i] === WEEK,
  );
  return at < 0 ? null : at;
}

/** Variance / mean of the weekly series of these filters, at least 1; null = no such series, or not assessed. */
export function seriesDispersion(
  table: SeriesTable,
  filters: Pick<Filters, 'sources' | 'categories' | 'division' | 'area'>,
  categories: readonly IdRange[],
): number | null {
  const at = filters.area || filters.sources.length > 0 ? null : seriesAt(table, filters, categories);
  const dispersion = at === null ? Number.NaN : table.index.dispersion[at]!;
  return dispersion >= 1 ? dispersion : null;
}

function seriesCategory(chosen: readonly IdRange[], known: readonly IdRange[]): number | null {
  const only = chosen[0];
  if (!only) return ALL_CATEGORIES;
  return chosen.length === 1 && known.some(({ id, end }) => id === only.id && end === only.end) ? only.id : null;
}

function bandOf({ index, rows }: SeriesTable, at: number, weeks: number): WeekBand {
  const [first, end, offset] = [index.firstRow[at]!, index.endRow[at]!, index.firstPeriod[at]!];
  const column = (from: Float64Array) => {
    const out = new Float64Array(weeks).fill(Number.NaN);
    for (let row = first; row < end && offset + row - first < weeks; row++) out[offset + row - first] = from[row]!;
    return out;
  };
  const [observed, alarm] = [column(rows.observed), column(rows.alarm)];
  const filling = new Array<boolean>(weeks).fill(false);
  const missing = new Array<boolean>(weeks).fill(false);
  for (let row = first; row < end && offset + row - first < weeks; row++) {
    filling[offset + row - first] = rows.filling[row] === 1;
    missing[offset + row - first] = Number.isNaN(rows.observed[row]!);
  }
  return {
    observed,
    expected: column(rows.expected),
    lower: column(rows.lower),
    upper: column(rows.upper),
    exceeds: Array.from(observed, (n, week) => n > alarm[week]!),
    filling,
    missing,
  };
}
