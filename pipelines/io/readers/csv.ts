import Papa from 'papaparse';
import type { Format } from '../../../core/contract/profile.ts';
import { InputError } from '../../errors.ts';
import { openText } from '../text.ts';
import type { RowBatch, RowReader } from './rows.ts';

/**
 * RFC 4180 rows by Papa Parse (quotes, embedded newlines, CR/LF/CRLF) with everything declared, nothing sniffed.
 * @throws InputError for an empty file or a repeated column name
 */
export async function readCsv(path: string, format: Extract<Format, { type: 'csv' }>): Promise<RowReader> {
  const batches = parseBatches(path, format);
  let first: IteratorResult<readonly string[][]> = await batches.next();
  if (first.done) throw new InputError(path, ['the file is empty']);
  let header = format.header;
  let row = 1;
  if (!header) {
    header = (first.value[0] ?? []).map((name, i) => (i === 0 ? name.replace(/^\uFEFF/, '') : name).trim());
    first = { done: false, value: first.value.slice(1) };
    row = 2;
  }
  const repeated = header.filter((name, i) => header.indexOf(name) !== i);
  if (header.length === 0 || (header.length === 1 && header[0] === ''))
    throw new InputError(path, ['the file has no header row']);
  if (repeated.length > 0)
    throw new InputError(
      path,
      repeated.map((name) => `column "${name}" occurs twice`),
    );
  const columns = header;
  async function* rest(): AsyncGenerator<RowBatch> {
    for (let next = first; !next.done; next = await batches.next()) {
      yield {
        firstRow: row,
        rows: next.value.map((cells) => (cells.length === 1 && cells[0] === '' && columns.length > 1 ? null : cells)),
      };
      row += next.value.length;
    }
  }
  return { columns, batches: rest(), otherColumns: () => [] };
}

async function* parseBatches(path: string, format: Extract<Format, { type: 'csv' }>): AsyncGenerator<string[][]> {
  const queue: string[][][] = [];
  let failure: Error | null = null;
  let ended = false;
  let wake: (() => void) | null = null;
  let parser: Papa.Parser | null = null;
  const signal = (): void => {
    wake?.();
    wake = null;
  };
  const text = openText(path, format.encoding);
  text.on('error', (cause) => {
    failure = cause;
    signal();
  });
  Papa.parse<string[]>(text as NodeJS.ReadableStream as unknown as Papa.LocalFile, {
    delimiter: format.delimiter,
    quoteChar: '"',
    skipEmptyLines: false,
    chunk: (results, current) => {
      parser = current;
      // An unclosed quote swallows the rest of the file: the file is refused, not the row.
      const broken = results.errors.find((error) => error.code === 'MissingQuotes');
      if (broken) {
        failure = new InputError(path, [
          `a quote that is opened in record ${(broken.row ?? 0) + 1} of a block is never closed`,
        ]);
        current.abort();
      }
      queue.push(results.data);
      if (queue.length >= 2) current.pause();
      signal();
    },
    complete: () => {
      ended = true;
      signal();
    },
    error: (cause) => {
      failure = cause;
      signal();
    },
  });
  let pending: string[][] | null = null;
  for (;;) {
    if (failure) throw failure;
    const next = queue.shift();
    if (next) {
      if (parser && queue.length < 2) (parser as Papa.Parser).resume();
      if (pending && pending.length > 0) yield pending;
      pending = next;
      continue;
    }
    if (ended) break;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  if (failure) throw failure;
  // The line end of the last record makes one empty record after it.
  if (pending) {
    const last = pending[pending.length - 1];
    if (last && last.length === 1 && last[0] === '') pending.pop();
    if (pending.length > 0) yield pending;
  }
}
