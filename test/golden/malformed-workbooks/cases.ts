import { strToU8 } from 'fflate';
import type { Format } from '../../../core/contract/profile.ts';
import type { ReadSheet } from './read-workbook.ts';
import {
  book,
  CENTRAL,
  centralRecords,
  MAIN,
  parts,
  relationships,
  rowsXml,
  sharedXml,
  sheetXml,
  strictBook,
  stylesXml,
  type TinyCell,
  tampered,
  XML,
  zipped,
} from './tiny-xlsx.ts';

export interface WorkbookCase {
  readonly name: string;
  readonly make: () => Uint8Array;
  readonly format?: Partial<Extract<Format, { type: 'xlsx' }>>;
  readonly ids?: readonly string[];
  readonly expected: Partial<ReadSheet> | { readonly error: RegExp };
}

const HEAD: readonly TinyCell[] = ['编号', '时间'];
const cell = (attributes: string, inner: string): TinyCell => ({ xml: `<c r="@" ${attributes}>${inner}</c>` });
const data = (...rows: readonly (readonly TinyCell[])[]): Uint8Array => book(sheetXml(rowsXml([HEAD, ...rows])));
const raw = (rows: string, more: Parameters<typeof book>[1] = {}): Uint8Array =>
  book(sheetXml(rowsXml([HEAD]) + rows), more);
const good = (): Uint8Array => data(['A1', 45123.5], ['A2', 45124]);
const SHEET = 'xl/worksheets/sheet1.xml';
const workbookXml = (inner: string): string =>
  `${XML}<workbook xmlns="${MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">${inner}</workbook>`;
const utf16 = (text: string): Uint8Array => {
  const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
  return new Uint8Array(bytes);
};

