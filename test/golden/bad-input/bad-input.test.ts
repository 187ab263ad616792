import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fileAt } from '../../../core/contract/manifest.ts';
import { Quality } from '../../../core/contract/quality.ts';
import { HexsightError } from '../../../pipelines/errors.ts';
import { takeLock } from '../../../pipelines/io/lock.ts';
import { publishedManifest, runPipeline } from '../../../pipelines/run.ts';
import { verifySnapshot } from '../../../pipelines/verify.ts';
import { csv, GOOD_ROWS, HEADER, type SmallCity, smallCity } from './small-city.ts';

let city: SmallCity;
afterEach(() => city.remove());

const run = () => runPipeline({ profile: city.profile, input: city.input, out: city.out });
const failure = async (): Promise<HexsightError> => {
  const error = await run().then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HexsightError);
  return error as HexsightError;
};
const quality = (): Quality => {
  const manifest = publishedManifest(city.out);
  if (!manifest) throw new Error('nothing was published');
  return Quality.parse(JSON.parse(readFileSync(join(city.out, fileAt(manifest, 'quality.json').file), 'utf8')));
};
const rejects = (): string[] => {
  const path = join(`${city.out}.store`, 'rejects/orders/orders.csv.csv');
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\r\n').slice(1) : [];
};

describe('a bad row is a result', () => {
  const cases: [string, string, { rejected?: Record<string, number>; unlocated?: Record<string, number> }][] = [
    [
      'an unreadable date',
      'X1,2024-02-30 08:00:00,120.005,31.01,parking,closed',
      { rejected: { 'date-unreadable': 1 } },
    ],
    ['an empty date', 'X1,,120.005,31.01,parking,closed', { rejected: { 'date-missing': 1 } }],
    ['an empty id', ',2024-03-01 08:00:00,120.005,31.01,parking,closed', { rejected: { 'id-missing': 1 } }],
    ['a row with too few columns', 'X1,2024-03-01 08:00:00,120.005', { rejected: { 'wrong-column-count': 1 } }],
    ['the same row twice', GOOD_ROWS[3] as string, { rejected: { 'duplicate-id': 1 } }],
    [
      'a corrected row with the same id',
      'A3,2024-03-04 09:00:00,120.005,31.01,noise,closed',
      { rejected: { superseded: 1 } },
    ],
    [
      'a phone number where a category should be',
      'X1,2024-03-01 08:00:00,120.005,31.01,13812345678,closed',
      { rejected: { 'person-like-value': 1 } },
    ],
    [
      'a coordinate outside the study area',
      'X1,2024-03-01 08:00:00,121.5,31.01,parking,closed',
      { unlocated: { 'coordinate-outside': 1 } },
    ],
    [
      'swapped longitude and latitude',
      'X1,2024-03-01 08:00:00,31.01,120.005,parking,closed',
      { unlocated: { 'coordinate-swapped': 1 } },
    ],
    ['0/0', 'X1,2024-03-01 08:00:00,0,0,parking,closed', { unlocated: { 'coordinate-zero': 1 } }],
    ['no coordinate', 'X1,2024-03-01 08:00:00,,,parking,closed', { unlocated: { 'coordinate-missing': 1 } }],
    [
      'a coordinate with a comma',
      'X1,2024-03-01 08:00:00,"120,005",31.01,parking,closed',
      { unlocated: { 'coordinate-unreadable': 1 } },
    ],
  ];
  it.each(cases)('%s', async (_, row, expected) => {
    city = smallCity();
    city.file('orders.csv', csv(row));
    const summary = await run();
    expect(summary.read).toBe(41);
    expect(summary.accepted + summary.rejected).toBe(41);
    expect(summary.rejectedByReason).toEqual(expected.rejected ?? {});
    const [file] = quality().files;
    expect(file?.rejected).toEqual(expected.rejected ?? {});
    expect(file?.unlocated).toEqual(expected.unlocated ?? {});
    expect(rejects()).toHaveLength(Object.keys(expected.rejected ?? {}).length);
    for (const line of rejects()) expect(line).not.toContain('13812345678');
    expect((await verifySnapshot(city.out)).problems).toEqual([]);
  });

  it('an unknown category is counted, listed and unmapped, never dropped', async () => {
    city = smallCity();
    city.file(
      'orders.csv',
      csv(...Array.from({ length: 6 }, (_, i) => `U${i},2024-03-01 08:00:00,120.005,31.01,flying-saucer,closed`)),
    );
    const summary = await run();
    expect(summary.accepted).toBe(46);
    expect(summary.unmapped).toBe(6);
    expect(quality().unmapped).toEqual([{ feed: 'orders', code: 'flying-saucer', rows: 6 }]);
  });

  it('names file and record of a refused row', async () => {
    city = smallCity();
    city.file('orders.csv', csv('X1,yesterday,120.005,31.01,parking,closed'));
    await run();
    expect(rejects()[0]).toBe('orders.csv,42,time,date-unreadable,时间无法识别,…');
  });

  it('an unknown column is a warning and is not read', async () => {
    city = smallCity();
    city.file('orders.csv', `${HEADER},phone\n${GOOD_ROWS.map((row) => `${row},13812345678`).join('\n')}\n`);
    const summary = await run();
    expect(summary.accepted).toBe(40);
    expect(summary.warnings).toEqual([
      'orders.csv：新增列“phone”，约定中没有，未读取 orders.csv: new column "phone" is not in the contract; it is not read',
    ]);
    const bytes = readdirSync(join(city.out, 'files')).map((name) => readFileSync(join(city.out, 'files', name)));
    expect(bytes.some((content) => content.includes('13812345678'))).toBe(false);
  });

  it('a sensitive category loses its hour and its exact cell', async () => {
    city = smallCity();
    city.file('orders.csv', csv('S1,2024-03-01 23:00:00,120.005,31.01,home,closed'));
    await run();
    expect(publishedManifest(city.out)?.totals.coarsened).toBe(1);
  });
});

