import { describe, expect, it } from 'vitest';
import { fromBd09Into, toBd09Into } from '../../../core/geo/bd09.ts';
import { otherReadings, toWgs84, wgs84ToBd09Into } from '../../../core/geo/crs.ts';
import { fromGcj02, fromGcj02Into, toGcj02, toGcj02Into } from '../../../core/geo/gcj02.ts';
import { fromWebMercatorInto, toWebMercatorInto } from '../../../core/geo/web-mercator.ts';

const METRES_PER_DEG = 111_320;
const out = new Float64Array(2);
const made = (write: (out: Float64Array) => void): [number, number] => {
  write(out);
  return [out[0]!, out[1]!];
};
const apartM = (a: readonly [number, number], b: readonly [number, number]): number =>
  Math.hypot((a[0] - b[0]) * METRES_PER_DEG * Math.cos((b[1] * Math.PI) / 180), (a[1] - b[1]) * METRES_PER_DEG);

/** Box around mainland China and Taiwan, at an odd step that meets no symmetry of the formula. */
const CHINA: [number, number][] = [];
for (let lng = 73.5; lng < 135.1; lng += 0.1737) for (let lat = 18.1; lat < 53.6; lat += 0.1739) CHINA.push([lng, lat]);

/** Largest distance between each place and what `back` makes of `there` of it, metres. */
function worstM(there: (p: [number, number]) => [number, number], back: typeof there): number {
  return CHINA.reduce((worst, place) => Math.max(worst, apartM(back(there(place)), place)), 0);
}

describe('GCJ-02', () => {
  it('agrees with the published values of coordtransform', () => {
    // README of coordtransform (npm): wgs84togcj02(116.404, 39.915).
    const [lng, lat] = made((o) => toGcj02Into(116.404, 39.915, o));
    expect(lng).toBeCloseTo(116.41024449916938, 10);
    expect(lat).toBeCloseTo(39.91640428150164, 10);
  });

  it('without trigonometry per sine is the same formula', () => {
    let worst = 0;
    for (const [lng, lat] of CHINA) {
      const slow = toGcj02({ lng, lat });
      const fast = made((o) => toGcj02Into(lng, lat, o));
      worst = Math.max(worst, Math.abs(fast[0] - slow.lng), Math.abs(fast[1] - slow.lat));
    }
    expect(worst).toBeLessThan(1e-12);
  });

  it('fast and slow inverse agree to 1e-9 degrees', () => {
    let worst = 0;
    for (const [lng, lat] of CHINA) {
      const slow = fromGcj02({ lng, lat });
      const fast = made((o) => fromGcj02Into(lng, lat, o));
      worst = Math.max(worst, Math.abs(fast[0] - slow.lng), Math.abs(fast[1] - slow.lat));
    }
    expect(worst).toBeLessThan(1e-9);
  });

  it('comes back within a millimetre all over China', () => {
    const worst = worstM(
      ([lng, lat]) => made((o) => toGcj02Into(lng, lat, o)),
      ([lng, lat]) => made((o) => fromGcj02Into(lng, lat, o)),
    );
    expect(worst).toBeLessThan(0.001);
  });
});

describe('BD-09', () => {
  it('agrees with the published values of coordtransform', () => {
    // README of coordtransform (npm): gcj02tobd09(116.404, 39.915).
    const [lng, lat] = made((o) => toBd09Into(116.404, 39.915, o));
    expect(lng).toBeCloseTo(116.41036949371029, 10);
    expect(lat).toBeCloseTo(39.92133699351021, 10);
  });

  it('comes back to GCJ-02 within a millimetre all over China, and to WGS 84 too', () => {
    const toGcj = worstM(
      ([lng, lat]) => made((o) => toBd09Into(lng, lat, o)),
      ([lng, lat]) => made((o) => fromBd09Into(lng, lat, o)),
    );
    const bd09 = toWgs84('bd09');
    const toWgs = worstM(
      ([lng, lat]) => made((o) => wgs84ToBd09Into(lng, lat, o)),
      ([lng, lat]) => made((o) => bd09(lng, lat, o)),
    );
    expect(toGcj).toBeLessThan(0.001);
    expect(toWgs).toBeLessThan(0.001);
  });
});

