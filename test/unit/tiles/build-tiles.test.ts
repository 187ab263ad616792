import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toGcj02 } from '../../../core/geo/gcj02.ts';
import { loadProfile } from '../../../pipelines/config/load-profile.ts';
import { buildTiles, type TilesInput, type TilesResult } from '../../../pipelines/tiles/build-tiles.ts';
import { type LayerOption, parseLayerOption } from '../../../pipelines/tiles/layer-option.ts';
import { type SmallCity, smallCity } from '../../golden/bad-input/small-city.ts';
import { osmPbf } from '../../support/osm-pbf.ts';
import { archiveAt, distanceTo, featuresIn, placeInTile, tileAt } from '../../support/tile-archive.ts';

let city: SmallCity;
let root: string;

beforeEach(() => {
  city = smallCity((profile) => {
    profile.water = 'water.geojson';
  });
  root = dirname(city.out);
  const water = {
    type: 'FeatureCollection',
    features: [
      {
        type: 'Feature',
        properties: { name: '金鸡湖', nameEn: 'Jinji Lake' },
        geometry: { type: 'Polygon', coordinates: [square(120.002, 31.002, 0.004)] },
      },
    ],
  };
  writeFileSync(join(city.profile, 'water.geojson'), JSON.stringify(water));
});
afterEach(() => city.remove());

