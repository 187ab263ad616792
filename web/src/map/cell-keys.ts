import type { CellIndex } from './cell-index.ts';

/** Compass directions of the arrow keys, radians counter-clockwise from east. */
const ARROWS: Readonly<Record<string, number>> = {
  ArrowRight: 0,
  ArrowUp: Math.PI / 2,
  ArrowLeft: Math.PI,
  ArrowDown: -Math.PI / 2,
};

/** Keys the map gives to MapLibre: with a modifier, or while somebody writes. */
export const isPlainKey = (event: KeyboardEvent): boolean =>
  !event.isComposing && !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;

/**
 * The neighbour an arrow key leads to from the selected cell.
 *
 * @param ring closed outline of the selected cell, of the resolution of the index
 * @param bearing of the camera, degrees: up is up on the screen
 * @returns null = the key is none of ours; −1 = there is no neighbour
 */
export function neighbourByKey(
  key: string,
  ring: readonly (readonly [number, number])[],
  index: CellIndex,
  bearing = 0,
): number | null {
  const direction = ARROWS[key];
  if (direction === undefined) return null;
  const corners = ring.slice(0, -1);
  const lng = corners.reduce((sum, corner) => sum + corner[0], 0) / corners.length;
  const lat = corners.reduce((sum, corner) => sum + corner[1], 0) / corners.length;
  const cell = index.at(lng, lat);
  return cell < 0 ? -1 : index.neighbour(cell, direction - (bearing * Math.PI) / 180);
}
