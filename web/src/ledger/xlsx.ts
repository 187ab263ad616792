import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { SaxesParser } from 'saxes';

/**
 * Workbooks of plain text: written as inline strings, so that nothing a cell holds is ever a formula; read back with shared strings,
 * inline strings and numbers. A cell that holds a formula is told as one and its result is not taken.
 */
export interface Sheet {
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
}

export type ReadCell =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number; readonly text: string }
  | { readonly kind: 'formula' };
export interface ReadSheet {
  readonly name: string;
  /** By row (first = 0) and column; null = empty. */
  readonly rows: readonly (readonly (ReadCell | null)[])[];
}

export class WorkbookError extends Error {}

const MOST_BYTES = 20 * 1024 * 1024;
const MOST_UNPACKED = 100 * 1024 * 1024;
const MOST_ROWS = 20_000;
const MOST_COLUMNS = 100;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

export function writeWorkbook(sheets: readonly Sheet[]): Uint8Array<ArrayBuffer> {
  const parts: Record<string, Uint8Array> = {
    '[Content_Types].xml': strToU8(
      `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>${sheets.map((_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`).join('')}</Types>`,
    ),
    '_rels/.rels': strToU8(
      `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    'xl/workbook.xml': strToU8(
      `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${sheets.map(({ name }, i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      `${XML}<Relationships xmlns="${PACKAGE}/relationships">${sheets.map((_, i) => `<Relationship Id="rId${i + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}<Relationship Id="rId${sheets.length + 1}" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
    ),
    // Style 1: text format with the quote prefix, so that a saved copy as CSV or an edited cell stays text. Style 2: bold head.
    'xl/styles.xml': strToU8(
      `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/></font><font><b/><sz val="11"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/><xf numFmtId="49" quotePrefix="1" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf numFmtId="49" fontId="1" quotePrefix="1" applyNumberFormat="1" applyFont="1"/></cellXfs></styleSheet>`,
    ),
  };
  sheets.forEach((sheet, i) => {
    parts[`xl/worksheets/sheet${i + 1}.xml`] = strToU8(sheetXml(sheet));
  });
  // A fixed time: the same ledger gives the same bytes.
  return Uint8Array.from(zipSync(parts, { mtime: new Date(1980, 0, 2) }));
}

function sheetXml({ rows }: Sheet): string {
  const columns = Math.max(1, ...rows.map((row) => row.length));
  const body = rows
    .map((row, r) => {
      const cells = row.map(
        (text, c) =>
          `<c r="${columnName(c)}${r + 1}" s="${r === 0 ? 2 : 1}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`,
      );
      return `<row r="${r + 1}">${cells.join('')}</row>`;
    })
    .join('');
  return `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="${columns}" width="22" customWidth="1"/></cols><sheetData>${body}</sheetData></worksheet>`;
}

/** What XML 1.0 cannot hold (controls, halves of a pair) is left out. */
function escaped(text: string): string {
  let sound = '';
  for (const letter of text) {
    const code = letter.codePointAt(0) as number;
    const isControl = code < 0x20 && code !== 9 && code !== 10 && code !== 13;
    if (isControl || (code >= 0xd800 && code <= 0xdfff) || code === 0xfffe || code === 0xffff) continue;
    sound += letter;
  }
  return sound.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function columnName(index: number): string {
  let name = '';
  for (let i = index + 1; i > 0; i = Math.floor((i - 1) / 26)) name = String.fromCharCode(65 + ((i - 1) % 26)) + name;
  return name;
}

/** @throws WorkbookError when the file is no workbook that can be read, or is far larger than a ledger */
export function readWorkbook(bytes: Uint8Array): readonly ReadSheet[] {
  if (bytes.byteLength > MOST_BYTES) throw new WorkbookError(`${bytes.byteLength} bytes`);
  let unpacked = 0;
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!/\.(xml|rels)$/.test(name)) return false;
        unpacked += originalSize;
        if (unpacked > MOST_UNPACKED) throw new WorkbookError('unpacks to more than 100 MB');
        return true;
      },
    });
  } catch (cause) {
    if (cause instanceof WorkbookError) throw cause;
    throw new WorkbookError('no .xlsx file', { cause });
  }
  const part = (name: string): string | null => (files[name] ? strFromU8(files[name]) : null);
  const workbook = part('xl/workbook.xml');
  if (workbook === null) throw new WorkbookError('no xl/workbook.xml');
  const targets = new Map<string, string>();
  walk(part('xl/_rels/workbook.xml.rels') ?? '<r/>', {
    open: (name, at) => {
      if (name === 'Relationship' && at.Id && at.Target) targets.set(at.Id, at.Target.replace(/^\/?(xl\/)?/, 'xl/'));
    },
  });
  const sheets: { name: string; file: string }[] = [];
  walk(workbook, {
    open: (name, at) => {
      if (name === 'sheet') sheets.push({ name: at.name ?? '', file: targets.get(at['r:id'] ?? '') ?? '' });
    },
  });
  const shared = sharedStrings(part('xl/sharedStrings.xml'));
  return sheets.map(({ name, file }) => {
    const xml = part(file);
    if (xml === null) throw new WorkbookError(`sheet ${name} has no part`);
    return { name, rows: sheetRows(xml, shared) };
  });
}