const cells: readonly WorkbookCase[] = [
  {
    name: 'a plain sheet',
    make: good,
    expected: { columns: ['编号', '时间'], rows: ['2: A1 | 45123.5', '3: A2 | 45124'], lost: {} },
  },
  {
    name: 'shared, rich and phonetic text',
    make: () =>
      raw('<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c></row>', {
        'xl/sharedStrings.xml': sharedXml(
          '<si><r><rPr><b/></rPr><t>噪</t></r><r><t xml:space="preserve">音 </t></r></si><si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>',
        ),
      }),
    expected: { rows: ['2: 噪音  | 東京'] },
  },
  {
    name: 'rich inline text with a phonetic guide',
    make: () =>
      data([
        cell('t="inlineStr"', '<is><r><t>A</t></r><r><t>7</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is>'),
        cell('t="str"', '<f>CONCAT("a","b")</f><v>ab</v>'),
      ]),
    expected: { rows: ['2: A7 | ab'] },
  },
  {
    name: 'escaped characters in texts',
    make: () => data(['a_x000D_b', '_x005F_x0041_ _xD83D__xDE00_ _xD83D_']),
    expected: { rows: ['2: a\rb | _x0041_ 😀 _xD83D_'] },
  },
  {
    name: 'booleans, errors, formulas',
    make: () =>
      data(
        [cell('t="b"', '<v>1</v>'), cell('t="b"', '<v>0</v>')],
        [cell('t="e"', '<v>#N/A</v>'), cell('', '<f>1+1</f><v>2</v>')],
        [cell('t="b"', ''), cell('', '<f>A1</f>')],
        ['last', null],
      ),
    expected: { rows: ['2: TRUE | FALSE', '3: #N/A | 2', '5: last | '] },
  },
  {
    name: 'numbers stored as text and texts with CDATA and entities',
    make: () => data(['0012345678901234567890', cell('t="inlineStr"', '<is><t><![CDATA[a<b]]>&amp;&#x4E2D;</t></is>')]),
    expected: { rows: ['2: 0012345678901234567890 | a<b&中'], lost: {} },
  },
  {
    name: 'a serial of seventeen digits is kept, an exponent is written out',
    make: () =>
      data(
        ['a', cell('s="2"', '<v>45123.520833333336</v>')],
        ['b', cell('', '<v>4.5123E4</v>')],
        ['c', cell('', '<v>1.0000000000000001E-5</v>')],
        ['d', cell('', '<v>-1.5E+2</v>')],
      ),
    expected: {
      rows: ['2: a | 45123.520833333336', '3: b | 45123', '4: c | 0.000010000000000000001', '5: d | -150'],
      lost: {},
      dates: { 时间: 1 },
    },
  },
  {
    name: 'ids that Excel turned into scientific notation or rounded',
    make: () =>
      data(
        [cell('', '<v>3.20500E+17</v>'), 45123],
        [cell('', '<v>320500197101011000</v>'), 45123],
        [cell('', '<v>123456789012345</v>'), cell('', '<v>1234567890123456</v>')],
      ),
    ids: ['编号'],
    expected: {
      rows: ['2!: 3.20500E+17 | 45123', '3!: 320500197101011000 | 45123', '4: 123456789012345 | 1234567890123456'],
      lost: { 编号: 2, 时间: 1 },
    },
  },
  {
    name: 'an ISO date cell becomes a serial, ISO text stays text',
    make: () =>
      data(
        [cell('t="d"', '<v>2024-01-05T09:30:00.000</v>'), '2024-01-05 09:30:00'],
        [cell('t="d"', '<v>2024-01-05</v>'), cell('t="d"', '<v>2024-02-30</v>')],
        [cell('t="d"', '<v>2024-01-05T09:30:00Z</v>'), cell('t="d"', '<v>2024-01-05T25:00:00</v>')],
      ),
    expected: {
      rows: [
        '2: 45296.395833333336 | 2024-01-05 09:30:00',
        '3: 45296 | 2024-02-30',
        '4: 2024-01-05T09:30:00Z | 2024-01-05T25:00:00',
      ],
      dates: { 编号: 2 },
    },
  },
  {
    name: 'a workbook of the 1904 date system',
    make: () =>
      raw('<row r="2"><c r="A2"><v>43661</v></c><c r="B2" s="1"><v>43661.5</v></c></row>', {
        'xl/workbook.xml': workbookXml(
          '<workbookPr date1904="true"/><sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets>',
        ),
      }),
    expected: { rows: ['2: 43661 | 45123.5'], dates: { 时间: 1 } },
  },
  {
    name: 'date formats of the workbook itself',
    make: () =>
      raw(
        '<row r="2"><c r="A2" s="0"><v>1</v></c><c r="B2" s="1"><v>45123</v></c></row><row r="3"><c r="A3" s="2"><v>3</v></c><c r="B3" s="3"><v>45123</v></c></row>',
        {
          'xl/styles.xml': stylesXml(
            [164, 165, 166, 31],
            '<numFmt numFmtId="164" formatCode="&quot;day&quot;0.00_);[Red]\\d0"/><numFmt numFmtId="165" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/><numFmt numFmtId="166" formatCode="General"/>',
          ),
        },
      ),
    expected: { rows: ['2: 1 | 45123', '3: 3 | 45123'], dates: { 时间: 2 } },
  },
];

