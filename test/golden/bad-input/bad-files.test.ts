import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workbook } from '../../../data/sample/io/xlsx.ts';
import { main } from '../../../pipelines/cli.ts';
import { manifestPath } from '../../../pipelines/publish/snapshot-folder.ts';
import { runPipeline } from '../../../pipelines/run.ts';
import { faultsOf, publishedMark } from '../publish/victim.ts';
import { csv, HEADER, type SmallCity, smallCity } from './small-city.ts';

/** Whole inputs that are bad, through the command: exit code, message, and the old snapshot as it was. One city for all cases. */
let city: SmallCity;
let mark: string;
let goodBook: Buffer;
const outside = mkdtempSync(join(tmpdir(), 'hexsight-outside-'));

beforeAll(async () => {
  city = smallCity((profile) => {
    const [orders] = profile.feeds as Record<string, unknown>[];
    profile.feeds = [
      orders,
      { ...orders, id: 'packed', files: 'packed*.csv.gz' },
      { ...orders, id: 'books', files: 'books*.xlsx', format: { type: 'xlsx' } },
    ];
  });
  const book = workbook(join(city.input, 'books.xlsx'), 'Sheet1');
  for (const row of csv().trim().split('\n')) book.row(row.split(',').map((text) => ({ kind: 'text' as const, text })));
  book.close();
  goodBook = readFileSync(join(city.input, 'books.xlsx'));
  city.file('packed.csv.gz', gzipSync(csv()));
  city.file('orders.csv', csv());
  const { code, text } = await run();
  expect(code, text).toBe(0);
  mark = publishedMark(city.out);
}, 60_000);
afterAll(() => {
  city.remove();
  rmSync(outside, { recursive: true });
});

async function run(): Promise<{ code: number; text: string; json: { problems?: string[]; exitCode?: number } }> {
  let [text, answer] = ['', ''];
  const [out, err] = [process.stdout.write, process.stderr.write];
  process.stdout.write = ((part: string) => {
    answer += part;
    return true;
  }) as typeof process.stdout.write;
  process.stderr.write = ((part: string) => {
    text += part;
    return true;
  }) as typeof process.stderr.write;
  const before = process.exitCode;
  process.exitCode = 0;
  try {
    const args = ['--profile', city.profile, '--input', city.input, '--out', city.out, '--quiet', '--json'];
    await main(['node', 'hexsight', 'run', ...args]);
    return { code: Number(process.exitCode), text, json: JSON.parse(answer.trim().split('\n').at(-1) as string) };
  } finally {
    process.exitCode = before;
    process.stdout.write = out;
    process.stderr.write = err;
  }
}

const row = (id: string, kind: string): string => `${id},2024-03-01 08:00:00,120.005,31.01,${kind},closed`;
const path = (name: string): string => join(city.input, name);

/** name, what is done to the input folder, exit code, what the message says. */
const CASES: readonly (readonly [string, () => void, RegExp])[] = [
  ['an empty file', () => city.file('orders.csv', ''), /orders\.csv is empty/],
  ['a feed without files', () => rmSync(path('orders.csv')), /feed "orders": no file matches orders\*\.csv/],
  [
    'an input folder that vanished',
    () => renameSync(city.input, `${city.input}-away`),
    /the input folder does not exist/,
  ],
  [
    'a folder called like a file of the feed',
    () => {
      rmSync(path('orders.csv'));
      mkdirSync(path('orders.csv'));
    },
    /"orders\.csv" is not a regular file/,
  ],
  [
    'a link out of the input folder',
    () => {
      writeFileSync(join(outside, 'secret.csv'), csv());
      symlinkSync(join(outside, 'secret.csv'), path('orders-2.csv'));
    },
    /is a link that leaves the input folder/,
  ],
  ['a link to nothing', () => symlinkSync(join(outside, 'none.csv'), path('orders-2.csv')), /is a link to nothing/],
  [
    'a name that turns the direction of reading',
    () => city.file('orders-\u202etxt.csv', csv()),
    /has characters in its name that deceive/,
  ],
  ['a name with a line end', () => city.file('orders-\n.csv', csv()), /has characters in its name that deceive/],
  [
    'a header of two million columns',
    () => city.file('orders.csv', `${'a,'.repeat(2_000_000)}b\n1\n`),
    /more than 10000 columns/,
  ],
  ['a NUL byte in the header', () => city.file('orders.csv', `id,ti\0me\n1,2\n`), /NUL byte in the header/],
  [
    'UTF-16 where UTF-8 is declared',
    () => city.file('orders.csv', Buffer.from(`\uFEFF${csv()}`, 'utf16le')),
    /utf-16/i,
  ],
  ['a quote never closed', () => city.file('orders.csv', csv(row('Q', '"parking'))), /never closed/],
  [
    'quotes opened in every record and never closed',
    () => city.file('orders.csv', `${HEADER}\n${'"a,"b,\n'.repeat(20_000)}`),
    /quote|allowed 20 %/,
  ],
  ['a gzip bomb: 1 GB of one letter', () => city.file('packed.csv.gz', bomb()), /inflate|more than 200|bomb/i],
  [
    'a gzip file cut off',
    () => truncateSync(path('packed.csv.gz'), 200),
    /packed\.csv\.gz.*(cut|end|damaged|truncated)/i,
  ],
  ['a gzip name on other bytes', () => city.file('packed.csv.gz', csv()), /packed\.csv\.gz/],
  ['a workbook that is text', () => city.file('books.xlsx', csv()), /is not a workbook/],
  ['a workbook cut off', () => truncateSync(path('books.xlsx'), 400), /books\.xlsx/],
  [
    'an old workbook (.xls) by another name',
    () => city.file('books.xlsx', Buffer.from('d0cf11e0a1b11ae1'.repeat(100), 'hex')),
    /books\.xlsx/,
  ],
];

