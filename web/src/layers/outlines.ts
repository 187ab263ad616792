/** Outlines of many cells, flat. Cell i has the vertices `starts[i] <= v < starts[i + 1]`, open rings, any winding. */
export interface Outlines {
  readonly starts: Uint32Array;
  /** lng, lat, lng, lat, … WGS 84, millionths of a degree. */
  readonly lngLatE6: Int32Array;
}

/** One after another, in order. */
export function joinOutlines(parts: readonly Outlines[]): Outlines {
  const cells = parts.reduce((sum, part) => sum + part.starts.length - 1, 0);
  const values = parts.reduce((sum, part) => sum + part.lngLatE6.length, 0);
  const starts = new Uint32Array(cells + 1);
  const lngLatE6 = new Int32Array(values);
  let cell = 0;
  let value = 0;
  for (const part of parts) {
    lngLatE6.set(part.lngLatE6, value);
    for (let i = 0; i < part.starts.length - 1; i++) starts[cell++] = value / 2 + part.starts[i]!;
    value += part.lngLatE6.length;
  }
  starts[cell] = value / 2;
  return { starts, lngLatE6 };
}

/** Closed ring of one cell in degrees. */
export function ringOf({ starts, lngLatE6 }: Outlines, cell: number): [number, number][] {
  const ring: [number, number][] = [];
  for (let v = starts[cell]!; v < starts[cell + 1]!; v++)
    ring.push([lngLatE6[2 * v]! / 1e6, lngLatE6[2 * v + 1]! / 1e6]);
  if (ring[0]) ring.push(ring[0]);
  return ring;
}
