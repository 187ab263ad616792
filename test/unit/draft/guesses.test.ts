import { describe, expect, test } from 'vitest';
import { columnFacts } from '../../../pipelines/draft/column-facts.ts';
import { guessDates, guessSplitDate } from '../../../pipelines/draft/date-guess.ts';
import { guessDelimiter } from '../../../pipelines/draft/delimiter-guess.ts';
import { draftFeed, filePattern, keyOf } from '../../../pipelines/draft/draft-feed.ts';
import { decodeSample } from '../../../pipelines/draft/encoding-guess.ts';
import { findingLines, percent } from '../../../pipelines/draft/finding.ts';
import { hasHeader, headerRowOf, jsonTable } from '../../../pipelines/draft/table-guess.ts';

describe('the encoding', () => {
  const text = '编号,类别\n1,噪音扰民\n'.repeat(50);
  const wide = (mark: boolean, big: boolean): Uint8Array => {
    const bytes = Buffer.from((mark ? '\uFEFF' : '') + 'id,kind\n1,a\n'.repeat(50), 'utf16le');
    return big ? bytes.swap16() : bytes;
  };
  test.each([
    ['utf-8', Buffer.from(text), 'seen'],
    ['utf-8', Buffer.from(`\uFEFF${text}`), 'seen'],
    ['utf-8', Buffer.from('id,kind\n1,a\n'), 'check'],
    ['utf-16le', wide(true, false), 'seen'],
    ['utf-16be', wide(true, true), 'seen'],
    ['utf-16le', wide(false, false), 'check'],
    ['utf-16be', wide(false, true), 'check'],
    // 噪音 in GB18030, and 桃園 in Big5, which GB18030 can read too.
    ['gb18030', Buffer.from(Array.from({ length: 40 }, () => [0xd4, 0xeb, 0xd2, 0xf4]).flat()), 'seen'],
    ['gb18030', Buffer.from(Array.from({ length: 40 }, () => [0xae, 0xe7, 0xb6, 0xe9, 0xa8, 0x71]).flat()), 'check'],
  ] as const)('%s (%#)', (encoding, bytes, level) => {
    const decoded = decodeSample(bytes);
    expect(decoded?.encoding).toBe(encoding);
    expect(decoded?.findings.map((finding) => finding.level)).toEqual([level]);
    expect(decoded?.text).not.toContain('\uFFFD');
  });
  test('a character that the sample cuts off is no fault, a byte that fits nothing is', () => {
    expect(decodeSample(Buffer.from(text).subarray(0, -3))?.encoding).toBe('utf-8');
    expect(decodeSample(Uint8Array.of(0x61, 0xff, 0x61))).toBeNull();
    expect(decodeSample(Uint8Array.of(0xef, 0xbb, 0xbf, 0xff, 0x61))).toBeNull();
  });
});

describe('the delimiter', () => {
  test.each([',', '\t', ';', '|', '^'])('%j, with the others in quotes', (delimiter) => {
    const cells = ['a', '"b,;|\t^ ""x""\r\nmore"', 'c'];
    const text = Array.from({ length: 20 }, () => cells.join(delimiter)).join('\r\n');
    expect(guessDelimiter(text)).toEqual({ delimiter, columns: 3, share: 1 });
  });
  test('none, and an unclosed quote', () => {
    expect(guessDelimiter('one\ntwo\n')).toEqual({ delimiter: ',', columns: 1, share: 1 });
    expect(guessDelimiter('a;b\n1;2\n3;"never closed;\n')).toEqual({ delimiter: ';', columns: 2, share: 1 });
  });
});

