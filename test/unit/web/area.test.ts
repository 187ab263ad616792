import { describe, expect, it } from 'vitest';
import { AREA_LIMITS, type Area, type LngLat } from '../../../core/geo/area/area.ts';
import { formatArea } from '../../../core/geo/area/area-text.ts';
import { partlyInside } from '../../../web/src/area/coarser.ts';
import { formatPoints, parsePoints } from '../../../web/src/area/coordinates.ts';
import { fittedToLink, movedHandle, withoutHandle } from '../../../web/src/area/edit.ts';
import { fromGeoJson, toGeoJson } from '../../../web/src/area/geojson.ts';
import { areaOutlines } from '../../../web/src/area/outlines.ts';
import { saveArea, savedAreas } from '../../../web/src/area/saved.ts';

const SQUARE: readonly LngLat[] = [
  [120, 31],
  [120.1, 31],
  [120.1, 31.1],
  [120, 31.1],
];
const HOLE = SQUARE.map(([lng, lat]): LngLat => [120.02 + (lng - 120) / 2, 31.02 + (lat - 31) / 2]);
const area: Area = {
  name: '老街',
  parts: [
    { op: 'union', shape: { kind: 'polygon', rings: [SQUARE, HOLE] } },
    { op: 'difference', shape: { kind: 'circle', centre: [120.05, 31.05], radiusM: 500 } },
  ],
};
const sizes = { radiusM: 300, widthM: 50 };

describe('GeoJSON', () => {
  const file = toGeoJson({ area, outlines: areaOutlines(area), cells: 3, km2: 1, snapshot: 'a', asOf: null });

  it('brings back the area exactly, and other programs see a hole as a hole', () => {
    expect(fromGeoJson(JSON.stringify(file), sizes)).toEqual({ ok: true, area, skipped: 0 });
    const first = file.features[0]?.geometry;
    expect(first?.type === 'MultiPolygon' && first.coordinates.map((polygon) => polygon.length)).toEqual([2]);
  });

  it('of others: polygons, bands around lines, circles around facilities; what is unusable is counted', () => {
    const geometries = [
      { type: 'Polygon', coordinates: [[...SQUARE, SQUARE[0]]] },
      { type: 'LineString', coordinates: SQUARE.slice(0, 2) },
      { type: 'Point', coordinates: [120.05, 31.05, 7] },
      { type: 'Point', coordinates: ['a', 1] },
    ];
    const features = geometries.map((geometry) => ({ type: 'Feature', properties: null, geometry }));
    const read = fromGeoJson(JSON.stringify({ type: 'FeatureCollection', name: 'x', features }), sizes);
    expect(read.ok && read.area.parts.map(({ shape }) => shape)).toEqual([
      { kind: 'polygon', rings: [SQUARE] },
      { kind: 'line', points: SQUARE.slice(0, 2), widthM: 50 },
      { kind: 'circle', centre: [120.05, 31.05], radiusM: 300 },
    ]);
    expect(read.ok && read.skipped).toBe(1);
  });

  it.each([
    ['not-json', '{'],
    ['not-geojson', '[]'],
    ['not-geojson', '{"type":"Topology"}'],
    ['nothing-usable', '{"type":"FeatureCollection","features":[]}'],
    ['off-earth', '{"type":"Point","coordinates":[500,1]}'],
    ['few-points', '{"type":"Polygon","coordinates":[[[1,1],[2,2],[1,1]]]}'],
  ])('%s is refused by name', (problem, text) => {
    expect(fromGeoJson(text, sizes)).toEqual({ ok: false, problem });
  });
});

it('typed points are read back; a line that is none is named', () => {
  expect(parsePoints(formatPoints([SQUARE, HOLE]))).toEqual({ ok: true, rings: [SQUARE, HOLE] });
  expect(parsePoints('120.1，31.2\n(120.2 31.3)')).toMatchObject({ ok: true });
  expect(parsePoints('120, 31\n东, 西')).toEqual({ ok: false, line: 2, text: '东, 西' });
});

it('too many points for a link are thinned, and it is said by how much', () => {
  const ring = Array.from(
    { length: 9000 },
    (_, i): LngLat => [120 + Math.cos(i / 1432) / 50 + (i % 2) / 1e5, 31 + Math.sin(i / 1432) / 50],
  );
  const fitted = fittedToLink({ name: '', parts: [{ op: 'union', shape: { kind: 'polygon', rings: [ring] } }] });
  expect(fitted?.movedM).toBeGreaterThan(0);
  expect(fitted && formatArea(fitted.area).length).toBeLessThanOrEqual(AREA_LIMITS.text);
  expect(fittedToLink(area)).toEqual({ area, movedM: 0 });
});

it('corners move and go; three stay', () => {
  const shape = { kind: 'polygon' as const, rings: [SQUARE] };
  expect(movedHandle(shape, 1, [121, 32])).toMatchObject({ rings: [[SQUARE[0], [121, 32], SQUARE[2], SQUARE[3]]] });
  const three = withoutHandle(shape, 0);
  expect(three).toMatchObject({ rings: [SQUARE.slice(1)] });
  expect(three && withoutHandle(three, 0)).toBeNull();
});

it('what is kept in the browser is read back; what somebody else wrote there is passed over', () => {
  const held = new Map<string, string>();
  const store = {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (k: string, v: string) => void held.set(k, v),
  };
  const text = formatArea(area);
  expect(saveArea(store, text)).toEqual([text]);
  expect(savedAreas(store)).toEqual([text]);
  held.set('hexsight.areas', JSON.stringify([7, 'nonsense', text]));
  expect(savedAreas(store)).toEqual([text]);
  held.set('hexsight.areas', '{');
  expect(savedAreas(store)).toEqual([]);
  const full = {
    ...store,
    setItem: () => {
      throw new Error('full');
    },
  };
  expect(saveArea(full, text)).toBeNull();
});

it('only places published to a coarser cell that is cut by the area are told as left out', () => {
  const counts = {
    kind: 'finest' as const,
    cellId: Uint32Array.of(1, 1, 9, 20),
    res: Uint8Array.of(8, 10, 9, 8),
    n: Uint32Array.of(3, 50, 4, 5),
  };
  expect(
    partlyInside(
      counts,
      [
        { id: 0, end: 8, res: 8 },
        { id: 8, end: 12, res: 9 },
      ],
      10,
    ),
  ).toBe(7);
});
