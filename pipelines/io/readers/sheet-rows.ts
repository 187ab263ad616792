import { InputError } from '../../errors.ts';
import { cellAt, from1904, isoSerial, MAX_COLUMNS, MAX_ROWS, numberText } from './sheet-cell.ts';
import { unescaped } from './workbook-parts.ts';
import { readXml, xmlChunks } from './workbook-xml.ts';

/** A row that stands in the file; cells by column, '' where there is none. */
export interface SheetRow {
  /** 1-based. */
  readonly number: number;
  readonly cells: string[];
  /** Columns whose number lost digits in Excel. */
  readonly lost: readonly number[];
  /** Columns that hold a date by their style or type. */
  readonly dates: readonly number[];
}

export interface CellContext {
  readonly strings: readonly string[];
  /** By cell style: shown as a date. */
  readonly dateStyles: readonly boolean[];
  readonly date1904: boolean;
}

const NONE: readonly number[] = [];

function added(columns: number[] | null, column: number): number[] {
  if (columns === null) return [column];
  columns.push(column);
  return columns;
}

/**
 * Rows of a sheet in the order of the file, a chunk of the sheet at a time. Rows and cells without a reference follow the one before.
 * A date of any kind becomes the serial of the 1900 system.
 *
 * @throws InputError for references that do not exist, a cell that occurs twice in its row, a shared string that is not there
 */
export async function* sheetRows(
  path: string,
  part: string,
  bytes: AsyncIterable<Uint8Array>,
  context: CellContext,
): AsyncGenerator<readonly SheetRow[]> {
  const { strings, dateStyles, date1904 } = context;
  let ready: SheetRow[] = [];
  let inData = false;
  let number = 0;
  let cells: string[] = [];
  let lost: number[] | null = null;
  let dates: number[] | null = null;
  let column = -1;
  let type = 'n';
  let style = '';
  let value = '';
  let taking = false;
  let phonetic = 0;
  /** Row in which each column was last seen, counted from 1. */
  const seen = new Int32Array(MAX_COLUMNS);
  let sequence = 0;

  const cellText = (): string => {
    switch (type) {
      case 's': {
        const text = strings[/^\d+$/.test(value) ? Number(value) : -1];
        if (text === undefined && value !== '')
          throw new Error(
            `row ${number}, column ${column + 1}: no shared string ${/^\d{1,9}$/.test(value) ? value : '…'}`,
          );
        return text ?? '';
      }
      case 'inlineStr':
      case 'str':
        return unescaped(value);
      case 'b':
        return value === '1' || value === 'true' ? 'TRUE' : value === '' ? '' : 'FALSE';
      case 'd': {
        const serial = isoSerial(value);
        if (serial === null) return value;
        dates = added(dates, column);
        return serial;
      }
      case 'e':
        return value;
      default: {
        let text = value;
        if (value.length > 15 || value.includes('E') || value.includes('e')) {
          const read = numberText(value.trim());
          text = read.text;
          if (read.lost) lost = added(lost, column);
        }
        if (style === '' || text === '' || dateStyles[Number(style)] !== true) return text;
        dates = added(dates, column);
        return date1904 ? from1904(text) : text;
      }
    }
  };

  const chunks = xmlChunks(path, part, bytes, {
    open: (name, attributes, depth) => {
      if (depth === 2) inData = name === 'sheetData';
      if (!inData || depth < 3) return;
      if (depth === 3 && name === 'row') {
        const at = attributes.r;
        number = at === undefined ? number + 1 : /^\d{1,7}$/.test(at) ? Number(at) : 0;
        if (number < 1 || number > MAX_ROWS) throw new Error(`a row with the number "${(at ?? '').slice(0, 20)}"`);
        cells = [];
        lost = null;
        dates = null;
        column = -1;
        sequence++;
      } else if (depth === 4 && name === 'c') {
        const reference = attributes.r;
        if (reference === undefined) column++;
        else {
          const at = cellAt(reference);
          if (!at || at.row !== number) throw new Error(`row ${number} has a cell "${reference.slice(0, 20)}"`);
          column = at.column;
        }
        if (column >= MAX_COLUMNS) throw new Error(`row ${number} has more than ${MAX_COLUMNS} cells`);
        if (seen[column] === sequence) throw new Error(`row ${number} has two cells in column ${column + 1}`);
        seen[column] = sequence;
        type = attributes.t ?? 'n';
        style = attributes.s ?? '';
        value = '';
        phonetic = 0;
      } else if (name === 'rPh') phonetic++;
      // A text of an inline string lies in `is`; a formula (`f`) is not read, its last result stands in `v`.
      else taking = type === 'inlineStr' ? name === 't' && phonetic === 0 : name === 'v' && depth === 5;
    },
    close: (name, depth) => {
      taking = false;
      if (!inData) return;
      if (depth === 4 && name === 'c') {
        const text = cellText();
        while (cells.length < column) cells.push('');
        cells[column] = text;
      } else if (depth === 3 && name === 'row') ready.push({ number, cells, lost: lost ?? NONE, dates: dates ?? NONE });
      else if (name === 'rPh') phonetic--;
      else if (depth === 2) inData = false;
    },
    text: (text) => {
      if (taking) value += text;
    },
  });
  for await (const _ of chunks) {
    if (ready.length === 0) continue;
    yield ready;
    ready = [];
  }
}

/** A merged range; rows 1-based, columns 0-based, ends included. */
export interface MergedRange {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Merged ranges that reach into the rows. They stand below the data, so this reads the sheet once more. @throws InputError */
export async function mergedRanges(
  path: string,
  part: string,
  bytes: AsyncIterable<Uint8Array>,
  rows: { readonly first: number; readonly last: number },
): Promise<MergedRange[]> {
  const ranges: MergedRange[] = [];
  await readXml(path, part, bytes, {
    open: (name, attributes, depth) => {
      if (name !== 'mergeCell' || depth !== 3) return;
      const [from, to] = (attributes.ref ?? '').split(':').map(cellAt);
      if (!from) throw new InputError(path, [`${part}: a merged range "${(attributes.ref ?? '').slice(0, 40)}"`]);
      const end = to ?? from;
      if (from.row <= rows.last && end.row >= rows.first)
        ranges.push({ top: from.row, left: from.column, bottom: end.row, right: end.column });
    },
  });
  return ranges;
}
