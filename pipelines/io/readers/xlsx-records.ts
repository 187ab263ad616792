import type { Format } from '../../../core/contract/profile.ts';
import { shownColumn } from '../../../core/privacy/shown.ts';
import { InputError } from '../../errors.ts';
import { blocksOfText, endAll, type RecordBlock, type RecordReader, type TextRows } from './records.ts';
import { type MergedRange, mergedRanges, type SheetRow, sheetRows } from './sheet-rows.ts';
import { dateStyles, sharedStrings, workbookParts } from './workbook-parts.ts';
import { openWorkbookZip, ZIP_LIMITS, type ZipLimits } from './workbook-zip.ts';

/** In `RecordBlock.cells`: the id of this record is a number that lost digits in Excel (`number-lost-digits`); it must not be used. */
export const NUMBER_LOST_DIGITS = -4;
const TOP_ROWS = 30;
const BATCH_ROWS = 4096;
const BATCH_CHARACTERS = 4_000_000;
/** Rows that the file leaves out are blank; beyond a gap of this size a new block begins. */
const MAX_BLANK_RUN = 256;

export interface XlsxReader extends RecordReader {
  /** Column → cells whose number has more than 15 digits before the point: Excel has rounded it. Complete after the last block. */
  readonly lostDigits: () => ReadonlyMap<string, number>;
  /** Column → cells that the workbook shows as a date or time. Complete after the last block. */
  readonly dateCells: () => ReadonlyMap<string, number>;
}

export interface XlsxOptions {
  /** Columns of the identity: a record in which one lost digits has `cells` = NUMBER_LOST_DIGITS. */
  readonly idColumns?: readonly string[];
  readonly limits?: ZipLimits;
}

/**
 * Records of one sheet, streamed. Numbers are given as written, without exponent; every date of the workbook as a serial day number of
 * the 1900 system (also those of a 1904 workbook and ISO dates), so that the contract's `excel` reads it; booleans as TRUE/FALSE, errors as
 * their text, formulas by their last result. Of merged cells of the data only the first has the value, as in the file. With
 * several header rows the names of merged cells are carried over their range and joined from above with `/`; equal names are said once.
 *
 * Rows that stand in the file out of order are given in the file's order, in blocks of their own; `firstRow` is always right. In a 1904
 * workbook only numbers with a date style are taken for dates. Memory: the shared strings and one block.
 *
 * @throws InputError for a damaged or oversized workbook, a missing sheet, a header that is missing, repeated or out of order
 */
export async function readXlsxRecords(
  path: string,
  format: Extract<Format, { type: 'xlsx' }>,
  options: XlsxOptions = {},
): Promise<XlsxReader> {
  const zip = await openWorkbookZip(path, options.limits ?? ZIP_LIMITS);
  try {
    const parts = await workbookParts(path, zip);
    const sheet = format.sheet === undefined ? parts.sheets[0] : parts.sheets.find(({ name }) => name === format.sheet);
    if (!sheet)
      throw new InputError(path, [
        `no sheet "${format.sheet}"; found: ${parts.sheets.map(({ name }) => shownColumn(name)).join(', ')}`,
      ]);
    const header = { first: format.headerRow, last: format.headerRow + format.headerRows - 1 };
    const merges =
      format.headerRows > 1 ? await mergedRanges(path, sheet.part, zip.read(sheet.part, 'sheet'), header) : [];
    const context = {
      strings: await sharedStrings(path, zip, parts.sharedStrings),
      dateStyles: await dateStyles(path, zip, parts.styles),
      date1904: parts.date1904,
    };
    const rows = sheetRows(path, sheet.part, zip.read(sheet.part, 'sheet'), context);
    const { names, rest } = await readHeader(path, rows, header, merges);
    const counts = { lost: new Map<string, number>(), dates: new Map<string, number>() };
    const ids = new Set(options.idColumns ?? []);
    const records = blocks({ path, rows, rest, names, ids, counts, headerEnd: header.last, close: zip.close });
    return {
      columns: names,
      encoding: 'utf-8',
      blocks: records,
      otherColumns: () => [],
      lostDigits: () => counts.lost,
      dateCells: () => counts.dates,
      close: async () => {
        await endAll(records, rows);
        await zip.close();
      },
    };
  } catch (error) {
    await zip.close();
    throw error;
  }
}

/** Names of the work sheets in the order of their tabs. @throws InputError */
export async function workSheets(path: string, limits: ZipLimits = ZIP_LIMITS): Promise<string[]> {
  const zip = await openWorkbookZip(path, limits);
  try {
    return (await workbookParts(path, zip)).sheets.map(({ name }) => name);
  } finally {
    await zip.close();
  }
}

/** The first 30 rows of a sheet, and the ranges merged there; for a person, or a draft, to find the header. @throws InputError */
export async function sheetTop(
  path: string,
  sheet: string,
  limits: ZipLimits = ZIP_LIMITS,
): Promise<{ readonly rows: readonly SheetRow[]; readonly merges: readonly MergedRange[] }> {
  const zip = await openWorkbookZip(path, limits);
  try {
    const parts = await workbookParts(path, zip);
    const part = parts.sheets.find(({ name }) => name === sheet)?.part;
    if (part === undefined) throw new InputError(path, [`no sheet "${sheet}"`]);
    const context = { strings: await sharedStrings(path, zip, parts.sharedStrings), dateStyles: [], date1904: false };
    const rows: SheetRow[] = [];
    for await (const chunk of sheetRows(path, part, zip.read(part, 'sheet'), context)) {
      rows.push(...chunk.slice(0, TOP_ROWS));
      if (rows.length >= TOP_ROWS) break;
    }
    const first = rows[0]?.number ?? 1;
    const merges = await mergedRanges(path, part, zip.read(part, 'sheet'), { first, last: first + TOP_ROWS });
    return { rows: rows.slice(0, TOP_ROWS), merges };
  } finally {
    await zip.close();
  }
}

