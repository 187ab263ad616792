import { toWgs84, wgs84ToBd09Into } from '../../../core/geo/crs.ts';
import { type DatumTallies, datumEvidence, NO_DIVISION } from '../../../core/geo/datum-test.ts';
import { toGcj02Into } from '../../../core/geo/gcj02.ts';

/** A made city of 8 × 8 square divisions of 0.03° (about 3 km) at Suzhou; ids 1–64, 0 is the city. */
const SIDE = 8;
const STEP_DEG = 0.03;
const WEST = 120.5;
const SOUTH = 31.2;
export const CITY_DIVISIONS = SIDE * SIDE + 1;

export function divisionAt(lng: number, lat: number): number | null {
  const column = Math.floor((lng - WEST) / STEP_DEG);
  const row = Math.floor((lat - SOUTH) / STEP_DEG);
  return column < 0 || row < 0 || column >= SIDE || row >= SIDE ? null : 1 + row * SIDE + column;
}
export const divisionOrNone = (lng: number, lat: number): number => divisionAt(lng, lat) ?? NO_DIVISION;

/** mulberry32: small, seeded, good enough to draw points. */
export function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Datum = 'wgs84' | 'gcj02' | 'bd09';
/** How rows come to name another division than the one they lie in. */
export type Noise = 'none' | 'anywhere' | 'border' | 'clusters';
export const NOISES: readonly Noise[] = ['none', 'anywhere', 'border', 'clusters'];

export interface CityFile {
  readonly rows: number;
  readonly noise: Noise;
  readonly declared: Datum;
  readonly written: Datum;
  /** Share of rows written in `other`. */
  readonly share: number;
  readonly other: Datum;
  readonly seed: number;
}

const place = new Float64Array(2);
export function write(lng: number, lat: number, datum: Datum): void {
  place[0] = lng;
  place[1] = lat;
  if (datum === 'gcj02') toGcj02Into(lng, lat, place);
  else if (datum === 'bd09') wgs84ToBd09Into(lng, lat, place);
}

const BORDER_SD_DEG = 0.004;
const NOISY_SHARE = 0.08;
const CLUSTER_DEG = 0.005;

/** Draws a file and gives its tallies. People live in six towns of different size; a file has one month. */
export function cityTallies(file: CityFile): DatumTallies {
  const draw = uniforms(file.seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
  const towns = Array.from({ length: 6 }, () => ({
    lng: WEST + STEP_DEG * SIDE * draw(),
    lat: SOUTH + STEP_DEG * SIDE * draw(),
    sd: 0.01 + 0.04 * draw(),
  }));
  const evidence = datumEvidence({
    crs: file.declared,
    declared: toWgs84(file.declared),
    divisionAt: divisionOrNone,
  });
  for (let made = 0; made < file.rows; ) {
    const town = towns[Math.floor(draw() * towns.length)]!;
    const lng = town.lng + town.sd * normal();
    const lat = town.lat + town.sd * normal();
    const truth = divisionAt(lng, lat);
    if (truth === null) continue;
    made++;
    let own = truth;
    if (file.noise === 'anywhere' && draw() < NOISY_SHARE) own = 1 + Math.floor(draw() * (CITY_DIVISIONS - 1));
    if (file.noise === 'border') {
      own = divisionAt(lng + BORDER_SD_DEG * normal(), lat + BORDER_SD_DEG * normal()) ?? truth;
    }
    if (file.noise === 'clusters') {
      // In one of twelve blocks of 500 m everybody names the division a kilometre further in one direction of the block's own.
      const block = uniforms(Math.floor(lng / CLUSTER_DEG) * 7919 + Math.floor(lat / CLUSTER_DEG) + file.seed * 31);
      if (block() < NOISY_SHARE) {
        const angle = 2 * Math.PI * block();
        own = divisionAt(lng + 0.01 * Math.cos(angle), lat + 0.01 * Math.sin(angle)) ?? truth;
      }
    }
    write(lng, lat, draw() < file.share ? file.other : file.written);
    evidence.add(Math.round(place[0]! * 1e6) / 1e6, Math.round(place[1]! * 1e6) / 1e6, own, 24312);
  }
  return evidence.tallies();
}
