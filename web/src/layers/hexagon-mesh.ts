import type { Outlines } from './outlines.ts';

/** Static geometry of the hexagons of one picture: made once, never touched by a change of counts. */
export interface HexagonMesh {
  readonly cells: number;
  /** First vertex per cell, and one past the last. */
  readonly starts: Uint32Array;
  /** lng, lat per vertex, degrees; 64 bit, as deck.gl splits them for the shader. */
  readonly positions: Float64Array;
  /** Fan triangles. */
  readonly indices: Uint32Array;
}

/** @param cover share of the cell's width that is filled; below 1 the ground shows between neighbours */
export function hexagonMesh(outlines: Outlines, cover: number): HexagonMesh {
  const { starts, lngLatE6 } = outlines;
  const cells = starts.length - 1;
  const positions = new Float64Array(lngLatE6.length);
  const indices = new Uint32Array(3 * (starts[cells]! - 2 * cells));
  let next = 0;
  for (let cell = 0; cell < cells; cell++) {
    const first = starts[cell]!;
    const end = starts[cell + 1]!;
    let lng = 0;
    let lat = 0;
    for (let v = first; v < end; v++) {
      lng += lngLatE6[2 * v]!;
      lat += lngLatE6[2 * v + 1]!;
    }
    lng /= end - first;
    lat /= end - first;
    for (let v = first; v < end; v++) {
      positions[2 * v] = (lng + (lngLatE6[2 * v]! - lng) * cover) / 1e6;
      positions[2 * v + 1] = (lat + (lngLatE6[2 * v + 1]! - lat) * cover) / 1e6;
    }
    for (let v = first + 1; v < end - 1; v++) {
      indices[next++] = first;
      indices[next++] = v;
      indices[next++] = v + 1;
    }
  }
  return { cells, starts, positions, indices };
}
