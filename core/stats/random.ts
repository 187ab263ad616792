/**
 * Seeded random numbers: xoshiro128** 1.1 (Blackman and Vigna 2021, ACM TOMS 47:36), seeded by splitmix32.
 * Same seed, same numbers, on every machine. Not for secrets. Period 2^128 − 1.
 * Every draw costs O(1) unless said otherwise. Impossible parameters throw a RangeError: they are bugs of the caller.
 */

const INVERSE_2_32 = 2 ** -32;
const INVERSE_2_53 = 2 ** -53;
const HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);
const LOG_FACTORIALS = 128;

const logFactorialTable = new Float64Array(LOG_FACTORIALS);
for (let k = 2; k < LOG_FACTORIALS; k++) logFactorialTable[k] = (logFactorialTable[k - 1] as number) + Math.log(k);

/** log k!: a table below 128, Stirling's series above (absolute error below 1e-14). */
function logFactorial(k: number): number {
  if (k < LOG_FACTORIALS) return logFactorialTable[k] as number;
  const x = k + 1;
  const inverse = 1 / x;
  const square = inverse * inverse;
  return (
    (x - 0.5) * Math.log(x) -
    x +
    HALF_LOG_2_PI +
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
  );
}

const refuse = (what: string, value: number): never => {
  throw new RangeError(`${what} cannot be ${value}`);
};

