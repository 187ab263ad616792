import { ahp } from '../../../core/stats/ahp.ts';
import { geometricComposite, linearComposite } from '../../../core/stats/composite.ts';
import { entropyWeights } from '../../../core/stats/entropy-weights.ts';
import { minMax, type Normalised, percentile, zScore } from '../../../core/stats/normalisation.ts';
import { dropOneIndicator } from '../../../core/stats/rank-interval.ts';
import { averageRanks } from '../../../core/stats/ranks.ts';
import { spearman } from '../../../core/stats/spearman.ts';
import type { OracleCase, OracleMethod, Tolerance } from '../oracle-case.ts';

type Rows = readonly (readonly number[])[];
const columnsOf = (rows: Rows): Float64Array[] =>
  (rows[0] ?? []).map((_, j) => Float64Array.from(rows, (row) => row[j] as number));
const rowsOf = (columns: readonly ArrayLike<number>[]): number[][] =>
  Array.from(columns[0] ?? [], (_, i) => columns.map((column) => column[i] as number));
const valuesOf = (normalised: Normalised): Float64Array => {
  if (normalised.kind !== 'values') throw new Error(`an indicator is not assessable: ${normalised.why}`);
  return normalised.values;
};

interface AhpCase {
  readonly randomIndex: readonly number[];
  readonly input: { readonly matrix: Rows };
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tolerance: Tolerance;
}
const AHP: OracleMethod = {
  name: 'analytic hierarchy process',
  takes: ({ method }) => typeof method === 'string' && /^AHP\b/.test(method),
  run: ({ data }, findings) => {
    const { randomIndex, input, expected, tolerance } = data as unknown as AhpCase;
    const found = ahp(input.matrix, randomIndex);
    if (found.kind !== 'assessed') throw new Error(found.why);
    const ours: Record<string, unknown> = {
      weightsEigenvector: found.weights,
      weightsGeometricMean: found.geometricMeanWeights,
      lambdaMax: found.lambdaMax,
      CI: found.consistencyIndex,
      CR: found.consistencyRatio,
    };
    for (const [field, value] of Object.entries(expected)) findings.near(field, ours[field], value, tolerance);
  },
};

interface CompositeCase {
  readonly input: { readonly X: Rows; readonly weights: readonly number[] };
  readonly expected: Readonly<Record<string, unknown>>;
  readonly tolerance: Tolerance;
}
function runComposite({ data }: OracleCase): Record<string, unknown> {
  const { input } = data as unknown as CompositeCase;
  const raw = columnsOf(input.X);
  const weights = Float64Array.from(input.weights);
  const scaled = raw.map((column) => valuesOf(minMax(column)));
  const hazen = raw.map((column) => valuesOf(percentile(column)));
  const entropy = entropyWeights(scaled);
  if (!entropy) throw new Error('no entropy weights');
  const linear = (columns: readonly Float64Array[], by: Float64Array) => {
    const found = linearComposite({ columns, weights: by });
    if (found.kind !== 'assessed') throw new Error(found.why);
    return found;
  };
  const arithmetic = linear(scaled, weights);
  const scores = {
    arithmetic: arithmetic.scores,
    geometricFloor001: geometricComposite({ columns: scaled, weights }) ?? new Float64Array(),
    percentileArithmetic: linear(hazen, weights).scores,
    entropyArithmetic: linear(scaled, entropy.weights).scores,
  };
  const against = (b: Float64Array) => spearman({ a: scores.arithmetic, b });
  const dropped = dropOneIndicator(scaled, weights);
  return {
    minmax: rowsOf(scaled),
    zscore: rowsOf(raw.map((column) => valuesOf(zScore(column)))),
    percentileHazen: rowsOf(hazen),
    entropy: entropy.entropy,
    entropyWeights: entropy.weights,
    scores,
    ranks: Object.fromEntries(
      Object.entries(scores).map(([name, values]) => [name, averageRanks(values, 'highest-first')]),
    ),
    contributionsArithmetic: rowsOf(arithmetic.contributions),
    spearmanArithmeticVs: {
      geometric: against(scores.geometricFloor001),
      percentile: against(scores.percentileArithmetic),
      entropy: against(scores.entropyArithmetic),
    },
    dropOneIndicator: {
      spearman: dropped.map((one) => one?.spearman ?? null),
      meanAbsRankShift: dropped.map((one) => one?.meanAbsoluteRankShift ?? null),
    },
  };
}
const COMPOSITE: OracleMethod = {
  name: 'composite index',
  takes: ({ method }) => method === 'Composite index',
  run: (given, findings) => {
    const { expected, tolerance } = given.data as unknown as CompositeCase;
    const ours = runComposite(given);
    for (const [field, value] of Object.entries(expected)) findings.near(field, ours[field], value, tolerance);
  },
};

export const COMPOSITE_METHODS: readonly OracleMethod[] = [AHP, COMPOSITE];
