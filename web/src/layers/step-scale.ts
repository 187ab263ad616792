/**
 * Class breaks for a stepped scale: quantiles of the cells that have incidents, made integer and strictly increasing.
 * Class i holds `breaks[i] <= n < breaks[i + 1]`, the last is open; the first break is 1, so 0 is in no class.
 * Few distinct counts give fewer classes than asked for. The order of `values` does not matter.
 *
 * @returns breaks; `[1]` when every count is 0
 */
export function quantileBreaks(values: Uint32Array | readonly number[], classes: number): number[] {
  const { counts, cells } = tally(values);
  const breaks = [1];
  let at = -1;
  let passed = 0;
  for (let i = 1; i < classes && cells > 0; i++) {
    const rank = Math.floor((i * cells) / classes);
    while (passed <= rank) passed += counts[++at]!.cells;
    // A count that occurs, and not the least one: so no class is empty.
    if (at > 0 && counts[at]!.n > breaks[breaks.length - 1]!) breaks.push(counts[at]!.n);
  }
  return breaks;
}

/** Counts up to here are tallied in a table: nearly all are, and the pass over half a million cells stays at 1 ms. */
const SMALL = 65_536;

/** How many cells have each count above 0, ascending. */
function tally(values: Uint32Array | readonly number[]): { counts: { n: number; cells: number }[]; cells: number } {
  const small = new Uint32Array(SMALL);
  const large: number[] = [];
  let cells = 0;
  for (let i = 0; i < values.length; i++) {
    const n = values[i]!;
    if (n === 0) continue;
    cells++;
    if (n < SMALL) small[n]!++;
    else large.push(n);
  }
  const counts: { n: number; cells: number }[] = [];
  for (let n = 1; n < SMALL; n++) if (small[n]! > 0) counts.push({ n, cells: small[n]! });
  large.sort((a, b) => a - b);
  for (const n of large) {
    const last = counts[counts.length - 1];
    if (last?.n === n) last.cells++;
    else counts.push({ n, cells: 1 });
  }
  return { counts, cells };
}

/** Class of a count; −1 for a count below the first break (0: nobody is drawn). */
export function classOf(n: number, breaks: readonly number[]): number {
  let found = -1;
  while (found + 1 < breaks.length && n >= breaks[found + 1]!) found++;
  return found;
}
