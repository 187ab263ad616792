import fc from 'fast-check';
import { latLngToCell, polygonToCells } from 'h3-js';
import { AREA_OPS, type Area, type LngLat, roundPoint, type Shape } from '../../core/geo/area/area.ts';
import { cleanName } from '../../core/geo/area/area-text.ts';
import { shapeProblem } from '../../core/geo/area/shape-problem.ts';
import { type AreaGrid, areaGrid } from '../../web/src/area/area-cells.ts';

/** A small square of cells in Suzhou, each with a made division. */
export const BOX = { west: 120.55, south: 31.25, east: 120.67, north: 31.37 } as const;

export function madeAreaGrid(finest = 9, box: typeof BOX | { [K in keyof typeof BOX]: number } = BOX): AreaGrid {
  const { west, south, east, north } = box;
  const h3 = BigUint64Array.from(
    polygonToCells(
      [
        [south, west],
        [south, east],
        [north, east],
        [north, west],
      ],
      finest,
    )
      .map((cell) => BigInt(`0x${cell}`))
      .sort((a, b) => (a < b ? -1 : 1)),
  );
  const division = Uint32Array.from(h3, (_, id) => id % 7);
  return areaGrid({ h3, division, finest, coarsest: 5 });
}

const point = (margin: number): fc.Arbitrary<LngLat> =>
  fc
    .tuple(
      fc.double({ min: BOX.west - margin, max: BOX.east + margin, noNaN: true }),
      fc.double({ min: BOX.south - margin, max: BOX.north + margin, noNaN: true }),
    )
    .map(roundPoint);

/** Corners anywhere: most rings of more than four cross themselves. */
const wildRing = fc.array(point(0.05), { minLength: 3, maxLength: 24 });

/** Corners round a middle: a lasso. */
const starRing = fc
  .tuple(point(0), fc.array(fc.double({ min: 0.005, max: 0.12, noNaN: true }), { minLength: 3, maxLength: 60 }))
  .map(([[lng, lat], reaches]) =>
    reaches.map((reach, i): LngLat => {
      const angle = (2 * Math.PI * i) / reaches.length;
      return roundPoint([lng + reach * Math.cos(angle), lat + reach * Math.sin(angle)]);
    }),
  );
const ring = fc.oneof(wildRing, starRing);

/** One ring, or more of which each turns inside out what it covers. */
export const polygons: fc.Arbitrary<Extract<Shape, { kind: 'polygon' }>> = fc
  .array(ring, { minLength: 1, maxLength: 3 })
  .map((rings) => ({ kind: 'polygon' as const, rings }))
  .filter((shape) => shapeProblem(shape) === null);

export const circles = fc.record({
  kind: fc.constant('circle' as const),
  centre: point(0.05),
  radiusM: fc.integer({ min: 1, max: 15_000 }),
});

export const lines = fc
  .record({
    kind: fc.constant('line' as const),
    points: fc.array(point(0.03), { minLength: 2, maxLength: 12 }),
    widthM: fc.integer({ min: 1, max: 5000 }),
  })
  .filter((shape) => shapeProblem(shape) === null);

const boxes = fc
  .tuple(point(0.05), point(0.05))
  .map(([a, b]) => ({
    kind: 'box' as const,
    west: Math.min(a[0], b[0]),
    south: Math.min(a[1], b[1]),
    east: Math.max(a[0], b[0]),
    north: Math.max(a[1], b[1]),
  }))
  .filter((shape) => shapeProblem(shape) === null);

const disks = fc
  .tuple(point(0), fc.integer({ min: 5, max: 9 }), fc.integer({ min: 0, max: 3 }))
  .map(([[lng, lat], resolution, k]) => ({ kind: 'disk' as const, cell: latLngToCell(lat, lng, resolution), k }));

const divisions = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((code) => /^[^\p{C}]{1,64}$/u.test(code))
  .map((code) => ({ kind: 'division' as const, code }));

export const shapes: fc.Arbitrary<Shape> = fc.oneof(polygons, circles, lines, boxes, disks, divisions);

export const areas: fc.Arbitrary<Area> = fc
  .record({
    name: fc.string({ unit: 'grapheme', maxLength: 30 }).map(cleanName),
    parts: fc.array(fc.record({ op: fc.constantFrom(...AREA_OPS), shape: shapes }), { minLength: 1, maxLength: 4 }),
  })
  .map(({ name, parts }) => ({
    name,
    parts: parts.map((part, i) => (i === 0 ? { ...part, op: 'union' as const } : part)),
  }));
