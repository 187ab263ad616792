import {
  fitHawkes,
  type HawkesParameters,
  hawkesCompensator,
  hawkesIntensity,
  hawkesLogLikelihood,
} from '../../../core/stats/hawkes.ts';
import { abramsonBandwidths, type EdgeCorrection, kernelIntensity, type PlaneWindow } from '../../../core/stats/kde.ts';
import {
  bandwidthDiggle,
  bandwidthLikelihood,
  bandwidthNormalReference,
  bandwidthScott,
} from '../../../core/stats/kde-bandwidth.ts';
import { knox } from '../../../core/stats/knox.ts';
import type { PlanePoints } from '../../../core/stats/neighbours.ts';
import { Random } from '../../../core/stats/random.ts';
import type { Findings, Json, JsonObject, OracleCase, OracleMethod, Tolerance } from '../oracle-case.ts';

const numbers = (value: Json | undefined): number[] => value as unknown as number[];
const lists = (value: Json | undefined): number[][] => value as unknown as number[][];
const object = (value: Json | undefined): JsonObject => value as JsonObject;
const DAY_MS = 86_400_000;
const PERMUTATIONS = 4999;

function nearRepeat({ data }: OracleCase, findings: Findings): void {
  const input = object(data.input);
  const expected = object(data.expected);
  const events = {
    x: Float64Array.from(numbers(input.x)),
    y: Float64Array.from(numbers(input.y)),
    day: Int32Array.from(input.date as readonly string[], (date) => Date.parse(`${date}T00:00:00Z`) / DAY_MS),
  };
  const bands = { spatialBreaks: numbers(input.spatialBreaks), temporalBreaks: numbers(input.temporalBreaks) };
  const columns = bands.temporalBreaks.length;
  const asRows = (table: ArrayLike<number>): number[][] =>
    bands.spatialBreaks.map((_, a) => Array.from(table).slice(a * columns, (a + 1) * columns));
  const random = new Random(7);
  const euclidean = knox(events, { ...bands, distance: 'euclidean', replicates: 0 }, random);
  const found = knox(events, { ...bands, distance: 'manhattan', replicates: PERMUTATIONS }, random);
  if (found.kind !== 'value' || euclidean.kind !== 'value') throw new Error('Knox is not assessable');
  const { table } = found;
  findings.same('observedManhattan', asRows(table.observed), expected.observedManhattan);
  findings.same('observedEuclidean', asRows(euclidean.table.observed), expected.observedEuclidean);
  const sampling = 1 / (expected.nsim as number) + 1 / PERMUTATIONS;
  const mean = lists(expected.expectedMean).flat();
  const within = (
    field: string,
    column: Float64Array,
    values: number[],
    bound: (value: number, cell: number) => number,
  ): void => {
    let share = 0;
    values.forEach((value, cell) => {
      const ratio = Math.abs(column[cell]! - value) / bound(value, cell);
      if (!(ratio <= share)) share = ratio;
    });
    findings.holds(field, share <= 1, share, 'at most 1 times the bound');
  };
  const ofMean = (value: number): number => 5 * Math.sqrt(value * sampling) + 1e-9;
  within('expectedMean', table.expectedMean, mean, ofMean);
  // No bound is stated for the median: that of a mean, wider by √(π/2), and one pair for the rounding of a count.
  within(
    'expectedMedian',
    table.expectedMedian,
    lists(expected.expectedMedian).flat(),
    (_, cell) => 1 + 1.26 * ofMean(mean[cell]!),
  );
  // The ratio is observed / mean: the bound of the mean carries over.
  const implied = Float64Array.from(table.ratio, (ratio, cell) =>
    table.observed[cell]! > 0 ? table.observed[cell]! / ratio : mean[cell]!,
  );
  const impliedExpected = lists(expected.knoxRatioMean)
    .flat()
    .map((ratio, cell) => (ratio > 0 ? table.observed[cell]! / ratio : mean[cell]!));
  within('knoxRatioMean', implied, impliedExpected, ofMean);
  within('p', table.p, lists(expected.p).flat(), (p) => 4 * Math.sqrt(p * (1 - p) * sampling) + 2 / PERMUTATIONS);
}

