import { gzipSync } from 'node:zlib';
import type { Format } from '../../../core/contract/profile.ts';
import { MAX_CELL_BYTES } from '../../../pipelines/io/readers/csv-scanner.ts';

/** What becomes of a file: counts of records by fate, or the file is refused with a message that has this part. */
export type Expected = { readonly error: string } | { readonly [fate in Fate]?: number };
/** `kept` records have all their cells; `not-json` and the like are results for the quality report. */
export type Fate = 'kept' | 'blank' | 'ragged' | 'nul-byte' | 'too-long' | 'not-json';

export interface MalformedCase {
  readonly name: string;
  /** End of the file's name: tells whether it is compressed. */
  readonly ending: string;
  readonly format: Format;
  readonly wanted: readonly string[];
  readonly bytes: Buffer;
  readonly expected: Expected;
  /** Cells of the first record that is kept. */
  readonly first?: readonly string[];
}

const cases: MalformedCase[] = [];
const buffer = (text: string | readonly (string | number)[]): Buffer =>
  typeof text === 'string'
    ? Buffer.from(text)
    : Buffer.concat(text.map((part) => (typeof part === 'number' ? Buffer.of(part) : Buffer.from(part))));
const utf16 = (text: string, big: boolean): Buffer => {
  const bytes = Buffer.from(text, 'utf16le');
  return big ? bytes.swap16() : bytes;
};

function csv(
  name: string,
  text: string | readonly (string | number)[] | Buffer,
  expected: Expected,
  options: Partial<Extract<Format, { type: 'csv' }>> & { ending?: string; first?: readonly string[] } = {},
): void {
  const { ending = 'csv', first, ...format } = options;
  cases.push({
    name,
    ending,
    format: { type: 'csv', delimiter: ',', encoding: 'utf-8', ...format },
    wanted: [],
    bytes: Buffer.isBuffer(text) ? text : buffer(text),
    expected,
    ...(first ? { first } : {}),
  });
}
function json(
  type: 'ndjson' | 'json' | 'geojson',
  name: string,
  text: string | readonly (string | number)[],
  expected: Expected,
  first?: readonly string[],
): void {
  const formats: Record<typeof type, Format> = {
    ndjson: { type: 'ndjson', encoding: 'utf-8' },
    json: { type: 'json', rows: 'rows.*' },
    geojson: { type: 'geojson' },
  };
  const wanted = { ndjson: ['id', 'x'], json: ['rows.*.id', 'rows.*.x'], geojson: ['id', '@lng', '@lat'] }[type];
  const bytes = buffer(text);
  cases.push({ name, ending: type, format: formats[type], wanted, bytes, expected, ...(first ? { first } : {}) });
}

const HEAD = 'id,time,x\n';
const GB = { encoding: 'gb18030' } as const;
const long = (n: number) => 'x'.repeat(n);

