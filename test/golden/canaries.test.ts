import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeGb18030 } from '../../data/sample/io/gb18030.ts';
import { workbook } from '../../data/sample/io/xlsx.ts';
import { openDuck } from '../../pipelines/io/duck.ts';
import { type Canary, canariesFor, describeLeaks, scanFolder, scanText } from '../support/canaries.ts';
import { type SmallCity, smallCity } from './bad-input/small-city.ts';

const BIN = fileURLToPath(new URL('../../pipelines/bin/hexsight.mjs', import.meta.url));

/** Columns of every feed: those the contract reads, one it names and does not read, one it does not know. */
const COLUMNS = [
  'id',
  'rev',
  'time',
  'told',
  'done',
  'lng',
  'lat',
  'kind',
  'state',
  'dup',
  'caller',
  'surprise',
] as const;
type Row = Record<(typeof COLUMNS)[number], string>;
const FEEDS = ['desk', 'calls', 'cases'] as const;
type FeedName = (typeof FEEDS)[number];

const good = (feed: FeedName, i: number): Row => {
  const day = String((i % 28) + 1).padStart(2, '0');
  return {
    id: `${feed}-${i}`,
    rev: '1',
    time: `2024-03-${day} 08:00:00`,
    told: `2024-03-${day} 09:00:00`,
    done: `2024-03-${day} 20:00:00`,
    lng: (120.005 + (i % 40) * 0.0003).toFixed(4),
    lat: '31.01',
    kind: 'parking',
    state: 'closed',
    dup: 'no',
    caller: '',
    surprise: '',
  };
};

/** 60 good rows, then one row for every column and kind of canary. */
function rowsOf(feed: FeedName): { rows: Row[]; canaries: Canary[] } {
  const rows = Array.from({ length: 60 }, (_, i) => good(feed, i));
  const canaries: Canary[] = [];
  COLUMNS.forEach((column, c) => {
    for (const canary of canariesFor(`${feed}.${column}`, FEEDS.indexOf(feed) * 100 + c + 1)) {
      canaries.push(canary);
      rows.push({ ...good(feed, rows.length), [column]: canary.value });
    }
  });
  return { rows, canaries };
}

const date = (column: string) => ({ column, formats: ['yyyy-MM-dd HH:mm:ss'] });
const FIELDS = {
  id: 'id',
  revision: 'rev',
  occurred: date('time'),
  reported: date('told'),
  closed: date('done'),
  lng: 'lng',
  lat: 'lat',
  category: 'kind',
  stage: 'state',
};
const feed = (id: FeedName, files: string, format: object) => ({
  id,
  files,
  format,
  source: 'hotline',
  crs: 'wgs84',
  fields: FIELDS,
  duplicateWhen: [{ column: 'dup', in: ['yes'] }],
  stages: { closed: 'closed' },
  categories: 'kinds',
  notRead: { caller: '姓名 (personal name)' },
});

/** Columns that no contract names, called like persons: where the header should be stands a record. */
const headerCanaries = (name: FeedName): Canary[] => canariesFor(`${name} header`, 50 + FEEDS.indexOf(name) * 20);

/** A gzip member that says which file was packed, as `gzip` writes it. */
function namedGzip(text: string, name: string): Buffer {
  const packed = gzipSync(text);
  packed[3] = (packed[3] as number) | 8;
  return Buffer.concat([packed.subarray(0, 10), Buffer.from(`${name}\0`), packed.subarray(10)]);
}

/** Three feeds in the formats of real ones. With `strict` the shares of bad rows stop the run. */
function plantedCity(strict: boolean, sheet?: string): { city: SmallCity; canaries: Canary[] } {
  const share = strict ? 0.01 : 1;
  const city = smallCity((profile) => {
    profile.feeds = [
      feed('desk', 'desk*.csv', { type: 'csv', encoding: 'gb18030' }),
      feed('calls', 'calls*.ndjson.gz', { type: 'ndjson' }),
      feed('cases', 'cases*.xlsx', { type: 'xlsx', ...(sheet ? { sheet } : {}) }),
    ];
    profile.thresholds = {
      maxSwappedShare: share,
      maxOutsideShare: share,
      maxRejectedShare: share,
      unmappedShareToWarn: 0.01,
      maxDatumShare: 1,
      maxUnreadableShare: share,
    };
  });
  const canaries: Canary[] = [];
  const take = (name: FeedName): Row[] => {
    const made = rowsOf(name);
    canaries.push(...made.canaries);
    return made.rows;
  };
  const headers = Object.fromEntries(FEEDS.map((name) => [name, headerCanaries(name)])) as Record<FeedName, Canary[]>;
  const [gzipName, sheetName] = canariesFor('name inside the file', 240) as [Canary, Canary];
  canaries.push(...Object.values(headers).flat(), gzipName, sheetName);
  const names = (name: FeedName): string[] => headers[name].map(({ value }) => value);
  const line = (row: Row): string =>
    [...COLUMNS.map((column) => row[column]), ...names('desk').map(() => '')].join(',');
  const keys = Object.fromEntries(names('calls').map((name) => [name, 'x']));
  city.file(
    'desk.csv',
    encodeGb18030(`${[[...COLUMNS, ...names('desk')].join(','), ...take('desk').map(line)].join('\n')}\n`),
  );
  const lines = take('calls').map((row) => JSON.stringify({ ...row, ...keys }));
  city.file('calls.ndjson.gz', namedGzip(lines.join('\n'), `${gzipName.value}.ndjson`));
  const book = workbook(join(city.input, 'cases.xlsx'), sheetName.value);
  const cells = (texts: readonly string[]) => book.row(texts.map((text) => ({ kind: 'text', text })));
  cells([...COLUMNS, ...names('cases')]);
  for (const row of take('cases')) cells(COLUMNS.map((column) => row[column]));
  book.close();
  return { city, canaries };
}

