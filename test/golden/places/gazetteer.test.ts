import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../pipelines/errors.ts';
import type { RunSummary } from '../../../pipelines/run.ts';
import { type MadeCity, type MadeRow, madeCity, points, rowsOf, SUZHOU } from './made-city.ts';

/** 第1区 is the south-western square, 第2区 its neighbour to the east. */
const at = (column: number, row: number, east = 0.01): string =>
  `${(SUZHOU.west + column * 0.02 + east).toFixed(5)},${(SUZHOU.south + row * 0.02 + 0.01).toFixed(5)}`;
const GAZETTEER = [
  'name,lng,lat,resolution',
  `人民路128号,${at(0, 0)},10`,
  `东园新村,${at(1, 0)},9`,
  `和平里,${at(0, 0)},10`,
  `和平里,${at(1, 0)},10`,
  `外地广场,121.5,31.2,10`,
  '',
].join('\n');

const row = (id: string, place: string, more: Partial<MadeRow> = {}): MadeRow => ({
  id,
  day: '2026-02-03',
  x: '',
  y: '',
  district: '',
  place,
  ...more,
});
const ROWS: readonly MadeRow[] = [
  row('exact', '人民路128号'),
  row('with-city', '样城市第1区人民路128号'),
  row('zero', '人民路128号', { x: '0', y: '0' }),
  row('coarse', '东园新村'),
  row('ambiguous', '和平里'),
  row('told-apart', '和平里', { district: '第2区' }),
  row('contradicts', '人民路128号', { district: '第2区' }),
  row('unknown', '无此地', { district: '第3区' }),
  row('nothing', '无此地'),
  row('elsewhere', '外地广场'),
];

describe('a gazetteer of known places', () => {
  let city: MadeCity;
  let summary: RunSummary;
  const withPlaces = (): MadeCity =>
    madeCity(
      SUZHOU,
      {},
      {
        gazetteer: { file: 'places.csv', name: 'name', lng: 'lng', lat: 'lat', resolution: 'resolution' },
      },
    );
  const honest = points(SUZHOU, 50, ['2026-02']);
  beforeAll(async () => {
    city = withPlaces();
    writeFileSync(join(city.profile, 'places.csv'), GAZETTEER);
    city.write('orders-1.csv', [...rowsOf('a', honest, (lng, lat) => [lng, lat]), ...ROWS]);
    summary = await city.run();
  }, 60_000);
  afterAll(() => city.remove());

  it('places rows without a coordinate, and says how and how finely', async () => {
    expect(await city.methods()).toEqual({
      // contradicts (its own district), unknown (its own district)
      'method 3 res 0 no cell': 2,
      // coarse
      'method 2 res 9 cell': 1,
      // exact, with-city, zero, told-apart
      'method 2 res 10 cell': 4,
      'method 1 res 10 cell': honest.length,
      // ambiguous, nothing, elsewhere
      'method 0 res 0 no cell': 3,
    });
    expect(summary).toMatchObject({ located: honest.length + 5, divisionOnly: 2, unlocated: 3 });
  });

  it('leaves what it cannot place unlocated for the reason of the row, not for the place it found', () => {
    const [file] = city.published().quality.files;
    expect(file!.unlocated).toEqual({ 'coordinate-missing': 3 });
  });

  it('puts a row where the entry lies: the cell and the division of its point', () => {
    const { facts, divisions, cells } = city.published();
    const coarse = facts.filter((fact) => fact.res === 9);
    expect(coarse.map((fact) => divisions[fact.division!]!.code)).toEqual(['02']);
    expect(cells[coarse[0]!.cellId!]).toMatch(/^8a/);
  });

  it('makes its rows anew when an entry moves, and only then', async () => {
    await expect(city.run()).resolves.toMatchObject({ unchanged: true });
    const before = city.facts();
    writeFileSync(
      join(city.profile, 'places.csv'),
      GAZETTEER.replace(`人民路128号,${at(0, 0)}`, `人民路128号,${at(0, 1)}`),
    );
    await expect(city.run()).resolves.toMatchObject({ unchanged: false });
    const after = city.facts();
    expect(after).not.toEqual(before);
    const { manifest, facts, divisions } = city.published();
    expect(manifest.from.inputs.filter((input) => input.feed === 'gazetteer')).toHaveLength(1);
    expect(
      facts.filter((fact) => fact.cellId !== null && divisions[fact.division!]!.code === '06').length,
    ).toBeGreaterThanOrEqual(3);
  });

  it('stops the run with every problem when it cannot be read', async () => {
    const broken = withPlaces();
    try {
      broken.write(
        'orders.csv',
        rowsOf('a', honest, (lng, lat) => [lng, lat]),
      );
      writeFileSync(
        join(broken.profile, 'places.csv'),
        'name,lng,lat,resolution\n,120.6,31.3,10\n甲,x,31.3,10\n乙,120.6,31.3,12\n丙,300,31.3,10\n',
      );
      const error = (await broken.run().catch((cause: unknown) => cause)) as InputError;
      expect(error).toBeInstanceOf(InputError);
      expect(error.problems).toHaveLength(4);
      writeFileSync(join(broken.profile, 'places.csv'), 'name,lon,lat\n甲,120.6,31.3\n');
      const columns = (await broken.run().catch((cause: unknown) => cause)) as InputError;
      expect(columns.problems.join()).toMatch(/"lng" is missing.*"resolution" is missing/);
    } finally {
      broken.remove();
    }
  });
});