function kernel({ data }: OracleCase, findings: Findings): void {
  const input = object(data.input);
  const expected = object(data.expected);
  const tolerance = object(data.tolerance);
  const near: Tolerance = { rel: tolerance.rel as number };
  const plane = (x: Json | undefined, y: Json | undefined): PlanePoints => ({
    x: Float64Array.from(numbers(x)),
    y: Float64Array.from(numbers(y)),
  });
  const points = plane(input.x, input.y);
  const grid = plane(input.gridX, input.gridY);
  const window = input.window as unknown as PlaneWindow;
  const sigma = input.sigma as number;
  const at = (
    places: PlanePoints,
    edge: EdgeCorrection,
    sigmas: Float64Array = Float64Array.of(sigma),
  ): Float64Array => {
    const intensity = new Float64Array(places.x.length);
    kernelIntensity(points, { sigmas, edge }, places, intensity);
    return intensity;
  };
  for (const kind of ['none', 'uniform', 'diggle'] as const) {
    const edge: EdgeCorrection = kind === 'none' ? { kind } : { kind, window };
    findings.near(`grid.${kind}`, at(grid, edge), object(expected.grid)[kind], near);
    findings.near(`atPoints.${kind}`, at(points, edge), object(expected.atPoints)[kind], near);
  }
  const adaptive = abramsonBandwidths(points, { sigma });
  findings.near('adaptiveBandwidths', adaptive, expected.adaptiveBandwidths, near);
  findings.near('adaptiveGrid', at(grid, { kind: 'none' }, adaptive), expected.adaptiveGrid, near);
  const scott = bandwidthScott(points);
  findings.near('bwScott', [scott?.x, scott?.y], expected.bwScott, near);
  findings.near('bwScottIso', scott?.isotropic, expected.bwScottIso, near);
  findings.near(
    'bandwidthNrd',
    [points.x, points.y].map((axis) => bandwidthNormalReference(axis)),
    expected.bandwidthNrd,
    near,
  );
  findings.near(
    'bwDiggle',
    bandwidthDiggle(points, window),
    expected.bwDiggle,
    object(tolerance.bwDiggle) as Tolerance,
  );
  findings.near('bwPpl', bandwidthLikelihood(points, window), expected.bwPpl, object(tolerance.bwPpl) as Tolerance);
}

function selfExciting({ data }: OracleCase, findings: Findings): void {
  const input = object(data.input);
  const expected = object(data.expected);
  const tolerance = object(data.tolerance);
  const near: Tolerance = { rel: tolerance.rel as number };
  const events = { times: Float64Array.from(numbers(input.times)), end: input.T as number };
  const parameters = input.parameters as unknown as HawkesParameters;
  const compensator = hawkesCompensator(events, parameters);
  findings.near('logLik', hawkesLogLikelihood(events, parameters), expected.logLik, near);
  findings.near('intensityAtEvents', hawkesIntensity(events, parameters), expected.intensityAtEvents, near);
  findings.near('compensatorAtEvents', compensator.slice(0, -1), expected.compensatorAtEvents, near);
  findings.near('compensatorTotal', compensator[events.times.length], expected.compensatorTotal, near);
  findings.near('branchingRatio', parameters.alpha, expected.branchingRatio, near);
  const fit = fitHawkes(events);
  if (fit.kind !== 'value') throw new Error(fit.why);
  const mle = object(tolerance.mle);
  const { logLik, ...named } = object(expected.mle);
  findings.near('mle', { ...fit.parameters }, named, { rel: mle.rel as number });
  findings.near('mle.logLik', fit.logLikelihood, logLik, { abs: mle.logLik as number });
}

const isMethod =
  (text: string) =>
  (data: JsonObject): boolean =>
    data.method === text;

export const POINT_METHODS: readonly OracleMethod[] = [
  { name: 'Knox', takes: isMethod('Knox near-repeat test'), run: nearRepeat },
  {
    name: 'kernel intensity',
    takes: isMethod('Gaussian kernel intensity, fixed and Abramson adaptive; bandwidth selectors'),
    run: kernel,
  },
  { name: 'Hawkes', takes: isMethod('Hawkes process, exponential kernel'), run: selfExciting },
];