function sharedStrings(xml: string | null): readonly string[] {
  const strings: string[] = [];
  if (xml === null) return strings;
  let text: string | null = null;
  let inText = false;
  // How the characters are read aloud: no part of the text.
  let reading = false;
  walk(xml, {
    open: (name) => {
      if (name === 'si') text = '';
      if (name === 'rPh') reading = true;
      if (name === 't') inText = !reading;
    },
    text: (value) => {
      if (inText && text !== null) text += value;
    },
    close: (name) => {
      if (name === 't') inText = false;
      if (name === 'rPh') reading = false;
      if (name === 'si') strings.push(text ?? '');
    },
  });
  return strings;
}

function sheetRows(xml: string, shared: readonly string[]): (ReadCell | null)[][] {
  const rows: (ReadCell | null)[][] = [];
  let cell: { row: number; column: number; type: string; value: string; formula: boolean } | null = null;
  let takes = false;
  let reading = false;
  let [row, column] = [-1, -1];
  walk(xml, {
    open: (name, at) => {
      if (name === 'row') {
        row = at.r ? Number(at.r) - 1 : row + 1;
        column = -1;
      } else if (name === 'c') {
        column = at.r ? columnIndex(at.r) : column + 1;
        if (!(row >= 0 && row < MOST_ROWS) || !(column >= 0 && column < MOST_COLUMNS))
          throw new WorkbookError(`cell ${at.r ?? ''} lies outside what a ledger needs`);
        cell = { row, column, type: at.t ?? 'n', value: '', formula: false };
      } else if (name === 'f' && cell) cell.formula = true;
      else if (name === 'rPh') reading = true;
      else if (name === 'v' || name === 't') takes = !reading;
    },
    text: (value) => {
      if (takes && cell) cell.value += value;
    },
    close: (name) => {
      if (name === 'v' || name === 't') takes = false;
      if (name === 'rPh') reading = false;
      if (name !== 'c' || !cell) return;
      const line = rows[cell.row] ?? [];
      rows[cell.row] = line;
      line[cell.column] = cellOf(cell, shared);
      cell = null;
    },
  });
  return Array.from(rows, (line) => Array.from(line ?? [], (one) => one ?? null));
}

function cellOf(
  { type, value, formula }: { readonly type: string; readonly value: string; readonly formula: boolean },
  shared: readonly string[],
): ReadCell | null {
  if (formula) return { kind: 'formula' };
  if (type === 's') return { kind: 'text', text: shared[Number(value)] ?? '' };
  if (type === 'inlineStr' || type === 'str' || type === 'd') return { kind: 'text', text: value };
  if (value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) && type === 'n'
    ? { kind: 'number', value: number, text: value }
    : { kind: 'text', text: value };
}

function columnIndex(reference: string): number {
  let index = 0;
  for (const letter of reference.replace(/\d+$/, '')) index = index * 26 + letter.charCodeAt(0) - 64;
  return index - 1;
}

interface Walker {
  readonly open?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

function walk(xml: string, { open, text, close }: Walker): void {
  const parser = new SaxesParser();
  const local = (name: string) => name.replace(/^.*:/, '');
  parser.on('opentag', ({ name, attributes }) => open?.(local(name), attributes as Record<string, string>));
  parser.on('text', (value) => text?.(value));
  parser.on('cdata', (value) => text?.(value));
  parser.on('closetag', ({ name }) => close?.(local(name)));
  parser.on('error', (cause) => {
    throw new WorkbookError('not well-formed XML', { cause });
  });
  parser.write(xml).close();
}
