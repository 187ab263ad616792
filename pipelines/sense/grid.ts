import { diskNeighbours } from '../../core/stats/neighbours.ts';
import type { Division } from '../steps/divisions.ts';
import type { FinestGrid } from '../steps/grid.ts';
import { NONE_U32 } from '../steps/incident-columns.ts';
import { cellParents } from '../steps/publish-wall.ts';
import type { SenseGrid } from './hotspots.ts';

/** Cells of resolution 7 or 8 with neighbours and persons. Cost: about 8 µs a cell. */
export function senseGrid(grid: FinestGrid, divisions: readonly Division[], resolution: 7 | 8): SenseGrid {
  const coarse = grid.coarse.find((part) => part.resolution === resolution);
  const r8 = grid.coarse.find((part) => part.resolution === 8);
  if (!coarse || !r8) throw new Error(`the grid has no resolution ${resolution}`);
  const persons = cellPersons(grid, divisions);
  return {
    resolution,
    cells: coarse.h3,
    neighbours: diskNeighbours(coarse.h3, { k: 1 }),
    fromR8: resolution === 8 ? Uint32Array.from(r8.h3, (_, i) => i) : cellParents(grid.coarse).r7,
    exposure:
      persons &&
      Float64Array.from(coarse.h3, (_, i) => {
        let sum = 0;
        for (let id = coarse.firstId[i] as number; id < (coarse.endId[i] as number); id++) sum += persons[id] as number;
        return sum;
      }),
  };
}

/** Persons by division: its own number, else the sum of its parts where all of them are known; null = not known. */
export function divisionPersons(divisions: readonly Division[]): (number | null)[] {
  const persons = divisions.map((division) => division.population);
  const children: number[][] = divisions.map(() => []);
  for (const division of divisions) if (division.parent !== null) children[division.parent]?.push(division.id);
  for (let id = divisions.length - 1; id >= 0; id--) {
    const below = children[id] as number[];
    if (persons[id] !== null || below.length === 0) continue;
    const known = below.flatMap((child) => persons[child] ?? []);
    if (known.length === below.length) persons[id] = known.reduce((sum, n) => sum + n, 0);
  }
  return persons;
}

/**
 * Persons by finest cell: the deepest division with a number, spread evenly over its cells (cells of one division have one area to
 * within a few in a thousand). Null where no division has a number.
 */
export function cellPersons(grid: Pick<FinestGrid, 'division'>, divisions: readonly Division[]): Float64Array | null {
  if (divisions.every((division) => division.population === null)) return null;
  const holder = divisions.map((division) => {
    let at: Division | undefined = division;
    while (at && at.population === null) at = at.parent === null ? undefined : divisions[at.parent];
    return at ? at.id : -1;
  });
  const cells = new Float64Array(divisions.length);
  const own = Int32Array.from(grid.division, (id) => (id === NONE_U32 ? -1 : (holder[id] as number)));
  for (const id of own) if (id >= 0) cells[id] = (cells[id] as number) + 1;
  return Float64Array.from(own, (id) =>
    id < 0 ? 0 : ((divisions[id] as Division).population as number) / (cells[id] as number),
  );
}

/**
 * Finest resolution of 8 and 7 with a mean of at least 0.5 events per disk and period (METHODS.md a, resolution rule): 7 where neither has.
 * `events` of one period over the cells of resolution 8.
 */
export function resolutionFor(events: number, cells: { readonly r8: number }): 7 | 8 {
  return (events * 7) / cells.r8 >= 0.5 ? 8 : 7;
}
