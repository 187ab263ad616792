import { describe, expect, it } from 'vitest';
import { roamBounds } from '../../../../web/src/map/roam-bounds.ts';

const CITY = [119.9, 30.7, 121.4, 32.1] as const;
const spans = ([west, south, east, north]: readonly number[]) => [east! - west!, north! - south!] as const;
/** Mercator, by the middle of the city. */
const aspect = (bounds: readonly number[]) => {
  const [lng, lat] = spans(bounds);
  return (lng * Math.cos((31.4 * Math.PI) / 180)) / lat;
};

describe('how far the camera may go', () => {
  it('holds the whole city on every canvas: where height decides, as wide as the canvas, and the other way round', () => {
    for (const [width, height] of [
      [900, 850],
      [2900, 820],
      [7500, 2000],
      [640, 1400],
    ] as const) {
      const roam = roamBounds(CITY, { width, height });
      const [lng, lat] = spans(roam);
      const [cityLng, cityLat] = spans(CITY);
      // Degrees shown when the city just fits.
      const scale = Math.max(cityLat / height, (cityLng * Math.cos((31.4 * Math.PI) / 180)) / width);
      expect(lat, `${width}×${height}`).toBeGreaterThan(scale * height * 1.1);
      expect(lng * Math.cos((31.4 * Math.PI) / 180)).toBeGreaterThan(scale * width * 1.1);
    }
  });

  it('is the same around the city on a usual canvas, and when nothing has a size yet', () => {
    const [lng, lat] = spans(roamBounds(CITY, { width: 1000, height: 900 }));
    expect([lng, lat].map((span) => Number(span.toFixed(6)))).toEqual([1.5 * 2.5, 1.4 * 2.5]);
    expect(aspect(roamBounds(CITY, { width: 0, height: 0 }))).toBeCloseTo(aspect(CITY), 6);
  });
});
