import { describe, expect, it } from 'vitest';
import { csvRecords, MAX_COLUMNS } from '../../../pipelines/io/readers/csv-records.ts';
import { MAX_CELL_BYTES, MAX_RECORD_BYTES, NUL_BYTE, TOO_LONG } from '../../../pipelines/io/readers/csv-scanner.ts';
import { bytesOf, chunked, messageOf, recordsOf, rowsOf } from './support.ts';

type Format = Parameters<typeof csvRecords>[2];
const CSV: Format = { type: 'csv', delimiter: ',', encoding: 'utf-8' };
const open = (bytes: Uint8Array | string, format: Partial<Format> = {}, sizes?: readonly number[]) =>
  csvRecords('f.csv', chunked(Buffer.from(bytes), sizes), { ...CSV, ...format });
const rows = async (bytes: Uint8Array | string, format: Partial<Format> = {}) => rowsOf(await open(bytes, format));

describe('RFC 4180 and what it leaves open', () => {
  it.each<[string, string, (readonly string[] | null)[]]>([
    ['a quoted delimiter', 'a,b\n"1,2",3\n', [['1,2', '3']]],
    ['doubled quotes', 'a,b\n"say ""hi""",""""\n', [['say "hi"', '"']]],
    ['line ends inside quotes', 'a,b\n"1\r\n2\n3\r4",5\n', [['1\r\n2\n3\r4', '5']]],
    [
      'CR, LF and CRLF mixed',
      'a,b\r1,2\n3,4\r\n5,6\r7,8',
      [
        ['1', '2'],
        ['3', '4'],
        ['5', '6'],
        ['7', '8'],
      ],
    ],
    ['a quote inside a cell is text', 'a,b\n1"2,3""\n', [['1"2', '3""']]],
    ['a quote behind a space is text', 'a,b\n "1",2\n', [[' "1"', '2']]],
    ['text behind a closing quote belongs to the cell', 'a,b\n"ab"cd,"x"" "y\n', [['abcd', 'x" y']]],
    ['a quote in text behind a closing quote', 'a,b\n"ab"c"d,"e" "\n', [['abc"d', 'e "']]],
    [
      'empty cells',
      'a,b\n,\n"",""\n',
      [
        ['', ''],
        ['', ''],
      ],
    ],
    ['an empty last cell without a line end', 'a,b\n1,', [['1', '']]],
    ['a quoted last cell without a line end', 'a,b\n1,"2"', [['1', '2']]],
    ['spaces are kept', 'a,b\n 1 ,\t2\n', [[' 1 ', '\t2']]],
    ['no record at all', 'a,b', []],
    ['full-width commas are text', 'a,b\n一，二,三\n', [['一，二', '三']]],
  ])('%s', async (_, text, expected) => {
    expect(await rows(text)).toEqual(expected);
  });

  it('a blank line is a record without cells, one of spaces, quotes or delimiters is not', async () => {
    const records = await recordsOf(await open('a,b\n1,2\n\n\r\n  \n""\n,\n'));
    expect(records.map(({ row, cells }) => [row, cells])).toEqual([
      [2, 2],
      [3, 0],
      [4, 0],
      [5, 1],
      [6, 1],
      [7, 2],
    ]);
  });

  it('in a file of one column a blank line is an empty cell', async () => {
    expect(await rows('a\n1\n\n2\n')).toEqual([['1'], [''], ['2']]);
  });

  it('ragged rows tell how many cells they have', async () => {
    const records = await recordsOf(await open('a,b\n1\n1,2\n1,2,3\n1,"2",3,4\n'));
    expect(records.map(({ cells }) => cells)).toEqual([1, 2, 3, 4]);
  });

  it('records are numbered from 1, a header counts, a declared header does not', async () => {
    expect((await recordsOf(await open('a,b\n1,2\n')))[0]?.row).toBe(2);
    const declared = await open('1,2\n3,4', { header: ['x', 'y'] });
    expect(declared.columns).toEqual(['x', 'y']);
    expect(await recordsOf(declared)).toEqual([
      { row: 1, cells: 2, text: ['1', '2'] },
      { row: 2, cells: 2, text: ['3', '4'] },
    ]);
  });

  it('names lose a byte order mark, quotes and surrounding spaces', async () => {
    expect((await open('\ufeff" a ","b,c" ,d\n1,2,3\n')).columns).toEqual(['a', 'b,c', 'd']);
  });

  it('one column may be without a name', async () => {
    expect((await open(',b\n1,2\n')).columns).toEqual(['', 'b']);
  });

  it('blocks follow each other with their record numbers', async () => {
    const count = 10_000;
    const text = `n\n${Array.from({ length: count }, (_, i) => i).join('\n')}\n`;
    const sizes: number[] = [];
    for await (const block of (await open(text, {}, [1000])).blocks) sizes.push(block.count);
    expect(sizes).toEqual([4096, 4096, 1808]);
    const records = await recordsOf(await open(text, {}, [1000]));
    expect(records.every(({ row, text: cells }, i) => row === i + 2 && cells?.[0] === String(i))).toBe(true);
  });
});

