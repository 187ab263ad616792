import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ahp } from '../../../core/stats/ahp.ts';
import { binomialInterval } from '../../../core/stats/binomial-interval.ts';
import {
  contributionChange,
  geometricComposite,
  linearComposite,
  shownContributions,
} from '../../../core/stats/composite.ts';
import { discreteLaplace, discreteLaplacePmf, symmetricHalfWidth } from '../../../core/stats/discrete-laplace.ts';
import { entropyWeights } from '../../../core/stats/entropy-weights.ts';
import { intervalCoverage } from '../../../core/stats/interval-coverage.ts';
import { minMax, percentile, zScore } from '../../../core/stats/normalisation.ts';
import { decayedScore, placeBacktest, recentCount } from '../../../core/stats/place-backtest.ts';
import { brierAnyEvent, captureArea, placeSkill, recaptureRate } from '../../../core/stats/place-skill.ts';
import { comparePoisson, rateRatioInterval } from '../../../core/stats/poisson-comparison.ts';
import { pitDensity, properScores } from '../../../core/stats/proper-scores.ts';
import { Random } from '../../../core/stats/random.ts';
import { rankIntervals, separable } from '../../../core/stats/rank-interval.ts';
import { averageRanks } from '../../../core/stats/ranks.ts';
import { spearman } from '../../../core/stats/spearman.ts';

describe('place skill', () => {
  const area = [1, 1, 1, 1];
  it('counts hits against area', () => {
    const found = placeSkill({ score: [5, 1, 3, 0], test: [6, 2, 0, 2], area }, [1, 2]);
    expect(found).toMatchObject({
      events: 10,
      at: [
        { hits: 6, pai: 2.4, peiStar: 1 },
        { hits: 6, pai: 1.2, peiStar: 0.75 },
      ],
    });
    expect(recaptureRate({ train: [5, 1, 3, 1], test: [6, 2, 0, 2] }, 1)).toBeCloseTo(1.2, 12);
    expect(recaptureRate({ train: [0, 0], test: [1, 1] }, 1)).toBeNull();
  });
  it('says why not', () => {
    expect(placeSkill({ score: [], test: [], area: [] }, [1])).toMatchObject({ why: 'no-cells' });
    expect(placeSkill({ score: [1], test: [0], area: [1] }, [1])).toMatchObject({ why: 'no-events' });
    expect(placeSkill({ score: [Number.NaN], test: [1], area: [1] }, [1])).toMatchObject({ why: 'bad-input' });
    expect(placeSkill({ score: [1], test: [1], area: [0] }, [1])).toMatchObject({ why: 'bad-input' });
    expect(captureArea({ score: [1], test: [0], area: [1] })).toBeNull();
    expect(brierAnyEvent({ probability: [2], test: [1] })).toBeNull();
    expect(brierAnyEvent({ probability: [1, 1], test: [1, 3] })).toEqual({ score: 0, reference: 0, skill: null });
  });
  it('hands the score nothing of the test period, and leaves out a period that nobody looked at', () => {
    const counts = Float64Array.of(1, 3, 2, 2, Number.NaN, 1, 0, 5);
    const seen: number[] = [];
    const spy = (history: { readonly counts: ArrayLike<number>; readonly cells: number; readonly periods: number }) => {
      seen.push(history.counts.length);
      return new Float64Array(2);
    };
    const history = { cells: 2, periods: 4, counts, area: [1, 1] };
    expect(placeBacktest(history, spy, { firstPeriod: 1, fractions: [0.5] })).toMatchObject({ notCollected: 1 });
    expect(seen).toEqual([2, 6]);
    expect([...recentCount(2)({ cells: 2, periods: 3, counts })]).toEqual([4, 3]);
    expect([...decayedScore(12)({ cells: 2, periods: 1, counts })]).toEqual([1, 3]);
  });
  it('leaves a month without events out of the means and counts it', () => {
    const history = { cells: 2, periods: 3, counts: Float64Array.of(4, 0, 0, 0, 3, 1), area: [1, 1] };
    const found = placeBacktest(history, recentCount(12), { firstPeriod: 1, fractions: [0.5] });
    expect(found).toMatchObject({
      testPeriods: 2,
      withoutEvents: 1,
      at: [{ k: 1, meanHitRate: 0.75, meanPai: 1.5, meanPeiStar: 1 }],
    });
    expect(placeBacktest(history, recentCount(1), { firstPeriod: 3, fractions: [0.5] })).toMatchObject({
      why: 'no-test-period',
    });
  });
});