/** Runs the real command, so that everything it prints is seen. */
function build(city: SmallCity, ...more: string[]): { status: number | null; printed: string } {
  const args = [BIN, 'run', '--profile', city.profile, '--input', city.input, '--out', city.out, '--json', ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 100_000 });
  return { status, printed: `${stdout}\n${stderr}` };
}

async function leaksOf(city: SmallCity, canaries: readonly Canary[], printed: string): Promise<string[]> {
  const found = [...scanText('printed', printed, canaries)];
  for (const folder of [city.out, `${city.out}.store`]) {
    if (!existsSync(folder)) continue;
    const { leaks } = await scanFolder(folder, canaries);
    found.push(...leaks.map((leak) => ({ ...leak, file: `${folder === city.out ? 'out' : 'store'}/${leak.file}` })));
  }
  return describeLeaks(found).map((text) => text.replace(/files\/[0-9a-f]{64}/, 'files/*'));
}

let city: SmallCity | null = null;
afterEach(() => city?.remove());

describe('canaries', () => {
  it('the scanner finds what is there, in every encoding and compression', async () => {
    const planted = plantedCity(false);
    city = planted.city;
    const { leaks, files } = await scanFolder(city.input, planted.canaries, ['cases.xlsx']);
    expect(files).toBe(2);
    const inText = planted.canaries.filter(({ where }) => !/^cases|inside/.test(where));
    expect(new Set(leaks.map((leak) => leak.canary)).size).toBe(inText.length);
    expect(inText.length).toBeGreaterThan(200);
  });

  it('planted in every column of every feed, none comes out of a run', async () => {
    const planted = plantedCity(false);
    city = planted.city;
    const { status, printed } = build(city);
    expect(status, printed).toBe(0);
    expect(await leaksOf(city, planted.canaries, printed)).toEqual([]);
    // Parquet is compressed inside: the store must have no column of text at all.
    const duck = await openDuck({ temporaryFolder: join(city.out, '..', 'duck'), memoryLimit: '200MB' });
    const glob = join(`${city.out}.store`, 'units', '*.parquet');
    const texts = await duck.rows(`SELECT name FROM parquet_schema('${glob}') WHERE type LIKE '%BYTE_ARRAY%'`);
    duck.close();
    expect(texts).toEqual([]);
  });

  it('none comes out of a run that fails on its rows', async () => {
    const planted = plantedCity(true);
    city = planted.city;
    const { status, printed } = build(city);
    expect(status).toBe(4);
    expect(await leaksOf(city, planted.canaries, printed)).toEqual([]);
  });

  it('none comes out of a run whose columns are not those of the contract', async () => {
    const planted = plantedCity(false);
    city = planted.city;
    const canaries = canariesFor('header', 900);
    const header = ['id', 'rev', 'time', ...canaries.map((canary) => canary.value)].join(',');
    writeFileSync(join(city.input, 'desk.csv'), encodeGb18030(`${header}\n`));
    const { status, printed } = build(city);
    expect(status).toBe(4);
    expect(printed).toContain('required column "lng" (fields.lng): desk.csv：缺少列“lng”');
    expect(await leaksOf(city, [...planted.canaries, ...canaries], printed)).toEqual([]);
  });

  it('none comes out of a run that does not find its sheet', async () => {
    const planted = plantedCity(false, 'no such sheet');
    city = planted.city;
    const { status, printed } = build(city);
    expect([status, printed]).toEqual([4, expect.stringContaining('no sheet \\"no such sheet\\"; found: …')]);
    expect(await leaksOf(city, planted.canaries, printed)).toEqual([]);
  });

  it('none comes out of a run with a repeated column, nor from the name of a file', async () => {
    const planted = plantedCity(false);
    city = planted.city;
    const canaries = canariesFor('file', 245);
    const [idCard, mobile] = canaries as [Canary, Canary];
    writeFileSync(join(city.input, 'desk.csv'), encodeGb18030(`id,${idCard.value},${idCard.value}\n1,2,3\n`));
    for (const expected of ['occurs twice', 'rename it']) {
      const { status, printed } = build(city);
      expect([status, printed]).toEqual([4, expect.stringContaining(expected)]);
      expect(await leaksOf(city, [...planted.canaries, ...canaries], printed)).toEqual([]);
      writeFileSync(join(city.input, `desk ${mobile.value}.csv`), 'id\n1\n');
    }
  });

  it('none comes out of a draft of a contract', () => {
    const planted = plantedCity(false);
    city = planted.city;
    // The names of columns are what a draft is about: only values are canaries here.
    const values = planted.canaries.filter(({ where }) => !/header|inside/.test(where));
    for (const file of ['desk.csv', 'calls.ndjson.gz', 'cases.xlsx']) {
      const args = [BIN, 'profile-draft', join(city.input, file), '--json'];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 100_000 });
      expect(status, stderr).toBe(0);
      expect(describeLeaks(scanText(file, `${stdout}\n${stderr}`, values))).toEqual([]);
    }
  });
});
