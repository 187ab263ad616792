import type { SeriesAssessed, SeriesAssessment } from '../../sense/series-baseline.ts';
import { binomialInterval } from '../../stats/binomial-interval.ts';
import { type CalendarDesign, designColumns, designRow } from '../../stats/calendar-design.ts';
import { type IntervalCoverage, intervalCoverage } from '../../stats/interval-coverage.ts';
import {
  negativeBinomialAtMost,
  negativeBinomialPmf,
  negativeBinomialQuantile,
} from '../../stats/negative-binomial.ts';
import { predict, predictive, quasiPoisson } from '../../stats/quasi-poisson.ts';
import type { Random } from '../../stats/random.ts';
import type { WeeklySeries } from './weekly-series.ts';

/** Do the stated probabilities of the weekly series hold on weeks they had not seen? */
export const PIT_BINS = 10;

/** Series by how much is expected a week: discreteness rules below, dispersion above. */
export const EXPECTED_BANDS = [
  { name: 'all', from: 0, below: Number.POSITIVE_INFINITY },
  { name: 'expected < 1', from: 0, below: 1 },
  { name: '1–5', from: 1, below: 5 },
  { name: '5–20', from: 5, below: 20 },
  { name: '20–100', from: 20, below: 100 },
  { name: '>= 100', from: 100, below: Number.POSITIVE_INFINITY },
] as const;

export interface CalibrationBand {
  readonly name: string;
  readonly weeks: number;
  /** Randomised PIT: share of weeks by tenth; 0.1 each when calibrated. */
  readonly pit: Float64Array;
  /** Of the published 95 % interval, whole counts: covers more than stated where counts are small. */
  readonly coverage95: IntervalCoverage | null;
  readonly coverage50: IntervalCoverage | null;
  /** Share of randomised PIT in 0.025–0.975: the same without the effect of whole counts. */
  readonly randomised95: number | null;
  /** Share of weeks with exceedance probability at most alpha, and its exact 95 % interval; nominal alpha or less. */
  readonly exceeded: number;
  readonly exceedanceShare: number | null;
  readonly exceedanceInterval: { readonly lower: number; readonly upper: number } | null;
  /** Mean −ln p(y) on the weeks that the plain reference could assess too; `excess` = relative, above 0 = ours is worse. */
  readonly logScore: {
    readonly weeks: number;
    readonly ours: number;
    readonly quasiPoisson: number;
    readonly excess: number;
  } | null;
}

export interface Calibration {
  readonly alpha: number;
  readonly series: number;
  readonly notAssessed: Readonly<Record<string, number>>;
  readonly bands: readonly CalibrationBand[];
}

interface Row {
  readonly at: SeriesAssessed;
  readonly pit: number;
  readonly loss: number;
  /** Of the plain reference; null = it could not assess the week. */
  readonly plainLoss: number | null;
}

/** Cost: series × weeks, and a quasi-Poisson fit per series and 4 weeks. */
export function calibration(
  series: readonly WeeklySeries[],
  assessed: readonly (readonly SeriesAssessment[])[],
  { alpha, random }: { readonly alpha: number; readonly random: Random },
): Calibration {
  const rows: Row[] = [];
  const notAssessed: Record<string, number> = {};
  assessed.forEach((assessments, s) => {
    const { counts, breaks } = series[s] as WeeklySeries;
    const plain = plainQuasiPoisson(counts, breaks);
    for (const one of assessments) {
      if (one.kind === 'not-assessable') {
        notAssessed[one.why] = (notAssessed[one.why] ?? 0) + 1; // a count starts at nothing
        continue;
      }
      const other = plain(one.index);
      rows.push({
        at: one,
        pit: randomisedPit(one, random),
        loss: logLoss(one.observed, { mean: one.expected, size: one.size }),
        plainLoss: other === null ? null : logLoss(one.observed, other),
      });
    }
  });
  return {
    alpha,
    series: series.length,
    notAssessed,
    bands: EXPECTED_BANDS.map((band) =>
      calibrationBand(
        band.name,
        rows.filter(({ at }) => at.expected >= band.from && at.expected < band.below),
        alpha,
      ),
    ),
  };
}

/** Uniform between F(y − 1) and F(y). */
function randomisedPit({ observed, expected, size }: SeriesAssessed, random: Random): number {
  const low = observed > 0 ? negativeBinomialAtMost({ count: observed - 1, mean: expected, size }) : 0;
  return low + random.uniform() * (negativeBinomialAtMost({ count: observed, mean: expected, size }) - low);
}