describe('proper scores', () => {
  it('rank the true forecast first, on average', () => {
    const random = new Random(5);
    const observed = Float64Array.from({ length: 4000 }, () => random.negativeBinomial({ mean: 12, size: 6 }));
    const score = (mean: number, size: number | null) => {
      const found = properScores({
        observed,
        mean: new Float64Array(4000).fill(mean),
        size: size === null ? null : new Float64Array(4000).fill(size),
      });
      if (found.kind !== 'assessed') throw new Error(found.why);
      return found.mean;
    };
    const truth = score(12, 6);
    for (const other of [score(12, null), score(16, 6), score(12, 60)]) {
      expect(truth.logScore).toBeLessThan(other.logScore);
      expect(truth.rankedProbability).toBeLessThan(other.rankedProbability);
    }
    const density = pitDensity({
      observed,
      mean: new Float64Array(4000).fill(12),
      size: new Float64Array(4000).fill(6),
    });
    for (const bin of density ?? []) expect(Math.abs(bin - 1)).toBeLessThan(0.15);
  });
  it('stay finite far out, and sum the ranked probability score over the gap', () => {
    const found = properScores({ observed: [0, 100_000], mean: [100_000, 1], size: null });
    if (found.kind !== 'assessed') throw new Error(found.why);
    expect([...found.logScore].every(Number.isFinite)).toBe(true);
    expect(found.rankedProbability[0]).toBeGreaterThan(99_000);
    expect(found.rankedProbability[1]).toBeGreaterThan(99_990);
    expect(properScores({ observed: [1.5], mean: [1], size: null })).toMatchObject({ why: 'bad-input' });
    expect(properScores({ observed: [], mean: [], size: null })).toMatchObject({ why: 'no-forecasts' });
  });
  it('coverage leaves missing rows out', () => {
    expect(
      intervalCoverage({ observed: [1, 5, 9, Number.NaN], lower: [1, 1, 1, 1], upper: [3, 3, 10, 3] }),
    ).toMatchObject({ n: 3, above: 1, below: 0 });
    expect(intervalCoverage({ observed: [], lower: [], upper: [] })).toBeNull();
  });
});

