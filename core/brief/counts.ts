import { ALL_CATEGORIES } from '../contract/sense.ts';
import { type BriefInput, NO_DIVISION, type SeriesColumns } from './input.ts';

/** Counting for the brief: incidents by week under sources × category × division, from the tables that can tell. */
export interface CountScope {
  /** Source ids; empty = all. */
  readonly sources: readonly number[];
  /** Category id; null = all. */
  readonly category: number | null;
  /** Division id; null = the city, incidents without a place included. */
  readonly division: number | null;
}

/**
 * Incidents by week; NaN = that week's count is not published for this scope. Null = no table tells this scope (a class below
 * level 1 by source, a place below a district without a series). Cost: one pass over the cube.
 */
export function weeklyCounts(input: BriefInput, scope: CountScope): Float64Array | null {
  const { manifest, divisions } = input;
  const { categories } = manifest.dictionaries;
  const category = scope.category === null ? null : categories[scope.category];
  const division = scope.division === 0 ? null : scope.division;
  const byCube =
    (category === null || (category !== undefined && category.level <= 1)) &&
    (division === null || divisions.level[division] === 1);
  if (byCube) {
    const out = new Float64Array(manifest.weeks.length);
    for (let week = 0; week < out.length; week++) out[week] = denseSum(input, { ...scope, division }, week);
    return out;
  }
  if (scope.sources.length > 0 || !input.series) return null;
  const at = seriesOf(input.series).get(seriesKey(division ?? 0, scope.category ?? ALL_CATEGORIES));
  return at === undefined ? null : seriesColumn(input, at, 'observed');
}

/** One week of `weeklyCounts`; null = no table tells, or that week is not published. */
export function countIn(input: BriefInput, scope: CountScope, week: number): number | null {
  const { categories } = input.manifest.dictionaries;
  const division = scope.division === 0 ? null : scope.division;
  const shallow = scope.category === null || (categories[scope.category]?.level ?? 9) <= 1;
  if (shallow && (division === null || input.divisions.level[division] === 1))
    return denseSum(input, { ...scope, division }, week);
  const n = weeklyCounts(input, scope)?.[week];
  return n === undefined || Number.isNaN(n) ? null : n;
}

/** The cube by week, source, group and division, laid out once: a brief asks it some hundred times. */
interface DenseCube {
  readonly n: Float64Array;
  readonly sources: number;
  readonly groups: ReadonlyMap<number, number>;
  readonly places: ReadonlyMap<number, number>;
}
const dense = new WeakMap<BriefInput['cube'], DenseCube>();

function denseOf({ cube, manifest }: BriefInput): DenseCube {
  const known = dense.get(cube);
  if (known) return known;
  const slots = (values: ArrayLike<number>): Map<number, number> => {
    const map = new Map<number, number>();
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (!map.has(value)) map.set(value, map.size);
    }
    return map;
  };
  const [groups, places] = [slots(cube.group), slots(cube.division)];
  const sources = 1 + manifest.dictionaries.sources.reduce((most, { id }) => Math.max(most, id), 0);
  const n = new Float64Array(manifest.weeks.length * sources * groups.size * places.size);
  for (let i = 0; i < cube.n.length; i++) {
    const [group, place] = [
      groups.get(cube.group[i] as number) as number,
      places.get(cube.division[i] as number) as number,
    ];
    const at =
      (((cube.week[i] as number) * sources + (cube.source[i] as number)) * groups.size + group) * places.size + place;
    n[at] = (n[at] as number) + (cube.n[i] as number);
  }
  const made = { n, sources, groups, places };
  dense.set(cube, made);
  return made;
}

function denseSum(input: BriefInput, scope: CountScope, week: number): number {
  const { n, sources, groups, places } = denseOf(input);
  const group = scope.category === null ? null : groups.get(scope.category);
  const place = scope.division === null ? null : places.get(scope.division);
  // A category or division without a single incident is in no row: that is a zero.
  if (group === undefined || place === undefined) return 0;
  const [firstGroup, endGroup] = group === null ? [0, groups.size] : [group, group + 1];
  const [firstPlace, endPlace] = place === null ? [0, places.size] : [place, place + 1];
  let sum = 0;
  for (let source = 0; source < sources; source++) {
    if (scope.sources.length > 0 && !scope.sources.includes(source)) continue;
    for (let g = firstGroup; g < endGroup; g++) {
      const from = ((week * sources + source) * groups.size + g) * places.size;
      for (let p = firstPlace; p < endPlace; p++) sum += n[from + p] as number;
    }
  }
  return sum;
}

/** Incidents of a week without any place, all sources. */
export function unlocatedIn(input: BriefInput, week: number): number {
  const { cube } = input;
  let n = 0;
  for (let i = 0; i < cube.n.length; i++)
    if (cube.week[i] === week && cube.division[i] === NO_DIVISION) n += cube.n[i] as number;
  return n;
}

