import { ALL_CATEGORIES, NOT_ASSESSABLE, type NotAssessable, SERIES, SERIES_INDEX } from '../../core/contract/sense.ts';
import { COMPLETE, KNOWN } from '../../core/sense/delivery.ts';
import type { AssessedChunk, AssessedSeries, SeriesChunk } from '../../core/sense/series-chunk.ts';
import {
  baselineCounts,
  type SeriesKnowledge,
  type SeriesPlan,
  type SeriesSpec,
} from '../../core/sense/series-plan.ts';
import { type SeriesCounts, seriesAt } from '../../core/sense/series-set.ts';
import { breaksOf, type CityCalendar } from '../../core/time/city-calendar.ts';
import { arrowBytes } from '../io/arrow.ts';

/** One step of series: what was counted, what is known of it, and which series are published. */
export interface SeriesSide {
  readonly step: 'week' | 'day';
  /** First day of period 0. */
  readonly firstDay: number;
  readonly counts: SeriesCounts;
  readonly knowledge: SeriesKnowledge;
  readonly plan: SeriesPlan;
}

/** Series in a chunk: enough to keep both cores busy, few enough to send. */
const CHUNK_SERIES = 256;

/** The plan's series in chunks for the workers. A break of a source cuts the series that the source makes up more than a tenth of. */
export function seriesChunks(
  side: SeriesSide,
  calendar: CityCalendar,
  sources: readonly { readonly key: string }[],
  categoryCode: (id: number) => string | undefined,
): SeriesChunk[] {
  const { counts, plan, knowledge, step, firstDay } = side;
  const days = step === 'week' ? 7 : 1;
  const breaksBy = new Map<number, number[]>();
  const breaks = (category: number): number[] => {
    const before = breaksBy.get(category);
    if (before) return before;
    const id = counts.tree.categories[category] as number;
    const code = id === ALL_CATEGORIES ? undefined : categoryCode(id);
    const shares = knowledge.shares(category);
    const found = sources.flatMap(({ key }, s) =>
      (shares[s] as number) > 0.1
        ? breaksOf(calendar, { source: key, category: code }).flatMap(({ day, endDay }) =>
            endDay === null ? [day] : [],
          )
        : [],
    );
    const own = [...new Set(found)]
      .map((day) => Math.floor((day - firstDay) / days))
      .filter((t) => t > 0 && t < counts.periods);
    breaksBy.set(
      category,
      own.sort((a, b) => a - b),
    );
    return own;
  };
  const chunks: SeriesChunk[] = [];
  for (let from = 0; from < plan.specs.length; from += CHUNK_SERIES)
    chunks.push({
      step,
      firstDay,
      calendar,
      series: plan.specs.slice(from, from + CHUNK_SERIES).map((spec) => {
        const known = knowledge.known(spec);
        return {
          born: spec.born,
          assessFrom: spec.assessFrom,
          baseline: baselineCounts(counts, spec, known),
          completeness: knowledge.completeness(spec.category).subarray(spec.born),
          breaks: breaks(spec.category),
        };
      }),
    });
  return chunks;
}

/** A series as it is published and as alerts read it; NaN = not known. Positions count from `first`. */
export interface SensedSeries {
  /** Division id, 0 = the city; its level. */
  readonly division: number;
  readonly level: number;
  /** Category id; 65535 = all. */
  readonly category: number;
  readonly categoryLevel: number;
  readonly step: 'week' | 'day';
  /** Index into the weeks, or days since 1970-01-01, of position 0. */
  readonly firstPeriod: number;
  readonly observed: Float64Array;
  /** Sources that did not deliver make up more than a tenth of the series in this period: 1; all of it: 2. */
  readonly known: Uint8Array;
  readonly completeness: Float64Array;
  readonly expected: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly alarm: Float64Array;
  readonly p: Float64Array;
  readonly model: number;
  readonly reason: NotAssessable;
  readonly dispersion: number;
}

