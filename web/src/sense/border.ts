import { cellsToMultiPolygon } from 'h3-js';
import type { Ring } from './live-messages.ts';

/** Borders of a set of cells of one resolution: closed rings, lng and lat in degrees. */
export function borderOf(h3: BigUint64Array): readonly Ring[] {
  const cells = Array.from(h3, (cell) => cell.toString(16));
  return cellsToMultiPolygon(cells, true).flatMap((polygon) =>
    polygon.map((ring) => ring.map(([lng, lat]): [number, number] => [lng, lat])),
  );
}