const shapes: readonly WorkbookCase[] = [
  {
    name: 'rows and cells without references',
    make: () => raw('<row><c><v>1</v></c><c><v>2</v></c></row><row><c/><c><v>4</v></c></row>'),
    expected: { rows: ['2: 1 | 2', '3:  | 4'] },
  },
  {
    name: 'cells out of order in their row',
    make: () => raw('<row r="2"><c r="B2"><v>2</v></c><c r="A2"><v>1</v></c></row>'),
    expected: { rows: ['2: 1 | 2'] },
  },
  {
    name: 'rows out of order and sparse rows',
    make: () =>
      raw(
        '<row r="9"><c r="A9"><v>9</v></c></row><row r="4"><c r="A4"><v>4</v></c></row><row r="1000000"><c r="B1000000"><v>6</v></c></row>',
      ),
    expected: { rows: ['9: 9 | ', '4: 4 | ', '1000000:  | 6'] },
  },
  {
    name: 'a row beyond the header is ragged, empty cells beyond it are not',
    make: () =>
      raw(
        '<row r="2"><c r="A2"><v>1</v></c><c r="D2"><v>9</v></c></row><row r="3"><c r="A3"><v>2</v></c><c r="XFD3" s="1"/></row>',
      ),
    expected: { rows: ['2#4: ', '3: 2 | '] },
  },
  {
    name: 'blank rows',
    make: () => raw('<row r="2"/><row r="3"><c r="A3" s="1"/></row><row r="4"><c r="A4"><v>1</v></c></row>'),
    expected: { rows: ['4: 1 | '] },
  },
  {
    name: 'a row repeats in the file',
    make: () => raw('<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'),
    expected: { rows: ['2: 1 | ', '2: 2 | '] },
  },
  {
    name: 'a text of a million characters',
    make: () => data(['x'.repeat(1_000_000), 1]),
    expected: { rows: [`2: ${'x'.repeat(1_000_000)} | 1`] },
  },
  {
    name: 'no shared strings, no styles',
    make: () =>
      book(sheetXml(rowsXml([HEAD, ['A', 1]])), {
        'xl/sharedStrings.xml': undefined,
        'xl/styles.xml': undefined,
        'xl/_rels/workbook.xml.rels': relationships(['rId1', 'worksheet', 'worksheets/sheet1.xml']),
      }),
    expected: { rows: ['2: A | 1'] },
  },
  {
    name: 'no package relationships',
    make: () => book(sheetXml(rowsXml([HEAD, ['A', 1]])), { '_rels/.rels': undefined }),
    expected: { rows: ['2: A | 1'] },
  },
  {
    name: 'the strict name space, prefixes and absolute targets',
    make: () => strictBook(rowsXml([HEAD, ['A', 1]])),
    expected: { columns: ['编号', '时间'], rows: ['2: A | 1'] },
  },
  {
    name: 'targets with dots, percent signs and other case',
    make: () =>
      zipped({
        ...parts('', { [SHEET]: undefined }),
        'xl/Blätter/Sheet1.XML': sheetXml(rowsXml([HEAD, ['A', 1]])),
        'xl/_rels/workbook.xml.rels': relationships(['rId1', 'worksheet', './x/../bl%C3%A4tter/sheet1.xml']),
      }),
    expected: { rows: ['2: A | 1'] },
  },
  {
    name: 'a sheet in UTF-16',
    make: () => book('', { [SHEET]: utf16(sheetXml(rowsXml([HEAD, ['甲', 1]])).replace('UTF-8', 'UTF-16')) }),
    expected: { rows: ['2: 甲 | 1'] },
  },
  {
    name: 'the second sheet by its name, a chart between',
    make: () =>
      book(sheetXml(rowsXml([['x']])), {
        'xl/workbook.xml': workbookXml(
          '<sheets><sheet name="封面" r:id="rId1"/><sheet name="图" r:id="rId9"/><sheet name="二" r:id="rId2" state="hidden"/></sheets>',
        ),
        'xl/_rels/workbook.xml.rels': relationships(
          ['rId1', 'worksheet', 'worksheets/sheet1.xml'],
          ['rId9', 'chartsheet', 'chartsheets/sheet1.xml'],
          ['rId2', 'worksheet', 'worksheets/sheet2.xml'],
        ),
        'xl/worksheets/sheet2.xml': sheetXml(rowsXml([HEAD, ['B', 2]])),
      }),
    format: { sheet: '二' },
    expected: { rows: ['2: B | 2'] },
  },
  {
    name: 'a stored archive with a file in it that is no part',
    make: () => zipped({ ...parts(sheetXml(rowsXml([HEAD, ['A', 1]]))), 'xl/media/inner.zip': good() }, 0),
    expected: { rows: ['2: A | 1'] },
  },
];

