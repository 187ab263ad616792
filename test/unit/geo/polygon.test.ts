import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divisionIndex, packShapes } from '../../../core/geo/division-index.ts';
import { areaKm2, contains, labelPoint, type Polygon } from '../../../core/geo/polygon.ts';

const square = (west: number, south: number, size: number): Polygon => [
  Float64Array.from([west, south, west + size, south, west + size, south + size, west, south + size, west, south]),
];

describe('point in polygon', () => {
  it('gives a point on a shared border to exactly one of two neighbours', () => {
    const left = [square(0, 0, 1)];
    const right = [square(1, 0, 1)];
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (lat) => {
        expect(Number(contains(left, 1, lat)) + Number(contains(right, 1, lat))).toBe(1);
      }),
    );
  });

  it('gives every point of a slanted shared border to exactly one side', () => {
    const below = [[Float64Array.from([0, 0, 3, 0, 3, 1, 0, 2])]];
    const above = [[Float64Array.from([0, 2, 3, 1, 3, 4, 0, 4])]];
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 2.999, noNaN: true }), (lng) => {
        const lat = 2 - lng / 3;
        expect(Number(contains(below, lng, lat)) + Number(contains(above, lng, lat))).toBe(1);
      }),
    );
  });

  it('leaves out a hole', () => {
    const ring = [[...square(0, 0, 3), ...square(1, 1, 1)]];
    expect(contains(ring, 0.5, 0.5)).toBe(true);
    expect(contains(ring, 1.5, 1.5)).toBe(false);
  });

  it('finds the deepest division, and the parent where its children leave a gap', () => {
    const index = divisionIndex(
      packShapes([
        { id: 1, level: 1, polygons: [square(0, 0, 2)] },
        { id: 2, level: 2, polygons: [square(0, 0, 1)] },
        { id: 3, level: 2, polygons: [square(1, 1, 1)] },
      ]),
    );
    expect(index.at(0.5, 0.5)).toBe(2);
    expect(index.at(1.5, 1.5)).toBe(3);
    expect(index.at(1.5, 0.5)).toBe(1);
    expect(index.at(2.5, 0.5)).toBeNull();
    expect(index.at(-0.1, 0.5)).toBeNull();
  });

  it('measures area on the sphere', () => {
    // One degree square at the equator: 12,364 km² on the sphere.
    expect(areaKm2([square(0, 0, 1)])).toBeCloseTo(12_363.7, 0);
  });

  it('puts the label of a crescent inside it', () => {
    const crescent = [[Float64Array.from([0, 0, 4, 0, 4, 4, 0, 4, 0, 3, 3, 3, 3, 1, 0, 1])]];
    const { lng, lat } = labelPoint(crescent);
    expect(contains(crescent, lng, lat)).toBe(true);
  });
});
