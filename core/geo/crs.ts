import type { Crs } from '../contract/profile.ts';
import { fromBd09Into, toBd09Into } from './bd09.ts';
import { fromGcj02Into, toGcj02Into } from './gcj02.ts';
import { fromWebMercatorInto } from './web-mercator.ts';

/** Reads a coordinate as written and writes lng, lat into `out`; NaN, NaN outside the domain. No allocation. */
export type Converter = (x: number, y: number, out: Float64Array) => void;

/** Inverse of a local projection: x, y in its units → lng, lat in WGS 84 degrees, NaN outside its domain. */
export type LocalInverse = (x: number, y: number) => readonly [number, number];

/** Box inside which Chinese map services shift coordinates; outside it GCJ-02 and BD-09 are not defined. Degrees. */
const SHIFTED = { west: 72.004, south: 0.8293, east: 137.8347, north: 55.8271 } as const;

/**
 * How to read the coordinates of a source as WGS 84 degrees. CGCS 2000 is taken as equal: the two differ by decimetres.
 *
 * @param local the inverse of the projection, for a `proj4` contract (`pipelines/geo/local-projection.ts` makes it)
 * @throws Error for a `proj4` contract without `local`
 * Cost a call: WGS 84 0.02 µs, GCJ-02 0.4 µs, BD-09 0.7 µs, Web Mercator 0.07 µs; a projection what `local` costs.
 */
export function toWgs84(crs: Crs, local?: LocalInverse): Converter {
  switch (crs) {
    case 'wgs84':
    case 'cgcs2000':
      return degrees;
    case 'gcj02':
      return gcj02;
    case 'bd09':
      return bd09;
    case 'web-mercator':
      return fromWebMercatorInto;
    default: {
      if (!local) throw new Error(`toWgs84: "${crs.proj4}" needs the inverse of its projection`);
      return (x, y, out) => {
        const [lng, lat] = local(x, y);
        degrees(lng, lat, out);
      };
    }
  }
}

/** What the numbers of a file may be in place of what the contract says. `swapped`: the two columns exchanged. */
export const DATUM_CANDIDATES = ['wgs84', 'gcj02', 'bd09', 'swapped'] as const;
export type DatumCandidate = (typeof DATUM_CANDIDATES)[number];

/** One other way to read the same numbers. */
export interface CandidateReading {
  readonly key: DatumCandidate;
  readonly read: Converter;
}

/**
 * The other ways to read numbers that the contract calls `crs`. For metres (`web-mercator`, local projections) `gcj02` and `bd09` mean: the
 * same projection, but of shifted degrees.
 */
export function otherReadings(crs: Crs, declared: Converter): CandidateReading[] {
  const swapped: CandidateReading = { key: 'swapped', read: (x, y, out) => declared(y, x, out) };
  if (crs === 'gcj02') return [{ key: 'wgs84', read: degrees }, { key: 'bd09', read: bd09 }, swapped];
  if (crs === 'bd09') return [{ key: 'wgs84', read: degrees }, { key: 'gcj02', read: gcj02 }, swapped];
  const after =
    (shift: Converter): Converter =>
    (x, y, out) => {
      declared(x, y, out);
      shift(out[0] as number, out[1] as number, out);
    };
  return [{ key: 'gcj02', read: after(gcj02) }, { key: 'bd09', read: after(bd09) }, swapped];
}

/** WGS 84 → GCJ-02 → BD-09 into `out`. */
export function wgs84ToBd09Into(lng: number, lat: number, out: Float64Array): void {
  toGcj02Into(lng, lat, out);
  toBd09Into(out[0] as number, out[1] as number, out);
}

function degrees(lng: number, lat: number, out: Float64Array): void {
  const inside = Math.abs(lng) <= 180 && Math.abs(lat) <= 90;
  out[0] = inside ? lng : Number.NaN;
  out[1] = inside ? lat : Number.NaN;
}

function gcj02(lng: number, lat: number, out: Float64Array): void {
  if (isShifted(lng, lat)) fromGcj02Into(lng, lat, out);
  else out.fill(Number.NaN, 0, 2);
}

function bd09(lng: number, lat: number, out: Float64Array): void {
  if (!isShifted(lng, lat)) {
    out.fill(Number.NaN, 0, 2);
    return;
  }
  fromBd09Into(lng, lat, out);
  fromGcj02Into(out[0] as number, out[1] as number, out);
}

function isShifted(lng: number, lat: number): boolean {
  return lng >= SHIFTED.west && lng <= SHIFTED.east && lat >= SHIFTED.south && lat <= SHIFTED.north;
}
