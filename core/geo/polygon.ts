/** Rings are flat arrays lng, lat, lng, lat, … in WGS 84 degrees; the closing vertex may be repeated or not. */
export type Ring = Float64Array;
/** First ring outer, the rest holes. */
export type Polygon = readonly Ring[];
export type MultiPolygon = readonly Polygon[];
/** west, south, east, north */
export type Bounds = readonly [number, number, number, number];

/**
 * Even–odd test with half-open edges: of two polygons that share an edge with the same vertices, a point on it belongs to exactly one.
 * Cost: linear in the vertices.
 */
export function contains(polygons: MultiPolygon, lng: number, lat: number): boolean {
  for (const polygon of polygons) {
    let inside = false;
    for (const ring of polygon) inside = inside !== crossesOdd(ring, lng, lat);
    if (inside) return true;
  }
  return false;
}

function crossesOdd(ring: Ring, lng: number, lat: number): boolean {
  let odd = false;
  const n = ring.length;
  let x1 = ring[n - 2] as number;
  let y1 = ring[n - 1] as number;
  for (let i = 0; i < n; i += 2) {
    const x2 = ring[i] as number;
    const y2 = ring[i + 1] as number;
    // The lower end first, so that an edge gives the same verdict whichever polygon walks it.
    if (y1 > lat !== y2 > lat) {
      const upward = y2 > y1;
      const ax = upward ? x1 : x2;
      const ay = upward ? y1 : y2;
      const bx = upward ? x2 : x1;
      const by = upward ? y2 : y1;
      if (lng < ax + ((bx - ax) * (lat - ay)) / (by - ay)) odd = !odd;
    }
    x1 = x2;
    y1 = y2;
  }
  return odd;
}

export function boundsOf(polygons: MultiPolygon): Bounds {
  let west = Infinity;
  let south = Infinity;
  let east = -Infinity;
  let north = -Infinity;
  for (const polygon of polygons) {
    for (const ring of polygon) {
      for (let i = 0; i < ring.length; i += 2) {
        west = Math.min(west, ring[i] as number);
        east = Math.max(east, ring[i] as number);
        south = Math.min(south, ring[i + 1] as number);
        north = Math.max(north, ring[i + 1] as number);
      }
    }
  }
  return [west, south, east, north];
}

const EARTH_RADIUS_KM = 6371.0088;
const RAD = Math.PI / 180;

/** Spherical area in km², holes taken off. Error against the ellipsoid below 0.5 %. */
export function areaKm2(polygons: MultiPolygon): number {
  let total = 0;
  for (const polygon of polygons) {
    polygon.forEach((ring, index) => {
      total += (index === 0 ? 1 : -1) * Math.abs(ringArea(ring));
    });
  }
  return total;
}

function ringArea(ring: Ring): number {
  const n = ring.length;
  let sum = 0;
  for (let i = 0; i < n; i += 2) {
    const j = (i + 2) % n;
    const dLng = (ring[j] as number) - (ring[i] as number);
    sum += dLng * RAD * (2 + Math.sin((ring[i + 1] as number) * RAD) + Math.sin((ring[j + 1] as number) * RAD));
  }
  return (sum * EARTH_RADIUS_KM * EARTH_RADIUS_KM) / 2;
}

/**
 * A point inside for a label: on the parallel through the middle of the largest part, the middle of the longest run inside.
 * A bend thinner than that parallel cannot catch it, so a crescent gets its label inside too.
 */
export function labelPoint(polygons: MultiPolygon): { lng: number; lat: number } {
  const largest = [...polygons].sort((a, b) => areaKm2([b]) - areaKm2([a]))[0];
  if (!largest) throw new Error('labelPoint: no polygon');
  const [, south, , north] = boundsOf([largest]);
  let best = { lng: 0, lat: 0, width: -1 };
  for (const share of [0.5, 0.4, 0.6, 0.3, 0.7]) {
    const lat = south + (north - south) * share;
    const crossings = crossingsAt(largest, lat);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const width = (crossings[i + 1] as number) - (crossings[i] as number);
      if (width > best.width * 1.15)
        best = { lng: ((crossings[i] as number) + (crossings[i + 1] as number)) / 2, lat, width };
    }
  }
  return { lng: best.lng, lat: best.lat };
}

function crossingsAt(polygon: Polygon, lat: number): number[] {
  const found: number[] = [];
  for (const ring of polygon) {
    const n = ring.length;
    for (let i = 0; i < n; i += 2) {
      const j = (i + 2) % n;
      const y1 = ring[i + 1] as number;
      const y2 = ring[j + 1] as number;
      if (y1 > lat !== y2 > lat) {
        found.push((ring[i] as number) + (((ring[j] as number) - (ring[i] as number)) * (lat - y1)) / (y2 - y1));
      }
    }
  }
  return found.sort((a, b) => a - b);
}
