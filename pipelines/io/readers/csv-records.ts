import type { Format } from '../../../core/contract/profile.ts';
import { shownColumn } from '../../../core/privacy/shown.ts';
import { InputError } from '../../errors.ts';
import { type ByteOptions, byteChunks } from '../bytes.ts';
import { checkedText, encodedAs } from '../encoding.ts';
import { CsvScanner, NUL_BYTE, TOO_LONG } from './csv-scanner.ts';
import { endAll, type RecordBlock, type RecordReader } from './records.ts';

type CsvFormat = Extract<Format, { type: 'csv' }>;

export const MAX_COLUMNS = 10_000;
const BLOCK_RECORDS = 4096;
/** Bounds the spans of a block of a very wide file: 2 × 4 bytes each. */
const BLOCK_CELLS = 1 << 20;

/**
 * Records of a CSV or TSV file by RFC 4180 with everything declared, nothing sniffed; the rules for what RFC 4180 leaves open are at
 * `CsvScanner`. Names of a header row lose surrounding spaces; one column may be without a name (it cannot be read).
 * A block's `cells` is −1 for a record with a NUL byte and −2 for one with a cell over 1 MiB or a length over 32 MiB.
 *
 * @throws InputError, when opened or from the blocks, for whatever `byteChunks` and `checkedText` refuse, an impossible delimiter, an
 *   empty file, a header that is blank, too long, holds a NUL byte, repeats a name or has over 10,000 columns, a quote never closed
 */
export function readCsvRecords(path: string, format: CsvFormat, options: ByteOptions = {}): Promise<RecordReader> {
  return csvRecords(path, byteChunks(path, options), format);
}

/** The same from chunks of bytes; `path` is for messages. */
export async function csvRecords(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  format: CsvFormat,
): Promise<RecordReader> {
  const delimiter = format.delimiter.charCodeAt(0);
  if (delimiter > 0x7e || ['"', '\r', '\n', '\0'].includes(format.delimiter))
    throw new InputError(path, [
      `the delimiter ${JSON.stringify(format.delimiter)} cannot be used: take one ASCII character, not a quote or a line end`,
    ]);
  const encoding = encodedAs(format.encoding);
  const scanner = new CsvScanner(delimiter, encoding);
  const text = checkedText(path, format.encoding, chunks);
  const first = format.header ? 1 : 2;
  try {
    const columns = format.header ?? (await headerRow(path, scanner, text, encoding));
    checkColumns(path, columns);
    if (format.header) await refuseEmpty(path, scanner, text);
    const records = blocks(path, scanner, text, columns.length, first);
    return { columns, encoding, blocks: records, otherColumns: () => [], close: () => endAll(records, text) };
  } catch (cause) {
    await text.return(undefined);
    throw cause;
  }
}

async function headerRow(
  path: string,
  scanner: CsvScanner,
  text: AsyncGenerator<Uint8Array>,
  encoding: string,
): Promise<string[]> {
  let any = false;
  scanner.startBlock(MAX_COLUMNS + 1, 1);
  while (!scanner.scan()) {
    if (scanner.cellsBegun > MAX_COLUMNS) throw tooManyColumns(path);
    const next = await text.next();
    if (next.done) {
      if (!any) throw new InputError(path, ['the file is empty']);
      if (scanner.insideQuotes) throw unclosed(path, 1, scanner.cellsBegun);
      scanner.finish();
      break;
    }
    any = true;
    scanner.append(next.value);
  }
  const cells = scanner.cells[0] as number;
  if (cells > MAX_COLUMNS) throw tooManyColumns(path);
  if (cells === NUL_BYTE)
    throw new InputError(path, ['there is a NUL byte in the header row: is the file UTF-16, or no text at all?']);
  if (cells === TOO_LONG)
    throw new InputError(path, ['the header row is too long to be one: is the line end missing?']);
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  const names: string[] = [];
  for (let c = 0; c < cells; c++)
    names.push(decoder.decode(scanner.bytes.subarray(scanner.start[c], scanner.end[c])).trim());
  return names;
}

function checkColumns(path: string, columns: readonly string[]): void {
  if (columns.length > MAX_COLUMNS) throw tooManyColumns(path);
  if (columns.every((name) => name === ''))
    throw new InputError(path, [
      'the file has no header row: record 1 has no names; name its columns, or declare "header"',
    ]);
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const name of columns) (seen.has(name) ? repeated : seen).add(name);
  if (repeated.size > 0)
    throw new InputError(
      path,
      [...repeated].map((name) =>
        name === ''
          ? 'several columns of the header have no name'
          : `column "${shownColumn(name)}" occurs twice in the header`,
      ),
    );
}

function tooManyColumns(path: string): InputError {
  return new InputError(path, [
    `record 1 has more than ${MAX_COLUMNS} columns: is the delimiter the declared one, or a line end missing?`,
  ]);
}

function unclosed(path: string, record: number, column: number): InputError {
  return new InputError(path, [
    `a quote that is opened in record ${record}, column ${column}, is never closed: correct that record at the source`,
  ]);
}

async function refuseEmpty(path: string, scanner: CsvScanner, text: AsyncGenerator<Uint8Array>): Promise<void> {
  const next = await text.next();
  if (next.done) throw new InputError(path, ['the file is empty']);
  scanner.append(next.value);
}

async function* blocks(
  path: string,
  scanner: CsvScanner,
  text: AsyncGenerator<Uint8Array>,
  width: number,
  first: number,
): AsyncGenerator<RecordBlock> {
  const capacity = Math.max(1, Math.min(BLOCK_RECORDS, Math.floor(BLOCK_CELLS / width)));
  let firstRow = first;
  try {
    for (let ended = false; !ended; ) {
      scanner.startBlock(width, capacity);
      while (!scanner.scan()) {
        const next = await text.next();
        if (next.done) {
          if (scanner.insideQuotes) throw unclosed(path, firstRow + scanner.count, scanner.cellsBegun);
          scanner.finish();
          ended = true;
          break;
        }
        scanner.append(next.value);
      }
      const { count, bytes, start, end, cells } = scanner;
      if (count > 0) yield { firstRow, count, bytes, start, end, cells };
      firstRow += count;
    }
  } finally {
    await text.return(undefined);
  }
}