csv('plain', `${HEAD}1,2,3\n4,5,6\n`, { kept: 2 }, { first: ['1', '2', '3'] });
csv('no line end at the end', `${HEAD}1,2,3\n4,5,6`, { kept: 2 });
csv('CRLF', 'id,time,x\r\n1,2,3\r\n4,5,6\r\n', { kept: 2 }, { first: ['1', '2', '3'] });
csv('CR alone', 'id,time,x\r1,2,3\r4,5,6\r', { kept: 2 }, { first: ['1', '2', '3'] });
csv('line ends of all three kinds', 'id,time,x\r\n1,2,3\r4,5,6\n7,8,9\r\n', { kept: 3 });
csv('LF before CR is a blank record between', `${HEAD}1,2,3\n\r4,5,6\n\r`, { kept: 2, blank: 2 });
csv('blank lines anywhere', `${HEAD}\n1,2,3\n\n\n4,5,6\n\n`, { kept: 2, blank: 4 });
csv('a header alone', HEAD, {});
csv('a header alone without a line end', 'id,time,x', {});
csv('a byte order mark', `\ufeff${HEAD}1,2,3\n`, { kept: 1 });
csv('two byte order marks: the second is text that names lose', `\ufeff\ufeff${HEAD}1,2,3\n`, { kept: 1 });
csv('a byte order mark alone', '\ufeff', { error: 'the file is empty' });
csv('an empty file', '', { error: 'the file is empty' });
csv('blank lines alone', '\n\n\n', { error: 'has no header row' });
csv('delimiters alone', ',,,\n,,,\n', { error: 'has no header row' });
csv('a title above the header', '工单表\nid,time,x\n1,2,3\n', { ragged: 2 });
csv('too few cells', `${HEAD}1,2\n4,5,6\n`, { kept: 1, ragged: 1 });
csv('too many cells', `${HEAD}1,2,3,4\n4,5,6\n`, { kept: 1, ragged: 1 });
csv('a delimiter at the end of each row', `${HEAD}1,2,3,\n4,5,6,\n`, { ragged: 2 });
csv('a delimiter at the end of the header too', 'id,time,x,\n1,2,3,\n', { kept: 1 }, { first: ['1', '2', '3', ''] });
csv('a totals row', `${HEAD}1,2,3\n合计,,1\n`, { kept: 2 });
csv('a totals row of one cell', `${HEAD}1,2,3\n共1条\n`, { kept: 1, ragged: 1 });
csv('a footnote behind a blank line', `${HEAD}1,2,3\n\n数据截至3月\n`, { kept: 1, blank: 1, ragged: 1 });
csv('cells alone empty', `${HEAD},,\n`, { kept: 1 }, { first: ['', '', ''] });
csv('a line of spaces', `${HEAD}1,2,3\n   \n`, { kept: 1, ragged: 1 });
csv(
  'full-width commas do not part',
  `${HEAD}1，2，3\n4,5,a，b\n`,
  { kept: 1, ragged: 1 },
  { first: ['4', '5', 'a，b'] },
);
csv(
  'an id in scientific notation is kept as it is written',
  `${HEAD}1.2E+17,2,3\n`,
  { kept: 1 },
  { first: ['1.2E+17', '2', '3'] },
);
csv('="001" is kept as it is written', `${HEAD}="001",2,3\n`, { kept: 1 }, { first: ['="001"', '2', '3'] });
csv('="001" in quotes', `${HEAD}"=""001""",2,3\n`, { kept: 1 }, { first: ['="001"', '2', '3'] });
csv('an apostrophe in front of an id', `${HEAD}'001,2,3\n`, { kept: 1 }, { first: ["'001", '2', '3'] });
csv('a tab behind an id', `${HEAD}001\t,2,3\n`, { kept: 1 }, { first: ['001\t', '2', '3'] });
csv('a formula', `${HEAD}"=1+1,2",b,c\n`, { kept: 1 }, { first: ['=1+1,2', 'b', 'c'] });
csv('a comma in a number', `${HEAD}1,2,"3,000"\n`, { kept: 1 }, { first: ['1', '2', '3,000'] });
csv('a comma in a number without quotes', `${HEAD}1,2,3,000\n`, { ragged: 1 });
csv('a line end in quotes', `${HEAD}1,"a\nb",3\n`, { kept: 1 }, { first: ['1', 'a\nb', '3'] });
csv('a blank line in quotes', `${HEAD}1,"a\r\n\r\nb",3\n`, { kept: 1 }, { first: ['1', 'a\r\n\r\nb', '3'] });
csv('a line end without quotes', `${HEAD}1,a\nb,3\n4,5,6\n`, { kept: 1, ragged: 2 });
csv('doubled quotes', `${HEAD}1,"say ""hi""",3\n`, { kept: 1 }, { first: ['1', 'say "hi"', '3'] });
csv('four quotes', `${HEAD}1,"""",3\n`, { kept: 1 }, { first: ['1', '"', '3'] });
csv(
  'quotes escaped by a backslash: the cell ends',
  `${HEAD}1,"say \\"hi\\"",3\n`,
  { kept: 1 },
  { first: ['1', 'say \\hi\\""', '3'] },
);
csv('a quote inside a cell', `${HEAD}1,5" pipe,3\n`, { kept: 1 }, { first: ['1', '5" pipe', '3'] });
csv('Chinese quotes are text', `${HEAD}1,“a,b”,3\n`, { ragged: 1 });
csv('single quotes are text', `${HEAD}1,'a,b',3\n`, { ragged: 1 });
csv('a space before a quote', `${HEAD}1, "a,b",3\n`, { ragged: 1 });
csv('text behind a closing quote', `${HEAD}1,"a"b,3\n`, { kept: 1 }, { first: ['1', 'ab', '3'] });
csv('a space behind a closing quote', `${HEAD}1,"a" ,3\n`, { kept: 1 }, { first: ['1', 'a ', '3'] });
csv('a quote never closed', `${HEAD}1,"a,3\n4,5,6\n`, { error: 'opened in record 2, column 2, is never closed' });
csv('a quote never closed in the last cell', `${HEAD}1,2,"`, {
  error: 'opened in record 2, column 3, is never closed',
});
csv('quotes nested and never closed', `${HEAD}1,"a ""b ""c",3\n4,"5,6\n`, {
  error: 'record 3, column 2, is never closed',
});
csv(
  'an odd quote that a later one closes',
  `${HEAD}1,"a,3\n4,5",6\n7,8,9\n`,
  { kept: 2 },
  { first: ['1', 'a,3\n4,5', '6'] },
);
csv('a quote never closed in the header', 'id,"time,x\n1,2,3\n', { error: 'opened in record 1, column 2' });
csv('a NUL byte', [HEAD, '1,2', 0, ',3\n4,5,6\n'], { kept: 1, 'nul-byte': 1 });
csv('a NUL byte in quotes', [HEAD, '1,"2', 0, '",3\n4,5,6\n'], { kept: 1, 'nul-byte': 1 });
csv('a NUL byte in a ragged row', [HEAD, '1,2', 0, '\n4,5,6\n'], { kept: 1, 'nul-byte': 1 });
csv('NUL bytes at the end, as after a crash', [HEAD, '1,2,3\n', ...Array<number>(512).fill(0)], {
  kept: 1,
  'nul-byte': 1,
});
csv('a NUL byte in the header', ['id', 0, ',time\n1,2\n'], { error: 'NUL byte in the header row' });
csv('UTF-16 that is said to be UTF-8', utf16(`${HEAD}1,2,3\n`, false), { error: 'NUL byte in the header row' });
csv('UTF-16 with a mark that is said to be UTF-8', utf16(`\ufeff${HEAD}1,2,3\n`, false), {
  error: 'byte order mark of utf-16le',
});
csv('a cell of a million characters', `${HEAD}1,${long(1_000_000)},3\n`, { kept: 1 });
csv('a quoted cell of a million characters', `${HEAD}1,"${long(500_000)}""\n${long(499_998)}",3\n`, { kept: 1 });
csv('a cell over the limit', `${HEAD}1,${long(MAX_CELL_BYTES + 1)},3\n4,5,6\n`, { kept: 1, 'too-long': 1 });
csv('a quoted cell over the limit', `${HEAD}1,"${long(MAX_CELL_BYTES + 1)}",3\n4,5,6\n`, { kept: 1, 'too-long': 1 });
csv('one cell of a hundred thousand too many', `${HEAD}${','.repeat(100_000)}\n4,5,6\n`, { kept: 1, ragged: 1 });
csv('a header of two million columns', `${'a,'.repeat(2_000_000)}\n`, { error: 'more than 10000 columns' });
csv(
  'a header of ten thousand columns',
  `${Array.from({ length: 10_000 }, (_, i) => `c${i}`)}\n${','.repeat(9999)}\n1\n`,
  { kept: 1, ragged: 1 },
);
csv('a header that is all of the file', long(MAX_CELL_BYTES + 1), { error: 'too long to be one' });
csv('a repeated name', 'id,time,id\n1,2,3\n', { error: 'column "id" occurs twice' });
csv('names that differ by spaces alone', 'id, id \n1,2\n', { error: 'column "id" occurs twice' });
csv('one column without a name', ',time\n1,2\n', { kept: 1 });
csv('two columns without a name', 'id,,\n1,2,3\n', { error: 'several columns of the header have no name' });
csv('a header declared, none in the file', '1,2,3\n', { kept: 1 }, { header: ['a', 'b', 'c'] });
csv('a header declared that is too short', '1,2,3\n', { ragged: 1 }, { header: ['a', 'b'] });
csv('a header declared, an empty file', '', { error: 'the file is empty' }, { header: ['a', 'b'] });
csv('tabs', 'id\tx\n1,5\t"2\t3"\n', { kept: 1 }, { delimiter: '\t', first: ['1,5', '2\t3'] });
csv('semicolons', 'id;x\n1,5;2\n', { kept: 1 }, { delimiter: ';', first: ['1,5', '2'] });
csv('bars', 'id|x\n1,5|2\n', { kept: 1 }, { delimiter: '|', first: ['1,5', '2'] });
csv('another delimiter than declared', 'id;time;x\n1;2;3\n4;5,5;6\n', { kept: 1, ragged: 1 });
csv('a delimiter of two bytes', 'id，x\n', { error: 'cannot be used' }, { delimiter: '，' });
csv('one column, blank lines', 'id\n1\n\n2\n', { kept: 3 });
csv('GBK', [HEAD, '1,', 0xd4, 0xeb, 0xc9, 0xf9, ',3\n'], { kept: 1 }, { ...GB, first: ['1', '噪声', '3'] });
csv('GBK that is said to be UTF-8', [HEAD, '1,', 0xd4, 0xeb, 0xc9, 0xf9, ',3\n'], {
  error: 'does not belong at byte 12',
});
csv('UTF-8 that is said to be GB18030', `${HEAD}1,噪音,3\n1,噪,3\n`, { error: 'is not gb18030' }, GB);
csv('UTF-8 with a mark that is said to be GB18030', `\ufeff${HEAD}1,2,3\n`, { error: 'byte order mark of utf-8' }, GB);
csv(
  'GB18030 of four bytes',
  [HEAD, '1,', 0x82, 0x35, 0x90, 0x37, ',3\n'],
  { kept: 1 },
  { ...GB, first: ['1', '\u9fb4', '3'] },
);
csv(
  'GB18030 beyond the BMP',
  [HEAD, '1,', 0x95, 0x32, 0x82, 0x36, ',3\n'],
  { kept: 1 },
  { ...GB, first: ['1', '𠀀', '3'] },
);
csv(
  'GB 18030-2022: moved out of the private area',
  [HEAD, '1,', 0xa6, 0xd9, ',3\n'],
  { kept: 1 },
  { ...GB, first: ['1', '\ufe10', '3'] },
);
csv(
  'GB18030 whose second bytes are the delimiter',
  ['id|x\n', 0x81, 0x7c, '|2\n'],
  { kept: 1 },
  { ...GB, delimiter: '|' },
);
csv('GB18030 cut in a character', [HEAD, '1,2,', 0xd4], { error: 'cut off by the end of the file at byte 14' }, GB);
csv(
  'GB18030 with a byte lost: the next ones pair up until one does not',
  [HEAD, '1,', 0xd4, ',3\n'],
  { error: 'does not belong at byte 12' },
  GB,
);
csv('a GB18030 mark', [0x84, 0x31, 0x95, 0x33, HEAD, '1,2,3\n'], { kept: 1 }, GB);
csv('UTF-8 cut in a character', [HEAD, '1,2,', 0xe5, 0x99], { error: 'cut off by the end of the file at byte 14' });
csv('UTF-8 with half a surrogate pair', [HEAD, '1,', 0xed, 0xa0, 0xbd, ',3\n'], {
  error: 'does not belong at byte 12',
});
csv('UTF-8 with an overlong slash', [HEAD, '1,', 0xc0, 0xaf, ',3\n'], { error: 'does not belong at byte 12' });
csv('U+FFFD that the source already had is text', `${HEAD}1,�,3\n`, { kept: 1 }, { first: ['1', '�', '3'] });
csv('Latin-1 in the middle of UTF-8', [HEAD, '1,2,3\n4,caf', 0xe9, ',6\n'], { error: 'does not belong at byte 21' });
csv(
  'UTF-16LE',
  utf16(`\ufeff${HEAD}1,噪声,3\n`, false),
  { kept: 1 },
  { encoding: 'utf-16le', first: ['1', '噪声', '3'] },
);
csv(
  'UTF-16BE without a mark',
  utf16(`${HEAD}1,😀,3\n`, true),
  { kept: 1 },
  { encoding: 'utf-16be', first: ['1', '😀', '3'] },
);
csv(
  'UTF-16BE that is said to be LE',
  utf16(`\ufeff${HEAD}1,2,3\n`, true),
  { error: 'byte order mark of utf-16be' },
  { encoding: 'utf-16le' },
);
csv(
  'UTF-16 with half a pair',
  utf16(`${HEAD}1,\ud83d,3\n`, false),
  { error: 'an unpaired surrogate at byte 24' },
  { encoding: 'utf-16le' },
);
csv(
  'UTF-16 of an odd length',
  utf16(`${HEAD}1,2,3\n`, false).subarray(0, -1),
  { error: 'cut off by the end of the file at byte 30' },
  { encoding: 'utf-16le' },
);
csv('gzip', gzipSync(`${HEAD}1,2,3\n`), { kept: 1 }, { ending: 'csv.gz' });
csv(
  'gzip of two members, cut in a row',
  Buffer.concat([gzipSync(`${HEAD}1,`), gzipSync('2,3\n')]),
  { kept: 1 },
  { ending: 'csv.gz' },
);
csv(
  'gzip that is cut off',
  gzipSync(`${HEAD}1,2,3\n`).subarray(0, -9),
  { error: 'truncated gzip' },
  { ending: 'csv.gz' },
);
csv(
  'gzip with a damaged byte',
  gzipSync(`${HEAD}1,2,3\n`).fill(0xff, 12, 14),
  { error: 'no intact gzip file' },
  { ending: 'csv.gz' },
);
csv('gzip without its name', gzipSync(`${HEAD}1,2,3\n`), { error: 'its name must end in .gz' });
csv('no gzip in spite of its name', `${HEAD}1,2,3\n`, { error: 'no intact gzip file' }, { ending: 'csv.gz' });
csv('a gzip bomb', gzipSync(Buffer.alloc(30_000_000, ',')), { error: 'more than 10000 columns' }, { ending: 'csv.gz' });
csv(
  'a gzip bomb of lines',
  gzipSync(Buffer.alloc(60_000_000, 'a\n')),
  { error: 'more than 200 times its size' },
  { ending: 'csv.gz' },
);
csv('no zstd in spite of its name', `${HEAD}1,2,3\n`, { error: 'no intact zstd file' }, { ending: 'csv.zst' });
csv('a workbook', ['PK', 3, 4, 20, 0, 6, 0, 8, 0, 0xff, 0xfe], { error: 'looks like a workbook' });
csv('a web page in place of the file', '<!DOCTYPE html>\n<html>\n<body>502, Bad Gateway</body>\n', {
  kept: 1,
  ragged: 1,
});
csv('random bytes', Buffer.from('9f3c00ff1788aa', 'hex'), { error: 'is not utf-8' });

