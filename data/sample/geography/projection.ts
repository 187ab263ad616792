/** Local plane of the sample: kilometres east and north of 120.7° E, 31.4° N. Equirectangular; within 1 % over the city. */
export interface PlanePoint {
  readonly x: number;
  readonly y: number;
}

const ORIGIN_LNG = 120.7;
const ORIGIN_LAT = 31.4;
export const KM_PER_DEG_LAT = 110.87;
export const KM_PER_DEG_LNG = 95.11;

export function toPlane(lng: number, lat: number): PlanePoint {
  return { x: (lng - ORIGIN_LNG) * KM_PER_DEG_LNG, y: (lat - ORIGIN_LAT) * KM_PER_DEG_LAT };
}

export function toLng(x: number): number {
  return ORIGIN_LNG + x / KM_PER_DEG_LNG;
}

export function toLat(y: number): number {
  return ORIGIN_LAT + y / KM_PER_DEG_LAT;
}

/** Six decimals (about 0.1 m): what the files hold. */
export function round6(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}