/** Incidents of a week known to lie in the city, in no division of it. */
export function elsewhereIn(input: BriefInput, week: number): number {
  const { cube } = input;
  let n = 0;
  for (let i = 0; i < cube.n.length; i++) if (cube.week[i] === week && cube.division[i] === 0) n += cube.n[i] as number;
  return n;
}

const seriesKey = (division: number, category: number): number => division * 65_536 + category;
const WEEKLY = 0;
const opened = new WeakMap<SeriesColumns, ReadonlyMap<number, number>>();

/** Row of `series-index` by division and category, weekly ones. */
export function seriesOf(series: SeriesColumns): ReadonlyMap<number, number> {
  const known = opened.get(series);
  if (known) return known;
  const { index } = series;
  const map = new Map<number, number>();
  for (let i = 0; i < index.division.length; i++)
    if (index.step[i] === WEEKLY) map.set(seriesKey(index.division[i] as number, index.category[i] as number), i);
  opened.set(series, map);
  return map;
}

function seriesColumn(
  { series, manifest }: BriefInput,
  at: number,
  name: 'observed' | 'expected' | 'upper',
): Float64Array {
  const out = new Float64Array(manifest.weeks.length).fill(Number.NaN);
  if (!series) return out;
  const { index, rows } = series;
  const [first, end, offset] = [index.firstRow[at], index.endRow[at], index.firstPeriod[at]] as [
    number,
    number,
    number,
  ];
  for (let row = first; row < end && offset + row - first < out.length; row++)
    out[offset + row - first] = rows[name][row] as number;
  return out;
}

export type BandVerdict = 'above' | 'within' | 'below' | 'not-assessed' | 'not-delivered';

/** One week of a series against its own normal. Counts are incidents known at the as-of moment; `expected` allows for what is still to come. */
export interface Band {
  readonly division: number;
  /** 65535 = all. */
  readonly category: number;
  readonly verdict: BandVerdict;
  readonly observed: number | null;
  readonly expected: number | null;
  /** 95 % predictive interval. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly filling: boolean;
  /** φ >= 1; null = not assessed. */
  readonly dispersion: number | null;
}

const orNull = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

/** Null = there is no such series. */
export function bandAt(
  input: BriefInput,
  scope: { readonly division: number; readonly category: number; readonly week: number },
): Band | null {
  const { series } = input;
  if (!series) return null;
  const at = seriesOf(series).get(seriesKey(scope.division, scope.category));
  return at === undefined ? null : bandOf(series, at, scope.week);
}

export function bandOf({ index, rows }: SeriesColumns, at: number, week: number): Band | null {
  const row = (index.firstRow[at] as number) + week - (index.firstPeriod[at] as number);
  if (row < (index.firstRow[at] as number) || row >= (index.endRow[at] as number)) return null;
  const [observed, expected] = [orNull(rows.observed[row]), orNull(rows.expected[row])];
  const [lower, upper, alarm] = [orNull(rows.lower[row]), orNull(rows.upper[row]), orNull(rows.alarm[row])];
  const verdict: BandVerdict =
    observed === null
      ? 'not-delivered'
      : expected === null || alarm === null || lower === null
        ? 'not-assessed'
        : observed > alarm
          ? 'above'
          : observed < lower
            ? 'below'
            : 'within';
  return {
    division: index.division[at] as number,
    category: index.category[at] as number,
    verdict,
    observed,
    expected,
    lower,
    upper,
    filling: rows.filling[row] === 1,
    dispersion: orNull(index.dispersion[at]),
  };
}

/** The last `weeks` weeks up to and with `week` of a weekly series; null = there is none. */
export function recentCurve(
  input: BriefInput,
  scope: { readonly division: number; readonly category: number; readonly week: number },
  weeks = 26,
): {
  readonly observed: readonly number[];
  readonly expected: readonly number[];
  readonly upper: readonly number[];
} | null {
  if (!input.series) return null;
  const at = seriesOf(input.series).get(seriesKey(scope.division, scope.category));
  if (at === undefined) return null;
  const part = (name: 'observed' | 'expected' | 'upper') =>
    Array.from(seriesColumn(input, at, name).slice(Math.max(0, scope.week - weeks + 1), scope.week + 1));
  return { observed: part('observed'), expected: part('expected'), upper: part('upper') };
}

/** Distance of the count from its normal in the variance-stabilised scale, dispersion taken out. */
export function bandZ({ observed, expected, dispersion }: Band): number | null {
  if (observed === null || expected === null) return null;
  return (2 * (Math.sqrt(observed) - Math.sqrt(Math.max(0, expected)))) / Math.sqrt(dispersion ?? 1);
}
