import { describe, expect, test } from 'vitest';
import { BASEMAP_THEMES } from '../../../tiles/palette.ts';
import { heightOf, kindIn, kindsOf, namesOf } from '../../../tiles/rules.ts';
import { areaFirstZoom, BASEMAP_LAYERS, CLASSES } from '../../../tiles/schema.ts';
import { basemapLayers } from '../../../tiles/style.ts';

const seen = (tags: Record<string, string>, geometry: 'point' | 'line' | 'area') =>
  kindsOf(tags, geometry).map((kind) => `${kind.layer}/${kind.class}/${kind.shape}`);

describe('what a tagged element is', () => {
  test.each([
    [{ highway: 'motorway_link' }, 'line', ['roads/motorway/line']],
    [{ highway: 'construction' }, 'line', []],
    [{ highway: 'residential', indoor: 'yes' }, 'line', []],
    [{ highway: 'pedestrian', area: 'yes' }, 'area', []],
    [{ railway: 'subway' }, 'line', ['roads/transit/line']],
    [{ waterway: 'river' }, 'line', ['water/river/line']],
    [{ waterway: 'stream', tunnel: 'culvert' }, 'line', []],
    [{ natural: 'water', water: 'river' }, 'area', ['water/river/area']],
    [{ leisure: 'park', name: '拙政园' }, 'area', ['green/park/area', 'names/park/point']],
    [{ building: 'yes', amenity: 'hospital', name: '医院' }, 'area', ['buildings/building/area', 'poi/health/point']],
    [{ building: 'no' }, 'area', []],
    [{ amenity: 'hospital' }, 'point', []],
    [{ amenity: 'place_of_worship', name: '寺' }, 'point', []],
    [{ place: 'suburb', name: '姑苏区' }, 'point', ['names/suburb/point']],
  ] as const)('%j as %s', (tags, geometry, expected) => {
    expect(seen(tags, geometry)).toEqual(expected);
  });

  test('a link road comes later than its road', () => {
    const zoom = (highway: string) => kindsOf({ highway }, 'line')[0]!.firstZoom;
    expect([zoom('trunk'), zoom('trunk_link')]).toEqual([7, 10]);
  });
});

describe('what a record of a file is', () => {
  test.each([
    ['roads', { fclass: 'primary' }, 'line', null, 'primary'],
    ['roads', { highway: 'residential' }, 'line', null, 'minor'],
    ['roads', { fclass: 'no such' }, 'line', null, 'minor'],
    ['roads', { fclass: 'primary' }, 'line', 'transit', 'transit'],
    ['water', { featurecla: 'Lake Centerline' }, 'line', null, 'river'],
    ['poi', { class: 'hospital' }, 'point', null, 'health'],
  ] as const)('%s %j', (layer, tags, geometry, given, expected) => {
    expect(kindIn(layer, tags, { geometry, given }).class).toBe(expected);
  });
});

describe('names', () => {
  test('Chinese first, English beside it, a Latin name is both', () => {
    expect(namesOf({ name: '干将路', 'name:en': 'Ganjiang Road' })).toEqual({ name: '干将路', en: 'Ganjiang Road' });
    expect(namesOf({ name: 'Chinatown', 'name:zh': '唐人街' })).toEqual({ name: '唐人街', en: 'Chinatown' });
    expect(namesOf({ name: 'Market Street' })).toEqual({ name: 'Market Street', en: 'Market Street' });
    expect(namesOf({ name: '平江路' })).toEqual({ name: '平江路' });
    expect(namesOf({ name: '  ' })).toEqual({});
  });
});

test('a height nobody said is not zero', () => {
  expect([heightOf({ height: '12.4 m' }), heightOf({ 'building:levels': '6' })]).toEqual([12, 18]);
  expect([heightOf({}), heightOf({ height: '0' }), heightOf({ height: 'high' })]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('a larger area is on the map earlier', () => {
  expect(areaFirstZoom({ km2: 2400, lat: 31 })).toBeLessThan(5);
  expect(areaFirstZoom({ km2: 0.01, lat: 31 })).toBe(12);
  expect(areaFirstZoom({ km2: Number.NaN, lat: 31 })).toBe(14);
});

describe('style', () => {
  const style = (theme: (typeof BASEMAP_THEMES)[number], language: 'zh' | 'en' = 'zh') =>
    basemapLayers({ source: 'basemap', theme, language, unit: 1, font: ['Noto Sans CJK SC'] });

  test('every theme has the same layers, and only the colours differ', () => {
    const ids = BASEMAP_THEMES.map((theme) => [...style(theme).below, ...style(theme).above].map(({ id }) => id));
    expect(new Set(ids[0]).size).toBe(ids[0]!.length);
    for (const other of ids) expect(other).toEqual(ids[0]);
    expect(new Set(BASEMAP_THEMES.map((theme) => JSON.stringify(style(theme)))).size).toBe(3);
  });

  test('reads layers and classes that the tiles have', () => {
    for (const layer of [...style('light').below, ...style('light').above]) {
      const from = 'source-layer' in layer ? layer['source-layer'] : undefined;
      expect(BASEMAP_LAYERS).toContain(from);
      const known: readonly string[] = CLASSES[from as (typeof BASEMAP_LAYERS)[number]];
      const filter = 'filter' in layer ? JSON.stringify(layer.filter ?? null) : '';
      const [, asked] = /"class"\],(\[[^\]]*\])/.exec(filter) ?? [];
      for (const name of asked ? (JSON.parse(asked) as string[]) : []) expect(known).toContain(name);
    }
  });

  test('names stand above the data, fills below it', () => {
    const { below, above } = style('dark', 'en');
    expect(below.some(({ type }) => type === 'symbol')).toBe(false);
    expect(above.some(({ type }) => type === 'fill')).toBe(false);
  });
});