const headers: readonly WorkbookCase[] = [
  {
    name: 'titles above the header',
    make: () => book(sheetXml(rowsXml([['二季度台账'], [], HEAD, ['A', 1]]))),
    format: { headerRow: 3 },
    expected: { columns: ['编号', '时间'], rows: ['4: A | 1'] },
  },
  {
    name: 'two header rows, merged across and down',
    make: () =>
      book(
        sheetXml(
          rowsXml([['台账'], ['编号', '发生', null, '备注'], [null, '日期', '地点', '备注'], ['A', 1, 2, 'x']]),
          '<mergeCells count="3"><mergeCell ref="A1:D1"/><mergeCell ref="A2:A3"/><mergeCell ref="B2:C2"/></mergeCells>',
        ),
      ),
    format: { headerRow: 2, headerRows: 2 },
    expected: { columns: ['编号', '发生/日期', '发生/地点', '备注'], rows: ['4: A | 1 | 2 | x'] },
  },
  {
    name: 'merged cells of the data: only the first has the value',
    make: () =>
      book(sheetXml(rowsXml([HEAD, ['A', 1], [null, 2]]), '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>')),
    expected: { rows: ['2: A | 1', '3:  | 2'] },
  },
  {
    name: 'a header that ends in empty cells',
    make: () =>
      book(
        sheetXml(
          rowsXml([
            ['编号', '', '时间', ' ', ''],
            ['A', null, 1],
          ]),
        ),
      ),
    expected: { columns: ['编号', '', '时间'], rows: ['2: A |  | 1'] },
  },
  {
    name: 'a header and no rows',
    make: () => book(sheetXml(rowsXml([HEAD]))),
    expected: { columns: ['编号', '时间'], rows: [] },
  },
  { name: 'an empty sheet', make: () => book(sheetXml('')), expected: { error: /no header in row 1/ } },
  {
    name: 'an empty header row',
    make: () => book(sheetXml('<row r="1"/>')),
    expected: { error: /no header in row 1/ },
  },
  { name: 'a header below the sheet', make: good, format: { headerRow: 7 }, expected: { error: /no header in row 7/ } },
  {
    name: 'columns that repeat, all named',
    make: () => book(sheetXml(rowsXml([['a', 'b', 'a', 'b', 'b']]))),
    expected: { error: /column "a" occurs twice[\s\S]*column "b" occurs twice/ },
  },
  {
    name: 'a header row that repeats in the file',
    make: () => book(sheetXml('<row r="1"><c><v>1</v></c></row><row r="1"><c><v>2</v></c></row>')),
    expected: { error: /row 1 occurs twice/ },
  },
  {
    name: 'a header row below the data',
    make: () => book(sheetXml(`${rowsXml([HEAD])}<row r="3"/><row r="1"><c><v>2</v></c></row>`)),
    expected: { error: /row 1 stands below later rows/ },
  },
  {
    name: 'a merged range that is none',
    make: () => book(sheetXml(rowsXml([HEAD, HEAD]), '<mergeCells><mergeCell ref="1A:XXXX9"/></mergeCells>')),
    format: { headerRows: 2 },
    expected: { error: /a merged range "1A:XXXX9"/ },
  },
];

