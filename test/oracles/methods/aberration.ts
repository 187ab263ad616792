import { delayCurve, nowcast } from '../../../core/quality/reporting-delay.ts';
import { type CalendarDesign, designColumns, designRow } from '../../../core/stats/calendar-design.ts';
import { poissonCusum } from '../../../core/stats/cusum.ts';
import { EARS_DEFAULT, earsBound, earsC3 } from '../../../core/stats/ears.ts';
import {
  gammaExceedance,
  gammaInterval,
  gammaMean,
  gammaPoissonMl,
  gammaPosterior,
  marshallGlobal,
  marshallLocal,
} from '../../../core/stats/empirical-bayes.ts';
import { FARRINGTON_FLEXIBLE, type FarringtonOptions, farrington } from '../../../core/stats/farrington.ts';
import { bayesReference, gammaPoissonUpper } from '../../../core/stats/gamma-poisson.ts';
import { holtWinters } from '../../../core/stats/holt-winters.ts';
import { lrCusum } from '../../../core/stats/lr-cusum.ts';
import {
  exceedanceProbability,
  predict,
  predictive,
  predictiveUpper,
  quasiPoisson,
} from '../../../core/stats/quasi-poisson.ts';
import { stl } from '../../../core/stats/stl.ts';
import { parseIsoDate } from '../../../core/time/local-date.ts';
import type { Json, JsonObject, OracleCase, OracleMethod, Tolerance } from '../oracle-case.ts';

const object = (value: Json | undefined): JsonObject => value as JsonObject;
const list = (value: Json | undefined): readonly JsonObject[] => value as readonly JsonObject[];
const numbers = (value: Json | undefined): readonly number[] => value as readonly number[];
const column = (value: Json | undefined): Float64Array => Float64Array.from(numbers(value));
const number = (value: Json | undefined): number => value as number;
const isText = (value: Json | undefined): value is string => typeof value === 'string';

