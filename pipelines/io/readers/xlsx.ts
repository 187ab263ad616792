import type { Readable } from 'node:stream';
import { SaxesParser } from 'saxes';
import yauzl from 'yauzl';
import type { Format } from '../../../core/contract/profile.ts';
import { InputError } from '../../errors.ts';
import type { RowBatch, RowReader } from './rows.ts';

const BATCH_ROWS = 4096;
/** A workbook that inflates beyond this is refused while inflating: declared sizes lie. */
const MAX_PART_BYTES = 2_000_000_000;
const MAX_ENTRIES = 2000;

/**
 * Rows of one sheet as text, streamed: numbers as written in the file (an Excel date is its serial number), shared and inline strings,
 * booleans as TRUE/FALSE. Only what a source contract needs: no formulas (their cached value is read), no formats.
 *
 * @throws InputError for a damaged workbook, a missing sheet, an empty header
 */
export async function readXlsx(path: string, format: Extract<Format, { type: 'xlsx' }>): Promise<RowReader> {
  const zip = await openZip(path);
  const sheetPart = await findSheet(path, zip, format.sheet);
  const strings = zip.has('xl/sharedStrings.xml') ? await sharedStrings(path, zip) : [];
  const rows = sheetRows(path, await zip.open(sheetPart), strings);
  let columns: readonly string[] | null = null;
  let ahead: IteratorResult<SheetRow> = await rows.next();
  while (!ahead.done && ahead.value.number < format.headerRow) ahead = await rows.next();
  if (!ahead.done && ahead.value.number === format.headerRow) columns = ahead.value.cells.map((name) => name.trim());
  if (!columns || columns.length === 0) throw new InputError(path, [`no header in row ${format.headerRow}`]);
  const names = columns;
  const repeated = names.filter((name, i) => name !== '' && names.indexOf(name) !== i);
  if (repeated.length > 0)
    throw new InputError(
      path,
      repeated.map((name) => `column "${name}" occurs twice`),
    );
  async function* batches(): AsyncGenerator<RowBatch> {
    let firstRow = format.headerRow + 1;
    let batch: (string[] | null)[] = [];
    for (let next = await rows.next(); !next.done; next = await rows.next()) {
      const { number, cells } = next.value;
      // Rows that the file leaves out are blank.
      while (firstRow + batch.length < number && batch.length < BATCH_ROWS) batch.push(null);
      if (firstRow + batch.length < number)
        throw new InputError(path, [`row ${number} follows a gap of more than ${BATCH_ROWS} rows`]);
      // Excel leaves out empty cells at the end of a row: that is not a ragged row.
      while (cells.length < names.length) cells.push('');
      batch.push(cells.every((text) => text === '') ? null : cells);
      if (batch.length >= BATCH_ROWS) {
        yield { firstRow, rows: batch };
        firstRow += batch.length;
        batch = [];
      }
    }
    if (batch.length > 0) yield { firstRow, rows: batch };
    zip.close();
  }
  return { columns: names, batches: batches(), otherColumns: () => [] };
}

interface Zip {
  readonly has: (name: string) => boolean;
  readonly open: (name: string) => Promise<Readable>;
  readonly close: () => void;
}

function openZip(path: string): Promise<Zip> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void =>
      reject(new InputError(path, [`is not a workbook: ${cause.message}`], { cause }));
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, file) => {
      if (error || !file) return fail(error ?? new Error('cannot be opened'));
      const entries = new Map<string, yauzl.Entry>();
      file.on('error', fail);
      file.on('entry', (entry: yauzl.Entry) => {
        entries.set(entry.fileName, entry);
        if (entries.size > MAX_ENTRIES) fail(new Error(`more than ${MAX_ENTRIES} parts`));
        else file.readEntry();
      });
      file.on('end', () =>
        resolve({
          has: (name) => entries.has(name),
          open: (name) =>
            new Promise((done, refuse) => {
              const entry = entries.get(name);
              if (!entry) return refuse(new InputError(path, [`the workbook has no part ${name}`]));
              file.openReadStream(entry, (failure, stream) => (failure || !stream ? refuse(failure) : done(stream)));
            }),
          close: () => file.close(),
        }),
      );
      file.readEntry();
    });
  });
}