const damaged: readonly WorkbookCase[] = [
  { name: 'an empty file', make: () => new Uint8Array(0), expected: { error: /the file is empty/ } },
  { name: 'a text file', make: () => strToU8('编号,时间\nA,1\n'), expected: { error: /does not begin like a zip/ } },
  {
    name: 'an old .xls or one with a password',
    make: () => Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0),
    expected: { error: /old \.xls file or one with a password/ },
  },
  { name: 'cut off in the middle', make: () => good().slice(0, 900), expected: { error: /is not a workbook/ } },
  {
    name: 'bytes after the end',
    make: () => Buffer.concat([good(), Buffer.from('tail')]),
    expected: { error: /is not a workbook: Invalid comment length/ },
  },
  {
    name: 'bytes before the archive',
    make: () => Buffer.concat([Buffer.from('PK--'), good()]),
    expected: { error: /is not a workbook|is damaged/ },
  },
  {
    name: 'an archive without a workbook',
    make: () => zipped({ 'a.txt': 'a' }),
    expected: { error: /it has no xl\/workbook\.xml/ },
  },
  {
    name: 'an OpenDocument sheet',
    make: () => zipped({ 'content.xml': '<a/>' }),
    expected: { error: /OpenDocument file \(\.ods\)/ },
  },
  {
    name: 'a Word document',
    make: () => zipped({ 'word/document.xml': '<a/>' }),
    expected: { error: /Word document/ },
  },
  {
    name: 'a binary workbook',
    make: () =>
      zipped({ '_rels/.rels': relationships(['rId1', 'officeDocument', 'xl/workbook.bin']), 'xl/workbook.bin': 'x' }),
    expected: { error: /binary workbook \(\.xlsb\)/ },
  },
  {
    name: 'a sheet that is not there',
    make: good,
    format: { sheet: '没有' },
    expected: { error: /no sheet "没有"; found: 台账/ },
  },
  {
    name: 'a sheet without a relationship',
    make: () => book('', { 'xl/_rels/workbook.xml.rels': relationships() }),
    expected: { error: /sheet "台账" has no part/ },
  },
  {
    name: 'a workbook without sheets',
    make: () => book('', { 'xl/workbook.xml': workbookXml('<sheets/>') }),
    expected: { error: /has no work sheet/ },
  },
  {
    name: 'a sheet part that is missing',
    make: () => book('', { [SHEET]: undefined }),
    expected: { error: /no part xl\/worksheets\/sheet1\.xml/ },
  },
  {
    name: 'a sheet outside the archive',
    make: () =>
      book('', {
        'xl/_rels/workbook.xml.rels': relationships(['rId1', 'worksheet', '../../../../etc/passwd']),
      }),
    expected: { error: /no part \.\.\/\.\.\/\.\.\/etc\/passwd/ },
  },
  {
    name: 'a sheet on the network',
    make: () =>
      book('', {
        'xl/_rels/workbook.xml.rels': relationships([
          'rId1',
          'worksheet',
          'http://example.org/sheet.xml',
          'TargetMode="External"',
        ]),
      }),
    expected: { error: /sheet "台账" has no part/ },
  },
  {
    name: 'a part name that climbs out',
    make: () => zipped({ ...parts(sheetXml('')), '../../outside.xml': 'x' }),
    expected: { error: /invalid relative path/ },
  },
  {
    name: 'an absolute part name',
    make: () => zipped({ ...parts(sheetXml('')), '/etc/x.xml': 'x' }),
    expected: { error: /absolute path/ },
  },
  {
    name: 'a part name with a drive',
    make: () => zipped({ ...parts(sheetXml('')), 'C:\\x.xml': 'x' }),
    expected: { error: /absolute path/ },
  },
  {
    name: 'a part twice',
    make: () => zipped({ ...parts(sheetXml('')), 'XL/Worksheets/sheet1.xml': 'x' }),
    expected: { error: /part XL\/Worksheets\/sheet1\.xml occurs twice/ },
  },
  {
    name: 'an encrypted part',
    make: () =>
      tampered(good(), SHEET, (view, at) =>
        view.setUint16(at + CENTRAL.flags, view.getUint16(at + CENTRAL.flags, true) | 1, true),
      ),
    expected: { error: /the part is encrypted/ },
  },
  {
    name: 'a part packed in another way',
    make: () => tampered(good(), SHEET, (view, at) => view.setUint16(at + CENTRAL.method, 14, true)),
    expected: { error: /packed by method 14/ },
  },
  {
    name: 'a checksum that does not agree',
    make: () => tampered(good(), SHEET, (view, at) => view.setUint32(at + CENTRAL.crc, 1, true)),
    expected: { error: /the checksum does not agree/ },
  },
  {
    name: 'a declared size that is too small',
    make: () => tampered(good(), SHEET, (view, at) => view.setUint32(at + CENTRAL.size, 10, true)),
    expected: { error: /inflates beyond the 10 bytes/ },
  },
  {
    name: 'a declared size that is too large',
    make: () => tampered(good(), SHEET, (view, at) => view.setUint32(at + CENTRAL.size, 100_000, true)),
    expected: { error: /declared 100000/ },
  },
  {
    name: 'a zip64 size beyond the limits',
    make: () => tampered(good(), SHEET, (view, at) => view.setUint32(at + CENTRAL.size, 0xffff_fffe, true)),
    expected: { error: /declares 4294967294 bytes/ },
  },
  {
    name: 'packed bytes that are damaged',
    make: () => {
      const zip = good();
      const sheet = centralRecords(zip).find(({ name }) => name === SHEET) as { local: number };
      zip.fill(0xff, sheet.local + 30 + SHEET.length, sheet.local + 30 + SHEET.length + 20);
      return zip;
    },
    expected: { error: /xl\/worksheets\/sheet1\.xml: the workbook is damaged/ },
  },
  {
    name: 'two parts that lie over each other',
    make: () =>
      tampered(good(), SHEET, (view, at, records) =>
        view.setUint32(at + CENTRAL.local, (records[0] as { local: number }).local + 4, true),
      ),
    expected: { error: /lie over each other/ },
  },
];