/** −ln p(y); a mass below the smallest double counts as that. */
const logLoss = (count: number, law: { readonly mean: number; readonly size: number }): number =>
  -Math.log(Math.max(Number.MIN_VALUE, negativeBinomialPmf({ count, ...law })));

function calibrationBand(name: string, rows: readonly Row[], alpha: number): CalibrationBand {
  const pit = new Float64Array(PIT_BINS);
  let [inside, exceeded, both, ours, plain] = [0, 0, 0, 0, 0];
  for (const { at, pit: u, loss, plainLoss } of rows) {
    if (plainLoss !== null) {
      both++;
      ours += loss;
      plain += plainLoss;
    }
    const bin = Math.min(PIT_BINS - 1, Math.floor(u * PIT_BINS));
    pit[bin] = (pit[bin] as number) + 1 / rows.length;
    if (u >= 0.025 && u <= 0.975) inside++;
    if (at.exceedanceProbability <= alpha) exceeded++;
  }
  const observed = rows.map(({ at }) => at.observed);
  const quantile = (probability: number): number[] =>
    rows.map(({ at }) => negativeBinomialQuantile({ mean: at.expected, size: at.size, probability }));
  return {
    name,
    weeks: rows.length,
    pit,
    coverage95: intervalCoverage({
      observed,
      lower: rows.map(({ at }) => at.lower),
      upper: rows.map(({ at }) => at.upper),
    }),
    coverage50: intervalCoverage({ observed, lower: quantile(0.25), upper: quantile(0.75) }),
    randomised95: rows.length === 0 ? null : inside / rows.length,
    exceeded,
    exceedanceShare: rows.length === 0 ? null : exceeded / rows.length,
    exceedanceInterval: binomialInterval({ successes: exceeded, trials: rows.length }),
    logScore:
      both === 0 ? null : { weeks: both, ours: ours / both, quasiPoisson: plain / both, excess: ours / plain - 1 },
  };
}

const GUARD_WEEKS = 2;
const REFIT_WEEKS = 4;
const FEWEST = 26;
const YEAR_WEEKS = 365.25 / 7;

/**
 * The plain reference: unweighted quasi-Poisson with trend, and one yearly harmonic from a year on, on all known weeks since the break
 * less a guard of 2 weeks. Null before 26 known weeks or where it cannot be fitted.
 */
function plainQuasiPoisson(
  counts: Float64Array,
  breaks: readonly number[],
): (week: number) => { readonly mean: number; readonly size: number } | null {
  const fits = new Map<number, ReturnType<typeof fitted>>();
  const start = (week: number): number => breaks.reduce((last, one) => (one <= week && one > last ? one : last), 0);
  return (week) => {
    const from = start(week);
    const anchor = Math.max(from, week - ((week - from) % REFIT_WEEKS));
    if (!fits.has(anchor)) fits.set(anchor, fitted(counts, { from, end: anchor - GUARD_WEEKS }));
    const model = fits.get(anchor);
    if (!model) return null;
    const row = new Float64Array(model.columns);
    designRow(model.design, week, row, 0);
    const { expected } = predict(model.fit, row);
    if (!(expected > 0 && expected < Number.POSITIVE_INFINITY)) return null;
    return predictive({ expected, dispersion: Math.max(1, model.fit.dispersion ?? 1) });
  };
}

function fitted(counts: Float64Array, { from, end }: { readonly from: number; readonly end: number }) {
  const known: number[] = [];
  for (let t = from; t < end; t++) if (counts[t]! >= 0) known.push(t);
  if (known.length < FEWEST) return null;
  const design: CalendarDesign = {
    periodsPerYear: YEAR_WEEKS,
    trend: true,
    harmonics: known.length >= 52 ? 1 : 0,
    origin: end,
    phase: 0,
    factors: [],
  };
  const columns = designColumns(design);
  const matrix = new Float64Array(known.length * columns);
  known.forEach((t, i) => {
    designRow(design, t, matrix, i * columns);
  });
  const fit = quasiPoisson({ design: matrix, columns, count: Float64Array.from(known, (t) => counts[t] as number) });
  return fit.kind === 'fitted' ? { fit, design, columns } : null;
}
