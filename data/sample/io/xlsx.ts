import { strToU8, Zip, ZipDeflate } from 'fflate';
import { fileSink } from './sink.ts';

/** A cell of a row; null = empty. `word` repeats and is shared, `text` is written in place. */
export type SheetCell =
  | { readonly kind: 'text' | 'word' | 'number'; readonly text: string }
  | { readonly kind: 'date'; readonly serial: string }
  | null;

export interface Workbook {
  readonly row: (cells: readonly SheetCell[]) => void;
  readonly close: () => number;
}

/** `getFullYear` and its kin are asked by the zip writer, so a local date gives the same stamp in every zone. */
const stamp = (): Date => new Date(2020, 0, 1, 0, 0, 0);
const FLUSH_CHARACTERS = 1 << 16;

/** A workbook with one sheet, written row by row; memory holds the shared words and one buffer. SpreadsheetML, 1900 date system. */
export function workbook(path: string, sheet: string): Workbook {
  const file = fileSink(path);
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    file.write(chunk);
  });
  const whole = (name: string, xml: string): void => {
    const entry = part(zip, name);
    entry.push(strToU8(xml), true);
  };
  for (const [name, xml] of Object.entries(frame(sheet))) whole(name, xml);
  const rows = part(zip, 'xl/worksheets/sheet1.xml');
  let pending = `${XML}<worksheet xmlns="${MAIN}"><sheetData>`;
  let number = 0;
  const words = new Map<string, number>();
  let uses = 0;
  const shared = (text: string): number => {
    uses++;
    const known = words.get(text);
    if (known !== undefined) return known;
    words.set(text, words.size);
    return words.size - 1;
  };
  return {
    row: (cells) => {
      number++;
      pending += `<row r="${number}">${cells.map((cell, i) => cellXml(cell, `${column(i)}${number}`, shared)).join('')}</row>`;
      if (pending.length > FLUSH_CHARACTERS) {
        rows.push(strToU8(pending));
        pending = '';
      }
    },
    close: () => {
      rows.push(strToU8(`${pending}</sheetData></worksheet>`), true);
      const items = [...words.keys()].map((word) => `<si><t>${escaped(word)}</t></si>`).join('');
      whole(
        'xl/sharedStrings.xml',
        `${XML}<sst xmlns="${MAIN}" count="${uses}" uniqueCount="${words.size}">${items}</sst>`,
      );
      zip.end();
      return file.close();
    },
  };
}

function part(zip: Zip, name: string): ZipDeflate {
  const entry = new ZipDeflate(name, { level: 6 });
  entry.mtime = stamp();
  zip.add(entry);
  return entry;
}

function cellXml(cell: SheetCell, at: string, shared: (text: string) => number): string {
  if (cell === null) return '';
  switch (cell.kind) {
    case 'number':
      return `<c r="${at}"><v>${cell.text}</v></c>`;
    case 'date':
      return `<c r="${at}" s="1"><v>${cell.serial}</v></c>`;
    case 'word':
      return `<c r="${at}" t="s"><v>${shared(cell.text)}</v></c>`;
    case 'text':
      return `<c r="${at}" t="inlineStr"><is><t>${escaped(cell.text)}</t></is></c>`;
    default:
      return cell satisfies never;
  }
}

function column(index: number): string {
  return String.fromCharCode(65 + index);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** The parts around the sheet. Style 1 is a date with time (built-in format 22). */
function frame(sheet: string): Record<string, string> {
  const override = (name: string, type: string): string =>
    `<Override PartName="${name}" ContentType="${TYPE}.${type}+xml"/>`;
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`;
  return {
    '[Content_Types].xml': `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override('/xl/workbook.xml', 'sheet.main')}${override('/xl/worksheets/sheet1.xml', 'worksheet')}${override('/xl/styles.xml', 'styles')}${override('/xl/sharedStrings.xml', 'sharedStrings')}</Types>`,
    '_rels/.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships">${relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="${escaped(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${XML}<Relationships xmlns="${PACKAGE}/relationships">${relation('rId1', 'worksheet', 'worksheets/sheet1.xml')}${relation('rId2', 'styles', 'styles.xml')}${relation('rId3', 'sharedStrings', 'sharedStrings.xml')}</Relationships>`,
    'xl/styles.xml': `${XML}<styleSheet xmlns="${MAIN}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="22" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  };
}
