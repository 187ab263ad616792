/**
 * Class breaks for a stepped scale: quantiles of the cells that have incidents, made integer and strictly increasing.
 * Class i holds `breaks[i] <= n < breaks[i + 1]`, the last is open; the first break is 1, so 0 is in no class.
 * Few distinct counts give fewer classes than asked for. The order of `values` does not matter.
 *
 * @returns breaks; `[1]` when every count is 0
 */
export function quantileBreaks(values: Uint32Array | readonly number[], classes: number): number[] {
  const nonzero = Uint32Array.from(values).filter((n) => n > 0);
  nonzero.sort();
  const breaks = [1];
  for (let i = 1; i < classes && nonzero.length > 0; i++) {
    // A count that occurs, and not the least one: so no class is empty.
    const value = nonzero[Math.floor((i * nonzero.length) / classes)]!;
    if (value > breaks[breaks.length - 1]! && value > nonzero[0]!) breaks.push(value);
  }
  return breaks;
}

/** Class of a count; −1 for a count below the first break (0: nobody is drawn). */
export function classOf(n: number, breaks: readonly number[]): number {
  let found = -1;
  while (found + 1 < breaks.length && n >= breaks[found + 1]!) found++;
  return found;
}
