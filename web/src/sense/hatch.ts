/** An area as closed rings, lng and lat in degrees; holes are rings too (even–odd). */
type Rings = readonly (readonly (readonly [number, number])[])[];
type Segment = readonly [readonly [number, number], readonly [number, number]];

/**
 * Diagonal strokes that fill an area: the look of "nobody knows" on a map. Lines lng + lat = c, cut by even–odd with the rings.
 *
 * @param stepDeg distance of the lines along an axis, degrees
 */
export function hatchOf(rings: Rings, stepDeg: number): readonly Segment[] {
  const cuts = new Map<number, number[]>();
  for (const ring of rings)
    for (let i = 0; i + 1 < ring.length; i++) {
      const [ax, ay] = ring[i]!;
      const [bx, by] = ring[i + 1]!;
      const [from, to] = [ax + ay, bx + by];
      const [low, high] = from < to ? [from, to] : [to, from];
      // Half-open, so that a corner on a line is counted once.
      for (let line = Math.ceil(low / stepDeg); line * stepDeg < high; line++) {
        const share = (line * stepDeg - from) / (to - from);
        const known = cuts.get(line);
        const x = ax + share * (bx - ax);
        if (known) known.push(x);
        else cuts.set(line, [x]);
      }
    }
  const strokes: Segment[] = [];
  for (const [line, xs] of cuts) {
    xs.sort((a, b) => a - b);
    const c = line * stepDeg;
    for (let i = 0; i + 1 < xs.length; i += 2)
      strokes.push([
        [xs[i]!, c - xs[i]!],
        [xs[i + 1]!, c - xs[i + 1]!],
      ]);
  }
  return strokes;
}