describe('dates', () => {
  const guess = (values: string[], about = false): readonly string[] | undefined => guessDates(values, about)?.formats;
  test('several layouts, the common one first', () => {
    expect(guess(['2024-01-05 10:00:00', '2024-01-06 10:00:00', '2024/1/7 9:05'])).toEqual([
      'yyyy-MM-dd HH:mm:ss',
      'yyyy/M/d H:mm',
    ]);
    expect(guess(['105/1/28', '105/11/02'])).toEqual(['yyy/M/d']);
    expect(guess(['2024年1月5日 8:05', '2024年11月15日 18:05'])).toEqual(['yyyy年M月d日 H:mm']);
  });
  test('digits alone only where the name speaks of time', () => {
    expect(guess(['20240105', '20241231'])).toBeUndefined();
    expect(guess(['20240105', '20241231'], true)).toEqual(['yyyyMMdd']);
    expect(guess(['45123.5', '45124'], true)).toEqual(['excel']);
    expect(guess(['1704445200000', '1704445260000'], true)).toEqual(['epoch-ms']);
    expect(guess(['12', '13'], true)).toBeUndefined();
    expect(guess([], true)).toBeUndefined();
  });
  test('day and month that may be swapped are told', () => {
    expect(guessDates(['1/2/2024', '3/4/2024'], false)?.ambiguous).toBe(true);
    expect(guessDates(['1/2/2024', '3/14/2024'], false)).toMatchObject({ formats: ['M/d/yyyy'], ambiguous: false });
    expect(guessDates(['1/2/2024', '14/3/2024'], false)).toMatchObject({ formats: ['d/M/yyyy'], ambiguous: false });
  });
  test('a year beside month and day', () => {
    expect(guessSplitDate(['110', '112'], ['0101', '1231'])).toBe('yyy/MMdd');
    expect(guessSplitDate(['2021', ''], ['0101', ''])).toBe('yyyy/MMdd');
    expect(guessSplitDate(['110'], ['1301'])).toBeNull();
    expect(guessSplitDate([], [])).toBeNull();
  });
});

describe('tables', () => {
  test('a header is words that do not come again', () => {
    expect(
      hasHeader([
        ['id', 'when'],
        ['1', '2024-01-01'],
      ]),
    ).toBe(true);
    expect(
      hasHeader([
        ['1', 'a'],
        ['2', 'b'],
      ]),
    ).toBe(false);
    expect(
      hasHeader([
        ['2024-01-01', 'a'],
        ['2024-01-02', 'b'],
      ]),
    ).toBe(false);
    expect(
      hasHeader([
        ['13812345678', 'a'],
        ['x', 'b'],
      ]),
    ).toBe(false);
    expect(
      hasHeader([
        ['noise', 'east'],
        ['noise', 'east'],
        ['dirt', 'west'],
      ]),
    ).toBe(false);
    expect(
      hasHeader([
        ['a', 'a'],
        ['x', 'b'],
      ]),
    ).toBe(false);
    expect(hasHeader([['', '']])).toBe(false);
    expect(hasHeader([])).toBe(false);
  });
  test('titles stand above the header of a sheet', () => {
    const row = (number: number, ...cells: string[]) => ({ number, cells });
    expect(headerRowOf([row(1, '台账'), row(3, '编号', '时间', '类别'), row(4, '1', '2', '3')])).toBe(3);
    expect(headerRowOf([row(2, '编号')])).toBe(2);
    expect(headerRowOf([row(1, '')])).toBeNull();
    expect(headerRowOf([])).toBeNull();
  });
  test('the rows of a document', () => {
    expect(
      jsonTable([
        { id: 1, a: null },
        { id: 2, a: { b: 1 }, c: 'x' },
      ]),
    ).toBeNull();
    expect(
      jsonTable([
        { id: 1, k: 'a' },
        { id: 2, k: 'b' },
      ]),
    ).toMatchObject({ path: '*', columns: ['*.id', '*.k'] });
    expect(jsonTable({ data: { rows: [{ id: 1, k: 'a' }] }, page: 1 })?.path).toBe('data.rows.*');
    const firm = { logs: [['a', 'b', 'c']] };
    expect(jsonTable({ 张三公司: firm, 李四公司: firm })).toMatchObject({
      path: '*.logs.*',
      rows: [
        ['a', 'b', 'c'],
        ['a', 'b', 'c'],
      ],
    });
    expect(jsonTable('text')).toBeNull();
    expect(jsonTable({})).toBeNull();
  });
});

