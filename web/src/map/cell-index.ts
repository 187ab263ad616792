import type { Outlines } from '../layers/outlines.ts';

/** Gaps narrower than this between rounded outlines belong to the nearest cell. Millionths of a degree: about 0.3 m. */
const SLIVER_E6 = 3;

/**
 * Answers "which of these cells is at this point" exactly on the drawn outlines: no picking buffer, so neither zoom,
 * device pixels nor what is painted above matter, and empty cells answer too. Build: one pass; ask: a few cells.
 */
export interface CellIndex {
  /** Index of the cell in the outlines, −1 outside all. Degrees. */
  at(lng: number, lat: number): number;
  centre(cell: number): [number, number];
  /** The neighbour in a compass direction (0 = east, counter-clockwise radians on the screen), −1 when there is none. */
  neighbour(cell: number, direction: number): number;
}

export function cellIndex({ starts, lngLatE6 }: Outlines): CellIndex {
  const cells = starts.length - 1;
  const centreX = new Float64Array(cells);
  const centreY = new Float64Array(cells);
  let west = Infinity;
  let south = Infinity;
  let east = -Infinity;
  let north = -Infinity;
  let reachX = 1;
  let reachY = 1;
  for (let cell = 0; cell < cells; cell++) {
    let x = 0;
    let y = 0;
    const first = starts[cell]!;
    const end = starts[cell + 1]!;
    for (let v = first; v < end; v++) {
      x += lngLatE6[2 * v]!;
      y += lngLatE6[2 * v + 1]!;
    }
    x /= end - first;
    y /= end - first;
    centreX[cell] = x;
    centreY[cell] = y;
    for (let v = first; v < end; v++) {
      reachX = Math.max(reachX, Math.abs(lngLatE6[2 * v]! - x));
      reachY = Math.max(reachY, Math.abs(lngLatE6[2 * v + 1]! - y));
    }
    west = Math.min(west, x);
    east = Math.max(east, x);
    south = Math.min(south, y);
    north = Math.max(north, y);
  }
  // Buckets as large as a cell reaches from its centre: a point's cell is in its bucket or one beside it.
  const columns = cells === 0 ? 0 : Math.floor((east - west) / reachX) + 1;
  const rows = cells === 0 ? 0 : Math.floor((north - south) / reachY) + 1;
  const bucketOf = (cell: number) =>
    Math.floor((centreY[cell]! - south) / reachY) * columns + Math.floor((centreX[cell]! - west) / reachX);
  const bucketStart = new Uint32Array(columns * rows + 1);
  for (let cell = 0; cell < cells; cell++) bucketStart[bucketOf(cell) + 1]!++;
  for (let bucket = 0; bucket < columns * rows; bucket++) bucketStart[bucket + 1]! += bucketStart[bucket]!;
  const members = new Uint32Array(cells);
  const filled = bucketStart.slice();
  for (let cell = 0; cell < cells; cell++) members[filled[bucketOf(cell)]!++] = cell;

  const at = (lng: number, lat: number): number => {
    const x = lng * 1e6;
    const y = lat * 1e6;
    const column = Math.floor((x - west) / reachX);
    const row = Math.floor((y - south) / reachY);
    let best = -1;
    let bestDepth = -SLIVER_E6;
    for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
      for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) {
        const bucket = r * columns + c;
        for (let i = bucketStart[bucket]!; i < bucketStart[bucket + 1]!; i++) {
          const depth = depthIn(members[i]!, x, y);
          if (depth > bestDepth) {
            bestDepth = depth;
            best = members[i]!;
          }
        }
      }
    }
    return best;
  };

  /** Distance to the nearest edge line, positive inside; hexagons are convex. */
  const depthIn = (cell: number, x: number, y: number): number => {
    const first = starts[cell]!;
    const end = starts[cell + 1]!;
    let depth = Infinity;
    const turn = Math.sign(cross(first, x0(cell), y0(cell), end, first)) || 1;
    for (let v = first; v < end; v++) depth = Math.min(depth, turn * cross(v, x, y, end, first));
    return depth;
  };
  const x0 = (cell: number) => centreX[cell]!;
  const y0 = (cell: number) => centreY[cell]!;
  /** Signed distance of a point from the edge that begins at vertex v. */
  const cross = (v: number, x: number, y: number, end: number, first: number): number => {
    const w = v + 1 === end ? first : v + 1;
    const ax = lngLatE6[2 * v]!;
    const ay = lngLatE6[2 * v + 1]!;
    const dx = lngLatE6[2 * w]! - ax;
    const dy = lngLatE6[2 * w + 1]! - ay;
    return (dx * (y - ay) - dy * (x - ax)) / (Math.hypot(dx, dy) || 1);
  };

  return {
    at,
    centre: (cell) => [centreX[cell]! / 1e6, centreY[cell]! / 1e6],
    neighbour: (cell, direction) => {
      // A step just over the edge: the mean of what the outline reaches in x and y is near one cell radius.
      const stretch = 1 / Math.cos((centreY[cell]! * Math.PI) / 180e6);
      const first = starts[cell]!;
      let radius = 0;
      for (let v = first; v < starts[cell + 1]!; v++) {
        const dx = (lngLatE6[2 * v]! - centreX[cell]!) / stretch;
        radius = Math.max(radius, Math.hypot(dx, lngLatE6[2 * v + 1]! - centreY[cell]!));
      }
      const lng = (centreX[cell]! + Math.cos(direction) * radius * 1.35 * stretch) / 1e6;
      const lat = (centreY[cell]! + Math.sin(direction) * radius * 1.35) / 1e6;
      const found = at(lng, lat);
      return found === cell ? -1 : found;
    },
  };
}