function square(west: number, south: number, side: number): [number, number][] {
  const [east, north] = [west + side, south + side];
  return [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
}

const layer = (text: string): LayerOption => {
  const option = parseLayerOption(text);
  if ('problem' in option) throw new Error(option.problem);
  return option;
};

function build(options: Partial<TilesInput> = {}): Promise<TilesResult> {
  return buildTiles({
    loaded: loadProfile(city.profile),
    input: null,
    osm: [],
    layers: [],
    attribution: [],
    marginKm: 2,
    out: join(root, 'city.pmtiles'),
    progress: () => undefined,
    ...options,
  });
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
}

const geojson = (properties: object, geometry: object): string =>
  JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', properties, geometry }] });

const leftOvers = () => readdirSync(root).filter((name) => name.includes('.tmp-'));

describe('what is in the tiles', () => {
  test('the profile alone gives water, divisions and names', async () => {
    const result = await build();
    const archive = archiveAt(result.out);
    const place = placeInTile(120.004, 31.004, 14);
    const tile = await tileAt(archive, place);
    const [lake] = featuresIn(tile, 'water');
    expect(lake?.properties).toEqual({ class: 'lake', name: '金鸡湖', en: 'Jinji Lake' });
    const ring = lake!.loadGeometry()[0]!;
    const corner = placeInTile(120.002, 31.006, 14);
    expect(corner).toMatchObject({ x: place.x, y: place.y });
    expect(Math.min(...ring.map(({ x, y }) => Math.hypot(x - corner.px, y - corner.py)))).toBeLessThan(1);
    expect(featuresIn(tile, 'divisions')[0]?.properties).toMatchObject({ code: '01', name: '西区', level: 1 });
    expect(featuresIn(tile, 'names').map(({ properties }) => properties.name)).toContain('金鸡湖');
    const header = await archive.getHeader();
    expect([header.minZoom, header.maxZoom, header.tileType]).toEqual([result.minZoom, 14, 1]);
    expect(await archive.getMetadata()).toMatchObject({ name: '小城 Small city' });
    expect(leftOvers()).toEqual([]);
  });

  test('roads, areas with holes and services of an OSM extract are where they are', async () => {
    const nodes = [
      ...[120.001, 120.009, 120.019].map((lng, i) => ({ id: 1 + i, lng, lat: 31.01 })),
      ...square(120.011, 31.003, 0.006)
        .slice(0, 4)
        .map(([lng, lat], i) => ({ id: 10 + i, lng, lat })),
      ...square(120.013, 31.005, 0.002)
        .slice(0, 4)
        .map(([lng, lat], i) => ({ id: 20 + i, lng, lat })),
      {
        id: 30,
        lng: 120.005,
        lat: 31.015,
        tags: { amenity: 'hospital', name: '第一医院', 'name:en': 'First Hospital' },
      },
      { id: 31, lng: 120.006, lat: 31.015, tags: { amenity: 'place_of_worship', name: '寺' } },
    ];
    const osm = osmPbf({
      nodes,
      ways: [
        { id: 1, refs: [1, 2, 3], tags: { highway: 'primary', name: '干将路', 'name:en': 'Ganjiang Road' } },
        // The outer ring in two halves, one of them the other way round.
        { id: 2, refs: [10, 11, 12], tags: {} },
        { id: 3, refs: [10, 13, 12], tags: {} },
        { id: 4, refs: [20, 21, 22, 23, 20], tags: {} },
      ],
      relations: [
        {
          id: 1,
          tags: { type: 'multipolygon', natural: 'water', name: '湖' },
          members: [
            { ref: 2, role: 'outer' },
            { ref: 3, role: 'outer' },
            { ref: 4, role: 'inner' },
          ],
        },
      ],
    });
    const result = await build({ osm: [file('city.osm.pbf', osm)] });
    expect(result.osm).toEqual([{ nodes: 13, ways: 4, relations: 1, openAreas: 0 }]);
    expect(result.attribution.zh).toContain('OpenStreetMap');
    const archive = archiveAt(result.out);
    const onRoad = placeInTile(120.012, 31.01, 14);
    const [road, ...more] = featuresIn(await tileAt(archive, onRoad), 'roads');
    expect(more).toEqual([]);
    expect(road?.properties).toEqual({ class: 'primary', name: '干将路', en: 'Ganjiang Road' });
    expect(distanceTo(road!, onRoad)).toBeLessThan(1);
    const beside = placeInTile(120.012, 31.0102, 14);
    expect(distanceTo(road!, beside)).toBeGreaterThan(20);
    const lake = featuresIn(await tileAt(archive, placeInTile(120.012, 31.004, 14)), 'water').find(
      ({ properties }) => properties.name === '湖',
    );
    expect(lake?.loadGeometry().length).toBe(2);
    const poi = featuresIn(await tileAt(archive, placeInTile(120.005, 31.015, 14)), 'poi');
    expect(poi.map(({ properties }) => properties)).toEqual([
      { class: 'health', name: '第一医院', en: 'First Hospital' },
    ]);
  });

  test('a GCJ-02 layer lies where it is on the ground', async () => {
    const line = [
      { lng: 120.003, lat: 31.012 },
      { lng: 120.017, lat: 31.012 },
    ];
    const shifted = line.map(toGcj02).map(({ lng, lat }) => [lng, lat]);
    const path = file(
      'ring.geojson',
      geojson({ class: 'trunk', name: '环路' }, { type: 'LineString', coordinates: shifted }),
    );
    const result = await build({ layers: [layer(`roads@gcj02=${path}`)], attribution: ['测绘院'] });
    const place = placeInTile(120.01, 31.012, 14);
    const [road] = featuresIn(await tileAt(archiveAt(result.out), place), 'roads');
    expect(road?.properties).toMatchObject({ class: 'trunk', name: '环路' });
    // 1 unit is 0.5 m here; the shift would be some hundred metres.
    expect(distanceTo(road!, place)).toBeLessThan(2);
    expect(result.attribution.zh).toBe('测绘院');
  });

  test('line-delimited GeoJSON is read line by line, and a broken line is named', async () => {
    const point = (name: string, lng: number) =>
      JSON.stringify({
        type: 'Feature',
        properties: { name, fclass: 'school' },
        geometry: { type: 'Point', coordinates: [lng, 31.01] },
      });
    const path = file('poi.geojsonl', `\u001e${point('一小', 120.004)}\n\n${point('二小', 120.005)}\n`);
    const result = await build({ layers: [layer(`poi=${path}`)] });
    const poi = featuresIn(await tileAt(archiveAt(result.out), placeInTile(120.004, 31.01, 14)), 'poi');
    expect(poi.map(({ properties }) => [properties.name, properties.class])).toEqual([
      ['一小', 'education'],
      ['二小', 'education'],
    ]);
    const broken = file('broken.ndjson', `${point('一小', 120.004)}\n{"type":"Feature",\n`);
    await expect(build({ layers: [layer(`poi=${broken}`)] })).rejects.toThrow('line 2');
  });
});

describe('the same inputs make the same bytes', () => {
  test('twice, and nothing in it says when', async () => {
    const path = file(
      'b.geojson',
      geojson({ height: 30 }, { type: 'Polygon', coordinates: [square(120.012, 31.012, 0.0008)] }),
    );
    const first = await build({ layers: [layer(`buildings=${path}`)] });
    const second = await build({ layers: [layer(`buildings=${path}`)], out: join(root, 'again.pmtiles') });
    expect(readFileSync(second.out).equals(readFileSync(first.out))).toBe(true);
    expect(second.sha256).toBe(first.sha256);
    const other = await build({ layers: [], out: join(root, 'other.pmtiles') });
    expect(other.sha256).not.toBe(first.sha256);
  });
});

describe('bad input', () => {
  const good = () => osmPbf({ nodes: [{ id: 1, lng: 120.005, lat: 31.01, tags: { place: 'village', name: '村' } }] });
  test.each([
    ['an empty file', () => Buffer.alloc(0), /is empty.*osmium fileinfo/],
    ['a web page', () => Buffer.from('<html>404 Not Found</html>'.padEnd(100)), /OSM XML.*osmium cat/],
    ['a picture', () => Buffer.alloc(500, 0x89), /no OSM extract.*osmium fileinfo/],
    ['half a download', () => good().subarray(0, good().length - 20), /damaged near byte \d+.*osmium fileinfo/],
    ['a flipped byte', () => flipped(good()), /damaged near byte/],
    [
      'another city',
      () => osmPbf({ nodes: [{ id: 1, lng: 2, lat: 48, tags: { place: 'village', name: 'x' } }] }),
      /study area/,
    ],
  ])('%s as extract is refused with what to do', async (_, bytes, message) => {
    await expect(build({ osm: [file('bad.osm.pbf', bytes())] })).rejects.toThrow(message);
    expect(existsSync(join(root, 'city.pmtiles'))).toBe(false);
    expect(leftOvers()).toEqual([]);
  });

  function flipped(bytes: Buffer): Buffer {
    const copy = Buffer.from(bytes);
    copy[copy.length - 30]! ^= 0xff;
    return copy;
  }

  test.each([
    ['not.geojson', 'roads,1,2', /damaged or not what its name says/],
    ['none.geojson', '', /is empty/],
    ['wrong.dxf', 'x', /not a kind of file.*\.geojson/],
    ['far.geojson', geojson({}, { type: 'Point', coordinates: [2, 48] }), /study area.*datum/],
    [
      'metres.geojson',
      geojson({}, { type: 'Point', coordinates: [500_000, 3_400_000] }),
      /no record of it can be drawn/,
    ],
  ])('%s as layer is refused with what is wrong', async (name, content, message) => {
    await expect(build({ layers: [layer(`poi=${file(name, content)}`)] })).rejects.toThrow(message);
    expect(leftOvers()).toEqual([]);
  });

  test.each([
    ['streets=a.geojson', /no layer "streets"; known: roads/],
    ['roads.avenue=a.geojson', /no class "avenue"; known: minor/],
    ['roads@gcj-02=a.geojson', /no datum "gcj-02"/],
    ['roads', /expected <layer>/],
  ])('--layer %s says what is known', (text, message) => {
    expect(parseLayerOption(text)).toEqual({ problem: expect.stringMatching(message) });
  });

  test('a stop in the middle leaves nothing behind, and the old file as it was', async () => {
    const before = await build();
    const stop = new AbortController();
    const again = build({ progress: () => stop.abort(new Error('stopped')), signal: stop.signal });
    await expect(again).rejects.toThrow('stopped');
    expect(readFileSync(before.out).length).toBe(before.bytes);
    expect(leftOvers()).toEqual([]);
  });
});

const SHARED = resolve(import.meta.dirname, '../../..', process.env.HEXSIGHT_REAL_DATA ?? '../shared/data');
const EXTRACT = join(SHARED, 'basemap/sf-downtown.osm.pbf');

/** Not in the repository: read where it lies. */
describe.runIf(existsSync(EXTRACT))('a real extract', () => {
  test('Market Street runs through Fifth and Market at zoom 14, with its name', { timeout: 120_000 }, async () => {
    const result = await build({
      loaded: loadProfile('san-francisco'),
      input: join(SHARED, 'sf'),
      osm: [EXTRACT],
      marginKm: 5,
    });
    // Corner of Market Street and 5th Street, from general knowledge, within 30 m (1 unit = 0.47 m).
    const corner = placeInTile(-122.4083, 37.7838, 14);
    const roads = featuresIn(await tileAt(archiveAt(result.out), corner), 'roads').filter(
      ({ properties }) => properties.name === 'Market Street',
    );
    expect(roads.length).toBeGreaterThan(0);
    expect(Math.min(...roads.map((road) => distanceTo(road, corner)))).toBeLessThan(64);
    // Closed to private cars since 2020, and so mapped.
    expect(new Set(roads.map(({ properties }) => properties.class))).toEqual(new Set(['tertiary']));
    expect(result.osm[0]).toMatchObject({ ways: 20_938 });
    expect(result.bytes).toBeLessThan(1_000_000);
  });
});