const xml = (sheet: string, error: RegExp, name: string): WorkbookCase => ({
  name,
  make: () => book(sheet),
  expected: { error },
});
const brokenXml: readonly WorkbookCase[] = [
  xml(`${XML}<worksheet><sheetData>`, /XML is damaged in xl\/worksheets\/sheet1\.xml/, 'XML that ends in the middle'),
  xml(`${XML}<worksheet><sheetData></row></worksheet>`, /XML is damaged/, 'tags that do not match'),
  xml(
    `${XML}<!DOCTYPE w [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><worksheet/>`,
    /a document type is not allowed/,
    'a document type (billion laughs)',
  ),
  xml(
    `${XML}<!DOCTYPE w SYSTEM "file:///etc/passwd"><worksheet/>`,
    /a document type is not allowed/,
    'an external document type',
  ),
  xml(sheetXml('<row r="1"><c><v>&nbsp;</v></c></row>'), /XML is damaged/, 'an entity that nobody declared'),
  xml(sheetXml('<row r="1"><c><v>\u0000</v></c></row>'), /XML is damaged/, 'a NUL'),
  xml(`${XML}${'<a>'.repeat(1000)}`, /nested deeper than 100/, 'a thousand elements in each other'),
  xml(sheetXml('<row r="0"/>'), /a row with the number "0"/, 'row 0'),
  xml(sheetXml('<row r="1048577"/>'), /a row with the number "1048577"/, 'a row beyond the last'),
  xml(sheetXml('<row r="-1"/>'), /a row with the number "-1"/, 'a negative row'),
  xml(sheetXml('<row r="1"><c r="A2"/></row>'), /row 1 has a cell "A2"/, 'a cell of another row'),
  xml(sheetXml('<row r="1"><c r="XFE1"/></row>'), /row 1 has a cell "XFE1"/, 'a column beyond the last'),
  xml(sheetXml('<row r="1"><c r="1A"/></row>'), /row 1 has a cell "1A"/, 'a reference that is none'),
  xml(sheetXml('<row r="1"><c r="A1"/><c r="A1"/></row>'), /two cells in column 1/, 'a cell twice'),
  xml(sheetXml(`<row r="1">${'<c/>'.repeat(16_385)}</row>`), /more than 16384 cells/, 'more cells than columns'),
  xml(sheetXml('<row r="1"><c t="s"><v>7</v></c></row>'), /no shared string 7/, 'a shared string that is not there'),
  xml(
    sheetXml('<row r="1"><c t="s"><v>-1</v></c></row>'),
    /row 1, column 1: no shared string …/,
    'a negative shared string',
  ),
  xml(
    sheetXml(rowsXml([HEAD])).replace('UTF-8', 'GBK'),
    /the part says that it is GBK/,
    'XML that says it is in another encoding',
  ),
  {
    name: 'bytes that are not UTF-8',
    make: () => book('', { [SHEET]: Buffer.concat([Buffer.from(XML), Buffer.from([0x3c, 0x61, 0xd4, 0xeb])]) }),
    expected: { error: /XML is damaged/ },
  },
  {
    name: 'damaged shared strings',
    make: () => book(sheetXml(''), { 'xl/sharedStrings.xml': '<sst><si>' }),
    expected: { error: /XML is damaged in xl\/sharedStrings\.xml/ },
  },
];

export const CASES: readonly WorkbookCase[] = [...cells, ...shapes, ...headers, ...damaged, ...brokenXml];