async function findSheet(path: string, zip: Zip, wanted: string | undefined): Promise<string> {
  const sheets: { name: string; relation: string }[] = [];
  await parseXml(path, await zip.open('xl/workbook.xml'), {
    open: (name, attributes) => {
      if (name === 'sheet') sheets.push({ name: attributes.name ?? '', relation: attributes['r:id'] ?? '' });
    },
  });
  const sheet = wanted === undefined ? sheets[0] : sheets.find((candidate) => candidate.name === wanted);
  if (!sheet)
    throw new InputError(path, [
      `no sheet "${wanted ?? '(first)'}"; found: ${sheets.map((candidate) => candidate.name).join(', ')}`,
    ]);
  let target = '';
  await parseXml(path, await zip.open('xl/_rels/workbook.xml.rels'), {
    open: (name, attributes) => {
      if (name === 'Relationship' && attributes.Id === sheet.relation) target = attributes.Target ?? '';
    },
  });
  return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
}

async function sharedStrings(path: string, zip: Zip): Promise<string[]> {
  const strings: string[] = [];
  let current = '';
  let inText = false;
  let phonetic = 0;
  await parseXml(path, await zip.open('xl/sharedStrings.xml'), {
    open: (name) => {
      if (name === 'si') current = '';
      else if (name === 'rPh') phonetic++;
      else if (name === 't') inText = phonetic === 0;
    },
    close: (name) => {
      if (name === 'si') strings.push(current);
      else if (name === 'rPh') phonetic--;
      else if (name === 't') inText = false;
    },
    text: (text) => {
      if (inText) current += text;
    },
  });
  return strings;
}

interface SheetRow {
  readonly number: number;
  readonly cells: string[];
}

async function* sheetRows(path: string, stream: Readable, strings: readonly string[]): AsyncGenerator<SheetRow> {
  const ready: SheetRow[] = [];
  let row: SheetRow = { number: 0, cells: [] };
  let column = 0;
  let type = '';
  let value = '';
  let inValue = false;
  const parser = xmlParser({
    open: (name, attributes) => {
      if (name === 'row') {
        row = { number: attributes.r ? Number(attributes.r) : row.number + 1, cells: [] };
        column = -1;
      } else if (name === 'c') {
        column = attributes.r ? columnIndex(attributes.r) : column + 1;
        type = attributes.t ?? 'n';
        value = '';
      } else if (name === 'v' || name === 't') inValue = true;
    },
    close: (name) => {
      if (name === 'v' || name === 't') inValue = false;
      else if (name === 'c') {
        while (row.cells.length < column) row.cells.push('');
        row.cells[column] =
          type === 's' ? (strings[Number(value)] ?? '') : type === 'b' ? (value === '1' ? 'TRUE' : 'FALSE') : value;
      } else if (name === 'row') ready.push(row);
    },
    text: (text) => {
      if (inValue) value += text;
    },
  });
  for await (const chunk of inflated(path, stream)) {
    feed(path, parser, chunk);
    for (const done of ready) yield done;
    ready.length = 0;
  }
}

/** `BC12` → 54 */
function columnIndex(reference: string): number {
  let index = 0;
  for (let i = 0; i < reference.length; i++) {
    const code = reference.charCodeAt(i);
    if (code < 65 || code > 90) break;
    index = index * 26 + code - 64;
  }
  return index - 1;
}

interface XmlEvents {
  readonly open: (name: string, attributes: Record<string, string>) => void;
  readonly close?: (name: string) => void;
  readonly text?: (text: string) => void;
}

function xmlParser(events: XmlEvents): SaxesParser {
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('a document type is not allowed in a workbook');
  });
  parser.on('opentag', (tag) => events.open(tag.name, tag.attributes as Record<string, string>));
  if (events.close) parser.on('closetag', (tag) => events.close?.(tag.name));
  if (events.text) parser.on('text', events.text);
  return parser;
}

async function parseXml(path: string, stream: Readable, events: XmlEvents): Promise<void> {
  const parser = xmlParser(events);
  for await (const chunk of inflated(path, stream)) feed(path, parser, chunk);
}

function feed(path: string, parser: SaxesParser, text: string): void {
  try {
    parser.write(text);
  } catch (cause) {
    throw new InputError(path, [`the workbook's XML is damaged: ${(cause as Error).message}`], { cause });
  }
}

async function* inflated(path: string, stream: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let bytes = 0;
  try {
    for await (const chunk of stream) {
      bytes += (chunk as Uint8Array).length;
      if (bytes > MAX_PART_BYTES) throw new Error(`a part inflates beyond ${MAX_PART_BYTES} bytes`);
      yield decoder.decode(chunk as Uint8Array, { stream: true });
    }
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(path, [`the workbook is damaged: ${(cause as Error).message}`], { cause });
  }
}