describe('Web Mercator', () => {
  it('has its published corners', () => {
    // EPSG:3857: 180° is 20 037 508.342789244 m, and the square ends at 85.0511287798066°.
    expect(made((o) => fromWebMercatorInto(20037508.342789244, 20037508.342789244, o))).toEqual([
      expect.closeTo(180, 10),
      expect.closeTo(85.0511287798066, 10),
    ]);
    expect(made((o) => fromWebMercatorInto(0, 0, o))).toEqual([0, 0]);
  });

  it('agrees with the worked example of EPSG guidance note 7-2', () => {
    // Method 1024: 24°22′54.433″ N, 100°20′00.000″ W → E −11 169 055.58 m, N 2 800 000.00 m.
    const [lng, lat] = made((o) => fromWebMercatorInto(-11_169_055.58, 2_800_000, o));
    expect(lng).toBeCloseTo(-(100 + 20 / 60), 6);
    expect(lat).toBeCloseTo(24 + 22 / 60 + 54.433 / 3600, 6);
  });

  it('comes back within a micrometre', () => {
    const worst = worstM(
      ([lng, lat]) => made((o) => toWebMercatorInto(lng, lat, o)),
      ([x, y]) => made((o) => fromWebMercatorInto(x, y, o)),
    );
    expect(worst).toBeLessThan(1e-6);
  });

  it('is NaN outside its square', () => {
    expect(made((o) => fromWebMercatorInto(20037509, 0, o))).toEqual([Number.NaN, Number.NaN]);
    expect(made((o) => fromWebMercatorInto(0, -20037509, o))).toEqual([Number.NaN, Number.NaN]);
    expect(made((o) => toWebMercatorInto(0, 86, o))).toEqual([Number.NaN, Number.NaN]);
  });
});

describe('reading a coordinate as WGS 84', () => {
  it('is the place itself for WGS 84 and CGCS 2000', () => {
    expect(made((o) => toWgs84('wgs84')(120.6, 31.3, o))).toEqual([120.6, 31.3]);
    expect(made((o) => toWgs84('cgcs2000')(120.6, 31.3, o))).toEqual([120.6, 31.3]);
  });

  it.each(['wgs84', 'cgcs2000', 'gcj02', 'bd09', 'web-mercator'] as const)('%s is NaN outside its domain', (crs) => {
    for (const [x, y] of [
      [1e9, 0],
      [0, 1e9],
      [Number.NaN, 31],
      [120, Number.POSITIVE_INFINITY],
    ] as const) {
      expect(made((o) => toWgs84(crs)(x, y, o))).toEqual([Number.NaN, Number.NaN]);
    }
  });

  it('has no GCJ-02 or BD-09 outside China', () => {
    expect(made((o) => toWgs84('gcj02')(-87.6, 41.9, o))).toEqual([Number.NaN, Number.NaN]);
    expect(made((o) => toWgs84('bd09')(31.3, 120.6, o))).toEqual([Number.NaN, Number.NaN]);
  });

  it('asks the projection of a local contract, and refuses to do without', () => {
    const crs = { proj4: '+proj=tmerc +lon_0=120' };
    const read = toWgs84(crs, (x, y) => [x / 1000, y / 1000]);
    expect(made((o) => read(120_600, 31_300, o))).toEqual([120.6, 31.3]);
    expect(made((o) => read(1e9, 31_300, o))).toEqual([Number.NaN, Number.NaN]);
    expect(() => toWgs84(crs)).toThrow('needs the inverse');
  });

  it.each([
    ['wgs84', 'gcj02', 'bd09'],
    ['gcj02', 'wgs84', 'bd09'],
    ['bd09', 'wgs84', 'gcj02'],
  ] as const)('%s has the other datums as candidates, each read in its own way', (declared, ...others) => {
    const place: [number, number] = [120.62, 31.31];
    const written = {
      wgs84: place,
      gcj02: made((o) => toGcj02Into(...place, o)),
      bd09: made((o) => wgs84ToBd09Into(...place, o)),
    };
    const candidates = otherReadings(declared, toWgs84(declared));
    expect(candidates.map(({ key }) => key)).toEqual([...others, 'swapped']);
    for (const other of others) {
      const { read } = candidates.find(({ key }) => key === other)!;
      expect(
        apartM(
          made((o) => read(...written[other], o)),
          place,
        ),
      ).toBeLessThan(0.001);
    }
    const swapped = candidates.at(-1)!.read;
    const [x, y] = written[declared];
    expect(
      apartM(
        made((o) => swapped(y, x, o)),
        place,
      ),
    ).toBeLessThan(0.001);
  });

  it('metres may be metres of shifted degrees', () => {
    const place: [number, number] = [120.62, 31.31];
    const metres = made((o) => toWebMercatorInto(...made((p) => toGcj02Into(...place, p)), o));
    const { read } = otherReadings('web-mercator', toWgs84('web-mercator')).find(({ key }) => key === 'gcj02')!;
    expect(
      apartM(
        made((o) => read(...metres, o)),
        place,
      ),
    ).toBeLessThan(0.001);
  });
});