interface Header {
  readonly names: readonly string[];
  /** Rows of the chunk in which the header ended. */
  readonly rest: readonly SheetRow[];
}

async function readHeader(
  path: string,
  rows: AsyncGenerator<readonly SheetRow[]>,
  header: { readonly first: number; readonly last: number },
  merges: readonly MergedRange[],
): Promise<Header> {
  const found = new Map<number, readonly string[]>();
  let rest: readonly SheetRow[] = [];
  search: for (let next = await rows.next(); !next.done; next = await rows.next()) {
    for (const [i, row] of next.value.entries()) {
      if (row.number < header.first) continue;
      if (row.number > header.last) {
        rest = next.value.slice(i);
        break search;
      }
      if (found.has(row.number)) throw new InputError(path, [`row ${row.number} occurs twice`]);
      found.set(row.number, row.cells);
    }
  }
  const names = headerNames(found, header, merges);
  if (names.length === 0) throw new InputError(path, [`no header in row ${header.first}`]);
  const repeated = new Set(names.filter((name, i) => name !== '' && names.indexOf(name) !== i));
  if (repeated.size > 0)
    throw new InputError(
      path,
      [...repeated].map((name) => `column "${shownColumn(name)}" occurs twice`),
    );
  return { names, rest };
}

/** One name a column: the texts of its header rows from above, merged ones carried over their range; without empty columns at the end. */
function headerNames(
  rows: ReadonlyMap<number, readonly string[]>,
  header: { readonly first: number; readonly last: number },
  merges: readonly MergedRange[],
): string[] {
  const texts = new Map<number, string[]>();
  for (let row = header.first; row <= header.last; row++)
    texts.set(
      row,
      (rows.get(row) ?? []).map((text) => text.trim()),
    );
  for (const merge of merges) {
    const text = texts.get(merge.top)?.[merge.left] ?? '';
    if (text === '') continue;
    for (let row = merge.top; row <= Math.min(merge.bottom, header.last); row++) {
      const line = texts.get(row) as string[];
      while (line.length <= merge.right) line.push('');
      line.fill(text, merge.left, merge.right + 1);
    }
  }
  const lines = [...texts.values()];
  const width = Math.max(...lines.map((line) => line.length));
  const names = Array.from({ length: width }, (_, column) => {
    const said: string[] = [];
    for (const line of lines) {
      const text = line[column] ?? '';
      if (text !== '' && text !== said[said.length - 1]) said.push(text);
    }
    return said.join('/');
  });
  while (names.length > 0 && names[names.length - 1] === '') names.pop();
  return names;
}

interface BlockSource {
  readonly path: string;
  readonly rows: AsyncGenerator<readonly SheetRow[]>;
  readonly rest: readonly SheetRow[];
  readonly names: readonly string[];
  readonly ids: ReadonlySet<string>;
  readonly counts: { readonly lost: Map<string, number>; readonly dates: Map<string, number> };
  readonly headerEnd: number;
  readonly close: () => Promise<void>;
}

async function* blocks(source: BlockSource): AsyncGenerator<RecordBlock> {
  // `blocksOfText` asks for the next batch only after its block is used, so the marks always belong to the block at hand.
  const marks = { records: [] as number[] };
  try {
    for await (const block of blocksOfText(batches(source, marks), source.names.length)) {
      for (const record of marks.records) block.cells[record] = NUMBER_LOST_DIGITS;
      yield block;
    }
  } finally {
    await source.rows.return(undefined);
    await source.close();
  }
}

async function* batches(source: BlockSource, marks: { records: number[] }): AsyncGenerator<TextRows> {
  const { path, names, ids, counts } = source;
  let firstRow = source.headerEnd + 1;
  let batch: (string[] | null)[] = [];
  let records: number[] = [];
  let characters = 0;
  const take = (): TextRows => {
    const taken = { firstRow, rows: batch };
    marks.records = records;
    firstRow += batch.length;
    batch = [];
    records = [];
    characters = 0;
    return taken;
  };
  for (let next: readonly SheetRow[] = source.rest; ; ) {
    for (const { number, cells, lost, dates } of next) {
      if (number <= source.headerEnd) throw new InputError(path, [`row ${number} stands below later rows`]);
      const gap = number - (firstRow + batch.length);
      if (gap < 0 || gap > MAX_BLANK_RUN) {
        if (batch.length > 0) yield take();
        firstRow = number;
      } else for (let i = 0; i < gap; i++) batch.push(null);
      const length = toWidth(cells, names.length);
      characters += length;
      if (length > 0) {
        for (const column of dates) count(counts.dates, names[column]);
        for (const column of lost) {
          count(counts.lost, names[column]);
          if (ids.has(names[column] ?? '') && records[records.length - 1] !== batch.length) records.push(batch.length);
        }
      }
      batch.push(length === 0 ? null : cells);
      if (batch.length >= BATCH_ROWS || characters > BATCH_CHARACTERS) yield take();
    }
    const more = await source.rows.next();
    if (more.done) break;
    next = more.value;
  }
  if (batch.length > 0) yield take();
}

/** Brings a row to the width of the header where only empty cells are in the way. @returns its characters; 0 = blank */
function toWidth(cells: string[], width: number): number {
  while (cells.length < width) cells.push('');
  while (cells.length > width && cells[cells.length - 1] === '') cells.pop();
  let length = 0;
  for (const text of cells) length += text.length;
  return length;
}

function count(counts: Map<string, number>, name: string | undefined): void {
  if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
}
