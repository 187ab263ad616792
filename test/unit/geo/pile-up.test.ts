import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseProfile } from '../../../core/contract/profile.ts';
import { toWgs84 } from '../../../core/geo/crs.ts';
import { divisionIndex, packShapes } from '../../../core/geo/division-index.ts';
import { type DivisionCentre, divisionCentres, type PileUp, pileUps } from '../../../core/geo/pile-up.ts';
import { decimalsOf, mergePointCounts, pointCounter } from '../../../core/geo/point-counter.ts';
import { loadDivisions } from '../../../pipelines/steps/divisions.ts';
import { CITY_DIVISIONS, divisionAt, uniforms } from './datum-city.ts';

const NONE = 0xffffffff;
/** Every square of the made city hangs under the city itself. */
const PARENTS = Array.from({ length: CITY_DIVISIONS }, (_, id) => (id === 0 ? null : 0));
const CENTRES: DivisionCentre[] = Array.from({ length: 64 }, (_, i) => ({
  division: i + 1,
  kind: 'centroid',
  lng: 120.5 + 0.03 * ((i % 8) + 0.5),
  lat: 31.2 + 0.03 * (Math.floor(i / 8) + 0.5),
}));
const CATEGORIES = 8;

interface Pile {
  readonly lng: number;
  readonly lat: number;
  readonly rows: number;
  readonly place: (i: number) => number;
  readonly own: (i: number) => number;
  readonly category: (i: number) => number;
}

/** 6,000 rows all over the city with eight categories, and one pile. */
function verdictOf(pile: Pile): PileUp {
  const draw = uniforms(5);
  const counter = pointCounter();
  for (let i = 0; i < 6000; i++) {
    const lng = Math.round((120.5 + 0.24 * draw()) * 1e6) / 1e6;
    const lat = Math.round((31.2 + 0.24 * draw()) * 1e6) / 1e6;
    counter.add(lng, lat, i + 1, divisionAt(lng, lat) ?? NONE, Math.floor(draw() * CATEGORIES), i % 300);
  }
  for (let i = 0; i < pile.rows; i++) {
    counter.add(pile.lng, pile.lat, pile.place(i), pile.own(i), pile.category(i), i % 250);
  }
  const found = pileUps(counter.summary(20), {
    read: toWgs84('wgs84'),
    divisionAt,
    parentOf: PARENTS,
    centres: CENTRES,
    minRows: 20,
  });
  expect(found).toHaveLength(1);
  return found[0]!;
}

const OFF_CENTRE = { lng: 120.557123, lat: 31.248321, rows: 50 };
const HERE = divisionAt(OFF_CENTRE.lng, OFF_CENTRE.lat)!;
const mixed = (i: number): number => (i * 5) % CATEGORIES;