describe('delimiters', () => {
  it.each([';', '\t', '|', '^', '~', ':', ' ', '0', '5', 'A', 'z', '\\', '@', '\x01'])('%j', async (delimiter) => {
    for (const encoding of ['utf-8', 'gb18030'] as const)
      expect(await rows(`x${delimiter}y\n"1${delimiter}""2"${delimiter}3,4\n`, { delimiter, encoding })).toEqual([
        [`1${delimiter}"2`, '3,4'],
      ]);
  });

  it('in GB18030 a byte of a character is no delimiter, whatever its value', async () => {
    for (let code = 0x20; code <= 0x7e; code++) {
      const delimiter = String.fromCharCode(code);
      if (delimiter === '"') continue;
      // Two bytes whose second is the delimiter, where there are such, and four bytes with digits.
      const two = code >= 0x40 ? [0xb0, code] : [0xb0, 0xa1];
      const digit = code >= 0x30 && code <= 0x39 ? code : 0x30;
      const cell = bytesOf(...two, 0x81, digit, 0x81, digit, ...two);
      const header =
        delimiter === 'x' || delimiter === 'y' ? bytesOf('p', delimiter, 'q\n') : bytesOf('x', delimiter, 'y\n');
      const bytes = bytesOf(header, cell, delimiter, cell, '\n', '"', cell, '"', delimiter, cell);
      const text = new TextDecoder('gb18030').decode(cell);
      for (const sizes of [[1], [3], [100]])
        expect(await rowsOf(await open(bytes, { delimiter, encoding: 'gb18030' }, sizes)), delimiter).toEqual([
          [text, text],
          [text, text],
        ]);
    }
  });

  it.each(['"', '\n', '\r', '\0', '，', 'é', '\x7f'])('%j is refused', async (delimiter) => {
    expect(await messageOf(() => open('a,b\n', { delimiter }))).toContain('cannot be used: take one ASCII character');
  });
});

describe('what cannot be a cell spoils its record, not the file', () => {
  it('NUL bytes, outside and inside quotes', async () => {
    const records = await recordsOf(await open('a,b\n1,2\n1\0,2\n"1\0",2\n1,2,\0\n\0\n3,4\n'));
    expect(records.map(({ cells }) => cells)).toEqual([2, NUL_BYTE, NUL_BYTE, NUL_BYTE, NUL_BYTE, 2]);
    expect(records[5]?.text).toEqual(['3', '4']);
  });

  it('a cell of the largest length is kept, one byte more is not', async () => {
    const longest = 'x'.repeat(MAX_CELL_BYTES);
    const quoted = `"${`${'y'.repeat(1022)}""`.repeat(1024)}yyyyyy"`;
    for (const sizes of [[1 << 19], [4097], [1 << 21]]) {
      const records = await recordsOf(
        await open(`a,b\n1,${longest}\n1,${longest}x\n"${longest}",2\n"${longest}x",2\n${quoted},2\n3,4`, {}, sizes),
      );
      expect(records.map(({ cells }) => cells)).toEqual([2, TOO_LONG, 2, TOO_LONG, 2, 2]);
      expect(records[0]?.text?.[1]?.length).toBe(MAX_CELL_BYTES);
      expect(records[4]?.text?.[0]).toBe(`${`${'y'.repeat(1022)}"`.repeat(1024)}yyyyyy`);
      expect(records[5]?.text).toEqual(['3', '4']);
    }
  });

  it('a NUL byte weighs more than a length, a length more than the number of cells', async () => {
    const long = 'x'.repeat(MAX_CELL_BYTES + 1);
    for (const sizes of [[1 << 18], [70_001]]) {
      const records = await recordsOf(
        await open(`a,b\n${long},\0\n1,2,3,${long}\n${long},"${long}\n"\n5,6\n`, {}, sizes),
      );
      expect(records.map(({ cells }) => cells)).toEqual([NUL_BYTE, TOO_LONG, TOO_LONG, 2]);
      expect(records[3]?.text).toEqual(['5', '6']);
    }
  });

  it('a record longer than the limit is not kept in memory', async () => {
    const part = Buffer.from('x,'.repeat(1 << 18));
    async function* endless() {
      yield Buffer.from('a,b\n1,2\n"');
      for (let sent = 0; sent < 4 * MAX_RECORD_BYTES; sent += part.length) yield part;
      yield Buffer.from('"\n');
      for (let sent = 0; sent < 4 * MAX_RECORD_BYTES; sent += part.length) yield part;
      yield Buffer.from('\n3,4\n');
    }
    const before = process.memoryUsage().arrayBuffers;
    const records = await recordsOf(await csvRecords('f', endless(), CSV));
    expect(records.map(({ cells }) => cells)).toEqual([2, TOO_LONG, TOO_LONG, 2]);
    expect(records[3]?.text).toEqual(['3', '4']);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100e6);
  });

  it('a whole record over the limit, of cells that are not', async () => {
    const cell = 'x'.repeat(1 << 20);
    const columns = Array.from({ length: 40 }, (_, i) => `c${i}`);
    const record = (n: number) => [...Array(n).fill(cell), ...Array(40 - n).fill('')].join();
    const records = await recordsOf(await open(`${columns}\n${record(30)}\n${record(33)}\n${record(1)}`));
    expect(records.map(({ cells }) => cells)).toEqual([40, TOO_LONG, 40]);
  });
});

