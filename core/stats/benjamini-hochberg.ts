import { normalCdf } from './normal.ts';

/** Two-sided normal p of every z; NaN stays NaN. Cost O(n). */
export function twoSidedP(z: Float64Array, p: Float64Array): void {
  for (let i = 0; i < z.length; i++) {
    const value = z[i]!;
    p[i] = Number.isNaN(value) ? Number.NaN : 2 * normalCdf(-Math.abs(value));
  }
}

/**
 * Order of non-negative doubles, smallest first: a radix sort on their bits, 16 at a time (the bits of a non-negative double
 * order as the number does). `order` holds the positions to sort and is overwritten. Cost O(n), no comparisons.
 */
function sortPositions(values: Float64Array, order: Uint32Array): void {
  const words = new Uint16Array(values.buffer, values.byteOffset, values.length * 4);
  let from: Uint32Array = order;
  let to: Uint32Array = new Uint32Array(order.length);
  const starts = new Uint32Array(65536);
  for (let digit = 0; digit < 4; digit++) {
    starts.fill(0);
    for (let k = 0; k < from.length; k++) starts[words[from[k]! * 4 + digit]!]!++;
    let at = 0;
    let only = false;
    for (let word = 0; word < 65536; word++) {
      const count = starts[word]!;
      if (count === from.length) only = true;
      starts[word] = at;
      at += count;
    }
    if (only) continue;
    for (let k = 0; k < from.length; k++) {
      const position = from[k]!;
      const word = words[position * 4 + digit]!;
      to[starts[word]!++] = position;
    }
    [from, to] = [to, from];
  }
  if (from !== order) order.set(from);
}

function checkProbability(value: number, at: number): void {
  if (value < 0 || value > 1) throw new RangeError(`p[${at}] is ${value}, not a probability`);
}

/**
 * Benjamini–Hochberg adjusted p of every p; NaN (undefined) is no test and stays NaN.
 *
 *     q_(k) = min over j ≥ k of min(1, p_(j) m / j)      m = number of tests
 *
 * Unit: probability. Returns m. Rejecting q ≤ α keeps the expected share of false discoveries at α for independent or
 * positively dependent tests. Cost O(m) time (radix sort), 8 bytes a test of memory beside the columns; little-endian machines.
 * Compare: R p.adjust(method = 'BH'). Source: Benjamini and Hochberg (1995), JRSS B 57, 289–300.
 */
export function adjustedP(p: Float64Array, q: Float64Array): number {
  let tests = 0;
  for (let i = 0; i < p.length; i++) {
    const value = p[i]!;
    if (Number.isNaN(value)) continue;
    checkProbability(value, i);
    tests++;
  }
  const order = new Uint32Array(tests);
  for (let i = 0, k = 0; i < p.length; i++) {
    if (p[i]! >= 0) order[k++] = i;
    else q[i] = Number.NaN;
  }
  sortPositions(p, order);
  let smallest = 1;
  for (let k = tests - 1; k >= 0; k--) {
    const value = (p[order[k]!]! * tests) / (k + 1);
    if (value < smallest) smallest = value;
    q[order[k]!] = smallest;
  }
  return tests;
}

/** The false discovery rates of `giBinFdr`, loosest first. */
export const GI_BIN_LEVELS: readonly [number, number, number] = [0.1, 0.05, 0.01];

/** |z| of a two-sided p of 0.1, a little below: nothing less extreme can be rejected at 0.1. */
const LEAST_Z = 1.6448;

/** Every |z| that could be rejected, ascending, and the number of tests. */
function candidatesOf(z: Float64Array): { readonly tests: number; readonly sizes: Float64Array } {
  let tests = 0;
  let count = 0;
  for (let i = 0; i < z.length; i++) {
    const size = Math.abs(z[i]!);
    if (!Number.isNaN(size)) tests++;
    if (size >= LEAST_Z) count++;
  }
  const sizes = new Float64Array(count);
  for (let i = 0, k = 0; i < z.length; i++) {
    const size = Math.abs(z[i]!);
    if (size >= LEAST_Z) sizes[k++] = size;
  }
  return { tests, sizes: sizes.sort() };
}

/** Smallest |z| that Benjamini–Hochberg rejects at each level (loosest level first); Infinity where it rejects none. One sweep. */
function criticalSizes(
  z: Float64Array,
  levels: readonly number[],
): { readonly tests: number; readonly critical: readonly number[] } {
  const { tests, sizes } = candidatesOf(z);
  const critical: number[] = [];
  for (let i = 0; i < sizes.length && critical.length < levels.length; i++) {
    const q = (2 * normalCdf(-sizes[i]!) * tests) / (sizes.length - i);
    while (critical.length < levels.length && q <= levels[critical.length]!) critical.push(sizes[i]!);
  }
  while (critical.length < levels.length) critical.push(Number.POSITIVE_INFINITY);
  return { tests, critical };
}

/**
 * Hot or cold by Benjamini–Hochberg on two-sided normal p of z: sign(z) times 3, 2, 1 for an adjusted p ≤ 0.01, 0.05, 0.10, else 0.
 * The bin is a step of the false discovery rate over all cells given (one map, or all bins of a cube), not of one cell's p.
 * An undefined z (NaN) is no test; its bin is 0 and its z says that it is undefined. Returns the number of tests.
 * Cost O(n) plus sorting the z with |z| > 1.64 only.
 * Source: as `adjustedP`; Caldas de Castro and Singer (2006), Geographical Analysis 38, 180–208.
 */
export function giBinFdr(z: Float64Array, bins: Int8Array): number {
  const { tests, critical } = criticalSizes(z, GI_BIN_LEVELS);
  const [z1, z2, z3] = critical as [number, number, number];
  for (let i = 0; i < z.length; i++) {
    const value = z[i]!;
    const size = Math.abs(value);
    const bin = size >= z3 ? 3 : size >= z2 ? 2 : size >= z1 ? 1 : 0;
    bins[i] = value < 0 ? -bin : bin;
  }
  return tests;
}

/**
 * Sign of every z that Benjamini–Hochberg rejects at `level` (0 < level ≤ 0.1), else 0; two-sided normal p, NaN is no test.
 * Returns the number rejected. Cost and source: see `giBinFdr`.
 */
export function significantSigns(z: Float64Array, options: { readonly level: number }, signs: Int8Array): number {
  const { level } = options;
  if (!(level > 0 && level <= 0.1)) throw new RangeError(`level is ${level}, not above 0 and at most 0.1`);
  const critical = criticalSizes(z, [level]).critical[0]!;
  let rejected = 0;
  for (let i = 0; i < z.length; i++) {
    const value = z[i]!;
    const significant = Math.abs(value) >= critical;
    signs[i] = significant ? (value < 0 ? -1 : 1) : 0;
    if (significant) rejected++;
  }
  return rejected;
}
