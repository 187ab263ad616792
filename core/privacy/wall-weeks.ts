import type { Tree } from './partition.ts';
import { NONE, type PlaceTree } from './wall-tree.ts';

/** The places of a tree down to a resolution, without groups: what playback tells apart. */
export interface CoarsePlaces {
  readonly tree: Tree & Pick<PlaceTree, 'place' | 'division' | 'cell'>;
  /** By node of the whole tree: its nearest node on the way up that is kept. */
  readonly nodeOf: Uint32Array;
}

/** What is left of a pre-order tree is in pre-order again. O(nodes). */
export function coarsePlaces(whole: PlaceTree, finest: number): CoarsePlaces {
  const nodes = whole.parent.length;
  const nodeOf = new Uint32Array(nodes);
  const kept: number[] = [];
  for (let node = 0; node < nodes; node++) {
    const keep = whole.group[node] === NONE && (whole.place[node] as number) <= finest;
    nodeOf[node] = keep ? kept.length : (nodeOf[whole.parent[node] as number] as number);
    if (keep) kept.push(node);
  }
  const parent = new Int32Array(kept.length).fill(-1);
  const end = new Int32Array(kept.length);
  for (let i = kept.length - 1; i >= 0; i--) {
    end[i] = Math.max(end[i] as number, i + 1);
    const up = whole.parent[kept[i] as number] as number;
    if (up < 0) continue;
    const at = nodeOf[up] as number;
    parent[i] = at;
    end[at] = Math.max(end[at] as number, end[i] as number);
  }
  return {
    tree: {
      parent,
      end,
      place: Uint8Array.from(kept, (node) => whole.place[node] as number),
      division: Uint32Array.from(kept, (node) => whole.division[node] as number),
      cell: Uint32Array.from(kept, (node) => whole.cell[node] as number),
    },
    nodeOf,
  };
}