describe('a file is refused', () => {
  it.each<[string, string | Buffer, string]>([
    ['empty', '', 'the file is empty'],
    ['a byte order mark alone', '\ufeff', 'the file is empty'],
    ['a blank header', '\n1,2\n', 'has no header row'],
    ['a header of delimiters', ',,\n1,2,3\n', 'has no header row'],
    ['a repeated name', 'a,b,a\n', 'column "a" occurs twice in the header'],
    ['two columns without a name', 'a,,\n', 'several columns of the header have no name'],
    ['a NUL byte in the header', bytesOf('a', 0, 'b', 0), 'NUL byte in the header row: is the file UTF-16'],
    ['a header without an end', 'x'.repeat(MAX_CELL_BYTES + 1), 'too long to be one'],
    ['too many columns', `${Array.from({ length: MAX_COLUMNS + 1 }, (_, i) => i)}\n`, 'more than 10000 columns'],
    ['a quote never closed in the header', 'a,"b\n1,2\n', 'opened in record 1, column 2, is never closed'],
    ['a quote never closed', 'a,b\n1,2\n3,"4\n5,6\n', 'opened in record 3, column 2, is never closed'],
    [
      'a quote never closed after a doubled one',
      'a,b\n1,2\n"3"",4\n5,6\n',
      'opened in record 3, column 1, is never closed',
    ],
  ])('%s', async (_, text, message) => {
    for (const sizes of [[1 << 19], [1 << 16, 1]])
      expect(await messageOf(async () => recordsOf(await open(text, {}, sizes)))).toMatch(
        new RegExp(`^InputError: f.csv: .*${message}`),
      );
  });

  it('all repeated names are listed', async () => {
    const message = await messageOf(() => open('a,b,a,b,c\n'));
    expect(message).toContain('"a"');
    expect(message).toContain('"b"');
  });

  it('an empty file with a declared header', async () => {
    expect(await messageOf(() => open('', { header: ['a'] }))).toContain('the file is empty');
  });

  it('a declared header that repeats a name', async () => {
    expect(await messageOf(() => open('1,2', { header: ['a', 'a'] }))).toContain('occurs twice');
    expect(await messageOf(() => open('1', { header: Array.from({ length: 10_001 }, (_, i) => `${i}`) }))).toContain(
      '10000',
    );
  });

  it('a header of two million columns is given up at once', async () => {
    let sent = 0;
    async function* endless() {
      for (; sent < 1000; sent++) yield Buffer.from('x,'.repeat(1 << 16));
    }
    expect(await messageOf(() => csvRecords('f', endless(), CSV))).toContain('more than 10000 columns');
    expect(sent).toBeLessThan(2);
  });

  it('the source is closed when reading stops early', async () => {
    let closed = 0;
    async function* source() {
      try {
        for (;;) yield Buffer.from('a,b\n1,2\n'.repeat(10_000));
      } finally {
        closed++;
      }
    }
    await messageOf(() => csvRecords('f', source(), { ...CSV, header: ['a', 'a'] }));
    for await (const block of (await csvRecords('f', source(), CSV)).blocks) {
      expect(block.count).toBe(4096);
      break;
    }
    expect(closed).toBe(1);
  });
});

it('UTF-16 comes out as UTF-8', async () => {
  const text = 'a,b\n噪声,😀\n';
  for (const [encoding, bytes] of [
    ['utf-16le', Buffer.from(text, 'utf16le')],
    ['utf-16be', Buffer.from(text, 'utf16le').swap16()],
  ] as const) {
    const reader = await open(bytes, { encoding }, [3]);
    expect(reader.encoding).toBe('utf-8');
    expect(reader.otherColumns()).toEqual([]);
    expect(await rowsOf(reader)).toEqual([['噪声', '😀']]);
  }
});