/** Eight members of 128 MB each, so that making it costs little memory. */
function bomb(): Buffer {
  const member = gzipSync(Buffer.alloc(128 << 20, 97));
  return Buffer.concat(Array.from({ length: 8 }, () => member));
}

describe('a bad file stops the run, and what was published stays', () => {
  it.each(CASES)(
    '%s',
    async (_, spoil, message) => {
      spoil();
      try {
        const startedMs = performance.now();
        const { code, text, json } = await run();
        expect([code, json.exitCode], text).toEqual([4, 4]);
        expect(text).toMatch(message);
        expect(json.problems?.length).toBeGreaterThan(0);
        expect(text).toContain('错误 error:');
        expect(performance.now() - startedMs).toBeLessThan(20_000);
        expect(publishedMark(city.out)).toBe(mark);
        expect(existsSync(manifestPath(city.out))).toBe(true);
      } finally {
        if (existsSync(`${city.input}-away`)) renameSync(`${city.input}-away`, city.input);
        for (const name of ['orders.csv', 'orders-2.csv', 'orders-\u202etxt.csv', 'orders-\n.csv'])
          rmSync(path(name), { force: true, recursive: true });
        city.file('orders.csv', csv());
        city.file('packed.csv.gz', gzipSync(csv()));
        city.file('books.xlsx', goodBook);
      }
    },
    60_000,
  );

  it('a file that grows between listing and reading', async () => {
    city.file('orders.csv', csv(row('G1', 'parking')));
    const failed = runPipeline({
      ...{ profile: city.profile, input: city.input, out: city.out },
      progress: ({ stage }) => {
        if (stage === 'ingest') appendFileSync(path('orders.csv'), `${row('G2', 'parking')}\n`);
      },
    });
    await expect(failed).rejects.toThrow(/orders\.csv: changed (between listing and|while being) read/);
    expect(publishedMark(city.out)).toBe(mark);
    city.file('orders.csv', csv());
  }, 60_000);

  it('what is published is whole after all of them', async () => {
    expect(await faultsOf(city.out)).toEqual([]);
  });
});

describe('bad records are counted, and nothing is lost', () => {
  it('fields of a million characters, NUL bytes, nested quotes', async () => {
    const long = 'x'.repeat(1_000_000);
    city.file(
      'orders.csv',
      csv(
        row('L1', long),
        row('L2', `${long}${long}`),
        row('N1', 'park\0ing'),
        row('N2', '"a ""quoted"" word"'),
        row('N3', 'parking'),
      ),
    );
    const { code, text, json } = await run();
    expect(code, text).toBe(0);
    expect(json).toMatchObject({
      read: 125,
      accepted: 123,
      rejected: 2,
      rejectedByReason: { 'field-too-long': 1, 'nul-byte': 1 },
    });
    expect(await faultsOf(city.out)).toEqual([]);
  }, 60_000);
});
