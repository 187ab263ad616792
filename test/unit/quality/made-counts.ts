/** Seeded counts for the tests of data quality. */
export function uniform(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0 || 1;
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 15), x | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function poisson(mean: number, random: () => number): number {
  // A Poisson of a large mean is a sum of Poissons of small ones.
  let [n, left] = [0, mean];
  while (left > 0) {
    const part = Math.min(left, 30);
    left -= part;
    let product = random();
    const floor = Math.exp(-part);
    while (product > floor) {
      n++;
      product *= random();
    }
  }
  return n;
}

/** Gamma of whole shape, mean 1. */
export function gamma(shape: number, random: () => number): number {
  let sum = 0;
  for (let i = 0; i < shape; i++) sum -= Math.log(1 - random());
  return sum / shape;
}

const WEEK = [1.1, 1.05, 1.02, 1, 0.98, 0.7, 0.6];

export interface SeriesOptions {
  readonly seed: number;
  readonly days: number;
  readonly mean: number;
  /** Whole shape of the gamma day effect: variance μ + μ²/shape; null = Poisson. */
  readonly shape: number | null;
}

/** Counts with a weekly rhythm and a year's wave of 15 %; index 0 is a Monday. */
export function series({ seed, days, mean, shape }: SeriesOptions): Uint32Array {
  const random = uniform(seed);
  return Uint32Array.from({ length: days }, (_, t) => {
    const level = mean * (WEEK[t % 7] as number) * (1 + 0.15 * Math.sin((2 * Math.PI * t) / 365));
    return poisson(shape === null ? level : level * gamma(shape, random), random);
  });
}

/** A Monday: 2024-01-01. */
export const MONDAY = 19_723;