describe('a pile of rows on one point', () => {
  it('with one text, one division and one kind of problem is an address', () => {
    const found = verdictOf({ ...OFF_CENTRE, rows: 1500, place: () => 7, own: () => HERE, category: () => 3 });
    expect(found).toMatchObject({ verdict: 'address', division: null, rows: 1500 });
    expect(found.reasons).toEqual(expect.arrayContaining(['one-place-text', 'one-division', 'mix-of-its-own']));
  });

  it('on a border of two divisions is an address still', () => {
    expect(verdictOf({ ...OFF_CENTRE, place: () => 7, own: (i) => HERE + (i % 2), category: () => 3 }).verdict).toBe(
      'address',
    );
  });

  it('with many texts, divisions and categories is a default point of the whole city', () => {
    const found = verdictOf({ ...OFF_CENTRE, place: (i) => 100 + i, own: (i) => 1 + (i % 64), category: mixed });
    expect(found).toMatchObject({ verdict: 'default-point', division: 0 });
    expect(found.reasons).toEqual(expect.arrayContaining(['many-place-texts', 'many-divisions', 'mix-of-the-feed']));
  });

  it('under the address of a hall for matters of many divisions is a default point', () => {
    expect(verdictOf({ ...OFF_CENTRE, place: () => 7, own: (i) => 1 + (i % 64), category: mixed }).verdict).toBe(
      'default-point',
    );
  });

  it('on the middle of a division is a default point of that division', () => {
    const centre = CENTRES[20]!;
    const pile = { ...centre, rows: 50, category: mixed };
    const silent = verdictOf({ ...pile, place: () => 0, own: () => NONE });
    expect(silent).toMatchObject({ verdict: 'default-point', division: centre.division });
    expect(silent.nearestCentre!.distanceM).toBeLessThan(1);
    const told = verdictOf({ ...pile, place: (i) => 100 + i, own: () => centre.division });
    expect(told).toMatchObject({ verdict: 'default-point', division: centre.division });
  });

  it('on the middle of a division, but one text and one kind of problem, is an address', () => {
    const pile = { ...CENTRES[20]!, rows: 50, place: () => 7, own: () => 21, category: () => 2 };
    expect(verdictOf(pile).verdict).toBe('address');
  });

  it('with fewer decimals than all others and the mix of the feed is a default point of what it can mean', () => {
    const found = verdictOf({ lng: 120.57, lat: 31.25, rows: 50, place: () => 0, own: () => NONE, category: mixed });
    expect(found).toMatchObject({ verdict: 'default-point', division: divisionAt(120.57, 31.25), decimals: 2 });
  });

  it('without text and division, with the mix of the feed, is undecided and said so', () => {
    const found = verdictOf({ ...OFF_CENTRE, place: () => 0, own: () => NONE, category: mixed });
    expect(found).toMatchObject({ verdict: 'undecided', division: null, places: null, owns: null });
  });

  it('without text and division, with a mix of its own, is an address', () => {
    expect(verdictOf({ ...OFF_CENTRE, place: () => 0, own: () => NONE, category: () => 1 }).verdict).toBe('address');
  });

  it('with many texts in one division is an estate or a default: undecided', () => {
    expect(verdictOf({ ...OFF_CENTRE, place: (i) => 100 + i, own: () => HERE, category: mixed }).verdict).toBe(
      'undecided',
    );
  });
});

describe('counting points', () => {
  type Row = [x: number, y: number, place: number, own: number, category: number, day: number];
  const draw = uniforms(11);
  const rows: Row[] = Array.from({ length: 20_000 }, () => {
    const point = Math.floor(1500 * draw() ** 3);
    return [
      120 + point * 0.0013,
      31 + (point % 7) * 0.0017,
      Math.floor(draw() * 9),
      draw() < 0.1 ? NONE : Math.floor(draw() * 5),
      Math.floor(draw() * 12),
      17_000 + Math.floor(draw() * 100),
    ];
  });
  const counted = (order: readonly Row[], capacity?: number) => {
    const counter = pointCounter(capacity);
    for (const row of order) counter.add(...row);
    return counter.summary(5);
  };

  it('agrees with counting by hand', () => {
    const found = counted(rows);
    const largest = found.summaries[0]!;
    const own = rows.filter(([x, y]) => x === largest.x && y === largest.y);
    expect(largest.rows).toBe(own.length);
    expect(largest.placeRows).toBe(own.filter(([, , place]) => place !== 0).length);
    expect(largest.ownRows).toBe(own.filter(([, , , division]) => division !== NONE).length);
    expect(Object.fromEntries(largest.categories)[3]).toBe(own.filter((row) => row[4] === 3).length);
    expect(largest.firstDay).toBe(Math.min(...own.map((row) => row[5])));
    expect(largest.lastDay).toBe(Math.max(...own.map((row) => row[5])));
    expect(found.points).toBe(new Set(rows.map(([x, y]) => `${x} ${y}`)).size);
    expect(found.rows).toBe(20_000);
    expect(found.categories.reduce((sum, [, n]) => sum + n, 0)).toBe(20_000);
    expect(largest.missedAtMost).toBe(0);
  });

  it('does not depend on the order of rows', () => {
    expect(counted([...rows].reverse())).toEqual(counted(rows));
  });

  it('adds up over files', () => {
    const halves = [rows.slice(0, 9000), rows.slice(9000)].map((half) => {
      const counter = pointCounter();
      for (const row of half) counter.add(...row);
      return counter.summary(1);
    });
    const whole = counted(rows);
    const merged = mergePointCounts(JSON.parse(JSON.stringify(halves)));
    expect(merged.rows).toBe(whole.rows);
    expect(merged.categories).toEqual(whole.categories);
    expect(merged.summaries.filter((summary) => summary.rows >= 5)).toEqual(whole.summaries);
  });

  it('beyond its capacity loses no more rows of a point than it says', () => {
    const exact = counted(rows);
    const bounded = counted(rows, 300);
    expect(bounded.droppedPoints).toBeGreaterThan(0);
    for (const truth of exact.summaries.slice(0, 20)) {
      const found = bounded.summaries.find(({ x, y }) => x === truth.x && y === truth.y)!;
      expect(found.rows).toBeLessThanOrEqual(truth.rows);
      expect(found.rows + found.missedAtMost).toBeGreaterThanOrEqual(truth.rows);
    }
  });

  it.each([
    [120.5, 1],
    [120, 0],
    [120.33235, 5],
    [22.958229, 6],
    [-0.1234567, 7],
    [0, 0],
  ])('%d has %d decimals', (value, decimals) => {
    expect(decimalsOf(value)).toBe(decimals);
  });
});

