/**
 * Seeded randomness, split by stream name: growth in one part of the generator does not shift another.
 * Generator: sfc32 (Chris Doty-Humphrey, PractRand), seeded by a 32-bit string hash of `seed/name/name…`. No wall clock anywhere.
 */
export interface Random {
  /** Uniform in [0, 1). */
  readonly uniform: () => number;
  /** Standard normal (Box–Muller, both halves used). */
  readonly normal: () => number;
  /** Exponential with mean 1. */
  readonly exponential: () => number;
  readonly poisson: (mean: number) => number;
  /** Gamma with mean 1 and the given shape (Marsaglia–Tsang). */
  readonly gammaMean1: (shape: number) => number;
  /** Integer in [0, below). */
  readonly integer: (below: number) => number;
  readonly pick: <T>(items: readonly T[]) => T;
}

export function random(seed: number, ...stream: (string | number)[]): Random {
  const next = sfc32(`${seed}/${stream.join('/')}`);
  const uniform = (): number => next() / 4294967296;
  let spare = Number.NaN;
  const normal = (): number => {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = Number.NaN;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  const gamma = (shape: number): number => {
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  const poisson = (mean: number): number => {
    if (mean <= 0) return 0;
    // Sums of Poisson draws are Poisson: large means are split, so that exp(-mean) never underflows.
    let total = 0;
    let left = mean;
    while (left > 30) {
      total += poissonSmall(30, uniform);
      left -= 30;
    }
    return total + poissonSmall(left, uniform);
  };
  return {
    uniform,
    normal,
    exponential: () => -Math.log(1 - uniform()),
    poisson,
    gammaMean1: (shape) => gamma(shape) / shape,
    integer: (below) => Math.floor(uniform() * below),
    pick: (items) => items[Math.floor(uniform() * items.length)]!,
  };
}

function poissonSmall(mean: number, uniform: () => number): number {
  const limit = Math.exp(-mean);
  let product = uniform();
  let k = 0;
  while (product > limit) {
    product *= uniform();
    k++;
  }
  return k;
}

function sfc32(name: string): () => number {
  let a = hash(name, 0x9e3779b9);
  let b = hash(name, 0x243f6a88);
  let c = hash(name, 0xb7e15162);
  let counter = 1;
  const next = (): number => {
    const t = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let i = 0; i < 15; i++) next();
  return next;
}

/** MurmurHash3-style mixing of UTF-16 units. */
function hash(text: string, seed: number): number {
  let h = seed | 0;
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 3432918353);
    h = (h << 13) | (h >>> 19);
  }
  h = Math.imul(h ^ (h >>> 16), 2246822507);
  h = Math.imul(h ^ (h >>> 13), 3266489909);
  return (h ^ (h >>> 16)) | 0;
}

/** Cumulative weights, to be searched by `pickIndex`. */
export function cumulative(weights: readonly number[]): Float64Array {
  const sums = new Float64Array(weights.length);
  let total = 0;
  weights.forEach((weight, i) => {
    total += weight;
    sums[i] = total;
  });
  return sums;
}

/** First index of [first, end) whose cumulative weight exceeds `target`. */
export function pickIndex(sums: Float64Array | Float32Array, target: number, first = 0, end = sums.length): number {
  let low = first;
  let high = end - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle]! > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
