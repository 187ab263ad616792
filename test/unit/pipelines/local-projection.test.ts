import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../pipelines/errors.ts';
import { localProjection } from '../../../pipelines/geo/local-projection.ts';

const CGCS2000_ZONE_40 = '+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=40500000 +y_0=0 +ellps=GRS80 +units=m +no_defs';
const CGCS2000_CM_120 = '+proj=tmerc +lat_0=0 +lon_0=120 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs';
const TWD97_TM2 = '+proj=tmerc +lat_0=0 +lon_0=121 +k=0.9999 +x_0=250000 +y_0=0 +ellps=GRS80 +units=m +no_defs';

/** Published length of the quarter meridian of GRS 80, metres (Moritz, Geodetic Reference System 1980). */
const GRS80_QUADRANT_M = 10_001_965.7293;

/** Metres along the meridian of GRS 80 from the equator, by Simpson's rule: independent of any projection series. */
function meridianArcM(latDeg: number): number {
  const a = 6_378_137;
  const f = 1 / 298.257222101;
  const e2 = f * (2 - f);
  const radius = (phi: number): number => (a * (1 - e2)) / (1 - e2 * Math.sin(phi) ** 2) ** 1.5;
  const n = 2000;
  const h = (latDeg * Math.PI) / 180 / n;
  let sum = radius(0) + radius(n * h);
  for (let i = 1; i < n; i++) sum += (i % 2 === 0 ? 2 : 4) * radius(i * h);
  return (sum * h) / 3;
}

describe('a local projection', () => {
  it('is checked with an arc that gives the published quarter meridian of GRS 80', () => {
    expect(meridianArcM(90)).toBeCloseTo(GRS80_QUADRANT_M, 3);
  });

  it.each([
    ['CGCS 2000 zone 40, number of the zone in front', CGCS2000_ZONE_40, 120, 40_500_000, 1],
    ['CGCS 2000 central meridian 120', CGCS2000_CM_120, 120, 500_000, 1],
    ['TWD97 TM2', TWD97_TM2, 121, 250_000, 0.9999],
  ])('%s: on the central meridian the northing is the scaled arc', (_, definition, meridian, falseEasting, k) => {
    const inverse = localProjection(definition, 'test');
    for (let lat = 0; lat <= 55; lat += 2.5) {
      const [lng, back] = inverse(falseEasting, k * meridianArcM(lat));
      expect(lng).toBeCloseTo(meridian, 9);
      // 1e-9 degrees is 0.1 mm.
      expect(Math.abs(back - lat)).toBeLessThan(1e-9);
    }
  });

  it('reads one place alike with and without the number of the zone', () => {
    const [lngA, latA] = localProjection(CGCS2000_ZONE_40, 'test')(40_559_123.4, 3_465_432.1);
    const [lngB, latB] = localProjection(CGCS2000_CM_120, 'test')(559_123.4, 3_465_432.1);
    expect(lngA).toBeCloseTo(lngB, 10);
    expect(latA).toBeCloseTo(latB, 10);
    expect(lngA).toBeGreaterThan(120.5);
    expect(latA).toBeGreaterThan(31.2);
  });

  it('mirrors about the central meridian', () => {
    const inverse = localProjection(TWD97_TM2, 'test');
    const [east, latEast] = inverse(250_000 + 81_234.5, 2_543_210);
    const [west, latWest] = inverse(250_000 - 81_234.5, 2_543_210);
    expect(east - 121).toBeCloseTo(121 - west, 10);
    expect(latEast).toBeCloseTo(latWest, 10);
  });

  it('is NaN where the projection has no inverse, and for what is no number', () => {
    const inverse = localProjection(CGCS2000_ZONE_40, 'test');
    expect(inverse(120.6, 31.3)[0]).toBeNaN();
    expect(inverse(1e12, 1e12)[0]).toBeNaN();
    expect(inverse(Number.NaN, 3e6)[1]).toBeNaN();
    expect(inverse(Number.POSITIVE_INFINITY, 3e6)[1]).toBeNaN();
  });

  it.each([
    ['+proj=foo', 'foo'],
    ['+proj=tmerc +ellps=GRS80', 'lon_0'],
    ['+proj=tmerc +lonn_0=120 +lon_0=120', '+lonn_0=120'],
    ['+proj=tmerc +lon_0=12o +ellps=GRS80', '+lon_0=12o'],
    ['+proj=tmerc +lon_0=120 +ellps=CGCS2000', '+ellps=CGCS2000'],
    ['+proj=longlat +datum=Beijing1954', '+datum=Beijing1954'],
    ['+proj=tmerc +lon_0=120 +nadgrids=china.gsb', 'grid shift'],
    ['+proj=tmerc +lon_0=120 +towgs84=1,2', '+towgs84=1,2'],
    ['+proj=tmerc +lon_0=120 +units=chi', '+units=chi'],
    ['+proj=tmerc +lon_0=120 +lon_0=117', 'written twice'],
    ['+proj=utm +zone=x', '+zone=x'],
    ['+proj=utm', '+zone'],
  ])('refuses %s', (definition, named) => {
    expect(() => localProjection(definition, 'feed crs')).toThrow(ConfigError);
    expect(() => localProjection(definition, 'feed crs')).toThrow(named);
  });

  it('lists every problem of a definition at once', () => {
    expect(() => localProjection('+proj=tmerc +lonn_0=120 +units=chi', 'feed crs')).toThrow(/3 problems/);
  });
});