describe('a draft', () => {
  const draft = (columns: string[], rows: string[][]) =>
    draftFeed({ fileName: 'x-2024.csv', format: { type: 'csv', delimiter: ',', encoding: 'utf-8' }, columns, rows });
  const days = (n: number): string[] =>
    Array.from({ length: n }, (_, i) => `2024-01-${String((i % 28) + 1).padStart(2, '0')}`);

  test('names and patterns of files', () => {
    expect(keyOf('complaints-2024-01.csv.gz')).toBe('complaints');
    expect(keyOf('工单.csv')).toBe('feed');
    expect(filePattern('complaints-2024-01.csv.gz')).toBe('complaints-*.csv.gz');
    expect(filePattern('disputes-2024-Q1.xlsx')).toBe('disputes-*.xlsx');
    expect(filePattern('plain')).toBe('plain');
  });

  test('never tells a value of a person, whatever the name of the column', () => {
    const rows = days(40).map((day, i) => [
      `A${1000 + i}`,
      day,
      i % 2 ? '噪音' : '停车',
      `1381234${5000 + i}`,
      '王某某',
    ]);
    const { feed, findings, columns, problems } = draft(['编号', '日期', '类别', '备用', '报案人'], rows);
    expect(problems).toEqual([]);
    expect(Object.keys(feed.notRead as object)).toEqual(['备用', '报案人']);
    const told = JSON.stringify([feed, findings, columns, findingLines(findings)]);
    expect(told).not.toContain('1381234');
    expect(told).not.toContain('王某某');
  });

  test.each([
    [120.6, 31.2, 'wgs84', 'check'],
    [120.2, 23.0, 'wgs84', 'seen'],
    [-87.6, 41.8, 'wgs84', 'seen'],
    [13_420_000, 3_660_000, 'web-mercator', 'check'],
    [40_500_000, 3_460_000, undefined, 'fill'],
  ] as const)('coordinates around %d, %d', (lng, lat, crs, level) => {
    const rows = days(60).map((day, i) => [day, i % 2 ? 'a' : 'b', `${lng + i / 1000}`, `${lat + i / 1000}`]);
    // One wild row does not hide what the others are.
    rows.push(['2024-01-01', 'a', '0', '0']);
    const made = draft(['date', 'type', 'lng', 'lat'], rows);
    expect(made.feed.crs).toEqual(crs);
    expect(made.findings.filter(({ about }) => about === 'crs').map((finding) => finding.level)).toEqual([level]);
  });

  test('swapped coordinates and rows of sums are told', () => {
    const rows = days(30).map((day, i) => [day, i % 2 ? 'a' : 'b', `${31.2 + i / 1000}`, `${120.6 + i / 1000}`]);
    rows.push(['2024-01-30', '合计', '', '']);
    const { feed, findings } = draft(['date', 'type', 'lng', 'lat'], rows);
    expect(feed.notRecordWhen).toEqual([{ column: 'type', in: ['合计'] }]);
    expect(findings.some(({ en }) => en.includes('look swapped'))).toBe(true);
  });

  test('facts and shares', () => {
    const [facts] = columnFacts({ columns: ['n'], rows: [['1'], ['2.5'], [''], ['x']] });
    expect(facts).toMatchObject({
      filled: 3,
      emptyShare: 0.25,
      distinct: 3,
      uniqueShare: 1,
      decimalShare: 0.5,
      low: 1,
      high: 2.5,
    });
    expect([0, 0.0004, 0.5, 0.9996, 1].map(percent)).toEqual(['0.0 %', '< 0.1 %', '50.0 %', '> 99.9 %', '100.0 %']);
  });
});
