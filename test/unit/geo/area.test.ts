import { describe, expect, it } from 'vitest';
import { AREA_LIMITS, type Area, type LngLat, type Shape } from '../../../core/geo/area/area.ts';
import { cleanName, formatArea, parseArea } from '../../../core/geo/area/area-text.ts';
import { crossesItself } from '../../../core/geo/area/crossings.ts';
import { degreeMetres, groundDistanceM } from '../../../core/geo/area/ground.ts';
import { insideTest } from '../../../core/geo/area/inside.ts';
import { shapeProblem } from '../../../core/geo/area/shape-problem.ts';
import { simplified } from '../../../core/geo/area/simplify.ts';

const BOW: readonly LngLat[] = [
  [0, 0],
  [2, 2],
  [2, 0],
  [0, 2],
];
const SQUARE: readonly LngLat[] = [
  [0, 0],
  [2, 0],
  [2, 2],
  [0, 2],
];
const polygon = (...rings: (readonly LngLat[])[]): Shape => ({ kind: 'polygon', rings });
const box = (west: number, south: number, east: number, north: number): Shape => ({
  kind: 'box',
  west,
  south,
  east,
  north,
});

describe('distance on the ground', () => {
  it.each([
    [120.6, 31.3, 120.7, 31.4],
    [120.6, 31.3, 120.6, 31.31],
    [120.6, 31.3, 120.605, 31.3],
    [13.4, 52.5, 13.6, 52.6],
  ])('of (%d, %d) and (%d, %d) is within 0.01 % of the geodesic', (aLng, aLat, bLng, bLat) => {
    const geodesic = vincentyM(aLng, aLat, bLng, bLat);
    expect(Math.abs(groundDistanceM(aLng, aLat, bLng, bLat) / geodesic - 1)).toBeLessThan(1e-4);
  });

  it('of 200 km is within 0.2 %', () => {
    const geodesic = vincentyM(120, 31, 121.5, 32.2);
    expect(Math.abs(groundDistanceM(120, 31, 121.5, 32.2) / geodesic - 1)).toBeLessThan(2e-3);
  });

  it('takes the short way over the antimeridian', () => {
    expect(groundDistanceM(179.95, 0, -179.95, 0)).toBeCloseTo(0.1 * degreeMetres(0).lngM, 3);
  });
});

describe('inside', () => {
  const at = (shape: Shape, lng: number, lat: number) => {
    if (shape.kind === 'division' || shape.kind === 'disk') throw new Error('not drawn');
    return insideTest(shape)([lng - 0.1, lat - 0.1, lng + 0.1, lat + 0.1])?.(lng, lat) ?? false;
  };

  it('a self-crossing ring is even–odd: both wings are inside, what lies between them is not', () => {
    expect(at(polygon(BOW), 1.8, 1)).toBe(true);
    expect(at(polygon(BOW), 0.2, 1)).toBe(true);
    expect(at(polygon(BOW), 1, 0.2)).toBe(false);
    expect(at(polygon(BOW), 1, 1.8)).toBe(false);
  });

  it('a ring in a ring is a hole', () => {
    const hole = SQUARE.map(([lng, lat]): LngLat => [0.5 + lng / 2, 0.5 + lat / 2]);
    expect(at(polygon(SQUARE, hole), 1, 1)).toBe(false);
    expect(at(polygon(SQUARE, hole), 0.2, 1)).toBe(true);
  });

  it('an edge takes the short way over the antimeridian', () => {
    const pacific = box(179, -1, -179, 1);
    expect(at(pacific, 179.5, 0)).toBe(true);
    expect(at(pacific, -179.5, 0)).toBe(true);
    expect(at(pacific, 0, 0)).toBe(false);
    expect(at({ kind: 'circle', centre: [179.99, 10], radiusM: 5000 }, -179.99, 10)).toBe(true);
    expect(
      at(
        {
          kind: 'line',
          points: [
            [179.9, 10],
            [-179.9, 10],
          ],
          widthM: 500,
        },
        -179.95,
        10.003,
      ),
    ).toBe(true);
  });

  it('two shapes that share an edge share no point', () => {
    for (const lat of [0, 0.3, 1, 2]) {
      expect([box(0, 0, 1, 2), box(1, 0, 2, 2)].filter((shape) => at(shape, 1, lat)).length).toBe(lat < 2 ? 1 : 0);
    }
  });
});

describe('what cannot be evaluated is named', () => {
  it.each([
    ['few-points', polygon(SQUARE.slice(0, 2))],
    [
      'few-points',
      polygon([
        [0, 0],
        [1, 1],
        [0, 0],
        [1, 1],
      ]),
    ],
    ['few-points', polygon()],
    [
      'few-points',
      {
        kind: 'line',
        points: [
          [1, 1],
          [1, 1],
        ],
        widthM: 10,
      },
    ],
    [
      'off-earth',
      polygon([
        [0, 0],
        [181, 0],
        [0, 1],
      ]),
    ],
    ['off-earth', { kind: 'circle', centre: [0, 91], radiusM: 10 }],
    [
      'around-pole',
      polygon([
        [0, 80],
        [120, 80],
        [-120, 80],
      ]),
    ],
    ['bad-size', box(1, 1, 2, 1)],
    ['bad-size', { kind: 'circle', centre: [0, 0], radiusM: 0 }],
    ['bad-size', { kind: 'circle', centre: [0, 0], radiusM: Number.NaN }],
    ['bad-size', { kind: 'disk', cell: '8a309a000007fff', k: 1.5 }],
    ['bad-cell', { kind: 'disk', cell: 'zz', k: 1 }],
    ['too-many-points', polygon(Array.from({ length: AREA_LIMITS.vertices + 1 }, (_, i): LngLat => [i / 1e5, i % 2]))],
  ] satisfies [string, Shape][])('%s', (problem, shape) => {
    expect(shapeProblem(shape)).toBe(problem);
  });

  it('crossing itself is a note, not an error', () => {
    expect(shapeProblem(polygon(BOW))).toBeNull();
    expect(crossesItself(BOW)).toBe(true);
    expect(crossesItself(SQUARE)).toBe(false);
  });
});

