/**
 * A tree in pre-order: node 0 is the top, `parent[i] < i`, the subtree of i is `[i, end[i])`. A leaf has `end[i] = i + 1`.
 */
export interface Tree {
  readonly parent: Int32Array;
  readonly end: Int32Array;
}

/**
 * Disjoint atoms over the leaves. A leaf belongs to the atom of the nearest node on its way up (itself first) that has one; a leaf
 * without any is a public zero. So the cover of every atom follows from the nodes that have one, and is never listed.
 */
export interface Partition {
  /** Exact count of the atom at a node, 0 = the node has none. Below k only at the top: then nothing of the slice is published. */
  readonly atom: Uint32Array;
  /** Atoms that were whole and were pulled into a remainder that alone would have been below k. */
  readonly complementary: number;
}

/** The parts of a tree that `partition` needs again and again, made once. */
export interface TreeOrder {
  readonly tree: Tree;
  /** Nodes from the bottom up: children before parents. */
  readonly children: Uint32Array;
}

export interface PartitionRule {
  /** Smallest count published. At least 3: with 2 a remainder of one report could be told. */
  readonly k: number;
  /** Nodes that may not have an atom (1): what they would publish goes one level up. Null = none. */
  readonly barred?: Uint8Array | null;
}

export function treeOrder(tree: Tree): TreeOrder {
  const children = new Uint32Array(tree.parent.length);
  for (let i = 1; i < tree.parent.length; i++) {
    const parent = tree.parent[i] as number;
    children[parent] = (children[parent] as number) + 1;
  }
  return { tree, children };
}

/**
 * Merges small counts upward. From the bottom: a leaf of at least k is an atom; small siblings are pooled into a remainder atom of
 * their parent; a pool below k pulls in the smallest atom below that parent (complementary suppression), and where there is none it
 * goes up a level; at the top it joins the smallest atom. A pool of m children that is exactly m(k − 1), and a multiple of k,
 * goes up too: whoever knows the rule would know each child. Ties go to the lower node, so equal counts give equal atoms.
 *
 * @param counts reports of each node itself (as a rule only leaves have any), not of its subtree
 * @returns Σ atom = Σ counts. Cost: O(nodes), plus the size of the subtree for each atom pulled in.
 * @throws RangeError when k < 3
 */
export function partition({ tree, children }: TreeOrder, counts: Uint32Array, rule: PartitionRule): Partition {
  const { k } = rule;
  if (!(k >= 3)) throw new RangeError(`k is ${k}, expected at least 3`);
  const { parent, end } = tree;
  const nodes = parent.length;
  const barred = rule.barred ?? null;
  const atom = new Uint32Array(nodes);
  const pool = new Uint32Array(counts); // of a node: what is not yet in an atom
  const whole = new Uint32Array(nodes); // children that have an atom of their own
  let complementary = 0;
  for (let node = nodes - 1; node >= 0; node--) {
    const n = pool[node] as number;
    const up = parent[node] as number;
    let made = false;
    if (n > 0 && barred?.[node] !== 1) {
      const isLeaf = end[node] === node + 1;
      if (n >= k) {
        const covered = (children[node] as number) - (whole[node] as number);
        made = isLeaf || node === 0 || n % k !== 0 || n !== covered * (k - 1);
        if (made) atom[node] = n;
      } else if (!isLeaf) {
        const smallest = smallestAtom(atom, end, node);
        if (smallest >= 0) {
          atom[node] = n + (atom[smallest] as number);
          atom[smallest] = 0;
          complementary++;
          made = true;
        }
      }
    }
    if (made) {
      if (up >= 0) whole[up] = (whole[up] as number) + 1;
    } else if (up >= 0) pool[up] = (pool[up] as number) + n;
    else if (n > 0) complementary += keepAtTop(atom, end, n, k);
  }
  return { atom, complementary };
}

/** What nobody could publish ends at the top; below k it takes the smallest atom with it, if there is any. */
function keepAtTop(atom: Uint32Array, end: Int32Array, n: number, k: number): number {
  const smallest = n < k ? smallestAtom(atom, end, 0) : -1;
  if (smallest < 0) {
    atom[0] = n;
    return 0;
  }
  atom[0] = n + (atom[smallest] as number);
  atom[smallest] = 0;
  return 1;
}

/**
 * The smallest atom strictly below a node that has no other atom between itself and the node: what it covered then falls to the node.
 * −1 = none.
 */
export function smallestAtom(atom: Uint32Array, end: Int32Array, node: number): number {
  let smallest = -1;
  const last = end[node] as number;
  for (let i = node + 1; i < last; ) {
    const n = atom[i] as number;
    if (n === 0) i++;
    else {
      if (smallest < 0 || n < (atom[smallest] as number)) smallest = i;
      i = end[i] as number;
    }
  }
  return smallest;
}

/** Per node the node whose atom covers it, −1 = none (a leaf without one is a public zero). O(nodes). */
export function coveringAtoms({ parent }: Tree, atom: Uint32Array): Int32Array {
  const covering = new Int32Array(parent.length);
  for (let node = 0; node < parent.length; node++) {
    const up = parent[node] as number;
    covering[node] = (atom[node] as number) > 0 ? node : up < 0 ? -1 : (covering[up] as number);
  }
  return covering;
}

/** What is published of a count: the largest multiple of k not above it; 0 = fewer than k, not published (a zero has no atom). */
export const floorTo = (n: number, k: number): number => n - (n % k);
