import { describe, expect, it } from 'vitest';
import { fromGcj02, toGcj02 } from '../../../core/geo/gcj02.ts';

const METRES_PER_DEG = 111_320;

describe('gcj02', () => {
  it('shifts Suzhou by about +0.0042 degrees east and -0.0022 degrees north', () => {
    const gusu = { lng: 120.62, lat: 31.31 };
    const shifted = toGcj02(gusu);
    expect(shifted.lng - gusu.lng).toBeCloseTo(0.0042, 3);
    expect(shifted.lat - gusu.lat).toBeCloseTo(-0.0022, 3);
  });

  it('comes back to the same place within half a metre, everywhere around Suzhou and in distant cities', () => {
    const places = [
      { lng: 87.6, lat: 43.8 },
      { lng: 116.4, lat: 39.9 },
      { lng: 110.3, lat: 20.0 },
    ];
    for (let lng = 119.9; lng < 121.4; lng += 0.05) {
      for (let lat = 30.7; lat < 32.1; lat += 0.05) places.push({ lng, lat });
    }
    for (const place of places) {
      const back = fromGcj02(toGcj02(place));
      const errorM = Math.hypot(
        (back.lng - place.lng) * METRES_PER_DEG * Math.cos((place.lat * Math.PI) / 180),
        (back.lat - place.lat) * METRES_PER_DEG,
      );
      expect(errorM).toBeLessThan(0.5);
    }
  });

  it('agrees with the published example of Tiananmen', () => {
    const shifted = toGcj02({ lng: 116.391305, lat: 39.905945 });
    expect(shifted.lng).toBeCloseTo(116.3975, 3);
    expect(shifted.lat).toBeCloseTo(39.90735, 3);
  });
});