describe('text', () => {
  const lasso = polygon(
    Array.from(
      { length: 200 },
      (_, i): LngLat => [
        Math.round((120.6 + 0.02 * Math.cos(i / 32)) * 1e5) / 1e5,
        Math.round((31.3 + 0.02 * Math.sin(i / 32)) * 1e5) / 1e5,
      ],
    ),
  );

  it('of a lasso of 200 points is below 1,300 characters and needs no escape', () => {
    const text = formatArea({ name: '', parts: [{ op: 'union', shape: lasso }] });
    expect(text.length).toBeLessThan(1300);
    expect(encodeURIComponent(text)).toBe(text);
  });

  it('keeps a name with any printable letters', () => {
    const area: Area = { name: '观前街 ~ 东!.%', parts: [{ op: 'union', shape: lasso }] };
    expect(parseArea(formatArea(area))).toEqual(area);
    expect(cleanName('  a\u0000b\n ')).toBe('ab');
    expect([...cleanName('街'.repeat(99))].length).toBe(AREA_LIMITS.nameLength);
  });

  it('is refused when it begins with anything but a union, or is too long', () => {
    const text = formatArea({ name: '', parts: [{ op: 'union', shape: lasso }] });
    expect(parseArea(`d${text.slice(1)}`)).toBeNull();
    const times = (n: number) => parseArea(Array.from({ length: n }, () => text).join('~'));
    expect(times(3)?.parts.length).toBe(3);
    expect(times(AREA_LIMITS.parts)).toBeNull();
    const small = formatArea({ name: '', parts: [{ op: 'union', shape: box(0, 0, 1, 1) }] });
    expect(parseArea(Array.from({ length: AREA_LIMITS.parts + 1 }, () => small).join('~'))).toBeNull();
    expect(parseArea('')).toBeNull();
  });
});

it('a simplified line stays within its tolerance', () => {
  const line = Array.from({ length: 400 }, (_, i): LngLat => [120 + i / 1e4, 31 + Math.sin(i / 20) / 1e3]);
  const fewer = simplified(line, 10);
  expect(fewer.length).toBeLessThan(80);
  expect([fewer[0], fewer.at(-1)]).toEqual([line[0], line.at(-1)]);
  const near = insideTest({ kind: 'line', points: fewer, widthM: 10.01 })([119, 30, 121, 32]);
  expect(line.every(([lng, lat]) => near?.(lng, lat))).toBe(true);
});

/** Vincenty (1975), Survey Review 23(176), 88–93: the inverse problem on WGS 84, by another way than the code under test. */
function vincentyM(aLng: number, aLat: number, bLng: number, bLat: number): number {
  const [a, f, rad] = [6_378_137, 1 / 298.257223563, Math.PI / 180];
  const b = a * (1 - f);
  const [u1, u2] = [Math.atan((1 - f) * Math.tan(aLat * rad)), Math.atan((1 - f) * Math.tan(bLat * rad))];
  const l = (bLng - aLng) * rad;
  let lambda = l;
  for (let turn = 0; ; turn++) {
    const sinSigma = Math.hypot(
      Math.cos(u2) * Math.sin(lambda),
      Math.cos(u1) * Math.sin(u2) - Math.sin(u1) * Math.cos(u2) * Math.cos(lambda),
    );
    const cosSigma = Math.sin(u1) * Math.sin(u2) + Math.cos(u1) * Math.cos(u2) * Math.cos(lambda);
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (Math.cos(u1) * Math.cos(u2) * Math.sin(lambda)) / sinSigma;
    const cos2Alpha = 1 - sinAlpha ** 2;
    const cos2m = cosSigma - (2 * Math.sin(u1) * Math.sin(u2)) / cos2Alpha;
    const c = (f / 16) * cos2Alpha * (4 + f * (4 - 3 * cos2Alpha));
    const next = l + (1 - c) * f * sinAlpha * (sigma + c * sinSigma * (cos2m + c * cosSigma * (-1 + 2 * cos2m ** 2)));
    const done = Math.abs(next - lambda) < 1e-13 || turn > 50;
    lambda = next;
    if (!done) continue;
    const v = (cos2Alpha * (a * a - b * b)) / (b * b);
    const A = 1 + (v / 16384) * (4096 + v * (-768 + v * (320 - 175 * v)));
    const B = (v / 1024) * (256 + v * (-128 + v * (74 - 47 * v)));
    const delta =
      B *
      sinSigma *
      (cos2m +
        (B / 4) *
          (cosSigma * (-1 + 2 * cos2m ** 2) - (B / 6) * cos2m * (-3 + 4 * sinSigma ** 2) * (-3 + 4 * cos2m ** 2)));
    return b * A * (sigma - delta);
  }
}
