import { divergingClass } from '../../../layers/diverging.ts';
import { classOf } from '../../../layers/step-scale.ts';
import { NO_DATA_CLASS } from '../../../map/contract.ts';

/** Counts by row of a grid, and the rows at which nobody looked (null = somebody looked everywhere). */
export interface SideCells {
  readonly n: Uint32Array;
  readonly unknown: Uint8Array | null;
}

/** Class k + 1 holds `breaks[k] <= n`; a cell without a count and without a delivery is no 0. */
export function countClasses({ n, unknown }: SideCells, breaks: readonly number[]): Uint32Array {
  const classes = new Uint32Array(n.length);
  for (let row = 0; row < n.length; row++) {
    const count = n[row]!;
    classes[row] = count === 0 && unknown?.[row] === 1 ? NO_DATA_CLASS : classOf(count, breaks) + 1;
  }
  return classes;
}

/** Classes about 0; where nobody looked on one side there is no difference. */
export function changeClasses(
  sides: { readonly now: SideCells; readonly before: SideCells },
  edges: readonly number[],
  changeOf: (now: number, before: number) => number,
): Uint32Array {
  const { now, before } = sides;
  const classes = new Uint32Array(now.n.length);
  for (let row = 0; row < classes.length; row++) {
    const blind = now.unknown?.[row] === 1 || before.unknown?.[row] === 1;
    classes[row] = blind ? NO_DATA_CLASS : divergingClass(changeOf(now.n[row]!, before.n[row]!), edges);
  }
  return classes;
}