json('ndjson', 'plain', '{"id":"a","x":1}\n{"x":2,"id":"b"}\n', { kept: 2 }, ['a', '1']);
json('ndjson', 'a byte order mark and CRLF', '\ufeff{"id":"a"}\r\n{"id":"b"}\r\n', { kept: 2 }, ['a', '']);
json('ndjson', 'blank lines', '\n{"id":"a"}\n\n \n', { kept: 1, blank: 3 });
json('ndjson', 'a line cut off', '{"id":"a"}\n{"id":"b', { kept: 1, 'not-json': 1 });
json('ndjson', 'a line that is a list', '{"id":"a"}\n[1]\n', { kept: 1, 'not-json': 1 });
json('ndjson', 'two objects on a line', '{"id":"a"}\n{"id":"b"}{"id":"c"}\n', { kept: 1, 'not-json': 1 });
json('ndjson', 'a comma behind each line', '{"id":"a"},\n{"id":"b"},\n', { error: 'is no NDJSON' });
json('ndjson', 'a document', '[\n{"id":"a"},\n{"id":"b"}\n]\n', { kept: 1, 'not-json': 3 });
json('ndjson', 'an id of 20 digits', '{"id":12345678901234567890}\n', { kept: 1 }, ['12345678901234567890', '']);
json('ndjson', 'a key twice: the last counts', '{"id":"a","id":"b"}\n', { kept: 1 }, ['b', '']);
json('ndjson', 'a key of the prototype', '{"__proto__":{"id":"z"},"id":"a"}\n', { kept: 1 }, ['a', '']);
json('ndjson', 'half a surrogate pair', '{"id":"a"}\n{"id":"\\ud83d"}\n', { kept: 1, 'not-json': 1 });
json('ndjson', 'an escaped NUL', '{"id":"a"}\n{"id":"\\u0000"}\n', { kept: 1, 'nul-byte': 1 });
json('ndjson', 'a raw NUL', ['{"id":"a"}\n{"id":"', 0, '"}\n'], { kept: 1, 'not-json': 1 });
json('ndjson', 'a million brackets', `{"id":"a"}\n${'['.repeat(1_000_000)}\n`, { kept: 1, 'not-json': 1 });
json('ndjson', 'a cell over the limit', `{"id":"a"}\n{"id":"${long(MAX_CELL_BYTES + 1)}"}\n`, {
  kept: 1,
  'too-long': 1,
});
json('ndjson', 'NaN and Infinity', '{"id":"a"}\n{"x":NaN}\n{"x":Infinity}\n', { kept: 1, 'not-json': 2 });
json('ndjson', 'single quotes', "{'id':'a'}\n", { error: 'is no NDJSON' });
json('ndjson', 'a CSV', `${HEAD}1,2,3\n`, { error: 'is no NDJSON' });
json('ndjson', 'an empty file', '', { error: 'the file is empty' });
json('ndjson', 'broken UTF-8', ['{"id":"', 0xd4, 0xeb, '"}\n'], { error: 'does not belong at byte 7' });