/** The series a case names: `file.json`, `file.json#column`, each with or without `(first n values)`. */
function series(given: OracleCase): Float64Array {
  const named = String(given.data.inputFile);
  const [file = '', rest = ''] = named.split(/[#\s]/);
  const whole = column(given.sibling(file)[named.includes('#') ? rest : 'counts']);
  const first = /first (\d+) values/.exec(named)?.[1];
  return first === undefined ? whole : whole.slice(0, Number(first));
}

const range = (parameters: JsonObject): { first: number; last: number } => ({
  first: number(parameters.rangeFirst),
  last: number(parameters.rangeLast),
});
const part = (all: Float64Array, { first, last }: { first: number; last: number }): Float64Array =>
  all.slice(first, last + 1);
const tolerance = (given: OracleCase, field: string): Tolerance => {
  const own = object(given.data.tolerance)[field];
  return typeof own === 'object' && own !== null ? (own as Tolerance) : {};
};
const takes =
  (pattern: RegExp) =>
  ({ method }: JsonObject): boolean =>
    isText(method) && pattern.test(method);
const flag = (alarm: boolean): number => (alarm ? 1 : 0);

const farringtonOptions = (p: JsonObject): FarringtonOptions => ({
  ...FARRINGTON_FLEXIBLE,
  yearsBack: number(p.b),
  halfWindow: number(p.w),
  seasonLevels: number(p.noPeriods),
  excludedRecent: number(p.pastWeeksNotIncluded),
  weightsThreshold: number(p.weightsThreshold),
  trendThreshold: number(p.pThresholdTrend),
  alpha: number(p.alpha),
  bound: p.thresholdMethod as FarringtonOptions['bound'],
  reweight: p.reweight === true,
  // The case says so: its delta and muan bounds and trend tests carry the package's standard error.
  standardError: 'surveillance',
});

export const ABERRATION_METHODS: readonly OracleMethod[] = [
  {
    name: 'Bayes',
    takes: takes(/^Bayes \(gamma-Poisson/),
    run: (given, findings) => {
      const counts = series(given);
      for (const { parameters, upperbound, alarm } of list(given.data.results)) {
        const p = object(parameters);
        const { first, last } = range(p);
        const found: (number | null)[] = [];
        for (let t = first; t <= last; t++) {
          const window = {
            halfWindow: number(p.w),
            currentYear: p.actY === true,
            yearsBack: number(p.b),
            periodsPerYear: 52,
          };
          found.push(gammaPoissonUpper(bayesReference(counts, t, window), number(p.alpha)));
        }
        const alarms = found.map((bound, i) => flag(bound !== null && counts[first + i]! > bound));
        findings.near('upperbound', found, upperbound, tolerance(given, 'upperbound'));
        findings.near('alarm', alarms, alarm, tolerance(given, 'alarm'));
      }
    },
  },
  {
    name: 'Poisson CUSUM',
    takes: takes(/^Poisson CUSUM/),
    run: (given, findings) => {
      const counts = series(given);
      for (const result of list(given.data.results)) {
        const p = object(result.parameters);
        const monitored = part(counts, range(p));
        const transform = p.trans as 'standard' | 'rossi';
        const { statistic, alarm, upper } = poissonCusum(
          monitored,
          new Float64Array(monitored.length).fill(number(p.m)),
          {
            k: number(p.k),
            h: number(p.h),
            transform,
            reset: !/without reset/.test(String(given.data.method)),
          },
        );
        findings.near('cusum', statistic, result.cusum, tolerance(given, 'cusum'));
        findings.near('alarm', alarm, result.alarm, tolerance(given, 'alarm'));
        findings.near('alarmPackage', alarm, result.alarmPackage, tolerance(given, 'alarm'));
        const bound = transform === 'standard' ? upper.map((x) => Math.max(0, Math.ceil(x))) : upper;
        // A bound of 0: any count brings the alarm. The package squares a negative root there.
        const packaged = numbers(result.upperboundPackage).map((x, i) => (upper[i] === 0 ? 0 : x));
        findings.near('upperboundPackage', bound, packaged, tolerance(given, 'cusum'));
      }
    },
  },
  {
    name: 'LR-CUSUM',
    takes: takes(/^Likelihood-ratio CUSUM/),
    run: (given, findings) => {
      const counts = series(given);
      for (const { parameters, statistic, alarm } of list(given.data.results)) {
        const p = object(parameters);
        const found = lrCusum(part(counts, range(p)), column(p.mu0), {
          theta: number(p.theta),
          overdispersion: number(p.alpha),
          limit: number(p['c.ARL']),
        });
        findings.near('statistic', found.statistic, statistic, tolerance(given, 'statistic'));
        findings.near('alarm', found.alarm, alarm, tolerance(given, 'alarm'));
      }
    },
  },
  {
    name: 'EARS',
    takes: takes(/^EARS/),
    run: (given, findings) => {
      const counts = series(given);
      for (const result of list(given.data.results)) {
        const p = object(result.parameters);
        const at = range(p);
        const options = {
          baseline: typeof p.baseline === 'number' ? p.baseline : EARS_DEFAULT.baseline,
          alpha: typeof p.alpha === 'number' ? p.alpha : EARS_DEFAULT.alpha,
          leastDeviation: typeof p.minSigma === 'number' ? p.minSigma : 0,
        };
        const bound = tolerance(given, 'upperbound');
        const exact = tolerance(given, 'alarm');
        const above = (upper: Float64Array) => upper.map((u, i) => flag(counts[i]! > u));
        if (p.method === 'C3') {
          const { c2, c3, upper } = earsC3(counts, options);
          findings.near('c2', part(c2, at), result.c2, bound);
          findings.near('c3', part(c3, at), result.c3, bound);
          findings.near(
            'alarmC3Above2',
            part(
              c3.map((x) => flag(x > 2)),
              at,
            ),
            result.alarmC3Above2,
            exact,
          );
          findings.near('upperboundDocumented', part(upper, at), result.upperboundDocumented, bound);
          findings.near('alarmDocumented', part(above(upper), at), result.alarmDocumented, exact);
        } else {
          const { upper } = earsBound(counts, options, p.method === 'C1' ? 0 : 2);
          findings.near('upperbound', part(upper, at), result.upperbound, bound);
          findings.near('alarm', part(above(upper), at), result.alarm, exact);
        }
      }
    },
  },
  {
    name: 'Farrington',
    takes: takes(/^Farrington/),
    run: (given, findings) => {
      const counts = series(given);
      for (const result of list(given.data.results)) {
        const p = object(result.parameters);
        const options = farringtonOptions(p);
        const { first, last } = range(p);
        const found = Array.from({ length: last - first + 1 }, (_, i) => farrington({ counts }, first + i, options));
        const assessed = found.map((one) => (one.kind === 'assessed' ? one : null));
        // The case says how near: delta bounds to 1e-3 with the package's dispersion, muan bounds exactly.
        const bound = options.bound === 'delta' ? { rel: 1e-3 } : tolerance(given, 'upperbound');
        const name = (field: string) => `${options.bound}.${field}`;
        const field = (of: (one: NonNullable<(typeof assessed)[number]>) => number | null) =>
          assessed.map((one) => (one === null ? null : of(one)));
        const near = tolerance(given, 'expected');
        findings.near(
          name('expected'),
          field((one) => (one.tooFewCases ? null : one.expected)),
          result.expected,
          near,
        );
        findings.near(
          name('phi'),
          field((one) => one.dispersion),
          result.phi,
          tolerance(given, 'phi'),
        );
        findings.near(
          name('trend'),
          field((one) => one.trend),
          result.trend,
          { ...near, abs: 1e-6 },
        );
        findings.near(
          name('upperbound'),
          field((one) => (one.tooFewCases ? null : one.upper)),
          result.upperbound,
          bound,
        );
        findings.near(
          name('pvalue'),
          field((one) => one.exceedanceProbability),
          result.pvalue,
          tolerance(given, 'pvalue'),
        );
        const alarms = assessed.map((one) => flag(one?.alarm === true));
        findings.near(name('alarm'), alarms, result.alarm, tolerance(given, 'alarm'));
        if (result.mu0 !== null)
          findings.near(
            name('mu0'),
            field((one) => one.quantileMean),
            result.mu0,
            near,
          );
      }
    },
  },
  {
    name: 'Holt-Winters',
    takes: takes(/^Holt-Winters/),
    run: (given, findings) => {
      const values = series(given);
      const near = object(given.data.tolerance) as Tolerance;
      for (const result of list(given.data.results)) {
        const p = object(result.parameters);
        const found = holtWinters(
          values,
          {
            seasonal: p.seasonal as 'additive' | 'multiplicative',
            alpha: number(p.alpha),
            beta: number(p.beta),
            gamma: number(p.gamma),
            levelStart: number(p.levelStart),
            trendStart: number(p.trendStart),
            seasonStart: column(p.seasonalStart),
          },
          numbers(result.forecast).length,
        );
        findings.near('fitted', found?.fitted, result.fitted, near);
        findings.near('level', found?.level, result.level, near);
        findings.near('trend', found?.trend, result.trend, near);
        findings.near('season', found?.season, result.season, near);
        findings.near('SSE', found?.squaredErrorSum, result.SSE, near);
        findings.near('forecast', found?.forecast, result.forecast, near);
      }
    },
  },
  {
    name: 'STL',
    takes: takes(/^STL/),
    run: (given, findings) => {
      const values = series(given);
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
      const limits = object(given.data.tolerance);
      for (const result of list(given.data.results)) {
        const [p, windows, jumps] = [object(result.parameters), object(result.windows), object(result.jumps)];
        const found = stl(values, {
          period: number(given.data.period),
          seasonalWindow: number(windows.s),
          trendWindow: number(windows.t),
          lowPassWindow: number(windows.l),
          seasonalDegree: p['s.degree'] === 1 ? 1 : 0,
          trendDegree: p['t.degree'] === 0 ? 0 : 1,
          lowPassDegree: p['t.degree'] === 0 ? 0 : 1,
          seasonalJump: number(jumps.s),
          trendJump: number(jumps.t),
          lowPassJump: number(jumps.l),
          inner: number(result.inner),
          outer: number(result.outer),
          periodic: p['s.window'] === 'periodic',
        });
        const robust = number(object(limits.robust).relToSeriesSd);
        const near = number(result.outer) > 0 ? { abs: robust * sd } : (limits.nonRobust as Tolerance);
        const parts = found.kind === 'decomposed' ? found : null;
        findings.near('seasonal', parts?.seasonal, result.seasonal, near);
        findings.near('trend', parts?.trend, result.trend, near);
        findings.near('remainder', parts?.remainder, result.remainder, near);
      }
    },
  },
  {
    name: 'Quasi-Poisson regression',
    takes: takes(/^Quasi-Poisson regression/),
    run: (given, findings) => {
      const counts = series(given);
      const own = given.data.parameters;
      const p = isText(own) ? object(given.sibling(`${own.replace(/^as /, '')}.json`).parameters) : object(own);
      const origin = parseIsoDate('2014-01-01');
      const span = (text: Json | undefined) =>
        String(text)
          .split('..')
          .map((day) => parseIsoDate(day) - origin);
      const [, trainEnd] = span(p.train) as [number, number];
      const [testStart, testEnd] = span(p.test) as [number, number];
      // t counts from 1; 2014-01-01 was a Wednesday.
      const length = testEnd + 1;
      const holiday = new Uint8Array(length);
      for (const day of p.holidays as readonly string[]) {
        const at = parseIsoDate(day) - origin;
        if (at < length) holiday[at] = 1;
      }
      const design: CalendarDesign = {
        periodsPerYear: 365.25,
        trend: true,
        harmonics: 2,
        origin: -1,
        phase: 1,
        factors: [
          { value: Int8Array.from({ length }, (_, i) => (i + 2) % 7), levels: [0, 1, 2, 3, 4, 5, 6] },
          { value: holiday, levels: [0, 1] },
        ],
      };
      const columns = designColumns(design);
      const matrix = new Float64Array((trainEnd + 1) * columns);
      for (let i = 0; i <= trainEnd; i++) designRow(design, i, matrix, i * columns);
      const fit = quasiPoisson({ design: matrix, columns, count: counts.slice(0, trainEnd + 1) });
      if (fit.kind !== 'fitted' || fit.dispersion === null) {
        findings.holds('fit', false, fit, 'a fitted model');
        return;
      }
      const dispersion = fit.dispersion;
      const order = [
        '(Intercept)',
        'trend',
        'c1',
        's1',
        'c2',
        's2',
        'tue',
        'wed',
        'thu',
        'fri',
        'sat',
        'sun',
        'holiday',
      ];
      const expected = object(given.data.expected);
      const near = tolerance(given, 'coefficients');
      const named = (of: (j: number) => number) => Object.fromEntries(order.map((name, j) => [name, of(j)]));
      const coefficients = named((j) => fit.coefficients[j]!);
      const errors = named((j) => Math.sqrt(dispersion * fit.covariance[j * columns + j]!));
      findings.near('coefficients', coefficients, expected.coefficients, near);
      findings.near('stdErrors', errors, expected.stdErrors, near);
      findings.near('dispersion', dispersion, expected.dispersion, near);
      findings.near('residualDeviance', fit.deviance, expected.residualDeviance, near);
      const days = Array.from({ length: testEnd - testStart + 1 }, (_, i) => {
        const row = new Float64Array(columns);
        designRow(design, testStart + i, row, 0);
        return predict(fit, row);
      });
      const models = days.map((day) => predictive({ expected: day.expected, dispersion }));
      findings.near(
        'expected',
        days.map((day) => day.expected),
        expected.expected,
        near,
      );
      findings.near(
        'seLink',
        days.map((day) => day.linkError),
        expected.seLink,
        near,
      );
      const upper = object(expected.upper);
      for (const name of Object.keys(upper)) {
        const alpha = Number(name.replace('upper_', ''));
        findings.near(
          name,
          models.map((model) => predictiveUpper(model, alpha)),
          upper[name],
          {},
        );
      }
      const observed = counts.slice(testStart, testEnd + 1);
      findings.near('observed', observed, expected.observed, {});
      const probability = models.map((model, i) => exceedanceProbability(model, observed[i]!));
      const limit = tolerance(given, 'exceedanceProbability');
      findings.near('exceedanceProbability', probability, expected.exceedanceProbability, limit);
    },
  },
  {
    name: 'Empirical Bayes',
    takes: takes(/^Empirical Bayes/),
    run: (given, findings) => {
      const input = object(given.data.input);
      const events = column(input.events);
      const exposure = column(input.population);
      const expected = object(given.data.expected);
      const marshall = tolerance(given, 'marshall');
      const global = marshallGlobal({ events, exposure });
      findings.near('marshallGlobal', global, expected.marshallGlobal, marshall);
      const local = marshallLocal({ events, exposure }, input.neighbours as unknown as readonly number[][]);
      const orNull = (values: Float64Array) => Array.from(values, (x) => (Number.isNaN(x) ? null : x));
      const localFound = { raw: local.raw, smoothed: orNull(local.smoothed) };
      findings.near('marshallLocal', localFound, expected.marshallLocal, marshall);

      const gamma = object(expected.gammaPoisson);
      const rate = global?.b ?? Number.NaN;
      const expectedEvents = exposure.map((n) => n * rate);
      const fit = gammaPoissonMl({ events, exposure: expectedEvents });
      const near = tolerance(given, 'gammaPoisson');
      const fitted = fit.kind === 'fitted' ? fit : null;
      findings.near('gammaPoisson.shape', fitted?.shape, gamma.shape, near);
      findings.near('gammaPoisson.rate', fitted?.rate, gamma.rate, near);
      // The note of the case: given its shape and rate, the posterior must agree to 1e-8. Ours from our own fit, within 1e-3.
      const posteriors = (shape: number, b: number) =>
        Array.from(events, (y, i) => gammaPosterior({ shape, rate: b }, { events: y, exposure: expectedEvents[i]! }));
      const check = (name: string, all: ReturnType<typeof posteriors>, limit: Tolerance) => {
        findings.near(`${name}.posteriorMean`, all.map(gammaMean), gamma.posteriorMean, limit);
        findings.near(
          `${name}.lower95`,
          all.map((one) => gammaInterval(one, 0.95).lower),
          gamma.lower95,
          limit,
        );
        findings.near(
          `${name}.upper95`,
          all.map((one) => gammaInterval(one, 0.95).upper),
          gamma.upper95,
          limit,
        );
        findings.near(
          `${name}.exceedance1_5`,
          all.map((one) => gammaExceedance(one, 1.5)),
          gamma.exceedance1_5,
          limit,
        );
        findings.near(
          `${name}.exceedance2`,
          all.map((one) => gammaExceedance(one, 2)),
          gamma.exceedance2,
          limit,
        );
      };
      check('gammaPoisson', posteriors(fitted?.shape ?? Number.NaN, fitted?.rate ?? Number.NaN), near);
      check('given shape and rate', posteriors(number(gamma.shape), number(gamma.rate)), { rel: 1e-8 });
    },
  },
  {
    name: 'Reporting-delay nowcast',
    takes: takes(/^Reporting-delay nowcast/),
    run: (given, findings) => {
      const triangle = object(given.data.input).triangle as unknown as readonly (readonly (number | null)[])[];
      const cells = triangle.flatMap((row, t) => row.flatMap((n, delay) => (n === null ? [] : [{ t, delay, n }])));
      const counts = {
        occurredDay: cells.map(({ t }) => t),
        delayDays: cells.map(({ delay }) => delay),
        n: cells.map(({ n }) => n),
      };
      const lastSeenDay = triangle.length - 1;
      const longest = Math.max(...triangle.map((row) => row.length)) - 1;
      const curve = delayCurve(counts, { firstDay: 0, lastSeenDay, maxDelayDays: longest });
      const expected = object(given.data.expected);
      const near = object(given.data.tolerance) as Tolerance;
      findings.near('reverseHazard', curve.reverseHazard, expected.reverseHazard, near);
      findings.near('completeness', curve.completeness, expected.completeness, near);
      const seen = triangle.map((row) => row.reduce<number>((sum, n) => sum + (n ?? 0), 0));
      findings.near('observed', seen, expected.observed, near);
      const estimates = seen.map((n, t) => nowcast(n, lastSeenDay - t, curve.completeness));
      findings.near('nowcast', estimates, expected.nowcast, near);
    },
  },
];
