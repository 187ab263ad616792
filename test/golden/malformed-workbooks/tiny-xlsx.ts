import { strToU8, zipSync } from 'fflate';

/** Workbooks made part by part: small enough to break in every way. */

export const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
export const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
export const STRICT = 'http://purl.oclc.org/ooxml/spreadsheetml/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const STRICT_RELATIONS = 'http://purl.oclc.org/ooxml/officeDocument/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';

export type Parts = Record<string, string | Uint8Array>;

export const relationships = (
  ...list: readonly (readonly [id: string, type: string, target: string, extra?: string])[]
) =>
  `${XML}<Relationships xmlns="${PACKAGE}">${list
    .map(
      ([id, type, target, extra]) =>
        `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}" ${extra ?? ''}/>`,
    )
    .join('')}</Relationships>`;

/** Rows as XML: a text cell for each string, a number cell for each number, nothing for null; or the XML of a cell itself. */
export type TinyCell = string | number | null | { readonly xml: string };
export const rowsXml = (rows: readonly (readonly TinyCell[])[]): string =>
  rows
    .map(
      (cells, r) =>
        `<row r="${r + 1}">${cells
          .map((cell, c) => {
            const at = `${String.fromCharCode(65 + c)}${r + 1}`;
            if (cell === null) return '';
            if (typeof cell === 'object') return cell.xml.replace('@', at);
            return typeof cell === 'number'
              ? `<c r="${at}"><v>${cell}</v></c>`
              : `<c r="${at}" t="inlineStr"><is><t>${cell}</t></is></c>`;
          })
          .join('')}</row>`,
    )
    .join('');

export const sheetXml = (data: string, after = ''): string =>
  `${XML}<worksheet xmlns="${MAIN}"><sheetData>${data}</sheetData>${after}</worksheet>`;

/** Parts of a workbook with the sheet `台账`; further parts replace or add, `undefined` leaves one out. */
export function parts(sheet: string, more: Record<string, string | Uint8Array | undefined> = {}): Parts {
  const all: Record<string, string | Uint8Array | undefined> = {
    '[Content_Types].xml': `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    '_rels/.rels': relationships(['rId1', 'officeDocument', 'xl/workbook.xml']),
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships(
      ['rId1', 'worksheet', 'worksheets/sheet1.xml'],
      ['rId2', 'sharedStrings', 'sharedStrings.xml'],
      ['rId3', 'styles', 'styles.xml'],
    ),
    'xl/worksheets/sheet1.xml': sheet,
    'xl/sharedStrings.xml': sharedXml('<si><t>共享</t></si>'),
    'xl/styles.xml': stylesXml([0, 14, 22]),
    ...more,
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string | Uint8Array] => !!entry[1]));
}

export const sharedXml = (items: string): string => `${XML}<sst xmlns="${MAIN}">${items}</sst>`;
export const stylesXml = (formats: readonly number[], custom = ''): string =>
  `${XML}<styleSheet xmlns="${MAIN}"><numFmts>${custom}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs>${formats.map((id) => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`;

export function zipped(from: Parts, level: 0 | 6 | 9 = 6): Uint8Array {
  const files = Object.fromEntries(
    Object.entries(from).map(([name, content]) => [name, typeof content === 'string' ? strToU8(content) : content]),
  );
  return zipSync(files, { level, mtime: new Date(2020, 0, 1) });
}

export const book = (sheet: string, more: Record<string, string | Uint8Array | undefined> = {}): Uint8Array =>
  zipped(parts(sheet, more));

/** The workbook in the strict name space, with every name under a prefix. */
export const strictBook = (data: string): Uint8Array =>
  book(
    `${XML}<x:worksheet xmlns:x="${STRICT}"><x:sheetData>${data.replace(/<(\/?)(\w)/g, '<$1x:$2')}</x:sheetData></x:worksheet>`,
    {
      '_rels/.rels': relationships(['rId1', 'officeDocument', '/xl/workbook.xml']).replaceAll(
        RELATIONS,
        STRICT_RELATIONS,
      ),
      'xl/workbook.xml': `${XML}<x:workbook xmlns:x="${STRICT}" xmlns:rel="${STRICT_RELATIONS}"><x:sheets><x:sheet name="台账" sheetId="1" rel:id="rId1"/></x:sheets></x:workbook>`,
      'xl/_rels/workbook.xml.rels': relationships(['rId1', 'worksheet', '/xl/worksheets/sheet1.xml']).replaceAll(
        RELATIONS,
        STRICT_RELATIONS,
      ),
    },
  );

/** Central records of the archive, `at` = byte of the record. */
export function centralRecords(
  zip: Uint8Array,
): { readonly at: number; readonly name: string; readonly local: number }[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.length);
  const end = zip.length - 22;
  const found: { at: number; name: string; local: number }[] = [];
  for (let at = view.getUint32(end + 16, true), n = view.getUint16(end + 10, true); n > 0; n--) {
    const length = view.getUint16(at + 28, true);
    found.push({
      at,
      name: new TextDecoder().decode(zip.subarray(at + 46, at + 46 + length)),
      local: view.getUint32(at + 42, true),
    });
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return found;
}

/** A copy of the archive in which the central record of a part is changed. */
export function tampered(
  zip: Uint8Array,
  name: string,
  change: (view: DataView, at: number, records: ReturnType<typeof centralRecords>) => void,
): Uint8Array {
  const copy = zip.slice();
  const records = centralRecords(copy);
  const record = records.find((candidate) => candidate.name === name);
  if (!record) throw new Error(`no part ${name}`);
  change(new DataView(copy.buffer), record.at, records);
  return copy;
}
/** Offsets of the fields in a central record. */
export const CENTRAL = { flags: 8, method: 10, crc: 16, packed: 20, size: 24, local: 42 } as const;
