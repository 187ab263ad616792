/**
 * Is every small count left open by what is published? Published are, for several partitions ("layers") of the same base counts, the
 * floors of their atoms. A base count is *undetermined* when other base counts exist that publish the very same floors and differ in
 * it; the proof is such an alternative, and it is looked for among the simplest: one report more or less in the row alone, or one
 * report moved between it and another row. A row for which none is found is not thereby disclosed, but it is not proven safe either.
 */
export interface FlooredLayers {
  /** Layers a row can be in. */
  readonly layers: number;
  /** Atom of row i in layer l at `i × layers + l`; −1 = the layer does not count this row. Atoms of all layers share one numbering. */
  readonly atomOf: Int32Array;
  /** Per atom: UP = one report more leaves its floor as it is, DOWN = one less does. */
  readonly slack: Uint8Array;
  /** Reports of each row, > 0. */
  readonly n: Uint32Array;
  /** Counts from `k` on need no protection. */
  readonly k: number;
  /** Two orders of the rows in which near rows share atoms: positions, rows of equal `run` belong together. */
  readonly orders: readonly RowOrder[];
}

export interface RowOrder {
  /** Rows in this order; null = as they are. */
  readonly rows: Uint32Array | null;
  /** Position of each row; null = as they are. */
  readonly position: Uint32Array | null;
  /** Per row (not position): rows that may be exchanged have the same run. */
  readonly run: Uint32Array;
}

export const UP = 1;
export const DOWN = 2;

/** Slack of an atom of `n` reports published as a multiple of k. */
export const slackOf = (n: number, k: number): number => (n % k < k - 1 ? UP : 0) | (n % k > 0 ? DOWN : 0);

/**
 * Rows with 0 < n < k without a proof, ascending. Depends on the rows only, not on chance or time.
 *
 * @param among look only at these rows; null = all
 * Cost: O(rows × layers) as a rule; a row whose atoms are tight looks at the others
 * of its place and then of its week, nearest first, until one helps.
 */
export function unprovenRows(system: FlooredLayers, among: Uint32Array | null = null): Uint32Array {
  const { layers, atomOf, slack, n, k } = system;
  const total = among ? among.length : n.length;
  const unproven = new Uint32Array(total);
  let length = 0;
  for (let r = 0; r < total; r++) {
    const i = among ? (among[r] as number) : r;
    if ((n[i] as number) >= k) continue;
    let both = UP | DOWN;
    for (let at = i * layers; at < (i + 1) * layers; at++) {
      const atom = atomOf[at] as number;
      if (atom >= 0) both &= slack[atom] as number;
    }
    if (both === 0 && !canMove(system, i)) unproven[length++] = i;
  }
  return unproven.slice(0, length);
}

function canMove(system: FlooredLayers, i: number): boolean {
  const total = system.n.length;
  for (let o = 0; o < system.orders.length; o++) {
    const { rows, position, run } = system.orders[o] as RowOrder;
    const at = position ? (position[i] as number) : i;
    const mine = run[i] as number;
    for (let step = 1; ; step++) {
      const before = at - step;
      const after = at + step;
      let open = false;
      if (before >= 0) {
        const j = rows ? (rows[before] as number) : before;
        if (run[j] === mine) {
          open = true;
          if (exchange(system, i, j)) return true;
        }
      }
      if (after < total) {
        const j = rows ? (rows[after] as number) : after;
        if (run[j] === mine) {
          open = true;
          if (exchange(system, i, j)) return true;
        }
      }
      if (!open) break;
    }
  }
  return false;
}

/** Can a report move from i to j, or from j to i, without a change of any floor? */
function exchange(system: FlooredLayers, i: number, j: number): boolean {
  const { layers, atomOf, slack } = system;
  let allowed = UP | DOWN; // of row i
  for (let l = 0; l < layers; l++) {
    const a = atomOf[i * layers + l] as number;
    const b = atomOf[j * layers + l] as number;
    if (a === b) continue;
    if (a >= 0) allowed &= slack[a] as number;
    if (b >= 0) allowed &= turned(slack[b] as number);
    if (allowed === 0) return false;
  }
  return true;
}

/** UP and DOWN exchanged. */
const turned = (slack: number): number => ((slack & UP) << 1) | ((slack & DOWN) >> 1);