json('json', 'plain', '{"rows":[{"id":1,"x":2}]}', { kept: 1 }, ['1', '2']);
json('json', 'rows of different kinds', '{"rows":[{"id":1},5,null,"text",[]]}', { kept: 5 }, ['1', '']);
json('json', 'an id of 18 digits', '{"rows":[{"id":320500202403010123}]}', { kept: 1 }, ['320500202403010123', '']);
json('json', 'half a surrogate pair', '{"rows":[{"id":"\\udc00"},{"id":1}]}', { kept: 1, 'not-json': 1 });
json('json', 'cut off', '{"rows":[{"id":1},', { error: 'is not JSON' });
json('json', 'no rows', '{"row":[{"id":1}]}', { error: 'no rows at "rows.*"' });
json('json', 'a million brackets', '['.repeat(1_000_000), { error: 'nested deeper than 100 levels' });
json('json', 'an empty file', '', { error: 'the file is empty' });

const collection = (...features: unknown[]) => JSON.stringify({ type: 'FeatureCollection', features });
const feature = (geometry: unknown, properties: unknown = { id: 'a' }) => ({ type: 'Feature', properties, geometry });
json('geojson', 'plain', collection(feature({ type: 'Point', coordinates: [120.5, 31.5, 4] })), { kept: 1 }, [
  'a',
  '120.5',
  '31.5',
]);
json('geojson', 'no geometry', collection(feature(null), feature(undefined)), { kept: 2 }, ['a', '', '']);
json('geojson', 'coordinates as text', collection(feature({ type: 'Point', coordinates: ['120', 'x'] })), { kept: 1 }, [
  'a',
  '120',
  'x',
]);
json('geojson', 'coordinates that are no list', collection(feature({ type: 'Point', coordinates: 5 })), { kept: 1 }, [
  'a',
  '',
  '',
]);
json('geojson', 'a member that is no feature', collection(feature(null), { id: 'a' }), { kept: 1, 'not-json': 1 });
json('geojson', 'a polygon', collection(feature({ type: 'Polygon', coordinates: [] })), {
  error: '1 features have the geometry Polygon',
});
json('geojson', 'one geometry', '{"type":"Point","coordinates":[1,2]}', { error: 'is no GeoJSON FeatureCollection' });
json('geojson', 'no feature', collection(), { error: 'has no feature' });

export const MALFORMED: readonly MalformedCase[] = cases;
