import { decayedScore, type PlaceScore, placeBacktest, recentCount } from '../../../core/stats/place-backtest.ts';
import {
  brierAnyEvent,
  captureArea,
  placeSkill,
  probabilityAnyEvent,
  recaptureRate,
} from '../../../core/stats/place-skill.ts';
import { pitDensity, properScores } from '../../../core/stats/proper-scores.ts';
import type { OracleMethod, Tolerance } from '../oracle-case.ts';

interface PlaceCase {
  readonly input: {
    readonly areaKm2: readonly number[];
    readonly train: readonly number[];
    readonly test: readonly number[];
  };
  readonly expected: {
    readonly byK: readonly { readonly k: number }[];
    readonly areaUnderCaptureCurve: number | null;
    readonly brierAnyEvent: number | null;
    readonly brierReference: number | null;
    readonly brierSkill: number | null;
  };
  readonly tolerance: Tolerance;
}
const PLACE: OracleMethod = {
  name: 'skill of a place ranking',
  takes: ({ method }) => typeof method === 'string' && method.startsWith('PAI, PEI*'),
  run: ({ data }, findings) => {
    const { input, expected, tolerance } = data as unknown as PlaceCase;
    const places = { score: input.train, test: input.test, area: input.areaKm2 };
    const found = placeSkill(
      places,
      expected.byK.map(({ k }) => k),
    );
    const ours =
      found.kind === 'assessed'
        ? found.at.map((at) => ({
            k: at.k,
            hits: at.hits,
            hitRate: at.hitRate,
            areaFraction: at.areaFraction,
            PAI: at.pai,
            PEIstar: at.peiStar,
            PAIbest: at.paiBest,
            RRI: recaptureRate(input, at.k),
            precisionAnyEvent: at.precisionAnyEvent,
          }))
        : null;
    findings.near('byK', ours, expected.byK, tolerance);
    findings.near('areaUnderCaptureCurve', captureArea(places), expected.areaUnderCaptureCurve, tolerance);
    const events = input.test.reduce((a, b) => a + b, 0);
    const brier = brierAnyEvent({ probability: probabilityAnyEvent(input.train, events), test: input.test });
    findings.near('brierAnyEvent', brier?.score ?? null, expected.brierAnyEvent, tolerance);
    findings.near('brierReference', brier?.reference ?? null, expected.brierReference, tolerance);
    findings.near('brierSkill', brier?.skill ?? null, expected.brierSkill, tolerance);
  },
};

interface BacktestCase {
  readonly input: {
    readonly areaKm2: readonly number[];
    readonly counts: readonly (readonly number[])[];
    readonly firstTestIndex: number;
  };
  readonly expected: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly tolerance: Tolerance;
}
/** `last12`, `last1`, `decay12`, `all`. */
function scoreNamed(name: string): PlaceScore {
  const [, kind, periods] = /^(last|decay|all)(\d*)$/.exec(name) ?? [];
  if (kind === 'all') return recentCount(Number.POSITIVE_INFINITY);
  if (kind === 'last') return recentCount(Number(periods));
  if (kind === 'decay') return decayedScore(Number(periods));
  throw new Error(`no place score "${name}"`);
}
const BACKTEST: OracleMethod = {
  name: 'rolling place backtest',
  takes: ({ method }) => method === 'Rolling-origin place-based backtest',
  run: ({ data }, findings) => {
    const { input, expected, tolerance } = data as unknown as BacktestCase;
    const periods = input.counts[0]?.length ?? 0;
    const history = {
      cells: input.counts.length,
      periods,
      counts: Float64Array.from({ length: periods * input.counts.length }, (_, at) => {
        const t = Math.floor(at / input.counts.length);
        return input.counts[at - t * input.counts.length]?.[t] ?? Number.NaN;
      }),
      area: input.areaKm2,
    };
    for (const [name, byFraction] of Object.entries(expected)) {
      const fractions = Object.keys(byFraction).map(Number);
      const found = placeBacktest(history, scoreNamed(name), { firstPeriod: input.firstTestIndex, fractions });
      const ours =
        found.kind === 'assessed'
          ? Object.fromEntries(
              found.at.map((at, i) => [
                Object.keys(byFraction)[i],
                {
                  k: at.k,
                  meanHitRate: at.meanHitRate,
                  meanPAI: at.meanPai,
                  meanPEIstar: at.meanPeiStar,
                  perPeriodPAI: at.pai,
                },
              ]),
            )
          : null;
      findings.near(name, ours, byFraction, tolerance);
    }
  },
};

interface ScoresCase {
  readonly input: {
    readonly y: readonly number[];
    readonly mu: readonly number[];
    readonly size: readonly number[] | null;
  };
  readonly expected: {
    readonly logScore: readonly number[];
    readonly rankedProbabilityScore: readonly number[];
    readonly dawidSebastiani: readonly number[];
    readonly squaredError: readonly number[];
    readonly mean: { readonly logs: number; readonly rps: number; readonly dss: number; readonly ses: number };
    readonly pitDensity10: readonly number[];
  };
  readonly tolerance: Tolerance & { readonly rps?: Tolerance; readonly pitDensity10?: Tolerance };
}
const SCORES: OracleMethod = {
  name: 'proper scores of count forecasts',
  takes: ({ method }) => typeof method === 'string' && method.startsWith('Proper scores for count forecasts'),
  run: ({ data }, findings) => {
    const { input, expected, tolerance } = data as unknown as ScoresCase;
    const forecasts = { observed: input.y, mean: input.mu, size: input.size };
    const found = properScores(forecasts);
    if (found.kind !== 'assessed') throw new Error(found.why);
    findings.near('logScore', found.logScore, expected.logScore, tolerance);
    const rps = tolerance.rps ?? tolerance;
    findings.near('rankedProbabilityScore', found.rankedProbability, expected.rankedProbabilityScore, rps);
    findings.near('dawidSebastiani', found.dawidSebastiani, expected.dawidSebastiani, tolerance);
    findings.near('squaredError', found.squaredError, expected.squaredError, tolerance);
    const { logs, dss, ses } = expected.mean;
    const means = { logs: found.mean.logScore, dss: found.mean.dawidSebastiani, ses: found.mean.squaredError };
    findings.near('mean', means, { logs, dss, ses }, tolerance);
    findings.near('mean.rps', found.mean.rankedProbability, expected.mean.rps, rps);
    findings.near('pitDensity10', pitDensity(forecasts), expected.pitDensity10, tolerance.pitDensity10 ?? tolerance);
  },
};

export const SKILL_METHODS: readonly OracleMethod[] = [PLACE, BACKTEST, SCORES];
