import { twoSidedP } from '../../../core/stats/benjamini-hochberg.ts';
import { EMERGING_CATEGORIES, emergingCategory, emergingHotSpots } from '../../../core/stats/emerging.ts';
import { mannKendall } from '../../../core/stats/mann-kendall.ts';
import { neighboursOf } from '../../../core/stats/neighbours.ts';
import { senSlope } from '../../../core/stats/sen-slope.ts';
import type { Findings, Json, JsonObject, OracleCase, OracleMethod, Tolerance } from '../oracle-case.ts';

const numbers = (value: Json | undefined): number[] => value as unknown as number[];
const lists = (value: Json | undefined): number[][] => value as unknown as number[][];
const object = (value: Json | undefined): JsonObject => value as JsonObject;

/** null in a series is a missing value. */
const seriesOf = (value: Json | undefined): Float64Array =>
  Float64Array.from(value as readonly (number | null)[], (x) => x ?? Number.NaN);

function trend({ data }: OracleCase, findings: Findings): void {
  const x = seriesOf(object(data.input).x);
  const expected = object(data.expected);
  const near: Tolerance = { rel: object(data.tolerance).rel as number };
  const found = mannKendall(x);
  if (found.kind !== 'value') throw new Error(found.why);
  findings.near('n', found.n, expected.n, near);
  findings.near('S', found.s, expected.S, near);
  findings.near('varS', found.variance, expected.varS, near);
  // The package computes in single precision.
  findings.near('varSKendallPackage', Math.fround(found.variance), expected.varSKendallPackage, near);
  findings.near('tauA', found.tauA, expected.tauA, near);
  if (found.tauB === null)
    findings.holds(
      'tauKendallPackage',
      expected.varS === 0,
      null,
      'undefined (0/0) for a constant series; the package prints 1',
    );
  else findings.near('tauKendallPackage', found.tauB, expected.tauKendallPackage, { abs: 1e-6 });
  findings.near('Z', found.z, expected.Z, near);
  findings.near('pTwoSidedNormal', found.p, expected.pTwoSidedNormal, near);
  findings.near('pKendallPackage', found.p, expected.pKendallPackage, { abs: 1e-6 });
  findings.near('senSlope', senSlope(x), expected.senSlope, near);
}

function rules({ data }: OracleCase, findings: Findings): void {
  const { alphaTrend } = object(data.parameters) as { alphaTrend: number };
  const near = object(object(data.tolerance).mannKendall) as Tolerance;
  for (const each of data.cases as readonly JsonObject[]) {
    const z = Float64Array.from(numbers(each.z));
    const significant = each.significant as readonly boolean[];
    const signs = Int8Array.from(z, (value, t) => (significant[t] ? Math.sign(value) : 0));
    const found = mannKendall(z);
    if (found.kind !== 'value') throw new Error(found.why);
    const sign = found.p < alphaTrend ? (found.z > 0 ? 1 : -1) : 0;
    const category = EMERGING_CATEGORIES[emergingCategory(signs, sign)];
    findings.same(`${each.name}`, category, each.expected);
    findings.near(`${each.name}: mannKendallZ`, found.z, each.mannKendallZ, near);
    findings.near(`${each.name}: mannKendallP`, found.p, each.mannKendallP, near);
  }
}

function cube({ data }: OracleCase, findings: Findings): void {
  const input = object(data.input);
  const expected = object(data.expected);
  const { timeLag, alphaTrend } = object(data.parameters) as { timeLag: number; alphaTrend: number };
  const fdr = Number(/alpha ([\d.]+)/.exec(object(data.parameters).fdr as string)?.[1]);
  const rows = lists(input.counts);
  const cells = rows.length;
  const periods = rows[0]!.length;
  const values = new Float64Array(cells * periods);
  rows.forEach((row, i) => {
    row.forEach((count, t) => {
      values[t * cells + i] = count;
    });
  });
  const given = { values, cells, neighbours: neighboursOf(lists(input.neighbours)) };
  // localG was not told that the lists hold the bin itself: its expected z are against the mean and S of the other bins.
  const options = { lag: timeLag, reference: 'other-bins', fdr, trendLevel: alphaTrend } as const;
  const found = emergingHotSpots(given, options);
  const near = object(object(data.tolerance).z) as Tolerance;
  const zRows = rows.map((row, i) => row.map((_, t) => found.z[t * cells + i]!));
  findings.near('z', zRows, expected.z, near);
  findings.same('nSignificantBins', found.significant, expected.nSignificantBins);
  findings.near('trendZ', found.trendZ, expected.trendZ, near);
  const trendP = new Float64Array(cells);
  twoSidedP(found.trendZ, trendP);
  findings.near('trendP', trendP, expected.trendP, near);
  findings.same(
    'category',
    Array.from(found.category, (code) => EMERGING_CATEGORIES[code]),
    expected.category,
  );
  // The stated definition, mean and S of the whole cube, must name the same categories.
  const whole = emergingHotSpots(given, { ...options, reference: 'whole-cube' });
  findings.same('category, whole cube', Array.from(whole.category), Array.from(found.category));
}

const isMethod =
  (text: string) =>
  (data: JsonObject): boolean =>
    data.method === text;

export const TREND_METHODS: readonly OracleMethod[] = [
  { name: 'Mann-Kendall and Sen', takes: isMethod('Mann-Kendall trend test, Sen slope'), run: trend },
  { name: 'emerging categories', takes: isMethod('Emerging hot spot categories'), run: rules },
  {
    name: 'emerging hot spots of a cube',
    takes: isMethod('Space-time Gi* with time-lagged neighbourhood, FDR over the whole cube, Mann-Kendall, categories'),
    run: cube,
  },
];
