import { LATTICE_COLUMNS, LATTICE_NODES, type LatticeSite, latticeValue } from '../geography/field.ts';
import { type Random, random } from '../random.ts';

const RHO = 0.95;
const SD = 0.2;

/**
 * Latent drift G of METHODS.md part 2: AR(1) per day (rho 0.95, sd 0.2), correlated in space by the lattice; one per category group.
 * Without it every detector that believes in a Poisson background looks perfect.
 */
export interface Drift {
  readonly step: () => void;
  /** exp(G − var/2) of a community. */
  readonly factor: Float64Array;
}

export function drift(seed: number, group: string, sites: readonly LatticeSite[]): Drift {
  const draw: Random = random(seed, 'drift', group);
  const used = usedNodes(sites);
  const nodes = new Float64Array(LATTICE_NODES);
  for (const node of used) nodes[node] = SD * draw.normal();
  const factor = new Float64Array(sites.length);
  const innovation = SD * Math.sqrt(1 - RHO * RHO);
  return {
    factor,
    step: () => {
      for (const node of used) nodes[node] = RHO * nodes[node]! + innovation * draw.normal();
      for (let c = 0; c < sites.length; c++) factor[c] = Math.exp(latticeValue(nodes, sites[c]!) - (SD * SD) / 2);
    },
  };
}

function usedNodes(sites: readonly LatticeSite[]): number[] {
  const columns = new Set<number>();
  for (const { node } of sites) for (const n of neighbours(node)) columns.add(n);
  return [...columns].sort((a, b) => a - b);
}

function neighbours(node: number): number[] {
  return [node, node + 1, node + LATTICE_COLUMNS, node + LATTICE_COLUMNS + 1];
}
