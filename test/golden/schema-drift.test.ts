import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HexsightError } from '../../pipelines/errors.ts';
import { publishedManifest } from '../../pipelines/run.ts';
import {
  COLUMNS,
  csvOf,
  generator,
  type Row,
  randomRow,
  runCity,
  setInputs,
  threeFeeds,
} from '../support/three-feeds.ts';
import type { SmallCity } from './bad-input/small-city.ts';

/** R12: what changed in a delivery is told before anything is published; nothing is lost silently. */
let city: SmallCity;
let rows: Row[];
let good: Record<string, string>;
let before: string;
beforeEach(async () => {
  city = threeFeeds();
  const random = generator(12);
  rows = Array.from({ length: 40 }, (_, i) => ({ ...randomRow(`A${i}`, random), kind: 'parking', own: '01' }));
  good = { 'orders.csv': csvOf(rows), 'police.csv': csvOf(rows), 'disputes-20240801.csv': csvOf(rows) };
  setInputs(city, good);
  await runCity(city);
  before = publishedManifest(city.out)?.snapshot as string;
});
afterEach(() => city.remove());

const deliver = (orders: string): void => setInputs(city, { ...good, 'orders.csv': orders });
const stops = async (): Promise<string> => {
  const error = await runCity(city).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HexsightError);
  expect((error as HexsightError).exitCode).toBe(4);
  expect(publishedManifest(city.out)?.snapshot).toBe(before);
  return (error as HexsightError).message;
};
const withHeader = (change: (header: string) => string): string => {
  const [header, ...rest] = csvOf(rows).split('\n') as [string, ...string[]];
  return [change(header), ...rest].join('\n');
};
const everything = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');

describe('a column', () => {
  it('that is added is a warning in both languages, and is not read', async () => {
    deliver(
      csvOf(rows)
        .trimEnd()
        .split('\n')
        .map((line, i) => `${line},${i === 0 ? 'channel' : 'app'}`)
        .join('\n'),
    );
    const { warnings, accepted } = await runCity(city);
    expect(warnings).toContain(
      'orders.csv：新增列“channel”，约定中没有，未读取 orders.csv: new column "channel" is not in the contract; it is not read',
    );
    expect(accepted).toBe(120);
  });

  it('that is removed stops the run', async () => {
    deliver(
      csvOf(rows)
        .split('\n')
        .map((line) =>
          line
            .split(',')
            .filter((_, c) => COLUMNS[c] !== 'state')
            .join(','),
        )
        .join('\n'),
    );
    const message = await stops();
    expect(message).toContain('required column "state" (');
    expect(message).toContain('orders.csv：缺少列“state”，约定要求读取');
    expect(message).toContain('column "state" is gone, and the contract reads it');
  });

  it('that is renamed stops the run, and the likely new name is told', async () => {
    deliver(withHeader((header) => header.replace('time', 'time_')));
    const message = await stops();
    expect(message).toContain('可能已改名为“time_”');
    expect(message).toContain('column "time" is gone, probably renamed to "time_"');
  });

  it('that is gone and was not read is a warning', async () => {
    setInputs(city, {
      ...good,
      'police.csv': csvOf(rows)
        .split('\n')
        .map((line) =>
          line
            .split(',')
            .filter((_, c) => COLUMNS[c] !== 'rev')
            .join(','),
        )
        .join('\n'),
    });
    expect((await runCity(city)).warnings).toContain(
      'police.csv：不再有列“rev”（约定不读取） police.csv: column "rev" is gone; the contract does not read it',
    );
  });

  it.each<[string, (row: Row) => Row, string]>([
    ['time', (row) => ({ ...row, time: row.time.replace('2024-', '24/') }), 'column "time"'],
    ['lng', (row) => ({ ...row, lng: 'east' }), 'column "lng"'],
    ['rev', (row) => ({ ...row, rev: 'new' as unknown as number }), 'column "rev"'],
  ])('whose type changed stops the run: %s', async (_, change, named) => {
    deliver(csvOf(rows.map(change)));
    const message = await stops();
    expect(message).toContain(`values (100.0 %) of ${named} cannot be read as the contract says, allowed 25 %`);
    expect(message).toContain('列的类型可能已改变');
  });

  it('that is seldom filled and changed its type stops the run all the same', async () => {
    city.remove();
    city = threeFeeds({
      change: (profile) => {
        const [orders] = profile.feeds as { fields: Record<string, unknown> }[];
        (orders as { fields: Record<string, unknown> }).fields.closed = {
          column: 'street',
          formats: ['yyyy-MM-dd HH:mm:ss'],
        };
      },
    });
    const closed = (i: number, text: string) => rows.map((row, at) => ({ ...row, street: at < i ? text : '' }));
    setInputs(city, { ...good, 'orders.csv': csvOf(closed(4, '2024-07-01 10:00:00')) });
    await runCity(city);
    before = publishedManifest(city.out)?.snapshot as string;
    setInputs(city, { ...good, 'orders.csv': csvOf(closed(4, '45474.41')) });
    expect(await stops()).toContain('4 of 4 values (100.0 %) of column "street" cannot be read');
  });

  it('whose name looks personal is shown nowhere', async () => {
    const phone = '13812345678';
    deliver(
      csvOf(rows)
        .trimEnd()
        .split('\n')
        .map((line, i) => `${line},${i === 0 ? phone : ''}`)
        .join('\n'),
    );
    const { warnings } = await runCity(city);
    expect(warnings.some((warning) => warning.includes('新增列“…”'))).toBe(true);
    expect(warnings.join('\n')).not.toContain(phone);
    expect(everything(city.out)).toContain(
      '…'
        .split('')
        .map((c) => Buffer.from(c).toString('latin1'))
        .join(''),
    );
    for (const folder of [city.out, `${city.out}.store`]) expect(everything(folder)).not.toContain(phone);
    before = publishedManifest(city.out)?.snapshot as string;
    deliver(withHeader((header) => header.replace('time', phone)));
    expect(await stops()).not.toContain(phone);
  });

  it('of a file without a header is not repeated in the error', async () => {
    deliver(
      `E1,1,2024-03-01 08:00:00,120,31,parking,open,无,本部门,张三丰 长江路,01\n${csvOf(rows).split('\n').slice(1).join('\n')}`,
    );
    const message = await stops();
    expect(message).toContain('文件首行是否为表头');
    expect(message).not.toContain('张三丰');
  });
});

describe('a code', () => {
  it('of a new category is counted, listed and unmapped, never dropped', async () => {
    deliver(csvOf(rows.map((row, i) => (i < 6 ? { ...row, kind: 'drone' } : row))));
    const { warnings, accepted, unmapped } = await runCity(city);
    expect([accepted, unmapped]).toEqual([120, 6]);
    expect(warnings.find((warning) => warning.includes('category'))).toContain('drone (6 rows)');
    expect(warnings.find((warning) => warning.includes('category'))).toContain(
      'orders：1 个新类别代码，共 6 行，记为未归类',
    );
  });

  it('of a new division is counted and listed, and nothing is placed by it', async () => {
    deliver(csvOf(rows.map((row, i) => (i < 7 ? { ...row, own: '09' } : row))));
    const { warnings, accepted } = await runCity(city);
    expect(accepted).toBe(120);
    expect(warnings.find((warning) => warning.includes('division'))).toContain('09 (7 rows)');
  });
});
