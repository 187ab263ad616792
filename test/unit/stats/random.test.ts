import { describe, expect, it } from 'vitest';
import { Random } from '../../../core/stats/random.ts';

const DRAWS = 40_000;

function moments(draw: () => number): { mean: number; variance: number } {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < DRAWS; i++) {
    const x = draw();
    sum += x;
    squares += x * x;
  }
  const mean = sum / DRAWS;
  return { mean, variance: squares / DRAWS - mean * mean };
}

/** Five standard errors of the mean, and 6 % of the variance. */
function agrees(found: { mean: number; variance: number }, law: { mean: number; variance: number }): void {
  expect(Math.abs(found.mean - law.mean)).toBeLessThan(5 * Math.sqrt(law.variance / DRAWS));
  expect(Math.abs(found.variance / law.variance - 1)).toBeLessThan(0.06);
}

describe('Random', () => {
  it('repeats itself for one seed and differs for another', () => {
    const draw = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 5 }, () => random.uint32());
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7)).not.toEqual(draw(7 + 2 ** 32));
  });

  it('draws uniform, normal and gamma with the right mean and variance', () => {
    const random = new Random(1);
    agrees(
      moments(() => random.uniform()),
      { mean: 0.5, variance: 1 / 12 },
    );
    agrees(
      moments(() => random.normal()),
      { mean: 0, variance: 1 },
    );
    for (const shape of [0.5, 1, 3.7, 80])
      agrees(
        moments(() => random.gamma(shape)),
        { mean: shape, variance: shape },
      );
    agrees(
      moments(() => random.beta({ alpha: 2, beta: 3 })),
      { mean: 0.4, variance: 0.04 },
    );
  });

  it('draws Poisson on both sides of the change of method', () => {
    const random = new Random(2);
    for (const mean of [0.03, 2, 9.9, 10.1, 45, 800])
      agrees(
        moments(() => random.poisson(mean)),
        { mean, variance: mean },
      );
    expect(random.poisson(0)).toBe(0);
  });

  it('matches the Poisson probabilities cell by cell', () => {
    const random = new Random(3);
    const mean = 12;
    const seen = new Float64Array(60);
    for (let i = 0; i < DRAWS; i++) {
      const k = random.poisson(mean);
      seen[k] = (seen[k] as number) + 1;
    }
    let chi = 0;
    let probability = Math.exp(-mean);
    for (let k = 0; k < 28; k++) {
      if (k > 0) probability *= mean / k;
      if (k < 3) continue;
      chi += ((seen[k] as number) - DRAWS * probability) ** 2 / (DRAWS * probability);
    }
    // 25 terms: mean 25, sd 7.
    expect(chi).toBeLessThan(60);
  });

  it('draws binomial, negative binomial and multinomial', () => {
    const random = new Random(4);
    for (const [trials, probability] of [
      [10, 0.02],
      [40, 0.5],
      [500, 0.1],
      [1000, 0.9],
    ] as const)
      agrees(
        moments(() => random.binomial({ trials, probability })),
        {
          mean: trials * probability,
          variance: trials * probability * (1 - probability),
        },
      );
    agrees(
      moments(() => random.negativeBinomial({ mean: 6, size: 4 })),
      { mean: 6, variance: 15 },
    );
    const counts = new Int32Array(4);
    const sums = new Float64Array(4);
    const weights = Float64Array.of(1, 0, 3, 4);
    for (let i = 0; i < 2000; i++) {
      random.multinomial(16, weights, counts);
      expect(counts.reduce((a, b) => a + b)).toBe(16);
      for (let k = 0; k < 4; k++) sums[k] = (sums[k] as number) + (counts[k] as number);
    }
    expect(sums[1]).toBe(0);
    expect((sums[2] as number) / 2000).toBeCloseTo(6, 0);
    expect((sums[0] as number) / 2000).toBeCloseTo(2, 0);
  });

  it('refuses impossible parameters', () => {
    const random = new Random(5);
    expect(() => random.poisson(-1)).toThrow(RangeError);
    expect(() => random.poisson(Number.NaN)).toThrow(RangeError);
    expect(() => random.gamma(0)).toThrow(RangeError);
    expect(() => random.binomial({ trials: 1.5, probability: 0.1 })).toThrow(RangeError);
    expect(() => random.below(0)).toThrow(RangeError);
    expect(() => new Random(0.5)).toThrow(RangeError);
  });

  it('shuffles to a permutation, and forks to independent numbers', () => {
    const random = new Random(6);
    const order = Uint32Array.from({ length: 100 }, (_, i) => i);
    random.shuffle(order);
    expect([...order]).not.toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(random.fork(0).uint32()).not.toBe(random.fork(1).uint32());
  });
});
