import { cellToParent, latLngToCell } from 'h3-js';
import type { DivisionIndex } from '../../core/geo/division-index.ts';
import { ASK_H3, type FaceLattice, latticeCell } from '../../core/grid/face-lattice.ts';
import { cellIdOf, cellKey, cellOfKey } from '../../core/grid/study-grid.ts';
import { UNLOCATED_REASONS, type UnlocatedReason } from '../../core/incident/reasons.ts';
import { NONE_U32 } from './incident-columns.ts';

/** The study area as the rows of a file meet it. */
export interface Ground {
  readonly index: DivisionIndex;
  /** Finest cells, `StudyGrid.keys`. */
  readonly keys: Float64Array;
  /** Per finest cell: division at its centre, and 1 where that holds for every point of the cell. */
  readonly division: Uint32Array;
  readonly pure: Uint8Array;
  readonly finest: number;
  /** See `faceLattices`: tables of the same cells. */
  readonly lattices: readonly FaceLattice[];
}

export const UNLOCATED_KEYS = Object.keys(UNLOCATED_REASONS) as UnlocatedReason[];
export const LOCATED = 255;
const OUTSIDE = UNLOCATED_KEYS.indexOf('coordinate-outside');
const SWAPPED = UNLOCATED_KEYS.indexOf('coordinate-swapped');
const ZERO = UNLOCATED_KEYS.indexOf('coordinate-zero');

/** Result of the last call; one object for all rows. */
export interface Place {
  cell: number;
  division: number;
  /** Position in UNLOCATED_KEYS, or LOCATED. */
  problem: number;
}
export type ToWgs84 = (x: number, y: number, out: Float64Array) => void;

/**
 * Slots of the coordinate memory: a later pair of the same slot takes the place of the earlier, so it never grows. About 100 kB, which
 * stay in a core's cache: a larger one costs a row more than it saves.
 */
const SLOTS = 1 << 12;

/**
 * Place of a coordinate pair as its source wrote it. The finest cell as `latLngToCell` gives it, the division by the exact polygon test; in a
 * cell that no border passes the test is known beforehand. Pairs seen lately are not worked out again (real feeds repeat addresses).
 */
export function locator(ground: Ground, toWgs84: ToWgs84): (x: number, y: number, place: Place) => void {
  const { index, keys, finest, lattices } = ground;
  const xs = new Float64Array(SLOTS).fill(Number.NaN);
  const ys = new Float64Array(SLOTS);
  const cells = new Uint32Array(SLOTS);
  const divisions = new Uint32Array(SLOTS);
  const problems = new Uint8Array(SLOTS);
  const wgs84 = new Float64Array(2);

  const cellAt = (lng: number, lat: number): number => {
    for (let i = 0; i < lattices.length; i++) {
      const cell = latticeCell(lattices[i] as FaceLattice, lng, lat);
      if (cell !== ASK_H3) return cell;
    }
    return cellIdOf(keys, cellKey(latLngToCell(lat, lng, finest)));
  };
  const divisionIn = (cell: number, lng: number, lat: number): number => {
    if (ground.pure[cell] === 1) return ground.division[cell] as number;
    return index.at(lng, lat) ?? -1; // outside every division
  };
  const isSwapped = (x: number, y: number): boolean => {
    toWgs84(y, x, wgs84);
    const [lng, lat] = wgs84 as unknown as [number, number];
    return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 && index.at(lng, lat) !== null;
  };
  const work = (x: number, y: number, place: Place): void => {
    place.cell = NONE_U32;
    place.division = NONE_U32;
    if (x === 0 && y === 0) {
      place.problem = ZERO;
      return;
    }
    toWgs84(x, y, wgs84);
    const lng = wgs84[0] as number;
    const lat = wgs84[1] as number;
    if (Math.abs(lat) <= 90 && Math.abs(lng) <= 180) {
      const cell = cellAt(lng, lat);
      const division = cell < 0 ? -1 : divisionIn(cell, lng, lat);
      if (division >= 0) {
        place.cell = cell;
        place.division = division;
        place.problem = LOCATED;
        return;
      }
    }
    place.problem = isSwapped(x, y) ? SWAPPED : OUTSIDE;
  };
  return (x, y, place) => {
    const slot = (Math.imul(Math.floor(x * 1e6), 0x9e3779b1) ^ Math.imul(Math.floor(y * 1e6), 0x85ebca6b)) >>> 20;
    if (xs[slot] === x && ys[slot] === y) {
      place.cell = cells[slot] as number;
      place.division = divisions[slot] as number;
      place.problem = problems[slot] as number;
      return;
    }
    work(x, y, place);
    xs[slot] = x;
    ys[slot] = y;
    cells[slot] = place.cell;
    divisions[slot] = place.division;
    problems[slot] = place.problem;
  };
}

/** Smallest id inside the coarser cell; `res` says that only the coarser cell may be read from it. */
export function firstIdInside(keys: Float64Array, cell: number, resolution: number): number {
  const parentOf = (id: number): string => cellToParent(cellOfKey(keys[id] as number), resolution);
  const parent = parentOf(cell);
  let first = cell;
  while (first > 0 && parentOf(first - 1) === parent) first--;
  return first;
}
