/**
 * GCJ-02, the shifted datum of Chinese map services, and back to WGS 84.
 *
 * The published forward formula (Krasovsky 1940 ellipsoid, a polynomial plus sines of the offset from 105° E, 35° N) moves a
 * point by 300–700 m. It has no closed inverse: `fromGcj02` iterates w ← w + (g − forward(w)) until the step is below
 * 1e-9 degrees (about 0.1 mm). The shift changes by less than 1 % a kilometre, so three to four steps are enough.
 *
 * Valid inside mainland China only; neither function asks whether a point lies there (the source contract says so).
 * Degrees; GCJ-02 and WGS 84 as the names say. Cost: about 0.3 µs forward, 1.2 µs back.
 */
export interface Position {
  readonly lng: number;
  readonly lat: number;
}

const SEMI_MAJOR_M = 6378245;
const ECCENTRICITY_SQUARED = 0.006693421622965943;
const LAST_STEP_DEG = 1e-9;

/** WGS 84 → GCJ-02. */
export function toGcj02(wgs84: Position): Position {
  const x = wgs84.lng - 105;
  const y = wgs84.lat - 35;
  const latRad = (wgs84.lat * Math.PI) / 180;
  const sinLat = Math.sin(latRad);
  const magic = 1 - ECCENTRICITY_SQUARED * sinLat * sinLat;
  const sqrtMagic = Math.sqrt(magic);
  const metresPerLatRad = (SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED)) / (magic * sqrtMagic);
  const metresPerLngRad = (SEMI_MAJOR_M / sqrtMagic) * Math.cos(latRad);
  return {
    lng: wgs84.lng + (eastShiftM(x, y) / metresPerLngRad) * (180 / Math.PI),
    lat: wgs84.lat + (northShiftM(x, y) / metresPerLatRad) * (180 / Math.PI),
  };
}

/** GCJ-02 → WGS 84; `toGcj02` of the result is the input to about 0.1 mm. */
export function fromGcj02(gcj02: Position): Position {
  let lng = gcj02.lng;
  let lat = gcj02.lat;
  for (let i = 0; i < 10; i++) {
    const forward = toGcj02({ lng, lat });
    const stepLng = gcj02.lng - forward.lng;
    const stepLat = gcj02.lat - forward.lat;
    lng += stepLng;
    lat += stepLat;
    if (Math.abs(stepLng) < LAST_STEP_DEG && Math.abs(stepLat) < LAST_STEP_DEG) break;
  }
  return { lng, lat };
}

function northShiftM(x: number, y: number): number {
  const slow = 160 * sinPi(y / 12) + 320 * sinPi(y / 30);
  const polynomial = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x));
  return polynomial + (2 / 3) * (fastWaves(x) + 20 * sinPi(y) + 40 * sinPi(y / 3) + slow);
}

function eastShiftM(x: number, y: number): number {
  const slow = 150 * sinPi(x / 12) + 300 * sinPi(x / 30);
  const polynomial = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x));
  return polynomial + (2 / 3) * (fastWaves(x) + 20 * sinPi(x) + 40 * sinPi(x / 3) + slow);
}

/** The two fastest sines; both axes have them along x. */
function fastWaves(x: number): number {
  return 20 * sinPi(6 * x) + 20 * sinPi(2 * x);
}

function sinPi(t: number): number {
  return Math.sin(t * Math.PI);
}
