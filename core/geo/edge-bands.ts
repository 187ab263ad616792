import type { MultiPolygon, Polygon } from './polygon.ts';

/** As `contains` of one shape. */
export type ShapeTest = (lng: number, lat: number) => boolean;

/** Edges looked at a test, on average, where a ring winds little. */
const EDGES_A_BAND = 4;
const MOST_BANDS = 4096;

/**
 * `contains`, prepared: the edges of every polygon lie in bands of latitude, and a point is tested against the edges of its band alone.
 * The others cannot cross its parallel, so the verdict is that of `contains` for every point, also on vertices and edges.
 * Cost: a few edges a test instead of all (40 ns against 1 µs a 400 vertices); memory about 48 bytes an edge.
 */
export function shapeTest(polygons: MultiPolygon): ShapeTest {
  const tests = polygons.map(polygonTest);
  const [only] = tests;
  if (only && tests.length === 1) return only;
  return (lng, lat) => {
    for (let i = 0; i < tests.length; i++) if ((tests[i] as ShapeTest)(lng, lat)) return true;
    return false;
  };
}

function polygonTest(polygon: Polygon): ShapeTest {
  const edges = edgesOf(polygon);
  const count = edges.length / 4;
  let south = Number.POSITIVE_INFINITY;
  let north = Number.NEGATIVE_INFINITY;
  for (let e = 0; e < edges.length; e += 4) {
    south = Math.min(south, edges[e + 1] as number);
    north = Math.max(north, edges[e + 3] as number);
  }
  if (count === 0) return () => false;
  const bands = Math.max(1, Math.min(MOST_BANDS, Math.floor(count / EDGES_A_BAND)));
  const exact = bands / (north - south);
  const scale = Number.isFinite(exact) ? exact : 0; // a shape of no height: one band
  // Rounding keeps the order: a parallel between the ends of an edge lies in a band between theirs.
  const bandOf = (lat: number): number => Math.min(bands - 1, Math.floor((lat - south) * scale));
  const starts = new Int32Array(bands + 1);
  for (let e = 0; e < edges.length; e += 4) {
    const last = bandOf(edges[e + 3] as number);
    for (let band = bandOf(edges[e + 1] as number); band <= last; band++)
      starts[band + 1] = (starts[band + 1] as number) + 1;
  }
  for (let band = 0; band < bands; band++) starts[band + 1] = (starts[band + 1] as number) + (starts[band] as number);
  const next = starts.slice(0, bands);
  const banded = new Float64Array((starts[bands] as number) * 4);
  for (let e = 0; e < edges.length; e += 4) {
    const last = bandOf(edges[e + 3] as number);
    for (let band = bandOf(edges[e + 1] as number); band <= last; band++) {
      const at = next[band] as number;
      next[band] = at + 1;
      for (let i = 0; i < 4; i++) banded[at * 4 + i] = edges[e + i] as number;
    }
  }
  return (lng, lat) => {
    if (!(lat >= south && lat < north)) return false; // no edge ends above the northernmost point
    const band = bandOf(lat);
    let inside = false;
    const end = (starts[band + 1] as number) * 4;
    for (let e = (starts[band] as number) * 4; e < end; e += 4) {
      const ay = banded[e + 1] as number;
      const by = banded[e + 3] as number;
      if (ay > lat || by <= lat) continue;
      const ax = banded[e] as number;
      const bx = banded[e + 2] as number;
      // The very expression of `contains`: the same rounding, the same verdict.
      if (lng < ax + ((bx - ax) * (lat - ay)) / (by - ay)) inside = !inside;
    }
    return inside;
  };
}

/** lng, lat of the lower end, then of the upper. Level edges cross no parallel and are left out. */
function edgesOf(polygon: Polygon): Float64Array {
  const most = polygon.reduce((sum, ring) => sum + ring.length / 2, 0);
  const edges = new Float64Array(most * 4);
  let length = 0;
  for (const ring of polygon) {
    const n = ring.length;
    for (let i = 0, j = n - 2; i < n; j = i, i += 2) {
      const y1 = ring[j + 1] as number;
      const y2 = ring[i + 1] as number;
      if (y1 === y2 || Number.isNaN(y1) || Number.isNaN(y2)) continue;
      const [low, high] = y2 > y1 ? [j, i] : [i, j];
      edges[length++] = ring[low] as number;
      edges[length++] = ring[low + 1] as number;
      edges[length++] = ring[high] as number;
      edges[length++] = ring[high + 1] as number;
    }
  }
  return edges.subarray(0, length);
}