describe('comparison of two counts', () => {
  it('agrees with poisson.test of R on equal windows and swaps sides', () => {
    // Central p: 2 × P(X >= 9 | 13, 1/2) = 2 × 1093 / 8192
    const found = comparePoisson({ before: { n: 4, days: 7 }, after: { n: 9, days: 7 } });
    expect(found).toMatchObject({ ratio: 2.25 });
    expect(found.kind === 'assessed' && found.pTwoSided).toBeCloseTo((2 * 1093) / 8192, 12);
    const interval = rateRatioInterval({ before: { n: 4, days: 7 }, after: { n: 9, days: 7 } });
    expect(interval?.lower).toBeLessThan(1);
    expect(interval?.upper).toBeGreaterThan(2.25);
    expect(rateRatioInterval({ before: { n: 0, days: 7 }, after: { n: 9, days: 7 } })?.upper).toBeNull();
    expect(comparePoisson({ before: { n: 0, days: 7 }, after: { n: 0, days: 7 } })).toMatchObject({ why: 'no-events' });
  });
  it('has p below 5 % exactly when 1 is outside the interval, and mirrors', () => {
    const counted = fc.record({ n: fc.nat(200), days: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(counted, counted, (before, after) => {
        const there = comparePoisson({ before, after });
        const back = comparePoisson({ before: after, after: before });
        const interval = rateRatioInterval({ before, after });
        if (there.kind !== 'assessed' || back.kind !== 'assessed' || !interval) return before.n + after.n === 0;
        const outside = interval.lower > 1 || (interval.upper !== null && interval.upper < 1);
        if (Math.abs(there.pTwoSided - 0.05) > 1e-9) expect(outside).toBe(there.pTwoSided < 0.05);
        expect(back.pTwoSided).toBeCloseTo(there.pTwoSided, 10);
        return there.pTwoSided >= there.leastP - 1e-12;
      }),
      { numRuns: 200 },
    );
  });
  it('has the exact interval of 0 of 10', () => {
    expect(binomialInterval({ successes: 0, trials: 10 })?.upper).toBeCloseTo(1 - 0.025 ** 0.1, 12);
    expect(binomialInterval({ successes: 0, trials: 0 })).toBeNull();
  });
});

describe('composite', () => {
  it('keeps missing missing and constant not assessable', () => {
    expect(minMax([3, 3, 3])).toEqual({ kind: 'not-assessable', why: 'constant' });
    expect(zScore([Number.NaN])).toEqual({ kind: 'not-assessable', why: 'no-values' });
    expect(percentile([1, Number.POSITIVE_INFINITY])).toMatchObject({ why: 'infinite' });
    expect(percentile([1, Number.NaN, 2, 2])).toMatchObject({
      values: Float64Array.of(0.5 / 3, Number.NaN, 2 / 3, 2 / 3),
    });
    expect(percentile([0, 5], [1, 2, 3, 4])).toMatchObject({ values: Float64Array.of(0, 1) });
    expect([...averageRanks([5, Number.NaN, 5, 1], 'highest-first')]).toEqual([1.5, Number.NaN, 1.5, 3]);
    const found = linearComposite({
      columns: [
        [1, Number.NaN],
        [0.5, 0.5],
      ],
      weights: [3, 1],
    });
    expect(found).toMatchObject({ scores: Float64Array.of(0.875, Number.NaN) });
    expect(linearComposite({ columns: [[1]], weights: [-1] })).toMatchObject({ why: 'bad-weights' });
    expect(geometricComposite({ columns: [[1], [0]], weights: [1, 1] })?.[0]).toBeCloseTo(0.1, 12);
    expect(
      entropyWeights([
        [1, 1],
        [2, 2],
      ]),
    ).toBeNull();
    expect(spearman({ a: [1, 1, 1], b: [1, 2, 3] })).toBeNull();
  });
  it('contributions add up to the score to the last bit, and on screen to the last digit', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(unit, fc.double({ min: 0.01, max: 5, noNaN: true })), { minLength: 1, maxLength: 9 }),
        (rows) => {
          const found = linearComposite({ columns: rows.map(([v]) => [v]), weights: rows.map(([, w]) => w) });
          if (found.kind !== 'assessed') return false;
          const parts = found.contributions.map((column) => column[0] as number);
          expect(found.scores[0]).toBe(parts.reduce((a, b) => a + b, 0));
          const shown = shownContributions(parts, 3);
          expect(shown?.parts.reduce((a, b) => a + b, 0)).toBe(shown?.score);
          return (shown?.parts ?? []).every((part, j) => Math.abs(part - 1000 * (parts[j] as number)) < 1);
        },
      ),
    );
    const change = contributionChange({ values: [0.2], weights: [0.5] }, { values: [0.6], weights: [0.3] });
    expect((change.byValue[0] as number) + (change.byWeight[0] as number)).toBeCloseTo(0.3 * 0.6 - 0.5 * 0.2, 12);
  });
  it('separates what weights cannot turn round, and nothing else', () => {
    const rows = 40;
    const a = Float64Array.from({ length: rows }, (_, i) => i / rows);
    const b = a.map((v, i) => (i === 20 ? 1 - v : v));
    const question = { alternatives: [[a, b]], weights: [1, 1], draws: 400 };
    const found = rankIntervals(question, new Random(3));
    if (found.kind !== 'assessed') throw new Error(found.why);
    expect(separable(found, { a: 0, b: 39 })).toBe(true);
    expect(found.topTenthShare[39]).toBe(1);
    expect(found.topTenthShare[0]).toBe(0);
    expect(found).toEqual(rankIntervals(question, new Random(3)));
    const rough = rankIntervals(
      {
        alternatives: [
          [
            [1, 0],
            [0, 1],
          ],
        ],
        weights: [1, 1],
        draws: 400,
      },
      new Random(3),
    );
    if (rough.kind !== 'assessed') throw new Error(rough.why);
    expect(separable(rough, { a: 0, b: 1 })).toBe(false);
    expect(rankIntervals({ alternatives: [], weights: [] }, new Random(1))).toMatchObject({ why: 'bad-composite' });
  });
  it('AHP: consistent judgements give their ratios back; others are refused', () => {
    const found = ahp([
      [1, 2, 6],
      [1 / 2, 1, 3],
      [1 / 6, 1 / 3, 1],
    ]);
    expect(found).toMatchObject({ consistent: true });
    if (found.kind === 'assessed') expect(found.weights[0]).toBeCloseTo(0.6, 12);
    expect(
      ahp([
        [1, 2],
        [2, 1],
      ]),
    ).toMatchObject({ why: 'not-reciprocal' });
    expect(ahp([[1, 2]])).toMatchObject({ why: 'not-square' });
    expect(ahp([])).toMatchObject({ why: 'empty' });
  });
});

describe('discrete Laplace', () => {
  it('has masses that sum to 1 and the published half widths', () => {
    const law = discreteLaplace({ epsilon: 0.5, sensitivity: 1 });
    if (!law) throw new Error('no law');
    let sum = 0;
    for (let k = -200; k <= 200; k++) sum += discreteLaplacePmf(law, k);
    expect(sum).toBeCloseTo(1, 12);
    expect(symmetricHalfWidth(law, 0.95)).toBe(6);
    expect(symmetricHalfWidth(law, 1)).toBeNull();
    expect(discreteLaplace({ epsilon: 0, sensitivity: 1 })).toBeNull();
  });
});