describe('a bad file stops the run with every problem listed', () => {
  it('a missing file', async () => {
    city = smallCity();
    expect((await failure()).message).toContain('no file matches orders*.csv');
  });

  it('an empty file', async () => {
    city = smallCity();
    city.file('orders.csv', '');
    expect((await failure()).message).toContain('orders.csv is empty');
  });

  it('a file in another encoding', async () => {
    city = smallCity();
    const gbk = Buffer.concat([Buffer.from(csv()), Buffer.from([0xd4, 0xeb, 0xc9, 0xf9])]);
    city.file('orders.csv', gbk);
    expect((await failure()).message).toContain('is not utf-8');
  });

  it('missing required columns, all of them', async () => {
    city = smallCity();
    city.file('orders.csv', 'id,when,lng,kind,state\nA,2024-03-01 08:00:00,120,parking,closed\n');
    const error = await failure();
    expect(error.exitCode).toBe(4);
    expect(error.problems.join('\n')).toContain('required column "time" (fields.occurred)');
    expect(error.problems.join('\n')).toContain('required column "lat" (fields.lat)');
  });

  it('a quote that never closes', async () => {
    city = smallCity();
    city.file('orders.csv', csv('X1,2024-03-01 08:00:00,120.005,31.01,"parking,closed'));
    expect((await failure()).message).toContain('never closed');
  });

  it('a file whose coordinates are swapped throughout', async () => {
    city = smallCity();
    const swap = (row: string): string => {
      const cells = row.split(',');
      return [cells[0], cells[1], cells[3], cells[2], cells[4], cells[5]].join(',');
    };
    city.file('orders.csv', `${[HEADER, ...GOOD_ROWS.map(swap)].join('\n')}\n`);
    expect((await failure()).message).toContain('longitude and latitude look swapped in 40 of 40 rows');
  });

  it('a file of mostly unreadable dates', async () => {
    city = smallCity();
    city.file('orders.csv', `${[HEADER, ...GOOD_ROWS.map((row) => row.replace('2024-', '24-'))].join('\n')}\n`);
    expect((await failure()).message).toContain('rejected (date-unreadable) in 40 of 40 rows');
  });

  it('a profile with several faults, each with its JSON path', async () => {
    city = smallCity((profile) => {
      profile.zone = 'Mars/Olympus';
      (profile.feeds as { source: string }[])[0]!.source = 'nobody';
      (profile.publish as { factsBy: string }).factsBy = 'galaxy';
    });
    const error = await failure();
    expect(error.exitCode).toBe(3);
    expect(error.problems).toEqual(
      expect.arrayContaining([
        expect.stringContaining('$.feeds[0].source'),
        expect.stringContaining('$.zone'),
        expect.stringContaining('$.publish.factsBy'),
      ]),
    );
  });
});

describe('a failed run', () => {
  it('leaves the last published snapshot untouched', async () => {
    city = smallCity();
    city.file('orders.csv', csv());
    const { snapshot } = await run();
    city.file('orders.csv', 'broken');
    await failure();
    expect(publishedManifest(city.out)?.snapshot).toBe(snapshot);
    expect((await verifySnapshot(city.out)).problems).toEqual([]);
  });

  it('leaves no temporary file and no lock behind', async () => {
    city = smallCity();
    city.file('orders.csv', 'broken');
    await failure();
    expect(() => takeLock(join(`${city.out}.store`, 'lock'))()).not.toThrow();
    expect(readdirSync(`${city.out}.store`).filter((name) => name.includes('.tmp-'))).toEqual([]);
  });
});

describe('a second run', () => {
  it('does nothing when nothing changed, and gives the same bytes when forced', async () => {
    city = smallCity();
    city.file('orders.csv', csv());
    const first = await run();
    const names = readdirSync(join(city.out, 'files')).sort();
    expect((await run()).unchanged).toBe(true);
    const forced = await runPipeline({ profile: city.profile, input: city.input, out: city.out, force: true });
    expect(forced.unchanged).toBe(false);
    expect(forced.snapshot).toBe(first.snapshot);
    expect(readdirSync(join(city.out, 'files')).sort()).toEqual(names);
  });

  it('gives the same result however the rows are split over files and ordered', async () => {
    city = smallCity();
    city.file('orders.csv', csv());
    await run();
    const facts = (): string[] =>
      (publishedManifest(city.out)?.files ?? [])
        .filter((file) => file.kind === 'facts' || file.kind === 'cube')
        .map((file) => file.sha256);
    const whole = facts();
    city.file('orders.csv', `${[HEADER, ...GOOD_ROWS.slice(20).reverse()].join('\r\n')}`);
    city.file('orders-2.csv', `\uFEFF${[HEADER, ...GOOD_ROWS.slice(0, 20)].join('\n')}\n\n`);
    await run();
    expect(facts()).toEqual(whole);
  });
});