describe('Tainan hotline tickets', () => {
  const REPO = resolve(import.meta.dirname, '../../..');
  const FOLDER = join(resolve(REPO, process.env.HEXSIGHT_REAL_DATA ?? '../shared/data'), 'tainan');
  const DEFAULT_POINT = { lng: 120.251111, lat: 23.012222 };
  let found: PileUp[];
  let districts: Map<string, number>;

  beforeAll(() => {
    const profileFolder = join(REPO, 'data/profiles/tainan');
    const parsed = parseProfile(JSON.parse(readFileSync(join(profileFolder, 'profile.json'), 'utf8')));
    if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
    const { divisions, shapes } = loadDivisions(parsed.profile, [profileFolder, FOLDER]);
    districts = new Map(divisions.filter(({ level }) => level === 1).map(({ name, id }) => [name, id]));
    const numbers = new Map<string, number>();
    const numberOf = (kind: string, text: string): number => {
      const key = `${kind} ${text}`;
      const number = numbers.get(key) ?? numbers.size + 1;
      numbers.set(key, number);
      return number;
    };
    const counter = pointCounter();
    const bytes = gunzipSync(readFileSync(join(FOLDER, 'tickets_1999_2015-04_2018-03.csv.gz')));
    const { data } = Papa.parse<Record<string, string>>(bytes.toString('utf8'), { header: true, skipEmptyLines: true });
    data.forEach((row, i) => {
      const own = districts.get(row.area!.replace(/\s/g, '')) ?? NONE;
      const isPlanted = i % 700 === 0;
      counter.add(
        isPlanted ? DEFAULT_POINT.lng : Number(row.long),
        isPlanted ? DEFAULT_POINT.lat : Number(row.lat),
        row.address_string === '' ? 0 : numberOf('place', row.address_string!),
        own,
        numberOf('category', `${row.service_name}/${row.subproject}`),
        Math.floor(Date.parse(`${row.requested_datetime!.slice(0, 10)}T00:00:00Z`) / 86_400_000),
      );
    });
    found = pileUps(counter.summary(50), {
      read: toWgs84('wgs84'),
      divisionAt: divisionIndex(packShapes(shapes)).at,
      parentOf: divisions.map(({ parent }) => parent),
      centres: divisionCentres(divisions),
      minRows: 50,
    });
  }, 60_000);

  it('keep their chronic address of 1,571 rows', () => {
    const chronic = found.find(({ x, y }) => x === 120.33235 && y === 22.958229)!;
    expect(chronic).toMatchObject({ verdict: 'address', division: null });
    expect(chronic.rows).toBeGreaterThan(1500);
  });

  it('show a default point that the test plants with every 700th row', () => {
    const planted = found.find(({ x, y }) => x === DEFAULT_POINT.lng && y === DEFAULT_POINT.lat)!;
    expect(planted).toMatchObject({ verdict: 'default-point', division: 0 });
    expect(planted.rows).toBe(101);
  });

  it('have one default point of their own, the geocoder’s middle of the city, and else addresses', () => {
    const others = found.filter(({ x }) => x !== DEFAULT_POINT.lng);
    expect(others.length).toBeGreaterThan(40);
    // 54 rows of 42 addresses in four districts on one point, written with 14 decimals.
    const defaults = others.filter(({ verdict }) => verdict === 'default-point');
    expect(defaults).toEqual([
      expect.objectContaining({ x: 120.21296594291925, y: 22.997143956084173, division: 0, rows: 54 }),
    ]);
    expect(others.filter(({ verdict }) => verdict === 'address').length).toBeGreaterThan(others.length * 0.9);
  });
});
