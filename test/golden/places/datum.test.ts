import { rmSync } from 'node:fs';
import { join } from 'node:path';
import proj4 from 'proj4';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { wgs84ToBd09Into } from '../../../core/geo/crs.ts';
import { toGcj02 } from '../../../core/geo/gcj02.ts';
import { toWebMercatorInto } from '../../../core/geo/web-mercator.ts';
import { InputError } from '../../../pipelines/errors.ts';
import { differences, type Tally } from '../real/tally.ts';
import { type MadeCity, madeCity, type Origin, points, rowsOf, SUZHOU, TAINAN, type Write } from './made-city.ts';

const wgs84: Write = (lng, lat) => [lng, lat];
const gcj02: Write = (lng, lat) => {
  const point = toGcj02({ lng, lat });
  return [point.lng, point.lat];
};
const into =
  (convert: (x: number, y: number, out: Float64Array) => void): Write =>
  (lng, lat) => {
    const out = new Float64Array(2);
    convert(lng, lat, out);
    return [out[0]!, out[1]!];
  };
const TWD97 = '+proj=tmerc +lat_0=0 +lon_0=121 +k=0.9999 +x_0=250000 +y_0=0 +ellps=GRS80 +units=m +no_defs';
const twd97: Write = (lng, lat) => proj4('WGS84', TWD97).forward([lng, lat]) as [number, number];

const MONTHS = ['2026-01', '2026-02', '2026-03'];
const made: MadeCity[] = [];
const city = (origin: Origin, feed: Record<string, unknown> = {}): MadeCity => {
  const one = madeCity(origin, feed);
  made.push(one);
  return one;
};
afterEach(() => {
  for (const one of made.splice(0)) one.remove();
});

describe('a file in another datum than declared', () => {
  const honest = points(SUZHOU, 1500, MONTHS);

  /** A good snapshot, then a file that is not what the contract says. */
  async function stopped(add: (good: MadeCity) => void): Promise<string> {
    const good = city(SUZHOU);
    good.write('orders-1.csv', rowsOf('a', honest, wgs84));
    await good.run();
    const before = good.manifestBytes();
    add(good);
    const error = await good.run().then(
      () => null,
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(InputError);
    expect(good.manifestBytes()).toEqual(before);
    // The way back is open: without the file the run goes through again.
    rmSync(join(good.input, 'orders-2.csv'));
    await expect(good.run()).resolves.toMatchObject({ unchanged: true });
    return (error as Error).message;
  }

  it('wholly GCJ-02, called WGS 84, stops the run, names the file and the share, and leaves the old snapshot', async () => {
    const message = await stopped((good) =>
      good.write('orders-2.csv', rowsOf('b', points(SUZHOU, 1500, MONTHS, 2), gcj02)),
    );
    expect(message).toMatch(/orders-2\.csv: (9\d|100) % \(\d+–\d+ %\) of its points lie in gcj02/);
    expect(message).not.toContain('orders-1.csv');
  });

  it('GCJ-02 in every fifth row stops the run and names the file and the share', async () => {
    const mixed = points(SUZHOU, 4000, MONTHS, 3);
    const message = await stopped((good) =>
      good.write('orders-2.csv', [...rowsOf('b', mixed.slice(800), wgs84), ...rowsOf('c', mixed.slice(0, 800), gcj02)]),
    );
    const share = Number(/orders-2\.csv: (\d+) % \(\d+–\d+ %\) of its points lie in gcj02/.exec(message)?.[1]);
    expect(share).toBeGreaterThanOrEqual(12);
    expect(share).toBeLessThanOrEqual(28);
  });

  it('GCJ-02 in a fifth of one month of ten stops the run and names the month, though the file as a whole passes', async () => {
    const months = Array.from({ length: 10 }, (_, i) => `2025-${String(i + 1).padStart(2, '0')}`);
    const clean = points(SUZHOU, 18_000, months.slice(1), 4);
    const mixed = points(SUZHOU, 2000, months.slice(0, 1), 5);
    const message = await stopped((good) =>
      good.write('orders-2.csv', [
        ...rowsOf('b', clean, wgs84),
        ...rowsOf('c', mixed.slice(400), wgs84),
        ...rowsOf('d', mixed.slice(0, 400), gcj02),
      ]),
    );
    expect(message).toMatch(/orders-2\.csv \(202501\): (1\d|2\d) % \(\d+–\d+ %\) of its points lie in gcj02/);
  });

  it('is run without its coordinates where a person decided so: each row in the division it names, and no cell', async () => {
    const distrusting = city(SUZHOU, { datumMistake: 'distrust' });
    const shifted = points(SUZHOU, 1200, MONTHS, 2);
    distrusting.write('orders-1.csv', rowsOf('a', honest, wgs84));
    distrusting.write('orders-2.csv', rowsOf('b', shifted, gcj02));
    const summary = await distrusting.run();
    expect(summary).toMatchObject({ located: honest.length, divisionOnly: shifted.length, unlocated: 0 });
    expect(summary.warnings.filter((warning) => /^orders-2\.csv: .*gcj02/.test(warning))).toHaveLength(1);
    expect(summary.warnings.filter((warning) => warning.startsWith('orders-1'))).toEqual([]);
    const { quality } = distrusting.published();
    expect(quality.files.map(({ name, datum }) => [name, datum.length])).toEqual([
      ['orders-1.csv', 0],
      ['orders-2.csv', 1],
    ]);
    expect(await distrusting.methods()).toEqual({
      'method 1 res 10 cell': honest.length,
      'method 3 res 0 no cell': shifted.length,
    });
    const { facts, divisions } = distrusting.published();
    const named = new Map<string, number>();
    for (const { district } of shifted) named.set(district, (named.get(district) ?? 0) + 1); // not seen yet: 0 times
    const found = new Map<string, number>();
    for (const fact of facts) {
      if (fact.cellId !== null) continue;
      const name = `第${Number(divisions[fact.division!]!.code)}区`;
      found.set(name, (found.get(name) ?? 0) + 1); // idem
    }
    expect(differences(named, found)).toEqual([]);
  });
});

describe.each([
  [
    'Suzhou',
    SUZHOU,
    {
      gcj02: ['gcj02', gcj02, 9],
      bd09: ['bd09', into(wgs84ToBd09Into), 9],
      cgcs2000: ['cgcs2000', wgs84, 9],
      'Web Mercator': ['web-mercator', into(toWebMercatorInto), 3],
    },
  ],
  ['Tainan', TAINAN, { 'TWD97 / TM2 zone 121': [{ proj4: TWD97 }, twd97, 3] }],
] as const)('the same places of %s', (_, origin, systems) => {
  const all = points(origin, 800, MONTHS, 7);
  let expected: Tally;
  beforeAll(async () => {
    const reference = madeCity(origin);
    reference.write('orders.csv', rowsOf('a', all, wgs84));
    await reference.run();
    expected = reference.facts();
    reference.remove();
    expect([...expected.values()].reduce((sum, n) => sum + n, 0)).toBe(all.length);
  }, 60_000);

  it.each(Object.entries(systems) as [string, readonly [unknown, Write, number]][])(
    'declared and written in %s give the facts of WGS 84',
    async (_name, [crs, write, decimals]) => {
      const other = city(origin, { crs });
      other.write('orders.csv', rowsOf('a', all, write, decimals));
      await expect(other.run()).resolves.toMatchObject({ located: all.length, warnings: [] });
      expect(differences(expected, other.facts())).toEqual([]);
    },
  );
});
