const RAD = Math.PI / 180;
const EQUATOR_M = 6_378_137;
const FLATTENING = 1 / 298.257223563;
const E2 = FLATTENING * (2 - FLATTENING);

/** Metres of one degree of longitude and of latitude on the WGS 84 ellipsoid, at a latitude in degrees. */
export function degreeMetres(lat: number): { readonly lngM: number; readonly latM: number } {
  const sin = Math.sin(lat * RAD);
  const w = Math.sqrt(1 - E2 * sin * sin);
  return { lngM: (EQUATOR_M / w) * Math.cos(lat * RAD) * RAD, latM: ((EQUATOR_M * (1 - E2)) / (w * w * w)) * RAD };
}

/**
 * Metres on the ellipsoid between two points, by the radii at their middle latitude. Against the geodesic: below 0.01 % up to 20 km and
 * 0.2 % at 200 km, below latitude 60° (test/unit/geo/area.test.ts). Longitudes take the short way.
 */
export function groundDistanceM(aLng: number, aLat: number, bLng: number, bLat: number): number {
  const { lngM, latM } = degreeMetres((aLat + bLat) / 2);
  const turn = Math.round((bLng - aLng) / 360) * 360;
  return Math.hypot((bLng - aLng - turn) * lngM, (bLat - aLat) * latM);
}

/** Metres from a point to the nearest point of a segment, in the plane that touches at the point. */
export function segmentDistanceM(
  point: { readonly lng: number; readonly lat: number },
  scale: { readonly lngM: number; readonly latM: number },
  flat: Float64Array,
  at: number,
): number {
  const ax = ((flat[at] as number) - point.lng) * scale.lngM;
  const ay = ((flat[at + 1] as number) - point.lat) * scale.latM;
  const dx = ((flat[at + 2] as number) - point.lng) * scale.lngM - ax;
  const dy = ((flat[at + 3] as number) - point.lat) * scale.latM - ay;
  const length2 = dx * dx + dy * dy;
  const share = length2 === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / length2));
  return Math.hypot(ax + share * dx, ay + share * dy);
}
