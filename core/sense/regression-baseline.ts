import { type CalendarDesign, type CalendarFactor, designColumns, designRow } from '../stats/calendar-design.ts';
import { predict, type QuasiPoissonFit, quasiPoissonReweighted } from '../stats/quasi-poisson.ts';
import type { Expectation } from './count-forecast.ts';

/** Reference of a regression: known periods of [first, last], both inside. */
export interface RegressionData {
  readonly counts: Float64Array;
  readonly completeness: Float64Array;
  readonly usable: Uint8Array;
  readonly first: number;
  readonly last: number;
  readonly periodsPerYear: number;
  readonly periodsPerWeek: number;
  /** Small whole numbers a period; 0 for all where there is none. */
  readonly calendarClass: Uint8Array;
  readonly festivalClass: Uint8Array;
}

export interface RegressionBaseline {
  readonly fit: QuasiPoissonFit;
  readonly design: CalendarDesign;
  readonly references: number;
}

/** A class seen on fewer reference periods has no factor: its days take no part, and such a day is not assessed. */
const FEWEST_OF_CLASS = 2;
/** METHODS d, calendar: class factors are shrunk by five pseudo-days at factor 1. */
const PSEUDO_DAYS = 5;
/** Prior of the yearly trend of log counts: standard deviation 0.5. Counts of years outweigh it, half a year of small counts does not. */
const TREND_PRECISION = 4;
/**
 * The same for the yearly harmonics. Without it a sparse series with holes, of which a season has never been seen, got an expectation of
 * 10^15 in that season (a village district of Tainan, 17 reports in three years).
 */
const HARMONIC_PRECISION = 4;
const ANSCOMBE_THRESHOLD = 2.58;
const WEEKS_A_YEAR = 52;

/** Levels of a factor seen often enough, the most frequent first. */
function levelsOf(value: Uint8Array, { usable, first, last }: RegressionData): CalendarFactor {
  const seen = new Int32Array(256);
  for (let i = first; i <= last; i++) if (usable[i] === 1) seen[value[i]!]!++;
  const levels: number[] = [];
  for (let l = 0; l < 256; l++) if (seen[l]! >= FEWEST_OF_CLASS) levels.push(l);
  levels.sort((a, b) => seen[b]! - seen[a]! || a - b);
  return { value, levels };
}

/**
 * Quasi-Poisson regression of the reference: trend, harmonics as far as the known periods identify them (one year: one pair, two: two), calendar and
 * festival classes with shrunken factors, completeness as exposure, past exceedances downweighted. null where it cannot be fitted.
 */
export function regressionBaseline(
  data: RegressionData,
  { trend }: { readonly trend: boolean },
): RegressionBaseline | null {
  const { counts, completeness, usable, first, last, periodsPerYear, periodsPerWeek } = data;
  let known = 0;
  for (let i = first; i <= last; i++) known += usable[i]!;
  // Weeks that were seen, not weeks that went by: a year of holes shows no season.
  const weeks = known / periodsPerWeek;
  const design: CalendarDesign = {
    periodsPerYear,
    trend,
    harmonics: weeks >= 2 * WEEKS_A_YEAR ? 2 : weeks >= WEEKS_A_YEAR ? 1 : 0,
    origin: last,
    phase: 0,
    factors: [levelsOf(data.calendarClass, data), levelsOf(data.festivalClass, data)],
  };
  const columns = designColumns(design);
  const most = last - first + 1;
  const matrix = new Float64Array(most * columns);
  const count = new Float64Array(most);
  const exposure = new Float64Array(most);
  let rows = 0;
  let sum = 0;
  for (let i = first; i <= last; i++) {
    if (usable[i] !== 1 || !designRow(design, i, matrix, rows * columns)) continue;
    count[rows] = counts[i]!;
    exposure[rows] = completeness[i]!;
    sum += counts[i]!;
    rows++;
  }
  if (rows < columns + 8) return null;
  const ridge = new Float64Array(columns);
  if (trend) ridge[1] = TREND_PRECISION;
  const classes = 1 + (trend ? 1 : 0) + 2 * design.harmonics;
  ridge.fill(HARMONIC_PRECISION, trend ? 2 : 1, classes);
  // Information of pseudo-periods at the mean count: what five days at factor 1 would add.
  ridge.fill((PSEUDO_DAYS * (periodsPerWeek / 7) * sum) / rows, classes);
  const fit = quasiPoissonReweighted(
    {
      design: matrix.subarray(0, rows * columns),
      columns,
      count: count.subarray(0, rows),
      exposure: exposure.subarray(0, rows),
      ridge,
    },
    ANSCOMBE_THRESHOLD,
  );
  return fit.kind === 'fitted' && fit.dispersion !== null ? { fit, design, references: rows } : null;
}

/** Expectation of a period; null where its class has no factor. */
export function regressionExpectation({ fit, design }: RegressionBaseline, index: number): Expectation | null {
  const row = new Float64Array(fit.coefficients.length);
  if (!designRow(design, index, row, 0)) return null;
  const { expected, linkError } = predict(fit, row);
  const own = fit.dispersion!;
  const dispersion = Math.max(1, own);
  return { expected, dispersion, linkError: own > 0 ? linkError! * Math.sqrt(dispersion / own) : 0 };
}