/** Puts what the workers found beside what was counted, in order of the plan. */
export function sensedSeries(side: SeriesSide, chunks: readonly AssessedChunk[]): SensedSeries[] {
  const { counts, plan, knowledge, step, firstDay } = side;
  const { tree } = counts;
  const assessed = chunks.flatMap((chunk) => chunk.series);
  return plan.specs.map((spec, i) => {
    const found = assessed[i] as AssessedSeries;
    const length = counts.periods - spec.first;
    const known = knowledge.known(spec).slice(spec.first);
    const series = seriesAt(counts, spec);
    const observed = Float64Array.from(series.subarray(spec.first));
    for (let t = 0; t < length; t++) if (known[t] === KNOWN.missing) observed[t] = Number.NaN;
    return {
      division: tree.divisions[spec.division] as number,
      level: tree.levels[spec.division] as number,
      category: tree.categories[spec.category] as number,
      categoryLevel: tree.categoryLevels[spec.category] as number,
      step,
      firstPeriod: step === 'week' ? spec.first : firstDay + spec.first,
      observed,
      known,
      completeness: knowledge.completeness(spec.category).slice(spec.first),
      ...placed(spec, found, length),
      model: found.model,
      reason: found.reason,
      dispersion: found.dispersion,
    };
  });
}

const COLUMNS = ['expected', 'lower', 'upper', 'alarm', 'p'] as const;
function placed(spec: SeriesSpec, found: AssessedSeries, length: number): Pick<SensedSeries, (typeof COLUMNS)[number]> {
  const column = (values: Float64Array): Float64Array => {
    const all = new Float64Array(length).fill(Number.NaN);
    all.set(values, spec.assessFrom - spec.first);
    return all;
  };
  return {
    expected: column(found.expected),
    lower: column(found.lower),
    upper: column(found.upper),
    alarm: column(found.alarm),
    p: column(found.p),
  };
}

/** Both tables, series in the order given. */
export function seriesTables(series: readonly SensedSeries[]): { readonly index: Table; readonly rows: Table } {
  const length = series.reduce((n, one) => n + one.observed.length, 0);
  const ends = new Uint32Array(series.length);
  let at = 0;
  series.forEach((one, i) => {
    at += one.observed.length;
    ends[i] = at;
  });
  const joined = (of: (one: SensedSeries) => Float64Array): Float64Array => {
    const all = new Float64Array(length);
    series.forEach((one, i) => {
      all.set(of(one), (ends[i] as number) - one.observed.length);
    });
    return all;
  };
  const filling = new Uint8Array(length);
  series.forEach((one, i) => {
    const from = (ends[i] as number) - one.observed.length;
    for (let t = 0; t < one.observed.length; t++)
      filling[from + t] = (one.completeness[t] as number) >= COMPLETE ? 0 : 1;
  });
  const index = {
    division: { values: Uint32Array.from(series, (one) => one.division) },
    category: { values: Uint16Array.from(series, (one) => one.category) },
    step: { values: Uint8Array.from(series, (one) => (one.step === 'week' ? 0 : 1)) },
    first_period: { values: Uint32Array.from(series, (one) => one.firstPeriod) },
    first_row: { values: Uint32Array.from(series, (one, i) => (ends[i] as number) - one.observed.length) },
    end_row: { values: ends },
    model: { values: Uint8Array.from(series, (one) => one.model) },
    reason: { values: Uint8Array.from(series, (one) => NOT_ASSESSABLE.indexOf(one.reason)) },
    dispersion: nullable(Float64Array.from(series, (one) => one.dispersion)),
  };
  const rows = {
    observed: nullable(joined((one) => one.observed)),
    expected: nullable(joined((one) => one.expected)),
    lower: nullable(joined((one) => one.lower)),
    upper: nullable(joined((one) => one.upper)),
    alarm: nullable(joined((one) => one.alarm)),
    p: nullable(joined((one) => one.p)),
    filling: { flags: filling },
  };
  return {
    index: { rows: series.length, bytes: arrowBytes(SERIES_INDEX, series.length, index) },
    rows: { rows: length, bytes: arrowBytes(SERIES, length, rows) },
  };
}

export interface Table {
  readonly rows: number;
  readonly bytes: Uint8Array;
}

/** NaN becomes null; the value under a null is 0, so that equal data give equal bytes. */
export function nullable(values: Float64Array | Float32Array): {
  values: Float64Array | Float32Array;
  nulls: Uint8Array;
} {
  const nulls = new Uint8Array(values.length);
  const shown = values.slice();
  for (let i = 0; i < values.length; i++)
    if (Number.isNaN(values[i])) {
      nulls[i] = 1;
      shown[i] = 0;
    }
  return { values: shown, nulls };
}