export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;
  /** The second normal of a polar pair; NaN when there is none. */
  #spareNormal = Number.NaN;

  /** `seed`: any integer; its low 32 bits and the next 21 are used. */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed)) refuse('A seed', seed);
    let state = (seed >>> 0) ^ Math.imul(Math.floor(seed / 2 ** 32) | 0, 0x85ebca6b);
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let mixed = state ^ (state >>> 16);
      mixed = Math.imul(mixed, 0x21f0aaad);
      mixed ^= mixed >>> 15;
      mixed = Math.imul(mixed, 0x735a2d97);
      return mixed ^ (mixed >>> 15);
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next();
    if ((this.#a | this.#b | this.#c | this.#d) === 0) this.#a = 1;
  }

  /** Whole number in 0 … 2^32 − 1. */
  uint32(): number {
    const scrambled = Math.imul(this.#b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** Uniform in [0, 1) with 53 random bits. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    const low = this.uint32() >>> 6;
    return (high * 67108864 + low) * INVERSE_2_53;
  }

  /** Uniform in (0, 1) with 32 random bits: for logarithms and fast comparisons. */
  #open(): number {
    return (this.uint32() + 0.5) * INVERSE_2_32;
  }

  /** Uniform whole number in 0 … bound − 1, 1 ≤ bound ≤ 2^32, without bias (rejection; Lemire 2019 by division). */
  below(bound: number): number {
    if (!(Number.isInteger(bound) && bound >= 1 && bound <= 2 ** 32)) refuse('A bound', bound);
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let draw = this.uint32();
    while (draw >= limit) draw = this.uint32();
    return draw % bound;
  }

  /** Standard exponential, mean 1. */
  exponential(): number {
    return -Math.log(1 - this.uniform());
  }

  /** Standard normal, mean 0 and variance 1 (Marsaglia's polar method; two draws at a time). */
  normal(): number {
    const spare = this.#spareNormal;
    if (!Number.isNaN(spare)) {
      this.#spareNormal = Number.NaN;
      return spare;
    }
    let x = 0;
    let y = 0;
    let square = 0;
    do {
      x = 2 * this.uniform() - 1;
      y = 2 * this.uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const factor = Math.sqrt((-2 * Math.log(square)) / square);
    this.#spareNormal = y * factor;
    return x * factor;
  }

  /** Gamma with mean `shape` and scale 1 (Marsaglia and Tsang 2000; shape below 1 by the power of a uniform). shape > 0. */
  gamma(shape: number): number {
    if (!(shape > 0 && shape < Number.POSITIVE_INFINITY)) refuse('A gamma shape', shape);
    if (shape < 1) return this.gamma(shape + 1) * (1 - this.uniform()) ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      const u = this.#open();
      const x2 = x * x;
      if (u < 1 - 0.0331 * x2 * x2) return d * v;
      if (Math.log(u) < 0.5 * x2 + d * (1 - v + Math.log(v))) return d * v;
    }
  }

  /** Beta with both shapes > 0, from two gammas. Mean alpha / (alpha + beta). */
  beta(shape: { readonly alpha: number; readonly beta: number }): number {
    const x = this.gamma(shape.alpha);
    const y = this.gamma(shape.beta);
    return x + y > 0 ? x / (x + y) : this.uniform() < shape.alpha / (shape.alpha + shape.beta) ? 1 : 0;
  }

  /**
   * Poisson count. Below a mean of 10 by inversion (cost O(mean)), above by transformed rejection
   * (PTRS, Hörmann 1993, Insurance: Mathematics and Economics 12:39). mean ≥ 0.
   */
  poisson(mean: number): number {
    if (!(mean >= 0 && mean < 2 ** 52)) refuse('A Poisson mean', mean);
    if (mean === 0) return 0;
    if (mean < 10) {
      let probability = Math.exp(-mean);
      let left = this.uniform();
      let k = 0;
      while (left >= probability && k < 1000) {
        left -= probability;
        k++;
        probability *= mean / k;
      }
      return k;
    }
    const root = Math.sqrt(mean);
    const b = 0.931 + 2.53 * root;
    const a = -0.059 + 0.02483 * b;
    const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
    const vr = 0.9277 - 3.6224 / (b - 2);
    const logMean = Math.log(mean);
    for (;;) {
      const u = this.uniform() - 0.5;
      const v = this.#open();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43);
      if (us >= 0.07 && v <= vr) return k;
      if (k < 0 || (us < 0.013 && v > us)) continue;
      if (Math.log((v * inverseAlpha) / (a / (us * us) + b)) <= k * logMean - mean - logFactorial(k)) return k;
    }
  }

  /** Negative binomial count with mean and size (variance mean + mean²/size), as a Poisson of a gamma. */
  negativeBinomial(law: { readonly mean: number; readonly size: number }): number {
    if (law.mean === 0) return 0;
    return this.poisson((this.gamma(law.size) * law.mean) / law.size);
  }

  /**
   * Binomial count of `trials` at `probability`. Below a mean of 10 by inversion (cost O(mean)), above by
   * transformed rejection (BTRS, Hörmann 1993, J. Stat. Comput. Simul. 46:101).
   */
  binomial(law: { readonly trials: number; readonly probability: number }): number {
    const n = law.trials;
    const p = law.probability;
    if (!(Number.isSafeInteger(n) && n >= 0)) refuse('A number of trials', n);
    if (!(p >= 0 && p <= 1)) refuse('A probability', p);
    if (n === 0 || p === 0) return 0;
    if (p === 1) return n;
    if (p > 0.5) return n - this.binomial({ trials: n, probability: 1 - p });
    const odds = p / (1 - p);
    if (n * p < 10) {
      let probability = Math.exp(n * Math.log1p(-p));
      let left = this.uniform();
      let k = 0;
      while (left >= probability && k < n) {
        left -= probability;
        k++;
        probability *= (odds * (n - k + 1)) / k;
      }
      return k;
    }
    const spread = Math.sqrt(n * p * (1 - p));
    const b = 1.15 + 2.53 * spread;
    const a = -0.0873 + 0.0248 * b + 0.01 * p;
    const c = n * p + 0.5;
    const vr = 0.92 - 4.2 / b;
    const alpha = (2.83 + 5.1 / b) * spread;
    const mode = Math.floor((n + 1) * p);
    const logOdds = Math.log(odds);
    const atMode = logFactorial(mode) + logFactorial(n - mode);
    for (;;) {
      const u = this.uniform() - 0.5;
      const v = this.#open();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / us + b) * u + c);
      if (k < 0 || k > n) continue;
      if (us >= 0.07 && v <= vr) return k;
      const bound = atMode - logFactorial(k) - logFactorial(n - k) + (k - mode) * logOdds;
      if (Math.log((v * alpha) / (a / (us * us) + b)) <= bound) return k;
    }
  }

  /**
   * `trials` draws shared over the classes in proportion to `weights` (≥ 0, not all zero), written to `counts`.
   * Conditional binomials; cost O(classes).
   */
  multinomial(trials: number, weights: Float64Array, counts: Float64Array | Int32Array | Uint32Array): void {
    const n = weights.length;
    let remainingWeight = 0;
    for (let i = 0; i < n; i++) remainingWeight += weights[i] as number;
    if (trials > 0 && !(remainingWeight > 0)) refuse('A sum of weights', remainingWeight);
    let left = trials;
    for (let i = 0; i < n; i++) {
      const weight = weights[i] as number;
      let drawn = 0;
      if (left > 0 && weight > 0) {
        const share = weight / remainingWeight;
        // The last class with weight takes the rest; rounding may leave the share just off 1.
        drawn = share >= 1 - 1e-12 ? left : this.binomial({ trials: left, probability: share });
      }
      counts[i] = drawn;
      left -= drawn;
      remainingWeight -= weight;
    }
    if (left > 0) {
      let last = n - 1;
      while ((weights[last] as number) <= 0) last--;
      counts[last] = (counts[last] as number) + left;
    }
  }

  /** Uniform random order in place (Fisher and Yates). */
  shuffle(values: Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const kept = values[i] as number;
      values[i] = values[j] as number;
      values[j] = kept;
    }
  }

  /** A generator of its own for part `index` of a job, so that parts may run in any order. */
  fork(index: number): Random {
    return new Random((this.uint32() ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0);
  }
}
